package facilitation

import "github.com/rihla/rihla/internal/api"

// Routes are the applicant's own and the officer's.
func (d *Domain) Routes(m *api.Mux) {
	_ = m
}
