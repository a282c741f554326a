package shopapitest

import (
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// location is an object that exists: the parameters of a template's beginning, such as /api/v1/carts/{cart}.
type location struct {
	prefix string
	values map[string]string
	token  string // Of an order.
	// kept tells that the shop may have had it before the siege. It is read and never changed, lest the shop be empty of
	// what others need.
	kept    bool
	fiction bool // It does not exist: 404 is as good an answer as any other.
}

// pool is what answers told: objects by the beginning of the templates that name them, and values by the members that
// held them. It is safe for concurrent use.
type pool struct {
	mu     sync.Mutex
	places map[string][]*location
	words  map[string][]string
}

// pooled is how many objects and values of one kind are kept; older ones go.
const pooled = 64

func newPool() *pool {
	return &pool{places: make(map[string][]*location), words: make(map[string][]string)}
}

// placeOf is the template up to its last parameter, or "" when it has none.
func placeOf(template string) string {
	end := strings.LastIndexByte(template, '}')
	return template[:end+1]
}

// pick gives an object of a prefix. One that is to be changed is none that the shop had before.
func (p *pool) pick(random *rand.Rand, prefix string, onlyRead bool) *location {
	p.mu.Lock()
	defer p.mu.Unlock()
	var fit []*location
	for _, one := range p.places[prefix] {
		if onlyRead || !one.kept {
			fit = append(fit, one)
		}
	}
	if len(fit) == 0 {
		return nil
	}
	return fit[random.IntN(len(fit))]
}

// at gives the object of these values, nil when there is none.
func (p *pool) at(prefix string, values map[string]string) *location {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, one := range p.places[prefix] {
		if maps.Equal(one.values, values) {
			return one
		}
	}
	return nil
}

// below gives the last value of a place of this prefix that has all these values too, "" when there is none.
func (p *pool) below(prefix, name string, values map[string]string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, one := range p.places[prefix] {
		if maps.Equal(with(values, name, one.values[name]), one.values) {
			return one.values[name]
		}
	}
	return ""
}

// word gives a value that a member of this name held.
func (p *pool) word(random *rand.Rand, name string) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.words[name]
	if len(known) == 0 {
		return "", false
	}
	return known[random.IntN(len(known))], true
}

func (p *pool) forget(gone *location) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.places[gone.prefix] = slices.DeleteFunc(p.places[gone.prefix], func(one *location) bool { return one == gone })
}

func (p *pool) add(one *location) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.places[one.prefix]
	for _, other := range known {
		if maps.Equal(other.values, one.values) {
			if one.token != "" {
				other.token = one.token
			}
			return
		}
	}
	if known = append(known, one); len(known) > pooled {
		known = known[1:]
	}
	p.places[one.prefix] = known
}

// learn takes from a good answer what it tells: by Location, by the ids of the object that it is or the items that it
// lists, and by the ids of lists in it that have an address of their own.
func (p *pool) learn(d *Document, op *operation, r *request, a answer) {
	prefixes := make(map[string]bool)
	for _, other := range d.operations {
		for i, c := range other.path {
			if c == '}' {
				prefixes[other.path[:i+1]] = true
			}
		}
	}
	value, err := decode(a.body)
	members, _ := value.(map[string]any)
	if err != nil || members == nil {
		return
	}
	id, _ := members["id"].(string)
	token, _ := members["token"].(string)
	kept := a.status != http.StatusCreated // What a list or a read shows may be anybody's.
	var here *location
	if at, err := url.Parse(a.header.Get("Location")); err == nil && at.Path != "" {
		for prefix := range prefixes {
			if values := match(prefix, at.EscapedPath()); values != nil {
				here = &location{prefix: prefix, values: values, token: token, kept: kept}
				p.add(here)
			}
		}
	}
	if here == nil && id != "" {
		here = p.object(op, r, id, token, prefixes, kept)
	}
	items, _ := members["items"].([]any)
	p.list(op.path, r.path, items, prefixes, true)
	if here != nil {
		for name, member := range members {
			list, _ := member.([]any)
			p.list(here.prefix+"/"+name, here.values, list, prefixes, here.kept)
		}
	}
	p.read(members)
}

// object finds out which address an object has that an answer is: one of the request's own, or one below it.
func (p *pool) object(op *operation, r *request, id, token string, prefixes map[string]bool, kept bool) *location {
	for i, c := range op.path {
		if c != '}' {
			continue
		}
		prefix := op.path[:i+1]
		if name := prefix[strings.LastIndexByte(prefix, '{')+1 : i]; r.path[name] == id {
			return &location{prefix: prefix, values: only(prefix, r.path), kept: r.place == nil || r.place.kept}
		}
	}
	for prefix := range prefixes {
		if parent, name, ok := cutParameter(prefix); ok && parent == op.path {
			values := with(r.path, name, id)
			one := &location{prefix: prefix, values: values, token: token, kept: kept}
			p.add(one)
			return one
		}
	}
	return nil
}

// list takes the ids of a list that stands at an address.
func (p *pool) list(at string, values map[string]string, items []any, prefixes map[string]bool, kept bool) {
	for prefix := range prefixes {
		parent, name, ok := cutParameter(prefix)
		if !ok || parent != at {
			continue
		}
		for _, item := range items {
			members, _ := item.(map[string]any)
			for _, by := range []string{"id", "slug"} { // Where one of them is no address, good requests find out.
				if text, _ := members[by].(string); text != "" {
					p.add(&location{prefix: prefix, values: with(values, name, text), kept: kept})
				}
			}
		}
	}
}

// read keeps the texts of an answer by the names of their members.
func (p *pool) read(value any) {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			if text, ok := member.(string); ok && text != "" && len(text) <= 64 {
				p.mu.Lock()
				if known := p.words[name]; !slices.Contains(known, text) {
					if known = append(known, text); len(known) > pooled {
						known = known[1:]
					}
					p.words[name] = known
				}
				p.mu.Unlock()
			}
			p.read(member)
		}
	case []any:
		for _, element := range value {
			p.read(element)
		}
	}
}

// with gives the values and one more.
func with(values map[string]string, name, value string) map[string]string {
	out := map[string]string{name: value}
	maps.Copy(out, values)
	out[name] = value
	return out
}

// cutParameter splits /a/{b}/{c} into /a/{b} and c.
func cutParameter(prefix string) (parent, name string, ok bool) {
	slash := strings.LastIndexByte(prefix, '/')
	if last := prefix[slash+1:]; isParameter(last) {
		return prefix[:slash], last[1 : len(last)-1], true
	}
	return "", "", false
}

// match gives the values of a template's parameters in a path, nil when the path is not of the template.
func match(template, path string) map[string]string {
	parts, segments := strings.Split(template, "/"), strings.Split(path, "/")
	if len(parts) != len(segments) {
		return nil
	}
	values := make(map[string]string)
	for i, part := range parts {
		switch decoded, err := url.PathUnescape(segments[i]); {
		case err != nil || isParameter(part) && decoded == "" || !isParameter(part) && part != segments[i]:
			return nil
		case isParameter(part):
			values[part[1:len(part)-1]] = decoded
		}
	}
	return values
}

// only gives the values that a prefix names.
func only(prefix string, values map[string]string) map[string]string {
	out := make(map[string]string)
	for part := range strings.SplitSeq(prefix, "/") {
		if isParameter(part) {
			out[part[1:len(part)-1]] = values[part[1:len(part)-1]]
		}
	}
	return out
}
