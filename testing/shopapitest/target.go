package shopapitest

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// Target is the shop under test.
type Target struct {
	// BaseURL is where the shop answers, such as http://127.0.0.1:8080.
	BaseURL string
	// Client sends the requests; nil takes a fresh one. The suite uses a copy that follows no redirect and keeps no
	// cookie.
	Client *http.Client
	// AdminKey is the text of an API key with every scope, for the calls of administrators; a shop takes it at its start
	// as SHOP_ADMIN_API_KEY.
	AdminKey string
	// Owner is an owner of the shop, which takes one at its start as SHOP_ADMIN_EMAIL and SHOP_ADMIN_PASSWORD.
	Owner Credentials
	// Mail gives the mails that the shop sent so far, oldest first. Without it the clauses of accounts, sessions, me and
	// staff fail, and say so: they read in a mail what opens an account.
	Mail func() ([]Mail, error)
	// Also are answers that other tests have seen, as Coverage.Lines gives them.
	Also []string
	// Elsewhere are the statuses that the suite does not wait for, such as 500 and 503, which a healthy shop does not
	// give.
	Elsewhere []int
}

// answerTime bounds a request: longer than any single call of the contract may take.
const answerTime = 30 * time.Second

// Test runs the suite against the target: the calls in parallel, then those that change the catalogue, which the others
// look at, then exports of it, then the check that every documented status of every operation was seen.
func Test(t *testing.T, target Target) {
	t.Helper()
	s := open(t, target)
	s.run(t, "calls", clauses())
	s.run(t, "changes", slices.Concat(adminCatalogClauses(), adminStockClauses(), adminImportClauses()))
	s.run(t, "exports", adminExportClauses()) // Of a catalogue that nobody changes, so that what was exported still fits.
	s.run(t, "limits", limitClauses())
	t.Run("coverage", func(t *testing.T) {
		for _, missing := range s.coverage.Missing() {
			if !slices.ContainsFunc(target.Elsewhere, func(status int) bool { return statusOf(missing) == status }) {
				t.Errorf("documented and never answered: %s", missing)
			}
		}
	})
}

// run runs clauses side by side.
func (s *suite) run(t *testing.T, name string, all []clause) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		for _, c := range all {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				c.check(t, s)
			})
		}
	})
}

// clause is a group of calls that prove one part of the contract.
type clause struct {
	name  string
	check func(t *testing.T, s *suite)
}

func clauses() []clause {
	return slices.Concat(
		productClauses(),
		cartClauses(),
		cartRemarkClauses(),
		checkoutClauses(),
		orderClauses(),
		guardClauses(),
		adminOrderClauses(),
		adminMoneyClauses(),
		paymentClauses(),
		adminOperationClauses(),
		adminCustomerClauses(),
		edgeClauses(),
		serviceClauses(),
		securityClauses(),
		accountClauses(),
		meClauses(),
		staffClauses(),
		checkoutLimitClauses(),
		tamperClauses(),
	)
}

func open(t *testing.T, target Target) *suite {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 32}}
	if target.Client != nil {
		own := *target.Client
		client = &own
	} else {
		t.Cleanup(client.CloseIdleConnections)
	}
	client.Jar = nil
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if client.Timeout == 0 {
		client.Timeout = answerTime
	}
	s := &suite{base: strings.TrimRight(target.BaseURL, "/"), client: client, adminKey: target.AdminKey, owner: target.Owner, mail: target.Mail}
	raw := s.call(t, http.MethodGet, "/openapi.json", "")
	raw.want(t, http.StatusOK)
	coverage, err := NewCoverage(raw.body)
	if err != nil {
		t.Fatalf("/openapi.json: %v", err)
	}
	if err := coverage.Add(target.Also); err != nil {
		t.Fatalf("Target.Also: %v", err)
	}
	s.coverage, s.document = coverage, coverage.Document()
	s.shelf = stockShelf(t, s)
	return s
}
