package ledger

import "time"

// Development is something since the last round that a meeting must know of.
type Development struct {
	At        time.Time `json:"at"`
	Kind      Happened  `json:"kind"`
	Agreement string    `json:"agreement"`
	Share     string    `json:"share,omitempty"`
	Partner   string    `json:"partner,omitempty" doc:"The authority on the other side, where it was its doing or concerns it"`
	Version   int       `json:"version,omitempty"`
	Code      string    `json:"code,omitempty"`
	Clause    string    `json:"clause,omitempty"`
	Message   string    `json:"message,omitempty"`
	Reason    string    `json:"reason,omitempty"`
}

// Happened says what a development is; the words are the reader's.
type Happened string

// The developments there are.
const (
	NewVersion    Happened = "agreement_proposed"
	VersionSigned Happened = "agreement_signed"
	VersionBegan  Happened = "agreement_in_force"
	ShareStopped  Happened = "suspended"
	ShareAgain    Happened = "resumed"
	BreachTold    Happened = "breach"
	NeverArrived  Happened = "undelivered"
	HeadsDiffer   Happened = "witness_disagreement"
	TwoTexts      Happened = "conflict"
	DutyMissed    Happened = "duty_overdue"
	ShownInClear  Happened = "unmasking"
	KeysChanged   Happened = "keys"
)

// Happenings are all developments there are, for whoever has words for them.
var Happenings = []Happened{
	NewVersion, VersionSigned, VersionBegan, ShareStopped, ShareAgain, BreachTold, NeverArrived, HeadsDiffer, TwoTexts, DutyMissed,
	ShownInClear, KeysChanged,
}

// AsDevelopment gives an entry as a development; is is false for the daily run of things.
func AsDevelopment(e *Entry) (d Development, is bool) {
	d = Development{
		At: e.At, Agreement: e.Agreement, Share: e.Share, Partner: e.Partner, Version: e.Version, Code: e.Code, Clause: e.Clause,
		Message: e.Message, Reason: e.Reason,
	}
	switch e.Kind {
	case Proposed:
		d.Kind = NewVersion
	case Signed:
		d.Kind = VersionSigned
	case InForce:
		d.Kind = VersionBegan
	case Suspended:
		d.Kind = ShareStopped
	case Resumed:
		d.Kind = ShareAgain
	case Undelivered:
		d.Kind = NeverArrived
	case Overdue:
		d.Kind = DutyMissed
	case Unmasked:
		d.Kind = ShownInClear
	case Keyed:
		d.Kind = KeysChanged
	case Witnessed:
		d.Kind = HeadsDiffer
		return d, e.Code == "disagreement"
	case Rejected:
		d.Kind = TwoTexts
		return d, e.Code == "CONFLICT"
	case Sent, Received:
		d.Kind = BreachTold
		return d, e.Type == breach
	default:
		return Development{}, false
	}
	return d, true
}
