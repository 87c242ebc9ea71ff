package agreement

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// Agreement is a document in which everything was found right, ready to be asked. It is never changed and may be used by
// many at once.
type Agreement struct {
	Document
	Digest string // "sha-256:" and the hexadecimal of the bytes as they were signed
	Text   []byte

	never    []*condition // as Never.Rules
	shares   map[string]*terms
	triggers []*condition // as Suspension.Triggers
	forbid   map[string]bool
}

// terms are a share with its conditions compiled and what is looked up of it at every message.
type terms struct {
	*Share
	limits limits
	listed map[string]bool // fields
	when   *condition
	second *condition     // nil where there is none
	min    map[string]int // the least penalty, in years, by purpose
}

// digestOf names a text by its bytes: YAML has no canonical form worth trusting.
func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return "sha-256:" + hex.EncodeToString(sum[:])
}

// Share finds a share by its id.
func (a *Agreement) Share(id string) (*Share, bool) {
	if t, ok := a.shares[id]; ok {
		return t.Share, true
	}
	return nil, false
}

// Authority finds an authority of either party by its id.
func (d *Document) Authority(id string) (Authority, bool) {
	for _, p := range d.Parties {
		for _, one := range p.Authorities {
			if one.ID == id {
				return one, true
			}
		}
	}
	return Authority{}, false
}

// PartyOf finds the party that an authority belongs to.
func (d *Document) PartyOf(authority string) (Party, bool) {
	for _, p := range d.Parties {
		for _, one := range p.Authorities {
			if one.ID == authority {
				return p, true
			}
		}
	}
	return Party{}, false
}

// PartyIn finds the party of a country, alpha-2.
func (d *Document) PartyIn(country string) (Party, bool) {
	return d.party(func(p Party) bool { return p.Country == country })
}

func (d *Document) partyNamed(id string) (Party, bool) {
	return d.party(func(p Party) bool { return p.ID == id })
}

func (d *Document) party(is func(Party) bool) (Party, bool) {
	if i := slices.IndexFunc(d.Parties, is); i >= 0 {
		return d.Parties[i], true
	}
	return Party{}, false
}

// Purpose finds a purpose by its id.
func (d *Document) Purpose(id string) (Purpose, bool) {
	for _, p := range d.Purposes {
		if p.ID == id {
			return p, true
		}
	}
	return Purpose{}, false
}

// Gives says whether a share lets one party give to another. Nobody gives to itself.
func (s *Share) Gives(giver, getter string) bool {
	return giver != getter && slices.Contains(s.From, giver) && slices.Contains(s.To, getter)
}

// Standing says whether the share flows by an approval given once for all that it covers.
func (s *Share) Standing() bool { return s.Approval.Release == releaseStanding }

// Watches says whether an authority watches, rather than sends and receives.
func (a Authority) Watches() bool { return slices.Contains(a.Domains, oversight) }

// serves says whether an authority may send and receive what belongs to one of some domains. One that watches never does.
func (a Authority) serves(domains []string) bool {
	return !a.Watches() && slices.ContainsFunc(domains, func(d string) bool { return slices.Contains(a.Domains, d) })
}
