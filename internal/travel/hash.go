package travel

// hash is FNV-1a over what tells two states of a thing apart. It guards nothing against an adversary: at worst a row is
// not written again that a carrier took pains to make collide with its own earlier one.
type hash uint64

func newHash() *hash {
	h := hash(14695981039346656037)
	return &h
}

func (h *hash) byte(b byte) { *h = (*h ^ hash(b)) * 1099511628211 }

func (h *hash) text(s string) {
	for i := 0; i < len(s); i++ {
		h.byte(s[i])
	}
	h.byte(0xff) // so that "ab","c" is not "a","bc"
}

func (h *hash) number(n uint64) {
	for range 8 {
		h.byte(byte(n))
		n >>= 8
	}
}

func (h *hash) flag(b bool) {
	if b {
		h.byte(1)
	} else {
		h.byte(0)
	}
}

// record covers a record's identity and content.
func (h *hash) record(r *Record) {
	h.text(r.ID)
	h.number(uint64(r.Said.At))
	h.number(uint64(r.Said.Sent))
	h.number(r.Said.Hash)
}

// sum fits a signed column.
func (h *hash) sum() uint64 { return uint64(*h) >> 1 }

func (p *Person) digest(h *hash) {
	for _, v := range [...]string{p.Role, p.Type, p.Surname, p.Given, p.Sex, p.Born, p.Birthplace, p.Nationality, p.Residence, p.From, p.To,
		p.Clearance, p.Reservation, p.CarrierReference, p.Seat, p.Redress, p.KnownTraveller, p.Reference} {
		h.text(v)
	}
	for _, b := range p.Bags {
		h.text(b.Tag)
	}
	h.byte(1)
	for _, d := range p.Documents {
		h.text(d.Type)
		h.text(d.Number)
		h.text(d.Issuer)
		h.text(d.Expires)
	}
	h.byte(2)
	h.contacts(p.Contacts)
	for _, f := range p.FrequentFlyer {
		h.text(f)
	}
	h.flag(p.CheckedIn)
	h.flag(p.Verified != nil)
	h.flag(p.Verified != nil && *p.Verified)
}

func (b *Held) digest(h *hash) {
	for _, v := range [...]string{b.Locator, b.Carrier, b.Created, b.Split} {
		h.text(v)
	}
	h.flag(b.Off)
	h.number(uint64(b.Party)) //nolint:gosec // a count
	for _, s := range b.Segments {
		for _, v := range [...]string{s.Carrier, s.Number, s.From, s.To, s.Departure, s.Arrival, s.Class, s.Status, s.Operating} {
			h.text(v)
		}
	}
	h.byte(1)
	for _, t := range b.Tickets {
		h.text(t)
	}
	h.byte(2)
	for _, p := range b.Payments {
		for _, v := range [...]string{p.Form, p.Card, p.Amount, p.Currency} {
			h.text(v)
		}
	}
	h.byte(3)
	h.contacts(b.Contacts)
	if a := b.Agency; a != nil {
		h.text(a.IATA)
		h.text(a.Name)
		h.text(a.City)
	}
	h.byte(4)
	for _, r := range b.Remarks {
		h.text(r)
	}
}

func (f *Header) digest(h *hash) {
	h.text(f.Departure)
	h.text(f.Arrival)
	for _, l := range f.Route {
		for _, v := range [...]string{l.From, l.To, l.Departure, l.Arrival} {
			h.text(v)
		}
	}
}

func (h *hash) contacts(cs []Contact) {
	for _, c := range cs {
		h.text(c.Kind)
		h.text(c.Value)
	}
	h.byte(0xfe)
}
