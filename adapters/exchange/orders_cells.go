package exchange

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
)

// DateForm tells how dates with slashes are written.
type DateForm string

// The forms of dates. ISO dates are read whatever the form; those with slashes only when it is known which way round
// they are, since 3/4/2011 is two days.
const (
	DatesISO DateForm = "iso" // 2010-12-01 08:26:00
	DatesDMY DateForm = "dmy" // 1/12/2010 8:26
	DatesMDY DateForm = "mdy" // 12/1/2010 8:26
)

// DateForms are all forms, for those who let one choose.
var DateForms = []DateForm{DatesISO, DatesDMY, DatesMDY}

// isoForms are the ways of writing a time without its zone; a fraction of a second is read behind the seconds.
var isoForms = []string{time.DateTime, "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly}

// layouts are the forms of each.
var layouts = map[DateForm][]string{
	DatesDMY: {"2/1/2006 15:04", "2/1/2006 15:04:05", "2/1/2006"},
	DatesMDY: {"1/2/2006 15:04", "1/2/2006 15:04:05", "1/2/2006"},
}

// text is a cell without space around it, "" where the row or the file has none.
func (p *orderParser) text(field OrderField) string {
	if i, mapped := p.reader.at[field]; mapped && i < len(p.cells) {
		return strings.TrimSpace(p.cells[i])
	}
	return ""
}

// needed is a cell that must not be empty.
func (p *orderParser) needed(field OrderField) string {
	text := p.text(field)
	if text == "" {
		p.reject(field, CodeMissingValue, "the cell is empty; fill it in, or take the row out")
	}
	return text
}

// quantity reads a whole number; 6.0 is one, as programs write it that know no others.
func (p *orderParser) quantity() bool {
	text := p.needed(OrderQuantity)
	if text == "" {
		return false
	}
	n, err := strconv.ParseInt(wholeOf(text), 10, 64)
	if err != nil {
		p.reject(OrderQuantity, CodeBadNumber, fmt.Sprintf("%q is no whole number; write it as 1200 or -6", excerpt(text)))
		return false
	}
	p.out.Row.Quantity = n
	return true
}

// wholeOf takes zeros behind a point away.
func wholeOf(text string) string {
	whole, zeros, found := strings.Cut(text, ".")
	if found && zeros != "" && strings.Trim(zeros, "0") == "" {
		return whole
	}
	return text
}

// price reads a price with at most six decimals that say something.
func (p *orderParser) price() bool {
	text := p.needed(OrderUnitPrice)
	if text == "" {
		return false
	}
	short := text
	if whole, part, found := strings.Cut(text, "."); found && len(part) > 6 {
		short = whole + "." + part[:6] + strings.TrimRight(part[6:], "0")
	}
	price, err := money.ParseUnitPrice(short, p.reader.opts.Currency)
	if err != nil {
		p.reject(OrderUnitPrice, CodeBadPrice, fmt.Sprintf("%q is no price: %s; write it as 1234.56, without signs of a currency or between thousands", excerpt(text), fault.Of(err).Message()))
		return false
	}
	p.out.Row.UnitPrice = price
	return true
}

// at reads a time. One that names no zone is of the options' location; of an hour that there is twice it is one of both.
func (p *orderParser) at() {
	text := p.needed(OrderAt)
	if text == "" {
		return
	}
	o := p.reader.opts
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		p.out.Row.At = t.UTC().Truncate(time.Microsecond)
		return
	}
	for _, forms := range [2][]string{isoForms, layouts[o.Dates]} {
		for _, form := range forms {
			if t, err := time.ParseInLocation(form, text, o.Location); err == nil {
				p.out.Row.At = t.UTC().Truncate(time.Microsecond)
				return
			}
		}
	}
	reason := fmt.Sprintf("%q is no time such as 2010-12-01 08:26:00", excerpt(text))
	if strings.Contains(text, "/") && layouts[o.Dates] == nil {
		reason += "; say whether the day or the month comes first (dmy, mdy)"
	}
	p.reject(OrderAt, CodeBadTime, reason)
}

// reference is by what a customer is known: a number that a program wrote with a point is the number.
func reference(text string) string {
	if whole := wholeOf(text); strings.Trim(whole, "0123456789") == "" {
		return whole
	}
	return text
}

// printable has spaces in the place of what cannot be printed, such as the end of a line.
func printable(text string) string {
	if !strings.ContainsFunc(text, unicode.IsControl) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
