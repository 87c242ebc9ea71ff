package cyber

import "github.com/rihla/rihla/internal/api"

func (d *Domain) exportRoutes(m *api.Mux) {}
