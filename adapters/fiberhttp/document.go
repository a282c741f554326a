package fiberhttp

import (
	"bytes"
	"encoding/json"
)

// patternWords is huma's name for the words of a pattern, which no standard knows; patternExtension is ours.
const (
	patternWords     = "patternDescription"
	patternExtension = "x-pattern-description"
)

// marshalDocument is the OpenAPI document, with names of its own for what OpenAPI has no name for.
func (s *Server) marshalDocument() ([]byte, error) {
	text, err := s.api.OpenAPI().MarshalJSON()
	if err != nil {
		return nil, err
	}
	var document map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // A bound of 2^63-1 is no float.
	if err := decoder.Decode(&document); err != nil {
		return nil, err
	}
	extend(document)
	return json.Marshal(document)
}

// extend renames what is ours in all schemas below a value.
func extend(value any) {
	switch v := value.(type) {
	case map[string]any:
		if words, ok := v[patternWords].(string); ok { // A property of that name would be an object.
			v[patternExtension] = words
			delete(v, patternWords)
		}
		for _, member := range v {
			extend(member)
		}
	case []any:
		for _, element := range v {
			extend(element)
		}
	}
}
