package statemachine_test

import (
	"slices"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/statemachine"
)

type (
	state string
	on    string
	edge  = statemachine.Edge[state, on]
	table = statemachine.Table[state, on]
)

var parcel = table{
	Name: "parcel", Initial: "packed", Terminal: []state{"delivered", "lost"},
	Edges: []edge{
		{"packed", "hand_over", "on_its_way"},
		{"on_its_way", "deliver", "delivered"},
		{"on_its_way", "lose", "lost"},
		{"lost", "find", "on_its_way"},
	},
}

func TestTransitions(t *testing.T) {
	t.Parallel()
	for _, e := range parcel.Edges {
		if got, err := parcel.Apply(e.From, e.On); err != nil || got != e.To {
			t.Errorf("%s on %s: %q, %v; want %q", e.From, e.On, got, err, e.To)
		}
	}
	_, err := parcel.Apply("packed", "deliver")
	if !fault.Is(err, statemachine.IllegalTransition) {
		t.Fatalf("got %v", err)
	}
	e := fault.Of(err)
	if want := "deliver is not possible while the parcel is packed"; e.Message() != want {
		t.Errorf("got %q, want %q", e.Message(), want)
	}
	if allowed, _ := e.Details()["allowed"].([]on); e.Details()["state"] != "packed" || !slices.Equal(allowed, []on{"hand_over"}) {
		t.Errorf("details %v", e.Details())
	}
	if got := parcel.Allowed("delivered"); got == nil || len(got) != 0 {
		t.Errorf("delivered allows %v", got)
	}
}

func TestStates(t *testing.T) {
	t.Parallel()
	if got, want := parcel.States(), []state{"packed", "on_its_way", "delivered", "lost"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !parcel.Knows("lost") || parcel.Knows("stolen") || !parcel.Rests("lost") || parcel.Rests("packed") {
		t.Error("Knows or Rests is wrong")
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	if found := parcel.Check(); found != nil {
		t.Errorf("a sound table: %q", found)
	}
	for want, broken := range map[string]func(*table){
		"parcel: nothing leads to stolen": func(t *table) { t.Edges = append(t.Edges, edge{"stolen", "find", "on_its_way"}) },
		"parcel: stuck leads to no terminal state": func(t *table) {
			t.Edges = append(t.Edges, edge{"packed", "jam", "stuck"})
		},
		"parcel: packed takes hand_over twice":               func(t *table) { t.Edges = append(t.Edges, edge{"packed", "hand_over", "lost"}) },
		"parcel: the terminal state eaten stands in no edge": func(t *table) { t.Terminal = append(t.Terminal, "eaten") },
	} {
		table := parcel
		table.Edges, table.Terminal = slices.Clone(parcel.Edges), slices.Clone(parcel.Terminal)
		broken(&table)
		if found := table.Check(); !slices.Equal(found, []string{want}) {
			t.Errorf("got %q, want %q", found, want)
		}
	}
}

func TestMermaid(t *testing.T) {
	t.Parallel()
	want := `stateDiagram-v2
    [*] --> packed
    packed --> on_its_way: hand over
    on_its_way --> delivered: deliver
    on_its_way --> lost: lose
    lost --> on_its_way: find
    delivered --> [*]
    lost --> [*]
`
	if got := parcel.Mermaid(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
