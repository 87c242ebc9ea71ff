package goods

import (
	"strings"
	"unicode"
)

// What can be wrong with a party.
const (
	PartyGeneric      = "PARTY_GENERIC"
	AddressIncomplete = "ADDRESS_INCOMPLETE"
)

// Generic tells a name that names nobody: SHIPPER, TO ORDER, a number, one or two letters, nothing.
func Generic(name string) bool {
	ws := strings.FieldsFunc(fold(name), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	letters, same, script := 0, true, false
	var first rune
	for _, w := range ws {
		for _, c := range w {
			if unicode.IsDigit(c) {
				continue
			}
			if letters == 0 {
				first = c
			}
			same = same && c == first
			script = script || c > 0x24F // outside Latin, two letters can be a name
			letters++
		}
	}
	return letters == 0 || letters <= 2 && !script || letters > 2 && same || generics[strings.Join(ws, " ")]
}

// generics are names that name nobody, as they are compared.
var generics = func() map[string]bool {
	set := map[string]bool{}
	for _, name := range []string{
		"SHIPPER", "THE SHIPPER", "CONSIGNOR", "SENDER", "EXPORTER", "CONSIGNEE", "THE CONSIGNEE", "CNEE", "RECEIVER", "IMPORTER", "NOTIFY", "NOTIFY PARTY",
		"TO ORDER", "TO THE ORDER", "TO ORDER OF SHIPPER", "ORDER", "BEARER", "UNKNOWN", "N A", "NIL", "NONE", "NO NAME", "ANONYMOUS", "SAME",
		"SAME AS CONSIGNEE", "SAME AS SHIPPER", "SAME AS ABOVE", "AS ABOVE", "AS PER HAWB", "AS PER MAWB", "AS PER HOUSE", "AS PER ATTACHED", "AS PER INVOICE",
		"AS AGREED", "TBA", "TBN", "TBC", "TO BE ADVISED", "TO BE CONFIRMED", "NOT AVAILABLE", "NOT APPLICABLE", "NOT KNOWN", "TEST", "CUSTOMER", "CLIENT",
		"COMPANY", "PRIVATE", "PRIVATE PERSON", "NAME", "VARIOUS", "SEE ATTACHED", "AGENT",
		"المرسل", "المرسل اليه", "المستلم", "المصدر", "المستورد", "لأمر", "لحامله", "غير معروف", "غير محدد", "مجهول", "لا يوجد", "نفسه", "حسب المرفق", "زبون", "عميل",
	} {
		set[strings.Join(strings.Fields(fold(name)), " ")] = true
	}
	return set
}()
