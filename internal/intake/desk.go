package intake

import (
	"context"
	"slices"

	"github.com/rihla/rihla/internal/access"
)

// Desk says which roles may do what with a domain's reports.
type Desk struct {
	Status  []access.Role // see its state and faults
	Raw     []access.Role // see the masked copy
	Opening []access.Role // open quarantined bytes, and mend them
}

// nobodysDesk is for reports that no domain has recognised, or not yet.
var nobodysDesk = Desk{
	Status:  []access.Role{access.Supervisor, access.Auditor},
	Raw:     []access.Role{access.Supervisor, access.Auditor},
	Opening: []access.Role{access.Supervisor},
}

// Desks are those of all domains, by name.
type Desks map[string]Desk

func (d Desks) of(domain string) Desk {
	if desk, ok := d[domain]; ok {
		return desk
	}
	return nobodysDesk
}

// seen lists the domains whose reports a role may list.
func (d Desks) seen(role access.Role) []string {
	seen := []string{}
	for domain, desk := range d {
		if slices.Contains(desk.Status, role) {
			seen = append(seen, domain)
		}
	}
	if slices.Contains(nobodysDesk.Status, role) {
		seen = append(seen, "")
	}
	slices.Sort(seen)
	return seen
}

// Status looks in the journal first, then in the store: a report moves from the one to the other, so it is never in
// neither. Where both have it, the store knows more.
func (r *Reports) Status(ctx context.Context, j *Journal, id string) (Status, error) {
	waiting, found, err := j.find(ctx, id)
	if err != nil {
		return Status{}, err
	}
	s, err := r.find(ctx, id)
	switch {
	case err == nil:
		return s.Status, nil
	case found:
		return waiting.status(), nil
	}
	return Status{}, err
}

func (p *Pending) status() Status {
	return Status{ID: p.ID, State: Received, Received: p.Received, Filer: p.Filer.Name, Gate: p.Gate, SHA256: p.SHA256,
		Size: p.Size, Mends: p.Mends}
}
