package cargo

import (
	"slices"
	"time"

	"github.com/rihla/rihla/formats/cargoimp"
)

// The states of a consignment. RECEIVED lasts no longer than a report is being written.
const (
	Received   = "received"
	Incomplete = "incomplete" // of what an assessment needs, something is missing
	Assessing  = "assessing"  // a master whose houses are not all assessed
	Complete   = "complete"
	Referred   = "referred"
	Departed   = "departed"
	Arrived    = "arrived"
	Cancelled  = "cancelled"

	RFI = "rfi" // request for information
	RFS = "rfs" // request for screening
	DNL = "dnl" // do not load

	DNLProposed = "dnl-proposed" // told to pages: a case waits for the second person
)

// Standing is how far the assessment of a consignment has come. What filings say is no part of it.
type Standing struct {
	State    string    `json:"state"`
	Hold     string    `json:"hold,omitempty"`     // rfi, rfs or dnl in force: only a human lifts it
	Referral string    `json:"referral,omitempty"` // under which
	Answered time.Time `json:"answered,omitzero"`  // something came under the hold
	Cleared  []string  `json:"cleared,omitempty"`  // findings that a human has let be
	Told     []Told    `json:"told,omitempty"`     // statuses sent, oldest first
	Missed   bool      `json:"missed,omitempty"`   // a human who looked at a sample would have looked at it
}

// Told is a status that the filers were sent.
type Told struct {
	At   time.Time `json:"at"`
	Code string    `json:"code"`
	By   string    `json:"by,omitempty"` // who decided it; the house where nobody did
	To   string    `json:"to,omitempty"` // the one filer who was told; all of the shipment's where none is named
}

// errorsTold stands for a PER among the statuses.
const errorsTold = "PER"

// mostTold bounds the statuses remembered of a consignment that is filed again and again.
const mostTold = 100

func (s *Standing) tell(at time.Time, by string, codes ...string) {
	for _, code := range codes {
		s.add(Told{At: at, Code: code, By: by})
	}
}

// receive notes that a filer was told that its filing was received, or what is wrong with it.
func (s *Standing) receive(at time.Time, filer, code string) {
	s.add(Told{At: at, Code: code, To: filer})
}

func (s *Standing) add(t Told) {
	t.At = t.At.UTC().Truncate(time.Second)
	s.Told = append(slices.Clip(s.Told), t)
	if n := len(s.Told) - mostTold; n > 0 {
		s.Told = s.Told[n:]
	}
}

// codes are the statuses of a hold: set, in place, removed.
type codes struct{ set, place, gone string }

var holds = map[string]codes{
	RFI: {cargoimp.InfoHold, cargoimp.InfoInPlace, cargoimp.InfoRemoved},
	RFS: {cargoimp.ScreenHold, cargoimp.ScreenPlace, cargoimp.ScreenGone},
	DNL: {cargoimp.NoLoadHold, cargoimp.NoLoadPlace, cargoimp.NoLoadGone},
}

// assessment is what a filing, or what is found of it, is judged by.
type assessment struct {
	fresh     bool     // a filing came
	new       bool     // and says something new
	cancelled bool     // no filing stands
	missing   bool     // something of what an assessment needs
	waits     bool     // a master whose houses are not all assessed
	found     []string // keys of what is found
	held      bool     // somebody has its case in hand
	now       time.Time
}

// assess moves a standing by the only arrows there are, and answers the statuses that are due. It never sets a hold and
// never lifts one.
func (s *Standing) assess(a assessment) []string {
	switch {
	case s.Hold != "":
		if a.new {
			s.Answered = a.now.UTC().Truncate(time.Second)
		}
		if a.fresh {
			return []string{holds[s.Hold].place}
		}
		return nil
	case s.State == Departed || s.State == Arrived:
		return nil
	case a.cancelled:
		s.State = Cancelled
		return nil
	case s.unlet(a.found), s.State == Referred && a.held:
		s.State = Referred
		return nil
	case a.missing:
		s.State = Incomplete
		return nil
	case a.waits:
		s.State = Assessing
		return nil
	case s.State == Complete && !a.fresh:
		return nil
	}
	s.State = Complete
	return []string{cargoimp.Complete}
}

// unlet says that something is found that no human has let be.
func (s *Standing) unlet(found []string) bool {
	return slices.ContainsFunc(found, func(key string) bool { return !slices.Contains(s.Cleared, key) })
}
