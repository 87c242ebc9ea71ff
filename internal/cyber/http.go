package cyber

import "github.com/rihla/rihla/internal/api"

// Routes are the pages of indicators, logs and incidents, and TAXII.
func (d *Domain) Routes(m *api.Mux) {}
