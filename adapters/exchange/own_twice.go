package exchange

import (
	"bytes"
	"encoding/json"
	"strings"
)

// twice gives the name of a member that an object has twice, "" for none. Readers of JSON take the last one, and a line in
// which two things are said of one is a mistake. The object is valid, and has so many members by their names.
func twice(object []byte, names int) string {
	if membersOf(object) <= names {
		return ""
	}
	seen := map[string]bool{}
	d := json.NewDecoder(bytes.NewReader(object))
	if _, err := d.Token(); err != nil {
		return ""
	}
	for d.More() {
		token, err := d.Token()
		name, _ := token.(string) // A member begins with its name.
		if err != nil || seen[name] {
			return name
		}
		seen[name] = true
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return ""
		}
	}
	return ""
}

// membersOf counts the members of a valid object by the commas between them.
func membersOf(object []byte) int {
	object = bytes.TrimSpace(object)
	if len(object) < 2 || strings.TrimSpace(string(object[1:min(len(object)-1, 8)])) == "" {
		return 0
	}
	n, depth, quoted := 1, 0, false
	for i := 0; i < len(object); i++ {
		switch c := object[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case c == ',' && depth == 1:
			n++
		}
	}
	return n
}
