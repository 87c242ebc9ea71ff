package names

// signature is what the words of a name are, roughly: the class of each. It stands beside the name wherever the name is
// listed, so that nearly all that share a word with a traveller, and too little besides, are passed over as they are read,
// and never looked up.
type signature uint64

const (
	classBits   = 14
	classes     = 1 << classBits
	signedWords = 4
	manyWords   = signature(1) << (classBits * signedWords) // it has more words than that: it may be anything
)

// classOf is the class of a listed word; zero is no word's.
func classOf(token uint32) uint32 { return max(token*0x9E3779B1>>(32-classBits), 1) }

func sign(units []unit) (s signature) {
	if len(units) > signedWords {
		return manyWords
	}
	for i := range units {
		s = s<<classBits | signature(classOf(units[i].token))
	}
	return s
}

// worth is evidence in sixteenths: what a word is worth, rounded up, fits a byte.
type worth uint32

const worthOne = 16

// meeting is how listed words resemble those asked about, and by class what they are worth at most.
type meeting struct {
	worth [classes]uint8
	first [classes]uint32 // of a class, in all; plus one
	all   []met
}

// met is a listed word and one asked about that it resembles.
type met struct {
	match
	asked uint8
	next  uint32 // of the class, plus one
}

func (m *meeting) note(asked []askedUnit) {
	for i := range asked {
		for _, a := range asked[i].match {
			c := classOf(a.token)
			m.worth[c] = max(m.worth[c], uint8(a.gain*worthOne)+1)
			m.all = append(m.all, met{a, uint8(i), m.first[c]})
			m.first[c] = uint32(len(m.all))
		}
	}
}

func (m *meeting) forget() {
	for i := range m.all {
		c := classOf(m.all[i].token)
		m.worth[c], m.first[c] = 0, 0
	}
	m.all = m.all[:0]
}

// with gives the first of those that a listed word meets; nil when there is none.
func (m *meeting) with(token uint32) *met { return m.next(token, m.first[classOf(token)]) }

// after gives the next of those that a listed word meets; nil when there are no more.
func (m *meeting) after(n *met) *met { return m.next(n.token, n.next) }

func (m *meeting) next(token, from uint32) *met {
	for from != 0 {
		n := &m.all[from-1]
		if n.token == token {
			return n
		}
		from = n.next
	}
	return nil
}

// may says that words of these classes may be worth so much together.
func (m *meeting) may(s signature, least worth) bool {
	w := &m.worth
	return worth(w[s%classes])+worth(w[s>>classBits%classes])+worth(w[s>>(2*classBits)%classes])+worth(w[s>>(3*classBits)%classes]) >= least || s&manyWords != 0
}

// list is the names that hold a word, in order, with their signatures.
type list struct {
	names []uint32
	signs []signature
}

// seek gives the place of the first name from one on that is not before another. It is near, as a rule.
func seek(names []uint32, at int, name uint32) int {
	step := 1
	for at < len(names) && names[at] < name {
		at += step
		step *= 2
	}
	if step == 1 {
		return at
	}
	// The name sought lies behind the last step but one.
	low, high := at-step/2+1, min(at, len(names))
	for low < high {
		if middle := int(uint(low+high) / 2); names[middle] < name {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}
