package post

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rihla/rihla/internal/sharing/envelope"
)

// The protocol's paths and media types.
const (
	PathMessages = "/share/v1/messages"
	PathWitness  = "/share/v1/witness/head"
	PathKeys     = "/.well-known/jwks.json"
	MediaOne     = "application/jose"       // one compact JWE, or JWS
	MediaMany    = "application/jose-lines" // several, one a line
)

const (
	answerWithin = 30 * time.Second
	answerMax    = 4 << 20
)

// statusError is an answer that is not the protocol's.
type statusError struct {
	status int
	said   string
}

func (e *statusError) Error() string {
	return fmt.Sprintf("the partner answered %d %s %s", e.status, http.StatusText(e.status), e.said)
}

// final reports whether trying again is pointless.
func (e *statusError) final() bool {
	return e.status >= 400 && e.status < 500 && e.status != http.StatusRequestTimeout && e.status != http.StatusTooManyRequests
}

// carry delivers a batch and answers what the partner signed of it.
func (o *Office) carry(ctx context.Context, g *ring, to *authority, batch []sealed) (envelope.Ack, error) {
	body, err := encryptAll(ctx, to, batch, o.clock())
	if err != nil {
		return envelope.Ack{}, err
	}
	media := MediaMany
	if len(batch) == 1 {
		media = MediaOne
	}
	status, answer, err := o.ask(ctx, to.party, http.MethodPost, PathMessages, media, body)
	if err != nil {
		return envelope.Ack{}, err
	}
	ack, failed := envelope.VerifyAck(strings.TrimSpace(string(answer)), o.keyFor(to.party))
	switch {
	case failed == nil && ack.From == to.id && ack.To == batch[0].header.From:
		return ack, nil
	case failed == nil:
		return envelope.Ack{}, fmt.Errorf("the answer is from %.60s to %.60s", ack.From, ack.To)
	case status != http.StatusOK:
		return envelope.Ack{}, &statusError{status, firstLine(answer)}
	}
	return envelope.Ack{}, fmt.Errorf("the partner's answer: %w", failed)
}

// encryptAll seals the batch for its receiver, a line each, on all cores.
func encryptAll(ctx context.Context, to *authority, batch []sealed, at time.Time) ([]byte, error) {
	key, ok := to.current(envelope.UseEncryption, at)
	if !ok {
		return nil, fmt.Errorf("%s has no key to encrypt to that holds now", to.id)
	}
	lines := make([]string, len(batch))
	err := spread(ctx, len(batch), func(i int) (err error) {
		lines[i], err = envelope.Encrypt(batch[i].jws, key)
		return err
	})
	return []byte(strings.Join(lines, "\n")), err
}

// spread does n things on all cores.
func spread(ctx context.Context, n int, do func(i int) error) error {
	workers := min(runtime.GOMAXPROCS(0), n)
	group, ctx := errgroup.WithContext(ctx)
	for w := range workers {
		group.Go(func() error {
			for i := w; i < n; i += workers {
				if err := errors.Join(ctx.Err(), do(i)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// keyFor finds a party's signing keys for answers, which hold as of now.
func (o *Office) keyFor(p *party) func(string) (envelope.Key, error) {
	return func(kid string) (envelope.Key, error) {
		_, k, ok := (&ring{}).keyOf(p, kid)
		if !ok || k.Use != envelope.UseSignature {
			return envelope.Key{}, fmt.Errorf("%w: %s has no key %.60s", envelope.ErrSignature, p.id, kid)
		}
		if refusal := k.holdsFor(o.clock(), o.options.Skew); refusal != nil && refusal.Code != CodeNotYet {
			return envelope.Key{}, fmt.Errorf("%w: %s", envelope.ErrSignature, refusal.Detail)
		}
		return k.Key, nil
	}
}

// ask makes one HTTP request of a partner.
func (o *Office) ask(ctx context.Context, p *party, method, path, media string, body []byte) (status int, answer []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(p.url, "/")+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	if media != "" {
		q.Header.Set("Content-Type", media)
	}
	a, err := o.client(p.id).Do(q)
	if err != nil {
		return 0, nil, err
	}
	defer a.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(a.Body, answerMax+1))
	if err == nil && len(answer) > answerMax {
		err = fmt.Errorf("the partner answered more than %d bytes", answerMax)
	}
	return a.StatusCode, answer, err
}

func (o *Office) client(party string) *http.Client {
	o.mu.Lock()
	defer o.mu.Unlock()
	if c := o.clients[party]; c != nil {
		return c
	}
	var way http.RoundTripper = &http.Transport{
		TLSClientConfig: o.to(party), ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: 10 * time.Second,
	}
	if o.options.Line != nil {
		way = o.options.Line(way)
	}
	c := &http.Client{Transport: way, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	o.clients[party] = c
	return c
}

// pull asks a partner for what it has for one of ours after a number, takes it in, and answers for it.
func (o *Office) pull(ctx context.Context, from, to string, after int64) error {
	g, err := o.now(ctx)
	if err != nil {
		return err
	}
	a := g.authorities[from]
	if a == nil || a.party.url == "" {
		return nil // it pushes when it can
	}
	query := url.Values{"from": {from}, "to": {to}, "after": {strconv.FormatInt(after, 10)}}
	status, body, err := o.ask(ctx, a.party, http.MethodGet, PathMessages+"?"+query.Encode(), "", nil)
	if err == nil && status != http.StatusOK {
		err = &statusError{status, firstLine(body)}
	}
	if err := errors.Join(err, o.contacted(ctx, a.party.id, err)); err != nil {
		return err
	}
	lines := split(body)
	if len(lines) == 0 {
		return nil
	}
	ack, err := o.receive(ctx, a.party, lines)
	if err != nil {
		return err
	}
	signed, err := o.signAck(ack)
	if err != nil {
		return err
	}
	_, _, err = o.ask(ctx, a.party, http.MethodPost, PathMessages, MediaOne, []byte(signed))
	return err
}

func split(body []byte) (lines []string) {
	for line := range strings.Lines(string(body)) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func firstLine(text []byte) string {
	line, _, _ := strings.Cut(string(text), "\n")
	if len(line) > 200 {
		line = line[:200]
	}
	return strings.ToValidUTF8(line, "�")
}
