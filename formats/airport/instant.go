package airport

import "time"

// Instant is when clocks in zone show the year, month, day, hour, minute and second of local, whatever local's own
// location. Twice a year, in most of the world's zones, that is no exact question, and exact is false:
//
//   - a time that the clocks skip (spring) is read as if they had not yet been put forward, so 02:30 becomes 03:30;
//   - a time that they show twice (autumn) is the first of the two.
//
// Both are answers a traveller can live with: nobody misses a flight by coming when the first clock says so.
func Instant(local time.Time, zone *time.Location) (at time.Time, exact bool) {
	y, mo, d := local.Date()
	h, mi, s := local.Clock()
	wall := time.Date(y, mo, d, h, mi, s, local.Nanosecond(), time.UTC)

	// No zone changes its clocks twice within two days, so these are the offsets before and after any change.
	before, after := offset(wall.Add(-24*time.Hour), zone), offset(wall.Add(24*time.Hour), zone)
	early, late := wall.Add(-before), wall.Add(-after)
	isEarly, isLate := offset(early, zone) == before, offset(late, zone) == after
	switch {
	case isEarly && isLate:
		exact = before == after
		if late.Before(early) {
			early = late
		}
		return early.UTC(), exact
	case isLate:
		return late.UTC(), true
	default:
		return early.UTC(), isEarly
	}
}

// offset is how far clocks in zone are ahead of UTC at an instant.
func offset(at time.Time, zone *time.Location) time.Duration {
	_, seconds := at.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}
