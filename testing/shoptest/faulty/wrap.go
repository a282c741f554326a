package faulty

import (
	"reflect"

	"github.com/ipswich-retail/commerce/ports"
)

// decorators are the decorators of ports by the port's type.
type decorators map[reflect.Type]func(next any, f *Faults) any

// decorating makes an entry of decorators.
func decorating[P any](wrap func(next P, f *Faults) P) func(any, *Faults) any {
	return func(next any, f *Faults) any {
		port, ok := ports.As[P](next)
		if !ok {
			return next
		}
		return wrap(port, f)
	}
}

// all are the decorators of all ports.
var all = func() decorators {
	out := decorators{}
	for _, d := range packages() {
		for typ, wrap := range d {
			out[typ] = wrap
		}
	}
	return out
}()

// Wrap decorates a port, whichever it is: Wrap(store.Ordering(), faults) is OrderingCommitter(store.Ordering(), faults).
// P is the port's interface. It panics when P is no port of the toolkit, which is a slip of whoever wrote the test.
func Wrap[P any](next P, f *Faults) P {
	wrapped, ok := ports.As[P](wrapAs(reflect.TypeFor[P](), next, f))
	if !ok {
		panic("faulty: " + reflect.TypeFor[P]().String() + " is no port")
	}
	return wrapped
}

func wrapAs(typ reflect.Type, next any, f *Faults) any {
	wrap, known := all[typ]
	if !known {
		panic("faulty: " + typ.String() + " is no port")
	}
	return wrap(next, f)
}

// Fields gives a copy of a struct in which every field of a port's type that is set, and every element of a list of
// them, is decorated: for the struct of all that a service is made of. Fields of other types stay.
func Fields[S any](parts S, f *Faults) S {
	v := reflect.ValueOf(&parts).Elem()
	for i := range v.NumField() {
		field := v.Field(i)
		switch {
		case !field.CanSet():
		case all[field.Type()] != nil && !field.IsNil():
			field.Set(reflect.ValueOf(wrapAs(field.Type(), field.Interface(), f)))
		case field.Kind() == reflect.Slice && all[field.Type().Elem()] != nil:
			list := reflect.MakeSlice(field.Type(), field.Len(), field.Len())
			for n := range field.Len() {
				list.Index(n).Set(reflect.ValueOf(wrapAs(field.Type().Elem(), field.Index(n).Interface(), f)))
			}
			field.Set(list)
		}
	}
	return parts
}
