package faulty

import "reflect"

// drop forgets what a call gave.
func drop(results []any) {
	for _, r := range results {
		reflect.ValueOf(r).Elem().SetZero()
	}
}

// halve takes the latter half, rounded up, off the last list among the values that has anything, or of a struct among
// them. The lists themselves stay as they are, for they are the caller's; what the pointers lead to is changed.
func halve(pointers []any) bool {
	for i := len(pointers) - 1; i >= 0; i-- {
		if halveValue(reflect.ValueOf(pointers[i]).Elem()) {
			return true
		}
	}
	return false
}

func halveValue(v reflect.Value) bool {
	switch v.Kind() { //nolint:exhaustive // Only lists can be cut, and structs have them.
	case reflect.Slice:
		if v.Len() > 0 && v.CanSet() {
			n := v.Len() / 2
			v.Set(v.Slice3(0, n, n))
			return true
		}
	case reflect.Struct:
		for i := v.NumField() - 1; i >= 0; i-- {
			if v.Type().Field(i).IsExported() && v.Field(i).Kind() == reflect.Slice && halveValue(v.Field(i)) {
				return true
			}
		}
	}
	return false
}
