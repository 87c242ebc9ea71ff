package iso20022

import (
	"strings"
	"unicode"
)

// Gap is something a transfer has to carry and does not.
type Gap string

// The gaps, by what is missing.
const (
	PayerName    Gap = "PAYER_NAME"
	PayerAccount Gap = "PAYER_ACCOUNT"
	PayerID      Gap = "PAYER_ID" // address with a number, or birth date and place
	PayeeName    Gap = "PAYEE_NAME"
	PayeeAccount Gap = "PAYEE_ACCOUNT"
	Charset      Gap = "CHARSET" // a field filled with what cannot be there
)

// Profile is whose rule a transfer is held to.
type Profile string

// The rules.
const (
	EU2023 Profile = "eu_2023_1113" // Regulation (EU) 2023/1113, articles 4 and 7
	R16    Profile = "r16_2025"     // FATF Recommendation 16 as revised in June 2025
)

// Gaps are what a transfer lacks by a rule. full: it is above the rule's amount, or linked to others that make it so; below,
// names and accounts are enough. Who knows the day's rates says which.
func Gaps(t *Transfer, by Profile, full bool) (gaps []Gap) {
	missing := func(g Gap, lacks bool) {
		if lacks {
			gaps = append(gaps, g)
		}
	}
	missing(PayerName, t.Debtor == nil || nameless(t.Debtor))
	missing(PayerAccount, t.DebtorAccount.Number() == "" && t.UETR == "" || by == EU2023 && t.DebtorAccount.Number() == "")
	if full {
		missing(PayerID, t.Debtor == nil || !identified(t.Debtor, by))
	}
	missing(PayeeName, t.Creditor == nil || nameless(t.Creditor))
	missing(PayeeAccount, t.CreditorAccount.Number() == "")
	missing(Charset, t.Debtor != nil && garbled(t.Debtor.Name) || t.Creditor != nil && garbled(t.Creditor.Name))
	return gaps
}

// identified tells whether a payer says more of itself than its name, as much as the rule wants.
func identified(p *Party, by Profile) bool {
	if p.LEI != "" || p.BIC != "" {
		return true
	}
	address := p.Address.Country != "" && (p.Address.Town != "" || p.Address.Street != "") || len(p.Address.Lines) > 0
	born := p.Born.Date.Full() && (p.Born.City != "" || p.Born.Country != "")
	if by == R16 && (p.Private || p.Born != Birth{}) { // person to person: address and birth date
		return address && p.Born.Date.Full()
	}
	return address && len(p.Numbers) > 0 || born
}

// placeholders stand where a name should.
var placeholders = map[string]bool{"": true, "ONE OF OUR CUSTOMERS": true, "OUR CUSTOMER": true, "OUR CLIENT": true, "ONE OF OUR CLIENTS": true, "CUSTOMER": true,
	"A CUSTOMER": true, "CLIENT": true, "UNKNOWN": true, "NOTPROVIDED": true, "NOT PROVIDED": true, "NOT AVAILABLE": true, "N/A": true, "TEST": true, "XXX": true,
	"VARIOUS": true, "MR": true, "NO NAME": true, "عميل": true, "غير معروف": true, "أحد عملائنا": true}

func nameless(p *Party) bool {
	name := strings.ToUpper(strings.Trim(p.Name, " .,-_*/?"))
	return p.BIC == "" && (placeholders[name] || strings.Trim(name, "X0123456789 ") == "")
}

// garbled tells whether a name was filled to get by: characters without letters between, or one letter over and over.
func garbled(name string) bool {
	letters, first, same := 0, rune(0), true
	for _, c := range name {
		if !unicode.IsLetter(c) {
			continue
		}
		if letters++; first == 0 {
			first = c
		}
		same = same && c == first
	}
	return name != "" && (letters < 2 || same && letters > 2)
}

// Mention is a party or a vessel named inside a line of text.
type Mention struct {
	Kind string `json:"kind"` // party, vessel
	Name string `json:"name"` // the party's name, the vessel's IMO number
	In   string `json:"in"`   // where: debtor.address, remittance …
}

// openers begin a second party inside a line.
var openers = []string{"ON BEHALF OF", "FOR AND ON BEHALF OF", "B/O", "BY ORDER OF", "IN FAVOUR OF", "IN FAVOR OF", "FAVOUR", "F/O", "C/O", "CARE OF", "OBO", "FBO", "FOR THE BENEFIT OF"}

func mentions(t *Transfer) (found []Mention) {
	for _, p := range []struct {
		in    string
		party *Party
	}{{"debtor", t.Debtor}, {"ultimate_debtor", t.UltimateDebtor}, {"creditor", t.Creditor}, {"ultimate_creditor", t.UltimateCreditor}} {
		if p.party == nil {
			continue
		}
		found = named(found, p.in+".name", p.party.Name)
		for _, line := range p.party.Address.Lines {
			found = named(found, p.in+".address", line)
		}
	}
	for _, line := range t.Remittance {
		found = named(found, "remittance", line)
	}
	for _, line := range t.Instructions {
		found = named(found, "instructions", line)
	}
	return found
}

// named adds what one line names.
func named(found []Mention, in, line string) []Mention {
	upper := strings.ToUpper(line)
	if len(upper) == len(line) {
		best := -1
		name := ""
		for _, o := range openers {
			at := word(upper, o)
			if at >= 0 && (best < 0 || at < best || at == best && len(line)-at-len(o) < len(name)) {
				best, name = at, line[at+len(o):]
			}
		}
		if name = strings.Trim(name, " :.,-"); name != "" {
			found = append(found, Mention{"party", name, in})
		}
	}
	for rest := upper; ; {
		at := word(rest, "IMO")
		if at < 0 {
			return found
		}
		rest = strings.TrimLeft(rest[at+len("IMO"):], " :.NO#-")
		if IMO(rest) {
			found = append(found, Mention{"vessel", rest[:7], in})
		}
	}
}

// word finds s in line as a word of its own, or -1.
func word(line, s string) int {
	for from := 0; ; {
		at := strings.Index(line[from:], s)
		if at < 0 {
			return -1
		}
		at += from
		end := at + len(s)
		if (at == 0 || !letter(line[at-1])) && (end == len(line) || !letter(line[end])) {
			return at
		}
		from = end
	}
}

func letter(c byte) bool { return c >= 'A' && c <= 'Z' }

// IMO tells whether a text begins with the number of a ship: seven digits, the last of which checks the others.
func IMO(s string) bool {
	const digits = 7
	if len(s) < digits || len(s) > digits && s[digits] >= '0' && s[digits] <= '9' {
		return false
	}
	sum := 0
	for i := range digits {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		if i < digits-1 {
			sum += int(s[i]-'0') * (digits - i)
		}
	}
	return sum%10 == int(s[digits-1]-'0')
}
