package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readConfig reads settings by flag name from a JSON object. One file serves all commands, so every command's settings
// are known; what is no setting of any is a slip and refused, like one that stands there twice. Each error begins with
// its line.
func readConfig(data []byte, known map[string]bool) (map[string]fileValue, []error) {
	in := json.NewDecoder(bytes.NewReader(data))
	in.UseNumber()
	line := func() int { return 1 + bytes.Count(data[:min(int(in.InputOffset()), len(data))], []byte("\n")) }
	broken := func(err error) error {
		at := line()
		var syntax *json.SyntaxError
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			err, at = errors.New("it ends too soon"), 1+bytes.Count(bytes.TrimSpace(data), []byte("\n"))
		case errors.As(err, &syntax):
			at = 1 + bytes.Count(data[:min(max(int(syntax.Offset)-1, 0), len(data))], []byte("\n"))
		}
		return fmt.Errorf("%d: is no JSON object of settings: %w", at, err)
	}
	out := map[string]fileValue{}
	if token, err := in.Token(); err != nil {
		return out, []error{broken(err)}
	} else if token != json.Delim('{') {
		return out, []error{broken(fmt.Errorf("it begins with %v", token))}
	}
	var found []error
	for in.More() {
		token, err := in.Token()
		if err != nil {
			return out, append(found, broken(err))
		}
		name, _ := token.(string)
		at := line()
		var value any
		if err := in.Decode(&value); err != nil {
			return out, append(found, broken(err))
		}
		text, err := configText(value)
		_, twice := out[name]
		switch {
		case !known[name]:
			found = append(found, fmt.Errorf("%d: %q is no setting%s; a setting has the name of its flag, without the dashes before it", at, name, meant(name, known)))
		case twice:
			found = append(found, fmt.Errorf("%d: %q stands there twice", at, name))
		case err != nil:
			found = append(found, fmt.Errorf("%d: %q: %w", at, name, err))
		case value != nil:
			out[name] = fileValue{text, at}
		}
	}
	if _, err := in.Token(); err != nil {
		return out, append(found, broken(err))
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		found = append(found, fmt.Errorf("%d: goes on behind its JSON object", line()))
	}
	return out, found
}

// configText is a value as it would stand behind a flag.
func configText(value any) (string, error) {
	switch value := value.(type) {
	case nil:
		return "", nil
	case string:
		return value, nil
	case bool, json.Number:
		return fmt.Sprint(value), nil
	case []any:
		parts := make([]string, len(value))
		for i, v := range value {
			text, ok := v.(string)
			if !ok {
				return "", errors.New("a list holds texts")
			}
			parts[i] = text
		}
		return strings.Join(parts, ","), nil
	}
	return "", errors.New("is a text, a number, true, false or a list of texts")
}
