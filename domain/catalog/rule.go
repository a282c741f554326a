package catalog

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// RuleOp says what a node of a rule asks.
type RuleOp string

// The nodes. The first three combine others, the rest ask one thing of a product. Tags and types compare as NameKey
// has them. Prices are no part of a rule: they differ by channel and currency, and are pricing's.
const (
	RuleAll      RuleOp = "all"      // Each of Rules holds; of none too.
	RuleAny      RuleOp = "any"      // One of Rules holds at least.
	RuleNot      RuleOp = "not"      // The one of Rules does not hold.
	RuleBrand    RuleOp = "brand"    // Value is the id of its brand.
	RuleCategory RuleOp = "category" // Value is the id of one of its categories or of one above such a one.
	RuleTag      RuleOp = "tag"      // Value is one of its tags.
	RuleType     RuleOp = "type"     // Value is its type.
	RuleFeatured RuleOp = "featured" // It is featured; Value is empty.
)

// The bounds of a rule; a deeper one is no longer read by people.
const (
	RuleDepthMax = 8
	RuleNodesMax = 100
)

// Rule says which products a collection has. It is a tree of plain values, which forms and files can hold.
type Rule struct {
	Op    RuleOp `json:"op"`
	Rules []Rule `json:"rules,omitempty"`
	Value string `json:"value,omitempty"`
}

// Subject is a product as rules see it. Immutable.
type Subject struct {
	brand      string
	categories map[string]bool // Its own and those above them.
	tags       map[string]bool
	kind       string
	featured   bool
}

// SubjectOf reads of a product what rules ask for, with the categories of the tree.
func SubjectOf(p Product, t Tree) Subject {
	s := Subject{kind: NameKey(p.Type), featured: p.Featured, categories: map[string]bool{}, tags: map[string]bool{}}
	if !p.BrandID.IsZero() {
		s.brand = p.BrandID.String()
	}
	for _, id := range p.Categories {
		for _, c := range t.Path(id) {
			s.categories[c.ID.String()] = true
		}
	}
	for _, tag := range p.Tags {
		s.tags[NameKey(tag)] = true
	}
	return s
}

// Holds tells whether the rule holds for the subject; a node of an unknown Op holds for none.
func (r Rule) Holds(s Subject) bool {
	holds := func(o Rule) bool { return o.Holds(s) }
	switch r.Op {
	case RuleAll:
		return !slices.ContainsFunc(r.Rules, func(o Rule) bool { return !o.Holds(s) })
	case RuleAny:
		return slices.ContainsFunc(r.Rules, holds)
	case RuleNot:
		return !slices.ContainsFunc(r.Rules, holds)
	case RuleBrand:
		return r.Value != "" && r.Value == s.brand
	case RuleCategory:
		return s.categories[r.Value]
	case RuleTag:
		return s.tags[NameKey(r.Value)]
	case RuleType:
		return r.Value != "" && NameKey(r.Value) == s.kind
	case RuleFeatured:
		return s.featured
	default:
		return false
	}
}

// nodes counts the nodes and levels of the rule, itself among them.
func (r Rule) nodes() (count, depth int) {
	count = 1
	for _, o := range r.Rules {
		n, d := o.nodes()
		count, depth = count+n, max(depth, d)
	}
	return count, depth + 1
}

// same tells whether two rules are the same, node by node.
func (r Rule) same(o Rule) bool {
	return r.Op == o.Op && r.Value == o.Value && slices.EqualFunc(r.Rules, o.Rules, Rule.same)
}

// check adds what is wrong with the rule.
func (r Rule) check(c *check, field string) {
	if count, depth := r.nodes(); count > RuleNodesMax || depth > RuleDepthMax {
		c.add(field, fmt.Sprintf("a rule has at most %d parts, %d deep", RuleNodesMax, RuleDepthMax))
		return
	}
	r.checkNode(c, field)
}

func (r Rule) checkNode(c *check, field string) {
	combines, id := false, error(nil)
	switch r.Op {
	case RuleAll, RuleAny:
		combines = true
	case RuleNot:
		combines = true
		if len(r.Rules) != 1 {
			c.add(field+".rules", "not takes one rule")
		}
	case RuleBrand:
		_, id = ref.ParseID[ref.BrandKind](r.Value)
	case RuleCategory:
		_, id = ref.ParseID[ref.CategoryKind](r.Value)
	case RuleTag, RuleType:
		c.text(field+".value", r.Value, 1, TextMax)
	case RuleFeatured:
		c.text(field+".value", r.Value, 0, 0)
	default:
		c.add(field+".op", "a rule asks for all, any, not, brand, category, tag, type or featured")
	}
	switch {
	case id != nil:
		c.add(field+".value", "it is an id of a "+string(r.Op))
	case combines && strings.TrimSpace(r.Value) != "":
		c.add(field+".value", "what combines rules has no value")
	case !combines && len(r.Rules) > 0:
		c.add(field+".rules", "only all, any and not take rules")
	}
	for i, o := range r.Rules {
		o.checkNode(c, fmt.Sprintf("%s.rules[%d]", field, i))
	}
}
