package indicators

import (
	"math"
	"time"

	"github.com/rihla/rihla/formats/observable"
)

const day = 24 * time.Hour

// lifetimes are how long an indicator of a kind is worth looking for where its source does not say: addresses change hands
// in weeks, files never change. Others do not age.
var lifetimes = map[observable.Kind]time.Duration{
	observable.IPv4: 30 * day, observable.IPv6: 30 * day, observable.CIDR: 30 * day,
	observable.URL: 60 * day, observable.Domain: 90 * day, observable.Email: 90 * day,
	observable.MD5: 365 * day, observable.SHA1: 365 * day, observable.SHA256: 365 * day, observable.SHA512: 365 * day,
}

// Lifetime is how long an indicator of a kind lasts by itself; 0 is for ever.
func Lifetime(kind observable.Kind) time.Duration { return lifetimes[kind] }

// unsaid is the confidence of a source that says none: medium, by the scale of STIX.
const unsaid = 50

// decaySpeed is δ of the decay: little at first, all of it towards the end.
const decaySpeed = 0.3

// Decay is what is left of a score after an age, of a life: base × (1 − (age/life)^(1/δ)), the model of MISP.
func Decay(base int, age, life time.Duration) int {
	if life <= 0 || age <= 0 {
		return base
	}
	if age >= life {
		return 0
	}
	return int(math.Round(float64(base) * (1 - math.Pow(float64(age)/float64(life), 1/decaySpeed))))
}
