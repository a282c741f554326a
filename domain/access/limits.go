package access

import "time"

// The limits of this context.
const (
	NameMax        = 255 // Characters of a name of a person, a role or a key.
	ClientMax      = 255 // Bytes of what tells a person their sessions apart; longer ones are cut.
	PasswordMin    = 8   // Characters: ASVS 5.0, 6.2.1.
	PasswordMax    = 1024
	RolesMax       = 100 // Of a shop, and so of a member of staff.
	StaffMax       = 1000
	SessionsMax    = 50   // Live ones of an account: with one more, the one that was used longest ago ends.
	SessionsListed = 100  // Of an account, as they are read.
	APIKeysMax     = 1000 // Of a shop, revoked ones too.
	PageMax        = 100  // Entries of a page of the audit log.
)

// The life times of secrets that are mailed. A link is read in a mail program, maybe hours later, which is why these are
// longer than the ten minutes of a code that is typed (ASVS 5.0, 6.5.5); a reset lasts an hour at most, as the OWASP
// Forgot Password Cheat Sheet asks for.
const (
	VerifyTTL = 24 * time.Hour
	ResetTTL  = time.Hour
)

// KeyTTLMax is how far ahead an API key may expire.
const KeyTTLMax = 2 * 366 * 24 * time.Hour

// UsedEvery is how exactly the last use of an API key is known, so that a use costs no write.
const UsedEvery = time.Hour

// KeptFor is how long a session is kept after its end: so long a refresh token of it is known to be stolen, and so long
// the device is known.
const KeptFor = 30 * 24 * time.Hour
