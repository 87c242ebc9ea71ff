package names

// MatchAll is Match without an index: every name is compared. What it finds, Match must find.
func (x *Index) MatchAll(p *Person, least float64) []Hit {
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	x.prepare(s, p)
	for n := range p.Names {
		if x.load(s, &p.Names[n]) == 0 {
			continue
		}
		for name := range x.names {
			x.weighPair(s, int32(n), p.Names[n].Weak, x.rawOdds(least), uint32(name))
		}
	}
	return x.tell(nil, s, p, least, len(x.entries))
}
