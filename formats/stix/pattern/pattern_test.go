package pattern_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/formats/stix/pattern"
)

// samples are the STIX patterns of a bundle.
func samples(t testing.TB, file string) []string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var bundle struct {
		Objects []struct {
			Pattern string
			Type    string `json:"pattern_type"`
		}
	}
	if err := json.Unmarshal(raw, &bundle); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, o := range bundle.Objects {
		if o.Type == "stix" {
			out = append(out, o.Pattern)
		}
	}
	return out
}

func TestWrittenInOneSpelling(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"[a:b=1]":                                          "[a:b = 1]",
		"[ a:b == 'x' /* why */ ] // end":                  "[a:b = 'x']",
		"[a:b<>1.5]":                                       "[a:b != 1.5]",
		"[a:b=1 AND a:c=2 OR a:d=3]":                       "[a:b = 1 AND a:c = 2 OR a:d = 3]",
		"[a:b=1 AND (a:c=2 OR a:d=3)]":                     "[a:b = 1 AND (a:c = 2 OR a:d = 3)]",
		"[((a:b=1))]":                                      "[a:b = 1]",
		"[a:b=1] FOLLOWEDBY [a:b=2] OR [a:b=3]":            "[a:b = 1] FOLLOWEDBY [a:b = 2] OR [a:b = 3]",
		"([a:b=1] FOLLOWEDBY [a:b=2]) AND [a:b=3]":         "([a:b = 1] FOLLOWEDBY [a:b = 2]) AND [a:b = 3]",
		"([a:b=1]) WITHIN 5 SECONDS":                       "[a:b = 1] WITHIN 5 SECONDS",
		"([a:b=1] AND [a:c=1]) REPEATS 2 TIMES":            "([a:b = 1] AND [a:c = 1]) REPEATS 2 TIMES",
		"[a:b IN ()]":                                      "[a:b IN ()]",
		"[NOT EXISTS a:b]":                                 "[NOT EXISTS a:b]",
		"[file:hashes.'SHA-256' NOT LIKE '%x_']":           "[file:hashes.'SHA-256' NOT LIKE '%x_']",
		"[a:b[*].c[0].'d e'.'f' = h'0aFF']":                "[a:b[*].c[0].'d e'.f = h'0aFF']",
		"[a:'true' = true]":                                "[a:'true' = true]",
		"[a:b = b'AAAA' OR a:c > t'2026-01-01T00:00:00Z']": "[a:b = b'AAAA' OR a:c > t'2026-01-01T00:00:00Z']",
		`[a:b = 'it\'s \\ fine']`:                          `[a:b = 'it\'s \\ fine']`,
		"[a:b NOT IN (1, -2, 3.5, 'x')]":                   "[a:b NOT IN (1, -2, 3.5, 'x')]",
	} {
		p, err := pattern.Parse(in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if diff := cmp.Diff(want, p.String()); diff != "" {
			t.Errorf("%s: %s", in, diff)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"[ipv4-addr:value = '192.0.2.1' AND]":  "column 35:",
		"":                                     "column 1:",
		"[":                                    "column 2:",
		"[a:b = 1":                             "column 9:",
		"a:b = 1":                              "column 1:",
		"[a = 1]":                              "column 4:",
		"[a: = 1]":                             "column 5:",
		"[a:b.c. = 1]":                         "column 9:",
		"[a:b[x] = 1]":                         "column 6:",
		"[a:b[0 = 1]":                          "column 8:",
		"[a:b LIKES 'x']":                      "column 6:",
		"[a:b LIKE 5]":                         "column 11:",
		"[a:b IN 5]":                           "column 9:",
		"[a:b IN (5,)]":                        "column 12:",
		"[a:b = 'x]":                           "column 8:",
		`[a:b = 'x\n']`:                        "column 10:",
		"[a:b = h'0']":                         "column 8:",
		"[a:b = b'?']":                         "column 8:",
		"[a:b = t'2026-02-30T00:00:00Z']":      "column 8:",
		"[a:b = t'2026-02-01T00:00:00+01:00']": "column 8:",
		"[a:b > true]":                         "column 8:",
		"[a:b = 012]":                          "column 8:",
		"[a:b = 1x]":                           "column 8:",
		"[a:b = 1] WITHIN 0 SECONDS":           "column 18:",
		"[a:b = 1] WITHIN 5":                   "column 19:",
		"[a:b = 1] REPEATS 0 TIMES":            "column 19:",
		"[a:b = 1] REPEATS 1.5 TIMES":          "column 19:",
		"[a:b = 1] START t'2026-02-01T00:00:00Z' STOP t'2026-01-01T00:00:00Z'": "column 45:",
		"[a:b = 1] START 5 STOP 6": "column 17:",
		"[a:b = 1] AND":            "column 14:",
		"[a:b = 1] [a:b = 2]":      "column 11:",
		"[a:b = 1 /* …]":           "column 10:",
		"[NOT a:b = 1]":            "column 2:",
		"[a:b = 1)":                "column 9:",
		"['م' = 1]":                "column 2:",
		"[a:b = 'م' AND]":          "column 15:",
		"[a:b = \xff]":             "column 1:",
		"[" + strings.Repeat("(", 100) + "a:b = 1":     "column 66:",
		strings.Repeat("(", 100) + "[a:b = 1]":         "column 66:",
		"[a:b = '" + strings.Repeat("x", 70000) + "']": "column 1:",
		"[AND:b = 1]": "column 2:",
	} {
		_, err := pattern.Parse(in)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.60s: %v, want %s", in, err, want)
		}
	}
}

func TestSamples(t *testing.T) {
	t.Parallel()
	all := samples(t, "../testdata/valid/07-patterns.json")
	if len(all) < 8 {
		t.Fatalf("%d patterns", len(all))
	}
	for _, text := range all {
		p, err := pattern.Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if len(p.Unsupported)+len(p.Never) > 0 {
			t.Errorf("%s: %v %v", text, p.Unsupported, p.Never)
		}
		again, err := pattern.Parse(p.String())
		if err != nil || again.String() != p.String() {
			t.Errorf("%s: written as %s: %v", text, p, err)
		}
	}
}

func TestAtoms(t *testing.T) {
	t.Parallel()
	p, err := pattern.Parse("[url:value IN ('http://a.example/','http://b.example/') AND url:x NOT = 'c'] OR [ipv4-addr:value = '192.0.2.1' OR file:hashes.MD5 = 'd' OR ipv4-addr:value ISSUBSET '0.0.0.0/0']")
	if err != nil {
		t.Fatal(err)
	}
	want := []pattern.Atom{
		{Path: "url:value", Kind: observable.URL, Value: "http://a.example/", Key: "http://a.example/"}, {Path: "url:value", Kind: observable.URL, Value: "http://b.example/", Key: "http://b.example/"},
		{Path: "ipv4-addr:value", Kind: observable.IPv4, Value: "192.0.2.1", Key: "192.0.2.1"}, {Path: "file:hashes.MD5", Kind: observable.MD5, Value: "d", Key: "d"},
		{Path: "ipv4-addr:value", Kind: observable.CIDR, Value: "0.0.0.0/0", Key: "0.0.0.0/0"},
	}
	if diff := cmp.Diff(want, p.Atoms()); diff != "" {
		t.Error(diff)
	}
	if p.Atomic() {
		t.Error("three observations are not atomic")
	}
	if p, _ = pattern.Parse("([domain-name:value = 'x'])"); !p.Atomic() {
		t.Error("one equality is atomic")
	}
}

// An index finds a pattern by the values without which it never matches.
func TestIndex(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"[ipv4-addr:value = '192.0.2.1']":                                                         {"ipv4 192.0.2.1"},
		"[ipv4-addr:value = '192.0.2.0/24']":                                                      {"cidr 192.0.2.0/24"},
		"[ipv4-addr:value ISSUBSET '192.0.2.0/24' AND ipv4-addr:value = '192.0.2.1']":             {"ipv4 192.0.2.1"},
		"[domain-name:value IN ('A.example.', 'b.example')]":                                      {"domain a.example", "domain b.example"},
		"[url:value = 'HTTP://A.example:80/x#y']":                                                 {"url http://a.example/x"},
		"[file:hashes.'SHA-256' = '" + strings.Repeat("AB", 32) + "' OR file:name = 'x']":         {"sha256 " + strings.Repeat("ab", 32), "file-name x"},
		"[file:hashes.MD5 = '" + strings.Repeat("AB", 16) + "' AND file:name = 'x']":              {"md5 " + strings.Repeat("ab", 16)},
		"[network-traffic:dst_ref.value = '2001:DB8::1' AND network-traffic:dst_port = 443]":      {"ipv6 2001:db8::1"},
		"[autonomous-system:number = 64500]":                                                      {"asn AS64500"},
		"[ipv4-addr:value = '192.0.2.1'] FOLLOWEDBY [process:pid = 1]":                            {"ipv4 192.0.2.1"},
		"([mutex:name = 'm'] OR [email-message:from_ref.value = 'X@a.example']) WITHIN 5 SECONDS": {"mutex m", "email x@a.example"},
		"[ipv4-addr:value = '192.0.2.1' OR process:pid = 1]":                                      nil,
		"[ipv4-addr:value NOT = '192.0.2.1']":                                                     nil,
		"[ipv4-addr:value != '192.0.2.1']":                                                        nil,
		"[file:size = 5]":                                                                         nil,
		"[url:value LIKE 'http%']":                                                                nil,
	} {
		p, err := pattern.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		atoms, ok := p.Index()
		var got []string
		for _, a := range atoms {
			got = append(got, string(a.Kind)+" "+a.Key)
		}
		if diff := cmp.Diff(want, got); diff != "" || ok != (want != nil) {
			t.Errorf("%s: %v %s", text, ok, diff)
		}
	}
	if _, ok := pattern.AtomAt("file:hashes.'SHA-256'", strings.Repeat("0", 64)); !ok {
		t.Error("a hash is no atom")
	}
	if _, ok := pattern.AtomAt("[", ""); ok {
		t.Error("no path is an atom")
	}
}

// Whatever a pattern matches holds the value of one of the atoms it is kept under; and it is read as it is written.
func TestIndexMissesNothing(t *testing.T) {
	t.Parallel()
	values := []string{"192.0.2.1", "192.0.2.2", "192.0.2.3"}
	rapid.Check(t, func(t *rapid.T) {
		var comparison, observation func(depth int) string
		comparison = func(depth int) string {
			if depth == 0 || rapid.Bool().Draw(t, "test") {
				by := rapid.SampledFrom([]string{"=", "NOT =", "!=", "IN", "LIKE"}).Draw(t, "by")
				v := "'" + rapid.SampledFrom(values).Draw(t, "value") + "'"
				if by == "IN" {
					v = "(" + v + ", '192.0.2.9')"
				}
				return "ipv4-addr:value " + by + " " + v
			}
			return "(" + comparison(depth-1) + rapid.SampledFrom([]string{" AND ", " OR "}).Draw(t, "join") + comparison(depth-1) + ")"
		}
		observation = func(depth int) string {
			if depth == 0 || rapid.Bool().Draw(t, "observation") {
				return "[" + comparison(2) + "]"
			}
			return "(" + observation(depth-1) + rapid.SampledFrom([]string{" AND ", " OR ", " FOLLOWEDBY "}).Draw(t, "join") + observation(depth-1) + ")" +
				rapid.SampledFrom([]string{"", " WITHIN 90 SECONDS", " REPEATS 1 TIMES"}).Draw(t, "qualifier")
		}
		text := observation(2)
		p, err := pattern.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		seen, here := []pattern.Observed{}, map[string]bool{}
		for i := range rapid.IntRange(0, 3).Draw(t, "observations") {
			v := rapid.SampledFrom(values).Draw(t, "seen")
			here[v] = true
			doc, _ := jsondoc.Parse([]byte(`{"type":"ipv4-addr","value":"` + v + `"}`))
			at := time.Date(2026, 3, 1, 0, i, 0, 0, time.UTC)
			seen = append(seen, pattern.Observed{First: at, Last: at, Objects: []*jsondoc.Value{&doc}})
		}
		verdict := p.Match(seen)
		if atoms, ok := p.Index(); ok && verdict == pattern.Yes && !slices.ContainsFunc(atoms, func(a pattern.Atom) bool { return here[a.Key] }) {
			t.Fatalf("%s matches %v, and is kept under %v", text, here, atoms)
		}
		again, err := pattern.Parse(p.String())
		if err != nil || again.String() != p.String() || again.Match(seen) != verdict {
			t.Fatalf("%s is written %s: %v", text, p, err)
		}
	})
}

func TestUnsupportedAndNever(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][2]int{
		"[file:name MATCHES '(?=x)']":                                                     {1, 0},
		"[ipv4-addr:value ISSUBSET 'nowhere']":                                            {1, 0},
		"[file:name MATCHES '((a{900}){1}b{100}){10}']":                                   {1, 0},
		"[file:name MATCHES '(a{300}b{300}){1}(a{900})(b{900})(c{900})(d{900})(e{900})']": {1, 0},
		"[" + strings.Repeat("file:name MATCHES 'a{900}' OR ", 20) + "file:size = 1]":     {14, 0}, // the first have used up what all may cost
		"[file:name MATCHES 'a{2,30}']":                                                   {0, 0},
		"[a:b = 1 AND c:d = 2]":                                                           {0, 1},
		"[a:b = 1 AND (c:d = 2 OR a:c = 1)]":                                              {0, 0},
		"[(a:b = 1 OR c:d = 2) AND (c:d = 2)]":                                            {0, 0},
		"[(a:b = 1 OR c:d = 2) AND (e:d = 2)]":                                            {0, 1},
	} {
		p, err := pattern.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]int{len(p.Unsupported), len(p.Never)}; got != want {
			t.Errorf("%s: %v %v", in, p.Unsupported, p.Never)
		}
	}
}

// seen is an observation at a minute, of the objects in a JSON list.
func seen(t testing.TB, minute, count int, objects string) pattern.Observed {
	t.Helper()
	v, f := jsondoc.Parse([]byte(objects))
	if f != nil {
		t.Fatal(f)
	}
	at := time.Date(2026, 3, 1, 0, minute, 0, 0, time.UTC)
	out := pattern.Observed{First: at, Last: at, Count: count}
	items := v.Items()
	for i := range items {
		out.Objects = append(out.Objects, &items[i].Value)
	}
	return out
}

const traffic = `[{"type":"ipv4-addr","id":"ipv4-addr--1","value":"198.51.100.7"},
 {"type":"network-traffic","id":"network-traffic--2","dst_ref":"ipv4-addr--1","dst_port":443,"protocols":["ipv4","tcp"],"start":"2026-03-01T00:00:00.5Z","is_active":false}]`

const file = `[{"type":"file","id":"file--3","name":"inv_0001.iso","size":2048,"hashes":{"SHA-256":"ab"},"magic_number_hex":"ffd8","contains_refs":["url--4"]},
 {"type":"url","id":"url--4","value":"http://a.example/"},{"type":"artifact","id":"artifact--5","payload_bin":"AQI="},
 {"type":"windows-registry-key","id":"windows-registry-key--6","values":[{"name":"a"},{"name":"Updater"}]}]`

func TestMatch(t *testing.T) {
	t.Parallel()
	world := []pattern.Observed{seen(t, 0, 1, traffic), seen(t, 5, 3, file), seen(t, 20, 1, traffic)}
	for text, want := range map[string]pattern.Verdict{
		"[ipv4-addr:value = '198.51.100.7']":                                                           pattern.Yes,
		"[ipv4-addr:value = '198.51.100.8']":                                                           pattern.No,
		"[ipv4-addr:value != '198.51.100.8']":                                                          pattern.Yes,
		"[ipv4-addr:value NOT = '198.51.100.7']":                                                       pattern.No,
		"[ipv4-addr:value ISSUBSET '198.51.100.0/24']":                                                 pattern.Yes,
		"[ipv4-addr:value ISSUPERSET '198.51.100.7']":                                                  pattern.Yes,
		"[ipv4-addr:value ISSUPERSET '198.51.100.0/24']":                                               pattern.No,
		"[network-traffic:dst_ref.value = '198.51.100.7' AND network-traffic:dst_port IN (443, 8443)]": pattern.Yes,
		"[network-traffic:dst_ref.type = 'ipv4-addr']":                                                 pattern.Yes,
		"[network-traffic:protocols[1] = 'tcp' AND network-traffic:protocols[-1] = 'tcp' AND network-traffic:protocols[*] = 'ipv4']": pattern.Yes,
		"[network-traffic:protocols[7] = 'tcp']":                                                pattern.No,
		"[network-traffic:start > t'2026-03-01T00:00:00.499Z']":                                 pattern.Yes,
		"[network-traffic:start = t'2026-03-01T00:00:00.500Z']":                                 pattern.Yes,
		"[network-traffic:is_active = false]":                                                   pattern.Yes,
		"[network-traffic:dst_port >= 443 AND network-traffic:dst_port < 443.5]":                pattern.Yes,
		"[network-traffic:src_port NOT = 5]":                                                    pattern.No, // what is absent passes no test
		"[NOT EXISTS network-traffic:src_port]":                                                 pattern.Yes,
		"[EXISTS network-traffic:src_port]":                                                     pattern.No,
		"[file:hashes.'SHA-256' = 'ab' AND file:size > 1024]":                                   pattern.Yes,
		`[file:name MATCHES '^inv_[0-9]{4}\\.iso$']`:                                            pattern.Yes,
		"[file:name LIKE 'inv\\\\_%']":                                                          pattern.No,
		"[file:name LIKE 'inv_000_.%']":                                                         pattern.Yes,
		"[file:magic_number_hex = h'FFD8']":                                                     pattern.Yes,
		"[artifact:payload_bin = b'AQI=' AND artifact:payload_bin = h'0102']":                   pattern.Yes,
		"[file:contains_refs[*].value = 'http://a.example/']":                                   pattern.Yes,
		"[windows-registry-key:values[*].name = 'Updater']":                                     pattern.Yes,
		"[file:name MATCHES '(?=x)']":                                                           pattern.Undecided,
		"[file:name MATCHES '(?=x)' OR file:size = 2048]":                                       pattern.Yes,
		"[file:name MATCHES '(?=x)' AND file:size = 1]":                                         pattern.No,
		"[ipv4-addr:value = '198.51.100.7'] FOLLOWEDBY [file:size = 2048]":                      pattern.Yes,
		"[file:size = 2048] FOLLOWEDBY [ipv4-addr:value = '198.51.100.7']":                      pattern.Yes,
		"[file:size = 2048] FOLLOWEDBY [file:size = 2048]":                                      pattern.No,
		"([ipv4-addr:value = '198.51.100.7'] FOLLOWEDBY [file:size = 2048]) WITHIN 300 SECONDS": pattern.Yes,
		"([ipv4-addr:value = '198.51.100.7'] FOLLOWEDBY [file:size = 2048]) WITHIN 299 SECONDS": pattern.No,
		"([ipv4-addr:value = '198.51.100.7'] AND [file:size = 2048]) WITHIN 299.5 SECONDS":      pattern.No,
		"[ipv4-addr:value = '198.51.100.7'] REPEATS 2 TIMES":                                    pattern.Yes,
		"[ipv4-addr:value = '198.51.100.7'] REPEATS 3 TIMES":                                    pattern.No,
		"[ipv4-addr:value = '198.51.100.7'] REPEATS 2 TIMES WITHIN 1199 SECONDS":                pattern.No,
		"[ipv4-addr:value = '198.51.100.7'] REPEATS 2 TIMES WITHIN 1200 SECONDS":                pattern.Yes,
		"[file:size = 2048] REPEATS 3 TIMES":                                                    pattern.Yes, // seen three times
		"[file:size = 2048] START t'2026-03-01T00:05:00Z' STOP t'2026-03-01T00:06:00Z'":         pattern.Yes,
		"[file:size = 2048] START t'2026-03-01T00:00:00Z' STOP t'2026-03-01T00:05:00Z'":         pattern.No,
		"[file:size = 1] OR [file:size = 2048]":                                                 pattern.Yes,
		"[file:size = 2048 AND url:value = 'http://a.example/']":                                pattern.No, // no object is of two types
		"[file:size = 'x'] OR [file:size = true]":                                               pattern.No,
	} {
		p, err := pattern.Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := p.Match(world); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}

// A pattern that matches in too many ways is not decided, and not computed for ever.
func TestTooMuchWork(t *testing.T) {
	t.Parallel()
	var world []pattern.Observed
	for i := range 2000 {
		world = append(world, seen(t, i, 1, `[{"type":"url","value":"x"}]`))
	}
	part := "[url:value = 'x']"
	p, err := pattern.Parse("(" + strings.Join([]string{part, part, part, part}, " AND ") + ") WITHIN 1 SECONDS")
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Match(world); got != pattern.Undecided {
		t.Errorf("decided: %d", got)
	}
	// references that lead in circles, followed along a path of many lists
	circle := []pattern.Observed{seen(t, 0, 1, `[{"type":"process","id":"p","child_refs":["p","p","p","p","p","p"]}]`)}
	p, err = pattern.Parse("[process:" + strings.Repeat("child_refs[*].", 20) + "pid = 5]")
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Match(circle); got != pattern.Undecided {
		t.Errorf("a circle: decided: %d", got)
	}
	p, err = pattern.Parse(strings.Repeat("[url:value = 'x'] OR ", 500) + "([url:value = 'y'] FOLLOWEDBY [url:value = 'x'])")
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Match(world); got != pattern.Yes {
		t.Errorf("a long union: %d", got)
	}
	p, _ = pattern.Parse(part + " REPEATS 2001 TIMES")
	if got := p.Match(world); got == pattern.Yes {
		t.Error("seen 2000 times, matched 2001")
	}
}

func ExampleParse() {
	_, err := pattern.Parse("[ipv4-addr:value = '192.0.2.1' AND]")
	fmt.Println(err)
	// Output: column 35: an object's path such as ipv4-addr:value should stand here, not ']'
}

// What is read is written in a spelling that reads the same, and is evaluated without harm.
func FuzzParse(f *testing.F) {
	for _, text := range samples(f, "../testdata/valid/07-patterns.json") {
		f.Add(text)
	}
	f.Add("[a:b[*].'c' NOT IN (1, 2.5, h'00', b'AA==', true)] // x")
	world := []pattern.Observed{seen(f, 0, 1, traffic), seen(f, 5, 3, file)}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := pattern.Parse(text)
		if err != nil {
			return
		}
		again, err := pattern.Parse(p.String())
		if err != nil || again.String() != p.String() {
			t.Fatalf("written as %s: %v", p, err)
		}
		if p.Match(world) != again.Match(world) {
			t.Fatalf("%s matches otherwise than %s", text, p)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	const text = "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '198.51.100.7' AND network-traffic:dst_port IN (443, 8443)] REPEATS 5 TIMES WITHIN 1800 SECONDS"
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pattern.Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}
