package form

import (
	"cmp"
	"fmt"
	"maps"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/formats/date"
	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/mrz"
)

// What a form may say where it has a choice.
var (
	Purposes = []string{"tourism", "business", "family", "transit", "study", "official"}
	Asked    = []string{"convictions", "customs_penalty", "visa_refused", "overstay", "entry_refused"} // the questions with yes or no
	Allowed  = []string{"own_state_checks", "partner_vetting"}
)

const (
	historyMonths = 60 // of addresses, for a membership
	ofAge         = 18
	longestName   = 120
	longestText   = 4000
	mostEntries   = 60
)

// check gathers what is wrong.
type check struct {
	*Form
	on     time.Time
	faults []Fault
}

func (c *check) say(code, path, format string, args ...any) {
	c.faults = append(c.faults, Fault{Code: code, Path: path, Why: fmt.Sprintf(format, args...)})
}

// Check says all that is wrong with a form, as of a day.
func (f *Form) Check(on time.Time) []Fault {
	c := &check{Form: f, on: on}
	if !slices.Contains([]string{Membership, Authorisation, Redress, Vetting}, f.Schema) {
		c.say(CodeSchema, "schema", "%q is none of the forms that are read here.", clip(f.Schema))
		return c.faults
	}
	c.applicant()
	c.document()
	c.contact()
	switch f.Schema {
	case Membership:
		c.require("program", f.Program)
		c.lived()
		c.allowed()
	case Authorisation:
		c.choice("purpose", f.Purpose, Purposes)
		if f.Arrival != "" {
			c.day("arrival", f.Arrival)
		}
	case Redress:
		c.story()
	case Vetting:
		if f.Question == nil {
			c.say(CodeMissing, "question", "Say which question of the partner this answers.")
		}
	}
	c.declared()
	c.places()
	if f.SelfieMatch < 0 || f.SelfieMatch > 1 {
		c.say(CodeValue, "selfie_chip_match", "The figure lies between 0 and 1.")
	}
	if f.SubmittedAt != "" && f.Submitted().IsZero() {
		c.say(CodeDate, "submitted_at", "%q is no instant; write 2026-04-02T09:04:11+03:00.", clip(f.SubmittedAt))
	}
	return c.faults
}

func (c *check) require(path, value string) {
	if strings.TrimSpace(value) == "" {
		c.say(CodeMissing, path, "This is needed.")
	} else {
		c.text(path, value, longestName)
	}
}

func (c *check) text(path, value string, most int) {
	switch {
	case utf8.RuneCountInString(value) > most:
		c.say(CodeValue, path, "At most %d characters can be taken.", most)
	case strings.ContainsFunc(value, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		c.say(CodeValue, path, "A character that cannot be printed stands here.")
	}
}

func (c *check) choice(path, value string, of []string) {
	if value == "" {
		c.say(CodeMissing, path, "This is needed.")
	} else if !slices.Contains(of, value) {
		c.say(CodeValue, path, "%q is none of %s.", clip(value), strings.Join(of, ", "))
	}
}

func (c *check) country(path, code string) {
	if _, _, known := country.Normalise(code); !known {
		c.say(CodeCountry, path, "%q is no country; write its letters as in the passport.", clip(code))
	}
}

func (c *check) day(path, text string) (date.Date, bool) {
	var d date.Date
	if err := d.UnmarshalText([]byte(text)); err != nil || !d.Full() || !d.Valid() {
		c.say(CodeDate, path, "%q is no date; write 2026-04-02.", clip(text))
		return date.Date{}, false
	}
	return d, true
}

func (c *check) applicant() {
	a := &c.Applicant
	c.require("applicant.family_name", a.FamilyName)
	c.text("applicant.given_names", a.GivenNames, longestName)
	if a.Born == "" {
		c.say(CodeMissing, "applicant.dob", "This is needed.")
	} else if d, ok := c.day("applicant.dob", a.Born); ok && d.Compare(date.Of(c.on)) > 0 {
		c.say(CodeDate, "applicant.dob", "This day is still to come.")
	}
	if a.Sex != "" {
		c.choice("applicant.sex", a.Sex, []string{"M", "F", "X"})
	}
	if a.Nationality == "" {
		c.say(CodeMissing, "applicant.nationality", "This is needed.")
	} else {
		c.country("applicant.nationality", a.Nationality)
	}
}

// document checks the document, and its machine-readable zone against what was typed.
func (c *check) document() {
	d := &c.Applicant.Document
	if c.Schema == Vetting && d.Number == "" && len(d.MRZ) == 0 {
		return // the partner may name nobody's document
	}
	if d.Number == "" {
		c.say(CodeMissing, "applicant.document.number", "This is needed.")
	}
	c.text("applicant.document.number", d.Number, 40)
	if d.Issuer == "" {
		c.say(CodeMissing, "applicant.document.issuer", "This is needed.")
	} else {
		c.country("applicant.document.issuer", d.Issuer)
	}
	asked := c.Schema == Membership || c.Schema == Authorisation
	if d.Expiry != "" {
		if day, ok := c.day("applicant.document.expiry", d.Expiry); ok && asked && day.Compare(date.Of(c.on)) < 0 {
			c.say(CodeExpired, "applicant.document.expiry", "The document has expired; apply with one that is valid.")
		}
	} else if asked {
		c.say(CodeMissing, "applicant.document.expiry", "This is needed.")
	}
	if len(d.MRZ) == 0 {
		if asked {
			c.say(CodeMissing, "applicant.document.mrz", "Copy the lines at the foot of the document's first page, fillers (<) included.")
		}
		return
	}
	c.zone(d)
}

const zonePath = "applicant.document.mrz"

// zoneFields are the zone's fields as the form calls them.
var zoneFields = map[string]string{
	"number": "document_number", "born": "dob", "expires": "expiry", "optional": "optional_data", "nationality": "nationality", "issuer": "issuer", "names": "names", "code": "type", "sex": "sex",
}

func (c *check) zone(d *Document) {
	if len(d.MRZ) > 3 || slices.ContainsFunc(d.MRZ, func(l string) bool { return len(l) > 44 }) {
		c.say(CodeZone, zonePath, "A machine-readable zone has two lines of 36 or 44 characters, or three of 30.")
		return
	}
	z, faults, err := mrz.Parse(strings.Join(d.MRZ, "\n"), date.Of(c.on))
	if err != nil {
		c.say(CodeZone, zonePath, "These lines are no machine-readable zone; copy them as they are printed, fillers (<) included.")
		return
	}
	for i := range faults {
		c.zoneFault(&faults[i])
	}
	if len(faults) > 0 {
		return // what cannot be trusted is compared with nothing
	}
	a := &c.Applicant
	for _, f := range []struct{ path, field, typed, printed string }{
		{"applicant.document.number", "document_number", compact(d.Number), compact(z.Number)},
		{"applicant.document.issuer", "issuer", country.ISO(d.Issuer), country.ISO(z.Issuer)},
		{"applicant.document.expiry", "expiry", d.Expiry, z.Expires.String()},
		{"applicant.dob", "dob", a.Born, z.Born.String()},
		{"applicant.sex", "sex", cmp.Or(a.Sex, z.Sex), z.Sex},
		{"applicant.nationality", "nationality", country.ISO(a.Nationality), country.ISO(z.Nationality)},
	} {
		if f.typed != f.printed {
			c.faults = append(c.faults, Fault{Code: CodeDiffers, Path: f.path, Field: f.field, Why: "The machine-readable zone says something else."})
		}
	}
	if !sameName(a.FamilyName, z.Surname, z.Truncated) || !sameName(a.GivenNames, z.Given, z.Truncated) {
		c.faults = append(c.faults, Fault{Code: CodeDiffers, Path: "applicant", Field: "names", Why: "The machine-readable zone says another name."})
	}
}

// zoneFault tells of what is wrong in the zone itself. No reading is put right here: whoever applies has the document.
func (c *check) zoneFault(f *fault.Fault) {
	out := Fault{Code: CodeZone, Path: zonePath + "[" + strconv.Itoa(max(f.Line-1, 0)) + "]", Field: cmp.Or(zoneFields[f.Field], f.Field)}
	switch {
	case f.Field == "composite":
		out.Code, out.Field, out.Why = CodeComposite, "", "The composite digit does not fit the line."
		if at := slices.IndexFunc(c.faults, func(x Fault) bool { return x.Code == CodeCheck }); at >= 0 {
			out.Why = "The composite digit fails too, because the digit at position " + checkColumn[c.faults[at].Field] + " is part of it."
		}
	case f.Rule == "check_digit":
		out.Code, out.Why = CodeCheck, "Check digit of the "+strings.ReplaceAll(out.Field, "_", " ")+" does not fit."
	case f.Rule == "bad_date":
		out.Why = "This is no date."
	case f.Rule == "ocr":
		out.Why = "A letter stands where only a digit can, or a digit where only a letter can."
	default:
		out.Why = "A character stands here that a machine-readable zone does not have."
	}
	c.faults = append(c.faults, out)
}

// checkColumn is where a field's check digit stands in the second line of a passport.
var checkColumn = map[string]string{"document_number": "10", "dob": "20", "expiry": "28", "optional_data": "43"}

// sameName says whether a typed name is what the zone has, in the zone's letters.
func sameName(typed, printed string, cut bool) bool {
	typed = mrz.Latin(typed)
	return typed == printed || cut && strings.HasPrefix(typed, printed)
}

func compact(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' {
			return r
		}
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		return -1
	}, s)
}

func (c *check) contact() {
	x := &c.Contact
	if x.Email != "" {
		if a, err := mail.ParseAddress(x.Email); err != nil || a.Address != x.Email || len(x.Email) > 254 {
			c.say(CodeValue, "contact.email", "This is no address that mail could be sent to.")
		}
	}
	c.text("contact.phone", x.Phone, 30)
	if x.Language != "" {
		c.choice("contact.language", x.Language, []string{"en", "ar"})
	}
}

// lived checks that the addresses cover five years without a gap.
func (c *check) lived() {
	if len(c.Addresses) > mostEntries {
		c.say(CodeValue, "addresses", "At most %d can be taken.", mostEntries)
		return
	}
	now := c.on.Year()*12 + int(c.on.Month())
	covered := map[int]bool{}
	for i, a := range c.Addresses {
		path := "addresses[" + strconv.Itoa(i) + "]"
		from, ok := c.month(path+".from", a.From)
		to := now
		if ok && a.To != "" {
			to, ok = c.month(path+".to", a.To)
		}
		if ok && to < from {
			c.say(CodeDate, path+".to", "It ends before it begins.")
		}
		c.country(path+".country", a.Country)
		c.text(path+".city", a.City, longestName)
		for j, l := range a.Lines {
			c.text(fmt.Sprintf("%s.lines[%d]", path, j), l, longestName)
		}
		for m := max(from, now-historyMonths); ok && m < min(to, now); m++ {
			covered[m] = true
		}
		if ok && to < now { // the month it ended in is lived in too
			covered[to] = true
		}
	}
	had := 0
	for m := now - historyMonths; m < now; m++ {
		if covered[m] {
			had++
		}
	}
	born, err := time.Parse(time.DateOnly, c.Applicant.Born)
	need := historyMonths
	if err == nil { // a child has lived nowhere before it was born
		need = min(need, now-(born.Year()*12+int(born.Month())))
	}
	if had < need {
		c.say(CodeGap, "addresses", "%s of addresses needed; %s given.", capital(years(need)), years(had))
	}
}

func (c *check) month(path, text string) (int, bool) {
	t, err := time.Parse("2006-01", text)
	if err != nil {
		c.say(CodeDate, path, "%q is no month; write 2024-01.", clip(text))
		return 0, false
	}
	return t.Year()*12 + int(t.Month()), true
}

// allowed checks the consent, and a guardian's for a minor.
func (c *check) allowed() {
	if c.Consent == nil || !c.Allows("partner_vetting") || !c.Allows("own_state_checks") {
		c.say(CodeConsent, "consent", "Without consent nothing may be sent to a partner; state stays draft.")
	} else {
		for i, a := range c.Consent.Allows {
			if !slices.Contains(Allowed, a) {
				c.say(CodeValue, fmt.Sprintf("consent.allows[%d]", i), "%q is none of %s.", clip(a), strings.Join(Allowed, ", "))
			}
		}
		c.require("consent.text_version", c.Consent.Version)
		if _, err := time.Parse(time.RFC3339, c.Consent.GivenAt); err != nil {
			c.say(CodeDate, "consent.given_at", "%q is no instant; write 2026-04-02T09:04:11+03:00.", clip(c.Consent.GivenAt))
		}
	}
	if Age(c.Applicant.Born, c.on) >= ofAge || Age(c.Applicant.Born, c.on) < 0 {
		return
	}
	if c.Guardian == nil {
		c.say(CodeGuardian, "guardian", "A minor applies with a guardian.")
		return
	}
	c.require("guardian.relation", c.Guardian.Relation)
	if c.Consent != nil && c.Consent.By != "guardian" {
		c.say(CodeGuardian, "consent.given_by", "For a minor the guardian consents.")
	}
}

func (c *check) declared() {
	for _, name := range slices.Sorted(maps.Keys(c.Declarations)) {
		if !slices.Contains(Asked, name) {
			c.say(CodeValue, "declarations."+name, "This is not asked; the questions are %s.", strings.Join(Asked, ", "))
		}
	}
}

func (c *check) story() {
	c.text("account", c.Account, longestText)
	if len(c.Stops) > mostEntries {
		c.say(CodeValue, "stops", "At most %d can be taken.", mostEntries)
		return
	}
	for i, s := range c.Stops {
		if s.Date != "" {
			c.day("stops["+strconv.Itoa(i)+"].date", s.Date)
		}
		c.text("stops["+strconv.Itoa(i)+"].place", s.Place, longestName)
		c.text("stops["+strconv.Itoa(i)+"].flight", s.Flight, 10)
	}
}

func (c *check) places() {
	c.text("host_address.city", c.HostAddress.City, longestName)
	c.text("host_address.name", c.HostAddress.Name, longestName)
	if c.HostAddress.Country != "" {
		c.country("host_address.country", c.HostAddress.Country)
	}
	if len(c.Work) > mostEntries || len(c.Travel) > 250 {
		c.say(CodeValue, "work", "More is listed than can be taken.")
		return
	}
	for i, w := range c.Work {
		path := "work[" + strconv.Itoa(i) + "]"
		c.month(path+".from", w.From)
		c.text(path+".employer", w.Employer, longestName)
		c.text(path+".role", w.Role, longestName)
	}
	for i, t := range c.Travel {
		c.country("travel_5y["+strconv.Itoa(i)+"]", t)
	}
}

// Age is how old somebody born on a day is on another; -1 where that cannot be told.
func Age(born string, on time.Time) int {
	b, err := time.Parse(time.DateOnly, born)
	if err != nil || on.Before(b) {
		return -1
	}
	years := on.Year() - b.Year()
	if on.Month() < b.Month() || on.Month() == b.Month() && on.Day() < b.Day() {
		years--
	}
	return years
}

var numbers = []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"}

// years says a number of months as people do.
func years(months int) string {
	of := func(n int, one string) string {
		if n == 1 {
			return "one " + one
		}
		return numbers[n] + " " + one + "s"
	}
	switch y, m := months/12, months%12; {
	case m == 0 && y > 0:
		return of(y, "year")
	case y == 0:
		return of(m, "month")
	default:
		return of(y, "year") + " and " + of(m, "month")
	}
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
