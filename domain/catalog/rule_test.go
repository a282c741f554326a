package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/ref"
)

func all(rules ...catalog.Rule) catalog.Rule { return catalog.Rule{Op: catalog.RuleAll, Rules: rules} }

func anyOf(rules ...catalog.Rule) catalog.Rule {
	return catalog.Rule{Op: catalog.RuleAny, Rules: rules}
}

func not(rule catalog.Rule) catalog.Rule {
	return catalog.Rule{Op: catalog.RuleNot, Rules: []catalog.Rule{rule}}
}
func ask(op catalog.RuleOp, value string) catalog.Rule { return catalog.Rule{Op: op, Value: value} }

var brandID = ref.NewID[ref.BrandKind](ref.UUID{1})

func TestRules(t *testing.T) {
	t.Parallel()
	p := mug()
	p.Type, p.Tags, p.Featured, p.BrandID = "Ceramics", []string{"Blue", "Sea side"}, true, brandID
	p.Categories = []ref.CategoryID{shelf(4), shelf(9)} // The last is not there.
	subject, bare := catalog.SubjectOf(p, family()), catalog.SubjectOf(catalog.Product{}, family())
	for name, tc := range map[string]struct {
		rule       catalog.Rule
		want, none bool
	}{
		"its brand":          {ask(catalog.RuleBrand, brandID.String()), true, false},
		"another brand":      {ask(catalog.RuleBrand, ref.NewID[ref.BrandKind](ref.UUID{2}).String()), false, false},
		"no brand":           {ask(catalog.RuleBrand, ""), false, false},
		"its category":       {ask(catalog.RuleCategory, shelf(4).String()), true, false},
		"one above":          {ask(catalog.RuleCategory, shelf(1).String()), true, false},
		"one below":          {ask(catalog.RuleCategory, shelf(5).String()), false, false},
		"one beside":         {ask(catalog.RuleCategory, shelf(3).String()), false, false},
		"one that is gone":   {ask(catalog.RuleCategory, shelf(9).String()), false, false},
		"its tag":            {ask(catalog.RuleTag, "blue"), true, false},
		"its tag in spaces":  {ask(catalog.RuleTag, " sea  SIDE"), true, false},
		"a part of a tag":    {ask(catalog.RuleTag, "sea"), false, false},
		"its type":           {ask(catalog.RuleType, "CERAMICS"), true, false},
		"no type":            {ask(catalog.RuleType, ""), false, false},
		"featured":           {ask(catalog.RuleFeatured, ""), true, false},
		"not featured":       {not(ask(catalog.RuleFeatured, "")), false, true},
		"all":                {all(ask(catalog.RuleTag, "blue"), ask(catalog.RuleFeatured, "")), true, false},
		"all but one":        {all(ask(catalog.RuleTag, "blue"), ask(catalog.RuleTag, "red")), false, false},
		"all of nothing":     {all(), true, true},
		"any":                {anyOf(ask(catalog.RuleTag, "red"), ask(catalog.RuleTag, "blue")), true, false},
		"any of nothing":     {anyOf(), false, false},
		"a tree":             {all(anyOf(ask(catalog.RuleTag, "red"), not(ask(catalog.RuleTag, "red"))), not(all(ask(catalog.RuleTag, "red")))), true, true},
		"an op from nowhere": {ask("price", "1"), false, false},
	} {
		if got := tc.rule.Holds(subject); got != tc.want {
			t.Errorf("%s: %t of the mug, want %t", name, got, tc.want)
		}
		if got := tc.rule.Holds(bare); got != tc.none {
			t.Errorf("%s: %t of a bare product, want %t", name, got, tc.none)
		}
	}
}

func TestCollectionRules(t *testing.T) {
	t.Parallel()
	deep := ask(catalog.RuleFeatured, "")
	for range catalog.RuleDepthMax {
		deep = not(deep)
	}
	wide := all()
	for range catalog.RuleNodesMax {
		wide.Rules = append(wide.Rules, ask(catalog.RuleFeatured, ""))
	}
	for name, tc := range map[string]struct {
		rule  catalog.Rule
		field string
	}{
		"sound":               {all(anyOf(ask(catalog.RuleTag, "a"), ask(catalog.RuleBrand, brandID.String())), ask(catalog.RuleCategory, shelf(1).String())), ""},
		"deep":                {deep, "rule"},
		"wide":                {wide, "rule"},
		"no op":               {catalog.Rule{}, "rule.op"},
		"no brand":            {all(ask(catalog.RuleBrand, "x")), "rule.rules[0].value"},
		"a brand as category": {ask(catalog.RuleCategory, brandID.String()), "rule.value"},
		"an empty tag":        {ask(catalog.RuleTag, ""), "rule.value"},
		"a long type":         {ask(catalog.RuleType, strings.Repeat("x", catalog.TextMax+1)), "rule.value"},
		"featured how":        {ask(catalog.RuleFeatured, "yes"), "rule.value"},
		"not of two":          {catalog.Rule{Op: catalog.RuleNot, Rules: []catalog.Rule{ask(catalog.RuleFeatured, ""), ask(catalog.RuleFeatured, "")}}, "rule.rules"},
		"a value of all":      {catalog.Rule{Op: catalog.RuleAll, Value: "x"}, "rule.value"},
		"rules of a tag":      {catalog.Rule{Op: catalog.RuleTag, Value: "x", Rules: []catalog.Rule{ask(catalog.RuleFeatured, "")}}, "rule.rules"},
	} {
		err := catalog.Collection{Slug: "c", Text: catalog.Text{Name: "C"}, Rule: &tc.rule}.Validate()
		if got := fields(err); tc.field == "" && err != nil || tc.field != "" && !slices.Contains(got, tc.field) {
			t.Errorf("%s: %v about %v, want %s", name, err, got, tc.field)
		}
	}
}

func TestWhatBelongsToTheStructureIsChecked(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", catalog.TextMax+1)
	id := ref.NewID[ref.ProductKind](ref.UUID{1})
	for name, tc := range map[string]struct {
		err   error
		field string
	}{
		"a brand":              {catalog.Brand{Slug: "b", Text: catalog.Text{Name: "B"}}.Validate(), ""},
		"a brand of spaces":    {catalog.Brand{Slug: "b", Text: catalog.Text{Name: "  "}}.Validate(), "name"},
		"a brand without name": {catalog.Brand{Slug: "b"}.Validate(), "name"},
		"a brand's slug":       {catalog.Brand{Slug: "B", Text: catalog.Text{Name: "B"}}.Validate(), "slug"},
		"a category's name":    {catalog.Category{Slug: "c", Text: catalog.Text{Name: long}}.Validate(), "name"},
		"a locale": {catalog.Category{
			Slug: "c", Text: catalog.Text{Name: "C"},
			Translations: map[string]catalog.Text{"FR": {}},
		}.Validate(), "translations.FR"},
		"a translation": {catalog.Category{
			Slug: "c", Text: catalog.Text{Name: "C"},
			Translations: map[string]catalog.Text{"zh-Hant-TW": {Name: long}},
		}.Validate(), "translations.zh-Hant-TW.name"},
		"a collection": {catalog.Collection{Slug: "c", Text: catalog.Text{Name: "C"}, Products: []ref.ProductID{id}}.Validate(), ""},
		"a product twice": {catalog.Collection{
			Slug: "c", Text: catalog.Text{Name: "C"},
			Products: []ref.ProductID{id, id},
		}.Validate(), "products[1]"},
		"a rule and products": {catalog.Collection{
			Slug: "c", Text: catalog.Text{Name: "C"}, Rule: &catalog.Rule{Op: catalog.RuleFeatured},
			Products: []ref.ProductID{id},
		}.Validate(), "products"},
		"a window": {catalog.Collection{
			Slug: "c", Text: catalog.Text{Name: "C"},
			Publication: catalog.Window{From: hour(2), Until: hour(1)},
		}.Validate(), "publication"},
		"a listing": {
			catalog.Collection{Slug: "c", Text: catalog.Text{Name: "C"}, Listings: []catalog.Listing{{Channel: "B2B"}}}.Validate(),
			"listings[0].channel",
		},
	} {
		if got := fields(tc.err); tc.field == "" && tc.err != nil || tc.field != "" && !slices.Contains(got, tc.field) {
			t.Errorf("%s: %v about %v, want %s", name, tc.err, got, tc.field)
		}
	}
}
