package cargo

import "github.com/rihla/rihla/internal/api"

// Routes are the room's.
func (d *Domain) Routes(*api.Mux) {}
