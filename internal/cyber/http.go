package cyber

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
)

// Who works here, and who may read.
var (
	desk    = []access.Role{access.Responder, access.Supervisor}
	readers = append(slices.Clone(desk), access.Auditor)
	filers  = append(slices.Clone(desk), access.Filer)
)

// Routes are the pages of indicators, logs, machines and incidents, and TAXII.
func (d *Domain) Routes(m *api.Mux) {
	d.indicatorRoutes(m)
	d.logRoutes(m)
	d.incidentRoutes(m)
	d.incidentActs(m)
	d.exportRoutes(m)
	d.feedRoutes(m)
	d.warningRoutes(m)
	if d.taxii != nil {
		d.taxii.Routes(m)
	}
}

func route(method, path, id, summary string, roles []access.Role, status ...int) api.Route {
	r := api.Route{Method: method, Path: "/api/v1/cyber" + path, ID: id, Summary: summary, Tags: []string{Name}, Roles: roles}
	if len(status) > 0 {
		r.Status = status[0]
	}
	return r
}

// read makes a read known to the audit log before the data leaves.
func (d *Domain) read(ctx context.Context, action string, touched ...string) error {
	who := api.PrincipalFrom(ctx)
	if err := d.reads.Read(ctx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: action, Touched: touched}); err != nil {
		return fmt.Errorf("nothing is shown that cannot be logged: %w", err)
	}
	return nil
}

// act is the audit entry of what somebody did.
func act(who access.Principal, action string, touched ...string) audit.Entry {
	return audit.Entry{Actor: who.Name, Role: string(who.Role), Action: action, Touched: touched}
}

type oneIn struct {
	ID string `path:"id"`
}

// accepted answers what was taken into the journal: it is there a second later at most.
type accepted struct {
	Report    string `json:"report" doc:"The report it became"`
	Indicator string `json:"indicator,omitempty"`
	Incident  string `json:"incident,omitempty"`
	SHA256    string `json:"sha256,omitempty"`
}

type acceptedOut struct {
	Body accepted
}

const createdLater = http.StatusAccepted
