package partner

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/sharing/post"
)

const (
	life      = time.Hour // of a message
	bodyMax   = 8 << 20
	patience  = 20 * time.Second
	allowance = 2 * time.Minute // for clocks
)

func direction(from, to string) string { return from + " " + to }

// number gives a message its place after the one before.
func (p *Partner) number(m envelope.Message) envelope.Message {
	p.mu.Lock()
	last := p.file.Chains[direction(m.From, m.To)]
	p.mu.Unlock()
	m.ID, m.Seq, m.Prev = uuid.Must(uuid.NewV7()).String(), last.Seq+1, last.Prev
	m.Issued = time.Now().UTC().Truncate(time.Millisecond)
	m.Expires = m.Issued.Add(life)
	return m
}

// moved notes that a message took its number.
func (p *Partner) moved(m envelope.Message, jws string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	d := direction(m.From, m.To)
	p.file.Chains[d] = link{m.Seq, envelope.Digest(jws)}
	p.queue[d] = append(p.queue[d], jws)
}

// deliver posts sealed lines, and opens the signed answer.
func (p *Partner) deliver(ctx context.Context, to string, lines ...string) (status int, ack envelope.Ack, err error) {
	card, _, err := p.peer(to)
	if err != nil {
		return 0, ack, err
	}
	status, body, err := p.post(ctx, card.URL, p.TLS(), strings.Join(lines, "\n"))
	if err != nil {
		return 0, ack, err
	}
	ack, err = envelope.VerifyAck(strings.TrimSpace(body), keysOf(card))
	if err != nil {
		err = fmt.Errorf("answer %d, not signed as it should be (%w): %.200s", status, err, body)
	}
	return status, ack, err
}

func (p *Partner) post(ctx context.Context, url string, with *tls.Config, body string) (status int, answer string, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(url, "/")+post.PathMessages, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	q.Header.Set("Content-Type", post.MediaMany)
	with.NextProtos = nil // one request a connection: HTTP/1.1 will do
	way := &http.Transport{TLSClientConfig: with, DisableKeepAlives: true}
	a, err := way.RoundTrip(q)
	if err != nil {
		return 0, "", err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(io.LimitReader(a.Body, bodyMax))
	return a.StatusCode, string(text), err
}

func keysOf(c post.Card) func(string) (envelope.Key, error) {
	return func(kid string) (envelope.Key, error) {
		for _, a := range c.Authorities {
			if k, ok := a.JWKS.Find(kid, envelope.UseSignature); ok {
				return k, nil
			}
		}
		return envelope.Key{}, fmt.Errorf("%w: %s has no key %.60s", envelope.ErrSignature, c.Party, kid)
	}
}

// Handler answers those it trusts, behind [Partner.TLS]. Each message is told to tell once, after it was answered for.
func (p *Partner) Handler(tell func(envelope.Message)) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+post.PathMessages, func(w http.ResponseWriter, r *http.Request) {
		from, err := p.whose(r.TLS.PeerCertificates)
		if err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyMax))
		if err != nil {
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
			return
		}
		if lines := strings.Fields(string(body)); len(lines) == 1 && strings.Count(lines[0], ".") == 2 {
			w.WriteHeader(http.StatusNoContent) // the answer to what was pulled; nothing here waits for it
			return
		}
		ack, fresh := p.take(from, bytes.Fields(body))
		signed, err := envelope.SignAck(ack, p.keys[ack.From].sign)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", post.MediaOne)
		if len(ack.Received) == 0 {
			w.WriteHeader(http.StatusUnprocessableEntity)
		}
		_, _ = io.WriteString(w, signed) // whoever hung up asks again
		for _, m := range fresh {
			tell(m)
		}
	})
	mux.HandleFunc("GET "+post.PathMessages, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		after, err := strconv.ParseInt(q.Get("after"), 10, 64)
		if err != nil {
			http.Error(w, "after is a number", http.StatusBadRequest)
			return
		}
		lines, err := p.again(q.Get("from"), q.Get("to"), after)
		if err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		w.Header().Set("Content-Type", post.MediaMany)
		_, _ = io.WriteString(w, strings.Join(lines, "\n"))
	})
	return mux
}

// again seals once more what was sent after a number.
func (p *Partner) again(from, to string, after int64) (lines []string, err error) {
	_, a, err := p.peer(to)
	if err != nil {
		return nil, err
	}
	key, err := current(a.JWKS, envelope.UseEncryption)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	sent := slices.Clone(p.queue[direction(from, to)])
	p.mu.Unlock()
	for _, jws := range sent {
		h, _, err := envelope.Peek(jws)
		if err != nil || h.Seq <= after {
			continue
		}
		jwe, err := envelope.Encrypt(jws, key)
		if err != nil {
			return nil, err
		}
		lines = append(lines, jwe)
	}
	return lines, nil
}

// take opens what was delivered: each message once, the same bytes again with the same answer.
func (p *Partner) take(from post.Card, lines [][]byte) (ack envelope.Ack, fresh []envelope.Message) {
	now := time.Now().UTC().Truncate(time.Millisecond)
	ack = envelope.Ack{From: p.Authority(), ReceivedAt: now}
	if len(from.Authorities) > 0 {
		ack.To = from.Authorities[0].ID
	}
	for i, line := range lines {
		m, digest, err := p.open(from, string(line), now)
		if m.ID != "" {
			ack.From, ack.To = m.To, m.From
		}
		name := m.From + " " + m.ID
		p.mu.Lock()
		before, known := p.seen[name]
		refusal := (*post.Refusal)(nil)
		switch {
		case known && before.digest == digest:
			ack.Received = append(ack.Received, envelope.Taken{ID: m.ID, Digest: digest, At: before.at})
		case known:
			refusal = &post.Refusal{Code: post.CodeConflict}
		case errors.As(err, &refusal):
		case err != nil:
			refusal = &post.Refusal{Code: post.CodeMalformed, Detail: err.Error()}
		default:
			p.seen[name] = taken{digest, now}
			ack.Received = append(ack.Received, envelope.Taken{ID: m.ID, Digest: digest, At: now})
			fresh = append(fresh, m)
		}
		p.mu.Unlock()
		if refusal != nil {
			ack.Refused = append(ack.Refused, envelope.Refused{ID: m.ID, Digest: digest, Line: i + 1, Code: refusal.Code, Detail: refusal.Detail})
		}
	}
	return ack, fresh
}

// open decrypts, verifies and judges one message.
func (p *Partner) open(from post.Card, jwe string, now time.Time) (m envelope.Message, digest string, err error) {
	jws, err := envelope.Decrypt(jwe, func(kid string) (envelope.Private, error) {
		for _, k := range p.keys {
			if k.encrypt.ID == kid {
				return k.encrypt, nil
			}
		}
		return envelope.Private{}, &post.Refusal{Code: post.CodeSealed}
	})
	if err != nil {
		return m, "", err
	}
	if m, err = envelope.Verify(jws, keysOf(from)); err != nil {
		return envelope.Message{}, "", &post.Refusal{Code: post.CodeSignature, Detail: err.Error()}
	}
	_, ours := p.keys[m.To]
	switch {
	case !ours:
		err = &post.Refusal{Code: post.CodeReceiver}
	case m.Issued.After(now.Add(allowance)):
		err = &post.Refusal{Code: post.CodeClock}
	case now.After(m.Expires):
		err = &post.Refusal{Code: post.CodeExpired}
	}
	return m, envelope.Digest(jws), err
}
