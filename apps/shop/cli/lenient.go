package cli

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// lenient reads values as kong does, but keeps what is wrong with one and goes on, so that all of them are told at once.
type lenient struct {
	kong.Mapper
	rule string
	s    *sources
}

// lenientBool is one that needs no value behind its flag.
type lenientBool struct{ lenient }

// IsBool tells kong so.
func (lenientBool) IsBool() bool { return true }

// Decode reads a value.
func (l lenient) Decode(ctx *kong.DecodeContext, target reflect.Value) error {
	token := ctx.Scan.Peek()
	err := l.Mapper.Decode(ctx, target)
	text, _ := token.Value.(string)
	if another := token.Type != kong.FlagValueToken && strings.HasPrefix(text, "-"); err == nil || ctx.Value.Flag == nil || token.IsEOL() || another {
		return err // No value stands behind the flag: a slip in the arguments themselves.
	}
	name := ctx.Value.Flag.Name
	from, known := l.s.origins[name]
	if !known {
		from = origin{from: "its flag", value: fmt.Sprint(token.Value)}
	}
	l.s.wrong(name, l.rule, from)
	return nil
}

// mappers are kong's own for all types whose values can be wrong in form.
func mappers(s *sources) []kong.Option {
	registry := kong.NewRegistry().RegisterDefaults()
	whole := "a whole number"
	duration := reflect.TypeFor[time.Duration]()
	out := []kong.Option{
		kong.TypeMapper(duration, lenient{registry.ForType(duration), "a time, such as 2s, 15m or 1h30m", s}),
		kong.KindMapper(reflect.Bool, lenientBool{lenient{registry.ForType(reflect.TypeFor[bool]()), "true or false", s}}),
	}
	for _, t := range []reflect.Type{reflect.TypeFor[int](), reflect.TypeFor[int32](), reflect.TypeFor[int64]()} {
		out = append(out, kong.KindMapper(t.Kind(), lenient{registry.ForType(t), whole, s}))
	}
	return out
}
