package compose

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/ipswich-retail/commerce/adapters/system"
	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/event"
	"github.com/ipswich-retail/commerce/domain/ordering"
	"github.com/ipswich-retail/commerce/ports/observe"
)

// told are the events that operators are told of under a name of their own, and at which level. They come from the
// outbox, so each is told at least once, by one server of the shop.
var told = map[string]struct {
	message string
	level   zapcore.Level
}{
	access.SignedIn{}.EventName():            {observe.SignedIn, zap.InfoLevel},
	access.TokenReused{}.EventName():         {observe.RefreshReused, zap.WarnLevel},
	access.PasswordChanged{}.EventName():     {observe.PasswordChanged, zap.InfoLevel},
	access.AccountStateChanged{}.EventName(): {observe.AccountChanged, zap.InfoLevel},
	access.StaffChanged{}.EventName():        {observe.StaffChanged, zap.InfoLevel},
	access.RoleSaved{}.EventName():           {observe.RoleChanged, zap.InfoLevel},
	access.APIKeyChanged{}.EventName():       {observe.KeyMade, zap.InfoLevel},
	ordering.PaymentRecorded{}.EventName():   {observe.Payment, zap.InfoLevel},
}

// logEvent writes an event's envelope to the log: those that operators are told of, and all others at level debug. Their
// data stay in the outbox.
func logEvent(log *zap.Logger) system.Handler {
	return func(_ context.Context, e event.Event) error {
		message, level := observe.Event, zap.DebugLevel
		name := e.Name
		if t, known := told[e.Name]; known {
			message, level = t.message, t.level
		}
		switch e.Name {
		case access.APIKeyChanged{}.EventName():
			if revoked(e) {
				message = observe.KeyRevoked
			}
		case ordering.PaymentRecorded{}.EventName():
			name = entryKind(e)
		}
		log.Log(level, message, zap.String(observe.Name, name), zap.String(observe.Subject, subject(e.Aggregate)),
			zap.String(observe.EventID, e.ID.String()), zap.Time(observe.At, e.At))
		return nil
	}
}

// ownID is the form of ids that the shop makes for itself.
var ownID = regexp.MustCompile(`^[a-z]+_[0-9a-z]{26}$`)

// subject is what an event is about, for a log: an id of the shop's own, else only what sort of thing, for the name of a
// location or of an item is what somebody typed.
func subject(aggregate string) string {
	if ownID.MatchString(aggregate) {
		return aggregate
	}
	kind, _, found := strings.Cut(aggregate, ":")
	if !found {
		return ""
	}
	return kind
}

// revoked tells whether a key was revoked rather than made.
func revoked(e event.Event) bool {
	var k access.APIKeyChanged
	return json.Unmarshal(e.Data, &k) == nil && k.Revoked
}

// entryKind tells what became of a payment.
func entryKind(e event.Event) string {
	var p ordering.PaymentRecorded
	if json.Unmarshal(e.Data, &p) != nil {
		return e.Name
	}
	return string(p.Kind)
}
