package indicators

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix"
)

// Composite is the kind of an indicator that no single value stands for: a pattern of several terms, a rule of another
// language. It is kept and shown; what logs can be searched for it as a whole, [Held.Search] says.
const Composite observable.Kind = "pattern"

// Claim is what one object of one source says of a value.
type Claim struct {
	Source     string    `json:"source"`               // who filed it
	Ref        string    `json:"ref"`                  // the object: a STIX identifier, or a row of a list
	Report     string    `json:"report,omitempty"`     // that it came in
	Said       time.Time `json:"said"`                 // by the source's clock: of two versions of one object the later holds
	CreatedBy  string    `json:"created_by,omitempty"` // whom the source names as its author
	Name       string    `json:"name,omitempty"`       //
	Text       string    `json:"text,omitempty"`       // description
	Types      []string  `json:"types,omitempty"`      // indicator_types
	KillChain  []string  `json:"kill_chain,omitempty"` // phases
	Labels     []string  `json:"labels,omitempty"`     //
	Confidence int       `json:"confidence"`           // of a hundred; −1 where none is said
	TLP        stix.TLP  `json:"tlp,omitempty"`        // none: it bears no marking
	TextTLP    stix.TLP  `json:"text_tlp,omitempty"`   // where name and text are marked more strictly than the rest
	ValidFrom  time.Time `json:"valid_from,omitzero"`  //
	ValidUntil time.Time `json:"valid_until,omitzero"` //
	FirstSeen  time.Time `json:"first_seen,omitzero"`  //
	LastSeen   time.Time `json:"last_seen,omitzero"`   //
	Revoked    bool      `json:"revoked,omitempty"`    //
	Denied     bool      `json:"denied,omitempty"`     // the source calls it a false positive
	Pattern    string    `json:"pattern,omitempty"`    // of a composite
	Collection string    `json:"collection,omitempty"` // where its sharer reads what we have seen
	Agreement  string    `json:"agreement,omitempty"`  // under which a partner state gave it
	Record     string    `json:"record,omitempty"`     // of the exchange, which it is erased with
	EraseAt    time.Time `json:"erase_at,omitzero"`    //
	Withdrawn  bool      `json:"withdrawn,omitempty"`  // erased: nothing of it counts any more
}

// key tells the claims on one value apart.
func (c *Claim) key() string { return c.Ref + " " + c.Source }

// after orders two versions of one claim: by the source's clock, and where that says nothing, by content, so that every
// node takes the same.
func (c *Claim) after(o *Claim) bool {
	if n := c.Said.Compare(o.Said); n != 0 {
		return n > 0
	}
	a, b := c.digest(), o.digest()
	if a == b { // the same object in two reports: the least name of a report is told
		return c.Report != "" && (o.Report == "" || c.Report < o.Report)
	}
	return a > b
}

func (c *Claim) digest() string {
	plain := *c
	plain.Report = "" // the same object in two reports is the same claim
	b, err := json.Marshal(plain)
	if err != nil {
		return "" // of strings, times and numbers: it cannot fail
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Live tells a claim that still counts.
func (c *Claim) Live() bool { return !c.Revoked && !c.Denied && !c.Withdrawn }

// What our own people do to an indicator.
const (
	FalsePositive = "false-positive" // it points at somebody harmless: not matched, not given on
	Restored      = "restored"       // it does not, after all
	Expired       = "expired"        // over before its time
)

// Act is what one of our own people said of an indicator.
type Act struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	What   string    `json:"what"`
	Reason string    `json:"reason"`
}

// Held is everything said of one value.
type Held struct {
	Kind   observable.Kind  `json:"kind"`
	Value  string           `json:"value"` // as observable.Key has it
	Claims map[string]Claim `json:"claims"`
	Acts   []Act            `json:"acts,omitempty"`

	searched *Searched // read once
}

// Hold begins an indicator.
func Hold(kind observable.Kind, value string) *Held {
	return &Held{Kind: kind, Value: value, Claims: map[string]Claim{}}
}

// mostClaims bounds what is held of one value: whoever repeats himself under ever new names changes nothing beyond it.
const mostClaims = 500

// Hear joins a claim. It answers whether anything changed.
func (h *Held) Hear(c Claim) bool {
	c.bound()
	c.Said, c.ValidFrom, c.ValidUntil = whole(c.Said), whole(c.ValidFrom), whole(c.ValidUntil)
	c.FirstSeen, c.LastSeen, c.EraseAt = whole(c.FirstSeen), whole(c.LastSeen), whole(c.EraseAt)
	old, known := h.Claims[c.key()]
	if known && !c.after(&old) {
		return false
	}
	h.Claims[c.key()] = c
	if len(h.Claims) > mostClaims { // the least by its key goes, whatever the order of arrival
		delete(h.Claims, slices.Max(slices.Collect(maps.Keys(h.Claims))))
	}
	return true
}

// bound cuts what nobody would read whole.
func (c *Claim) bound() {
	const name, word, words = 300, 200, 50
	c.Name, c.Text = cut(c.Name, name), cut(c.Text, longest)
	for _, list := range []*[]string{&c.Types, &c.KillChain, &c.Labels} {
		*list = slices.Clone((*list)[:min(len(*list), words)])
		for i, w := range *list {
			(*list)[i] = cut(w, word)
		}
	}
}

// whole cuts an instant to what the store keeps.
func whole(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// Do joins an act of our own.
func (h *Held) Do(a Act) bool {
	a.At = whole(a.At)
	if slices.Contains(h.Acts, a) {
		return false
	}
	h.Acts = append(h.Acts, a)
	slices.SortFunc(h.Acts, func(a, b Act) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.By, b.By), cmp.Compare(a.What, b.What), cmp.Compare(a.Reason, b.Reason))
	})
	return true
}

// Erase forgets what came with a record of the exchange; it answers whether there was any.
func (h *Held) Erase(record string) (changed bool) {
	maps.DeleteFunc(h.Claims, func(_ string, c Claim) bool {
		gone := c.Record == record
		changed = changed || gone
		return gone
	})
	return changed
}
