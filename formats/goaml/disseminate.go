package goaml

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Unit is a financial intelligence unit that passes a report on, in its own name.
type Unit struct {
	EntityID  int64
	Branch    string
	Reference string // of the dissemination
	Day       Wall
	Reason    string // the unit's own words; nothing keeps the filer's

	// Hide are the names by which the filer could be told: its own, its branches', its bank code. Wherever one stands in
	// what is passed on, [Withheld] stands instead.
	Hide []string
}

// Withheld stands where the schema wants a text and the filer's may not be told.
const Withheld = "WITHHELD"

// Disseminate makes of a filer's report what a unit may pass on: the report in the unit's name, and nothing that tells who
// filed it. The filer's numbers, people and places go; a side the filer marked as its customer is a side like any other; the
// transactions are numbered anew. It reads as valid by a profile that says [Profile.Partner]. The report itself stays as it
// is.
func Disseminate(r *Report, u Unit) *Report {
	c := cloned(reportPlan, reflect.ValueOf(r)).Interface().(*Report) //nolint:errcheck // a clone is of its original's type
	c.EntityID, c.EntityBranch, c.Reference, c.Submitted, c.Dated = u.EntityID, u.Branch, u.Reference, u.Day, Wall{}
	c.UnitReference, c.RejectedRefer, c.ReportingPerson, c.ReportingUser, c.Location, c.Action, c.AdditionalInform = "", "", nil, "", nil, "", ""
	if u.Reason != "" {
		c.Reason = u.Reason
	}
	for i, t := range c.Transactions {
		t.anonymise(u.Reference + "-" + strconv.Itoa(i+1))
	}
	if c.Activity != nil {
		for _, p := range c.Activity.Parties {
			p.Person, p.PersonMyClient = either(p.Person, p.PersonMyClient), nil
			p.Account, p.AccountMyClient = either(p.Account, p.AccountMyClient), nil
			p.Entity, p.EntityMyClient = either(p.Entity, p.EntityMyClient), nil
		}
	}
	if hide := hidden(u.Hide); hide != nil {
		mask(reportPlan, reflect.ValueOf(c).Elem(), hide)
		c.EntityBranch, c.Reference = u.Branch, u.Reference
	}
	return c
}

// anonymise takes off a transaction what tells where it was made.
func (t *Transaction) anonymise(number string) {
	t.Number, t.InternalReference, t.Agent, t.Location, t.Address, t.Teller, t.Authorized = number, "", "", Withheld, nil, "", ""
	t.From, t.FromMyClient = either(t.From, t.FromMyClient), nil
	t.To, t.ToMyClient = either(t.To, t.ToMyClient), nil
	for _, p := range t.Parties {
		p.Person, p.PersonMyClient = either(p.Person, p.PersonMyClient), nil
		p.Account, p.AccountMyClient = either(p.Account, p.AccountMyClient), nil
		p.Entity, p.EntityMyClient = either(p.Entity, p.EntityMyClient), nil
	}
	for _, a := range t.accounts() {
		a.Branch, a.Collection, a.ClientNumber = "", nil, ""
	}
}

func (t *Transaction) accounts() []*Account {
	var out []*Account
	if t.From != nil {
		out = append(out, t.From.Account)
	}
	if t.To != nil {
		out = append(out, t.To.Account)
	}
	for _, p := range t.Parties {
		out = append(out, p.Account)
	}
	return slices.DeleteFunc(out, func(a *Account) bool { return a == nil })
}

func either[T any](a, b *T) *T {
	if a == nil {
		return b
	}
	return a
}

// hidden finds any of the names, whatever its case.
func hidden(names []string) *regexp.Regexp {
	var parts []string
	for _, n := range names {
		if n = strings.TrimSpace(n); n != "" {
			parts = append(parts, regexp.QuoteMeta(n))
			if escaped := string(appendText(nil, n)); escaped != n { // as it stands in what is kept raw
				parts = append(parts, regexp.QuoteMeta(escaped))
			}
		}
	}
	if len(parts) == 0 {
		return nil
	}
	slices.SortFunc(parts, func(a, b string) int { return len(b) - len(a) })
	return regexp.MustCompile("(?i)" + strings.Join(parts, "|"))
}

// mask puts Withheld for every name in the texts of v and of all below it.
func mask(p *plan, v reflect.Value, names *regexp.Regexp) {
	for i := range p.fields {
		f := &p.fields[i]
		x := v.FieldByIndex(f.index)
		if f.kind != text && f.kind != raw && f.kind != element {
			continue
		}
		each := func(x reflect.Value) {
			switch {
			case f.kind != element:
				if names.MatchString(x.String()) {
					x.SetString(names.ReplaceAllString(x.String(), Withheld))
				}
			case !x.IsNil():
				mask(f.plan, x.Elem(), names)
			}
		}
		if !f.list {
			each(x)
			continue
		}
		for j := range x.Len() {
			each(x.Index(j))
		}
	}
}

// cloned is a copy of a struct behind a pointer that shares nothing with it.
func cloned(p *plan, v reflect.Value) reflect.Value {
	c := reflect.New(v.Type().Elem())
	c.Elem().Set(v.Elem())
	for i := range p.fields {
		f := &p.fields[i]
		x := c.Elem().FieldByIndex(f.index)
		switch {
		case f.list && x.Len() > 0:
			list := reflect.MakeSlice(x.Type(), x.Len(), x.Len())
			reflect.Copy(list, x)
			if f.kind == element {
				for j := range list.Len() {
					list.Index(j).Set(clonedOrNil(f.plan, list.Index(j)))
				}
			}
			x.Set(list)
		case f.list:
		case f.kind == element:
			x.Set(clonedOrNil(f.plan, x))
		case f.kind == truth && !x.IsNil():
			yes := x.Elem().Bool()
			x.Set(reflect.ValueOf(&yes))
		}
	}
	return c
}

func clonedOrNil(p *plan, v reflect.Value) reflect.Value {
	if v.IsNil() {
		return v
	}
	return cloned(p, v)
}
