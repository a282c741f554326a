package shopapitest

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

const ordersPath = "/imports?kind=orders"

// orderReport is what an import of orders tells.
type orderReport struct {
	ID, State, File, Message, Source, Sum, Rounding string
	Stored                                          string `json:"stored_sum"`
	Rows                                            int
	Sales                                           struct {
		Rows, Orders int
		Sum          string
	}
	Refunds struct {
		Rows        int
		Sum         string
		CreditNotes int `json:"credit_notes"`
	}
	Adjustments struct {
		Rows  int
		Sum   string
		Kinds map[string]struct {
			Rows int
			Sum  string
		}
	}
	Rejected struct {
		Rows  int
		Sum   string
		Items []struct {
			Line         int
			Column, Code string
		}
	}
	Products int `json:"products_created"`
	Present  int `json:"already_present"`
}

// fieldsOf is a form with a file of orders and fields.
func fieldsOf(t *testing.T, content string, fields ...string) (body, contentType string) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	file, err := w.CreateFormFile("file", "ledger.csv")
	if err == nil {
		_, err = file.Write([]byte(content))
	}
	for i := 0; err == nil && i < len(fields); i += 2 {
		err = w.WriteField(fields[i], fields[i+1])
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String(), w.FormDataContentType()
}

// importedOrders imports a file of orders and waits for its end.
func (s *suite) importedOrders(t *testing.T, path, content string, fields ...string) orderReport {
	t.Helper()
	body, contentType := fieldsOf(t, content, fields...)
	var started struct{ ID string }
	s.admin(t, http.MethodPost, path, body, "Content-Type", contentType).read(t, http.StatusAccepted, &started)
	for end := time.Now().Add(answerTime); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var out orderReport
		s.admin(t, http.MethodGet, "/imports/"+started.ID, "").read(t, http.StatusOK, &out)
		switch out.State {
		case "done", "refused", "failed":
			return out
		}
	}
	t.Fatalf("the import %s does not end", started.ID)
	return orderReport{}
}

func adminOrderImports(t *testing.T, s *suite) {
	t.Helper()
	source := unused("legacy")
	// Numbers of the suite's own: others may import into the same shop.
	number := strconv.FormatInt(time.Now().UnixNano(), 10)
	file := "No,Code,What,Qty,When,Price,Who\n" +
		number + ",import-a,One,2,2010-12-01 08:26:00,2.55,17850\n" +
		number + ",IMPORT-A,One,1,2010-12-01 08:27:00,0.001,17850\n" +
		number + ",POST,Postage,1,2010-12-01 08:26:00,18.00,17850\n" +
		"C" + number + ",import-a,One,-1,2010-12-02 09:00:00,2.55,17850\n" +
		number + ",import-a,One,many,2010-12-01 08:26:00,2.55,17850\n"
	mapped := []string{"map", "invoice=No,sku=Code,title=What,quantity=Qty,at=When,unit_price=Price,customer=Who", "source", source, "create_products", "true"}
	wanted := func(r orderReport, what string, present int) {
		t.Helper()
		if r.State != "done" || r.Source != source || r.File != "ledger.csv" || r.Rows != 5 || r.Sum != "20.551" ||
			r.Sales.Rows != 2 || r.Sales.Sum != "5.101" || r.Sales.Orders != 1 || r.Refunds.Rows != 1 || r.Refunds.CreditNotes != 1 || r.Refunds.Sum != "-2.55" ||
			r.Adjustments.Kinds["not_product"].Sum != "18.00" || r.Rejected.Rows != 1 || r.Rejected.Items[0].Line != 6 || r.Rejected.Items[0].Column != "Qty" ||
			r.Rejected.Items[0].Code != "bad_number" || r.Stored != "20.55" || r.Rounding != "0.001" || r.Present != present {
			t.Errorf("%s: %+v", what, r)
		}
	}
	orders := func() []map[string]any {
		var list struct{ Items []map[string]any }
		s.admin(t, http.MethodGet, "/orders?q="+number, "").read(t, http.StatusOK, &list)
		return list.Items
	}
	wanted(s.importedOrders(t, ordersPath+"&dry_run=true", file, mapped...), "a dry run", 0)
	if got := orders(); len(got) != 0 {
		t.Errorf("a dry run made %d orders", len(got))
	}
	wanted(s.importedOrders(t, ordersPath, file, mapped...), "an import", 0)
	wanted(s.importedOrders(t, ordersPath, file, mapped...), "the same again", 4)
	got := orders()
	if len(got) != 1 || got[0]["number"] != number || got[0]["status"] != "completed" || got[0]["payment_status"] != "paid" ||
		got[0]["fulfilment_status"] != "fulfilled" || got[0]["created_at"] != "2010-12-01T08:26:00Z" {
		t.Fatalf("the orders are %v", got)
	}
	var order struct {
		Holding string
		Allowed []string
	}
	s.admin(t, http.MethodGet, fmt.Sprint("/orders/", got[0]["id"]), "").read(t, http.StatusOK, &order)
	if order.Holding != "elsewhere" || len(order.Allowed) != 1 || order.Allowed[0] != "note" {
		t.Errorf("an imported order is %+v", order)
	}
	if r := s.importedOrders(t, ordersPath, file, append(mapped, "fail_on_reject", "true")...); r.State != "refused" || len(r.Rejected.Items) != 1 || r.Message == "" {
		t.Errorf("no row may be rejected: %+v", r)
	}
	if r := s.importedOrders(t, ordersPath, strings.Replace(file, "Qty", "Pieces", 1), mapped...); r.State != "refused" || len(r.Rejected.Items) != 1 || r.Rejected.Items[0].Code != "missing_column" {
		t.Errorf("a column that is not there: %+v", r)
	}
}

func adminOrderImportRefusals(t *testing.T, s *suite) {
	t.Helper()
	refused := func(path, field string, fields ...string) {
		t.Helper()
		body, contentType := fieldsOf(t, "No\n", fields...)
		s.admin(t, http.MethodPost, path, body, "Content-Type", contentType).refused(t, http.StatusUnprocessableEntity, "invalid", field)
	}
	refused(ordersPath, "map", "map", "invoice=No")
	refused(ordersPath, "map", "map", "colour=No,invoice=No,sku=S,quantity=Q,at=A,unit_price=P")
	refused(ordersPath, "timezone", "timezone", "Europe/Ipswich")
	refused(ordersPath, "dates", "dates", "ymd")
	refused(ordersPath, "source", "source", strings.Repeat("x", 65))
	refused(ordersPath, "create_products", "create_products", "perhaps")
	refused(importsPath, "map", "map", "invoice=No")
	refused(importsPath, "source", "source", "legacy")
}
