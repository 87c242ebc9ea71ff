package ledger

import (
	"time"
)

// offlineAfter is how long a message waits before the partner counts as offline.
const offlineAfter = 30 * time.Minute

// envoy is a message of ours until the partner has it.
type envoy struct{ left, arrived time.Time }

// delivery is how long the partner took to acknowledge, and how long it was away.
func (b *book) delivery() {
	var acks times
	var away []Span
	for _, m := range b.messages {
		if b.in(m.arrived) {
			took := m.arrived.Sub(m.left)
			acks.add(took, b.terms.Acknowledge > 0 && took > b.terms.Acknowledge)
		}
		from, until := m.left, m.arrived
		if until.IsZero() {
			until = b.span.Until
		}
		if from.Before(b.span.From) {
			from = b.span.From
		}
		if until.Sub(m.left) > offlineAfter && until.After(from) {
			away = append(away, Span{from, until})
		}
	}
	if len(acks.took) > 0 {
		p := acks.percentiles()
		b.side.AckTime = &p
	}
	b.side.OfflineHours = round(covered(away).Hours(), 1)
}
