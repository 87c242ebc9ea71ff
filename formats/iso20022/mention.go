package iso20022

import "strings"

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
