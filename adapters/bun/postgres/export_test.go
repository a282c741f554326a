package postgres

// What tests look at that no adopter needs.
var (
	Stripped = stripped
	NameOf   = nameOf
	Hushed   = hushed
)

// Heard is what a store does with what another server told.
func Heard(payload string) { new(Store).heard(payload) }
