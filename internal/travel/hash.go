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

// hashText is the fingerprint of a message's content, the last thing that two words of one minute can differ in.
func hashText(s string) uint64 {
	h := newHash()
	h.text(s)
	return h.sum()
}
