package pnrgov

// arena hands out small slices from larger ones, so that memory is asked for by message and not by segment. The
// slices are as good as any other: one that outgrows its place moves to a larger one.
type arena[T any] struct{ chunk []T }

// Chunks begin small, for a push of one booking is as common as one of three hundred.
const (
	firstChunk = 4
	lastChunk  = 1024
)

// more makes s longer by one empty place, to be filled where it lies.
func (a *arena[T]) more(s []T) []T {
	if len(s) == cap(s) {
		s = a.grow(s)
	}
	return s[:len(s)+1]
}

// add appends v to s.
func (a *arena[T]) add(s []T, v T) []T {
	if len(s) == cap(s) {
		s = a.grow(s)
	}
	return append(s, v)
}

func (a *arena[T]) grow(s []T) []T {
	n := max(1, 2*len(s))
	used := len(a.chunk)
	if used+n > cap(a.chunk) {
		a.chunk = make([]T, 0, max(n, min(lastChunk, max(firstChunk, 2*cap(a.chunk)))))
		used = 0
	}
	a.chunk = a.chunk[:used+n]
	out := a.chunk[used : used : used+n]
	return append(out, s...)
}

// reset takes back all that was handed out.
func (a *arena[T]) reset() {
	clear(a.chunk)
	a.chunk = a.chunk[:0]
}

// one keeps a single value.
func (a *arena[T]) one(v T) *T { return &a.add(nil, v)[0] }

// arenas are those of one message.
type arenas struct {
	passengers arena[Passenger]
	documents  arena[Document]
	segments   arena[Segment]
	tickets    arena[Ticket]
	payments   arena[Payment]
	contacts   arena[Contact]
	locators   arena[Locator]
	agencies   arena[Agency]
	numbers    arena[Number]
	checkIns   arena[CheckIn]
	bags       arena[Bag]
	texts      arena[string]
}

func (a *arenas) reset() {
	a.passengers.reset()
	a.documents.reset()
	a.segments.reset()
	a.tickets.reset()
	a.payments.reset()
	a.contacts.reset()
	a.locators.reset()
	a.agencies.reset()
	a.numbers.reset()
	a.checkIns.reset()
	a.bags.reset()
	a.texts.reset()
}
