package sqlite

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// Times that come before and after every other one.
const (
	always = -1 << 62
	never  = 1 << 62
)

// microsOf is how a time is stored: as microseconds since 1970, which compare as times do.
func microsOf(t time.Time) int64 { return t.UnixMicro() }

// timeOf is the time that is stored so.
func timeOf(micros int64) time.Time { return ref.Instant(time.UnixMicro(micros)) }

// nullMicros is NULL for the zero time.
func nullMicros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return microsOf(t)
}

// idText is how an id is stored: as its public text, which sorts as its bytes do; NULL for no id.
func idText[K ref.Kind](id ref.ID[K]) any {
	if id.IsZero() {
		return nil
	}
	return id.String()
}

// idTexts is a list of ids as JSON, for json_each.
func idTexts[K ref.Kind](ids []ref.ID[K]) string {
	if ids == nil {
		return "[]"
	}
	return jsonText(ids)
}

// jsonText is a structure as JSON. What is stored has been decoded from it or is made of plain values, so it cannot fail
// but by a mistake of ours.
func jsonText(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Errorf("sqlite: a structure that is no JSON: %w", err))
	}
	return string(out)
}

// into is where a column is read to, by a function of our own.
type into func(column any) error

// Scan makes it a sql.Scanner.
func (f into) Scan(column any) error { return f(column) }

// intoID reads an id; NULL is no id.
func intoID[K ref.Kind](id *ref.ID[K]) into {
	return func(column any) error { return id.UnmarshalText([]byte(textOf(column))) }
}

// intoTime reads a time; NULL is the zero time.
func intoTime(t *time.Time) into {
	return func(column any) error {
		switch v := column.(type) {
		case nil:
			*t = time.Time{}
		case int64:
			*t = timeOf(v)
		default:
			return fmt.Errorf("sqlite: a time is stored as %T", column)
		}
		return nil
	}
}

// intoJSON reads a structure; NULL leaves it as it is.
func intoJSON(v any) into {
	return func(column any) error {
		if column == nil {
			return nil
		}
		return json.Unmarshal([]byte(textOf(column)), v)
	}
}

// textOf is a column of text or bytes; NULL is "".
func textOf(column any) string {
	switch v := column.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}
