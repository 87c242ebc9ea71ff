package synth

import (
	"fmt"
	"time"
)

// Payments makes n transfers in files of so many each, for measuring: nobody is planted among those who pay and are paid,
// and one in twenty has paid before.
func Payments(seed uint64, n, each int) []Message {
	o := Options{Seed: seed}.withDefaults()
	m := &month{
		FundsMonth: FundsMonth{From: o.Start, To: o.Start.AddDate(0, 0, 1)}, options: o, documents: map[string]bool{}, accounts: map[string]bool{},
		dice: newDice(seed, "payments", 0),
	}
	var out []Message
	var c FundsCase
	var from *holder
	for len(m.transfers) < n {
		if from == nil || !m.percent(5) {
			from = m.foreign()
		}
		m.pay(&c, 0, from, m.local(), m.odd(80, 9000))
		c = FundsCase{}
	}
	for i := 0; i < n; i += each {
		b := &homeBanks[len(out)%len(homeBanks)]
		out = append(out, Message{
			Name: fmt.Sprintf("pacs008-%06d.xml", len(out)+1), Domain: "funds", Carrier: b.filer, Sent: o.Start.Add(time.Duration(len(out)) * time.Second),
			Body: pacs008(b, o.Start, m.transfers[i:min(i+each, n)]),
		})
	}
	return out
}
