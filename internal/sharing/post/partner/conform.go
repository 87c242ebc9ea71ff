package partner

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/post"
)

// Result is how one case of the suite went.
type Result struct {
	Case string `json:"case"`
	Must string `json:"must"`
	OK   bool   `json:"ok"`
	Got  string `json:"got,omitempty"` // what it did instead
}

// suite is one run against one authority of a partner's.
type suite struct {
	*Partner
	from, to string
	card     post.Card
	key      envelope.Key // of the other side, to encrypt to
}

// Conform tries an authority of the other side: it must take what is right, once, and refuse everything else rightly. The
// other side must have trusted this partner's card.
func (p *Partner) Conform(ctx context.Context, to string) ([]Result, error) {
	card, a, err := p.peer(to)
	if err != nil {
		return nil, err
	}
	key, err := current(a.JWKS, envelope.UseEncryption)
	if err != nil {
		return nil, err
	}
	s := &suite{Partner: p, from: p.Authority(), to: to, card: card, key: key}
	var results []Result
	for _, c := range cases {
		r := Result{Case: c.name, Must: c.must, OK: true}
		if err := c.try(s, ctx); err != nil {
			r.OK, r.Got = false, err.Error()
		}
		results = append(results, r)
		if ctx.Err() != nil {
			return results, ctx.Err()
		}
	}
	return results, nil
}

type try struct {
	name, must string
	try        func(*suite, context.Context) error
}

var cases = []try{
	{"good", "be taken, and named with its digest in a signed answer", (*suite).good},
	{"replay", "get the same answer again", (*suite).replay},
	{"conflict", "be refused: CONFLICT", (*suite).conflict},
	{"number used twice", "be refused: CONFLICT", (*suite).numberTwice},
	{"gap", "be taken, and the missing one when it comes", (*suite).gap},
	{"batch with one bad", "be taken but for the bad one", (*suite).batch},
	{"broken chain", "be refused: CHAIN", (*suite).brokenChain},
	{"expired", "be refused: EXPIRED", (*suite).expired},
	{"clock ahead", "be refused: CLOCK", (*suite).clockAhead},
	{"another receiver", "be refused: RECEIVER", (*suite).anotherReceiver},
	{"another sender", "be refused: SENDER", (*suite).anotherSender},
	{"wrong key", "be refused: SIGNATURE", (*suite).wrongKey},
	{"unknown key", "be refused: SIGNATURE", (*suite).unknownKey},
	{"byte altered outside", "be refused: SEALED", (*suite).alteredOutside},
	{"byte altered inside", "be refused: SIGNATURE", (*suite).alteredInside},
	{"no algorithm", "be refused: ALGORITHM", (*suite).none},
	{"HMAC", "be refused: ALGORITHM", (*suite).hmac},
	{"compressed", "be refused: ALGORITHM", (*suite).compressed},
	{"wrapped key", "be refused: ALGORITHM", (*suite).wrapped},
	{"garbage", "be refused: MALFORMED", (*suite).garbage},
	{"unknown agreement", "be refused, by any code", (*suite).unknownAgreement},
	{"unknown machine", "not get through", (*suite).unknownMachine},
	{"no certificate", "not get through", (*suite).noCertificate},
	{"too large", "be refused: 413", (*suite).tooLarge},
	{"good again", "be taken: nothing of the above did harm", (*suite).good},
}

// hello is a message that every side takes.
func (s *suite) hello() envelope.Message {
	body := fmt.Appendf(nil, `{"agreements":[],"clock":%q,"software":"rihla partner"}`, time.Now().UTC().Format(time.RFC3339))
	return s.number(envelope.Message{Header: envelope.Header{Type: envelope.Hello, From: s.from, To: s.to}, Body: body})
}

// sign signs a message and, when it is to take its number, notes so.
func (s *suite) sign(m envelope.Message, takes bool) (jws string, err error) {
	jws, err = envelope.Sign(m, s.keys[s.from].sign)
	if err == nil && takes {
		s.moved(m, jws)
	}
	return jws, err
}

// sends delivers signed bytes and answers what is said of them.
func (s *suite) sends(ctx context.Context, jws ...string) (envelope.Ack, error) {
	lines := make([]string, len(jws))
	for i, one := range jws {
		var err error
		if lines[i], err = envelope.Encrypt(one, s.key); err != nil {
			return envelope.Ack{}, err
		}
	}
	_, ack, err := s.deliver(ctx, s.to, lines...)
	return ack, err
}

// taken demands that an answer names exactly these as taken.
func isTaken(a envelope.Ack, err error, jws ...string) error {
	if err != nil {
		return err
	}
	if len(a.Refused) > 0 {
		return fmt.Errorf("refused: %s %s", a.Refused[0].Code, a.Refused[0].Detail)
	}
	if len(a.Received) != len(jws) {
		return fmt.Errorf("the answer names %d messages, not %d", len(a.Received), len(jws))
	}
	for i, one := range jws {
		h, _, err := envelope.Peek(one)
		if err != nil {
			return err
		}
		if a.Received[i].ID != h.ID || a.Received[i].Digest != envelope.Digest(one) {
			return fmt.Errorf("the answer names %s %s, not %s %s", a.Received[i].ID, a.Received[i].Digest, h.ID, envelope.Digest(one))
		}
	}
	return nil
}

// isRefused demands that an answer refuses its one message, by one of the codes; none given is any.
func isRefused(a envelope.Ack, err error, codes ...string) error {
	switch {
	case err != nil:
		return err
	case len(a.Received) > 0:
		return errors.New("it was taken")
	case len(a.Refused) != 1:
		return fmt.Errorf("%d refusals", len(a.Refused))
	}
	for _, code := range codes {
		if a.Refused[0].Code == code {
			return nil
		}
	}
	if len(codes) == 0 {
		return nil
	}
	return fmt.Errorf("refused by another code: %s %s", a.Refused[0].Code, a.Refused[0].Detail)
}

func (s *suite) good(ctx context.Context) error {
	jws, err := s.sign(s.hello(), true)
	if err != nil {
		return err
	}
	ack, err := s.sends(ctx, jws)
	return isTaken(ack, err, jws)
}

func (s *suite) replay(ctx context.Context) error {
	jws, err := s.sign(s.hello(), true)
	if err != nil {
		return err
	}
	first, err := s.sends(ctx, jws)
	if err := isTaken(first, err, jws); err != nil {
		return err
	}
	again, err := s.sends(ctx, jws)
	if err := isTaken(again, err, jws); err != nil {
		return err
	}
	if a, b := first.Received[0], again.Received[0]; !a.At.Equal(b.At) {
		return fmt.Errorf("it came at %s, and then at %s", a.At, b.At)
	}
	return nil
}

func (s *suite) conflict(ctx context.Context) error {
	m := s.hello()
	jws, err := s.sign(m, true)
	if err != nil {
		return err
	}
	ack, err := s.sends(ctx, jws)
	if err := isTaken(ack, err, jws); err != nil {
		return err
	}
	m.Purpose = "another"
	if jws, err = s.sign(m, false); err != nil {
		return err
	}
	ack, err = s.sends(ctx, jws)
	return isRefused(ack, err, post.CodeConflict)
}

func (s *suite) numberTwice(ctx context.Context) error {
	m := s.hello()
	jws, err := s.sign(m, true)
	if err != nil {
		return err
	}
	ack, err := s.sends(ctx, jws)
	if err := isTaken(ack, err, jws); err != nil {
		return err
	}
	other := s.hello()
	other.Seq, other.Prev = m.Seq, m.Prev
	if jws, err = s.sign(other, false); err != nil {
		return err
	}
	ack, err = s.sends(ctx, jws)
	return isRefused(ack, err, post.CodeConflict)
}

func (s *suite) gap(ctx context.Context) error {
	missing, err := s.sign(s.hello(), true)
	if err != nil {
		return err
	}
	after, err := s.sign(s.hello(), true)
	if err != nil {
		return err
	}
	ack, err := s.sends(ctx, after)
	if err := isTaken(ack, err, after); err != nil {
		return err
	}
	ack, err = s.sends(ctx, missing)
	return isTaken(ack, err, missing)
}

func (s *suite) batch(ctx context.Context) error {
	one, err := s.sign(s.hello(), true)
	if err != nil {
		return err
	}
	two, err := s.sign(s.hello(), true)
	if err != nil {
		return err
	}
	var lines []string
	for _, jws := range []string{one, two} {
		line, err := envelope.Encrypt(jws, s.key)
		if err != nil {
			return err
		}
		lines = append(lines, line)
	}
	_, ack, err := s.deliver(ctx, s.to, lines[0], alter(lines[0]), lines[1])
	if err != nil {
		return err
	}
	if len(ack.Refused) != 1 || ack.Refused[0].Line != 2 || ack.Refused[0].Code != post.CodeSealed {
		return fmt.Errorf("the refusals are %+v, not SEALED of line 2", ack.Refused)
	}
	ack.Refused = nil
	return isTaken(ack, nil, one, two)
}

func (s *suite) brokenChain(ctx context.Context) error {
	m := s.hello()
	m.Prev = envelope.Digest("no message before it")
	jws, err := s.sign(m, true)
	if err != nil {
		return err
	}
	ack, err := s.sends(ctx, jws)
	return isRefused(ack, err, post.CodeChain)
}

func (s *suite) expired(ctx context.Context) error {
	m := s.hello()
	m.Issued = m.Issued.Add(-2 * time.Hour)
	m.Expires = m.Issued.Add(time.Hour)
	jws, err := s.sign(m, true)
	if err != nil {
		return err
	}
	ack, err := s.sends(ctx, jws)
	return isRefused(ack, err, post.CodeExpired)
}

func (s *suite) clockAhead(ctx context.Context) error {
	m := s.hello()
	m.Issued = m.Issued.Add(time.Hour)
	m.Expires = m.Issued.Add(time.Hour)
	jws, err := s.sign(m, true)
	if err != nil {
		return err
	}
	ack, err := s.sends(ctx, jws)
	return isRefused(ack, err, post.CodeClock)
}

func (s *suite) anotherReceiver(ctx context.Context) error {
	m := s.hello()
	m.To = "nobody-here"
	jws, err := s.sign(m, false)
	if err != nil {
		return err
	}
	ack, err := s.sends(ctx, jws)
	return isRefused(ack, err, post.CodeReceiver)
}

func (s *suite) anotherSender(ctx context.Context) error {
	m := s.hello()
	m.From = s.to // signed with our own key all the same
	jws, err := s.sign(m, false)
	if err != nil {
		return err
	}
	ack, err := s.sends(ctx, jws)
	return isRefused(ack, err, post.CodeSender)
}

func (s *suite) wrongKey(ctx context.Context) error {
	other, err := envelope.GenerateSigning()
	if err != nil {
		return err
	}
	other.ID = s.keys[s.from].sign.ID
	jws, err := envelope.Sign(s.hello(), other)
	if err != nil {
		return err
	}
	ack, err := s.sends(ctx, jws)
	return isRefused(ack, err, post.CodeSignature)
}

func (s *suite) unknownKey(ctx context.Context) error {
	other, err := envelope.GenerateSigning()
	if err != nil {
		return err
	}
	jws, err := envelope.Sign(s.hello(), other)
	if err != nil {
		return err
	}
	ack, err := s.sends(ctx, jws)
	return isRefused(ack, err, post.CodeSignature)
}

// alter changes one bit of a sealed line's ciphertext.
func alter(jwe string) string {
	parts := strings.Split(jwe, ".")
	b, err := base64.RawURLEncoding.DecodeString(parts[3])
	if err != nil || len(b) == 0 {
		return jwe + "x"
	}
	b[len(b)/2] ^= 1
	parts[3] = base64.RawURLEncoding.EncodeToString(b)
	return strings.Join(parts, ".")
}

func (s *suite) alteredOutside(ctx context.Context) error {
	jws, err := s.sign(s.hello(), false)
	if err != nil {
		return err
	}
	jwe, err := envelope.Encrypt(jws, s.key)
	if err != nil {
		return err
	}
	_, ack, err := s.deliver(ctx, s.to, alter(jwe))
	return isRefused(ack, err, post.CodeSealed)
}

func (s *suite) alteredInside(ctx context.Context) error {
	jws, err := s.sign(s.hello(), false)
	if err != nil {
		return err
	}
	parts := strings.Split(jws, ".")
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return err
	}
	parts[1] = base64.RawURLEncoding.EncodeToString(bytes.Replace(payload, []byte("HELLO"), []byte("HELLP"), 1))
	ack, err := s.sends(ctx, strings.Join(parts, "."))
	return isRefused(ack, err, post.CodeSignature)
}

func (s *suite) none(ctx context.Context) error {
	jws, err := s.sign(s.hello(), false)
	if err != nil {
		return err
	}
	parts := strings.Split(jws, ".")
	parts[0] = base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"alg":"none","kid":%q,"typ":"rihla-share+jws"}`, s.keys[s.from].sign.ID))
	ack, err := s.sends(ctx, parts[0]+"."+parts[1]+".")
	return isRefused(ack, err, post.CodeAlgorithm)
}

// hmac signs with the public key's bytes as a shared secret: the confusion of algorithms.
func (s *suite) hmac(ctx context.Context) error {
	own := s.keys[s.from].sign
	public, ok := own.Public().Public.(ed25519.PublicKey)
	if !ok {
		return errors.New("no signing key")
	}
	jws, err := s.sign(s.hello(), false)
	if err != nil {
		return err
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(jws, ".")[1])
	if err != nil {
		return err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: jose.JSONWebKey{Key: []byte(public), KeyID: own.ID}}, (&jose.SignerOptions{}).WithType("rihla-share+jws"))
	if err != nil {
		return err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return err
	}
	if jws, err = signed.CompactSerialize(); err != nil {
		return err
	}
	ack, err := s.sends(ctx, jws)
	return isRefused(ack, err, post.CodeAlgorithm)
}

// otherwise encrypts in a way that was not agreed.
func (s *suite) otherwise(ctx context.Context, alg jose.KeyAlgorithm, o *jose.EncrypterOptions) error {
	public, ok := s.key.Public.(*ecdsa.PublicKey)
	if !ok {
		return errors.New("no key to encrypt to")
	}
	jws, err := s.sign(s.hello(), false)
	if err != nil {
		return err
	}
	e, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: alg, Key: public, KeyID: s.key.ID}, o)
	if err != nil {
		return err
	}
	sealed, err := e.Encrypt([]byte(jws))
	if err != nil {
		return err
	}
	jwe, err := sealed.CompactSerialize()
	if err != nil {
		return err
	}
	_, ack, err := s.deliver(ctx, s.to, jwe)
	return isRefused(ack, err, post.CodeAlgorithm)
}

func (s *suite) compressed(ctx context.Context) error {
	return s.otherwise(ctx, jose.ECDH_ES, &jose.EncrypterOptions{Compression: jose.DEFLATE})
}

func (s *suite) wrapped(ctx context.Context) error {
	return s.otherwise(ctx, jose.ECDH_ES_A256KW, nil)
}

func (s *suite) garbage(ctx context.Context) error {
	_, ack, err := s.deliver(ctx, s.to, "this.is.no.message.at-all")
	return isRefused(ack, err, post.CodeMalformed)
}

func (s *suite) unknownAgreement(ctx context.Context) error {
	body, err := json.Marshal(map[string]any{"subject": map[string]any{"family_name": "EXAMPLE"}})
	if err != nil {
		return err
	}
	jws, err := s.sign(s.number(envelope.Message{Body: body, Header: envelope.Header{
		Type: envelope.Request, From: s.from, To: s.to, Share: "T2", Purpose: "terrorism",
		Agreement: envelope.Agreement{ID: "nobody-signed-this", Version: 1, Digest: envelope.Digest("nothing")},
	}}), true)
	if err != nil {
		return err
	}
	ack, err := s.sends(ctx, jws)
	return isRefused(ack, err)
}

func (s *suite) unknownMachine(ctx context.Context) error {
	certificate, key, err := selfSigned(s.file.Party) // of the right name, and of nobody's root
	if err != nil {
		return err
	}
	stranger, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	if err != nil {
		return err
	}
	return s.through(ctx, s.TLS(stranger))
}

func (s *suite) noCertificate(ctx context.Context) error {
	with := s.TLS()
	with.Certificates = nil
	return s.through(ctx, with)
}

// through demands that a good message does not get through by another machine.
func (s *suite) through(ctx context.Context, with *tls.Config) error {
	jws, err := s.sign(s.hello(), false)
	if err != nil {
		return err
	}
	jwe, err := envelope.Encrypt(jws, s.key)
	if err != nil {
		return err
	}
	status, _, err := s.post(ctx, s.card.URL, with, jwe)
	if err == nil && status < http.StatusBadRequest {
		return fmt.Errorf("answered %d", status)
	}
	return nil
}

func (s *suite) tooLarge(ctx context.Context) error {
	status, _, err := s.post(ctx, s.card.URL, s.TLS(), strings.Repeat("x", bodyMax+1))
	if err == nil && status != http.StatusRequestEntityTooLarge {
		return fmt.Errorf("answered %d", status)
	}
	return nil // hanging up is an answer, too
}
