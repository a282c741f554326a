package access

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// common are the passwords that anybody tries first, in lower case. They are made by rule, of the words that people
// choose and of what they put behind them when they are told that a word is not enough.
var common = commonPasswords()

// favourites are what most bad passwords are made of.
const favourites = `password passwort passwd secret letmein welcome admin administrator root user guest test tester
	login master access changeme default qwerty qwertz azerty asdfgh zxcvbn iloveyou loveyou monkey dragon sunshine
	princess football baseball superman batman shadow michael jordan jennifer charlie hello freedom whatever trustno
	starwars computer internet google summer winter spring autumn monday friday january december london england
	ipswich arsenal chelsea liverpool manchester soccer hockey cookie flower purple orange banana chocolate butterfly
	mustang ferrari mercedes harley killer hunter ranger buster soccer tigger pepper ginger cheese maggie daniel
	thomas robert jessica ashley nicole matthew andrew joshua samsung pokemon naruto minecraft blink shop store
	shopping customer money orders private abc123 abcd1234 aa123456 pass1234 p4ssword`

// endings are what is put behind them.
const endings = `1 12 123 1234 12345 123456 1! 12! 123! ! !! 0 01 007 2 22 69 77 99 2020 2021 2022 2023 2024 2025 2026 2027 s`

// walks are ways over the keyboard and other strings that need no word.
const walks = `1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc qazwsxedc zaq12wsx q1w2e3r4 q1w2e3r4t5 qwer1234 qwertyuiop
	qwertyui asdfghjkl asdfghjk zxcvbnm1 zxcvbnm123 asdf1234 asdfasdf qweqwe123 qwe12345 123qweasd 123qwe123 1234qwer
	12341234 12121212 11223344 112233445566 123123123 123454321 1234554321 147258369 159357456 789456123 987654321
	0987654321 1234567890 123456789a a123456789 a12345678 12345678a 123456abc abc12345 abcd12345 abc123456 abc123abc
	abcdefg1 abcdefgh1 asd12345 qwert123 qwerty12 zxcv1234 1a2b3c4d a1b2c3d4 a1s2d3f4 31415926 14141414 10203040
	00112233 01234567 13131313 19871987 20202020 trustno1 iloveyou1 passw0rd password1 correcthorsebatterystaple`

func commonPasswords() map[string]bool {
	out := map[string]bool{}
	add := func(text string) {
		if utf8.RuneCountInString(text) >= PasswordMin {
			out[text] = true
		}
	}
	for _, word := range strings.Fields(favourites) {
		add(word)
		add(word + word)
		for _, end := range strings.Fields(endings) {
			add(word + end)
		}
	}
	for _, walk := range strings.Fields(walks) {
		add(walk)
	}
	for year := 1950; year <= 2030; year++ { // Years of birth, doubled to be long enough.
		add(strconv.Itoa(year) + strconv.Itoa(year))
	}
	return out
}
