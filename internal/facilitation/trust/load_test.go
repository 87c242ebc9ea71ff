package trust_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/formats/cms"
	"github.com/rihla/rihla/formats/lds"
	"github.com/rihla/rihla/internal/facilitation/trust"
	"github.com/rihla/rihla/internal/facilitation/trust/specimen"
)

// kinds counts what a list holds.
func kinds(l *trust.List) map[trust.Kind]int {
	out := map[trust.Kind]int{}
	for _, h := range l.Certificates() {
		out[h.Kind]++
	}
	return out
}

func refusals(out trust.Loaded) map[string]int {
	n := map[string]int{}
	for _, r := range out.Refused {
		n[r.Code]++
	}
	return n
}

func TestLoad(t *testing.T) {
	t.Parallel()
	s := utopia()
	all := files(s)
	l, out := trust.Load(all, day)
	if diff := cmp.Diff(map[trust.Kind]int{trust.Authority: 2, trust.Link: 1, trust.DocumentSigner: 1, trust.SealSigner: 1}, kinds(l)); diff != "" || len(out.Refused) > 0 || len(l.Revocations()) != 2 {
		t.Errorf("%s %+v", diff, out)
	}
	// A directory vouches for nobody: without the authority at hand nothing of it is taken; with it, all.
	directory := must(s.Directory())
	l, out = trust.Load(map[string][]byte{"pkd.ldif": directory}, day)
	if len(l.Certificates()) > 0 || len(out.Refused) != 4 {
		t.Errorf("%v %+v", kinds(l), out)
	}
	l, out = trust.Load(map[string][]byte{"pkd.ldif": directory, "a.cer": all["UT/csca-1.cer"]}, day)
	if diff := cmp.Diff(map[trust.Kind]int{trust.Authority: 2, trust.DocumentSigner: 1}, kinds(l)); diff != "" || len(out.Refused) > 0 || len(l.Revocations()) != 2 {
		t.Errorf("%s %+v", diff, out)
	}
	// One PEM file of several, with what people write between them.
	var bundle bytes.Buffer
	for _, name := range []string{"UT/csca-1.cer", "UT/csca-2-link.cer", "UT/dsc-1.cer"} {
		bundle.WriteString("# " + name + "\n")
		_ = pem.Encode(&bundle, &pem.Block{Type: "CERTIFICATE", Bytes: all[name]})
	}
	l, out = trust.Load(map[string][]byte{"bundle.pem": bundle.Bytes()}, day)
	if len(l.Certificates()) != 3 || len(out.Refused) > 0 {
		t.Errorf("%v %+v", kinds(l), out)
	}
}

// What must not be trusted is refused, and it is said why.
func TestRefused(t *testing.T) {
	t.Parallel()
	s, other := utopia(), impostor()
	ca := s.Authority.Certificate.Raw
	master := must(s.MasterList(s.Authority.Certificate, s.Next.Certificate))
	signed := func(content []byte, by specimen.Signer, kind string) []byte {
		return must(cms.Sign(cms.Message{Type: kind, Content: content, Certificate: by.Certificate, Hash: crypto.SHA256}, by.Key))
	}
	expired := must(s.Make(specimen.Wanted{Common: "Old list signer", Serial: 0x44, From: specimen.Day.AddDate(-2, 0, 0), Until: specimen.Day.AddDate(-1, 0, 0), Purposes: []string{"2.23.136.1.1.3"}}))
	revoked := must(s.Make(specimen.Wanted{Common: "Revoked list signer", Serial: 0x0BAD, From: specimen.Day.AddDate(-1, 0, 0), Until: specimen.Day.AddDate(1, 0, 0), Purposes: []string{"2.23.136.1.1.3"}}))
	content := lds.MasterListOf([]*cms.Certificate{other.Authority.Certificate})
	for name, c := range map[string]struct {
		file []byte
		code string
	}{
		"nothing":                             {nil, trust.RefusedBroken},
		"a text":                              {[]byte("trust me"), trust.RefusedBroken},
		"PEM of nothing":                      {[]byte("-----BEGIN NOTHING"), trust.RefusedUnknown},
		"half a certificate":                  {other.Authority.Certificate.Raw[:200], trust.RefusedBroken},
		"half a master list":                  {master[:len(master)/2], trust.RefusedBroken},
		"a signer of another state":           {other.Document.Certificate.Raw, trust.RefusedIssuer},
		"a link that an impostor made":        {other.Link.Certificate.Raw, trust.RefusedIssuer},
		"an authority whose signature is off": {flip(other.Authority.Certificate.Raw, end(other.Authority.Certificate.Raw)), trust.RefusedIssuer},
		"a signer whose signature is off":     {flip(s.Document.Certificate.Raw, end(s.Document.Certificate.Raw)), trust.RefusedSignature},
		"another's revocation list":           {must(other.Revocations(1, specimen.Day)), trust.RefusedIssuer},
		"a forged revocation list":            {must(s.RevocationsBy(&specimen.Signer{Certificate: s.Authority.Certificate, Key: other.Authority.Key}, 9, specimen.Day)), trust.RefusedSignature},
		"a master list of an impostor":        {must(other.MasterList(other.Authority.Certificate)), trust.RefusedSigner},
		"a master list that is forged":        {flip(master, end(master)), trust.RefusedSignature},
		"a master list by a document signer":  {signed(content, s.Document, lds.OIDMasterList), trust.RefusedSigner},
		"a master list by one expired":        {signed(content, expired, lds.OIDMasterList), trust.RefusedSigner},
		"a master list by one revoked":        {signed(content, revoked, lds.OIDMasterList), trust.RefusedSigner},
		"a signed message of another type":    {signed(content, s.List, lds.OIDSecurityObject), trust.RefusedBroken},
		"a master list that is no list":       {signed([]byte{0x30, 3, 2, 1}, s.List, lds.OIDMasterList), trust.RefusedBroken},
		"a directory of nothing":              {[]byte("dn: c=UT\nobjectClass: top\n"), trust.RefusedUnknown},
		"a directory in no base64":            {[]byte("version: 1\n\ndn: c=UT\nuserCertificate;binary:: !!!\n"), trust.RefusedBroken},
		"an authority in a directory":         {specimen.LDIF([3]string{"cn=x,c=UT", "cACertificate;binary", string(other.Authority.Certificate.Raw)}), trust.RefusedIssuer},
		"a link to another state's authority": {neighbourLink().Raw, trust.RefusedState},
	} {
		held := map[string][]byte{"1.cer": ca, "2.crl": must(s.Revocations(7, specimen.Day.AddDate(0, 0, -10), 0x0BAD)), "file": c.file}
		l, out := trust.Load(held, day)
		if len(l.Certificates()) != 1 || refusals(out)[c.code] == 0 {
			t.Errorf("%s: %v %+v, want %s", name, kinds(l), out.Refused, c.code)
		}
		for _, r := range out.Refused {
			if r.What == "" || r.Message == "" {
				t.Errorf("%s: it is not said what: %+v", name, r)
			}
		}
	}
}

// neighbourLink is a certificate for an authority of Bahrain's that Utopia's authority made.
func neighbourLink() *cms.Certificate {
	s := *neighbour()
	return must(s.Make(specimen.Wanted{Common: "CSCA BHR 9", Serial: 9, From: specimen.Day.AddDate(-1, 0, 0), Until: specimen.Day.AddDate(9, 0, 0), CA: true, Usage: x509.KeyUsageCertSign, By: &utopia().Authority})).Certificate
}

// Of what is in a master list the rest is taken when one certificate cannot be.
func TestMasterListWithABrokenOne(t *testing.T) {
	t.Parallel()
	s := utopia()
	broken := *neighbour().Authority.Certificate
	broken.Raw = bytes.Clone(broken.Raw)
	broken.Raw[4] = 0x31 // a set where a sequence should be
	master := must(s.MasterList(s.Authority.Certificate, &broken, s.Next.Certificate))
	l, out := trust.Load(map[string][]byte{"1.cer": s.Authority.Certificate.Raw, "2.ml": master}, day)
	if len(l.Certificates()) != 2 || refusals(out)[trust.RefusedBroken] != 1 || !strings.HasPrefix(out.Refused[0].What, "2.ml") {
		t.Errorf("%v %+v", kinds(l), out)
	}
}

// The later of an authority's revocation lists counts, whichever was loaded first.
func TestLaterRevocationListCounts(t *testing.T) {
	t.Parallel()
	s := utopia()
	first, second := must(s.Revocations(7, specimen.Day.AddDate(0, 0, -30))), must(s.Revocations(8, specimen.Day.AddDate(0, 0, -1), 0x1001))
	for _, names := range [][2]string{{"a.crl", "b.crl"}, {"b.crl", "a.crl"}} {
		l, _ := trust.Load(map[string][]byte{"0.cer": s.Authority.Certificate.Raw, names[0]: first, names[1]: second}, day)
		v := trust.Verify(l, trust.Evidence{Chip: must(s.Passport())}, day)
		if len(l.Revocations()) != 1 || l.Revocations()[0].NumberHex() != "8" || v.Verdict != trust.NotAuthentic || v.Remarks[0].Code != trust.CodeRevoked {
			t.Errorf("%v: %s %v", names, v.Verdict, codes(&v))
		}
	}
}

func FuzzLoad(f *testing.F) {
	s := utopia()
	for _, file := range must(s.Trust()) {
		f.Add(file.Data)
	}
	f.Add(must(s.Directory()))
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, out := trust.Load(map[string][]byte{"1.cer": s.Authority.Certificate.Raw, "2": raw}, day)
		for _, h := range l.Certificates() {
			if h.Kind != trust.Authority && h.Kind != trust.Link && h.Issuer.Country != "UT" {
				t.Fatalf("%s is on the list", h.Subject.String())
			}
		}
		_ = out
	})
}
