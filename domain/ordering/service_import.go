package ordering

import (
	"context"

	"github.com/ipswich-retail/commerce/ports"
)

// Import keeps rows of another system's ledger, and makes orders of the sales among them: completed, paid outside, at the
// time and under the number that they had. Nothing is claimed, nobody is told and nothing is sent. A row that is kept
// already changes nothing, so that an import is gone on with by beginning it anew. It fills in the totals and the time of
// deciding. Errors: ImportUnsupported, ImportCurrency, MalformedCommit for rows that break ImportRowRule; kinds
// Unavailable and Unknown, after which the same batch may come again.
func (s *Service) Import(ctx context.Context, b ImportBatch) (ImportResult, error) {
	store, err := s.imports()
	if err != nil {
		return ImportResult{}, err
	}
	b.At = s.now()
	b.Rows = append([]ImportedRow(nil), b.Rows...)
	for i := range b.Rows {
		r := &b.Rows[i]
		if r.Total, err = r.UnitPrice.Mul(r.Quantity, LineRounding); err != nil {
			return ImportResult{}, err
		}
	}
	if err := b.Validate(); err != nil {
		return ImportResult{}, err
	}
	return store.CommitImport(ctx, b)
}

// Imported adds up what is kept of a source. Errors: ImportUnsupported, UnknownSource; kind Unavailable.
func (s *Service) Imported(ctx context.Context, source string) (ImportSums, error) {
	store, err := s.imports()
	if err != nil {
		return ImportSums{}, err
	}
	sums, err := store.ImportSums(ctx, source)
	if err == nil && sums.Currency.IsZero() {
		err = UnknownSource.Newf("nothing was imported from %q", source)
	}
	return sums, err
}

// imports finds the capability of the store.
func (s *Service) imports() (ImportCommitter, error) {
	store, ok := ports.As[ImportCommitter](s.parts.Committer)
	if !ok {
		return nil, ImportUnsupported.New("the store keeps no orders of other systems")
	}
	return store, nil
}
