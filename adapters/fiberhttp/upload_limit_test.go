package fiberhttp_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ipswich-retail/commerce/adapters/fiberhttp"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
)

// TestLargeBodiesWaitForTheProof announces two mebibytes and sends none of them: who may not import is refused there
// and then, and of who may the body is read, beyond what others may send.
func TestLargeBodiesWaitForTheProof(t *testing.T) {
	t.Parallel()
	const size = 2 << 20
	s := newShop(t, func(o *fiberhttp.Options) {
		o.Authenticate = func(_ context.Context, token access.Secret) (access.Principal, error) {
			switch token.Reveal() {
			case "importer":
				return access.Principal{Kind: access.PrincipalStaff, Permissions: []access.Permission{access.ImportsRun}}, nil
			case "importing-key":
				return access.Principal{Kind: access.PrincipalKey, Permissions: []access.Permission{access.ImportsRun}}, nil
			case "clerk":
				return access.Principal{Kind: access.PrincipalStaff, Permissions: []access.Permission{access.OrdersRead}}, nil
			case "customer":
				return access.Principal{Kind: access.PrincipalCustomer}, nil
			case "down":
				return access.Principal{}, fault.Down.New("the database is not reachable")
			case "panic":
				panic("a defect")
			}
			return access.Principal{}, access.Unauthenticated.New("unknown")
		}
	})
	address := s.listen(t)
	for name, c := range map[string]struct {
		path, credential, framing string
		taken                     bool
	}{
		"staff who may":      {"", "Authorization: Bearer importer", "", true},
		"a key that may":     {"", "X-API-Key: importing-key", "", true},
		"with a query":       {"?kind=products", "Authorization: Bearer importer", "", true},
		"in chunks":          {"", "Authorization: Bearer importer", "Transfer-Encoding: chunked", true},
		"nobody":             {"", "X-Nothing: x", "", false},
		"no session":         {"", "Authorization: Bearer x", "", false},
		"another scheme":     {"", "Authorization: Basic aW1wb3J0ZXI=", "", false},
		"no key":             {"", "X-API-Key: x", "", false},
		"a session as a key": {"", "X-API-Key: importer", "", false},
		"two credentials":    {"", "X-API-Key: importing-key\r\nAuthorization: Bearer importer", "", false},
		"staff who may not":  {"", "Authorization: Bearer clerk", "", false},
		"a customer":         {"", "Authorization: Bearer customer", "", false},
		"nobody can tell":    {"", "Authorization: Bearer down", "", false},
		"a defect":           {"", "Authorization: Bearer panic", "", false},
		"another address":    {"/x", "Authorization: Bearer importer", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, framing := dial(t, address), c.framing
			if framing == "" {
				framing = fmt.Sprintf("Content-Length: %d", size)
			}
			head := fmt.Sprintf("POST /api/v1/admin/imports%s HTTP/1.1\r\nHost: shop\r\n%s\r\nContent-Type: multipart/form-data; boundary=b\r\n%s\r\n\r\n", c.path, c.credential, framing)
			if _, err := io.WriteString(conn, head); err != nil {
				t.Fatal(err)
			}
			if c.taken {
				body := strings.Repeat("x", size)
				if c.framing != "" {
					body = fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", size, body)
				}
				if _, err := io.WriteString(conn, body); err != nil {
					t.Fatal(err)
				}
			}
			response, err := http.ReadResponse(bufio.NewReader(conn), nil) //nolint:bodyclose // readAnswer closes it.
			if err != nil {
				t.Fatal(err)
			}
			if a := readAnswer(t, response); (a.status == http.StatusRequestEntityTooLarge) == c.taken {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
}
