package server

import (
	"slices"

	"github.com/rihla/rihla/internal/access"
)

// desks are the roles that work on what a domain brings in. A supervisor stands over every desk but that of funds,
// whose secrecy is the financial intelligence unit's own.
var desks = map[string][]access.Role{
	"travel": {access.Analyst, access.Supervisor, access.Officer},
	"cargo":  {access.Targeter, access.Supervisor},
	"funds":  {access.FIU},
	"cyber":  {access.Responder, access.Supervisor},

	"facilitation": {access.Officer, access.Supervisor},
}

// staff are all roles with a desk, and those who watch them.
var staff = []access.Role{access.Analyst, access.Supervisor, access.Officer, access.Targeter, access.FIU, access.Responder, access.Auditor}

// Sees says whether a role may know that something of a domain changed. What belongs to no domain is everybody's
// who works here.
func Sees(role access.Role, domain string) bool {
	switch {
	case domain == "":
		return role == access.Administrator || slices.Contains(staff, role)
	case role == access.Auditor:
		return true
	default:
		return slices.Contains(desks[domain], role)
	}
}
