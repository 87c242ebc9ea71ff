package server_test

import (
	"testing"

	"github.com/rihla/rihla/internal/access"
)

func TestThresholds(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	const at = "/api/v1/lists/watch/thresholds"
	analyst, supervisor := n.keys[access.Analyst], n.keys[access.Supervisor]
	want(t, n.call(t, "GET", at, analyst, ""), 404, "there is no list")
	want(t, n.call(t, "PUT", "/api/v1/lists/watch", supervisor, people), 200, "")
	want(t, n.call(t, "GET", at, analyst, ""), 200, `{"list":"watch","look":0.5,"alert":0.8,"default":true}`)
	want(t, n.call(t, "PUT", at, analyst, `{"look":0.7,"alert":0.9,"reason":"too many alarms"}`), 403, "")
	want(t, n.call(t, "PUT", at, supervisor, `{"look":0.7,"alert":0.9,"reason":"so"}`), 422, "reason")
	want(t, n.call(t, "PUT", at, supervisor, `{"look":0.9,"alert":0.7,"reason":"too many alarms"}`), 422, "look ≤ alert")
	want(t, n.call(t, "POST", at+"/preview", n.keys[access.Auditor], `{"look":0.5,"alert":0.9}`), 200, `"close":0`)
	want(t, n.call(t, "POST", at+"/preview", n.keys[access.Officer], `{"look":0.5,"alert":0.9}`), 403, "")
	want(t, n.call(t, "PUT", at, supervisor, `{"look":0.7,"alert":0.9,"reason":"too many alarms"}`), 200, `"default":false,"by":"the supervisor"`)
	want(t, n.call(t, "GET", at, analyst, ""), 200, `"look":0.7,"alert":0.9`)
	want(t, n.call(t, "GET", "/api/v1/thresholds/curve?list=watch", analyst, ""), 200, `"decided":0,"same":0,"points":[{"score":0.3,"decided":0,"same":0}`)
}

func TestDismissals(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	want(t, n.call(t, "GET", "/api/v1/dismissals", n.keys[access.Analyst], ""), 403, "")
	want(t, n.call(t, "GET", "/api/v1/dismissals?state=holds", n.keys[access.Auditor], ""), 200, `{"items":[],"counts":{}}`)
	want(t, n.call(t, "POST", "/api/v1/dismissals/none/revocation", n.keys[access.Auditor], `{"reason":"it was him after all"}`), 403, "")
	want(t, n.call(t, "POST", "/api/v1/dismissals/none/revocation", n.keys[access.Supervisor], `{"reason":"so"}`), 422, "reason")
	want(t, n.call(t, "POST", "/api/v1/dismissals/none/revocation", n.keys[access.Supervisor], `{"reason":"it was him after all"}`), 404, "no such dismissal")
}
