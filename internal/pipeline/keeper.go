package pipeline

import "github.com/rihla/rihla/internal/custody"

// Keeper is a domain that says how long it keeps what it holds of people, and how that is erased.
type Keeper interface {
	Retention() []custody.Clock
}

// Retention are the clocks of some domains.
func Retention(domains []Domain) (clocks []custody.Clock) {
	for _, d := range domains {
		if k, ok := d.(Keeper); ok {
			clocks = append(clocks, k.Retention()...)
		}
	}
	return clocks
}
