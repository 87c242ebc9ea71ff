package synth

import (
	"strings"
	"time"
)

// broken makes messages that nobody can read, sent among the others. None of them names a flight that is read.
func broken(o Options, among []Message) []Message {
	d := newDice(o.Seed, "broken", 0)
	var out []Message
	for i := range o.Broken {
		sent := o.Start
		if len(among) > 0 {
			sent = of(d, among).Sent
		}
		m := Message{Carrier: of(d, []string{"ZZ", "YY", "XX"}), Sent: sent}
		m.Body, m.Name = unreadable(d, i, m.Carrier, sent)
		out = append(out, m)
	}
	return out
}

func unreadable(d dice, n int, carrier string, sent time.Time) (body []byte, name string) {
	reference := padded(9000000+n, 9)
	flight := carrier + padded(9000+n%1000, 4)
	envelope := "UNA:+.? '\nUNB+UNOA:4+" + airlines[carrier].api + "+BHPIU+" + yymmdd(sent) + ":" + hhmm(sent) + "+" + reference + "'\n"
	body745 := "BGM+745'\nNAD+MS+++" + airlines[carrier].name + " API DESK'\nTDT+20+" + flight + "+++" + carrier + "'\nLOC+125+DXB'\nDTM+189:" + yymmdd(sent) + "1030:201'\nLOC+87+BAH'\nDTM+232:" + yymmdd(sent) + "1045:201'\n" +
		"NAD+FL+++" + of(d, british.families) + ":" + of(d, british.men) + "'\nATT+2++M'\nDTM+329:800115'\nNAT+2+GBR'\nDOC+P:110:111+" + d.shaped("999999999") + "'\nDTM+36:310101'\nLOC+91+GBR'\nCNT+42:1'\n"
	trailer := "UNT+20+MSG001'\nUNZ+1+" + reference + "'\n"
	head := "UNH+MSG001+PAXLST:D:05B:UN:IATA'\n"
	switch n % 7 {
	case 0: // a type nobody knows
		return []byte(envelope + strings.Replace(head, "PAXLST", "PAXLTS", 1) + body745 + trailer), "paxlst.edi"
	case 1: // no flight
		tdt := strings.Index(body745, "TDT")
		loc := strings.Index(body745, "LOC")
		return []byte(envelope + head + body745[:tdt] + body745[loc:] + trailer), "paxlst.edi"
	case 2: // cut off before the flight
		return []byte(envelope + head + body745[:strings.Index(body745, "TDT")-8]), "paxlst.edi"
	case 3: // a mail to the wrong address
		return []byte("Subject: passenger list " + flight + "\r\n\r\nDear colleagues,\r\nplease find the list attached, reference " + reference + ".\r\n"), "paxlst.edi"
	case 4: // its beginning is lost
		return []byte(body745 + trailer), "paxlst.edi"
	case 5: // an archive
		return []byte("PK\x03\x04\x14\x00\x00\x00\x08\x00" + d.shaped("99999999") + "\x00\x00list-" + reference + ".edi\x00\xff\xfe\x9c\x01"), "paxlst.edi"
	}
	return []byte("UNA:+.?*'\nUNB+IATA:1+" + carrier + "+BHPIU+" + yymmdd(sent) + ":" + hhmm(sent) + "+" + reference + "++PNRGOV'\nUNH+1+PNRXXX:11:1:IA+" + flight + "'\nMSG+:22'\nORG+" + carrier + ":BAH'\nTVL+" +
		ddmmyy(sent) + ":1030::1145+DXB+BAH+" + carrier + "+9001'\nEQN+0'\nUNT+6+1'\nUNZ+1+" + reference + "'\n"), "pnrgov.edi"
}
