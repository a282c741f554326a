package shopapitest

import (
	"context"
	"net/http"
	"slices"
	"strings"
)

// double is a customer of one fighter alone, for operations that end sessions or change what somebody signs in with.
type double struct {
	Credentials

	in session
}

// doubles are the operations for which a double signs in.
var doubles = []string{"change-password", "change-email", "revoke-my-session"}

func (o *operation) doubled() bool { return slices.Contains(doubles, o.id) }

// tokenRecipes are those of what takes a token that works once, or a password. Only good requests get a token: others
// would spend it.
var tokenRecipes = map[string]recipe{
	"change-password": func(ctx context.Context, f *fighter, _ *location, body map[string]any) {
		if f.mail != nil && f.standIn(ctx) == nil {
			body["current_password"], body["password"] = f.double.Password, newPassword()
		}
	},
	"change-email": func(ctx context.Context, f *fighter, _ *location, body map[string]any) {
		if f.mail != nil && f.standIn(ctx) == nil {
			body["password"] = f.double.Password
		}
		body["email"] = newAddress()
	},
	"refresh-session": func(ctx context.Context, f *fighter, _ *location, body map[string]any) {
		if f.good {
			body["refresh_token"] = f.refreshable(ctx)
		}
	},
	"verify": func(ctx context.Context, f *fighter, _ *location, body map[string]any) {
		if f.good && f.token() {
			if _, token, err := f.registered(ctx); err == nil {
				body["token"] = token
			}
		}
	},
	"reset-password": func(ctx context.Context, f *fighter, _ *location, body map[string]any) {
		if body["password"] = newPassword(); f.good && f.token() {
			if token, err := f.forgotten(ctx); err == nil {
				body["token"] = token
			}
		}
	},
}

// tokensMost is how many good requests of an operation get what a mail brings: mails take their time.
const tokensMost = 3

func (f *fighter) token() bool {
	if f.mail == nil || f.tokens >= tokensMost {
		return false
	}
	f.tokens++
	return true
}

// standIn makes the double, unless there is one.
func (f *fighter) standIn(ctx context.Context) error {
	if f.double != nil {
		return nil
	}
	who, err := f.newcomer(ctx)
	if err != nil {
		return err
	}
	f.double = &double{Credentials: who}
	return f.revive(ctx)
}

// revive signs the double in; another one when it cannot: requests may have changed what it signs in with.
func (f *fighter) revive(ctx context.Context) error {
	in, err := f.signIn(ctx, f.double.Credentials)
	if err != nil {
		f.double = nil
		return f.standIn(ctx)
	}
	f.double.in = in
	return nil
}

// refreshable is a token that begins the next part of a session of somebody new.
func (f *fighter) refreshable(ctx context.Context) string {
	if f.mail == nil || f.standIn(ctx) != nil || f.revive(ctx) != nil {
		return "none"
	}
	return f.double.in.Refresh
}

// forgotten is a token that allows a new password.
func (f *fighter) forgotten(ctx context.Context) (string, error) {
	who, err := f.newcomer(ctx)
	if err != nil {
		return "", err
	}
	if a, err := f.post(ctx, customersPath+"/password-reset", map[string]any{"email": who.Email}); err != nil || a.status != http.StatusAccepted {
		return "", errNotMade
	}
	return f.mailed(who.Email, 2)
}

// spend remembers the password that a double has now.
func (f *fighter) spend(r *request, a answer) {
	if members, ok := r.body.(map[string]any); ok && r.op.id == "change-password" && a.status == http.StatusNoContent && f.double != nil {
		f.double.Password, _ = members["password"].(string)
	}
}

// elsewhere is a session of the double beside the one that asks.
func (f *fighter) elsewhere(ctx context.Context) (*location, error) {
	if f.mail == nil {
		return nil, errNotMade
	}
	if err := f.standIn(ctx); err != nil {
		return nil, err
	}
	op := f.operation("GET /api/v1/me/sessions")
	if _, err := f.signIn(ctx, f.double.Credentials); err != nil || op == nil {
		return nil, errNotMade
	}
	a, _, err := f.wire.send(ctx, shot{method: op.method, target: op.path, header: [][2]string{{"Authorization", "Bearer " + f.double.in.Access}}})
	if f.lose(a, err); err != nil {
		return nil, err
	}
	value, _ := decode(a.body)
	members, _ := value.(map[string]any)
	items, _ := members["items"].([]any)
	for _, item := range items {
		one, _ := item.(map[string]any)
		if id, _ := one["id"].(string); one["current"] != true && id != "" {
			return &location{prefix: op.path + "/{session}", values: map[string]string{"session": id}}, nil
		}
	}
	return nil, errNotMade
}

// bought is an order of the customer whom all share.
func (f *fighter) bought(ctx context.Context, depth int) (*location, error) {
	op := f.operation(checkoutOp)
	if op == nil || f.shared.Access == "" {
		return nil, errNotMade
	}
	r, err := f.request(ctx, op, true, depth)
	if err != nil {
		return nil, err
	}
	r.set("Authorization", "Bearer "+f.shared.Access)
	var made struct{ ID string }
	if err := f.does(ctx, op, r, &made); err != nil {
		return nil, err
	}
	one := &location{prefix: "/api/v1/me/orders/{order}", values: map[string]string{"order": made.ID}, kept: true}
	f.pool.add(one)
	return one, nil
}

// member is a customer with an account, for staff who disable and enable such; nil for other operations.
func (f *fighter) member(ctx context.Context, op *operation) (*location, error) {
	prefix := placeOf(op.path)
	if rest := strings.TrimPrefix(op.path, "/api/v1/admin/customers/{customer}"); rest != "/disable" && rest != "/enable" {
		return nil, nil //nolint:nilnil // Others make theirs.
	}
	if !f.token() {
		return nil, errNotMade
	}
	who, err := f.newcomer(ctx)
	if err != nil {
		return nil, err
	}
	in, err := f.signIn(ctx, who)
	if err != nil {
		return nil, err
	}
	a, _, err := f.wire.send(ctx, shot{method: http.MethodGet, target: mePath, header: [][2]string{{"Authorization", "Bearer " + in.Access}}})
	if f.lose(a, err); err != nil {
		return nil, err
	}
	value, _ := decode(a.body)
	members, _ := value.(map[string]any)
	id, _ := members["id"].(string)
	return &location{prefix: prefix, values: map[string]string{"customer": id}}, nil
}
