package access

import (
	"strings"
	"unicode/utf8"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// PasswordRule names the rule that a new password breaks, or "" for a good one: PasswordMin characters or more, any of
// Unicode, PasswordMax at most, none of the common ones, not the own address. There is no rule about kinds of
// characters, which makes passwords worse (ASVS 5.0, 6.2.5), and nothing is cut or folded.
func PasswordRule(password Secret, email string) string {
	text := password.Reveal()
	switch {
	case utf8.RuneCountInString(text) > PasswordMax:
		return "a password has at most 1024 characters"
	case !utf8.ValidString(text):
		return "a password is valid UTF-8"
	case utf8.RuneCountInString(text) < PasswordMin:
		return "a password has at least 8 characters"
	}
	folded := strings.ToLower(text)
	end := len(strings.TrimRight(folded, "0123456789!")) // What is put behind a word is none of its letters.
	local, _, _ := strings.Cut(strings.ToLower(email), "@")
	switch {
	case common[folded], common[unleet.Replace(folded)], common[unleet.Replace(folded[:end])+folded[end:]], monotonous(folded):
		return "this password is among the first that anybody tries; choose another"
	case email != "" && (folded == strings.ToLower(email) || folded == local):
		return "a password is not the own address"
	}
	return ""
}

// passwordRule is PasswordRule as violations.
func passwordRule(password Secret, email string) []*fault.Error {
	if rule := PasswordRule(password, email); rule != "" {
		return []*fault.Error{Rule.New(rule).At("password")}
	}
	return nil
}

// unleet takes the usual replacements of letters back.
var unleet = strings.NewReplacer("@", "a", "4", "a", "3", "e", "1", "i", "!", "i", "0", "o", "$", "s", "5", "s", "7", "t")

// monotonous tells whether a text is one or two characters over and over, or characters in a row, up or down.
func monotonous(text string) bool {
	runes := []rune(text)
	distinct := map[rune]bool{}
	up, down := true, true
	for i, r := range runes {
		distinct[r] = true
		if i > 0 {
			up = up && r == runes[i-1]+1
			down = down && r == runes[i-1]-1
		}
	}
	return len(distinct) <= 2 || up || down
}
