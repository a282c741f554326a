package shopapitest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// signUp makes the customer whom all fighters share.
func (f *fighter) signUp(ctx context.Context) error {
	var err error
	if f.customer, err = f.newcomer(ctx); err != nil {
		return err
	}
	f.shared, err = f.signIn(ctx, f.customer)
	return err
}

// newcomer makes a customer who proved the address, by the mail that the shop sent.
func (f *fighter) newcomer(ctx context.Context) (Credentials, error) {
	who, token, err := f.registered(ctx)
	if err != nil {
		return who, err
	}
	a, err := f.post(ctx, customersPath+"/verify", map[string]any{"token": token})
	if err != nil || a.status != http.StatusNoContent {
		return who, fmt.Errorf("proving the address: %s %w", a, err)
	}
	return who, nil
}

// registered asks for an account, and gives the token that proves the address.
func (f *fighter) registered(ctx context.Context) (Credentials, string, error) {
	who := Credentials{newAddress(), newPassword()}
	body := map[string]any{"email": who.Email, "password": who.Password, "name": "Ada Okafor"}
	if a, err := f.post(ctx, customersPath, body); err != nil || a.status != http.StatusAccepted {
		return who, "", fmt.Errorf("signing up: %s %w", a, err)
	}
	token, err := f.mailed(who.Email, 1)
	return who, token, err
}

var errNoMail = errors.New("this needs Target.Mail")

// mailed waits for the latest of so many mails to an address, and gives the token in it.
func (f *fighter) mailed(to string, count int) (string, error) {
	if f.mail == nil {
		return "", errNoMail
	}
	for deadline := time.Now().Add(mailTime); time.Now().Before(deadline); time.Sleep(mailLook) {
		all, err := f.mail()
		if err != nil {
			return "", fmt.Errorf("Target.Mail: %w", err)
		}
		mails := slices.DeleteFunc(all, func(m Mail) bool { return m.To != to })
		if len(mails) < count {
			continue
		}
		if found := mailedToken.FindStringSubmatch(mails[len(mails)-1].Text); found != nil {
			return found[1], nil
		}
	}
	return "", fmt.Errorf("no mail came to %s", to)
}

// signIn begins a session.
func (f *fighter) signIn(ctx context.Context, who Credentials) (session, error) {
	var in session
	a, err := f.post(ctx, sessionsPath, map[string]any{"email": who.Email, "password": who.Password})
	if err == nil && a.status == http.StatusCreated {
		err = json.Unmarshal(a.body, &in)
	}
	if err != nil || in.Access == "" {
		return in, fmt.Errorf("signing in: %s %w", a, err)
	}
	return in, nil
}

func (f *fighter) post(ctx context.Context, path string, body any) (answer, error) {
	a, _, err := f.wire.send(ctx, shot{method: http.MethodPost, target: path, header: [][2]string{{"Content-Type", jsonType}}, body: encode(body)})
	return a, err
}

// identify gives a request the credential that its operation asks for. A session that the operation may end is one of
// its own.
func (f *fighter) identify(ctx context.Context, r *request) {
	switch {
	case r.op.permission != "":
		r.set("X-API-Key", f.adminKey)
	case r.op.doubled() && f.mail != nil:
		if f.standIn(ctx) == nil {
			r.set("Authorization", "Bearer "+f.double.in.Access)
		}
	case r.op.auth != "customer" && r.op.auth != "session", f.shared.Access == "":
	case r.op.path == sessionsPath+"/current":
		if f.spare == "" {
			in, _ := f.signIn(ctx, f.customer) // Without a session the answer is 401, which is not accepted.
			f.spare = in.Access
		}
		r.set("Authorization", "Bearer "+f.spare)
	default:
		r.set("Authorization", "Bearer "+f.shared.Access)
	}
}

// renewed begins another session when that of the customer, or of the double, is over, and puts it into the request.
func (f *fighter) renewed(ctx context.Context, r *request, a answer) bool {
	if a.status != http.StatusUnauthorized || r.get("Authorization") == "" {
		return false
	}
	if r.op.doubled() {
		if f.double == nil || r.get("Authorization") != "Bearer "+f.double.in.Access {
			return false
		}
		before := f.double.in.Access
		if f.revive(ctx) != nil || f.double.in.Access == before {
			return false
		}
		r.set("Authorization", "Bearer "+f.double.in.Access)
		return true
	}
	if f.shared.Access == "" || r.get("Authorization") != "Bearer "+f.shared.Access {
		return false
	}
	in, err := f.signIn(ctx, f.customer)
	if err != nil {
		return false
	}
	f.shared = in
	r.set("Authorization", "Bearer "+in.Access)
	return true
}
