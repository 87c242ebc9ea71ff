// Package synth makes synthetic worlds: flights, the people on them, the messages their airlines send, and what must
// be known once all of it was read.
//
// Call [Generate]; the [World] it returns has the messages in the order they are sent, the lists that hold the planted
// travellers, and the [Truth]. The same options give the same bytes on every machine: there is no clock here and the
// only randomness is the seed's.
//
// The messages are written as departure control and reservation systems write them, dirt included, and not through the
// encoders of formats/paxlst and formats/pnrgov: a mistake that reader and writer share would otherwise go unseen, and
// an encoder that keeps to the standard cannot write what the field sends.
//
// What customs and banks file ([FundsMonth]) is made with it where [Options] ask for it, and by [NewFundsMonth] alone.
//
// Everything is invented: carriers ZZ, YY and XX do not exist, documents belong to nobody, card numbers
// are masked ones of the industry's test range. Only the airports are real. The package knows formats and no other room.
package synth
