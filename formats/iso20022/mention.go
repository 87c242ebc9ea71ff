package iso20022

import (
	"slices"
	"strings"
)

// Mention is a party or a vessel named inside a line of text.
type Mention struct {
	Kind string `json:"kind"` // party, vessel
	Name string `json:"name"` // the party's name, the vessel's IMO number
	In   string `json:"in"`   // where: debtor.address, remittance …
}

// openers begin a second party inside a line.
var openers = []string{"ON BEHALF OF", "FOR AND ON BEHALF OF", "B/O", "BY ORDER OF", "IN FAVOUR OF", "IN FAVOR OF", "FAVOUR", "F/O", "C/O", "CARE OF", "OBO", "FBO", "FOR THE BENEFIT OF"}

// hints are what every opener holds one of: most lines hold none.
var hints = []string{"OF", "/O", "FAVOUR", "BO"}

// mentions finds who else is named in a transfer's lines. Who is named there and openly on the same side is no second party.
func mentions(t *Transfer) (found []Mention) {
	payer, payee := [...]string{nameOf(t.Debtor), nameOf(t.UltimateDebtor)}, [...]string{nameOf(t.Creditor), nameOf(t.UltimateCreditor)}
	for _, p := range [...]struct {
		in    string
		party *Party
		open  [2]string
	}{{"debtor", t.Debtor, payer}, {"ultimate_debtor", t.UltimateDebtor, payer}, {"creditor", t.Creditor, payee}, {"ultimate_creditor", t.UltimateCreditor, payee}} {
		if p.party == nil {
			continue
		}
		found = named(found, p.in+".name", p.party.Name, p.open[:]...)
		for _, line := range p.party.Address.Lines {
			found = named(found, p.in+".address", line, p.open[:]...)
		}
	}
	for _, line := range t.Remittance {
		found = named(found, "remittance", line, payer[0], payer[1], payee[0], payee[1])
	}
	for _, line := range t.Instructions {
		found = named(found, "instructions", line, payer[0], payer[1], payee[0], payee[1])
	}
	return found
}

func nameOf(p *Party) string {
	if p == nil {
		return ""
	}
	return p.Name
}

// named adds what one line names and is not named openly.
func named(found []Mention, in, line string, open ...string) []Mention {
	upper := strings.ToUpper(line)
	if len(upper) == len(line) {
		if name := opened(line, upper); name != "" && !slices.ContainsFunc(open, func(s string) bool { return strings.EqualFold(s, name) }) {
			found = append(found, Mention{"party", name, in})
		}
	}
	for rest := upper; ; {
		at := word(rest, "IMO")
		if at < 0 {
			return found
		}
		rest = strings.TrimLeft(rest[at+len("IMO"):], " :.NO#-")
		if ship(rest) {
			found = append(found, Mention{"vessel", rest[:7], in})
		}
	}
}

// opened is the party behind a line's first opener; of two that begin together, behind the longer.
func opened(line, upper string) string {
	if !slices.ContainsFunc(hints, func(s string) bool { return strings.Contains(upper, s) }) {
		return ""
	}
	best, name := -1, ""
	for _, o := range openers {
		at := word(upper, o)
		if at >= 0 && (best < 0 || at < best || at == best && len(line)-at-len(o) < len(name)) {
			best, name = at, line[at+len(o):]
		}
	}
	if best < 0 {
		return ""
	}
	return partyIn(name)
}

// things are the words that are no part of a name: what is paid for, where it goes, and papers.
var things = map[string]bool{"INVOICE": true, "INVOICES": true, "INV": true, "ORDER": true, "ORDERS": true, "CONTRACT": true, "BILL": true, "REF": true, "REFERENCE": true, "PAYMENT": true,
	"GOODS": true, "SERVICES": true, "PO": true, "BOX": true, "POB": true, "ACCOUNT": true, "ACC": true, "A/C": true, "DATED": true, "VOY": true, "VOYAGE": true, "SHIPMENT": true, "NO": true,
	"OUR": true, "YOUR": true, "OURSELVES": true, "SAME": true, "CUSTOMER": true, "CLIENT": true}

// partyIn is the name that a text begins with: words without digits, up to a comma or a word that is no name's.
func partyIn(text string) string {
	text = strings.TrimLeft(text, " :.-")
	if cut := strings.IndexAny(text, ",;("); cut >= 0 {
		text = text[:cut]
	}
	end, words := 0, 0
	for at := 0; at < len(text); {
		stop := strings.IndexByte(text[at:], ' ')
		if stop < 0 {
			stop = len(text) - at
		}
		w := text[at : at+stop]
		if strings.ContainsAny(w, "0123456789") || things[strings.ToUpper(strings.Trim(w, ".:"))] {
			break
		}
		if w != "" {
			words, end = words+1, at+stop
		}
		at += stop + 1
	}
	name := strings.Trim(text[:end], " :.-")
	const shortest = 4 // of a name that is one word
	if words == 0 || words == 1 && len(name) < shortest {
		return ""
	}
	return name
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

// ship tells whether a text begins with the number of a ship: seven digits, the last of which checks the others.
func ship(s string) bool {
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
