package envelope

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// What a JWS is, in its protected header.
const (
	typeMessage  = "rihla-share+jws"
	typeAck      = "rihla-share-ack+jws"
	typeDocument = "rihla-document+jws"
)

// ErrSignature says that a signature does not hold.
var ErrSignature = errors.New("the signature does not hold")

// Sign writes the message as JSON with its names in order, and signs it.
func Sign(m Message, by Private) (jws string, err error) {
	if err := m.Check(); err != nil {
		return "", err
	}
	text, err := m.text()
	if err != nil {
		return "", err
	}
	return sign(text, typeMessage, by)
}

// text is the payload: every object's names in order, no blanks.
func (m Message) text() ([]byte, error) {
	body, err := ordered(m.Body)
	if err != nil {
		return nil, fmt.Errorf("%w: its body is no JSON: %w", ErrMalformed, err)
	}
	m.Body = body
	text, err := plain(m.payload())
	if err == nil && len(text) > MaxSize {
		return nil, fmt.Errorf("%w: %d bytes, at most %d; send what is larger as an attachment", ErrMalformed, len(text), MaxSize)
	}
	return text, err
}

// ordered rewrites JSON with the names of every object in order. Numbers stay as they are written.
func ordered(body json.RawMessage) (json.RawMessage, error) {
	if len(body) == 0 {
		return json.RawMessage("{}"), nil
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, errors.New("something follows it")
	}
	return plain(value)
}

// plain is JSON without the escapes that only web pages need.
func plain(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// sign writes a compact JWS. There is one way to write it, and it is written thousands of times a second, so it is done
// here; what others wrote is read by the library.
func sign(text []byte, typ string, by Private) (string, error) {
	key, ok := by.Key.(ed25519.PrivateKey)
	if !ok {
		return "", fmt.Errorf("key %s cannot sign", by.ID)
	}
	header, err := plain(protected{string(jose.EdDSA), by.ID, typ})
	if err != nil {
		return "", err
	}
	encoding := base64.RawURLEncoding
	signed := make([]byte, 0, encoding.EncodedLen(len(header))+encoding.EncodedLen(len(text))+encoding.EncodedLen(ed25519.SignatureSize)+2)
	signed = encoding.AppendEncode(signed, header)
	signed = append(signed, '.')
	signed = encoding.AppendEncode(signed, text)
	signature := ed25519.Sign(key, signed)
	signed = append(signed, '.')
	return string(encoding.AppendEncode(signed, signature)), nil
}

// protected is the header of a JWS.
type protected struct {
	Algorithm string `json:"alg"`
	KeyID     string `json:"kid"`
	Type      string `json:"typ"`
}

// Verify opens a message that was signed. key answers the public key of an id; the error it gives is the one returned.
// The header is checked for its form only: for whom it is, and when, is for the caller to judge.
func Verify(jws string, key func(id string) (Key, error)) (Message, error) {
	text, err := verify(jws, typeMessage, key)
	if err != nil {
		return Message{}, err
	}
	if len(text) > MaxSize {
		return Message{}, fmt.Errorf("%w: %d bytes, at most %d", ErrMalformed, len(text), MaxSize)
	}
	var p payload
	if err := json.Unmarshal(text, &p); err != nil {
		return Message{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	m := p.message()
	return m, m.Check()
}

func verify(jws, typ string, key func(id string) (Key, error)) ([]byte, error) {
	// Exactly three parts: a signature beside its text is no message.
	if strings.Count(jws, ".") != 2 {
		return nil, fmt.Errorf("%w: not a compact JWS", ErrMalformed)
	}
	parsed, err := jose.ParseSignedCompact(jws, []jose.SignatureAlgorithm{jose.EdDSA})
	if err != nil {
		return nil, parseError(err)
	}
	public, err := signerOf(parsed, typ, key)
	if err != nil {
		return nil, err
	}
	text, err := parsed.Verify(public)
	if err != nil {
		return nil, ErrSignature
	}
	return text, nil
}

// signerOf answers the key that a JWS names, once its header is one that this program would write.
func signerOf(parsed *jose.JSONWebSignature, typ string, key func(id string) (Key, error)) (ed25519.PublicKey, error) {
	header := parsed.Signatures[0].Protected
	if got, _ := header.ExtraHeaders[jose.HeaderType].(string); got != typ {
		return nil, fmt.Errorf("%w: typ is %.60q, not %q", ErrMalformed, got, typ)
	}
	if len(header.ExtraHeaders) != 1 || header.JSONWebKey != nil {
		return nil, fmt.Errorf("%w: the signature's header has more than alg, kid and typ", ErrMalformed)
	}
	k, err := key(header.KeyID)
	if err != nil {
		return nil, err
	}
	public, ok := k.Public.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("key %.60s is no signing key", header.KeyID)
	}
	return public, nil
}

func parseError(err error) error {
	var other *jose.ErrUnexpectedSignatureAlgorithm
	if errors.As(err, &other) {
		return fmt.Errorf("%w: algorithm %.40q; only EdDSA is taken", ErrAlgorithm, other.Got)
	}
	return fmt.Errorf("%w: %w", ErrMalformed, err)
}

// ErrAlgorithm says that a message uses another algorithm than the agreed.
var ErrAlgorithm = errors.New("the algorithm is not the agreed one")

// Peek reads a message of one's own keeping: nothing is verified.
func Peek(jws string) (Header, json.RawMessage, error) {
	parts := strings.Split(jws, ".")
	if len(parts) != 3 {
		return Header{}, nil, fmt.Errorf("%w: not a compact JWS", ErrMalformed)
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return Header{}, nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	var p payload
	if err := json.Unmarshal(text, &p); err != nil {
		return Header{}, nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	m := p.message()
	return m.Header, m.Body, nil
}

// KeyID is the id of the key that a JWS says it was signed with.
func KeyID(jws string) (string, error) {
	header, _, _ := strings.Cut(jws, ".")
	text, err := base64.RawURLEncoding.DecodeString(header)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	var p protected
	if err := json.Unmarshal(text, &p); err != nil {
		return "", fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return p.KeyID, nil
}
