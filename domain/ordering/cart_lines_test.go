package ordering_test

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

func TestCustomisationTellsLinesApart(t *testing.T) {
	t.Parallel()
	c := emptyCart()
	put := func(n byte, a ordering.Addition) {
		t.Helper()
		next, err := c.Put(line(n), item(1), a, now())
		if err != nil {
			t.Fatal(err)
		}
		c = next
	}
	ada := ordering.Customisation{"engraving": "Ada", "side": "left"}
	put(1, ordering.Addition{Quantity: 1})
	put(2, ordering.Addition{Quantity: 2, Custom: ada, Note: "for a birthday", Metadata: ordering.Metadata{"gift": "yes"}})
	put(3, ordering.Addition{Quantity: 3, Custom: ordering.Customisation{"engraving": "Bob", "side": "left"}})
	put(4, ordering.Addition{Quantity: 4, Custom: ordering.Customisation{}}) // As it comes.
	put(5, ordering.Addition{Quantity: 5, Custom: maps.Clone(ada)})
	if len(c.Lines) != 3 || c.Lines[0].Quantity != 5 || c.Lines[1].Quantity != 7 || c.Lines[2].Quantity != 3 {
		t.Fatalf("lines %+v", c.Lines)
	}
	if l := c.Lines[1]; l.Note != "for a birthday" || l.Metadata["gift"] != "yes" || l.ID != line(2) {
		t.Errorf("an addition without remarks changed them: %+v", l)
	}
	put(6, ordering.Addition{Quantity: 1, Custom: ada, Note: "no hurry", Metadata: ordering.Metadata{"wrap": "blue"}})
	if l := c.Lines[1]; l.Note != "no hurry" || l.Metadata["wrap"] != "blue" || len(l.Metadata) != 1 {
		t.Errorf("an addition with remarks did not change them: %+v", l)
	}
	ada["engraving"] = "Eve"
	if c.Lines[1].Custom["engraving"] != "Ada" {
		t.Error("the cart shares its customisation with its caller")
	}
}

func TestCartTextsAreBounded(t *testing.T) {
	t.Parallel()
	many := func(n, name, value int) map[string]string {
		m := map[string]string{}
		for i := range n {
			m[fmt.Sprintf("%0*d", name, i)] = strings.Repeat("v", value)
		}
		return m
	}
	c := filled(t, 1)
	remark := func(note string, data ordering.Metadata) error {
		_, err := c.Remark(ordering.Remarks{Note: &note, Metadata: &data}, now())
		return err
	}
	if err := remark("two\nlines, "+strings.Repeat("n", ordering.NoteMax-11), many(ordering.MetadataMax, ordering.NameMax, ordering.ValueMax)); err != nil {
		t.Errorf("all that is allowed: %v", err)
	}
	for name, tc := range map[string]struct {
		note   string
		data   ordering.Metadata
		fields []string
	}{
		"long note":         {strings.Repeat("n", ordering.NoteMax+1), nil, []string{"note"}},
		"broken note":       {"\xff", nil, []string{"note"}},
		"control in a note": {"a\tb", nil, []string{"note"}},
		"nul in a note":     {"a\x00b", nil, []string{"note"}},
		"many entries":      {"", many(ordering.MetadataMax+1, 3, 1), []string{"metadata"}},
		"long name":         {"", ordering.Metadata{strings.Repeat("n", ordering.NameMax+1): ""}, []string{"metadata"}},
		"no name":           {"", ordering.Metadata{"": "v"}, []string{"metadata"}},
		"long value":        {"", ordering.Metadata{"n": strings.Repeat("v", ordering.ValueMax+1), "ok": ""}, []string{"metadata.n"}},
		"broken value":      {"", ordering.Metadata{"n": "\xff"}, []string{"metadata.n"}},
		"all of it":         {"\x00", ordering.Metadata{"n": "\x00"}, []string{"note", "metadata.n"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := remark(tc.note, tc.data)
			wantClass(t, err, fault.Bad)
			wantFields(t, err, tc.fields...)
		})
	}
	_, err := c.Put(line(9), item(2), ordering.Addition{
		Custom: many(ordering.CustomMax+1, 3, 1), Note: "\x00", Metadata: many(ordering.LineMetadataMax+1, 3, 1),
	}, now())
	wantFields(t, err, "quantity", "custom", "note", "metadata")
	data := ordering.Metadata(many(ordering.LineMetadataMax+1, 3, 1))
	_, err = c.RemarkLine(line(1), ordering.Remarks{Metadata: &data}, now())
	wantFields(t, err, "metadata")
	_, err = c.RemarkLine(line(7), ordering.Remarks{}, now())
	wantClass(t, err, fault.Missing)
}

// TestCartTextIsBoundedInAll fills a cart with the largest lines until all of them are too much.
func TestCartTextIsBoundedInAll(t *testing.T) {
	t.Parallel()
	c := emptyCart()
	for i := range ordering.LinesMax {
		custom := ordering.Customisation{"n": strconv.Itoa(i)}
		for n := range ordering.CustomMax - 1 {
			custom[fmt.Sprintf("name %d", n)] = strings.Repeat("v", ordering.ValueMax)
		}
		next, err := c.Put(line(byte(i)), item(1), ordering.Addition{Quantity: 1, Custom: custom}, now())
		if err != nil {
			wantFields(t, err, "lines")
			if i < 40 {
				t.Errorf("after %d lines there is no room", i)
			}
			note := strings.Repeat("n", ordering.NoteMax)
			for _, l := range c.Lines {
				if c, err = c.RemarkLine(l.ID, ordering.Remarks{Note: &note}, now()); err != nil {
					wantFields(t, err, "lines")
					return
				}
			}
			t.Error("notes on lines have no bound")
			return
		}
		c = next
	}
	t.Error("there is no bound")
}

func TestOrderQuantity(t *testing.T) {
	t.Parallel()
	dozen := ordering.OrderQuantity{Min: 12, Max: 60, Step: 6}
	for q, ok := range map[int64]bool{-1: true, 0: true, 1: false, 6: false, 12: true, 13: false, 18: true, 60: true, 66: false} {
		if rule := dozen.Broken(q); (rule == "") != ok {
			t.Errorf("%d: %q", q, rule)
		}
	}
	for _, q := range []int64{0, 1, 7, ordering.QuantityMax} {
		if rule := (ordering.OrderQuantity{}).Broken(q); rule != "" {
			t.Errorf("no rule, %d: %q", q, rule)
		}
	}
}

// TestQuantityRulesAreOfTheItem adds up the lines of a variant, and refuses what would break its rule.
func TestQuantityRulesAreOfTheItem(t *testing.T) {
	t.Parallel()
	six := item(1)
	six.Quantity = ordering.OrderQuantity{Min: 6, Max: 12, Step: 3}
	_, err := emptyCart().Add(line(1), six, 3, now())
	wantFields(t, err, "quantity")
	c, err := emptyCart().Add(line(1), six, 6, now())
	if err != nil {
		t.Fatal(err)
	}
	engraved := ordering.Customisation{"engraving": "Ada"}
	for q, ok := range map[int64]bool{2: false, 3: true, 6: true, 9: false} {
		_, err := c.Put(line(2), six, ordering.Addition{Quantity: q, Custom: engraved}, now())
		if (err == nil) != ok {
			t.Errorf("%d more in another customisation: %v", q, err)
		}
	}
}
