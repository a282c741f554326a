package exchange

import (
	"cmp"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/ipswich-retail/commerce/domain/catalog"
)

// draft is a product whose rows are being read.
type draft struct {
	Product
	handle    string // As the file has it.
	names     [optionColumns]string
	lines     map[string]int // Of each combination of option values, folded.
	images    map[string]int // Index of each image by its source.
	positions []int          // Of each image; the largest int for those without.
	pictures  []string       // The source of each variant's own picture.
	more      int            // Variants beyond those that a product may have, which are only counted.
	damaged   bool           // Something of it was refused, so that its rules are not judged.
}

func newDraft(line int, handle string) *draft {
	return &draft{
		Product: Product{Line: line}, handle: handle, lines: map[string]int{}, images: map[string]int{},
	}
}

// describe reads what belongs to the product as a whole.
func (s *shopify) describe(r row, d *draft) {
	if s.head.has(colBody) {
		body := s.head.raw(r, colBody)
		d.Description = &body
	}
	if s.head.has(colVendor) {
		vendor := s.head.text(r, colVendor)
		d.Brand = &vendor
	}
	if s.head.has(colTags) {
		d.Tags = tagsOf(s.head.raw(r, colTags))
	}
	if s.head.has(colType) || s.head.has(colTags) {
		kind := s.head.text(r, colType)
		if kind == "" && len(d.Tags) > 0 {
			kind = d.Tags[0]
		}
		d.Type = &kind
	}
	d.Status = s.status(r)
	seo := [2]column{colSEOTitle, colSEODescription}
	if !s.head.has(seo[0]) && !s.head.has(seo[1]) {
		return
	}
	title, description := s.head.text(r, seo[0]), s.head.text(r, seo[1])
	d.Also = func(p *catalog.Product) {
		if s.head.has(seo[0]) {
			p.SEO.Title = title
		}
		if s.head.has(seo[1]) {
			p.SEO.Description = description
		}
	}
}

// tagsOf splits tags and drops those that are there twice.
func tagsOf(text string) []string {
	out := []string{}
	seen := map[string]bool{}
	for tag := range strings.SplitSeq(text, ",") {
		tag = strings.TrimSpace(tag)
		if key := strings.ToLower(tag); tag != "" && !seen[key] {
			seen[key] = true
			out = append(out, tag)
		}
	}
	return out
}

// status joins the two columns that tell whether a product is for sale.
func (s *shopify) status(r row) catalog.Status {
	if !s.head.has(colStatus) && !s.head.has(colPublished) {
		return ""
	}
	published := true
	switch text := s.head.text(r, colPublished); strings.ToLower(text) {
	case "true", "":
	case "false":
		published = false
	default:
		s.refuseAt(r.line, colPublished, CodeUnknownValue, "%q is neither true nor false", excerpt(text))
	}
	switch text := s.head.text(r, colStatus); strings.ToLower(text) {
	case "active", "":
		if published {
			return catalog.Active
		}
		return catalog.Draft
	case "draft":
		return catalog.Draft
	case "archived":
		return catalog.Archived
	case "unlisted":
		s.note(Note{Line: r.line, Column: s.head.label(colStatus), Text: "unlisted becomes draft: what is not listed is not sold"})
		return catalog.Draft
	default:
		s.refuseAt(r.line, colStatus, CodeUnknownValue, "%q is none of active, draft, archived and unlisted", excerpt(text))
		return catalog.Draft
	}
}

// picture reads a row's image, if it has one.
func (s *shopify) picture(r row) {
	source := s.head.text(r, colImage)
	if source == "" {
		return
	}
	at := int(^uint(0) >> 1)
	if text := s.head.text(r, colImagePosition); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			s.refuseAt(r.line, colImagePosition, CodeBadNumber, "%s", notWhole(text))
			return
		}
		at = n
	}
	s.image(r.line, colImage, source, s.head.text(r, colImageAlt), at)
}

// image adds an image to the product, once.
func (s *shopify) image(line int, c column, source, alt string, position int) {
	d := s.current
	if i, known := d.images[source]; known {
		if d.Images[i].Alt == "" {
			d.Images[i].Alt = alt
		}
		d.positions[i] = min(d.positions[i], position)
		return
	}
	img := Image{Line: line, URL: source, Alt: alt}
	if key, own := strings.CutPrefix(source, "media:"); own {
		if !fs.ValidPath(key) || key == "." {
			s.refuseAt(line, c, CodeBadImage, "%q names no file below /media/", excerpt(source))
			return
		}
		img.URL, img.Key = "", key
	} else if low := strings.ToLower(source); !strings.HasPrefix(low, "https://") && !strings.HasPrefix(low, "http://") && !strings.HasPrefix(low, "//") {
		s.refuseAt(line, c, CodeBadImage, "%q is no address of an image; it begins with https://", excerpt(source))
		return
	}
	if len(d.Images) > catalog.MediaMax {
		return // One too many is enough to be refused for.
	}
	d.images[source] = len(d.Images)
	d.Images = append(d.Images, img)
	d.positions = append(d.positions, position)
}

// finish ends the product whose rows were read, and gives it.
func (s *shopify) finish() error {
	d := s.current
	if d == nil {
		return nil
	}
	d.settleOptions()
	d.settleImages(s.head.has(colVariantImage))
	s.complete(d)
	if !d.damaged && s.stage == learn {
		s.judge(d)
	}
	s.current = nil
	d.Place = func(field string) (int, string) {
		line, c := place(d, field)
		return line, s.head.label(c)
	}
	return s.out(Item{Line: d.Line, Product: &d.Product})
}

// settleOptions names the options, of which a product of one variant has none.
func (d *draft) settleOptions() {
	if len(d.Variants) == 1 && isDefault(d.Variants[0], d.names) {
		d.Variants[0].Options = nil
		return
	}
	for _, n := range d.names {
		if n != "" {
			d.Options = append(d.Options, n)
		}
	}
}

// settleImages puts the images into their order, and tells variants which is theirs.
func (d *draft) settleImages(pictured bool) {
	order := make([]int, len(d.Images))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(d.positions[a], d.positions[b]) })
	images, place := make([]Image, len(order)), make(map[int]int, len(order))
	for to, from := range order {
		images[to], place[from] = d.Images[from], to
	}
	d.Images = images
	for i := range d.Variants {
		if !pictured {
			return
		}
		picture := -1
		if from, known := d.images[d.pictures[i]]; known {
			picture = place[from]
		}
		d.Variants[i].Picture = &picture
	}
}

// isDefault tells whether a product's only variant is the format's way to say that there are no options.
func isDefault(v Variant, names [optionColumns]string) bool {
	return strings.EqualFold(names[0], "Title") && names[1] == "" && names[2] == "" && strings.EqualFold(v.Options[0], "Default Title")
}

// slugOf brings a handle to the catalogue's form: lower case, and one hyphen for what may not stand there. It is ""
// without any letter or digit: "." and ".." are no names in an address.
func slugOf(handle string) string {
	var b strings.Builder
	gap, named := false, false
	for _, r := range handle {
		r = unicode.ToLower(r)
		if unicode.IsUpper(r) || !(unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("-_.", r)) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap, named = false, named || unicode.IsLetter(r) || unicode.IsDigit(r)
		b.WriteRune(r)
	}
	if !named {
		return ""
	}
	return b.String()
}
