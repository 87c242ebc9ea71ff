package edifact

// known are the tags of the messages that travel in this trade (PAXLST, CUSRES, PNRGOV, ACKRES, GOVREQ,
// CONTRL and the service segments). They decide no meaning: they only make sure that a line which begins with
// one is the next segment and not the rest of a folded or unreleased text.
const knownTags = "UNA UNB UNG UNH UNT UNE UNZ UNS UCI UCM UCS UCD UCF " +
	"BGM RFF DTM NAD CTA COM TDT LOC ATT MEA GEI FTX EMP NAT DOC CNT AUT GID QTY CPI ERP ERC " +
	"MSG ORG TVL TRA RPI APD SAC EQN SRC RCI SSR DAT IFT LTS ADD EBD TIF FTI REF FAR TKT MON PTK TXD CPN FOP TRI TBD EQI " +
	"SEB ABI CRI ASD FDR TXS PDI APL REL LKP POC PRV SDT ODI DUM ERI EQU IDE OSI "

// knownAt finds a tag in knownTags: five bits of each letter, then where it stands there, from 1.
var knownAt = func() (t [1 << 15]uint16) {
	for i := 0; i < len(knownTags); i += 4 {
		t[tagHash(knownTags, i)] = uint16(i) + 1
	}
	return
}()

func tagHash(s string, i int) uint16 {
	return uint16(s[i]&31)<<10 | uint16(s[i+1]&31)<<5 | uint16(s[i+2]&31)
}

// known returns the standard's own spelling of the tag at i, or "".
func known(s string, i int) string {
	if i+3 > len(s) {
		return ""
	}
	n := int(knownAt[tagHash(s, i)])
	if n == 0 || knownTags[n-1:n+2] != s[i:i+3] {
		return ""
	}
	return knownTags[n-1 : n+2]
}

// names are segments that carry names and addresses: where an apostrophe is most often left unreleased.
func names(tag string) bool { return tag == "NAD" || tag == "TIF" || tag == "ADD" }

// codesOnly are segments that hold nothing but codes, numbers and dates: no apostrophe in them is text.
func codesOnly(tag string) bool {
	switch tag {
	case "BGM", "RFF", "DTM", "TDT", "ATT", "MEA", "GEI", "EMP", "NAT", "DOC", "CNT", "ERP", "ERC", "MSG", "TVL", "EQN", "SRC", "DAT", "TKT", "CPN", "APD", "RPI":
		return true
	}
	return false
}

// service tells the envelope's own segments, which hold no free text and so are never joined with what follows.
func service(tag string) bool {
	return tag[0] == 'U' && tag[1] == 'N'
}
