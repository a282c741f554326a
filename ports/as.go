package ports

// Unwrapper is what a decorator of a port implements, so that it hides no capability of what it wraps.
type Unwrapper interface {
	Unwrap() any
}

// As finds a capability: the first value in the chain of v and what it unwraps to that implements T. Use it instead
// of a type assertion, which a decorator would defeat.
func As[T any](v any) (T, bool) {
	for v != nil {
		if t, ok := v.(T); ok {
			return t, true
		}
		u, ok := v.(Unwrapper)
		if !ok {
			break
		}
		v = u.Unwrap()
	}
	var none T
	return none, false
}
