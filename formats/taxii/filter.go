package taxii

import (
	"crypto/sha256"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// On is what a filter is asked of.
type On string

// What takes filters (TAXII 2.1, sections 5.3 to 5.8).
const (
	OnManifest On = "manifest"
	OnObjects  On = "objects"
	OnObject   On = "object"
	OnVersions On = "versions"
	OnDelete   On = "delete"
)

// applies says which parameters each takes.
var applies = map[On][]string{
	OnManifest: {"added_after", "limit", "next", "match[id]", "match[type]", "match[version]", "match[spec_version]"},
	OnObjects:  {"added_after", "limit", "next", "match[id]", "match[type]", "match[version]", "match[spec_version]"},
	OnObject:   {"added_after", "limit", "next", "match[version]", "match[spec_version]"},
	OnVersions: {"added_after", "limit", "next", "match[spec_version]"},
	OnDelete:   {"match[version]", "match[spec_version]"},
}

// valuesMost bounds a list of values, so that one query stays one query.
const valuesMost = 1000

// Filter is what a query asks for. The parameters narrow one another; the values of one widen it.
type Filter struct {
	After Instant // only what was added later; counts where Since is set
	Since bool
	Limit int    // at most so many; 0 leaves it to the server
	Next  string // where the page before ended

	IDs, Types []string
	Versions   Choice
	Specs      []string // none: the newest version of STIX that each object is there in
}

// Choice says which versions of an object are wanted. The zero Choice is what a query that does not say means.
type Choice struct {
	First, Last, All bool
	At               []Instant
}

// Said reports whether the query chose at all.
func (c Choice) Said() bool { return c.First || c.Last || c.All || len(c.At) > 0 }

// ParseFilter reads a query. What cannot be read is refused, as is what would delete more than was meant; a parameter
// that means nothing here is passed over otherwise.
func ParseFilter(query string, on On) (f Filter, refused *Error) {
	all, err := url.ParseQuery(query)
	if err != nil {
		return f, bad("bad-query", "The query cannot be read", "send names and values percent-encoded, joined by &")
	}
	for name := range all {
		if slices.Contains(applies[on], name) {
			continue
		}
		if on == OnDelete && (strings.HasPrefix(name, "match[") || slices.Contains(applies[OnObjects], name)) {
			return f, bad("bad-match", "A filter that deleting does not know", name+": deleting takes match[version] and match[spec_version] only")
		}
		delete(all, name)
	}
	for _, name := range []string{"added_after", "limit", "next"} {
		if len(all[name]) > 1 {
			return f, bad("bad-query", "A parameter stands more than once", "send "+name+" once")
		}
	}
	if values, said := all["added_after"]; said {
		at, ok := ParseInstant(values[0])
		if !ok {
			return f, bad("bad-added-after", "added_after is no timestamp", "added_after="+clip(values[0])+": write it as 2026-03-15T08:00:00.000000Z")
		}
		f.After, f.Since = at, true
	}
	if values, said := all["limit"]; said {
		if f.Limit, refused = parseLimit(values[0]); refused != nil {
			return f, refused
		}
	}
	if values, said := all["next"]; said {
		if f.Next = values[0]; f.Next == "" {
			return f, bad("bad-next", "next is empty", "leave it out for the first page")
		}
	}
	lists := map[string][]string{}
	for name, values := range all {
		if strings.HasPrefix(name, "match[") {
			lists[name] = strings.Split(strings.Join(values, ","), ",")
			if len(lists[name]) > valuesMost {
				return f, bad("bad-match", "Too many values in one filter", name+" takes at most "+strconv.Itoa(valuesMost))
			}
		}
	}
	f.IDs, f.Types = sorted(lists["match[id]"]), sorted(lists["match[type]"])
	if f.Versions, refused = parseChoice(lists["match[version]"]); refused != nil {
		return f, refused
	}
	for _, spec := range lists["match[spec_version]"] {
		if major, minor, ok := strings.Cut(spec, "."); !ok || !digits(major) || !digits(minor) {
			return f, bad("bad-spec-version", "match[spec_version] is no version", clip(spec)+": write it as 2.1")
		}
	}
	f.Specs = sorted(lists["match[spec_version]"])
	return f, nil
}

func parseLimit(text string) (int, *Error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil && digits(text) {
		n, err = 1<<31-1, nil // more than fits is more than any server gives
	}
	if err != nil || n <= 0 {
		return 0, bad("bad-limit", "Limit is not a positive integer", "limit="+clip(text))
	}
	return int(min(n, 1<<31-1)), nil
}

func parseChoice(values []string) (c Choice, refused *Error) {
	for _, value := range values {
		switch value {
		case "first":
			c.First = true
		case "last":
			c.Last = true
		case "all":
			c.All = true
		default:
			at, ok := ParseInstant(value)
			if !ok {
				return c, bad("bad-version", "match[version] is no version", clip(value)+": write first, last, all or timestamps such as 2026-03-15T08:00:00.000Z")
			}
			c.At = append(c.At, at)
		}
	}
	if c.All && (c.First || c.Last || len(c.At) > 0) {
		return c, bad("bad-version", "match[version]=all stands alone", "leave the other values out")
	}
	slices.Sort(c.At)
	c.At = slices.Compact(c.At)
	return c, nil
}

// Mark is a number for what the filter chooses, whatever its limit and its page, on one address: two queries of one mark
// page through the same.
func (f *Filter) Mark(address string) (mark [8]byte) {
	var b []byte
	add := func(kind byte, texts ...string) {
		b = append(b, kind)
		for _, t := range texts {
			b = append(strconv.AppendInt(b, int64(len(t)), 10), ':')
			b = append(b, t...)
		}
	}
	add('@', address)
	if f.Since {
		add('a', f.After.String())
	}
	add('i', f.IDs...)
	add('t', f.Types...)
	add('s', f.Specs...)
	add('v')
	for i, set := range []bool{f.Versions.First, f.Versions.Last, f.Versions.All} {
		if set {
			add('0' + byte(i))
		}
	}
	for _, at := range f.Versions.At {
		add('d', at.String())
	}
	sum := sha256.Sum256(b)
	copy(mark[:], sum[:])
	return mark
}

func bad(code, title, description string) *Error { return Refuse(400, code, title, description) }

func sorted(values []string) []string {
	slices.Sort(values)
	return slices.Compact(values)
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// clip keeps what a client sent readable in an answer.
func clip(s string) string {
	const most = 100
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// Parameters are the names of those that a query takes there.
func Parameters(on On) []string { return slices.Clone(applies[on]) }
