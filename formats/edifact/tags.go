package edifact

// Kind is a tag as a small number, for a switch that is one jump: zero where no message of this trade has the tag.
type Kind uint8

// The tags of the messages that travel in this trade (PAXLST, CUSRES, PNRGOV, ACKRES, GOVREQ, CONTRL and the service
// segments, which come first). They decide no meaning here: they only make sure that a line which begins with one is
// the next segment and not the rest of a folded or unreleased text.
const (
	UNA Kind = iota + 1
	UNB
	UNG
	UNH
	UNT
	UNE
	UNZ
	UNS
	UCI
	UCM
	UCS
	UCD
	UCF
	BGM
	RFF
	DTM
	NAD
	CTA
	COM
	TDT
	LOC
	ATT
	MEA
	GEI
	FTX
	EMP
	NAT
	DOC
	CNT
	AUT
	GID
	QTY
	CPI
	ERP
	ERC
	MSG
	ORG
	TVL
	TRA
	RPI
	APD
	SAC
	EQN
	SRC
	RCI
	SSR
	DAT
	IFT
	LTS
	ADD
	EBD
	TIF
	FTI
	REF
	FAR
	TKT
	MON
	PTK
	TXD
	CPN
	FOP
	TRI
	TBD
	EQI
	SEB
	ABI
	CRI
	ASD
	FDR
	TXS
	PDI
	APL
	REL
	LKP
	POC
	PRV
	SDT
	ODI
	DUM
	ERI
	EQU
	IDE
	OSI
)

// knownTags spells them, in the same order.
const knownTags = "UNA UNB UNG UNH UNT UNE UNZ UNS UCI UCM UCS UCD UCF " +
	"BGM RFF DTM NAD CTA COM TDT LOC ATT MEA GEI FTX EMP NAT DOC CNT AUT GID QTY CPI ERP ERC " +
	"MSG ORG TVL TRA RPI APD SAC EQN SRC RCI SSR DAT IFT LTS ADD EBD TIF FTI REF FAR TKT MON PTK TXD CPN FOP TRI TBD EQI " +
	"SEB ABI CRI ASD FDR TXS PDI APL REL LKP POC PRV SDT ODI DUM ERI EQU IDE OSI "

// kinds finds a tag by the three letters as one number. tagFactor was searched for until no two tags met; a test
// holds it to that.
var kinds = func() (t [1 << 10]struct {
	letters uint32
	kind    Kind
}) {
	for i := 0; i < len(knownTags); i += 4 {
		n := uint32(knownTags[i]) | uint32(knownTags[i+1])<<8 | uint32(knownTags[i+2])<<16
		t[n*tagFactor>>22].letters, t[n*tagFactor>>22].kind = n, Kind(i/4+1)
	}
	return
}()

const tagFactor = 0x18eb7e53

// kindOf is the tag whose letters are these, the first one lowest.
func kindOf(letters uint32) Kind {
	if t := &kinds[letters*tagFactor>>22]; t.letters == letters {
		return t.kind
	}
	return 0
}

// kindAt is the tag at i.
func kindAt(s string, i int) Kind {
	if i+3 > len(s) {
		return 0
	}
	s = s[i : i+3]
	return kindOf(uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16)
}

// known returns the standard's own spelling of the tag at i, or "".
func known(s string, i int) string {
	n := int(kindAt(s, i)) * 4
	if n == 0 {
		return ""
	}
	return knownTags[n-4 : n-1]
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
