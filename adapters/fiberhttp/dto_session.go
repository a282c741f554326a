package fiberhttp

import (
	"time"

	"github.com/ipswich-retail/commerce/domain/access"
)

// SessionTokens are what who signed in gets, this once. They are embedded in answers, so exported: see CartAddress.
type SessionTokens struct {
	AccessToken  string `json:"access_token" doc:"Lets in, in Authorization: Bearer, for as long as expires_in says."`
	RefreshToken string `json:"refresh_token" doc:"Gets the next pair of tokens, once: keep the new one that comes with them."`
	TokenType    string `json:"token_type" enum:"Bearer"`
	ExpiresIn    int64  `json:"expires_in" doc:"Seconds for which the access token lets in."`
	Kind         string `json:"kind" enum:"customer,staff" doc:"Whose account it is."`
}

// newSession is the answer to a sign-in.
type newSession struct {
	SessionTokens

	DeviceToken string   `json:"device_token" doc:"Keep it when the session ends and show it at the next sign-in: a device that is known has a limit of its own, which strangers who guess passwords do not use up."`
	Cart        *cart    `json:"cart,omitempty" doc:"The customer's cart, when the guest's came with the sign-in and went into it."`
	Warnings    []notice `json:"warnings" doc:"What could not be done of the rest; the sign-in stands."`
}

// tokensOf shows the tokens of a session to its owner.
func tokensOf(in access.SignedInSession) SessionTokens {
	return SessionTokens{
		AccessToken: in.Tokens.Access.Reveal(), RefreshToken: in.Tokens.Refresh.Reveal(), TokenType: "Bearer",
		ExpiresIn: int64(in.ExpiresIn / time.Second), Kind: string(in.Principal.Kind),
	}
}

// mySession is a session as its owner looks it over; nothing in it lets anybody in.
type mySession struct {
	ID          string    `json:"id" example:"ses_01jd8x5v9ke2vbrwkxtq4m6h3m"`
	Client      string    `json:"client" doc:"What the client called itself."`
	Current     bool      `json:"current" doc:"The one that asks."`
	CreatedAt   time.Time `json:"created_at"`
	RefreshedAt time.Time `json:"refreshed_at" doc:"When its tokens were last replaced."`
	ExpiresAt   time.Time `json:"expires_at" doc:"When it ends, whatever happens."`
}

func mySessionOf(s access.SessionInfo) mySession {
	return mySession{
		ID: s.ID.String(), Client: s.Client, Current: s.Current, CreatedAt: s.CreatedAt.UTC(),
		RefreshedAt: s.RefreshedAt.UTC(), ExpiresAt: s.Until.UTC(),
	}
}
