package access

import (
	"fmt"
	"slices"
	"strings"
)

// Role is what somebody is in the house. An agreement that names other roles maps them to these.
type Role string

// The roles.
const (
	Filer         Role = "filer"         // a carrier, agent, bank or team that files reports
	Analyst       Role = "analyst"       // a passenger information unit's analyst
	Supervisor    Role = "supervisor"    // who confirms, signs and releases
	Officer       Role = "officer"       // at the border desk
	Targeter      Role = "targeter"      // cargo
	FIU           Role = "fiu"           // the financial intelligence unit
	Responder     Role = "responder"     // the national incident-response team
	Auditor       Role = "auditor"       // data protection and oversight
	Partner       Role = "partner"       // another state's system
	Administrator Role = "administrator" // who runs the node, and sees no person's data
)

// Roles are all roles, in the order a person would read them.
var Roles = []Role{Filer, Analyst, Supervisor, Officer, Targeter, FIU, Responder, Auditor, Partner, Administrator}

// ParseRole reads a role's name.
func ParseRole(name string) (Role, error) {
	if role := Role(name); slices.Contains(Roles, role) {
		return role, nil
	}
	names := make([]string, len(Roles))
	for i, role := range Roles {
		names[i] = string(role)
	}
	return "", fmt.Errorf("%w: %q; it is one of %s", ErrUnknownRole, name, strings.Join(names, ", "))
}
