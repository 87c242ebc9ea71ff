// Package travel knows carriers, flights, bookings and passengers: who is on which flight, as far as the airlines
// have said.
//
// Every message is folded into a State, the set of what each source said of one flight (its latest list entry, its
// latest booking, its close-out), by the sender's clock. The fold is a join: commutative, associative, idempotent, so
// late, repeated and shuffled reports end in the same State. What a page shows, the Manifest, is a pure function of
// that set. Domain is the room's face towards the pipeline.
//
// Beside that set stands what the room itself says and is told as it happens, which no order of reports changes: what a
// carrier asked and was told (question), whom that turns for (turn), why somebody boarded all the same (Override), when
// nobody could ask (Outage), and whom the border desk is asked about now (referral).
//
// It must never know another domain, and never decides: it offers outcomes, a human chooses.
package travel
