package trust

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/cms"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/lds"
)

// Codes say why something that was to be loaded was not.
const (
	RefusedBroken    = "broken"                     // it cannot be read
	RefusedUnknown   = "not_known"                  // neither certificate, revocation list, master list nor directory
	RefusedSigner    = "master_list_signer_unknown" // no authority on the list made its certificate, and it was not loaded as a signer
	RefusedSignature = "signature_wrong"
	RefusedCannot    = "signature_unsupported"
	RefusedIssuer    = "authority_unknown" // its authority is not on the list
	RefusedOlder     = "older"             // the list holds one that came after
	RefusedPartial   = "partial"           // a revocation list of a part, which is not the whole
	RefusedState     = "another_state"     // an authority made a certificate in another state's name
	RefusedSelf      = "not_self_signed"   // an authority whose own signature is wrong
)

// Refused is something that was not taken, and why.
type Refused struct {
	What    string `json:"what"`
	Code    string `json:"code"`
	Message string `json:"message,omitempty"`
}

// Loaded is what came of a file.
type Loaded struct {
	Version  int64     `json:"version" doc:"Of the list afterwards"`
	Added    int       `json:"added"`
	Replaced int       `json:"replaced" doc:"Revocation lists that another took the place of"`
	Removed  int       `json:"removed" doc:"Certificates that an edition before had, and this one has not"`
	Known    int       `json:"known" doc:"On the list already"`
	Left     int       `json:"left" doc:"How many were not taken"`
	Refused  []Refused `json:"refused,omitempty" doc:"The first hundred of those, and why"`
}

// mostRefused bounds what is told of what was refused; a directory of the whole world has thousands of entries.
const mostRefused = 100

// mostBytes of one file: the whole directory has some 20 MB.
const mostBytes = 64 << 20

// change is a list being loaded: what is held, and what of it is new.
type change struct {
	*List
	at     time.Time
	source string
	vouch  bool // a lone authority is taken at its loader's word
	out    Loaded

	added    []*Held
	seen     map[string]bool // what the file holds of what the list had
	newLists []*cms.Revocations
}

// clone copies what a list holds, to be added to.
func (l *List) clone(at time.Time) *List {
	if l == nil {
		return build(0, at, nil, nil, nil)
	}
	return build(l.Version, at, slices.Clone(l.held), slices.Clone(l.revocations), slices.Clone(l.waivers))
}

func (c *change) refuse(what, code string, err error) {
	if c.out.Left++; len(c.out.Refused) >= mostRefused {
		return
	}
	r := Refused{What: clean(what), Code: code}
	if err != nil {
		r.Message = clean(err.Error())
	}
	c.out.Refused = append(c.out.Refused, r)
}

// load takes a file, whatever it is: certificates, revocation lists and master lists in DER or PEM, and directories in
// LDIF.
func (c *change) load(raw []byte) {
	switch {
	case len(raw) > mostBytes:
		c.refuse(c.source, RefusedBroken, fmt.Errorf("it has %d bytes; at most %d are read", len(raw), mostBytes))
		return
	case isLDIF(raw):
		c.directory(raw)
		return
	}
	blocks := cms.DER(raw)
	if len(blocks) == 0 {
		c.refuse(c.source, RefusedUnknown, errors.New("there is no PEM block in it"))
	}
	for i := range blocks {
		what := c.source
		if len(blocks) > 1 {
			what = fmt.Sprintf("%s, block %d", c.source, i+1)
		}
		c.one(what, blocks[i].Bytes)
	}
}

// one takes a certificate, a revocation list or a master list. Which it is shows when it is read: of three faults, the
// one that got furthest is told.
func (c *change) one(what string, raw []byte) {
	certificate, asCertificate := cms.ParseCertificate(raw)
	if asCertificate == nil {
		c.certificate(what, certificate)
		return
	}
	list, asRevocations := cms.ParseRevocations(raw)
	if asRevocations == nil {
		c.revocationList(what, list)
		return
	}
	master, asMaster := lds.ParseMasterList(raw)
	if asMaster == nil {
		c.masterList(what, master)
		return
	}
	faults := []*fault.Fault{}
	for _, err := range []error{asCertificate, asRevocations, asMaster} {
		var f *fault.Fault
		if errors.As(err, &f) {
			faults = append(faults, f)
		}
	}
	if len(faults) == 0 {
		c.refuse(what, RefusedUnknown, nil)
		return
	}
	c.refuse(what, RefusedBroken, slices.MaxFunc(faults, func(a, b *fault.Fault) int { return cmp.Compare(a.Offset, b.Offset) }))
}

// certificate takes a certificate by itself. An authority is taken because an administrator hands it over; anything else
// must descend from an authority on the list.
func (c *change) certificate(what string, one *cms.Certificate) {
	if id := one.ID(); c.byID[id] != nil {
		if c.seen == nil {
			c.seen = map[string]bool{}
		}
		c.seen[id] = true
		c.out.Known++
		return
	}
	kind := kindOf(one)
	if kind == Authority {
		switch r := one.Check(one); {
		case r.Outcome == cms.Unsupported:
			c.refuse(what, RefusedCannot, fmt.Errorf("%s: %s", one.Subject.String(), r.Code))
		case !c.vouch:
			c.refuse(what, RefusedIssuer, fmt.Errorf("%s: an authority comes by itself or in a master list", one.Subject.String()))
		default:
			c.add(one, kind)
		}
		return
	}
	if one.Authority && one.SelfIssued() && len(one.AuthorityID) == 0 {
		c.refuse(what, RefusedSelf, fmt.Errorf("%s", one.Subject.String()))
		return
	}
	ca, r, found := c.issuer(one)
	switch {
	case !found:
		c.refuse(what, RefusedIssuer, fmt.Errorf("%s, made by %s", one.Subject.String(), one.Issuer.String()))
	case r.Outcome == cms.Bad:
		c.refuse(what, RefusedSignature, fmt.Errorf("%s is not made by %s", one.Subject.String(), ca.Subject.String()))
	case r.Outcome == cms.Unsupported:
		c.refuse(what, RefusedCannot, fmt.Errorf("%s: %s %s", one.Subject.String(), r.Code, r.Algorithm))
	case one.Subject.Country != ca.Subject.Country:
		c.refuse(what, RefusedState, fmt.Errorf("%s is made by %s; an authority speaks for its own state", one.Subject.String(), ca.Subject.String()))
	default:
		c.add(one, kind)
	}
}

func (c *change) add(one *cms.Certificate, kind Kind) {
	h := &Held{Certificate: one, ID: one.ID(), Kind: kind, Source: c.source, Added: c.at}
	c.held = append(c.held, h)
	c.index(h)
	c.added = append(c.added, h)
	c.out.Added++
}

// revocationList takes a revocation list of an authority on the list.
func (c *change) revocationList(what string, l *cms.Revocations) {
	if len(l.Unknown) > 0 {
		c.refuse(what, RefusedPartial, fmt.Errorf("it has the critical extensions %s", strings.Join(l.Unknown, " ")))
		return
	}
	last, lastCode := error(nil), RefusedIssuer
	for _, ca := range c.authorities {
		if !l.IssuedBy(ca.Certificate) {
			continue
		}
		switch r := l.Check(ca.Certificate); r.Outcome {
		case cms.Good:
			c.replace(what, l)
			return
		case cms.Bad:
			last, lastCode = fmt.Errorf("it is not made by %s", ca.Subject.String()), RefusedSignature
		case cms.Unsupported:
			last, lastCode = fmt.Errorf("%s: %s %s", ca.Subject.String(), r.Code, r.Algorithm), RefusedCannot
		}
	}
	if last == nil {
		last = fmt.Errorf("made by %s", l.Issuer.String())
	}
	c.refuse(what, lastCode, last)
}

func (c *change) replace(what string, l *cms.Revocations) {
	key := revocationKey(l)
	for i, held := range c.revocations {
		if revocationKey(held) != key {
			continue
		}
		switch {
		case bytes.Equal(held.Raw, l.Raw):
			c.out.Known++
		case !l.Newer(held):
			c.refuse(what, RefusedOlder, fmt.Errorf("number %s of %s; %s of %s is held", l.NumberHex(), l.At.Format(time.DateOnly), held.NumberHex(), held.At.Format(time.DateOnly)))
		default:
			c.revocations[i] = l
			c.newLists = append(c.newLists, l)
			c.out.Replaced++
		}
		return
	}
	c.revocations = append(c.revocations, l)
	c.newLists = append(c.newLists, l)
	c.out.Added++
}

// revocationKey tells an authority's revocation lists from another's: by its key, where the list names it.
func revocationKey(l *cms.Revocations) string {
	if len(l.AuthorityID) > 0 {
		return hexOf(l.AuthorityID)
	}
	return l.Issuer.Key()
}

// masterList takes the authorities of a master list whose signer descends from one on the list, or was loaded as a signer
// by itself.
func (c *change) masterList(what string, l *lds.MasterList) {
	if len(l.Signed.Signers) == 0 {
		c.refuse(what, RefusedSignature, errors.New("nobody signed it"))
		return
	}
	s := &l.Signed.Signers[0]
	signer := l.Signed.By(s)
	if signer == nil {
		for _, h := range c.held {
			if h.Kind == MasterListSigner && s.IsBy(h.Certificate) {
				signer = h.Certificate
			}
		}
	}
	if signer == nil {
		c.refuse(what, RefusedSigner, fmt.Errorf("the certificate of its signer, made by %s, is not in it", s.Issuer.String()))
		return
	}
	if r := l.Signed.Check(s, &signer.Key); r.Outcome != cms.Good {
		code := RefusedSignature
		if r.Outcome == cms.Unsupported {
			code = RefusedCannot
		}
		c.refuse(what, code, fmt.Errorf("%s %s", r.Code, r.Algorithm))
		return
	}
	ca, r, found := c.issuer(signer)
	switch {
	case !found || r.Outcome != cms.Good:
		c.refuse(what, RefusedSigner, fmt.Errorf("%s, made by %s: load that authority by itself first", signer.Subject.String(), signer.Issuer.String()))
		return
	case !signer.Has(purposeMasterList):
		c.refuse(what, RefusedSigner, fmt.Errorf("%s is not for signing master lists", signer.Subject.String()))
		return
	case !signer.ValidAt(c.at):
		c.refuse(what, RefusedSigner, fmt.Errorf("%s was valid until %s", signer.Subject.String(), signer.Until.Format(time.DateOnly)))
		return
	}
	if revoked := c.revocation(ca); revoked != nil {
		if _, is := revoked.Revoked(signer.Serial); is {
			c.refuse(what, RefusedSigner, fmt.Errorf("%s was revoked", signer.Subject.String()))
			return
		}
	}
	c.vouchedFor(what, l)
}

// vouchedFor takes what a master list vouches for: authorities first, then links, which need them.
func (c *change) vouchedFor(what string, l *lds.MasterList) {
	for _, f := range l.Unread {
		c.refuse(what, RefusedBroken, f)
	}
	vouch := c.vouch
	c.vouch = true
	defer func() { c.vouch = vouch }()
	for _, links := range []bool{false, true} {
		for _, one := range l.Certificates {
			if (kindOf(one) != Authority) == links {
				c.certificate(what+": "+one.Subject.String(), one)
			}
		}
	}
}

func isLDIF(raw []byte) bool {
	head := bytes.ToLower(bytes.TrimLeft(raw[:min(len(raw), 1024)], "\ufeff \r\n"))
	return bytes.HasPrefix(head, []byte("version:")) || bytes.HasPrefix(head, []byte("dn:")) || bytes.HasPrefix(head, []byte("#")) && bytes.Contains(head, []byte("\ndn:"))
}

// attributes of a directory whose values are taken (the ICAO PKD's; RFC 4523), in the order in which one needs another.
var attributes = []string{"cacertificate", "pkdmasterlistcontent", "cscamasterlistdata", "certificaterevocationlist", "usercertificate"}

// directory takes what a directory in LDIF (RFC 2849) holds. Authorities that stand in it by themselves are refused:
// a directory vouches for nobody.
func (c *change) directory(raw []byte) {
	values := map[string][]entry{}
	dn := ""
	for line := range unfolded(raw) {
		name, value, found := strings.Cut(line, ":")
		if !found || line[0] == '#' {
			continue
		}
		name, _, _ = strings.Cut(strings.ToLower(name), ";")
		switch {
		case name == "dn":
			dn = strings.TrimSpace(strings.TrimPrefix(value, ":"))
		case slices.Contains(attributes, name):
			der, err := base64.StdEncoding.DecodeString(strings.TrimSpace(strings.TrimPrefix(value, ":")))
			if err != nil || !strings.HasPrefix(value, ":") {
				c.refuse(dn, RefusedBroken, errors.New("a value is not base64"))
				continue
			}
			values[name] = append(values[name], entry{dn, der})
		}
	}
	vouch := c.vouch
	c.vouch = false
	defer func() { c.vouch = vouch }()
	taken := 0
	for _, name := range attributes {
		for _, e := range values[name] {
			taken++
			c.one(e.dn, e.der)
		}
	}
	if taken == 0 && len(c.out.Refused) == 0 {
		c.refuse(c.source, RefusedUnknown, errors.New("the directory holds no certificate, revocation list or master list"))
	}
}

type entry struct {
	dn  string
	der []byte
}

// unfolded gives lines, those that go on put together.
func unfolded(raw []byte) func(func(string) bool) {
	return func(yield func(string) bool) {
		var held []byte
		for line := range bytes.Lines(raw) {
			line = bytes.TrimRight(line, "\r\n")
			if len(line) > 0 && line[0] == ' ' {
				held = append(held, line[1:]...)
				continue
			}
			if len(held) > 0 && !yield(string(held)) {
				return
			}
			held = append(held[:0], line...)
		}
		if len(held) > 0 {
			yield(string(held))
		}
	}
}

// Load makes a list of files without a store, for a command that checks a document against a folder. The order of the
// files does not matter: what is refused for want of an authority is tried again when others have come.
func Load(files map[string][]byte, at time.Time) (*List, Loaded) {
	names := slices.Sorted(maps.Keys(files))
	c := &change{List: (*List)(nil).clone(at), at: at, vouch: true}
	for {
		before := len(c.held) + len(c.revocations)
		c.out.Refused, c.out.Left, c.out.Known = nil, 0, 0
		for _, name := range names {
			c.source = name
			c.load(files[name])
		}
		if len(c.held)+len(c.revocations) == before {
			break
		}
	}
	c.out.Known = 0 // the last turn found all that the turns before it added
	return build(1, at, c.held, c.revocations, nil), c.out
}

// WithWaivers is the list with other waivers.
func (l *List) WithWaivers(w ...Waiver) *List {
	return build(l.Version, l.At, l.held, l.revocations, w)
}
