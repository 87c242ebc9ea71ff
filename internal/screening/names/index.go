package names

import (
	"cmp"
	"slices"
	"sync"
	"unsafe"
)

// Index is an immutable set of listed people, ready to be compared with. It is safe for any number of goroutines.
//
// People stand in it by year of birth, so that those a traveller cannot be, by their age, lie in stretches that are
// skipped whole. Everything is in flat slices: five million names are a dozen objects to the collector.
type Index struct {
	dict     dictionary
	postings list // of every token, the names that hold it, in order

	names     []listedName // in the order of their entries
	signs     []signature  // of the names
	units     []unit
	entries   []listedPerson
	births    []birth
	countries []string // each once; number is place plus one
	nations   []uint16
	documents []documentHash // sorted
	papers    []Document     // of entries that have any
	days      []dayRef       // sorted: full birth dates of entries with several
	stretch   []uint32       // by stretch: the first name
	rarity    rarity
	offset    float32 // from a sum of evidence to odds

	recall  recall
	scratch sync.Pool
}

// listedName is one name of an entry.
type listedName struct {
	entry uint32
	unit  uint32 // where its words begin
	which uint16 // of the entry's names
	words uint8
	flags uint8
}

const (
	weakName  = 1 << iota // a nickname
	looseName             // came in one field: the first word may be the family's
)

// unit is a word in its place.
type unit struct {
	token uint32
	outline
	role role
}

// role is the part a word plays in a name. Half of the world's bookings disagree about it, so it only tips the scales.
type role uint8

const (
	given role = 1 << iota
	middle
	family
)

// listedPerson is an entry. Its names, births, countries and documents are stretches of the index's slices.
type listedPerson struct {
	person          uint32 // its place in what Build was given
	name            uint32
	birth           uint32
	nation          uint32
	paper           uint32
	names           uint16
	births, nations uint8
	papers          uint8
	sex             byte
}

type dayRef struct {
	day   int32
	entry uint32
}

type documentHash struct {
	hash  uint64
	entry uint32
	paper uint32
}

// Option of an index.
type Option func(*Index)

// AmongTravellers has scores speak of a border, where far fewer of those asked about are listed than among the people
// they were fitted on: a score is then the plain sum of its evidence.
func AmongTravellers(x *Index) { x.offset = 0 }

// Build makes the index of the people given; a Hit names them by their place.
func Build(people []Person, options ...Option) *Index { return build(people, nil, options) }

// Beside makes an index of people who are new or have changed since base was built: its words are as rare as they are in
// base and among these together, so that a score says the same in both.
func Beside(base *Index, people []Person) *Index { return build(people, base, nil) }

func build(people []Person, base *Index, options []Option) *Index {
	x := &Index{recall: newRecall(recallSets), offset: w.offset}
	for _, o := range options {
		o(x)
	}
	if base != nil {
		x.offset = base.offset
		x.rarity = rarity{entries: base.rarity.entries, beside: &base.dict}
		x.recall = newRecall(recallSets / 8)
	}
	x.rarity.entries += len(people)
	order := x.addPeople(people)
	x.addNames(people, order)
	x.dict.finish()
	x.outline()
	x.post()
	x.weigh()
	x.scratch.New = func() any { return new(scratch) }
	return x
}

// Len is the number of people in the index.
func (x *Index) Len() int { return len(x.entries) }

// addPeople files what is known of each apart from the names, and gives their order: by year of birth.
func (x *Index) addPeople(people []Person) []uint32 {
	keys := make([]uint32, len(people))
	order := make([]uint32, len(people))
	births := make([]birth, 0, 4)
	for i := range people {
		births = parseBirths(births[:0], people[i].Births)
		keys[i], order[i] = uint32(stretchOf(births)), uint32(i)
	}
	slices.SortStableFunc(order, func(a, b uint32) int { return cmp.Compare(keys[a], keys[b]) })
	x.entries = make([]listedPerson, len(people))
	nations := make(map[string]uint16)
	for at, i := range order {
		p, e := &people[i], &x.entries[at]
		e.person = i
		e.birth, e.nation, e.paper = uint32(len(x.births)), uint32(len(x.nations)), uint32(len(x.papers))
		x.births = parseBirths(x.births, p.Births)
		if n := len(x.births) - int(e.birth); n > 255 {
			x.births = x.births[:int(e.birth)+255]
		}
		e.births = uint8(len(x.births) - int(e.birth))
		for _, b := range x.births[e.birth:] {
			if k := b.dayKey(); k != 0 && len(p.Births) > 1 {
				x.days = append(x.days, dayRef{k, uint32(at)})
			}
		}
		for _, c := range p.Countries {
			n, ok := nations[c]
			if !ok {
				x.countries = append(x.countries, c)
				n = uint16(len(x.countries))
				nations[c] = n
			}
			if e.nations < 255 {
				x.nations = append(x.nations, n)
				e.nations++
			}
		}
		if p.Sex == "M" || p.Sex == "F" {
			e.sex = p.Sex[0]
		}
		for _, d := range p.Documents {
			number := compact(d.Number)
			if len(number) < shortestNumber || e.papers == 255 {
				continue
			}
			x.documents = append(x.documents, documentHash{hashNumber(number), uint32(at), uint32(len(x.papers))})
			x.papers = append(x.papers, d)
			e.papers++
		}
	}
	slices.SortFunc(x.days, func(a, b dayRef) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.entry, b.entry)) })
	slices.SortFunc(x.documents, func(a, b documentHash) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.entry, b.entry)) })
	x.births, x.nations, x.days = slices.Clip(x.births), slices.Clip(x.nations), slices.Clip(x.days)
	return order
}

// addNames takes every name apart, side by side, and files its words.
func (x *Index) addNames(people []Person, order []uint32) {
	type taken struct {
		words []word
		ends  []uint32 // of each name, in words
		loose []bool
	}
	const atOnce = 1 << 15
	for from := 0; from < len(order); from += atOnce {
		chunk := order[from:min(from+atOnce, len(order))]
		parts := shares(len(chunk))
		read := make([]taken, len(parts))
		eachShare(parts, func(part, a, b int) {
			t := &read[part]
			for _, i := range chunk[a:b] {
				for n := range people[i].Names {
					var loose bool
					t.words, loose = people[i].Names[n].words(t.words, true)
					t.ends = append(t.ends, uint32(len(t.words)))
					t.loose = append(t.loose, loose)
				}
			}
		})
		part, k, at := 0, 0, uint32(0)
		for c, i := range chunk {
			for part < len(parts)-1 && c >= parts[part][1] {
				part, k, at = part+1, 0, 0
			}
			e := &x.entries[from+c]
			e.name = uint32(len(x.names))
			for n := range people[i].Names {
				ws := read[part].words[at:read[part].ends[k]]
				at = read[part].ends[k]
				if e.sex == 0 && isDaughter(ws) {
					e.sex = 'F'
				}
				x.addName(uint32(from+c), n, ws, people[i].Names[n].Weak, read[part].loose[k])
				k++
			}
			e.names = uint16(min(len(x.names)-int(e.name), 1<<16-1))
		}
	}
	x.names, x.units, x.signs = slices.Clip(x.names), slices.Clip(x.units), slices.Clip(x.signs)
	x.stretch = make([]uint32, stretches+1)
	at := 0
	for n := range x.stretch {
		for at < len(x.names) && stretchOf(x.birthsOf(x.names[at].entry)) < n {
			at++
		}
		x.stretch[n] = uint32(at)
	}
}

func (x *Index) birthsOf(entry uint32) []birth {
	e := &x.entries[entry]
	return x.births[e.birth : int(e.birth)+int(e.births)]
}

func (x *Index) addName(entry uint32, which int, ws []word, weak, loose bool) {
	n := listedName{entry: entry, unit: uint32(len(x.units)), which: uint16(min(which, 1<<16-1))}
	for _, w := range ws {
		if w.particle || n.words == mostWords {
			continue
		}
		x.units = append(x.units, unit{token: x.dict.intern(w.text), role: w.role})
		n.words++
	}
	if n.words == 0 {
		return
	}
	if weak {
		n.flags |= weakName
	}
	if loose {
		n.flags |= looseName
	}
	x.names = append(x.names, n)
	x.signs = append(x.signs, sign(x.unitsOf(&n)))
}

// isDaughter says that a name tells its bearer's sex: somebody's daughter.
func isDaughter(ws []word) bool {
	return slices.ContainsFunc(ws, func(w word) bool { return w.particle && (w.text == "BINT" || w.text == "BINTI" || w.text == "بنت") })
}

func (x *Index) unitsOf(n *listedName) []unit { return x.units[n.unit : n.unit+uint32(n.words)] }

// outline notes beside each word what can be said of it at a glance.
func (x *Index) outline() {
	outlines := make([]outline, len(x.dict.tokens))
	eachShare(shares(len(outlines)), func(_, from, to int) {
		var t token
		var forms [mostTokenForms]form
		for i := from; i < to; i++ {
			x.dict.view(uint32(i), &t, &forms)
			outlines[i] = outlineOf(&t)
		}
	})
	for i := range x.units {
		x.units[i].outline = outlines[x.units[i].token]
	}
}

// post lists under each token the names that hold it, and counts the entries.
func (x *Index) post() {
	last := make([]uint32, len(x.dict.tokens)) // entry counted last, plus one
	each := func(do func(l *listedToken, name uint32, further bool)) {
		clear(last)
		for name := range x.names {
			n := &x.names[name]
			us := x.unitsOf(n)
			for i, u := range us {
				if slices.ContainsFunc(us[:i], func(v unit) bool { return v.token == u.token }) {
					continue
				}
				do(&x.dict.tokens[u.token], uint32(name), last[u.token] == n.entry+1)
				last[u.token] = n.entry + 1
			}
		}
	}
	each(func(l *listedToken, _ uint32, further bool) {
		l.names++
		if !further {
			l.bearers++
		}
	})
	at := uint32(0)
	for t := range x.dict.tokens {
		l := &x.dict.tokens[t]
		l.post = at
		at += l.names
		l.names = 0
	}
	x.postings = list{make([]uint32, at), make([]signature, at)}
	each(func(l *listedToken, name uint32, _ bool) {
		x.postings.names[l.post+l.names] = name
		x.postings.signs[l.post+l.names] = x.signs[name]
		l.names++
	})
}

func (x *Index) holding(t uint32) list {
	l := &x.dict.tokens[t]
	return list{x.postings.names[l.post : l.post+l.names], x.postings.signs[l.post : l.post+l.names]}
}

// weigh gives each token its weight: how rare it is, all its spellings together.
func (x *Index) weigh() {
	eachShare(shares(len(x.dict.tokens)), func(_, from, to int) {
		var s scratch
		var t token
		var forms [mostTokenForms]form
		for i := from; i < to; i++ {
			x.dict.view(uint32(i), &t, &forms)
			x.dict.tokens[i].weight = x.rarity.weigh(&t, x.dict.bearers(&t, &s), &s)
		}
	})
}

// view reads bytes that never change as a string.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
