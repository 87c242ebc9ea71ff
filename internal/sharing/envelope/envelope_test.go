package envelope_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/internal/sharing/envelope"
)

type sample struct {
	JWE       string          `json:"jwe"`
	JWS       string          `json:"jws"`
	Payload   json.RawMessage `json:"payload"`
	Recipient json.RawMessage `json:"recipient_jwk"`
	Signer    json.RawMessage `json:"signer_jwk"`
}

func readSample(t testing.TB) (s sample, signer, recipient envelope.Private) {
	t.Helper()
	text, err := os.ReadFile("testdata/envelope-01.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	return s, private(t, s.Signer), private(t, s.Recipient)
}

func private(t testing.TB, jwk []byte) envelope.Private {
	t.Helper()
	p, err := envelope.UnmarshalPrivate(jwk)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func only(k envelope.Private) func(string) (envelope.Private, error) {
	return func(id string) (envelope.Private, error) {
		if id != k.ID {
			return k, envelope.ErrSealed
		}
		return k, nil
	}
}

func public(k envelope.Private) func(string) (envelope.Key, error) {
	return func(id string) (envelope.Key, error) {
		if id != k.ID {
			return envelope.Key{}, envelope.ErrSignature
		}
		return k.Public(), nil
	}
}

// The sample opens, says what it says, and signed again gives the same bytes.
func TestSample(t *testing.T) {
	t.Parallel()
	s, signer, recipient := readSample(t)
	jws, err := envelope.Decrypt(s.JWE, only(recipient))
	if err != nil {
		t.Fatal(err)
	}
	if jws != s.JWS {
		t.Errorf("the JWE holds\n%s\nnot\n%s", jws, s.JWS)
	}
	m, err := envelope.Verify(jws, public(signer))
	if err != nil {
		t.Fatal(err)
	}
	want := envelope.Header{
		Agreement: envelope.Agreement{ID: "bh-us-travel", Version: 3, Digest: "sha-256:96a13c967079809bc4464c34b13ab61a0b620c00297159bab3bb5a015ccef876"},
		CaseRef:   "C-2026-0099", From: "bh-piu", To: "us-ntc", ID: "0198f0a2-6a10-7c11-9d10-2f3d1c0b0001", Officer: "o-5f1c", Purpose: "terrorism",
		Issued: time.Date(2026, 5, 15, 1, 0, 0, 0, time.UTC), Expires: time.Date(2026, 5, 18, 1, 0, 0, 0, time.UTC),
		Prev: "sha-256:a9d9796615ceefe42dcad4e5dec501bd023ca8c559198c8a6d92891383c6b644", Seq: 41, Share: "T2", Type: envelope.Request,
	}
	if diff := cmp.Diff(want, m.Header); diff != "" {
		t.Error(diff)
	}
	again, err := envelope.Sign(m, signer)
	if err != nil {
		t.Fatal(err)
	}
	if again != s.JWS {
		t.Errorf("signed again:\n%s\nnot\n%s", again, s.JWS)
	}
	sealed, err := envelope.Encrypt(again, recipient.Public())
	if err != nil {
		t.Fatal(err)
	}
	if back, err := envelope.Decrypt(sealed, only(recipient)); err != nil || back != again {
		t.Errorf("sealed again and opened: %v", err)
	}
}

func message(t testing.TB) (m envelope.Message, signer, recipient envelope.Private) {
	t.Helper()
	s, signer, recipient := readSample(t)
	m, err := envelope.Verify(s.JWS, public(signer))
	if err != nil {
		t.Fatal(err)
	}
	return m, signer, recipient
}

// handmade writes a JWS that this package would not: any header over any payload, signed rightly.
func handmade(header, payload string, key ed25519.PrivateKey) string {
	text := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(payload))
	return text + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(key, []byte(text)))
}

// What is signed otherwise than agreed is refused before its signature counts.
func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	s, signer, _ := readSample(t)
	key, _ := signer.Key.(ed25519.PrivateKey)
	other, err := envelope.GenerateSigning()
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(s.JWS, ".")
	payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
	const right = `{"alg":"EdDSA","kid":"bh-piu-test-1","typ":"rihla-share+jws"}`
	hmac := func() string {
		// The classic confusion: the public key's bytes as an HMAC secret.
		made, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: jose.JSONWebKey{Key: []byte(key.Public().(ed25519.PublicKey)), KeyID: signer.ID}}, (&jose.SignerOptions{}).WithType("rihla-share+jws"))
		if err != nil {
			t.Fatal(err)
		}
		signed, err := made.Sign(payload)
		if err != nil {
			t.Fatal(err)
		}
		text, err := signed.CompactSerialize()
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	altered := bytes.Replace(payload, []byte("EXAMPLE"), []byte("EXAMPLF"), 1)
	otherBy := other
	otherBy.ID = signer.ID
	m, _, _ := message(t)
	byOther, err := envelope.Sign(m, otherBy)
	if err != nil {
		t.Fatal(err)
	}
	swap := func(from, to string) string {
		return handmade(right, strings.Replace(string(payload), from, to, 1), key)
	}
	for name, test := range map[string]struct {
		jws  string
		want error
	}{
		"another key":         {byOther, envelope.ErrSignature},
		"an unknown key":      {handmade(`{"alg":"EdDSA","kid":"x","typ":"rihla-share+jws"}`, string(payload), key), envelope.ErrSignature},
		"a byte altered":      {parts[0] + "." + base64.RawURLEncoding.EncodeToString(altered) + "." + parts[2], envelope.ErrSignature},
		"no algorithm":        {handmade(`{"alg":"none","kid":"bh-piu-test-1","typ":"rihla-share+jws"}`, string(payload), key), envelope.ErrAlgorithm},
		"HMAC":                {hmac(), envelope.ErrAlgorithm},
		"no signature":        {parts[0] + "." + parts[1] + ".", envelope.ErrSignature},
		"another typ":         {handmade(`{"alg":"EdDSA","kid":"bh-piu-test-1","typ":"JWT"}`, string(payload), key), envelope.ErrMalformed},
		"no typ":              {handmade(`{"alg":"EdDSA","kid":"bh-piu-test-1"}`, string(payload), key), envelope.ErrMalformed},
		"b64":                 {handmade(`{"alg":"EdDSA","b64":false,"crit":["b64"],"kid":"bh-piu-test-1","typ":"rihla-share+jws"}`, string(payload), key), envelope.ErrMalformed},
		"more in the header":  {handmade(`{"alg":"EdDSA","kid":"bh-piu-test-1","typ":"rihla-share+jws","jku":"https://x.example"}`, string(payload), key), envelope.ErrMalformed},
		"four parts":          {s.JWS + ".x", envelope.ErrMalformed},
		"empty":               {"", envelope.ErrMalformed},
		"no JSON":             {handmade(right, "x", key), envelope.ErrMalformed},
		"number 0":            {swap(`"seq":41`, `"seq":0`), envelope.ErrMalformed},
		"negative number":     {swap(`"seq":41`, `"seq":-41`), envelope.ErrMalformed},
		"number beyond":       {swap(`"seq":41`, `"seq":99999999999999999999`), envelope.ErrMalformed},
		"no digest":           {swap(`"prev":"sha-256:a9`, `"prev":"sha-256:A9`), envelope.ErrMalformed},
		"id of version 4":     {swap("0198f0a2-6a10-7c11", "0198f0a2-6a10-4c11"), envelope.ErrMalformed},
		"id in capitals":      {swap("0198f0a2", "0198F0A2"), envelope.ErrMalformed},
		"type in small":       {swap(`"type":"REQUEST"`, `"type":"Request"`), envelope.ErrMalformed},
		"nobody":              {swap(`"from":"bh-piu"`, `"from":""`), envelope.ErrMalformed},
		"ends before it is":   {swap(`"expires":"2026-05-18`, `"expires":"2025-05-18`), envelope.ErrMalformed},
		"control characters":  {swap(`"purpose":"terrorism"`, `"purpose":"a\u0007b"`), envelope.ErrMalformed},
		"long beyond measure": {swap(`"purpose":"terrorism"`, `"purpose":"`+strings.Repeat("x", 201)+`"`), envelope.ErrMalformed},
		"too large":           {swap(`"justification":"`, `"justification":"`+strings.Repeat("x", envelope.MaxSize)), envelope.ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := envelope.Verify(test.jws, public(signer)); !errors.Is(err, test.want) {
				t.Errorf("%v, not %v", err, test.want)
			}
		})
	}
}

// What is encrypted otherwise than agreed is refused before anything is decrypted.
func TestDecryptRefuses(t *testing.T) {
	t.Parallel()
	s, _, recipient := readSample(t)
	own, _ := recipient.Key.(*ecdsa.PrivateKey)
	other, err := envelope.GenerateEncryption()
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	seal := func(alg jose.KeyAlgorithm, enc jose.ContentEncryption, key any, o *jose.EncrypterOptions) string {
		e, err := jose.NewEncrypter(enc, jose.Recipient{Algorithm: alg, Key: key, KeyID: recipient.ID}, o)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := e.Encrypt([]byte(s.JWS))
		if err != nil {
			t.Fatal(err)
		}
		text, err := sealed.CompactSerialize()
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	flip := func(part, at int) string {
		parts := strings.Split(s.JWE, ".")
		b, err := base64.RawURLEncoding.DecodeString(parts[part])
		if err != nil {
			t.Fatal(err)
		}
		b[at] ^= 1
		parts[part] = base64.RawURLEncoding.EncodeToString(b)
		return strings.Join(parts, ".")
	}
	for name, test := range map[string]struct {
		jwe  string
		want error
	}{
		"for another":        {seal(jose.ECDH_ES, jose.A256GCM, other.Public().Public, nil), envelope.ErrSealed},
		"compressed":         {seal(jose.ECDH_ES, jose.A256GCM, &own.PublicKey, &jose.EncrypterOptions{Compression: jose.DEFLATE}), envelope.ErrAlgorithm},
		"key wrapped":        {seal(jose.ECDH_ES_A256KW, jose.A256GCM, &own.PublicKey, nil), envelope.ErrAlgorithm},
		"CBC":                {seal(jose.ECDH_ES, jose.A256CBC_HS512, &own.PublicKey, nil), envelope.ErrAlgorithm},
		"A128GCM":            {seal(jose.ECDH_ES, jose.A128GCM, &own.PublicKey, nil), envelope.ErrAlgorithm},
		"RSA":                {seal(jose.RSA_OAEP_256, jose.A256GCM, &rsaKey.PublicKey, nil), envelope.ErrAlgorithm},
		"a shared secret":    {seal(jose.DIRECT, jose.A256GCM, bytes.Repeat([]byte{1}, 32), nil), envelope.ErrAlgorithm},
		"ciphertext altered": {flip(3, 100), envelope.ErrSealed},
		"tag altered":        {flip(4, 0), envelope.ErrSealed},
		"nonce altered":      {flip(2, 0), envelope.ErrSealed},
		"not five parts":     {s.JWS, envelope.ErrMalformed},
		"empty":              {"....", envelope.ErrMalformed},
		"too large":          {strings.Repeat("a", envelope.MaxSealed+1), envelope.ErrMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := envelope.Decrypt(test.jwe, only(recipient)); !errors.Is(err, test.want) {
				t.Errorf("%v, not %v", err, test.want)
			}
		})
	}
}

// Whatever a message says, it comes back as it was sent; the same message and key give the same signed bytes, in whatever
// order its body was written.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	m, signer, recipient := message(t)
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[ -~ء-ي]{0,40}`)
		body := map[string]any{}
		for range rapid.IntRange(0, 5).Draw(t, "names") {
			body[word.Draw(t, "name")] = rapid.OneOf(rapid.Map(word, func(s string) any { return s }), rapid.Map(rapid.Int(), func(n int) any { return n })).Draw(t, "value")
		}
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		m := m
		m.Body, m.Purpose, m.Seq, m.Thread = text, word.Draw(t, "purpose"), rapid.Int64Range(1, 1<<50).Draw(t, "seq"), word.Draw(t, "thread")
		m.Handling = envelope.Handling{TLP: word.Draw(t, "tlp"), EraseAt: time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "erase"), 0).UTC()}
		first, err := envelope.Sign(m, signer)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := envelope.Encrypt(first, recipient.Public())
		if err != nil {
			t.Fatal(err)
		}
		jws, err := envelope.Decrypt(sealed, only(recipient))
		if err != nil {
			t.Fatal(err)
		}
		back, err := envelope.Verify(jws, public(signer))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m.Header, back.Header); diff != "" {
			t.Fatal(diff)
		}
		again, err := envelope.Sign(back, signer)
		if err != nil || again != first {
			t.Fatalf("signed again it has other bytes (%v)", err)
		}
	})
}

func TestAck(t *testing.T) {
	t.Parallel()
	_, signer, _ := readSample(t)
	at := time.Date(2026, 5, 15, 1, 0, 1, 0, time.UTC)
	want := envelope.Ack{
		From: "us-ntc", To: "bh-piu", ReceivedAt: at, LogSize: 7,
		Received: []envelope.Taken{{ID: "0198f0a2-6a10-7c11-9d10-2f3d1c0b0001", Digest: envelope.Digest("x"), At: at}},
		Refused:  []envelope.Refused{{Line: 2, Code: "SEALED"}},
	}
	jws, err := envelope.SignAck(want, signer)
	if err != nil {
		t.Fatal(err)
	}
	got, err := envelope.VerifyAck(jws, public(signer))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// An answer is no message, nor the other way round.
	if _, err := envelope.Verify(jws, public(signer)); !errors.Is(err, envelope.ErrMalformed) {
		t.Errorf("an answer passes for a message: %v", err)
	}
	s, _, _ := readSample(t)
	if _, err := envelope.VerifyAck(s.JWS, public(signer)); !errors.Is(err, envelope.ErrMalformed) {
		t.Errorf("a message passes for an answer: %v", err)
	}
}

func TestDetached(t *testing.T) {
	t.Parallel()
	_, signer, _ := readSample(t)
	text := []byte("apiVersion: rihla.agreement/v1\n")
	jws, err := envelope.SignDetached(text, signer)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(jws, "..") {
		t.Errorf("the text is in the signature: %s", jws)
	}
	if err := envelope.VerifyDetached(text, jws, public(signer)); err != nil {
		t.Error(err)
	}
	if err := envelope.VerifyDetached(append(text, ' '), jws, public(signer)); !errors.Is(err, envelope.ErrSignature) {
		t.Errorf("another text: %v", err)
	}
	s, _, _ := readSample(t)
	if err := envelope.VerifyDetached(text, s.JWS, public(signer)); !errors.Is(err, envelope.ErrMalformed) {
		t.Errorf("a message for a signature: %v", err)
	}
}

// A set of keys is written as JWKS and read back; private keys and other kinds are refused.
func TestKeySet(t *testing.T) {
	t.Parallel()
	s, signer, recipient := readSample(t)
	set := envelope.KeySet{Keys: []envelope.Key{signer.Public(), recipient.Public()}}
	set.Keys[0].ValidFrom = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	set.Keys[1].RevokedAt = time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	text, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	var back envelope.KeySet
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(set, back); diff != "" {
		t.Error(diff)
	}
	for name, jwk := range map[string]string{
		"private": string(s.Signer),
		"secret":  `{"kty":"oct","k":"AAAA","kid":"x","use":"sig"}`,
		"no kid":  `{"kty":"OKP","crv":"Ed25519","use":"sig","x":"CFfuiVqT-3yP1uD3P15yasj8-MTr2KQGwXX6PqGb5xg"}`,
		"use":     `{"kty":"OKP","crv":"Ed25519","use":"enc","kid":"x","x":"CFfuiVqT-3yP1uD3P15yasj8-MTr2KQGwXX6PqGb5xg"}`,
		"point":   `{"kty":"EC","crv":"P-256","use":"enc","kid":"x","x":"AAAA","y":"AAAA"}`,
	} {
		if err := json.Unmarshal([]byte(jwk), new(envelope.Key)); err == nil {
			t.Errorf("%s: it was taken", name)
		}
	}
}

func FuzzOpen(f *testing.F) {
	s, signer, recipient := readSample(f)
	f.Add(s.JWE)
	f.Add(s.JWS)
	f.Add("....")
	f.Fuzz(func(t *testing.T, text string) {
		jws, err := envelope.Decrypt(text, only(recipient))
		if err != nil {
			jws = text
		}
		m, err := envelope.Verify(jws, public(signer))
		if err == nil && m.Check() != nil {
			t.Error("verified, and yet malformed")
		}
		_, _, _ = envelope.Peek(text)
		_, _ = envelope.VerifyAck(text, public(signer))
	})
}

func BenchmarkSealOpen(b *testing.B) {
	m, signer, recipient := message(b)
	for b.Loop() {
		jws, _ := envelope.Sign(m, signer)
		jwe, _ := envelope.Encrypt(jws, recipient.Public())
		jws, _ = envelope.Decrypt(jwe, only(recipient))
		if _, err := envelope.Verify(jws, public(signer)); err != nil {
			b.Fatal(err)
		}
	}
}
