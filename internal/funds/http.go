package funds

import (
	"context"
	"fmt"
	"net/http"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
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
