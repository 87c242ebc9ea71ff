// Package bankid checks the identifiers of payments: IBAN (ISO 13616), BIC (ISO 9362), LEI (ISO 17442) and UETR, the
// reference that follows a transfer from end to end.
//
// Call [IBAN], [BIC], [LEI] or [UETR]; each takes the identifier as it is printed and answers whether it can be one.
// Whether the account or the firm exists nobody here knows.
package bankid

import "strings"

// lengths are the whole lengths of the IBANs of the register.
const lengths = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 " +
	"GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 " +
	"MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30 "

var length = func() map[string]int {
	m := make(map[string]int, 100)
	for _, w := range strings.Fields(lengths) {
		m[w[:2]] = int(w[2]-'0')*10 + int(w[3]-'0')
	}
	return m
}()

// LooksIBAN tells whether a text is meant as an IBAN: a country of the register, two digits, and more. An account number
// that happens to begin so is told apart by [IBAN] alone.
func LooksIBAN(s string) bool {
	return len(s) >= 15 && length[s[:2]] > 0 && digit(s[2]) && digit(s[3])
}

// Fault is why an identifier cannot be right; empty when it can.
type Fault string

// The faults an identifier can have.
const (
	Fine      Fault = ""
	Length    Fault = "has the wrong length"
	Character Fault = "holds a character that cannot be there"
	Country   Fault = "names a country that has none"
	Checksum  Fault = "has wrong check digits"
)

// IBAN checks country, length and check digits. It is written without blanks, in capitals.
func IBAN(s string) Fault {
	if len(s) < 5 {
		return Length
	}
	n, known := length[s[:2]]
	switch {
	case !known:
		return Country
	case len(s) != n:
		return Length
	}
	return mod97(s[4:], s[:4])
}

// LEI checks length and check digits of the identifier of a legal entity.
func LEI(s string) Fault {
	if len(s) != 20 {
		return Length
	}
	if !digit(s[18]) || !digit(s[19]) {
		return Character
	}
	return mod97(s, "")
}

// mod97 is the check of ISO 7064 over both parts, one behind the other.
func mod97(parts ...string) Fault {
	r := 0
	for _, p := range parts {
		for i := range len(p) {
			switch c := p[i]; {
			case digit(c):
				r = (r*10 + int(c-'0')) % 97
			case c >= 'A' && c <= 'Z':
				r = (r*100 + int(c-'A') + 10) % 97
			default:
				return Character
			}
		}
	}
	if r != 1 {
		return Checksum
	}
	return Fine
}

// BIC checks the shape of a bank's or firm's code: four letters or digits, a country, two of place and, maybe, three of branch.
func BIC(s string) Fault {
	if len(s) != 8 && len(s) != 11 {
		return Length
	}
	for i := range len(s) {
		letter := s[i] >= 'A' && s[i] <= 'Z'
		if !letter && (!digit(s[i]) || i == 4 || i == 5) {
			return Character
		}
	}
	return Fine
}

// UETR checks that s is a version 4 UUID in small letters.
func UETR(s string) Fault {
	if len(s) != 36 {
		return Length
	}
	for i := range len(s) {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return Character
			}
		case !digit(c) && (c < 'a' || c > 'f'):
			return Character
		}
	}
	if s[14] != '4' || !strings.ContainsRune("89ab", rune(s[19])) {
		return Character
	}
	return Fine
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
