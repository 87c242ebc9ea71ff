package trust

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/cms"
	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/lds"
	"github.com/rihla/rihla/formats/mrz"
	"github.com/rihla/rihla/formats/vds"
)

// Verify checks what there is of a document against a list, at an instant. It is pure. A nil list trusts nobody.
func Verify(l *List, e Evidence, at time.Time) Verification {
	c := &check{list: l, at: at, out: Verification{Remarks: []Remark{}}}
	if l != nil {
		c.out.List = l.Version
	}
	if strings.TrimSpace(e.MRZ) != "" {
		c.zone(e.MRZ)
	}
	if e.Chip != nil {
		c.chip(e.Chip)
	}
	if len(e.Seal) > 0 {
		c.seal(e.Seal)
	}
	c.agree()
	c.conclude()
	return c.out
}

// check is one verification under way.
type check struct {
	list *List
	at   time.Time
	out  Verification

	typed  *mrz.Reading // what was typed or read
	onChip *mrz.Reading
	onSeal *mrz.Reading
}

func (c *check) today() date.Date { return date.Of(c.at.UTC()) }

// say notes a remark of a code in the table; values come in pairs.
func (c *check) say(about string, of Check, code string, values ...string) {
	c.note(about, of, code, severities[code], values...)
}

func (c *check) note(about string, of Check, code string, s Severity, values ...string) {
	r := Remark{About: about, Check: of, Code: code, Severity: s}
	for i := 0; i+1 < len(values); i += 2 {
		if values[i+1] == "" {
			continue
		}
		if r.Values == nil {
			r.Values = map[string]string{}
		}
		r.Values[values[i]] = values[i+1]
	}
	c.out.Remarks = append(c.out.Remarks, r)
}

// unreadable notes what a codec said.
func (c *check) unreadable(about string, err error, what string) {
	f, ok := err.(*fault.Fault) //nolint:errorlint // codecs answer this, unwrapped
	if !ok {
		f = &fault.Fault{Rule: "unreadable"}
	}
	c.say(about, CheckRead, CodeUnreadable, "what", what, "rule", f.Rule, "place", f.Place())
}

// zone reads what was typed.
func (c *check) zone(text string) {
	r, err := mrz.Read(text, c.today())
	if err != nil {
		c.note("mrz", CheckRead, CodeUnreadable, Again, "what", "mrz", "rule", "not_mrz")
		return
	}
	c.typed = &r
	z := &Zone{Kind: r.Kind, OK: r.OK(), Checks: r.Checks, Corrections: r.Corrections, Probable: r.Probable}
	var wrong []string
	for _, d := range r.Checks {
		if !d.OK {
			wrong = append(wrong, d.Field)
		}
	}
	for _, f := range r.Faults {
		z.Faults = append(z.Faults, Fault{Line: f.Line, Column: f.Offset + 1, Field: f.Field, Rule: f.Rule, Message: f.Message, Mend: f.Mend})
	}
	c.out.MRZ = z
	switch {
	case len(wrong) > 0:
		c.say("mrz", CheckRead, CodeCheckDigits, "fields", strings.Join(wrong, " "), "probable", r.Probable)
	case !r.OK():
		c.say("mrz", CheckRead, CodeCorrected)
	}
}

// chip is passive authentication.
func (c *check) chip(chip *Chip) {
	out := &ChipResult{Groups: []Group{}}
	c.out.Chip = out
	if dg1 := chip.Groups[1]; dg1 != nil {
		text, err := lds.ParseDG1(dg1)
		if err != nil {
			c.unreadable("chip", err, "DG1")
		} else if r, err := mrz.Read(text, c.today()); err == nil {
			c.onChip = &r
		}
	}
	if dg2 := chip.Groups[2]; dg2 != nil {
		out.Faces, _ = lds.Faces(dg2) // nothing rests on it
	}
	object, err := lds.ParseSOD(chip.SOD)
	if err != nil {
		c.unreadable("chip", err, "SOD")
		return
	}
	c.hashes(object, chip, out)
	if len(object.Signed.Signers) == 0 {
		no := false
		out.SignatureOK = &no
		c.say("chip", CheckSignature, CodeNoSigner)
		return
	}
	s := &object.Signed.Signers[0]
	signer := object.Signed.By(s)
	if signer == nil {
		signer = c.find(s)
	}
	if signer == nil {
		c.say("chip", CheckSignature, CodeSignerMissing, "issuer", s.Issuer.String())
		return
	}
	out.SignedAt = s.SignedAt
	c.signature("chip", &out.Answers, object.Signed.Check(s, &signer.Key))
	c.descent("chip", &out.Answers, signer, s.SignedAt)
	c.bearer(signer)
}

// find looks for a signer's certificate on the list: an object may leave it out.
func (c *check) find(s *cms.Signer) *cms.Certificate {
	for _, h := range c.list.Certificates() {
		if h.Kind == DocumentSigner && s.IsBy(h.Certificate) {
			return h.Certificate
		}
	}
	return nil
}

// hashes compares the groups that were read with what was signed.
func (c *check) hashes(o *lds.Object, chip *Chip, out *ChipResult) {
	numbers := o.Numbers()
	for n := range chip.Groups {
		if !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	compared, ok := 0, true
	for _, n := range numbers {
		state := o.Compare(n, chip.Groups[n])
		out.Groups = append(out.Groups, Group{n, state})
		group := strconv.Itoa(n)
		switch state {
		case lds.Equal:
			compared++
		case lds.Differs:
			ok = false
			c.say("chip", CheckHash, CodeGroupDiffers, "group", group)
		case lds.NotListed:
			ok = false
			c.say("chip", CheckHash, CodeGroupNotSigned, "group", group)
		case lds.NotRead:
			if n == 1 { // without it nothing says whose the chip is
				c.note("chip", CheckHash, CodeGroupNotRead, Cannot, "group", group)
			}
		case lds.Unsupported:
			c.say("chip", CheckHash, CodeHashUnsupported, "group", group, "algorithm", o.Hash)
		}
	}
	if !ok || compared > 0 {
		out.HashOK = &ok
	}
}

// signature notes how a check of a signature ended.
func (c *check) signature(about string, a *Answers, r cms.Result) {
	a.Algorithm = r.Algorithm
	switch r.Outcome {
	case cms.Good:
		yes := true
		a.SignatureOK = &yes
	case cms.Bad:
		no := false
		a.SignatureOK = &no
		c.note(about, CheckSignature, r.Code, Bad)
	case cms.Unsupported:
		c.note(about, CheckSignature, r.Code, Cannot, "algorithm", r.Algorithm)
	}
	if r.Weak {
		c.say(about, CheckSignature, CodeWeakAlgorithm, "algorithm", r.Algorithm)
	}
}

// descent asks whether a signer descends from a state's authority, was revoked, has expired. signed is when it signed,
// as it says; zero where it does not.
func (c *check) descent(about string, a *Answers, signer *cms.Certificate, signed time.Time) {
	a.Signer, a.Serial, a.Country = signer.Subject.String(), signer.SerialHex(), signer.Subject.Country
	if a.Country == "" {
		a.Country = signer.Issuer.Country
	}
	over := !signer.ValidAt(c.at)
	a.Expired = &over
	if over {
		c.say(about, CheckValidity, CodeSignerExpired, "until", signer.Until.Format(time.DateOnly))
	}
	ca, r, found := c.list.issuer(signer)
	if !found {
		c.say(about, CheckChain, CodeAuthorityUnknown, "country", a.Country, "issuer", signer.Issuer.String())
		return
	}
	a.Authority = ca.Subject.String()
	switch r.Outcome {
	case cms.Bad:
		no := false
		a.ChainOK = &no
		c.say(about, CheckChain, CodeIssuerWrong, "issuer", a.Authority)
		return
	case cms.Unsupported:
		c.say(about, CheckChain, CodeIssuerCannot, "algorithm", r.Algorithm)
		return
	case cms.Good:
		a.Country = ca.Subject.Country // whose signer it is says the authority, not the signer
	}
	if r.Weak {
		c.say(about, CheckChain, CodeWeakAlgorithm, "algorithm", r.Algorithm)
	}
	c.chain(about, a, signer, ca, signed)
	c.revocation(about, a, signer, ca)
}

// chain asks whether the signer's certificate may sign documents, and did so in its time.
func (c *check) chain(about string, a *Answers, signer *cms.Certificate, ca *Held, signed time.Time) {
	ok, sure := true, true
	fail := func(code string, values ...string) {
		if c.waived(about, CheckChain, a.Country, code) {
			return
		}
		if severities[code] == Bad {
			ok = false
		} else {
			sure = false
		}
		c.say(about, CheckChain, code, values...)
	}
	if signer.Authority || signer.Usage != 0 && signer.Usage&(cms.DigitalSignature|cms.NonRepudiation) == 0 || signer.Has(purposeMasterList) || ca.Usage != 0 && ca.Usage&cms.CertificateSign == 0 {
		fail(CodeSignerUsage)
	}
	if len(signer.Unknown) > 0 {
		fail(CodeSignerCritical, "extension", strings.Join(signer.Unknown, " "))
	}
	if !ca.ValidAt(signer.From) {
		fail(CodeAuthorityTime, "until", ca.Until.Format(time.DateOnly))
	}
	if !signed.IsZero() && (!signer.ValidAt(signed) || !signer.Use.Until.IsZero() && signed.After(signer.Use.Until)) || signer.From.After(c.at) {
		fail(CodeSignedOutside, "from", signer.From.Format(time.DateOnly), "until", signer.Until.Format(time.DateOnly))
	}
	if sure || !ok {
		a.ChainOK = &ok
	}
}

// oldest is how old a revocation list may be: authorities make one every 90 days (Doc 9303-12).
const oldest = 90 * 24 * time.Hour

func (c *check) revocation(about string, a *Answers, signer *cms.Certificate, ca *Held) {
	l := c.list.revocation(ca)
	if l == nil {
		if !c.waived(about, CheckRevocation, a.Country, CodeListMissing) {
			c.say(about, CheckRevocation, CodeListMissing, "country", a.Country)
		}
		return
	}
	_, revoked := l.Revoked(signer.Serial)
	a.Revoked = &revoked
	if revoked {
		c.say(about, CheckRevocation, CodeRevoked, "serial", a.Serial)
		return
	}
	if Stale(l, c.at) {
		c.say(about, CheckRevocation, CodeListStale, "country", a.Country, "at", l.At.Format(time.DateOnly))
	}
}

// Stale tells whether a revocation list should have been followed by another.
func Stale(l *cms.Revocations, at time.Time) bool {
	return at.Sub(l.At) > oldest || !l.Next.IsZero() && at.After(l.Next)
}

// waived notes that a defect is passed over.
func (c *check) waived(about string, of Check, from, code string) bool {
	w, there := c.list.waiver(from, code, c.at)
	if there {
		c.say(about, of, CodeWaived, "code", code, "reason", w.Reason, "until", w.Until.Format(time.DateOnly))
	}
	return there
}

// bearer compares the signer with the document that it signed: a state's signer signs that state's documents, of the
// sorts it is for.
func (c *check) bearer(signer *cms.Certificate) {
	if c.onChip == nil {
		return
	}
	c.state("chip", c.out.Chip.Country, c.onChip.Issuer)
	sort := c.onChip.Code
	if len(signer.Types) > 0 && !slices.ContainsFunc(signer.Types, func(t string) bool { return t == sort || len(sort) > 1 && t == sort[:1] }) {
		c.say("chip", CheckChain, CodeTypeDiffers, "signer", strings.Join(signer.Types, " "), "document", sort)
	}
}

// issuers are those in zones (Doc 9303-3, 5) that the two letters of a certificate mean beside ISO's own.
var issuers = map[string][]string{
	"UT": {"UTO"}, "EU": {"EUE"}, "UN": {"UNO", "UNA", "UNK"}, "KS": {"RKS"}, "XO": {"XOM"},
	"GB": {"GBD", "GBN", "GBO", "GBP", "GBS"}, "HK": {"CHN"}, "MO": {"CHN"},
}

// state asks whether a signer is of the state that a document names. Codes that nobody knows are told and decide nothing.
func (c *check) state(about, signer, document string) {
	two := strings.ToUpper(signer)
	if two == "" || document == "" || country.Same(two, document) || slices.Contains(issuers[two], document) || c.waived(about, CheckChain, signer, CodeStateDiffers) {
		return
	}
	_, _, there := country.Normalise(two)
	_, _, here := country.Normalise(document)
	severity := Bad
	if !here || !there && issuers[two] == nil {
		severity = Weak
	}
	c.note(about, CheckChain, CodeStateDiffers, severity, "signer", signer, "document", document)
}

// agree compares the parts with one another: a chip belongs to one book, a seal to one page.
func (c *check) agree() {
	if c.typed != nil && c.onChip != nil && c.typed.OK() {
		if fields := differing(c.typed, c.onChip); len(fields) > 0 {
			c.say("chip", CheckAgreement, CodeZoneDiffers, "fields", strings.Join(fields, " "))
		}
	}
	if c.onSeal == nil {
		return
	}
	with := c.typed
	if with == nil || !with.OK() {
		with = c.onChip
	}
	if with == nil {
		return
	}
	fields := differing(with, c.onSeal)
	if with.Kind != c.onSeal.Kind { // the seal of a visa, and its bearer's passport: they share the person only
		fields = slices.DeleteFunc(fields, func(f string) bool { return f == "number" || f == "expires" || f == "issuer" || f == "names" })
	}
	for _, f := range c.out.Seal.Fields {
		if f.Name == "passport_number" && with.Code != "" && with.Code[0] == 'P' && f.Value != with.Number {
			fields = append(fields, "number")
		}
	}
	if len(fields) > 0 {
		c.say("seal", CheckAgreement, CodeZoneDiffers, "fields", strings.Join(fields, " "))
	}
}

func differing(a, b *mrz.Reading) (fields []string) {
	for _, f := range []struct {
		name string
		same bool
	}{
		{"number", a.Number == b.Number}, {"issuer", a.Issuer == b.Issuer}, {"names", a.Surname == b.Surname && a.Given == b.Given},
		{"nationality", a.Nationality == b.Nationality}, {"born", a.Born == b.Born}, {"sex", a.Sex == b.Sex}, {"expires", a.Expires == b.Expires},
	} {
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// conclude says whose it is and what it comes to.
func (c *check) conclude() {
	switch {
	case c.onChip != nil:
		c.out.Document = document("chip", c.onChip)
	case c.onSeal != nil && c.typed == nil:
		c.out.Document = document("seal", c.onSeal)
	case c.typed != nil:
		c.out.Document = document("mrz", c.typed)
	}
	if d := c.out.Document; d != nil && d.Expires.Full() && c.today().Compare(d.Expires) > 0 {
		c.say("document", CheckValidity, CodeDocumentExpired, "until", d.Expires.String())
	}
	slices.SortStableFunc(c.out.Remarks, func(a, b Remark) int { return rank(a.Severity) - rank(b.Severity) })
	signed := c.out.Chip != nil || c.out.Seal != nil
	worst := Info
	if len(c.out.Remarks) > 0 {
		worst = c.out.Remarks[0].Severity
	}
	read := c.out.Document != nil || c.out.Seal != nil
	switch {
	case !read:
		c.out.Verdict = Unreadable
	case worst == Bad:
		c.out.Verdict = NotAuthentic
	case worst == Cannot:
		c.out.Verdict = CannotCheck
	case worst == Again: // before any of its dates is believed
		c.out.Verdict = ReadAgain
	case worst == Expired:
		c.out.Verdict = IsExpired
	case signed:
		c.out.Verdict = Authentic
	default:
		c.out.Verdict = Consistent
	}
}

func rank(s Severity) int {
	return slices.Index([]Severity{Bad, Cannot, Again, Expired, Weak, Info}, s)
}

func document(from string, r *mrz.Reading) *Document {
	return &Document{From: from, Kind: r.Kind, Type: r.Code, Number: r.Number, Issuer: r.Issuer, Surname: r.Surname, Given: r.Given, Nationality: r.Nationality,
		Born: r.Born, Sex: r.Sex, Expires: r.Expires}
}

// seal checks a visible digital seal of either form.
func (c *check) seal(scanned []byte) {
	switch kind, raw := vds.Recognise(scanned); kind {
	case vds.Binary:
		s, err := vds.Parse(raw)
		if err != nil {
			c.unreadable("seal", err, "seal")
			return
		}
		c.binarySeal(s)
	case vds.JSON:
		s, err := vds.ParseNC(raw)
		if err != nil {
			c.unreadable("seal", err, "seal")
			return
		}
		c.jsonSeal(s)
	case vds.None:
		c.say("seal", CheckRead, CodeUnreadable, "what", "seal", "rule", "not_seal")
	}
}

func (c *check) binarySeal(s *vds.Seal) {
	out := &SealResult{Kind: vds.Binary, Type: s.Type(), Issuer: s.Country, Issued: s.Issued, Sealed: s.Sealed, Fields: s.Fields()}
	c.out.Seal = out
	if zone := s.MRZ(); zone != "" {
		if r, err := mrz.Read(zone, c.today()); err == nil {
			c.onSeal = &r
		}
	}
	var signers []*Held
	if c.list != nil {
		signers = c.list.seals[sealKey(s.Signer, s.Reference)]
	}
	if len(signers) == 0 {
		c.say("seal", CheckSignature, CodeSignerUnknown, "signer", s.Signer, "serial", s.Reference)
		return
	}
	signer, result := signers[0], cms.Result{}
	for _, h := range signers { // of two authorities' signers of one name and number, the one whose signature it is
		if r := h.Key.VerifyPlain(s.Hash(), s.SignedBytes, s.Signature); r.Outcome == cms.Good || result.Code == "" {
			signer, result = h, r
		}
		if result.Outcome == cms.Good {
			break
		}
	}
	c.signature("seal", &out.Answers, result)
	c.descent("seal", &out.Answers, signer.Certificate, within(s.Sealed, signer.Certificate))
	c.state("seal", out.Country, s.Country)
}

// within stands for a day that is all that is known: an instant of it that lies in the certificate's time, if one does.
func within(d date.Date, c *cms.Certificate) time.Time {
	switch t := d.Time(); {
	case t.IsZero():
		return t
	case d == date.Of(c.From):
		return c.From
	default:
		return t
	}
}

func (c *check) jsonSeal(s *vds.NC) {
	out := &SealResult{Kind: vds.JSON, Type: s.Type, Issuer: s.Issuer, Fields: s.Fields()}
	c.out.Seal = out
	if len(s.Certificate) == 0 {
		c.say("seal", CheckSignature, CodeSignerMissing)
		return
	}
	signer, err := cms.ParseCertificate(s.Certificate)
	if err != nil {
		c.unreadable("seal", err, "certificate")
		return
	}
	c.signature("seal", &out.Answers, signer.Key.VerifyPlain(s.Hash, s.SignedBytes, s.Signature))
	c.descent("seal", &out.Answers, signer, time.Time{})
	c.state("seal", out.Country, s.Issuer)
	c.person(s.Person())
}

// person compares whom a JSON seal is for with the document at hand.
func (c *check) person(p vds.Person) {
	with := c.onChip
	if with == nil {
		with = c.typed
	}
	if with == nil {
		return
	}
	var fields []string
	if p.Number != "" && !strings.EqualFold(p.Number, with.Number) {
		fields = append(fields, "number")
	}
	if p.Born != "" && with.Born.Full() && p.Born != with.Born.String() {
		fields = append(fields, "born")
	}
	if len(fields) > 0 {
		c.say("seal", CheckAgreement, CodeZoneDiffers, "fields", strings.Join(fields, " "))
	}
}

// String says a remark in a line, for a terminal.
func (r *Remark) String() string {
	s := fmt.Sprintf("%s: %s: %s", r.Severity, r.About, r.Code)
	for _, k := range sortedKeys(r.Values) {
		s += fmt.Sprintf(" %s=%q", k, r.Values[k])
	}
	return s
}
