package trust

import (
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/cms"
)

// Kind is what a certificate on the list is for.
type Kind string

// The kinds.
const (
	Authority        Kind = "csca"               // a country signing authority, trusted because an administrator or a master list says so
	Link             Kind = "link"               // from an authority's old key to its new one
	DocumentSigner   Kind = "dsc"                // signs chips
	SealSigner       Kind = "seal_signer"        // signs seals
	MasterListSigner Kind = "master_list_signer" // signs lists of authorities
)

// Purposes of Doc 9303-12: of a signer of master lists, and what those of seals begin with.
const (
	purposeMasterList = "2.23.136.1.1.3"
	purposeSeals      = "2.23.136.1.1.14"
)

// Held is a certificate on the list.
type Held struct {
	*cms.Certificate
	ID     string
	Kind   Kind
	Source string // the file it came in
	Added  time.Time
}

// Waiver passes over a known defect of an issuer's documents, until a day and for a reason.
type Waiver struct {
	ID      string    `json:"id"`
	Country string    `json:"country" doc:"As its certificates have it: two letters"`
	Defect  string    `json:"defect" doc:"The code of the remark that is passed over"`
	Reason  string    `json:"reason"`
	Until   time.Time `json:"until"`
	By      string    `json:"by"`
}

// List is what is trusted at one moment. It does not change, and is safe for any number of goroutines.
type List struct {
	Version int64
	At      time.Time

	held        []*Held
	byID        map[string]*Held
	authorities []*Held // and links: keys that may have made signers
	seals       map[string][]*Held
	revocations []*cms.Revocations
	waivers     []Waiver
	memory      memory
}

// build makes a list.
func build(version int64, at time.Time, held []*Held, revocations []*cms.Revocations, waivers []Waiver) *List {
	l := &List{Version: version, At: at, held: held, byID: make(map[string]*Held, len(held)), seals: map[string][]*Held{}, revocations: revocations, waivers: waivers}
	for _, h := range held {
		l.index(h)
	}
	return l
}

// index makes a certificate that is held found.
func (l *List) index(h *Held) {
	l.byID[h.ID] = h
	switch h.Kind {
	case Authority, Link:
		l.authorities = append(l.authorities, h)
	case SealSigner, DocumentSigner:
		key := sealKey(h.Subject.Country+h.Subject.Common, h.SerialHex())
		l.seals[key] = append(l.seals[key], h)
	case MasterListSigner:
	}
}

// sealKey is how a binary seal names its signer's certificate: country, two letters, serial number.
func sealKey(signer, reference string) string {
	return strings.ToUpper(signer) + "/" + strings.ToUpper(strings.TrimLeft(reference, "0"))
}

// kindOf says what a certificate is for.
func kindOf(c *cms.Certificate) Kind {
	switch {
	case c.Authority && c.SelfIssued() && c.Check(c).Outcome != cms.Bad:
		return Authority
	case c.Authority:
		return Link
	case c.Has(purposeMasterList):
		return MasterListSigner
	case slices.ContainsFunc(c.Purposes, func(p string) bool { return p == purposeSeals || strings.HasPrefix(p, purposeSeals+".") }), len(c.Subject.Common) == 2:
		return SealSigner
	}
	return DocumentSigner
}

// Certificates are all that the list holds, by kind, country and subject.
func (l *List) Certificates() []*Held {
	if l == nil {
		return nil
	}
	return l.held
}

// Revocations are the revocation lists, one an authority.
func (l *List) Revocations() []*cms.Revocations {
	if l == nil {
		return nil
	}
	return l.revocations
}

// Waivers are those of the list, ended ones too.
func (l *List) Waivers() []Waiver {
	if l == nil {
		return nil
	}
	return l.waivers
}

// issuer finds the authority that made a certificate. Of several keys of one name, as after a change of keys, the one
// whose signature it is. Where none is, the result tells whether one that should be it says no, or cannot say.
func (l *List) issuer(c *cms.Certificate) (*Held, cms.Result, bool) {
	if l == nil {
		return nil, cms.Result{}, false
	}
	var last cms.Result
	var at *Held
	id := c.ID()
	for _, ca := range l.authorities {
		if !c.IssuedBy(ca.Certificate) {
			continue
		}
		r := l.memory.check(id, ca.ID, func() cms.Result { return c.Check(ca.Certificate) })
		switch {
		case r.Outcome == cms.Good:
			return ca, r, true
		case at == nil || r.Outcome == cms.Unsupported: // one that cannot say leaves it open
			at, last = ca, r
		}
	}
	return at, last, at != nil
}

// revocation finds the list of an authority.
func (l *List) revocation(ca *Held) *cms.Revocations {
	for _, r := range l.revocations {
		if r.IssuedBy(ca.Certificate) && l.memory.check("revocations "+revocationKey(r)+" "+r.NumberHex()+" "+r.At.String(), ca.ID, func() cms.Result { return r.Check(ca.Certificate) }).Outcome == cms.Good {
			return r
		}
	}
	return nil
}

// waiver finds what passes over a defect of a country's documents.
func (l *List) waiver(country, defect string, at time.Time) (Waiver, bool) {
	if l == nil || !waivable[defect] {
		return Waiver{}, false
	}
	for _, w := range l.waivers {
		if w.Defect == defect && strings.EqualFold(w.Country, country) && at.Before(w.Until) {
			return w, true
		}
	}
	return Waiver{}, false
}

func hexOf(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
