package edifact

// known are the tags of the messages that travel in this trade (PAXLST, CUSRES, PNRGOV, ACKRES, GOVREQ,
// CONTRL and the service segments). They decide no meaning: they only make sure that a line which begins with
// one is the next segment and not the rest of a folded or unreleased text.
var known = map[string]string{}

func init() {
	const all = "UNAUNBUNGUNHUNTUNEUNZUNSUCIUCMUCSUCDUCF" +
		"BGMRFFDTMNADCTACOMTDTLOCATTMEAGEIFTXEMPNATDOCCNTAUTGIDQTYCPIERPERC" +
		"MSGORGTVLEQNSRCRCIDATIFTLTSOSISSRTIFFTIAPDTKTMONPTKTXDADDFOPTRAREFEBDTBDTRIDNGTIPTEROVDCDRDCDTNRGRPICRRPIABIMAPLKPXDEQI" +
		"SDTSACRESTIFTCEHSTOTHEQD"
	for i := 0; i+3 <= len(all); i += 3 {
		known[all[i:i+3]] = all[i : i+3]
	}
}

// names are segments that carry names and addresses: where an apostrophe is most often left unreleased.
func names(tag string) bool { return tag == "NAD" || tag == "TIF" || tag == "ADD" }

// service tells the envelope's own segments, which hold no free text and so are never joined with what follows.
func service(tag string) bool {
	return tag[0] == 'U' && tag[1] == 'N'
}
