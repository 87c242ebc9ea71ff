package agreement

import "strings"

// The roles of a node that roles in agreements stand for.
const (
	roleAnalyst    = "analyst"
	roleSupervisor = "supervisor"
	roleOfficer    = "officer"
	roleTargeter   = "targeter"
	roleFIU        = "fiu"
	roleResponder  = "responder"
	roleAuditor    = "auditor"
)

var nodeRoles = map[string]bool{
	roleAnalyst: true, roleSupervisor: true, roleOfficer: true, roleTargeter: true, roleFIU: true, roleResponder: true, roleAuditor: true,
}

// usualRoles are the roles that agreements commonly name.
var usualRoles = map[string]string{
	"sharing-officer":         roleSupervisor,
	"sharing-supervisor":      roleSupervisor,
	"agreement-officer":       roleSupervisor,
	"vetting-officer":         roleOfficer,
	"targeting-officer":       roleTargeter,
	"targeting-supervisor":    roleTargeter,
	"incident-lead":           roleResponder,
	"data-protection-officer": roleAuditor,
	"privacy-officer":         roleAuditor,
}

// families are beginnings of role names that all mean one role.
var families = []struct{ before, role string }{
	{"fiu-", roleFIU}, {"cyber-", roleResponder}, {"incident-", roleResponder}, {"cargo-", roleTargeter}, {"customs-", roleTargeter}, {"targeting-", roleTargeter},
}

// Role is the node's role that a role named in the document stands for: as the document maps it, else as such names are
// commonly meant; "" for one that nobody here could have.
func (d *Document) Role(name string) string {
	if role, ok := d.Roles[name]; ok {
		return role
	}
	if role, ok := usualRoles[name]; ok {
		return role
	}
	for _, f := range families {
		if strings.HasPrefix(name, f.before) {
			return f.role
		}
	}
	if nodeRoles[name] {
		return name
	}
	return ""
}

// secondRole is whose further approval is asked for: the role named for it, else the one that approves anyway.
func (d *Document) secondRole(a ApprovalTerms) string {
	if a.SecondRole != "" {
		return d.Role(a.SecondRole)
	}
	return d.Role(a.Role)
}
