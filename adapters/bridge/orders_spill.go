package bridge

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
)

// errSpilled is a temporary file that does not say what was written.
var errSpilled = errors.New("the temporary file was changed")

// appendRow writes a row as it was read from its file, without what the shop knows of it.
func appendRow(out []byte, r ordering.ImportedRow) []byte {
	for _, text := range [...]string{r.Invoice, string(r.Kind), string(r.Reason), r.Code, r.Title, r.Customer, r.Country} {
		out = binary.AppendUvarint(out, uint64(len(text)))
		out = append(out, text...)
	}
	for _, n := range [...]int64{int64(r.Ordinal), r.Quantity, r.UnitPrice.Micro(), r.At.UnixMicro()} {
		out = binary.AppendVarint(out, n)
	}
	return out
}

// cutRow is the opposite of appendRow: the first row, and what comes behind it.
func cutRow(text []byte, c money.Currency) (r ordering.ImportedRow, rest []byte, err error) {
	var texts [7]string
	for i := range texts {
		n, used := binary.Uvarint(text)
		if used <= 0 || n > uint64(len(text)-used) { //nolint:gosec // used is at most the length.
			return r, nil, errSpilled
		}
		end := used + int(n) //nolint:gosec // It is at most the text's length.
		texts[i], text = string(text[used:end]), text[end:]
	}
	var numbers [4]int64
	for i := range numbers {
		n, used := binary.Varint(text)
		if used <= 0 {
			return r, nil, errSpilled
		}
		numbers[i], text = n, text[used:]
	}
	return ordering.ImportedRow{
		Invoice: texts[0], Kind: ordering.ImportedKind(texts[1]), Reason: ordering.AdjustmentReason(texts[2]), Code: texts[3], Title: texts[4],
		Customer: texts[5], Country: texts[6], Ordinal: int(numbers[0]), Quantity: numbers[1], UnitPrice: money.NewUnitPrice(numbers[2], c),
		At: time.UnixMicro(numbers[3]).UTC(),
	}, text, nil
}
