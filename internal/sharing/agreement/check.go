package agreement

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// checking holds a document against what an agreement must be, and compiles its conditions on the way.
type checking struct {
	*reading
	*Agreement
}

// report adds a problem, unless what stands there could not even be read.
func (c *checking) report(p Problem) {
	for _, known := range c.problems {
		if known.Code == CodeSchema && (known.Path == p.Path || known.Path != "" && strings.HasPrefix(p.Path, known.Path+".")) {
			return
		}
	}
	if p.Line == 0 {
		at := c.placeOf(p.Path)
		p.Line, p.Column = at.line, at.column
	}
	p.Value = clipped(p.Value)
	c.problems = append(c.problems, p)
}

// placeOf is where something stands, or the nearest thing above it that is there.
func (c *checking) placeOf(path string) place {
	for {
		if at, ok := c.places[path]; ok {
			return at
		}
		cut := strings.LastIndexAny(path, ".[")
		if cut < 0 {
			return place{1, 1}
		}
		path = path[:cut]
	}
}

var (
	idForm      = regexp.MustCompile(`^[a-z0-9-]{3,64}$`)
	nameForm    = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$`)
	countryForm = regexp.MustCompile(`^[A-Z]{2}$`)
	shareForm   = regexp.MustCompile(`^[A-Z]\d+$`)
	fieldForm   = regexp.MustCompile(`^[a-z_]+(\.[a-z0-9_]+)+$`)
	digestForm  = regexp.MustCompile(`^sha-256:[0-9a-f]{64}$`)
)

var (
	sharingDomains = []string{"travel", "facilitation", "cargo", "funds", "cyber"}
	statuses       = []string{statusDraft, "signed", "in_force", "suspended", "terminated"}
)

// schema reports what has not the form that it must have.
func (c *checking) schema(path, value, why, mend string) {
	c.report(Problem{Code: CodeSchema, Path: path, Value: value, Why: why, Mend: mend})
}

// oneOf reports a value that is none of those there are.
func (c *checking) oneOf(path, value string, of ...string) {
	if !slices.Contains(of, value) {
		c.schema(path, value, "there is no such value", "write one of "+strings.Join(of, ", "))
	}
}

// form reports a value that is not written as such values are.
func (c *checking) form(path, value string, form *regexp.Regexp, mend string) {
	if !form.MatchString(value) {
		c.schema(path, value, "the value has not the form it must have", mend)
	}
}

// some reports a list that is empty or has an entry twice.
func (c *checking) some(path string, list []string) {
	if len(list) == 0 {
		c.schema(path, "", "the list is empty", "name at least one")
	}
	c.unique(path, len(list), func(i int) string { return list[i] }, "")
}

// unique reports a name that is there twice.
func (c *checking) unique(path string, n int, name func(int) string, key string) {
	for i := range n {
		for j := range i {
			if name(i) == name(j) {
				c.schema(join(fmt.Sprintf("%s[%d]", path, i), key), name(i), "the name is there twice", "keep one of them")
				break
			}
		}
	}
}

// filled reports a text that is blank.
func (c *checking) filled(path, value string) {
	if strings.TrimSpace(value) == "" {
		c.schema(path, "", "the text is empty", "write it")
	}
}

func (c *checking) document() {
	c.oneOf("apiVersion", c.APIVersion, apiVersion)
	c.oneOf("kind", c.Kind, kindName)
	c.metadata()
	c.parties()
	for i, basis := range c.LegalBasis {
		c.filled(fmt.Sprintf("legal_basis[%d].ref", i), basis.Ref)
	}
	if len(c.LegalBasis) == 0 {
		c.schema("legal_basis", "", "the list is empty", "name the law or the decision that this stands on")
	}
	c.some("domains", c.Domains)
	for i, d := range c.Domains {
		c.oneOf(fmt.Sprintf("domains[%d]", i), d, sharingDomains...)
	}
	c.purposes()
	c.roles()
	c.nevers()
	c.allShares()
	c.duties()
	c.suspension()
	c.review()
	c.transport()
}

func (c *checking) metadata() {
	m := c.Metadata
	c.form("metadata.id", m.ID, idForm, "three to sixty-four small letters, digits and hyphens")
	if m.Version < 1 {
		c.schema("metadata.version", fmt.Sprint(m.Version), "versions count from 1", "write the number of this version")
	}
	c.filled("metadata.title", m.Title)
	c.oneOf("metadata.status", m.Status, statuses...)
	if !m.Effective.IsZero() && !m.Expires.IsZero() && !m.Expires.After(m.Effective.Time) {
		c.report(Problem{Code: CodeDates, Path: "metadata.expires", Value: m.Expires.String(), Limit: "after " + m.Effective.String(),
			Why: "the agreement ends before it begins", Mend: "write a day after metadata.effective"})
	}
	if s := m.Supersedes; s != nil {
		c.form("metadata.supersedes.digest", s.Digest, digestForm, "sha-256: and the sixty-four hexadecimal digits of the file before")
		if m.Version > 0 && (s.Version < 1 || s.Version >= m.Version) {
			c.report(Problem{Code: CodeDates, Path: "metadata.supersedes.version", Value: fmt.Sprint(s.Version), Limit: fmt.Sprintf("below %d", m.Version),
				Why: "a version replaces an earlier one", Mend: "write the number of the version before"})
		}
	}
}

func (c *checking) parties() {
	if len(c.Parties) != 2 {
		c.schema("parties", fmt.Sprint(len(c.Parties)), "an agreement has two parties", "name exactly two")
	}
	c.unique("parties", len(c.Parties), func(i int) string { return c.Parties[i].ID }, "id")
	c.unique("parties", len(c.Parties), func(i int) string { return c.Parties[i].Country }, "country")
	seen := map[string]bool{}
	for i, p := range c.Parties {
		path := fmt.Sprintf("parties[%d]", i)
		c.form(path+".id", p.ID, nameForm, "letters, digits and hyphens")
		c.form(path+".country", p.Country, countryForm, "the two capital letters of ISO 3166")
		if len(p.Authorities) == 0 {
			c.schema(path+".authorities", "", "the list is empty", "name the authorities that send and receive")
		}
		for j, one := range p.Authorities {
			at := fmt.Sprintf("%s.authorities[%d]", path, j)
			c.authority(at, one)
			if seen[one.ID] {
				c.schema(at+".id", one.ID, "the name is there twice", "give every authority its own")
			}
			seen[one.ID] = true
		}
		if !slices.ContainsFunc(p.Authorities, Authority.Watches) {
			c.report(Problem{Code: CodeOversight, Path: path + ".authorities", Requirement: "R-AGR-54", Warning: c.Metadata.Status == statusDraft,
				Why: fmt.Sprintf("nobody watches on the side of %s", p.ID), Mend: "name an authority with the domain oversight"})
		}
	}
}

func (c *checking) authority(path string, a Authority) {
	c.form(path+".id", a.ID, nameForm, "letters, digits and hyphens")
	c.filled(path+".name", a.Name)
	c.filled(path+".contact", a.Contact)
	c.some(path+".domains", a.Domains)
	for i, d := range a.Domains {
		c.oneOf(fmt.Sprintf("%s.domains[%d]", path, i), d, append(slices.Clone(sharingDomains), oversight)...)
	}
	if a.Watches() && len(a.Domains) > 1 {
		c.report(Problem{Code: CodeOversight, Path: path + ".domains", Value: strings.Join(a.Domains, ", "), Limit: oversight, Requirement: "R-AGR-54",
			Why: a.ID + " would watch over what it does itself", Mend: "write oversight alone, and give the rest to another authority"})
	}
	if a.JWKS == "" && slices.ContainsFunc(a.Domains, func(d string) bool { return d != oversight }) {
		c.report(Problem{Code: CodeSignature, Path: path + ".jwks", Why: fmt.Sprintf("the keys of %s are nowhere, so nothing it sends can be believed", a.ID), Mend: "write the address of its key set"})
	}
	if a.JWKS != "" && !strings.HasPrefix(a.JWKS, "https://") {
		c.schema(path+".jwks", a.JWKS, "keys are fetched over HTTPS only", "write an address that begins with https://")
	}
}

func (c *checking) purposes() {
	if len(c.Purposes) == 0 {
		c.schema("purposes", "", "the list is empty", "name what data may be used for")
	}
	c.unique("purposes", len(c.Purposes), func(i int) string { return c.Purposes[i].ID }, "id")
	for i, p := range c.Purposes {
		path := fmt.Sprintf("purposes[%d]", i)
		c.form(path+".id", p.ID, nameForm, "letters, digits and hyphens")
		c.filled(path+".text", p.Text)
		if p.Consent != "" {
			c.oneOf(path+".consent", p.Consent, consentOfSubject)
		}
	}
}

func (c *checking) roles() {
	for name, role := range c.Roles {
		if nodeRoles[name] {
			c.schema(join("roles", name), name, "this is a role of every node, and stands for itself", "take it out")
		}
		if !nodeRoles[role] {
			c.schema(join("roles", name), role, "a node has no such role", "analyst, supervisor, officer, targeter, fiu, responder or auditor")
		}
	}
}

func (c *checking) nevers() {
	c.forbid = map[string]bool{}
	for i, name := range c.Never.Fields {
		path := fmt.Sprintf("never.fields[%d]", i)
		c.forbid[name] = true
		if _, known := Lookup(name); !known {
			c.report(Problem{Code: CodeField, Path: path, Value: name, Warning: true,
				Why: "the catalogue has no such field, so it forbids nothing", Mend: nearest(name, fieldNames(), "take it out, or ask for it to be added")})
		}
	}
	c.unique("never.rules", len(c.Never.Rules), func(i int) string { return c.Never.Rules[i].ID }, "id")
	c.never = make([]*condition, len(c.Never.Rules))
	for i, rule := range c.Never.Rules {
		path := fmt.Sprintf("never.rules[%d]", i)
		c.form(path+".id", rule.ID, nameForm, "letters, digits and hyphens")
		c.filled(path+".reason", rule.Reason)
		if rule.Answer != "" {
			c.oneOf(path+".answer", rule.Answer, "refuse", answerAsNoHit)
		}
		c.never[i] = c.condition(path+".when", "", rule.When)
	}
}

// condition compiles a condition over flows and reports what is wrong with it.
func (c *checking) condition(path, share, source string) *condition {
	env, err := flowLanguage()
	if err != nil {
		c.report(Problem{Code: CodeCEL, Path: path, Share: share, Why: err.Error()})
		return nil
	}
	compiled, flaws := compile(source, env)
	c.flawed(path, share, source, flaws)
	return compiled
}

func (c *checking) flawed(path, share, source string, flaws []flaw) {
	for _, f := range flaws {
		at := innerPlace(c.placeOf(path), c.quoted[path], f.line, f.column)
		c.report(Problem{Code: f.code, Path: path, Share: share, Line: at.line, Column: at.column, Value: source, Requirement: "R-AGR-44", Why: f.why, Mend: f.mend})
	}
}

// clocks are the duties that are clocks, by their key.
func (d *Duties) clocks() []struct {
	key string
	Duration
} {
	return []struct {
		key string
		Duration
	}{
		{"acknowledge_within", d.AcknowledgeWithin}, {"receipt_within", d.ReceiptWithin},
		{"correction_notice_within", d.CorrectionNoticeWithin}, {"correction_effect_within", d.CorrectionEffectWithin},
		{"erasure_effect_within", d.ErasureEffectWithin}, {"erasure_receipt_within", d.ErasureReceiptWithin},
		{"breach_notice_within", d.BreachNoticeWithin}, {"individual_access_reply_within", d.AccessReplyWithin}, {"logs_kept", d.LogsKept},
	}
}

func (c *checking) duties() {
	d := c.Duties
	duty := func(key, value, why, mend string) {
		c.report(Problem{Code: CodeDuty, Path: "duties." + key, Value: value, Requirement: "R-AGR-45", Why: why, Mend: mend})
	}
	for _, clock := range d.clocks() {
		switch {
		case clock.IsZero():
			duty(clock.key, "", "a duty without a clock is none: "+clock.key+" is missing", "write how long whoever owes it has")
		case !clock.Longer(Duration{}):
			duty(clock.key, clock.String(), "nothing can be done in no time", "write how long whoever owes it has")
		}
	}
	if !d.ErasureReceiptWithin.IsZero() && d.ErasureEffectWithin.Longer(d.ErasureReceiptWithin) {
		duty("erasure_receipt_within", d.ErasureReceiptWithin.String(), "the receipt would be due before the erasure", "write at least "+d.ErasureEffectWithin.String())
	}
	c.watchers("duties.oversight_may_read", d.OversightMayRead)
}

// watchers must be authorities that watch, one of each side.
func (c *checking) watchers(path string, ids []string) {
	watched := map[string]bool{}
	for i, id := range ids {
		one, ok := c.Authority(id)
		if !ok || !one.Watches() {
			c.report(Problem{Code: CodeOversight, Path: fmt.Sprintf("%s[%d]", path, i), Value: id, Requirement: "R-AGR-54", Why: "this is no authority that watches", Mend: "name one with the domain oversight"})
			continue
		}
		p, _ := c.PartyOf(id)
		watched[p.ID] = true
	}
	for _, p := range c.Parties {
		if !watched[p.ID] && slices.ContainsFunc(p.Authorities, Authority.Watches) {
			c.report(Problem{Code: CodeOversight, Path: path, Requirement: "R-AGR-54", Warning: c.Metadata.Status == statusDraft,
				Why: fmt.Sprintf("no watcher of %s may read", p.ID), Mend: "name its authority with the domain oversight"})
		}
	}
}

func (c *checking) suspension() {
	s := c.Suspension
	c.oneOf("suspension.who", s.Who, "either_party")
	c.oneOf("suspension.data_received_before", s.DataBefore, "keep_and_honour_duties")
	c.unique("suspension.triggers", len(s.Triggers), func(i int) string { return s.Triggers[i].ID }, "id")
	env, err := figureLanguage()
	if err != nil {
		c.report(Problem{Code: CodeCEL, Path: "suspension.triggers", Why: err.Error()})
		return
	}
	c.triggers = make([]*condition, len(s.Triggers))
	for i, t := range s.Triggers {
		path := fmt.Sprintf("suspension.triggers[%d]", i)
		c.form(path+".id", t.ID, nameForm, "letters, digits and hyphens")
		c.oneOf(path+".action", t.Action, "alert", "suspend_share", "suspend_receiving")
		if t.Share != All && !slices.ContainsFunc(c.Shares, func(s Share) bool { return s.ID == t.Share }) {
			c.schema(path+".share", t.Share, "there is no such share", "name one of this document, or all")
		}
		var flaws []flaw
		c.triggers[i], flaws = compile(t.When, env)
		c.flawed(path+".when", "", t.When, flaws)
	}
}

func (c *checking) review() {
	if !c.Review.Cadence.IsZero() && !c.Review.Cadence.Longer(Duration{}) {
		c.schema("review.cadence", c.Review.Cadence.String(), "a review needs time between it and the next", "write P6M")
	}
	chairs := map[string]bool{}
	for i, id := range c.Review.Chairs {
		c.known(fmt.Sprintf("review.chairs[%d]", i), id)
		p, _ := c.PartyOf(id)
		chairs[p.ID] = true
	}
	for _, p := range c.Parties {
		if !chairs[p.ID] {
			c.schema("review.chairs", "", fmt.Sprintf("%s has no chair", p.ID), "name an authority of each side")
		}
	}
	for i, id := range c.Review.Observers {
		c.known(fmt.Sprintf("review.observers[%d]", i), id)
	}
}

// known reports an authority that neither party has.
func (c *checking) known(path, authority string) {
	if _, ok := c.Authority(authority); !ok {
		c.report(Problem{Code: CodeParty, Path: path, Value: authority, Why: "neither party has this authority", Mend: "name one from parties"})
	}
}

func (c *checking) transport() {
	t := c.Transport
	c.oneOf("transport.envelope", t.Envelope, "jws-ed25519")
	c.oneOf("transport.encryption", t.Encryption, "jwe-ecdh-es-a256gcm")
	for _, clock := range []struct {
		key string
		Duration
	}{{"message_ttl", t.MessageTTL}, {"witness_interval", t.WitnessInterval}} {
		if !clock.IsZero() && !clock.Longer(Duration{}) {
			c.schema("transport."+clock.key, clock.String(), "nothing can be done in no time", "write a duration")
		}
	}
}

// fieldNames are the names of the catalogue.
func fieldNames() []string {
	names := make([]string, len(catalogue))
	for i, f := range catalogue {
		names[i] = f.Name
	}
	return names
}
