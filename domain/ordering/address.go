package ordering

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// Address is where something goes, or whom a bill is for.
type Address struct {
	Name       string `json:"name"`
	Line1      string `json:"line1"`
	Line2      string `json:"line2,omitempty"`
	City       string `json:"city"`
	Region     string `json:"region,omitempty"`
	PostalCode string `json:"postal_code"`
	Country    string `json:"country"` // ISO 3166-1 alpha-2.
}

// violations lists what is wrong with the address, below the path at.
func (a Address) violations(at string) []*fault.Error {
	var out []*fault.Error
	for _, f := range []struct {
		name, value string
		required    bool
	}{
		{"name", a.Name, true},
		{"line1", a.Line1, true},
		{"line2", a.Line2, false},
		{"city", a.City, true},
		{"region", a.Region, false},
		{"postal_code", a.PostalCode, true},
	} {
		if rule := textRule(f.value, f.required, AddressMax); rule != "" {
			out = append(out, Rule.New(rule).At(at+"."+f.name))
		}
	}
	if len(a.Country) != 2 || strings.Trim(a.Country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		out = append(out, Rule.New("a country is two capital letters of ISO 3166-1, such as GB").At(at+".country"))
	}
	return out
}

// textRule names the rule that a text breaks, or "". Texts for people are counted in characters, as who writes them does.
func textRule(s string, required bool, longest int) string {
	switch {
	case required && strings.TrimSpace(s) == "":
		return "it must not be empty"
	case utf8.RuneCountInString(s) > longest:
		return "it is too long"
	case !utf8.ValidString(s):
		return "it must be valid UTF-8"
	case strings.ContainsFunc(s, unicode.IsControl):
		return "it must not have control characters or line breaks"
	}
	return ""
}

// emailRule names the rule that an e-mail address, as its owner writes it, breaks, or "": those of ref.ParseEmail, and
// no space around it, for mail goes to it as it is.
func emailRule(s string) string {
	if rule := textRule(s, true, ref.EmailMax); rule != "" {
		return rule
	}
	if strings.ContainsFunc(s, unicode.IsSpace) {
		return "an e-mail address is name@domain"
	}
	_, err := ref.ParseEmail(s)
	if err != nil {
		return fault.Of(err).Message()
	}
	return ""
}
