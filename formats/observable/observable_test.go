package observable_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/observable"
)

func TestRefang(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"198[.]51[.]100[.]7":                                   "198.51.100.7",
		"hxxp://login[.]bank-portal[.]example/a[.]php":         "http://login.bank-portal.example/a.php",
		"hXXps[:]//files(dot)kit(.)example:8443/kit%2ezip?x=1": "https://files.kit.example:8443/kit%2ezip?x=1",
		"hxxps[://]a.example":                                  "https://a.example",
		`hxxp:\/\/a.example\/x`:                                `http://a.example\/x`,
		"h**p://a.example":                                     "http://a.example",
		"fxp://a.example":                                      "ftp://a.example",
		"billing[at]bank-portal[dot]example":                   "billing@bank-portal.example",
		"invoice {at} cdn.update.example":                      "invoice@cdn.update.example",
		"cdn dot update dot example":                           "cdn.update.example",
		`cdn\.update\.example`:                                 "cdn.update.example",
		"ev\u200bil.exa\u00admple":                             "evil.example",
		"ｅｖｉｌ．ｅｘａｍｐｌｅ":                                         "evil.example",
		"2001[:]db8[:][:]1":                                    "2001:db8::1",
		"plain text (with brackets)":                           "plain text (with brackets)",
		"http://a.example/x[1]":                                "http://a.example/x[1]",
	} {
		if diff := cmp.Diff(want, observable.Refang(in)); diff != "" {
			t.Errorf("%s: %s", in, diff)
		}
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	type answer struct {
		Kind        observable.Kind
		Value, Rule string
	}
	for _, c := range []struct {
		kind observable.Kind
		text string
		want answer
	}{
		{observable.IPv4, "192.0.2.1", answer{"ipv4", "192.0.2.1", ""}},
		{observable.IPv4, "2001:DB8:0:0::1", answer{"ipv6", "2001:db8::1", ""}},
		{observable.IPv4, "192.0.2.77/24", answer{"cidr", "192.0.2.0/24", ""}},
		{observable.CIDR, "192.0.2.7/32", answer{"ipv4", "192.0.2.7", ""}},
		{observable.IPv4, "999.1.1.1", answer{"ipv4", "", "ipv4"}},
		{observable.IPv4, "192.0.2.01", answer{"ipv4", "", "ipv4"}},
		{observable.IPv4, "192.0.2", answer{"ipv4", "", "ipv4"}},
		{observable.IPv4, "fe80::1%eth0", answer{"ipv6", "", "ipv6"}},
		{observable.CIDR, "192.0.2.0/33", answer{"cidr", "", "cidr"}},
		{observable.Domain, "Bad.Example.", answer{"domain", "bad.example", ""}},
		{observable.Domain, "bücher.example", answer{"domain", "xn--bcher-kva.example", ""}},
		{observable.Domain, "موقع.وزارة-الاتصالات.مصر", answer{"domain", "xn--4gbrim.xn----ymcbaaajlc6dj7bxne2c.xn--wgbh1c", ""}},
		{observable.Domain, "explorer.exe", answer{"domain", "", "domain"}},
		{observable.Domain, "-bad.example", answer{"domain", "", "domain"}},
		{observable.Domain, "a..example", answer{"domain", "", "domain"}},
		{observable.Domain, "1.2.3.4", answer{"domain", "", "domain"}},
		{observable.URL, "HTTP://A.Example:80/Path?q#f", answer{"url", "http://a.example:80/Path?q#f", ""}},
		{observable.URL, "a.example/x", answer{"url", "", "url"}},
		{observable.URL, "http://a b/", answer{"url", "", "url"}},
		{observable.URL, "http://[2001:DB8::1]:8080/", answer{"url", "http://[2001:db8::1]:8080/", ""}},
		{observable.Email, "A.B@Mail.Example", answer{"email", "A.B@mail.example", ""}},
		{observable.Email, "a@b", answer{"email", "", "email"}},
		{observable.MD5, "0123456789ABCDEF0123456789ABCDEF", answer{"md5", "0123456789abcdef0123456789abcdef", ""}},
		{observable.MD5, "xyz", answer{"md5", "", "hash"}},
		{observable.CVE, "cve-2099-12345", answer{"cve", "CVE-2099-12345", ""}},
		{observable.CVE, "CVE-99-1", answer{"cve", "", "cve"}},
		{observable.ASN, "as64500", answer{"asn", "AS64500", ""}},
		{observable.ASN, "AS9999999999", answer{"asn", "", "asn"}},
		{observable.MAC, "02-00-5E-10-00-01", answer{"mac", "02:00:5e:10:00:01", ""}},
		{observable.IBAN, "GB82 WEST 1234 5698 7654 32", answer{"iban", "GB82WEST12345698765432", ""}},
		{observable.IBAN, "GB83 WEST 1234 5698 7654 32", answer{"iban", "", "iban"}},
		{observable.RegistryKey, `HKLM\SOFTWARE\Example`, answer{"registry-key", `HKEY_LOCAL_MACHINE\SOFTWARE\Example`, ""}},
		{observable.Domain, "", answer{"domain", "", "domain"}},
	} {
		k, v, r := observable.Parse(c.kind, c.text)
		got := answer{Kind: k, Value: v}
		if r != nil {
			got.Rule = r.Rule
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s %q: %s", c.kind, c.text, diff)
		}
	}
}

func TestGuess(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]observable.Kind{
		"report.pdf": "", "readme.md": "", "hello": "", "12345": "", "4.2.1": "", "bad.example": "domain", "a@b.example": "email",
		"https://b.example/": "url", "AS64500": "asn", "2001:db8::/48": "cidr", `C:\Windows\evil.dll`: "file-path", `HKCU\Software\X`: "registry-key",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855": "sha256", "64500": "",
	} {
		if got, _, _ := observable.Guess(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestDoubts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind  observable.Kind
		value string
		want  []string
	}{
		{observable.CIDR, "0.0.0.0/0", []string{"broad-network", "public-resolver"}},
		{observable.CIDR, "::/0", []string{"broad-network", "public-resolver"}},
		{observable.CIDR, "203.0.0.0/8", []string{"broad-network"}},
		{observable.CIDR, "8.8.8.0/24", []string{"public-resolver"}},
		{observable.CIDR, "10.1.0.0/16", []string{"private-address"}},
		{observable.CIDR, "203.0.113.0/24", nil},
		{observable.IPv4, "8.8.8.8", []string{"public-resolver"}},
		{observable.IPv6, "2606:4700:4700::1111", []string{"public-resolver"}},
		{observable.IPv4, "10.0.0.5", []string{"private-address"}},
		{observable.IPv4, "127.0.0.1", []string{"special-address"}},
		{observable.IPv4, "0.0.0.0", []string{"special-address"}},
		{observable.IPv6, "fe80::1", []string{"special-address"}},
		{observable.IPv4, "198.51.100.7", nil},
		{observable.Domain, "jo", []string{"public-suffix"}},
		{observable.Domain, "gov.jo", []string{"public-suffix"}},
		{observable.Domain, "co.uk", []string{"public-suffix"}},
		{observable.Domain, "com", []string{"public-suffix"}},
		{observable.Domain, "xn--mgbayh7gpa", []string{"public-suffix"}},
		{observable.Domain, "dns.google", []string{"public-resolver"}},
		{observable.Domain, "www.google.com", []string{"warninglist"}},
		{observable.Domain, "login.bank-portal.example", nil},
		{observable.URL, "https://www.google.com/", []string{"warninglist"}},
		{observable.URL, "https://www.google.com/share/bad", nil},
		{observable.URL, "http://8.8.8.8/", []string{"public-resolver"}},
		{observable.MD5, "d41d8cd98f00b204e9800998ecf8427e", []string{"warninglist"}},
	} {
		var got []string
		for _, d := range observable.Doubts(c.kind, c.value) {
			got = append(got, d.Rule)
			if d.Message == "" || d.Mend == "" {
				t.Errorf("%s: a doubt without words", c.value)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s %s: %s", c.kind, c.value, diff)
		}
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"http://a.example:80/x#top": "http://a.example/x", "https://a.example": "https://a.example/", "https://a.example:8443/": "https://a.example:8443/",
	} {
		if got := observable.Key(observable.URL, in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	type found struct {
		Kind  observable.Kind
		Value string
	}
	for in, want := range map[string][]found{
		"see hxxp://a[.]example/x). then b[.]example, report.pdf": {{"url", "http://a.example/x"}, {"domain", "b.example"}},
		"1.2.3.4.5 and 192.0.2.1:443 and 192.0.2.0/24":            {{"ipv4", "192.0.2.1"}, {"cidr", "192.0.2.0/24"}},
		"at 12:30:45 from 2001:db8::5, mac 00:11:22:33:44:55":     {{"ipv6", "2001:db8::5"}, {"mac", "00:11:22:33:44:55"}},
		"nothing here, e.g. this or i.e. that. v1.2.3.4x":         nil,
		"pay GB82 WEST 1234 5698 7654 32 now":                     {{"iban", "GB82WEST12345698765432"}},
		`run HKLM\Software\Run, C:\a.exe`:                         {{"registry-key", `HKEY_LOCAL_MACHINE\Software\Run`}},
	} {
		var got []found
		for _, f := range observable.Find(in) {
			got = append(got, found{f.Kind, f.Value})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", in, diff)
		}
	}
	if got := observable.Find("version 4.2.1.0 of it"); len(got) != 1 || got[0].Ask == "" {
		t.Errorf("a version is asked about: %+v", got)
	}
}

// What is armed again is the value that was disarmed.
func TestDefang(t *testing.T) {
	t.Parallel()
	for kind, value := range map[observable.Kind]string{
		observable.IPv4: "192.0.2.1", observable.IPv6: "2001:db8::1", observable.Domain: "a.b.example", observable.Email: "x.y@a.example",
		observable.URL: "https://a.b.example:8443/x.y?z", observable.CIDR: "192.0.2.0/24",
	} {
		if back := observable.Refang(observable.Defang(kind, value)); back != value {
			t.Errorf("%s: %s came back as %s", kind, value, back)
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("hxxps[:]//a[.]example and 1.2.3.4, bücher.example {at} x")
	f.Fuzz(func(t *testing.T, line string) {
		for _, found := range observable.Find(line) {
			k, again, r := observable.Parse(found.Kind, found.Value)
			if r != nil || k != found.Kind || again != found.Value {
				t.Fatalf("%s %q read again: %s %q %v", found.Kind, found.Value, k, again, r)
			}
			observable.Doubts(found.Kind, found.Value)
		}
	})
}
