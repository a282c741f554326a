package shopapitest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// signUp makes a customer who proved the address, by the mail that the shop sent.
func (f *fighter) signUp(ctx context.Context, mail func() ([]Mail, error)) error {
	f.customer = Credentials{newAddress(), newPassword()}
	who := map[string]any{"email": f.customer.Email, "password": f.customer.Password, "name": "Ada Okafor"}
	if a, err := f.post(ctx, customersPath, who); err != nil || a.status != http.StatusAccepted {
		return fmt.Errorf("signing up: %s %w", a, err)
	}
	for deadline := time.Now().Add(mailTime); time.Now().Before(deadline); time.Sleep(mailLook) {
		all, err := mail()
		if err != nil {
			return fmt.Errorf("Target.Mail: %w", err)
		}
		for _, m := range all {
			if found := mailedToken.FindStringSubmatch(m.Text); m.To == f.customer.Email && found != nil {
				a, err := f.post(ctx, customersPath+"/verify", map[string]any{"token": found[1]})
				if err != nil || a.status != http.StatusNoContent {
					return fmt.Errorf("proving the address: %s %w", a, err)
				}
				f.shared, err = f.signIn(ctx)
				return err
			}
		}
	}
	return fmt.Errorf("no mail came to %s", f.customer.Email)
}

// signIn begins a session of the customer.
func (f *fighter) signIn(ctx context.Context) (session, error) {
	var in session
	a, err := f.post(ctx, sessionsPath, map[string]any{"email": f.customer.Email, "password": f.customer.Password})
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
	case r.op.auth != "customer" && r.op.auth != "session", f.shared.Access == "":
	case r.op.path == sessionsPath+"/current":
		if f.spare == "" {
			in, _ := f.signIn(ctx) // Without a session the answer is 401, which is not accepted.
			f.spare = in.Access
		}
		r.set("Authorization", "Bearer "+f.spare)
	default:
		r.set("Authorization", "Bearer "+f.shared.Access)
	}
}

// renewed begins another session when that of the customer is over, and puts it into the request.
func (f *fighter) renewed(ctx context.Context, r *request, a answer) bool {
	if a.status != http.StatusUnauthorized || f.shared.Access == "" || r.get("Authorization") != "Bearer "+f.shared.Access {
		return false
	}
	in, err := f.signIn(ctx)
	if err != nil {
		return false
	}
	f.shared = in
	r.set("Authorization", "Bearer "+in.Access)
	return true
}
