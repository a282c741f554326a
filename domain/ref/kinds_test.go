package ref_test

import (
	"testing"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// text gives the public text of an id of a kind, which must parse as that kind again.
func text[K ref.Kind](t *testing.T) string {
	t.Helper()
	id := ref.NewID[K](ref.UUID{1, 2, 3})
	if back, err := ref.ParseID[K](id.String()); err != nil || back != id {
		t.Errorf("%s parses as %v, %v", id, back, err)
	}
	return id.String()
}

func TestKindsDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, id := range []string{
		text[ref.ProductKind](t), text[ref.VariantKind](t), text[ref.MediaKind](t), text[ref.CategoryKind](t), text[ref.CollectionKind](t),
		text[ref.BrandKind](t), text[ref.CustomerKind](t), text[ref.AddressKind](t), text[ref.StaffKind](t), text[ref.RoleKind](t),
		text[ref.APIKeyKind](t), text[ref.SessionKind](t), text[ref.OrderKind](t), text[ref.LineKind](t), text[ref.PaymentKind](t),
		text[ref.RefundKind](t), text[ref.CaptureKind](t), text[ref.FulfilmentKind](t), text[ref.ClaimKind](t), text[ref.EventKind](t),
		text[ref.AccountKind](t), text[ref.ImportKind](t),
	} {
		if prefix := id[:4]; seen[prefix] {
			t.Errorf("two kinds begin with %s", prefix)
		} else {
			seen[prefix] = true
		}
	}
}
