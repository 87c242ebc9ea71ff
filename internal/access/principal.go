package access

import "slices"

// Kind is what a principal showed.
type Kind string

// The kinds.
const (
	Key     Kind = "key"
	Account Kind = "account"
)

// Principal is somebody who acts: the audit log's actor, and a filer's identity. Two keys of one name are one filer, so
// that a key can be changed for a new one.
type Principal struct {
	ID       string // of the key; an account's is its name
	Name     string
	Role     Role
	Carriers []string // those a filer may file for; none means any
	Partner  string   // the partner state a partner's key speaks for
	Kind     Kind
}

// Is reports whether the principal has one of the roles.
func (p Principal) Is(roles ...Role) bool { return p.Role != "" && slices.Contains(roles, p.Role) }

// MayFileFor reports whether the principal may file for a carrier.
func (p Principal) MayFileFor(carrier string) bool {
	return len(p.Carriers) == 0 || slices.Contains(p.Carriers, carrier)
}
