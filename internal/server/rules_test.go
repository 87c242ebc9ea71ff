package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/rihla/rihla/internal/access"
)

const aRule = `{"id":"no-bags","title":"Nothing to carry","owner":"Unit","basis":"Invented Act","severity":"medium","domain":"travel",
	"expression":"traveller.bags == 0 && traveller.role in [\"passenger\"]","examples":[{"name":"none","want":true,"given":{"role":"passenger"}},{"name":"two","want":false,"given":{"bags":2}}]}`

func TestRulesOverHTTP(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	analyst, supervisor := n.keys[access.Analyst], n.keys[access.Supervisor]
	ask := func(method, path, key, body string, want int) map[string]any {
		t.Helper()
		w := n.call(t, method, "/api/v1/rules"+path, key, body)
		if w.Code != want {
			t.Fatalf("%s %s: %d, want %d: %s", method, path, w.Code, want, w.Body)
		}
		var out map[string]any
		must(t, json.Unmarshal(w.Body.Bytes(), &out))
		return out
	}
	ask(http.MethodPost, "", n.keys[access.Officer], aRule, 403)
	ask(http.MethodPost, "", n.keys[access.Targeter], aRule, 403) // no desk in travel
	if made := ask(http.MethodPost, "", analyst, aRule, 201); made["state"] != "draft" || made["version"] != "1" || made["errors"] != nil {
		t.Errorf("%v", made)
	}
	ask(http.MethodPut, "/no-bags", analyst, strings.Replace(aRule, `"id"`, `"revision":9,"id"`, 1), 409)
	changed := ask(http.MethodPut, "/no-bags", analyst, strings.Replace(strings.Replace(aRule, "bags == 0", "meal == 0", 1), `"id"`, `"revision":1,"id"`, 1), 200)
	if text, _ := json.Marshal(changed["errors"]); !strings.Contains(string(text), `"rule_sensitive_attribute"`) || !strings.Contains(string(text), "does not exist on purpose") {
		t.Errorf("%s", text)
	}
	if p := ask(http.MethodPost, "/no-bags/state", analyst, `{"to":"shadow"}`, 422); p["errors"] == nil {
		t.Errorf("%v", p)
	}
	ask(http.MethodPut, "/no-bags", analyst, strings.Replace(aRule, `"id"`, `"revision":2,"id"`, 1), 200)
	ask(http.MethodPost, "/no-bags/state", analyst, `{"to":"shadow"}`, 200)
	ask(http.MethodPost, "/no-bags/state", analyst, `{"to":"approved","reason":"it is good enough"}`, 403)
	ask(http.MethodPost, "/no-bags/state", supervisor, `{"to":"live"}`, 409)
	ask(http.MethodPost, "/no-bags/backtest", analyst, `{}`, 422) // this node's domain keeps no past
	if file := ask(http.MethodGet, "/no-bags", n.keys[access.Auditor], "", 200); len(file["versions"].([]any)) != 1 || len(file["history"].([]any)) != 2 {
		t.Errorf("%v", file)
	}
	ask(http.MethodGet, "/nothing", analyst, "", 404)
	if all := ask(http.MethodGet, "?state=shadow", analyst, "", 200)["items"].([]any); len(all) != 1 {
		t.Errorf("%v", all)
	}
	if people := ask(http.MethodGet, "/no-bags/shadow", analyst, "", 200)["items"].([]any); len(people) != 0 {
		t.Errorf("%v", people)
	}
	ask(http.MethodGet, "/no-bags/shadow", n.keys[access.Administrator], "", 403)
}

func TestRuleTextsOverHTTP(t *testing.T) {
	t.Parallel()
	n := newNode(t)
	for _, c := range []struct{ path, body, want string }{
		{"check", `{"domain":"travel","expression":"traveller.bags ==\n traveller.bgs"}`,
			`{"ok":false,"errors":[{"field":"when","rule":"rule_unknown_attribute","line":2,"column":12,"offset":29,"length":3,"message":"bgs is not in the vocabulary of travel","mend":"did you mean bags?"}],"indexed":false}`},
		{"check", `{"domain":"travel","expression":"traveller.bags == 0","examples":[{"name":"n","want":true}]}`,
			`{"ok":true,"errors":[],"examples":[{"name":"n","want":true,"got":true,"passed":true}],"attributes":["bags"],"indexed":true,"index":["bags == 0"]}`},
		{"check", `{"yaml":"id: x\ndomain: travel\nwhen: traveller.bags =="}`, `"line":3`},
		{"parse", `{"domain":"travel","expression":"traveller.bags == 0 && size(traveller.role) > 3"}`,
			`{"tree":{"kind":"group","op":"all","of":[{"kind":"test","attribute":"traveller.bags","operator":"is","value":0},{"kind":"text","text":"size(traveller.role) > 3"}]},"errors":[]}`},
		{"parse", `{"domain":"travel","expression":"traveller.bags =="}`, `{"errors":[{"field":"when","rule":"rule_compile","line":1,`},
		{"format", `{"domain":"travel","tree":{"kind":"group","op":"any","of":[{"kind":"test","attribute":"traveller.bags","operator":"lt","value":3},{"kind":"group","op":"not","of":[{"kind":"test","attribute":"traveller.role","operator":"in","value":["crew"]}]}]}}`,
			`{"expression":"traveller.bags \u003c 3 || !(traveller.role in [\"crew\"])","tree":{"kind":"group","op":"any","of":[{"kind":"test","attribute":"traveller.bags","operator":"lt","value":3},{"kind":"test","attribute":"traveller.role","operator":"not_in","value":["crew"]}]},"errors":[]}`},
		{"format", `{"domain":"travel","tree":{"kind":"test","attribute":"traveller.religion","operator":"is","value":"x"}}`, `does not exist on purpose`},
	} {
		w := n.call(t, http.MethodPost, "/api/v1/rules/"+c.path, n.keys[access.Analyst], c.body)
		if got := strings.TrimSpace(w.Body.String()); w.Code != 200 || !strings.Contains(unescaped(got), unescaped(c.want)) {
			t.Errorf("%s %s: %d\ngot  %s\nwant %s", c.path, c.body, w.Code, got, c.want)
		}
	}
	if w := n.call(t, http.MethodGet, "/api/v1/rules/vocabulary", n.keys[access.Analyst], ""); w.Code != 200 || !strings.Contains(w.Body.String(), `"path":"traveller.bags"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := n.call(t, http.MethodPost, "/api/v1/rules/parse", n.keys[access.Analyst], `{"domain":"moon","expression":"true"}`); w.Code != 422 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func unescaped(s string) string { return strings.ReplaceAll(s, `\u003c`, "<") }
