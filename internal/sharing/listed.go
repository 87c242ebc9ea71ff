package sharing

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/sharing/ledger"
	"github.com/rihla/rihla/internal/store"
)

// Entries of lists are exchanged as themselves: whom a state looks for, and which documents were lost. What a partner gives
// of them becomes a list of its own, by its agreement and kind, that this node's travellers are screened against until the
// entry is corrected, taken back, or its day comes.
const (
	listEntry    = "list-entry"
	lostDocument = "lost-document"
)

func isListed(category string) bool { return category == listEntry || category == lostDocument }

// partnersList is the list of what a partner gave under an agreement, of one of the two kinds.
func partnersList(agreement, category string) string {
	return screening.GivenList(agreement, map[string]string{listEntry: "entries", lostDocument: "documents"}[category])
}

// list puts records of the partner's in force as entries. A record that no entry can be made of stays a record, for
// people, and the log says why.
func (r *Room) list(ctx context.Context, tx store.Tx, v Version, share *agreement.Share, came []Record) error {
	g := screening.Given{List: partnersList(v.Metadata.ID, share.Category), Domains: screenedIn(v.Agreement), By: came[0].Partner}
	for i := range came {
		c := &came[i]
		e, err := entryFrom(c, share.Category, c.Values, r.now())
		if err == nil {
			g.Put = append(g.Put, e)
			continue
		}
		g.Gone = append(g.Gone, c.ID)
		if err := ledger.Record(ctx, tx, machine, "", ledger.Step{
			Kind: ledger.Marked, Agreement: c.Agreement, Version: c.Version, Share: c.Share, Partner: c.Partner, Direction: ledger.In,
			Thread: c.Thread, Message: c.Message, Code: "not_listed", Reason: faultCodes(err),
		}); err != nil {
			return err
		}
	}
	if err := screening.TakeGiven(ctx, tx, g); err != nil {
		return err
	}
	return r.announce(ctx, tx, "list", g.List)
}

// unlist takes a record's entry out of the partner's list.
func (r *Room) unlist(ctx context.Context, tx store.Tx, c *Record, category string) error {
	v, known, err := r.shelf.of(ctx, tx, c.Agreement, c.digest)
	if err != nil || !known {
		return err
	}
	g := screening.Given{List: partnersList(c.Agreement, category), Domains: screenedIn(v.Agreement), By: c.Partner, Gone: []string{c.ID}}
	if err := screening.TakeGiven(ctx, tx, g); err != nil {
		return err
	}
	return r.announce(ctx, tx, "list", g.List)
}

// screenedIn are the domains whose subjects an agreement lets be screened against what was given: those it is about, and of
// them those that know travellers.
func screenedIn(a *agreement.Agreement) (domains []string) {
	for _, domain := range []string{"travel", "facilitation"} {
		if slices.Contains(a.Domains, domain) {
			domains = append(domains, domain)
		}
	}
	return domains
}

// entryFrom is a record as the lists of this node have entries. It is checked as one that a person types.
func entryFrom(c *Record, category string, values map[string]any, now time.Time) (lists.Entry, error) {
	last := c.EraseAt.Format(time.DateOnly)
	e := lists.Entry{
		ID: c.ID, Schema: "Person", Owner: c.Partner, Basis: textIn(values, "match.legal_basis"), Review: last, Until: last,
		// What stands behind an entry is codes, which need no translating: agreement, share, purpose, the giver's reference, its last day.
		Reason:      strings.Join([]string{c.Agreement, c.Share, c.Purpose, c.Reference, last}, " · "),
		Instruction: join(" · ", textIn(values, "match.action_requested"), textIn(values, "match.caution"), strings.Join(c.Caveats, ", ")),
	}
	if e.Basis == "" {
		e.Basis = c.Agreement
	}
	document := lists.Document{
		Type: textIn(values, "document.type"), Number: textIn(values, "document.number"), Issuer: textIn(values, "document.issuer"),
		Expires: textIn(values, "document.expiry"),
	}
	if category == lostDocument {
		e.Schema, e.DocumentOnly = "Document", true
		document.Status, document.Reported = textIn(values, "document.status"), textIn(values, "document.reported")
		if document.Status == "" {
			document.Status = "lost"
		}
		e.Documents = []lists.Document{document}
		return lists.ByHand(e, now)
	}
	if surname, given := textIn(values, "person.family_name"), textIn(values, "person.given_names"); surname+given != "" {
		e.Names = append(e.Names, lists.Name{Surname: surname, Given: given})
	}
	for _, alias := range textsIn(values, "person.aliases") {
		e.Names = append(e.Names, lists.Name{Text: alias, Kind: "alias"})
	}
	for _, births := range textsIn(values, "person.dob") {
		for born := range strings.SplitSeq(births, ",") {
			e.Births = append(e.Births, strings.TrimSpace(born))
		}
	}
	e.Sex = textIn(values, "person.sex")
	for role, name := range map[string]string{"nationality": "person.nationality", "birth": "person.place_of_birth"} {
		for _, code := range textsIn(values, name) {
			e.Countries = append(e.Countries, lists.Country{Code: code, Role: role})
		}
	}
	slices.SortFunc(e.Countries, func(a, b lists.Country) int { return strings.Compare(a.Role+a.Code, b.Role+b.Code) })
	if document.Number != "" {
		e.Documents = []lists.Document{document}
	}
	return lists.ByHand(e, now)
}

// faultCodes are what is wrong with an entry, without its values.
func faultCodes(err error) string {
	wrong, ok := errors.AsType[*lists.Error](err)
	if !ok {
		return "entry"
	}
	var codes []string
	for _, f := range wrong.Faults {
		if !slices.Contains(codes, f.Rule) {
			codes = append(codes, f.Rule)
		}
	}
	return strings.Join(codes, " ")
}

// textIn is a value that is one text; of several the first.
func textIn(values map[string]any, name string) string {
	if all := textsIn(values, name); len(all) > 0 {
		return all[0]
	}
	return ""
}

// textsIn is a value that is a text or several.
func textsIn(values map[string]any, name string) (all []string) {
	switch v := values[name].(type) {
	case string:
		all = []string{v}
	case []string:
		all = v
	case []any:
		for _, one := range v {
			if s, ok := one.(string); ok {
				all = append(all, s)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return strings.TrimSpace(s) == "" })
}

// lostRef names one document of an entry: list/entry, and which of its documents where it is not the first.
func lostRef(list, entry string, document int) string {
	if document == 0 {
		return list + "/" + entry
	}
	return list + "/" + entry + "#" + strconv.Itoa(document)
}

// lost is the document that a reference names, where it was lost.
func lost(e *lists.Entry, ref string) (lists.Document, bool) {
	at := 0
	if _, which, several := strings.Cut(ref, "#"); several {
		n, err := strconv.Atoi(which)
		if err != nil {
			return lists.Document{}, false
		}
		at = n
	}
	if at < 0 || at >= len(e.Documents) || e.Documents[at].Status == "" {
		return lists.Document{}, false
	}
	return e.Documents[at], true
}
