package taxii

import (
	"net/url"
	"strconv"
	"strings"
)

// Query writes a filter as the query of an address, as a client sends it.
func (f *Filter) Query() string {
	q := url.Values{}
	if f.Since {
		q.Set("added_after", f.After.String())
	}
	if f.Limit > 0 {
		q.Set("limit", strconv.Itoa(f.Limit))
	}
	if f.Next != "" {
		q.Set("next", f.Next)
	}
	for name, values := range map[string][]string{"match[id]": f.IDs, "match[type]": f.Types, "match[spec_version]": f.Specs, "match[version]": f.Versions.values()} {
		if len(values) > 0 {
			q.Set(name, strings.Join(values, ","))
		}
	}
	return q.Encode()
}

func (c Choice) values() (values []string) {
	for _, v := range []struct {
		set  bool
		name string
	}{{c.First, "first"}, {c.Last, "last"}, {c.All, "all"}} {
		if v.set {
			values = append(values, v.name)
		}
	}
	for _, at := range c.At {
		values = append(values, at.String())
	}
	return values
}

// ObjectsAt is the address of a collection's objects below an API root.
func ObjectsAt(root, collection string) string {
	return strings.TrimSuffix(root, "/") + "/collections/" + url.PathEscape(collection) + "/objects/"
}

// StatusAt is the address of a status below an API root.
func StatusAt(root, id string) string {
	return strings.TrimSuffix(root, "/") + "/status/" + url.PathEscape(id) + "/"
}

// CollectionsAt is the address of an API root's collections.
func CollectionsAt(root string) string { return strings.TrimSuffix(root, "/") + "/collections/" }
