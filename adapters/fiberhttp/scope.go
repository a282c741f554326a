package fiberhttp

import (
	"strconv"
	"strings"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ref"
)

// ScopeDefaults are the shop's channel and what it assumes of callers who do not say otherwise.
type ScopeDefaults struct {
	Channel  ref.Channel
	Currency money.Currency
	Locale   string // BCP 47, such as en-GB.
	Country  string // ISO 3166-1 alpha-2, such as GB.
}

// Scoped is embedded in the input of every read of catalogue or prices: the headers by which callers choose their view
// of the shop.
type Scoped struct {
	Channel        string `header:"X-Channel" doc:"Selling surface; without it the shop's default."`
	AcceptLanguage string `header:"Accept-Language" doc:"Languages in order of preference, as browsers send them; without it, or when it is not understood, the channel's."`
	Currency       string `header:"X-Currency" doc:"ISO 4217 code of a currency of the channel; without it the channel's first."`
	Country        string `header:"X-Country" pattern:"^[A-Z]{2}$" patternDescription:"two capital letters of ISO 3166-1, such as GB" doc:"Where the buyer is; without it the channel's country."`
}

// scopeHeaders are the headers on which an answer depends that was made in a scope, for caches.
const scopeHeaders = "X-Channel, Accept-Language, X-Currency, X-Country"

// scope builds the request's view of the shop. It fails with fault.Bad, which names the headers that ask for what the
// shop does not have.
func (r *routes) scope(in Scoped) (ref.Scope, error) {
	defaults := r.Scope
	out := ref.Scope{
		Channel: defaults.Channel, Currency: defaults.Currency, Locale: defaults.Locale, Country: defaults.Country,
		At: ref.Instant(r.Now()),
	}
	var wrong []*fault.Error
	if in.Channel != "" && ref.Channel(in.Channel) != defaults.Channel {
		wrong = append(wrong, fault.Bad.Newf("there is no such channel; leave the header out, or send %s", defaults.Channel).At("X-Channel"))
	}
	if in.Currency != "" && in.Currency != defaults.Currency.Code() {
		wrong = append(wrong, defaults.otherCurrency("X-Currency"))
	}
	if locale := preferred(in.AcceptLanguage); locale != "" {
		out.Locale = locale
	}
	if in.Country != "" {
		out.Country = in.Country
	}
	return out, fault.Collect(wrong)
}

// otherCurrency is the error of a field that asks for a currency which the channel does not have.
func (d ScopeDefaults) otherCurrency(field string) *fault.Error {
	return fault.Bad.Newf("the channel sells in %s only", d.Currency.Code()).At(field)
}

const (
	maxLanguages = 16 // Of one header; browsers send a handful.
	maxLanguage  = 35 // Bytes of a tag: the least that RFC 5646, 4.4.1, asks implementations to take.
	fullWeight   = 1000
)

// preferred gives the language that an Accept-Language header prefers, the first of those with the highest weight, or
// "" when it names none. It is lenient, as browsers and proxies are: what is not understood is passed over.
func preferred(header string) string {
	best, highest := "", 0
	for i, element := range strings.SplitN(header, ",", maxLanguages+1) {
		if i == maxLanguages {
			break
		}
		tag, parameters, _ := strings.Cut(element, ";")
		tag = languageTag(strings.TrimSpace(tag))
		weight, ok := weightOf(parameters)
		if tag != "" && ok && weight > highest {
			best, highest = tag, weight
		}
	}
	return best
}

// weightOf reads the weight of RFC 9110, 12.4.2, in thousandths: "q=0.8" is 800, and nothing is 1000.
func weightOf(parameters string) (int, bool) {
	parameters = strings.ToLower(strings.TrimSpace(parameters))
	if parameters == "" {
		return fullWeight, true
	}
	value, found := strings.CutPrefix(parameters, "q=")
	whole, fraction, _ := strings.Cut(value, ".")
	if !found || len(whole) != 1 || len(fraction) > 3 {
		return 0, false
	}
	thousandths, err := strconv.ParseUint(whole+(fraction + "000")[:3], 10, 16)
	if err != nil || thousandths > fullWeight {
		return 0, false
	}
	return int(thousandths), true
}

// languageTag brings a tag of BCP 47 to its usual case, such as en-GB or zh-Hant-TW, and gives "" for what is none.
func languageTag(tag string) string {
	if len(tag) > maxLanguage {
		return ""
	}
	parts := strings.Split(strings.ToLower(tag), "-")
	for i, part := range parts {
		letters := strings.Trim(part, "abcdefghijklmnopqrstuvwxyz") == ""
		switch {
		case i == 0 && (!letters || len(part) < 2), part == "", len(part) > 8, strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789") != "":
			return ""
		case i > 0 && letters && len(part) == 2:
			parts[i] = strings.ToUpper(part)
		case i > 0 && letters && len(part) == 4:
			parts[i] = strings.ToUpper(part[:1]) + part[1:]
		}
	}
	return strings.Join(parts, "-")
}
