package match_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/internal/cyber/match"
)

func entry(kind observable.Kind, value string) match.Entry {
	return match.Entry{ID: string(kind) + " " + value, Kind: kind, Value: value}
}

var planted = []match.Entry{
	entry(observable.IPv4, "198.51.100.7"),
	entry(observable.IPv6, "2001:db8:10::5"),
	entry(observable.CIDR, "203.0.113.0/28"),
	entry(observable.CIDR, "203.0.113.8/30"),
	entry(observable.CIDR, "2001:db8:ff00::/40"),
	entry(observable.Domain, "bank-portal.example"),
	entry(observable.Domain, "login.bank-portal.example"),
	entry(observable.Domain, "xn--mgbh0fb.example"),
	entry(observable.URL, "http://files.kit.example/a.php?x=1"),
	entry(observable.URL, "https://cdn.update.example/"),
	entry(observable.Email, "billing@mail.example"),
	entry(observable.MD5, "0123456789abcdef0123456789abcdef"),
	entry(observable.SHA256, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
	entry(observable.CVE, "CVE-2099-12345"), // nothing a line shows by itself
}

func met(l *match.Line) (ids []string) {
	for _, h := range l.Hits {
		ids = append(ids, h.Indicator)
	}
	slices.Sort(ids)
	return ids
}

func TestLines(t *testing.T) {
	t.Parallel()
	layers := match.NewLayers(match.Build(planted), match.Build(nil), nil)
	if layers.Size() != len(planted)-1 {
		t.Errorf("%d of %d are in the index", layers.Size(), len(planted))
	}
	s := match.NewScanner(layers)
	both := []string{"domain bank-portal.example", "domain login.bank-portal.example"}
	for _, test := range []struct {
		line string
		want []string
	}{
		{`{"dst":"198.51.100.7"}`, []string{"ipv4 198.51.100.7"}},
		{`{"dst":"198.51.100.7:443"}`, []string{"ipv4 198.51.100.7"}},
		{`{"dst":"198.51.100.70"}`, nil},
		{`{"dst":"1198.51.100.7"}`, nil},
		{`{"dst":"::ffff:198.51.100.7"}`, []string{"ipv4 198.51.100.7"}},
		{`{"dst":"2001:DB8:10:0:0::5"}`, []string{"ipv6 2001:db8:10::5"}},
		{`{"dst":"[2001:db8:10::5]:8443"}`, []string{"ipv6 2001:db8:10::5"}},
		{`{"dst":"203.0.113.9"}`, []string{"cidr 203.0.113.0/28", "cidr 203.0.113.8/30"}},
		{`{"dst":"203.0.113.12"}`, []string{"cidr 203.0.113.0/28"}},
		{`{"dst":"203.0.113.16"}`, nil},
		{`{"dst":"2001:db8:ff12::1"}`, []string{"cidr 2001:db8:ff00::/40"}},
		{`{"query":"LOGIN.bank-portal.EXAMPLE."}`, both},
		{`{"query":"a.b.login.bank-portal.example"}`, both},
		{`{"query":"www.bank-portal.example"}`, both[:1]},
		{`{"query":"notbank-portal.example"}`, nil},
		{`{"query":"مثال.example"}`, []string{"domain xn--mgbh0fb.example"}},
		{`{"query":"موقع.example"}`, nil},
		{`{"query":"xn--mgbh0fb.example"}`, []string{"domain xn--mgbh0fb.example"}},
		{`{"query":"www.مثال.EXAMPLE","n":1}`, []string{"domain xn--mgbh0fb.example"}},
		{`{"url":"http:\/\/files.kit.example:80\/a.php?x=1#top"}`, []string{"url http://files.kit.example/a.php?x=1"}},
		{`{"url":"HTTP://Files.Kit.Example/a.php?x=1"}`, []string{"url http://files.kit.example/a.php?x=1"}},
		{`{"url":"http://files.kit.example/A.php?x=1"}`, nil},
		{`{"url":"https://cdn.update.example"}`, []string{"url https://cdn.update.example/"}},
		{`{"url":"https://cdn.update.example:8443/"}`, nil},
		{`{"url":"https://198.51.100.7/x"}`, []string{"ipv4 198.51.100.7"}},
		{`{"url":"https://u:p@login.bank-portal.example/x"}`, both},
		{`{"mail":"Billing@Mail.example"}`, []string{"email billing@mail.example"}},
		{`{"mail":"<x@login.bank-portal.example>"}`, both},
		{`{"hash":"0123456789ABCDEF0123456789ABCDEF"}`, []string{"md5 0123456789abcdef0123456789abcdef"}},
		{`{"file":{"hashes":["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]}}`, []string{"sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}},
		{`{"message":"denied 198.51.100.7, asked for (login.bank-portal.example)."}`, append([]string{}, append(both, "ipv4 198.51.100.7")...)},
		{`{"message":"dst=198.51.100.7;user=x"}`, []string{"ipv4 198.51.100.7"}},
		{`{"message":"url=https://cdn.update.example/, then"}`, []string{"url https://cdn.update.example/"}},
		{`{"message":"say \"198.51.100.7\" and \\"}`, []string{"ipv4 198.51.100.7"}},
		{`{"q":"\u006cogin.bank-portal.example"}`, both},
		{`{"198.51.100.7":"a name is no value"}`, nil},
		{`{"a":"198.51.100.7","b":"198.51.100.7"}`, []string{"ipv4 198.51.100.7"}},
		{`{"v":4.2,"n":-1e9,"t":true,"z":null,"e":""}`, nil},
	} {
		l, ok := s.JSON([]byte(test.line))
		if diff := cmp.Diff(test.want, met(l)); diff != "" || !ok {
			t.Errorf("%s (read: %v): %s", test.line, ok, diff)
		}
	}
	for _, line := range []string{"", "{", "[]", `"x"`, `{"a":"198.51.100.7}`, `{"a":1}}`, `{"a":[1}`[:7], `{}{}`, `{"a":"\"}`, "x{}", strings.Repeat(`{"a":`, 70) + "1" + strings.Repeat("}", 70)} {
		if _, ok := s.JSON([]byte(line)); ok {
			t.Errorf("%s was read as a line", line)
		}
	}
}

func TestQuestions(t *testing.T) {
	t.Parallel()
	s := match.NewScanner(match.NewLayers(match.Build(planted), match.Build(nil), nil))
	reference := time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)
	at := time.Date(2026, 3, 15, 8, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		line, place string
		want        []string
		at          time.Time
	}{
		{"15-Mar-2026 08:00:00.000 queries: info: client @0x7f09c 192.0.2.10#53124 (login.bank-portal.example): query: login.bank-portal.example IN A +E(0)K (203.0.113.53)", "192.0.2.10", []string{"domain bank-portal.example", "domain login.bank-portal.example"}, at},
		{"15-Mar-2026 08:00:00.000 client 192.0.2.10#53124: query: www.example IN A + (192.0.2.1)", "", nil, at},
		{"Mar 15 08:00:00 dnsmasq[812]: query[A] login.bank-portal.example from 192.0.2.10", "192.0.2.10", []string{"domain bank-portal.example", "domain login.bank-portal.example"}, at},
		{"2026-03-15T08:00:00Z 192.0.2.11 bank-portal.example AAAA", "192.0.2.11", []string{"domain bank-portal.example"}, at},
		{"1773561600.000000\tCx1\t192.0.2.12\t5353\t192.0.2.1\t53\tudp\t1\t-\tbank-portal.example\t1\tC_INTERNET\t1\tA\t0\tNOERROR\tF\tF\tT\tT\t0\t203.0.113.9,198.51.100.7\t60.0", "192.0.2.12",
			[]string{"cidr 203.0.113.0/28", "cidr 203.0.113.8/30", "domain bank-portal.example", "ipv4 198.51.100.7"}, at},
		{"#fields\tts\tuid", "", nil, time.Time{}},
	} {
		l, ok := s.DNS([]byte(test.line))
		if diff := cmp.Diff(test.want, met(l)); diff != "" || !ok {
			t.Errorf("%s (read: %v): %s", test.line, ok, diff)
			continue
		}
		if len(l.Hits) > 0 && l.Place(l.Hits[0]) != test.place {
			t.Errorf("%s: at %q", test.line, l.Place(l.Hits[0]))
		}
		if got := l.At(reference); !got.Equal(test.at) {
			t.Errorf("%s: happened %v", test.line, got)
		}
	}
	for _, line := range []string{"hello", "query[A from", "x: query: ", "a\tb"} {
		if _, ok := s.DNS([]byte(line)); ok {
			t.Errorf("%q was read as a question", line)
		}
	}
}

func TestWhereAndWhen(t *testing.T) {
	t.Parallel()
	s := match.NewScanner(match.NewLayers(match.Build(planted), match.Build(nil), nil))
	at := time.Date(2026, 3, 15, 8, 0, 0, 0, time.UTC)
	for _, test := range []struct{ line, place string }{
		{`{"ts":1773561600.0,"id.orig_h":"192.0.2.10","id.resp_h":"198.51.100.7"}`, "192.0.2.10"},
		{`{"@timestamp":"2026-03-15T11:00:00+03:00","host":{"name":"gate-7"},"destination":{"ip":"198.51.100.7"}}`, "gate-7"},
		{`{"timestamp":"2026-03-15T08:00:00.000000+0000","src_ip":"198.51.100.7","dest_ip":"192.0.2.80"}`, "192.0.2.80"},
		{`{"time":1773561600000,"dst":"198.51.100.7"}`, ""},
		{`{"ts":1773561600,"id.orig_h":"192.0.2.10","host":"198.51.100.7","uri":"/"}`, "192.0.2.10"},
		{`{"ts":1773561600,"host":"gate-7","dst":"198.51.100.7"}`, "gate-7"},
		{`{"ts":1773561600,"host":"files.kit.example","url":"http://files.kit.example/a.php?x=1","dst":"192.0.2.9"}`, "192.0.2.9"},
	} {
		l, ok := s.JSON([]byte(test.line))
		if !ok || len(l.Hits) != 1 || l.Place(l.Hits[0]) != test.place || !l.At(at).Equal(at) {
			t.Errorf("%s: %v, %d hits at %q, %v", test.line, ok, len(l.Hits), l.Place(l.Hits[0]), l.At(at))
		}
	}
}

// What is fresh counts at once, what is gone no longer.
func TestLayers(t *testing.T) {
	t.Parallel()
	base := match.Build(planted)
	s := match.NewScanner(match.NewLayers(base, match.Build([]match.Entry{{ID: "new", Kind: observable.Domain, Value: "new.example"}}), map[string]bool{"ipv4 198.51.100.7": true}))
	l, _ := s.JSON([]byte(`{"a":"198.51.100.7","b":"a.new.example","c":"billing@mail.example"}`))
	if diff := cmp.Diff([]string{"email billing@mail.example", "new"}, met(l)); diff != "" {
		t.Error(diff)
	}
	var set match.Set
	if set.Now().Size() != 0 {
		t.Error("an empty set has indicators")
	}
	set.Swap(match.NewLayers(base, match.Build(nil), nil))
	if set.Now().Size() != base.Size() {
		t.Error("what was swapped in does not hold")
	}
}

// The pieces that networks cut agree with asking every network.
func TestNetworksAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		address := rapid.Custom(func(t *rapid.T) netip.Addr {
			if rapid.Bool().Draw(t, "v6") {
				return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, byte(rapid.IntRange(0, 3).Draw(t, "a")), 15: byte(rapid.IntRange(0, 255).Draw(t, "z"))})
			}
			return netip.AddrFrom4([4]byte{203, 0, byte(rapid.IntRange(0, 3).Draw(t, "c")), byte(rapid.IntRange(0, 255).Draw(t, "d"))})
		})
		var entries []match.Entry
		nets := map[string]netip.Prefix{}
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			ip := address.Draw(t, "net")
			p := netip.PrefixFrom(ip, rapid.IntRange(0, ip.BitLen()).Draw(t, "bits")).Masked()
			if _, twice := nets[p.String()]; twice {
				continue
			}
			nets[p.String()] = p
			entries = append(entries, match.Entry{ID: p.String(), Kind: observable.CIDR, Value: p.String()})
		}
		s := match.NewScanner(match.NewLayers(match.Build(entries), match.Build(nil), nil))
		for range 20 {
			ip := address.Draw(t, "asked")
			var want []string
			for id, p := range nets {
				if p.Contains(ip) {
					want = append(want, id)
				}
			}
			slices.Sort(want)
			l, _ := s.JSON(fmt.Appendf(nil, `{"ip":%q}`, ip))
			var got []string
			for _, id := range met(l) {
				// ::/n with n below 96 holds IPv4 too where addresses are one line; netip says otherwise.
				if nets[id].Addr().Is6() == ip.Is6() {
					got = append(got, id)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%v: %s", ip, diff)
			}
		}
	})
}

// Every address that netip reads, the scanner reads as the same.
func TestAddressesAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.StringMatching(`[0-9a-fA-F:.]{2,30}`), rapid.StringMatching(`([0-9a-f]{1,4}:){1,7}:?[0-9a-f]{0,4}`), rapid.StringMatching(`[0-9]{1,3}(\.[0-9]{1,3}){3}`)).Draw(t, "text")
		ip, err := netip.ParseAddr(text)
		if err != nil {
			return
		}
		s := match.NewScanner(match.NewLayers(match.Build([]match.Entry{entry(observable.IPv6, ip.String())}), match.Build(nil), nil))
		if l, _ := s.JSON(fmt.Appendf(nil, `{"ip":%q}`, text)); len(l.Hits) != 1 {
			t.Fatalf("%s is %v, and was not met", text, ip)
		}
	})
}

func FuzzLines(f *testing.F) {
	for _, line := range []string{`{"a":"http:\/\/x.example\u002fa"}`, "15-Mar-2026 08:00:00.123 client @0x 192.0.2.10#53124: query: a.example IN A", "Mar 15 08:00:00 dnsmasq[1]: query[A] a from b", `{"a":{"b":["[::1]:4"]}}`, "1\t2\t3\t4\t5\t6"} {
		f.Add([]byte(line))
	}
	layers := match.NewLayers(match.Build(planted), match.Build(nil), nil)
	f.Fuzz(func(_ *testing.T, line []byte) {
		s := match.NewScanner(layers)
		for _, read := range []func([]byte) (*match.Line, bool){s.JSON, s.DNS} {
			l, _ := read(line)
			for _, h := range l.Hits {
				l.Place(h)
			}
			l.At(time.Unix(0, 0))
		}
	})
}
