package vds

import (
	"crypto"
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/rihla/rihla/formats/fault"
	"github.com/rihla/rihla/formats/jsondoc"
)

// NC is a seal for non-constrained environments.
type NC struct {
	Type        string // icao.vacc, icao.test, icao.dta …
	Version     int
	Issuer      string // the issuing state
	SignedBytes []byte // the data, in the canonical form of RFC 8785
	Algorithm   string // ES256, ES384, ES512
	Hash        crypto.Hash
	Signature   []byte // r and s
	Certificate []byte // the signer's; nil where it is not in the seal

	message jsondoc.Value
}

// algorithms of JSON signatures (RFC 7518, 3.4) that a seal may have.
var algorithms = map[string]crypto.Hash{"ES256": crypto.SHA256, "ES384": crypto.SHA384, "ES512": crypto.SHA512}

// ParseNC reads a JSON seal. The error is a *fault.Fault.
func ParseNC(raw []byte) (*NC, error) {
	if len(raw) > Most {
		return nil, wrong(0, "too_long", "a seal has at most %d bytes, this has %d", Most, len(raw))
	}
	doc, f := jsondoc.Parse(raw)
	if f != nil {
		return nil, f
	}
	if w := doc.Flaw; w != nil { // a name that stands twice, or text that is none, may mean one thing to us and another to the signer
		return nil, &fault.Fault{Offset: w.Offset, Pointer: w.Pointer, Rule: w.Rule, Strict: true, Message: w.Message, Mend: w.Mend}
	}
	if doc.Kind != jsondoc.Object {
		return nil, wrong(0, "not_seal", "a seal is an object with data and sig")
	}
	p := picker{}
	data, sig := p.object(&doc, "data"), p.object(&doc, "sig")
	hdr := p.object(data, "hdr", "data")
	n := &NC{Type: p.text(hdr, "t", "data", "hdr"), Issuer: p.text(hdr, "is", "data", "hdr"), Algorithm: p.text(sig, "alg", "sig")}
	if v := p.get(hdr, "v", "data", "hdr"); v != nil {
		version, ok := v.Integer()
		if !ok || version < 0 || version > 1_000 {
			p.wrong("version", "the version is no small number", "data", "hdr", "v")
		}
		n.Version = int(version)
	}
	if m := p.object(data, "msg", "data"); m != nil {
		n.message = *m
	}
	var err error
	if n.Signature, err = unbase64(p.text(sig, "sigvl", "sig")); p.fault == nil && (err != nil || len(n.Signature) == 0 || len(n.Signature)%2 != 0) {
		p.wrong("signature", "it is no base64url of two numbers of equal length", "sig", "sigvl")
	}
	if sig != nil && sig.Get("cer") != nil {
		if n.Certificate, err = unbase64(p.text(sig, "cer", "sig")); p.fault == nil && (err != nil || len(n.Certificate) == 0) {
			p.wrong("certificate", "it is no base64url", "sig", "cer")
		}
	}
	if n.Hash = algorithms[n.Algorithm]; n.Hash == 0 {
		p.wrong("algorithm", "the algorithm is "+strconv.Quote(n.Algorithm)+"; a seal is signed by ES256, ES384 or ES512", "sig", "alg")
	}
	if p.fault != nil {
		return nil, p.fault
	}
	n.SignedBytes = data.AppendCanonical(nil)
	return n, nil
}

// picker takes members out; its first fault sticks.
type picker struct{ fault *fault.Fault }

func (p *picker) wrong(rule, message string, path ...string) {
	if p.fault == nil {
		p.fault = &fault.Fault{Pointer: "/" + strings.Join(path, "/"), Rule: rule, Strict: true, Message: message, Mend: "scan the barcode again"}
	}
}

func (p *picker) get(in *jsondoc.Value, name string, path ...string) *jsondoc.Value {
	if p.fault != nil || in == nil {
		return nil
	}
	v := in.Get(name)
	if v == nil {
		p.wrong("missing", name+" is missing", append(path, name)...)
	}
	return v
}

func (p *picker) object(in *jsondoc.Value, name string, path ...string) *jsondoc.Value {
	v := p.get(in, name, path...)
	if v != nil && v.Kind != jsondoc.Object {
		p.wrong("type", name+" is no object", append(path, name)...)
		return nil
	}
	return v
}

func (p *picker) text(in *jsondoc.Value, name string, path ...string) string {
	v := p.get(in, name, path...)
	if v == nil {
		return ""
	}
	if v.Kind != jsondoc.String {
		p.wrong("type", name+" is no text", append(path, name)...)
		return ""
	}
	return v.Text()
}

// Fields are who the seal is for and, of permits, what they allow. Of seals on tests and vaccinations only the person is
// given: what else they say is on somebody's health.
func (n *NC) Fields() []Field {
	health := strings.HasPrefix(n.Type, "icao.vacc") || strings.HasPrefix(n.Type, "icao.test")
	var out []Field
	for _, m := range n.message.Members() {
		switch {
		case m.Value.Kind == jsondoc.Object && (m.Name == "pid" || !health):
			for _, inner := range m.Value.Members() {
				out = appendField(out, m.Name+"."+inner.Name, &inner.Value)
			}
		case !health:
			out = appendField(out, m.Name, &m.Value)
		}
	}
	return out
}

// mostField bounds a value that people are shown.
const mostField = 500

func appendField(out []Field, name string, v *jsondoc.Value) []Field {
	value := v.Raw()
	switch v.Kind {
	case jsondoc.String:
		value = v.Text()
	case jsondoc.Object, jsondoc.Array, jsondoc.Null:
		return out
	}
	if len(value) > mostField {
		value = strings.ToValidUTF8(value[:mostField], "") + "…"
	}
	return append(out, Field{name, value})
}

// Person is whom a seal is for, as its pid says (Doc 9303-13): name as a zone has it, birth, document.
type Person struct {
	Name, Born, Sex, DocumentType, Number string
}

// Person reads the pid; what is not there is empty.
func (n *NC) Person() Person {
	pid := n.message.Get("pid")
	text := func(names ...string) string {
		for _, name := range names {
			if pid != nil {
				if s := pid.Get(name).Text(); s != "" {
					return s
				}
			}
		}
		return ""
	}
	return Person{Name: text("n"), Born: text("dob"), Sex: text("sex"), DocumentType: text("dt"), Number: text("dn", "i")}
}

// EncodeNC writes a JSON seal of data that is an object with hdr and msg; sign makes the signature over its canonical
// form, r and s one after the other.
func EncodeNC(data []byte, algorithm string, certificate []byte, sign func(signed []byte) ([]byte, error)) ([]byte, error) {
	v, f := jsondoc.Parse(data)
	if f != nil {
		return nil, f
	}
	signed := v.AppendCanonical(nil)
	signature, err := sign(signed)
	if err != nil {
		return nil, err
	}
	out := append([]byte(`{"data":`), signed...)
	out = append(out, `,"sig":{"alg":`...)
	out = jsondoc.AppendQuoted(out, algorithm)
	out = append(out, `,"sigvl":"`+base64.RawURLEncoding.EncodeToString(signature)...)
	if certificate != nil {
		out = append(out, `","cer":"`+base64.RawURLEncoding.EncodeToString(certificate)...)
	}
	return append(out, `"}}`...), nil
}
