package catalog_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/domain/catalog"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// fields lists the fields of an error's violations, each once.
func fields(err error) []string {
	var out []string
	if e := fault.Of(err); e != nil {
		for _, v := range e.Violations() {
			out = append(out, v.Field())
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestValidProducts(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(p *catalog.Product){
		"as it is":       func(*catalog.Product) {},
		"one variant":    func(p *catalog.Product) { p.Options, p.Variants = nil, p.Variants[:1]; p.Variants[0].Options = nil },
		"letters abroad": func(p *catalog.Product) { p.Slug = "größe-日本_1.5" },
		"all at the limits": func(p *catalog.Product) {
			p.Title, p.Slug = strings.Repeat("t", catalog.TitleMax), strings.Repeat("s", catalog.SlugMax)
			p.Description = strings.Repeat("d", catalog.DescriptionMax)
		},
		"a draft": func(p *catalog.Product) { p.Status = catalog.Draft },
		"all there is": func(p *catalog.Product) {
			p.Publication, p.Metadata = catalog.Window{From: hour(1), Until: hour(2)}, catalog.Metadata{"a": ""}
			p.Listings = []catalog.Listing{{Channel: "b2b_2", Published: true}, {Channel: "web"}}
			p.Variants[0].Channels, p.Categories = []ref.Channel{"web"}, []ref.CategoryID{shelf(1)}
			p.Translations = map[string]catalog.Translation{"zh-Hant-TW": {Title: "x"}, "fr": {}, "en-GB": {}, "es-419": {}}
		},
		"HTML": func(p *catalog.Product) { p.Description = "<p>\n\ttext</p>" },
	} {
		p := mug()
		change(&p)
		if err := p.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestInvalidProducts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", catalog.TextMax+1)
	for name, tc := range map[string]struct {
		change func(p *catalog.Product)
		field  string
	}{
		"no title":            {func(p *catalog.Product) { p.Title = "" }, "title"},
		"a long title":        {func(p *catalog.Product) { p.Title = long }, "title"},
		"NUL":                 {func(p *catalog.Product) { p.Title = "a\x00b" }, "title"},
		"broken UTF-8":        {func(p *catalog.Product) { p.Brand = "\xff" }, "brand"},
		"no slug":             {func(p *catalog.Product) { p.Slug = "" }, "slug"},
		"an upper-case slug":  {func(p *catalog.Product) { p.Slug = "Mug" }, "slug"},
		"a slug with a space": {func(p *catalog.Product) { p.Slug = "blue mug" }, "slug"},
		"a slug with a slash": {func(p *catalog.Product) { p.Slug = "a/b" }, "slug"},
		"a slug like an id":   {func(p *catalog.Product) { p.Slug = "prd_1" }, "slug"},
		"a long description":  {func(p *catalog.Product) { p.Description = strings.Repeat("x", catalog.DescriptionMax+1) }, "description"},
		"a long type":         {func(p *catalog.Product) { p.Type = long }, "type"},
		"many tags":           {func(p *catalog.Product) { p.Tags = slices.Repeat([]string{"t"}, catalog.TagsMax+1) }, "tags"},
		"an empty tag":        {func(p *catalog.Product) { p.Tags = []string{"a", ""} }, "tags[1]"},
		"no status":           {func(p *catalog.Product) { p.Status = "" }, "status"},
		"an unknown status":   {func(p *catalog.Product) { p.Status = "sold" }, "status"},
		"an option twice":     {func(p *catalog.Product) { p.Options[1] = "SIZE" }, "options[1]"},
		"an option unnamed":   {func(p *catalog.Product) { p.Options[0] = "" }, "options[0]"},
		"many options": {func(p *catalog.Product) {
			p.Options = nil
			for i := range catalog.OptionsMax + 1 {
				p.Options = append(p.Options, strconv.Itoa(i))
			}
			p.Variants = p.Variants[:1]
			p.Variants[0].Options = slices.Clone(p.Options)
		}, "options"},
		"no variants":            {func(p *catalog.Product) { p.Variants = nil }, "variants"},
		"variants of no options": {func(p *catalog.Product) { p.Options, p.Variants[0].Options, p.Variants[1].Options = nil, nil, nil }, "variants"},
		"no SKU":                 {func(p *catalog.Product) { p.Variants[0].SKU = "" }, "variants[0].sku"},
		"a SKU twice":            {func(p *catalog.Product) { p.Variants[1].SKU = "MUG-S" }, "variants[1].sku"},
		"a value missing":        {func(p *catalog.Product) { p.Variants[1].Options = []string{"Large"} }, "variants[1].options"},
		"an empty value":         {func(p *catalog.Product) { p.Variants[1].Options[1] = "" }, "variants[1].options[1]"},
		"the same values":        {func(p *catalog.Product) { p.Variants[1].Options = []string{"Small", "Blue"} }, "variants[1].options"},
		"a long barcode":         {func(p *catalog.Product) { p.Variants[0].Barcode = long }, "variants[0].barcode"},
		"a negative weight":      {func(p *catalog.Product) { p.Variants[0].Grams = -1 }, "variants[0].grams"},
		"a picture of others":    {func(p *catalog.Product) { p.Variants[1].Media = ref.NewID[ref.MediaKind](ref.UUID{9}) }, "variants[1].media"},
		"many pictures":          {func(p *catalog.Product) { p.Media = slices.Repeat(p.Media, catalog.MediaMax+1) }, "media"},
		"a long address":         {func(p *catalog.Product) { p.Media[0].SourceURL = strings.Repeat("x", catalog.URLMax+1) }, "media[0].source_url"},
		"a long key":             {func(p *catalog.Product) { p.Media[0].Key = long }, "media[0].key"},
		"a long text":            {func(p *catalog.Product) { p.Media[0].Alt = long + long }, "media[0].alt"},
		"a long SEO title":       {func(p *catalog.Product) { p.SEO.Title = strings.Repeat("x", catalog.SEOMax+1) }, "seo.title"},
		"a long tax category":    {func(p *catalog.Product) { p.TaxCategory = strings.Repeat("x", catalog.TaxCategoryMax+1) }, "tax_category"},
		"metadata unnamed":       {func(p *catalog.Product) { p.Metadata = catalog.Metadata{"": "x"} }, "metadata"},
		"a long fact":            {func(p *catalog.Product) { p.Metadata = catalog.Metadata{"a": strings.Repeat("x", 513)} }, "metadata.a"},
		"a variant's fact":       {func(p *catalog.Product) { p.Variants[0].Metadata = catalog.Metadata{"": ""} }, "variants[0].metadata"},
		"a category twice":       {func(p *catalog.Product) { p.Categories = []ref.CategoryID{shelf(1), shelf(1)} }, "categories[1]"},
		"no category":            {func(p *catalog.Product) { p.Categories = []ref.CategoryID{{}} }, "categories[0]"},
		"an empty window":        {func(p *catalog.Product) { p.Publication = catalog.Window{From: hour(1), Until: hour(1)} }, "publication"},
		"a moment too fine":      {func(p *catalog.Product) { p.Publication.From = hour(1).Add(1) }, "publication"},
		"a channel twice":        {func(p *catalog.Product) { p.Listings = []catalog.Listing{{Channel: "web"}, {Channel: "web"}} }, "listings[1].channel"},
		"a channel unnamed":      {func(p *catalog.Product) { p.Listings = []catalog.Listing{{}} }, "listings[0].channel"},
		"a listing's window": {func(p *catalog.Product) {
			p.Listings = []catalog.Listing{{Channel: "web", Window: catalog.Window{From: hour(2), Until: hour(1)}}}
		}, "listings[0]"},
		"a variant's channel":  {func(p *catalog.Product) { p.Variants[0].Channels = []ref.Channel{"WEB"} }, "variants[0].channels[0]"},
		"a locale in capitals": {func(p *catalog.Product) { p.Translations = map[string]catalog.Translation{"FR": {}} }, "translations.FR"},
		"options of nobody": {func(p *catalog.Product) {
			p.Translations = map[string]catalog.Translation{"fr": {Options: make([]catalog.OptionText, 3)}}
		}, "translations.fr.options"},
		"a long value": {func(p *catalog.Product) {
			p.Translations = map[string]catalog.Translation{"fr": {Options: []catalog.OptionText{{Values: map[string]string{"Small": long}}}}}
		}, "translations.fr.options[0].values.Small"},
	} {
		p := mug()
		tc.change(&p)
		err := p.Validate()
		if got := fields(err); !fault.Is(err, fault.Bad) || !slices.Contains(got, tc.field) {
			t.Errorf("%s: got %v about %v, want %s", name, err, got, tc.field)
		}
	}
}

func TestAllViolationsAtOnce(t *testing.T) {
	t.Parallel()
	p := mug()
	p.Title, p.Status, p.Variants[1].SKU = "", "sold", ""
	if got, want := fields(p.Validate()), []string{"status", "title", "variants[1].sku"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestVariantTitles(t *testing.T) {
	t.Parallel()
	p := mug()
	if v := p.Variants[1]; v.SKU != "MUG-L" || v.Title() != "Large / Blue" {
		t.Errorf("got %+v", v)
	}
	if s := p.Sellable(p.Variants[1]); s.SKU != "MUG-L" || s.VariantTitle() != "Large / Blue" || s.Product != p.ID {
		t.Errorf("got %+v", s)
	}
	if got := (catalog.Variant{}).Title(); got != "" {
		t.Errorf("the only variant is called %q", got)
	}
}
