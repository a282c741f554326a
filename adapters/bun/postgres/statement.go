package postgres

import "strings"

// statementMost is how many bytes of a statement are logged.
const statementMost = 2000

// stripped is a statement on one line without its values: a literal of text or of a number is a ?, and a list of them one
// ?. Bun writes its arguments into the statement, so what is sent may hold anything.
func stripped(sql string) string {
	var b strings.Builder
	b.Grow(min(len(sql), statementMost))
	for i := 0; i < len(sql) && b.Len() < statementMost; {
		switch c := sql[i]; {
		case c == '\'':
			i = endOfText(sql, i, escapes(b.String()))
			value(&b)
		case c == '$' && dollarTag(sql[i:]) != "":
			tag := dollarTag(sql[i:])
			end := strings.Index(sql[i+len(tag):], tag)
			if end < 0 {
				return b.String() + "…"
			}
			i += end + 2*len(tag)
			value(&b)
		case c == '-' && strings.HasPrefix(sql[i:], "--"):
			end := strings.IndexByte(sql[i:], '\n')
			if end < 0 {
				return b.String()
			}
			i += end
		case c == '/' && strings.HasPrefix(sql[i:], "/*"):
			end := strings.Index(sql[i:], "*/")
			if end < 0 {
				return b.String()
			}
			i += end + 2
		case c == '"':
			end := strings.IndexByte(sql[i+1:], '"')
			if end < 0 {
				return b.String()
			}
			b.WriteString(sql[i : i+end+2])
			i += end + 2
		case c >= '0' && c <= '9' && !inName(b.String()):
			for i < len(sql) && (sql[i] >= '0' && sql[i] <= '9' || sql[i] == '.' || sql[i]|0x20 == 'e' && i+1 < len(sql) && sql[i+1] >= '0' && sql[i+1] <= '9') {
				i++
			}
			value(&b)
		case c <= ' ':
			if n := b.Len(); n > 0 && b.String()[n-1] != ' ' {
				b.WriteByte(' ')
			}
			i++
		default:
			b.WriteByte(c)
			i++
		}
	}
	return strings.ToValidUTF8(strings.TrimSpace(b.String()), "?")
}

// value writes a ?, unless the list before it has one already.
func value(b *strings.Builder) {
	so, listed := strings.CutSuffix(b.String(), "?, ")
	if listed {
		b.Reset()
		b.WriteString(so + "?")
		return
	}
	b.WriteByte('?')
}

// endOfText is where the literal of text that begins at i ends.
func endOfText(sql string, i int, escaped bool) int {
	for i++; i < len(sql); i++ {
		switch {
		case escaped && sql[i] == '\\':
			i++
		case sql[i] == '\'' && i+1 < len(sql) && sql[i+1] == '\'':
			i++
		case sql[i] == '\'':
			return i + 1
		}
	}
	return len(sql)
}

// escapes tells whether what is written so far makes the literal that follows one with escapes: E'…'.
func escapes(before string) bool {
	n := len(before)
	return n > 0 && before[n-1]|0x20 == 'e' && (n == 1 || !letter(before[n-2]))
}

// dollarTag is the tag of a dollar-quoted text that begins here, such as $$ or $x$, or "": $1 is a parameter.
func dollarTag(sql string) string {
	for i := 1; i < len(sql); i++ {
		switch c := sql[i]; {
		case c == '$':
			return sql[:i+1]
		case !letter(c) && (i == 1 || c < '0' || c > '9'):
			return ""
		}
	}
	return ""
}

// inName tells whether a digit that follows belongs to a name or a parameter.
func inName(before string) bool {
	n := len(before)
	return n > 0 && (letter(before[n-1]) || before[n-1] == '$' || before[n-1] >= '0' && before[n-1] <= '9')
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

// schemaPrefix begins the names of our tables.
const schemaPrefix = "commerce."

// verbs are what a statement may do, in the order in which a name prefers them: what changes something counts.
var verbs = []string{"INSERT", "UPDATE", "DELETE", "SELECT"}

// nameOf names a stripped statement by its verb and the first of its tables, such as "SELECT orders": names are as few as
// statements are, whatever is asked for.
func nameOf(statement string) string {
	first, _, _ := strings.Cut(statement, " ")
	verb := strings.ToUpper(first)
	if verb == "WITH" {
		for _, v := range verbs {
			if strings.Contains(statement, v+" ") {
				verb = v
				break
			}
		}
	}
	_, rest, found := strings.Cut(statement, schemaPrefix)
	if !found {
		return verb
	}
	end := 0
	for end < len(rest) && letter(rest[end]) {
		end++
	}
	return verb + " " + rest[:end]
}
