package fiberhttp

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/money"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	cartsTag = "Carts"
	cartPath = apiPath + "/carts/{cart}"
	linePath = cartPath + "/lines/{line}"
)

type createCartInput struct {
	Scoped

	Body struct {
		Currency string        `json:"currency,omitempty" example:"GBP" doc:"One of the channel's; without it that of the scope."`
		Lines    []lineRequest `json:"lines,omitempty" maxItems:"1000"`
	}
}

// CartAddress is embedded in the input of every call to a cart. Embedded inputs are exported: huma passes over others
// without a word.
type CartAddress struct {
	Scoped

	Cart string `path:"cart" doc:"Its id."`
}

// Expecting is embedded in the input of calls that change a cart of a version that the caller knows.
type Expecting struct {
	IfMatch string `header:"If-Match" pattern:"^(\\*|\"[1-9][0-9]{0,17}\")$" patternDescription:"a version in quotes, such as \"3\", or *" doc:"The version that is to be changed; 412 when it is no longer the present one. Without it whatever is present is changed."`
}

type readCartInput struct{ CartAddress }

type addLineInput struct {
	CartAddress
	Expecting

	Body lineRequest
}

type setLineInput struct {
	CartAddress
	Expecting

	Line string `path:"line" doc:"Id of the line."`
	Body struct {
		Quantity int64 `json:"quantity" minimum:"0" maximum:"1000000" doc:"What it is to be; 0 removes the line."`
	}
}

type removeLineInput struct {
	CartAddress
	Expecting

	Line string `path:"line" doc:"Id of the line."`
}

type cartAnswer struct{ Body cart }

type newCartAnswer struct {
	Location string `header:"Location" doc:"Address of the cart."`
	Body     cart
}

func (r *routes) mountCarts() {
	changes := []fault.Class{
		fault.Missing, ordering.CartCompleted, ordering.CartSuperseded, ordering.CustomerHasCart, fault.VersionConflict, ordering.ExpectedVersion, money.Overflow,
		fault.Unexpected, fault.Down, fault.Lost,
	}
	Op(r.server, Route{
		ID: "create-cart", Method: http.MethodPost, Path: apiPath + "/carts", Tag: cartsTag,
		Summary: "Make a cart, with lines or without", Success: http.StatusCreated,
		Problems: []fault.Class{fault.Limited, money.Overflow, fault.Unexpected, fault.Down, fault.Lost},
	}, r.createCart)
	Op(r.server, Route{
		ID: "get-cart", Method: http.MethodGet, Path: cartPath, Tag: cartsTag,
		Summary: "A cart with what it costs now", Auth: MayBeCustomer,
		Description: "The id of a guest's cart is its credential. That of a customer's is not: it takes the customer's bearer token too.",
		Problems:    []fault.Class{fault.Missing, money.Overflow, fault.Unexpected, fault.Down},
	}, r.getCart)
	Op(r.server, Route{
		ID: "add-line", Method: http.MethodPost, Path: cartPath + "/lines", Tag: cartsTag,
		Summary: "Add a quantity of a variant", Problems: changes, Auth: MayBeCustomer,
		Description: "It goes on the line that has the variant, or on a new one.",
	}, r.addLine)
	Op(r.server, Route{
		ID: "set-line", Method: http.MethodPatch, Path: linePath, Tag: cartsTag,
		Summary: "Set the quantity of a line; 0 removes it", Problems: changes, Auth: MayBeCustomer,
	}, r.setLine)
	Op(r.server, Route{
		ID: "remove-line", Method: http.MethodDelete, Path: linePath, Tag: cartsTag,
		Summary: "Remove a line", Problems: changes, Auth: MayBeCustomer,
	}, r.removeLine)
}

func (r *routes) createCart(ctx context.Context, in *createCartInput) (*newCartAnswer, error) {
	scope, err := r.scope(in.Scoped)
	if err != nil {
		return nil, err
	}
	if in.Body.Currency != "" && in.Body.Currency != scope.Currency.Code() {
		return nil, fault.Collect([]*fault.Error{r.Scope.otherCurrency("currency")})
	}
	lines, err := linesOf(in.Body.Lines, arrayPath)
	if err != nil {
		return nil, err
	}
	if err := r.limit(ctx, "carts", r.RateCarts); err != nil {
		return nil, err
	}
	q, err := r.Ordering.CreateCart(ctx, scope, lines)
	if err != nil {
		return nil, err
	}
	shown := cartOf(q)
	return &newCartAnswer{Location: apiPath + "/carts/" + shown.ID, Body: shown}, nil
}

func (r *routes) getCart(ctx context.Context, in *readCartInput) (*cartAnswer, error) {
	scope, id, err := r.cart(in.CartAddress)
	if err != nil {
		return nil, err
	}
	return shownCart(r.shopper(ctx).Cart(ctx, scope, id))
}

func (r *routes) addLine(ctx context.Context, in *addLineInput) (*cartAnswer, error) {
	scope, id, err := r.cart(in.CartAddress)
	if err != nil {
		return nil, err
	}
	lines, err := linesOf([]lineRequest{in.Body}, noPath)
	if err != nil {
		return nil, err
	}
	return shownCart(r.shopper(ctx).AddLine(ctx, scope, id, in.version(), lines[0]))
}

func (r *routes) setLine(ctx context.Context, in *setLineInput) (*cartAnswer, error) {
	return r.setQuantity(ctx, in.CartAddress, in.Expecting, in.Line, in.Body.Quantity)
}

func (r *routes) removeLine(ctx context.Context, in *removeLineInput) (*cartAnswer, error) {
	return r.setQuantity(ctx, in.CartAddress, in.Expecting, in.Line, 0)
}

func (r *routes) setQuantity(ctx context.Context, in CartAddress, expected Expecting, line string, quantity int64) (*cartAnswer, error) {
	scope, id, err := r.cart(in)
	if err != nil {
		return nil, err
	}
	lineID, err := ref.ParseID[ref.LineKind](line)
	if err != nil {
		return nil, fault.Missing.New("the cart has no such line")
	}
	return shownCart(r.shopper(ctx).SetQuantity(ctx, scope, id, expected.version(), lineID, quantity))
}

// cart reads what a call to a cart names. A text that is no cart's id is answered like the id of no cart.
func (r *routes) cart(in CartAddress) (ref.Scope, ref.CartID, error) {
	id, err := ref.ParseCartID(in.Cart)
	if err != nil {
		return ref.Scope{}, ref.CartID{}, fault.Missing.New("there is no such cart")
	}
	scope, err := r.scope(in.Scoped)
	return scope, id, err
}

// shopper is the service as who asks may use it, so that the cart of a customer is there for that customer alone.
func (r *routes) shopper(ctx context.Context) *ordering.Service {
	return r.Ordering.For(PrincipalOf(ctx).Customer)
}

// version is the version that the caller expects, or nil for any. The pattern of the header lets nothing else in.
func (e Expecting) version() *ref.Version {
	n, err := strconv.ParseInt(strings.Trim(e.IfMatch, `"`), 10, 64)
	if err != nil {
		return nil
	}
	version := ref.Version(n)
	return &version
}

func shownCart(q ordering.Quote, err error) (*cartAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &cartAnswer{Body: cartOf(q)}, nil
}
