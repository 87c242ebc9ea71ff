package synth

// airline is an invented carrier and the habits of its systems.
type airline struct {
	code, name, accounting string
	api, pnr               string // how its interchanges name their sender
	references             bool   // its departure control numbers passengers (RFF+ABO)
	group                  bool   // wraps messages in UNG and UNE
	release                byte   // of its reservation system: one vendor uses the backslash
	flightWidth            int    // to which it pads flight numbers in API messages
	nameless               bool   // its close-outs give references only
	operating              bool   // names the operating flight of a codeshare in TRA; otherwise in a second TVL
	style                  int    // of close-out; see story.close
	dotted                 bool   // its bookings number travellers 01.01
	queries                bool   // asks for people one by one as they check in, on some flights
}

var airlines = map[string]airline{
	"ZZ": {code: "ZZ", name: "ZZ AIR", accounting: "999", api: "ZZAIR", pnr: "ZZ", references: true, group: true, release: '?', flightWidth: 4, nameless: true, operating: true, style: closeOnBoard},
	"YY": {code: "YY", name: "YY WINGS", accounting: "998", api: "YYAPIS", pnr: "YY", references: true, group: true, release: '\\', flightWidth: 3, style: closeBoth, dotted: true},
	"XX": {code: "XX", name: "XX EXPRESS", accounting: "997", api: "XXDCS", pnr: "XX", release: '?', flightWidth: 3, style: closeMissing, queries: true},
}

// How airlines close a flight.
const (
	closeOnBoard = iota // 266 CLOB: those on board
	closeBoth           // 266 CL and CLNB: those on board, and those not
	closeMissing        // 266 CLNB only: whoever is not in it flew
)

// quirk is one way in which a message breaks the standard and can still be understood.
type quirk int

const (
	clean quirk = iota
	noServiceString
	lineBreaks
	teletypeLines
	foldedLines
	countOff
	noTotal
	shortCountries
	spacedNumbers
	titledNames
	bareFlight
	longDates
	expiryFirst
	paddedFlight
	shiftedDocuments
	lowerCase
	noArrivalDate
	lateDocuments // DOCS behind the flight, with a reference to the traveller
)

var (
	apiQuirks = []quirk{noServiceString, lineBreaks, teletypeLines, foldedLines, countOff, noTotal, shortCountries, spacedNumbers, titledNames, bareFlight, longDates, expiryFirst}
	pnrQuirks = []quirk{noServiceString, lineBreaks, teletypeLines, foldedLines, countOff, paddedFlight, shiftedDocuments, lowerCase, noArrivalDate, shortCountries, lateDocuments}
)
