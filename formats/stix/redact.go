package stix

import (
	"slices"
	"strconv"
	"strings"

	"github.com/rihla/rihla/formats/jsondoc"
)

// Removal says what a ceiling took away, and by which level.
type Removal struct {
	ID       string `json:"id"`                 // of the object
	Selector string `json:"selector,omitempty"` // of a property; empty where the whole object went
	TLP      TLP    `json:"tlp,omitempty"`
	Because  string `json:"because"` // marking, unknown-marking, required-property, dangling, empty
}

// Ceiling is what may be seen: nothing above Level. What bears no TLP, or a marking nobody knows, counts as Unmarked says.
type Ceiling struct {
	Level    TLP
	Unmarked TLP // its zero value counts as AmberStrict
}

func (c Ceiling) unmarked() TLP {
	if c.Unmarked == Unmarked {
		return AmberStrict
	}
	return c.Unmarked
}

// Redact answers what is left of one object under a ceiling, and what went. It answers false where nothing may be seen
// of it. What is left is a valid object: one that would lack a property it needs goes whole.
func (m *Markings) Redact(o *Object, under Ceiling) (jsondoc.Value, []Removal, bool) {
	if o.Type == "marking-definition" && o.Markings == nil && !o.Granular {
		return o.Value, nil, true // it says how others are marked, and is not marked itself
	}
	marked := m.Of(o)
	if level := marked.Effective(under.unmarked()); level > under.Level {
		because := "marking"
		if marked.doubtful && marked.Object <= under.Level {
			because = "unknown-marking"
		}
		return jsondoc.Value{}, []Removal{{ID: o.ID, TLP: level, Because: because}}, false
	}
	left := o.Value
	var gone []Removal
	var paths [][]string // that went, in the order in which they did: what stands later in a list first
	for _, s := range byDepth(marked.Selectors) {
		level := marked.At(s.Selector, under.unmarked())
		if level <= under.Level {
			continue
		}
		less, path, ok := without(&left, s.path)
		if !ok {
			continue // it went with something around it
		}
		if len(path) == 1 && needed(o.Type, path[0]) {
			return jsondoc.Value{}, []Removal{{ID: o.ID, Selector: s.Selector, TLP: level, Because: "required-property"}}, false
		}
		left = less
		paths = append(paths, path)
		gone = append(gone, Removal{o.ID, s.Selector, level, "marking"})
	}
	if len(gone) == 0 {
		return left, nil, true
	}
	left = tidied(left, paths)
	again := Object{Value: left}
	newChecker().object(&again)
	if !again.Accepted() {
		return jsondoc.Value{}, []Removal{{ID: o.ID, Selector: gone[0].Selector, TLP: gone[0].TLP, Because: "required-property"}}, false
	}
	return left, gone, true
}

// RedactAll redacts objects that go out together. What pointed to an object that went no longer does: relationships and
// sightings of it go too, lists of references are shortened, reports that are left empty go. A property that went out of
// an object goes out of its translations.
func (m *Markings) RedactAll(objects []*Object, under Ceiling) (left []jsondoc.Value, gone []Removal) {
	dropped, stripped := map[string]bool{}, map[string][]string{}
	for _, o := range objects {
		v, removals, ok := m.Redact(o, under)
		gone = append(gone, removals...)
		if !ok {
			dropped[o.ID] = true
			continue
		}
		for _, r := range removals {
			name, _, _ := strings.Cut(r.Selector, ".")
			stripped[o.ID] = append(stripped[o.ID], name)
		}
		left = append(left, v)
	}
	for again := len(dropped)+len(stripped) > 0; again; {
		again = false
		kept := left[:0]
		for i := range left {
			v, removals, ok := untranslated(left[i], stripped)
			gone = append(gone, removals...)
			if ok {
				v, removals, ok = unlinked(v, dropped)
			}
			gone = append(gone, removals...)
			if ok {
				kept = append(kept, v)
				continue
			}
			dropped[v.Get("id").Text()] = true
			again = true
		}
		left = kept
	}
	return left, gone
}

// untranslated takes what went out of an object out of its translations.
func untranslated(v jsondoc.Value, stripped map[string][]string) (jsondoc.Value, []Removal, bool) {
	if v.Get("type").Text() != "language-content" {
		return v, nil, true
	}
	var gone []Removal
	id, languages := v.Get("id").Text(), v.Get("contents").Members()
	for _, name := range stripped[v.Get("object_ref").Text()] {
		for i := range languages {
			path := []string{"contents", languages[i].Name, name}
			less, went, ok := without(&v, path)
			if !ok {
				continue
			}
			if gone = append(gone, Removal{ID: id, Selector: strings.Join(path, "."), Because: "marking"}); len(went) == 1 {
				return v, gone, false
			}
			v = less
		}
	}
	return v, gone, true
}

// unlinked takes the references to objects that went out of another, which may need one of them.
func unlinked(v jsondoc.Value, dropped map[string]bool) (jsondoc.Value, []Removal, bool) {
	id, typ := v.Get("id").Text(), v.Get("type").Text()
	var gone []Removal
	members := v.Members()
	for i := range members {
		name, value := members[i].Name, &members[i].Value
		switch {
		case strings.HasSuffix(name, "_ref") && dropped[value.Text()]:
			if needed(typ, name) {
				return v, append(gone, Removal{ID: id, Because: "dangling"}), false
			}
			v, _ = v.Without(name)
			gone = append(gone, Removal{ID: id, Selector: name, Because: "dangling"})
		case strings.HasSuffix(name, "_refs") && name != "object_marking_refs":
			left := value.Only(func(ref *jsondoc.Value) bool { return !dropped[ref.Text()] })
			switch n := len(left.Items()); {
			case n == len(value.Items()):
			case n > 0:
				v = v.With(name, left)
				gone = append(gone, Removal{ID: id, Selector: name, Because: "dangling"})
			case needed(typ, name) || name == "object_refs":
				return v, append(gone, Removal{ID: id, Because: "empty"}), false
			default:
				v, _ = v.Without(name)
				gone = append(gone, Removal{ID: id, Selector: name, Because: "dangling"})
			}
		}
	}
	return v, gone, true
}

// byDepth orders selectors so that what stands later in a list, and deeper, goes first: positions before it stay true.
func byDepth(selectors []MarkedSelector) []MarkedSelector {
	out := slices.Clone(selectors)
	slices.SortStableFunc(out, func(a, b MarkedSelector) int {
		for i := range min(len(a.path), len(b.path)) {
			x, errX := strconv.Atoi(a.path[i])
			y, errY := strconv.Atoi(b.path[i])
			if errX == nil && errY == nil && x != y {
				return y - x
			}
			if c := strings.Compare(a.path[i], b.path[i]); c != 0 {
				return c
			}
		}
		return len(b.path) - len(a.path)
	})
	return out
}

func needed(typ, name string) bool {
	s := schemas[typ]
	if s == nil {
		s = custom
	}
	p := s.properties[name]
	return p != nil && p.required || name == "type" || name == "id"
}

// without takes away what a path leads to, and the list or object around it where that would be left empty. It answers
// the path that went.
func without(v *jsondoc.Value, path []string) (jsondoc.Value, []string, bool) {
	if !resolves(v, path) {
		return *v, path, false
	}
	for len(path) > 1 {
		around := at(v, path[:len(path)-1])
		if len(around.Items())+len(around.Members()) != 1 {
			break
		}
		path = path[:len(path)-1]
	}
	less, ok := v.Without(path...)
	return less, path, ok
}

// at is what a path leads to that resolves.
func at(v *jsondoc.Value, path []string) *jsondoc.Value {
	for _, step := range path {
		if v.Kind == jsondoc.Array {
			n, _ := strconv.Atoi(step)
			v = &v.Items()[n].Value
			continue
		}
		v = v.Get(step)
	}
	return v
}

// tidied makes granular_markings true again after paths went: selectors of what went go, and positions behind an item
// that went count one less.
func tidied(v jsondoc.Value, gone [][]string) jsondoc.Value {
	entries := v.Get("granular_markings").Items()
	b := []byte{'['}
	for i := range entries {
		var selectors []byte
		for _, s := range texts(entries[i].Value.Get("selectors")) {
			if moved, ok := moved(s, gone); ok {
				selectors = append(jsondoc.AppendQuoted(selectors, moved), ',')
			}
		}
		if len(selectors) == 0 {
			continue
		}
		list, _ := jsondoc.Parse(append(append([]byte{'['}, selectors[:len(selectors)-1]...), ']'))
		entry := entries[i].Value.With("selectors", list)
		b = append(entry.AppendJSON(b), ',')
	}
	if len(b) == 1 {
		v, _ = v.Without("granular_markings")
		return v
	}
	list, _ := jsondoc.Parse(append(b[:len(b)-1], ']'))
	return v.With("granular_markings", list)
}

// moved is the selector of the same thing after paths went, or false where it went with them.
func moved(selector string, gone [][]string) (string, bool) {
	path := selectorPath(selector)
	steps := strings.Split(selector, ".")
	for _, g := range gone {
		last := len(g) - 1
		if len(path) < len(g) || !prefixes(g[:last], path) {
			continue
		}
		if g[last] == path[last] {
			return "", false
		}
		was, errWas := strconv.Atoi(g[last])
		is, errIs := strconv.Atoi(path[last])
		if errWas == nil && errIs == nil && was < is && strings.HasPrefix(steps[last], "[") {
			now, _ := strconv.Atoi(strings.Trim(steps[last], "[]"))
			steps[last] = "[" + strconv.Itoa(now-1) + "]"
		}
	}
	return strings.Join(steps, "."), true
}
