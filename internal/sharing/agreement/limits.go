package agreement

import "slices"

// Words of the document that code looks at.
const (
	apiVersion = "rihla.agreement/v1"
	kindName   = "Agreement"
	oversight  = "oversight"

	statusDraft = "draft"

	modeNotice  = "notice"
	modeHit     = "hit_no_hit"
	modePrivate = "private_match"
	modeFull    = "full"

	triggerRequest     = "request"
	triggerSpontaneous = "spontaneous"
	triggerPeriodic    = "periodic"

	releaseOfficer  = "officer"
	releaseStanding = "standing"

	confirmBoth     = "both_sides"
	confirmSending  = "sending_side"
	confirmReplying = "replying_side"
	confirmNone     = "not_applicable"

	tlpFromRecord = "from_record"
	tlpRed        = "TLP:RED"

	required         = "required"
	answerAsNoHit    = "as_no_hit"
	consentOfSubject = "data_subject"
	borderCheck      = "border-check" // the purpose for which API is kept for hours only
)

// limits are what a category allows a share at most. A share may always be stricter.
type limits struct {
	domains     []string // an authority that sends or gets it serves one of these
	modes       []string
	standing    func(mode string) bool // whether a machine may release it
	confirm     func(mode string) (sending, replying bool)
	max         Duration
	border      Duration // the most for border checks
	mask        Duration // identities are masked by then; zero: need not be
	dormant     Duration // the most after max; zero: none
	onNoHit     Duration // what was asked goes by then when there is no hit; zero: no such answer
	review      Duration // looked at that often at least; zero: need not be
	people      bool     // it is about persons whom nobody asked
	twoApprove  bool     // two people, or one and the data-protection officer
	fields      []string // all that a share may list; nil: whatever the catalogue has
	ask         []string // what a request says of its subject
	requirement string   // on how long it is kept
}

func days(text string) Duration {
	d, err := ParseDuration(text)
	if err != nil {
		return Duration{}
	}
	return d
}

func nothing(string) bool          { return false }
func anything(string) bool         { return true }
func bothSides(string) (a, b bool) { return true, true }
func sender(string) (a, b bool)    { return true, false }
func replier(string) (a, b bool)   { return false, true }
func noSide(string) (a, b bool)    { return false, false }

// What a request may say of whom or what it asks about.
var (
	askPerson = []string{
		"person.family_name", "person.given_names", "person.aliases", "person.dob", "person.place_of_birth", "person.nationality", "person.sex",
		"document.type", "document.number", "document.issuer", "document.expiry", "match.reference",
	}
	askVetting     = append([]string{"vetting.reference"}, askPerson...)
	askPNR         = append([]string{"pnr.locator", "flight.number", "flight.date"}, askPerson...)
	askFunds       = append([]string{"account.iban", "account.institution", "entity.name", "entity.registration"}, askPerson...)
	askIncident    = []string{"incident.class", "incident.started", "incident.technique", "incident.affected_sector", "incident.artefact_hash", "incident.timeline", "incident.contact", "indicator.type", "indicator.value"}
	askDocument    = []string{"document.type", "document.number", "document.issuer"}
	askConsignment = []string{"waybill.number", "waybill.house", "flight.number", "flight.date", "shipper.name", "consignee.name"}
)

// What shares of two categories list at most: an entry of a list without what else is known of the person, and a document
// without its holder.
var (
	entryFields = []string{
		"person.family_name", "person.given_names", "person.aliases", "person.dob", "person.place_of_birth", "person.nationality", "person.sex",
		"document.type", "document.number", "document.issuer", "document.expiry",
		"match.reference", "match.legal_basis", "match.action_requested", "match.caution",
	}
	documentFields = []string{
		"document.type", "document.number", "document.issuer", "document.expiry", "document.status", "document.reported", "match.reference",
	}
)

// categories are the limits, by category.
var categories = map[string]limits{
	"watchlist-match": {
		domains: []string{"travel", "facilitation"}, modes: []string{modePrivate, modeHit},
		standing: func(mode string) bool { return mode == modePrivate },
		confirm:  func(mode string) (bool, bool) { return mode == modeHit, mode == modeHit },
		max:      days("P1Y"), onNoHit: days("PT24H"), people: true, ask: askPerson, requirement: "R-AGR-48",
	},
	"core-data": {
		domains: []string{"travel", "facilitation"}, modes: []string{modeFull}, standing: nothing, confirm: bothSides,
		max: days("P3Y"), review: days("P1Y"), people: true, ask: askPerson, requirement: "R-AGR-48",
	},
	"list-entry": {
		domains: []string{"travel", "facilitation"}, modes: []string{modeFull}, standing: nothing, confirm: sender,
		max: days("P1Y"), people: true, fields: entryFields, ask: askPerson, requirement: "R-AGR-48",
	},
	"lost-document": {
		domains: []string{"travel", "facilitation"}, modes: []string{modeFull}, standing: anything, confirm: noSide,
		max: days("P10Y"), fields: documentFields, ask: askDocument, requirement: "R-AGR-48",
	},
	"pnr": {
		domains: []string{"travel"}, modes: []string{modeFull}, standing: nothing, confirm: bothSides,
		max: days("P5Y"), dormant: days("P10Y"), mask: days("P6M"), people: true, twoApprove: true, ask: askPNR, requirement: "R-AGR-09",
	},
	"api": {
		domains: []string{"travel"}, modes: []string{modeFull}, standing: nothing, confirm: sender,
		max: days("P1Y"), border: days("PT48H"), people: true, ask: askPNR, requirement: "R-AGR-12",
	},
	"vetting": {
		domains: []string{"facilitation"}, modes: []string{modeFull}, standing: nothing, confirm: replier,
		max: days("P5Y"), ask: askVetting, requirement: "R-AGR-48",
	},
	"fiu-known": {
		domains: []string{"funds"}, modes: []string{modeHit}, standing: nothing, confirm: bothSides,
		max: days("P1Y"), onNoHit: days("P7D"), people: true, ask: askFunds, requirement: "R-AGR-48",
	},
	"fiu-analysis": {
		domains: []string{"funds"}, modes: []string{modeFull}, standing: nothing, confirm: bothSides,
		max: days("P5Y"), people: true, ask: askFunds, requirement: "R-AGR-48",
	},
	"cash-declaration": {
		domains: []string{"funds"}, modes: []string{modeFull}, standing: nothing, confirm: sender,
		max: days("P5Y"), mask: days("P1Y"), people: true, ask: askFunds, requirement: "R-AGR-48",
	},
	"freeze": {
		domains: []string{"funds"}, modes: []string{modeNotice}, standing: nothing, confirm: bothSides,
		max: days("P10Y"), review: days("P1Y"), ask: askFunds, requirement: "R-AGR-48",
	},
	"indicator": {
		domains: []string{"cyber"}, modes: []string{modeFull}, standing: anything, confirm: noSide,
		max: days("P2Y"), ask: askIncident, requirement: "R-AGR-48",
	},
	"incident": {
		domains: []string{"cyber"}, modes: []string{modeFull}, standing: nothing, confirm: replier,
		max: days("P2Y"), ask: askIncident, requirement: "R-AGR-48",
	},
	"security-referral": {
		domains: []string{"cargo"}, modes: []string{modeNotice}, standing: nothing, confirm: sender,
		max: days("P3Y"), ask: askConsignment, requirement: "R-AGR-48",
	},
	"consignment": {
		domains: []string{"cargo"}, modes: []string{modeFull}, standing: nothing, confirm: bothSides,
		max: days("P5Y"), ask: askConsignment, requirement: "R-AGR-48",
	},
	"trusted-trader": {
		domains: []string{"cargo"}, modes: []string{modeFull}, standing: anything, confirm: noSide,
		max: days("P5Y"), ask: []string{"trader.id", "trader.country"}, requirement: "R-AGR-48",
	},
}

// allows says whether a share of the category may list a field at all.
func (l *limits) allows(name string) bool { return l.fields == nil || slices.Contains(l.fields, name) }

// AskFields are the fields that a request of a category may carry about whom or what it asks for. They are what the
// holder searches by; nothing else of the subject leaves with the question.
func AskFields(category string) []string { return append([]string(nil), categories[category].ask...) }

// passes are the messages that suspension does not stop: they honour duties on what was received before.
var passes = map[string]bool{
	"ACK": true, "HELLO": true, "KEYS": true, "WITNESS": true, "ERASE": true, "CORRECTION": true, "DONE": true, "DOUBT": true, "FLAG": true,
	"RESTRICT": true, "BREACH": true, "SUSPEND": true, "RESUME": true, "REVIEW": true, "RECEIPT": true, "REFUSAL": true,
}

// AlwaysPasses says whether messages of a type pass while a share, or all of them, are suspended.
func AlwaysPasses(messageType string) bool { return passes[messageType] }
