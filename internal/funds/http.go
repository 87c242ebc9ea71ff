package funds

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/casework"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/store"
)

// The unit alone works here. A supervisor of other desks does not see suspicious-transaction reports; an officer at the border
// files and sees declarations, and learns nothing else; an auditor sees how the desk works, and no person.
var (
	unit   = []access.Role{access.FIU}
	border = []access.Role{access.FIU, access.Officer}
)

// Routes are the declaration desk, the triage of reports and parties with their money.
func (d *Domain) Routes(m *api.Mux) {
	d.declarationRoutes(m)
	d.reportRoutes(m)
	d.partyRoutes(m)
	d.freezeRoutes(m)
	d.disseminationRoutes(m)
}

// tell makes a read of personal data known to the audit log before the data leaves.
func (d *Domain) tell(ctx context.Context, action string, touched ...string) error {
	who := api.PrincipalFrom(ctx)
	if err := d.reads.Read(ctx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: action, Touched: touched}); err != nil {
		return fmt.Errorf("nothing is shown that cannot be logged: %w", err)
	}
	return nil
}

func get(path, id, summary string, roles []access.Role) api.Route {
	return api.Route{Method: http.MethodGet, Path: "/api/v1/funds" + path, ID: id, Summary: summary, Tags: []string{Name}, Roles: roles}
}

func post(path, id, summary string, roles []access.Role) api.Route {
	return api.Route{Method: http.MethodPost, Path: "/api/v1/funds" + path, ID: id, Summary: summary, Tags: []string{Name}, Roles: roles}
}

type oneIn struct {
	ID string `path:"id"`
}

// casesOf are the cases of subjects, those open first.
func (d *Domain) casesOf(ctx context.Context, ids []screening.ID) ([]string, error) {
	cases, err := casework.OfSubjects(ctx, d.store.Read(), ids)
	var out []string
	for _, id := range ids {
		for _, c := range cases[id] {
			out = append(out, c.ID)
		}
	}
	return out, err
}

// Search finds parties by name, document or account, declarations and reports by their reference, for the unit.
func (d *Domain) Search(ctx context.Context, r store.Reader, who access.Principal, q string, n int) ([]api.Hit, error) {
	if !who.Is(access.FIU) {
		return nil, nil
	}
	var hits []api.Hit
	found, err := search(ctx, r, q, n)
	if err != nil {
		return nil, err
	}
	for _, p := range found {
		m := p.merge()
		hits = append(hits, api.Hit{Kind: "party", ID: m.ID, Title: cmp.Or(m.Name, m.title()), Detail: m.title(), Path: "/funds/parties/" + m.ID})
	}
	for _, of := range []struct {
		kind       Kind
		hit, where string
	}{{Declared, "declaration", "/funds/declarations/"}, {Reported, "funds-report", "/funds/reports/"}} {
		page, _, err := d.page(ctx, entryQuery{Kind: of.kind, Text: q, Limit: n}, "")
		if err != nil {
			return nil, err
		}
		for _, e := range page {
			hits = append(hits, api.Hit{Kind: of.hit, ID: e.ID, Title: e.Ref, Detail: e.subjectContext(), Path: of.where + e.ID})
		}
	}
	return hits[:min(len(hits), n)], nil
}
