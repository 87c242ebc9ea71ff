package facilitation

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"sync/atomic"
	"time"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/links"
	"github.com/rihla/rihla/internal/screening/names"
	"github.com/rihla/rihla/internal/store"
)

// standing is what vouching needs of an application that led to something; by its keys it is found.
type standing struct {
	Kind    string              `json:"kind"` // of screening's standings
	Number  string              `json:"number"`
	State   State               `json:"state"`
	Until   time.Time           `json:"until,omitzero"`
	Name    string              `json:"name"` // as names are compared
	Born    string              `json:"born"`
	Nation  string              `json:"nation,omitempty"`
	Sex     string              `json:"sex,omitempty"`
	Doc     string              `json:"document"` // compact
	Issuer  string              `json:"issuer"`
	Cleared []screening.Cleared `json:"cleared,omitempty"`
}

// standing is what an application led to, and by what it is found; nil while it has led to nothing.
func (d *Domain) standing(a *Application) (*standing, []string) {
	if a.Number == "" {
		return nil, nil
	}
	p := &a.Form.Applicant
	s := &standing{
		Number: a.Number, State: a.State, Until: d.lasts(a), Name: nameKey(screening.Name{Surname: p.FamilyName, Given: p.GivenNames}), Born: p.Born, Nation: country.ISO(p.Nationality), Sex: p.Sex,
		Doc: string(names.AppendCompact(nil, p.Document.Number)), Issuer: country.ISO(p.Document.Issuer),
	}
	var keys []string
	switch a.Kind {
	case Membership:
		s.Kind = screening.Membership
		keys = []string{d.documentKey(p.Document.Number, p.Document.Issuer)}
	case Authorisation:
		s.Kind = screening.Authorisation
		keys = append(d.personKeys(&a.Form), d.documentKey(p.Document.Number, p.Document.Issuer))
	case Redress:
		s.Kind, s.State = screening.Redress, Active
		for _, c := range a.Cleared {
			s.Cleared = append(s.Cleared, screening.Cleared{List: c.List, Entry: c.Entry, Name: c.Name, At: c.At})
		}
	default:
		return nil, nil
	}
	if number, ok := core(a.Number); ok {
		keys = append(keys, d.numberKey(s.Kind, number))
	}
	return s, keys
}

// lasts is the last instant it counts: its own, with a renewal's grace, or that of a member's document, with some days to show
// the one that follows.
func (d *Domain) lasts(a *Application) time.Time {
	end := a.Until
	if a.Renewal != nil && a.Renewal.Grace.After(end) {
		end = a.Renewal.Grace
	}
	if document, err := time.Parse(time.DateOnly, a.Form.Applicant.Document.Expiry); err == nil && a.Kind == Membership {
		if until := document.AddDate(0, 0, 1+d.settings.Membership.DocumentGrace); until.Before(end) {
			end = until
		}
	}
	return end
}

// near are the ties by which those are found whom a standing concerns: its document, its number.
func (d *Domain) near(a *Application) (ties []screening.Tie) {
	p := &a.Form.Applicant
	if p.Document.Number != "" {
		ties = append(ties, links.OfDocument(screening.Document{Type: p.Document.Type, Number: p.Document.Number, Issuer: country.ISO(p.Document.Issuer)}))
	}
	number, ok := core(a.Number)
	for kind, claim := range map[Kind]string{Membership: screening.ClaimMembership, Redress: screening.ClaimRedress} {
		if ok && a.Kind == kind { // as its holder may have given it, with and without what stands before it
			for _, n := range []string{a.Number, number} {
				ties = append(ties, links.OfClaim(screening.Claim{Kind: claim, Number: n}))
			}
		}
	}
	return ties
}

// active says whether it counts at an instant.
func (s *standing) active(now time.Time) bool {
	switch {
	case !s.Until.IsZero() && now.After(s.Until):
		return false
	case s.Kind == screening.Authorisation:
		return s.State == Granted
	}
	return s.State == Active
}

func (s *standing) told(now time.Time) screening.Standing {
	return screening.Standing{Kind: s.Kind, Number: s.Number, State: string(s.State), Active: s.active(now), Until: s.Until, Cleared: s.Cleared}
}

// nothing remembers for a moment that nothing was ever granted, so that nobody is looked for.
type nothing struct{ until, granted atomic.Int64 }

const believedFor = time.Second // another node may grant; whom it concerns is looked at again anyway

func (n *nothing) believed() bool { return time.Now().UnixNano() < n.until.Load() }

// forget is for when something was granted.
func (n *nothing) forget() {
	n.granted.Add(1)
	n.until.Store(0)
}

// learn believes what was looked up since so many were granted, unless another was meanwhile.
func (n *nothing) learn(since int64) {
	n.until.Store(time.Now().Add(believedFor).UnixNano())
	if n.granted.Load() != since {
		n.until.Store(0)
	}
}

// Vouch says which standings speak for subjects of any domain, and of whom a permit is asked and missing.
func (d *Domain) Vouch(ctx context.Context, r store.Reader, now time.Time, subjects []*screening.Subject) ([]pipeline.Vouched, error) {
	v := voucher{domain: d, now: now}
	wanted := make([]wants, len(subjects))
	var keys []string
	for i, s := range subjects {
		wanted[i] = d.wants(s)
		keys = append(keys, wanted[i].keys()...)
	}
	permits := slices.ContainsFunc(wanted, func(w wants) bool { return w.permit })
	if len(keys) > 0 && !d.nothing.believed() {
		var err error
		if v.known, err = d.standingsBy(ctx, r, keys); err != nil {
			return nil, err
		}
	}
	if len(v.known) == 0 && !permits {
		return nil, nil
	}
	out := make([]pipeline.Vouched, len(subjects))
	for i, s := range subjects {
		v.vouch(&out[i], s, &wanted[i])
	}
	return out, nil
}

// standingsBy finds standings by their keys. Where there are none at all, it remembers that.
func (d *Domain) standingsBy(ctx context.Context, r store.Reader, keys []string) (map[string][]*standing, error) {
	slices.Sort(keys)
	since := d.nothing.granted.Load()
	out := map[string][]*standing{}
	err := store.ForKeys(ctx, r, `select k.key, s.body from facilitation_key k join facilitation_standing s on s.application = k.application where k.key in (:keys)
		order by k.key, k.application`, slices.Compact(keys), func(rows *sql.Rows) error {
		var key string
		var body []byte
		if err := rows.Scan(&key, &body); err != nil {
			return err
		}
		s := &standing{}
		out[key] = append(out[key], s)
		return json.Unmarshal(body, s)
	})
	if err != nil || len(out) > 0 {
		return out, err
	}
	var any string
	if there, err := one(ctx, r, &any, `select application from facilitation_standing limit 1`); err != nil || there {
		return out, err
	}
	d.nothing.learn(since)
	return out, nil
}

// wants is by what a subject's standings are found.
type wants struct {
	permit    bool // one is asked of it
	documents []string
	people    []string // only where a permit is asked: by a name and a birth date a number that was mistyped is recognised
	claims    []claimed
}

type claimed struct{ kind, claim, core, key string }

func (w *wants) keys() []string {
	keys := slices.Concat(w.documents, w.people)
	for _, c := range w.claims {
		keys = append(keys, c.key)
	}
	return keys
}

func (d *Domain) wants(s *screening.Subject) (w wants) {
	for _, doc := range s.Documents {
		if k := d.documentKey(doc.Number, doc.Issuer); k != "" {
			w.documents = append(w.documents, k)
		}
	}
	for _, c := range s.Claims {
		number, ok := core(c.Number)
		if !ok {
			continue // another state's, or mistyped: it says nothing here
		}
		kind := screening.Membership
		if c.Kind == screening.ClaimRedress {
			kind = screening.Redress
		}
		w.claims = append(w.claims, claimed{kind, c.Kind, number, d.numberKey(kind, number)})
	}
	if w.permit = s.Enters && d.permitAsked(s); w.permit {
		for _, n := range s.Names {
			for _, born := range s.Births {
				if k := d.personKey(n, born); k != "" {
					w.people = append(w.people, k)
				}
			}
		}
	}
	return w
}

// permitAsked says whether the state asks a permit of somebody who enters: by what they are citizens of and where they
// reside. Who has any nationality of which none is asked needs none.
func (d *Domain) permitAsked(s *screening.Subject) bool {
	asked := false
	for _, c := range s.Countries {
		code := country.ISO(c.Code)
		switch {
		case c.Role == "nationality" && (code == d.home || !d.settings.permitAsked(code)):
			return false
		case c.Role == "nationality":
			asked = true
		case c.Role == "residence" && (code == d.home || slices.Contains(d.settings.Authorisation.ExemptResidents, code)):
			return false
		}
	}
	return asked
}

// voucher is the work on one call.
type voucher struct {
	domain *Domain
	now    time.Time
	known  map[string][]*standing // by key
}

func (v *voucher) vouch(out *pipeline.Vouched, s *screening.Subject, w *wants) {
	var seen []*standing
	member := false
	stand := func(x *standing) {
		if slices.Contains(seen, x) || slices.ContainsFunc(seen, func(y *standing) bool { return x.Kind == y.Kind && x.Number == y.Number }) {
			return
		}
		seen = append(seen, x)
		out.Standings = append(out.Standings, x.told(v.now))
		member = member || x.Kind == screening.Membership && x.active(v.now)
	}
	for _, k := range w.documents {
		for _, x := range v.known[k] {
			if x.Kind != screening.Authorisation || x.fits(s) {
				stand(x)
			}
		}
	}
	for _, c := range w.claims {
		for _, x := range v.known[c.key] {
			if x.Kind != c.kind {
				continue
			}
			switch {
			case !x.fits(s):
				out.Found = append(out.Found, misuse(s, x, c))
			case x.Kind == screening.Redress:
				out.Known = append(out.Known, screening.KnownBy(screening.Redress, x.Number))
				stand(x)
			default:
				stand(x)
			}
		}
	}
	if w.permit && !(member && v.domain.settings.Authorisation.ExemptMembers) {
		v.permit(out, s, w, seen)
	}
}

// permit looks whether somebody of whom a permit is asked has one.
func (v *voucher) permit(out *pipeline.Vouched, s *screening.Subject, w *wants, seen []*standing) {
	var void *standing
	for _, x := range seen {
		if x.Kind != screening.Authorisation {
			continue
		}
		if x.active(v.now) {
			return
		}
		void = x
	}
	if void == nil && (len(w.documents) == 0 || v.slipped(s, w)) {
		out.Lacking = append(out.Lacking, lackingNumber)
		return
	}
	code, number, state := screening.CodePermitMissing, "", ""
	if void != nil {
		code, number, state = screening.CodePermitNotValid, void.Number, string(void.State)
	}
	out.Found = append(out.Found, screening.Finding{
		Subject: s.ID, Engine: Engine, Matched: code, Severity: screening.High, Explanation: screening.Explanation{Code: code, Subject: nationality(s), Listed: number, Reason: state},
	})
}

// lackingNumber is what must be sent again: an answer to a carrier names it so.
const lackingNumber = "DOCUMENT NUMBER"

// slipped says that somebody of that name and birth date has a permit that counts, for a document whose number is one
// character from theirs.
func (v *voucher) slipped(s *screening.Subject, w *wants) bool {
	for _, k := range w.people {
		for _, x := range v.known[k] {
			if x.Kind != screening.Authorisation || !x.active(v.now) {
				continue
			}
			for _, doc := range s.Documents {
				if sameIssuer(doc.Issuer, x.Issuer) && oneApart(string(names.AppendCompact(nil, doc.Number)), x.Doc) {
					return true
				}
			}
		}
	}
	return false
}

func sameIssuer(a, b string) bool { return a == "" || b == "" || country.Same(a, b) }

// oneApart says that one character was mistyped, left out, added, or that two neighbours changed places.
func oneApart(a, b string) bool {
	if a == b || len(a) > len(b)+1 || len(b) > len(a)+1 {
		return false
	}
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	j := 0
	for j < min(len(a), len(b))-i && a[len(a)-1-j] == b[len(b)-1-j] {
		j++
	}
	x, y := a[i:len(a)-j], b[i:len(b)-j]
	return len(x) <= 1 && len(y) <= 1 || len(x) == 2 && len(y) == 2 && x[0] == y[1] && x[1] == y[0]
}

// fits says whether somebody is whom the standing was given to: by the document, or by name and birth date and one thing
// more. Nothing of what is known of both may speak against it.
func (s *standing) fits(who *screening.Subject) bool {
	born := slices.Contains(who.Births, s.Born)
	if len(who.Births) > 0 && !born {
		return false
	}
	named := slices.ContainsFunc(who.Names, func(n screening.Name) bool { return nameKey(n) == s.Name })
	for _, d := range who.Documents {
		if s.Doc != "" && string(names.AppendCompact(nil, d.Number)) == s.Doc && sameIssuer(d.Issuer, s.Issuer) {
			return named || born // a number alone may be another type's of the same issuer
		}
	}
	if !named || !born {
		return false
	}
	more := who.Sex != "" && who.Sex == s.Sex
	for _, c := range who.Countries {
		more = more || c.Role == "nationality" && s.Nation != "" && country.ISO(c.Code) == s.Nation
	}
	return more
}

func misuse(s *screening.Subject, x *standing, c claimed) screening.Finding {
	code := screening.CodeMembershipMisuse
	if x.Kind == screening.Redress {
		code = screening.CodeRedressMisuse
	}
	return screening.Finding{
		Subject: s.ID, Engine: Engine, Matched: code + "/" + c.core, Severity: screening.Low, Explanation: screening.Explanation{Code: code, Subject: c.core},
	}
}

func nationality(s *screening.Subject) string {
	for _, c := range s.Countries {
		if c.Role == "nationality" {
			return c.Code
		}
	}
	return ""
}
