// Package partner is a partner state without a Rihla: the least that speaks the protocol of the exchange, kept in one file
// and no database. Whoever builds the other side reads it as an example, runs it to try theirs, and holds theirs to the
// suite in conform.go.
//
// [New] makes one, [Load] and [Partner.Save] keep it. [Partner.Handler] answers, [Partner.Send] sends. It is for trying
// things: what it received is told to a function and then forgotten, so it does not remember an id for ever as a state
// must.
package partner

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"sync"
	"time"

	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/post"
)

// Partner is one party with its authorities, their keys, and the cards of those it deals with.
type Partner struct {
	file file
	cert tls.Certificate
	keys map[string]pairOfKeys // by authority

	mu    sync.Mutex
	queue map[string][]string // signed messages by sender and receiver, for whoever pulls or asks again
	seen  map[string]taken    // by sender and id
}

type pairOfKeys struct{ sign, encrypt envelope.Private }

type taken struct {
	digest string
	at     time.Time
}

// file is how a partner is kept: private keys in clear, so the file is for trying things only.
type file struct {
	Party       string               `json:"party"`
	Country     string               `json:"country,omitempty"`
	URL         string               `json:"url,omitempty"`
	Authorities []fileAuthority      `json:"authorities"`
	Certificate string               `json:"certificate"`
	Key         string               `json:"key"`
	Peers       map[string]post.Card `json:"peers,omitempty"`
	Chains      map[string]link      `json:"chains,omitempty"` // by sender and receiver
}

type fileAuthority struct {
	ID      string          `json:"id"`
	Sign    json.RawMessage `json:"sign"`
	Encrypt json.RawMessage `json:"encrypt"`
}

// link is the last message of a direction.
type link struct {
	Seq  int64  `json:"seq"`
	Prev string `json:"prev"`
}

// New makes a party with fresh keys.
func New(party, url string, authorities ...string) (*Partner, error) {
	f := file{Party: party, URL: url, Peers: map[string]post.Card{}, Chains: map[string]link{}}
	for _, id := range authorities {
		sign, err := envelope.GenerateSigning()
		if err != nil {
			return nil, err
		}
		encrypt, err := envelope.GenerateEncryption()
		if err != nil {
			return nil, err
		}
		a := fileAuthority{ID: id}
		if a.Sign, err = sign.Marshal(); err != nil {
			return nil, err
		}
		if a.Encrypt, err = encrypt.Marshal(); err != nil {
			return nil, err
		}
		f.Authorities = append(f.Authorities, a)
	}
	var err error
	if f.Certificate, f.Key, err = selfSigned(party); err != nil {
		return nil, err
	}
	return from(f)
}

// selfSigned makes one certificate that is root and leaf at once: the least that a pinned root asks for.
func selfSigned(party string) (certificate, private string, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", "", err
	}
	now := time.Now()
	t := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: party}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		return "", "", err
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return "", "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret})), nil
}

func from(f file) (*Partner, error) {
	p := &Partner{file: f, keys: map[string]pairOfKeys{}, queue: map[string][]string{}, seen: map[string]taken{}}
	var err error
	if p.cert, err = tls.X509KeyPair([]byte(f.Certificate), []byte(f.Key)); err != nil {
		return nil, fmt.Errorf("the partner's certificate: %w", err)
	}
	for _, a := range f.Authorities {
		sign, errSign := envelope.UnmarshalPrivate(a.Sign)
		encrypt, errEncrypt := envelope.UnmarshalPrivate(a.Encrypt)
		if err := errors.Join(errSign, errEncrypt); err != nil {
			return nil, fmt.Errorf("the keys of %s: %w", a.ID, err)
		}
		p.keys[a.ID] = pairOfKeys{sign, encrypt}
	}
	if len(p.keys) == 0 {
		return nil, errors.New("a partner has at least one authority")
	}
	return p, nil
}

// Load reads a partner that was saved.
func Load(name string) (*Partner, error) {
	text, err := os.ReadFile(name) //nolint:gosec // whoever runs it names it
	if err != nil {
		return nil, err
	}
	f := file{Peers: map[string]post.Card{}, Chains: map[string]link{}}
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return from(f)
}

// Save writes the partner, with how far each direction has come.
func (p *Partner) Save(name string) error {
	p.mu.Lock()
	text, err := json.MarshalIndent(p.file, "", "  ")
	p.mu.Unlock()
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(text, '\n'), 0o600)
}

// Card is what the other side is given to trust.
func (p *Partner) Card() post.Card {
	c := post.Card{Party: p.file.Party, Country: p.file.Country, URL: p.file.URL, Roots: []string{p.file.Certificate}}
	for _, a := range p.file.Authorities {
		k := p.keys[a.ID]
		c.Authorities = append(c.Authorities, post.CardAuthority{ID: a.ID, JWKS: envelope.KeySet{Keys: []envelope.Key{k.sign.Public(), k.encrypt.Public()}}})
	}
	return c
}

// Party is its name.
func (p *Partner) Party() string { return p.file.Party }

// Authority is its first authority.
func (p *Partner) Authority() string { return p.file.Authorities[0].ID }

// At says where it answers, before its card is given away.
func (p *Partner) At(url string) { p.file.URL = url }

// Trust takes the card of a party it deals with.
func (p *Partner) Trust(c post.Card) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.file.Peers[c.Party] = c
}

// Peer finds whose authority it is.
func (p *Partner) peer(authority string) (post.Card, post.CardAuthority, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.file.Peers {
		for _, a := range c.Authorities {
			if a.ID == authority {
				return c, a, nil
			}
		}
	}
	return post.Card{}, post.CardAuthority{}, fmt.Errorf("no card that was trusted has the authority %q", authority)
}

// current is the newest key of a use that holds now.
func current(s envelope.KeySet, use string) (envelope.Key, error) {
	var best envelope.Key
	for _, k := range s.Keys {
		if k.Use == use && k.RevokedAt.IsZero() && !k.ValidFrom.After(time.Now()) && (best.ID == "" || k.ValidFrom.After(best.ValidFrom)) {
			best = k
		}
	}
	if best.ID == "" {
		return best, fmt.Errorf("no key for %q holds now", use)
	}
	return best, nil
}

// TLS is how it speaks to those it trusts, as server and as client.
func (p *Partner) TLS(shown ...tls.Certificate) *tls.Config {
	if shown == nil {
		shown = []tls.Certificate{p.cert}
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: shown, ClientAuth: tls.RequireAnyClientCert, NextProtos: []string{"h2", "http/1.1"},
		InsecureSkipVerify: true, //nolint:gosec // VerifyConnection verifies, by pinned roots instead of by names
		VerifyConnection: func(s tls.ConnectionState) error {
			_, err := p.whose(s.PeerCertificates)
			return err
		},
	}
}

func (p *Partner) whose(chain []*x509.Certificate) (post.Card, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.file.Peers {
		pool := x509.NewCertPool()
		for _, root := range c.Roots {
			pool.AppendCertsFromPEM([]byte(root))
		}
		if len(chain) == 0 {
			break
		}
		if _, err := chain[0].Verify(x509.VerifyOptions{Roots: pool, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err == nil {
			return c, nil
		}
	}
	return post.Card{}, errors.New("no root that was trusted vouches for this certificate")
}

// seal signs and encrypts a message.
func (p *Partner) seal(m envelope.Message) (jws, jwe string, err error) {
	_, to, err := p.peer(m.To)
	if err != nil {
		return "", "", err
	}
	key, err := current(to.JWKS, envelope.UseEncryption)
	if err != nil {
		return "", "", err
	}
	if jws, err = envelope.Sign(m, p.keys[m.From].sign); err != nil {
		return "", "", err
	}
	jwe, err = envelope.Encrypt(jws, key)
	return jws, jwe, err
}

// Send gives a message its id, number and times, delivers it, and answers what the other side signed of it. What it says
// of itself in the header's other fields is left as it is.
func (p *Partner) Send(ctx context.Context, m envelope.Message) (envelope.Message, envelope.Ack, error) {
	m = p.number(m)
	jws, jwe, err := p.seal(m)
	if err != nil {
		return m, envelope.Ack{}, err
	}
	p.moved(m, jws)
	_, ack, err := p.deliver(ctx, m.To, jwe)
	return m, ack, err
}

// Raw sends a message as it is, with the id, number and times it has.
func (p *Partner) Raw(ctx context.Context, m envelope.Message) (envelope.Ack, error) {
	jws, jwe, err := p.seal(m)
	if err != nil {
		return envelope.Ack{}, err
	}
	p.moved(m, jws)
	_, ack, err := p.deliver(ctx, m.To, jwe)
	return ack, err
}
