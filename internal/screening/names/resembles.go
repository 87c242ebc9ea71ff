package names

// Resembles says whether any word of the person's names is, or is spelled like, a word of the index. Of whom it says no,
// Match finds nobody by name: it opens no entry without a word in common. It costs a fraction of Match.
func (x *Index) Resembles(p *Person) bool {
	if len(x.entries) == 0 {
		return false
	}
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	for n := range p.Names {
		x.load(s, &p.Names[n])
		for i := range s.asked {
			if len(s.asked[i].match) > 0 {
				return true
			}
		}
	}
	return false
}
