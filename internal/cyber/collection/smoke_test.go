package collection_test

import "testing"

func TestSmoke(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		a, b := id("campaign"), id("tool")
		n.good(object(a, v1, "a1"), object(b, v1, "b1"))
		n.good(object(a, v2, "a2"))
		t.Log(n.labels("responder", base+"objects/"), string(n.get("responder", base+"manifest/?match[version]=all&limit=2").body))
		t.Log(string(n.get("responder", "/taxii2/").body), string(n.get("responder", "/taxii2/rihla/collections/").body))
		t.Log(string(n.ask("responder", "DELETE", base+"objects/"+a+"/?match[version]=last", nil).body), n.labels("responder", base+"objects/"))
	})
}
