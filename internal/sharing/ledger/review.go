package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Schema names the form of a review report.
const Schema = "rihla.review/v1"

// Review is the report of one agreement and period: what each side counted in its own log, and where they differ.
type Review struct {
	Schema      string           `json:"schema"`
	Agreement   AgreementRef     `json:"agreement"`
	Period      Days             `json:"period"`
	Interim     bool             `json:"interim,omitempty"` // the period is not over: made again, it may say more
	MadeFrom    Source           `json:"made_from"`
	Sides       map[string]*Side `json:"sides"` // by party
	Differences []Difference     `json:"differences"`
	Actions     []ReviewAction   `json:"actions"`
	Decisions   []ReviewDecision `json:"decisions"`
	Checks      string           `json:"checks,omitempty"` // the sums that must hold, for a reader to follow
}

// AgreementRef is the agreement a report is of, in the version the period ended with.
type AgreementRef struct {
	ID      string `json:"id"`
	Version int    `json:"version"`
}

// Days are the first and the last day of a period, both inside it.
type Days struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Source is the piece of the exchange log that a report was made from.
type Source struct {
	From int64  `json:"journal_from"`
	To   int64  `json:"journal_to"`
	Root string `json:"root"` // of the log's tree when it held journal_to entries
}

// ReviewAction is an action item as a report shows it.
type ReviewAction struct {
	ID     string `json:"id"`
	Owner  string `json:"owner"`
	Text   string `json:"text"`
	Due    string `json:"due"`
	Figure string `json:"figure,omitempty"`
	State  string `json:"state"`
}

// ReviewDecision is a decision of a meeting as a report shows it.
type ReviewDecision struct {
	Number   string   `json:"number"`
	Date     string   `json:"date"`
	Text     string   `json:"text"`
	Effect   Effect   `json:"effect"`
	SignedBy []string `json:"signed_by"`
}

// Effect is what a decision changes.
type Effect struct {
	AgreementVersion int    `json:"agreement_version,omitempty"`
	Digest           string `json:"digest,omitempty" doc:"Of the new text, where the software behaves otherwise from then on"`
	Quota            string `json:"quota,omitempty"`
	Contact          string `json:"contact,omitempty"`
	ShareOn          string `json:"share_on,omitempty"`
	ShareOff         string `json:"share_off,omitempty"`
}

// Side is what one party counted: what it asked and what came of it, what it answered, and the duties it owed.
type Side struct {
	Requests    Counts                 `json:"requests"`
	Urgent      Counts                 `json:"urgent,omitempty"`
	Purposes    Counts                 `json:"purposes,omitempty"`
	Hits        Counts                 `json:"hits"`
	NoHits      Counts                 `json:"no_hits"`
	Data        Counts                 `json:"data,omitempty"`
	Refusals    Counts                 `json:"refusals"` // by code
	Open        Counts                 `json:"open,omitempty"`
	Stopped     Counts                 `json:"stopped,omitempty"` // by code: what its own gate let not leave
	Undelivered int                    `json:"undelivered,omitempty"`
	Spontaneous Counts                 `json:"spontaneous,omitempty"`
	ReplyTime   map[string]Percentiles `json:"reply_time_s"`
	AckTime     *Percentiles           `json:"ack_time_s,omitempty"`
	DoneTime    *Percentiles           `json:"done_time_s,omitempty"`
	Pending     map[string]int         `json:"pending,omitempty"` // by cause

	ConfirmedSame Count       `json:"confirmed_same"`
	NotSame       Count       `json:"not_same"`
	Useful        Count       `json:"useful,omitzero"`
	NotUseful     Count       `json:"not_useful,omitzero"`
	Precision     *Proportion `json:"precision,omitempty"`

	Received     Counts         `json:"received,omitempty"` // requests, by share
	ReceivedFrom map[string]int `json:"-"`                  // received_from_PARTY: all of them
	Given        *Given         `json:"given,omitempty"`

	PrivateMatch *PrivateMatch `json:"private_match,omitempty"`
	Corrections  Duty          `json:"corrections"`
	Erasures     Duty          `json:"erasures"`
	OwedToIt     *Owed         `json:"owed_to_it,omitempty"`
	ReviewsDue   int           `json:"reviews_due,omitempty"`

	Unmaskings      Count  `json:"unmaskings"`
	SecondApprovals Count  `json:"second_approvals,omitzero"`
	NeverRule       Counts `json:"never_rule,omitempty"`
	Children        Count  `json:"children,omitzero"`
	Contested       Count  `json:"contested,omitzero"`

	Breaches             int            `json:"breaches"`
	WitnessDisagreements int            `json:"witness_disagreements"`
	Conflicts            int            `json:"conflicts,omitempty"`
	Rejected             map[string]int `json:"rejected,omitempty"` // what came and was not kept, by code
	OfflineHours         float64        `json:"offline_hours,omitempty"`

	Quality *Quality     `json:"data_quality,omitempty"`
	Redress *RedressSums `json:"redress,omitempty"`
	Use     *Use         `json:"use,omitempty"`
}

// Given is what a side answered to the other's requests, as it told the other.
type Given struct {
	Hits     Counts                 `json:"hits,omitempty"`
	NoHits   Counts                 `json:"no_hits,omitempty"`
	Data     Counts                 `json:"data,omitempty"`
	Refusals Counts                 `json:"refusals,omitempty"`
	Open     Counts                 `json:"open,omitempty"`
	Time     map[string]Percentiles `json:"reply_time_s,omitempty"`
	Outcomes Counts                 `json:"outcomes,omitempty"` // what the other reported back
}

// PrivateMatch sums the batches that a side asked.
type PrivateMatch struct {
	Batches    int   `json:"batches"`
	KeysAsked  int   `json:"keys_asked"`
	KeysPadded int   `json:"keys_padded"`
	Hits       Count `json:"hits"`
}

// Duty is how a side kept a duty whose clock ended in the period.
type Duty struct {
	Due            int  `json:"due"`
	Done           int  `json:"done"`
	Late           int  `json:"late"`
	PastEraseAtNow *int `json:"past_erase_at_now,omitempty"` // at the period's end; must be 0
}

// Owed is how the other side kept what it owed to this one.
type Owed struct {
	Corrections Duty `json:"corrections"`
	Erasures    Duty `json:"erasures"`
}

// Quality is what was wrong with the data a side gave, as shares of the records.
type Quality struct {
	Records       Count   `json:"records"`
	BirthDefault  float64 `json:"dob_default_share"`
	ManualCapture float64 `json:"manual_capture_share"`
	EmptyField    float64 `json:"empty_field_share,omitempty"`
	ShortName     float64 `json:"short_name_share,omitempty"`
	CheckDigit    float64 `json:"check_digit_share,omitempty"`
	Duplicate     float64 `json:"duplicate_share,omitempty"`
	Doubts        Count   `json:"doubts,omitzero"`
	DoubtsUpheld  Count   `json:"doubts_upheld,omitzero"`
}

// RedressSums are the people who asked what is held of them, or to have it mended. They are few: small cells are never
// shown.
type RedressSums struct {
	Asked      Count `json:"asked"`
	Upheld     Count `json:"upheld"`
	MedianDays *int  `json:"median_days,omitempty"`
}

// Use is how a side used what it may ask.
type Use struct {
	HitRate    map[string]float64 `json:"hit_rate,omitempty"`          // by share
	BusiestDay Counts             `json:"busiest_day,omitempty"`       // requests of the day with the most, by share
	TopOfficer map[string]float64 `json:"top_officer_share,omitempty"` // of the requests, by the one officer who asked most
}

// Percentiles are times in seconds.
type Percentiles struct {
	N         Count   `json:"n,omitzero"`
	P50       int64   `json:"p50"`
	P90       int64   `json:"p90"`
	P99       int64   `json:"p99"`
	LateShare float64 `json:"late_share"`
}

// Proportion is a share with its 95 % interval.
type Proportion struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low95"`
	High  float64 `json:"high95"`
}

// Few is where a small cell begins to be shown.
const Few = 5

// Count is a number of people or of what concerns them; a small one is not shown in what is shared.
type Count struct {
	N    int
	Less bool // shown as "<5", N unknown
}

// Counts are counts by share, by code, by purpose.
type Counts map[string]Count

func (c Count) masked() Count {
	if c.N > 0 && c.N < Few {
		return Count{Less: true}
	}
	return c
}

// IsZero says that nothing was counted.
func (c Count) IsZero() bool { return c == Count{} }

func (c Count) String() string {
	if c.Less {
		return "<" + strconv.Itoa(Few)
	}
	return strconv.Itoa(c.N)
}

// MarshalJSON writes a number, or "<5".
func (c Count) MarshalJSON() ([]byte, error) {
	if c.Less {
		return []byte(strconv.Quote(c.String())), nil
	}
	return strconv.AppendInt(nil, int64(c.N), 10), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (c *Count) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil && text == (Count{Less: true}).String() { // its "<" may come escaped
		*c = Count{Less: true}
		return nil
	}
	n, err := strconv.Atoi(string(b))
	if err != nil || n < 0 {
		return fmt.Errorf(`%s is no count: a count is a whole number or "<%d"`, b, Few)
	}
	*c = Count{N: n}
	return nil
}

const receivedFrom = "received_from_"

// MarshalJSON writes a side with received_from_PARTY as a member of its own.
func (s *Side) MarshalJSON() ([]byte, error) {
	type plain Side
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false) // "<5" is read by people too
	if err := e.Encode((*plain)(s)); err != nil {
		return nil, err
	}
	b := bytes.TrimSpace(text.Bytes())
	for party, n := range sorted(s.ReceivedFrom) {
		name, err := json.Marshal(receivedFrom + party)
		if err != nil {
			return nil, err
		}
		b = fmt.Appendf(b[:len(b)-1], ",%s:%d}", name, n)
	}
	return b, nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Side) UnmarshalJSON(b []byte) error {
	type plain Side
	if err := json.Unmarshal(b, (*plain)(s)); err != nil {
		return err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(b, &members); err != nil {
		return err
	}
	s.ReceivedFrom = nil
	for name, value := range members {
		party, ours := strings.CutPrefix(name, receivedFrom)
		if !ours {
			continue
		}
		var n int
		if err := json.Unmarshal(value, &n); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if s.ReceivedFrom == nil {
			s.ReceivedFrom = map[string]int{}
		}
		s.ReceivedFrom[party] = n
	}
	return nil
}

// ReadReview reads a report, as a partner sends one, and refuses one that is not of this form.
func ReadReview(b []byte) (Review, error) {
	var r Review
	if err := json.Unmarshal(b, &r); err != nil {
		return Review{}, fmt.Errorf("the report: %w", err)
	}
	switch {
	case r.Schema != Schema:
		return Review{}, fmt.Errorf("the report's schema is %q, not %q", r.Schema, Schema)
	case r.Agreement.ID == "":
		return Review{}, errors.New("the report names no agreement")
	}
	if _, err := r.Period.Span(); err != nil {
		return Review{}, err
	}
	for party, side := range r.Sides {
		if side == nil {
			return Review{}, fmt.Errorf("the report's side %q is empty", party)
		}
	}
	return r, nil
}
