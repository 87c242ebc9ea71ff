package post

import (
	"cmp"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/rihla/rihla/internal/sharing/envelope"
	"github.com/rihla/rihla/internal/store"
)

const deliveryMax = 8 << 20 // bytes of one delivery

// Handler answers partners, behind [Office.TLS].
func (o *Office) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+PathMessages, o.partnersOnly(o.postMessages))
	mux.HandleFunc("GET "+PathMessages, o.partnersOnly(o.getMessages))
	mux.HandleFunc("GET "+PathWitness, o.partnersOnly(o.getHead))
	mux.HandleFunc("GET "+PathKeys, o.partnersOnly(o.getKeys))
	return mux
}

// partnersOnly finds whose machine asks.
func (o *Office) partnersOnly(answer func(http.ResponseWriter, *http.Request, *party)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		g, err := o.now(r.Context())
		if err != nil {
			o.failed(w, err)
			return
		}
		if r.TLS == nil {
			http.Error(w, "this address speaks mutual TLS only", http.StatusForbidden)
			return
		}
		p, err := g.partyBy(r.TLS.PeerCertificates, x509.ExtKeyUsageClientAuth, o.clock())
		if err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		answer(w, r, p)
	}
}

func (o *Office) failed(w http.ResponseWriter, err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	o.options.Logger.Error("a partner could not be answered", "error", err)
	http.Error(w, "this side could not do it; try again", http.StatusServiceUnavailable)
}

func (o *Office) postMessages(w http.ResponseWriter, r *http.Request, p *party) {
	ctx := r.Context()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, deliveryMax))
	if err != nil {
		status := http.StatusBadRequest
		if errors.As(err, new(*http.MaxBytesError)) {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, err.Error(), status)
		return
	}
	lines := split(body)
	if len(lines) == 0 || len(lines) > linesMax {
		http.Error(w, "a delivery is 1 to "+strconv.Itoa(linesMax)+" messages, one a line", http.StatusBadRequest)
		return
	}
	if len(lines) == 1 && strings.Count(lines[0], ".") == 2 {
		o.postAck(w, r, p, lines[0])
		return
	}
	if !o.within(p.id, len(lines)) {
		o.metrics.refused.WithLabelValues(CodeFlood).Add(float64(len(lines)))
		w.Header().Set("Retry-After", "1")
		http.Error(w, CodeFlood, http.StatusTooManyRequests)
		return
	}
	ack, err := o.receive(ctx, p, lines)
	if err != nil {
		o.failed(w, err)
		return
	}
	if err := o.contacted(ctx, p.id, nil); err != nil {
		o.failed(w, err)
		return
	}
	signed, err := o.signAck(ack)
	if err != nil {
		o.failed(w, err)
		return
	}
	w.Header().Set("Content-Type", MediaOne)
	w.WriteHeader(statusOf(ack))
	_, _ = io.WriteString(w, signed) // a partner that hung up asks again
}

// statusOf is 200 when anything was taken, else what the first refusal is.
func statusOf(a envelope.Ack) int {
	if len(a.Received) > 0 || len(a.Refused) == 0 {
		return http.StatusOK
	}
	switch a.Refused[0].Code {
	case CodeMalformed, CodeAlgorithm, CodeSealed:
		return http.StatusBadRequest
	case CodeSignature, CodeRevoked, CodeSender:
		return http.StatusForbidden
	case CodeConflict, CodeChain:
		return http.StatusConflict
	case CodeFlood:
		return http.StatusTooManyRequests
	case CodeNotYet:
		return http.StatusTooEarly
	}
	return http.StatusUnprocessableEntity
}

// postAck takes the answer of a partner that pulled.
func (o *Office) postAck(w http.ResponseWriter, r *http.Request, p *party, jws string) {
	ack, err := envelope.VerifyAck(jws, o.keyFor(p))
	if err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	g := o.seen()
	from, to := g.authorities[ack.To], g.authorities[ack.From]
	if from == nil || !from.party.own || to == nil || to.party.id != p.id {
		http.Error(w, "the answer is not between authorities of ours and yours", http.StatusForbidden)
		return
	}
	batch, err := o.named(r.Context(), from.id, to.id, ack)
	if err == nil {
		_, err = o.settle(r.Context(), batch, ack)
	}
	if err != nil {
		o.failed(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// named reads those messages of ours that an answer names, and that wait for one.
func (o *Office) named(ctx context.Context, from, to string, ack envelope.Ack) ([]sealed, error) {
	all, err := o.waiting(ctx, from, to, 0, o.clock())
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, t := range ack.Received {
		names[t.ID] = true
	}
	for _, t := range ack.Refused {
		names[t.ID] = true
	}
	batch := all[:0]
	for _, s := range all {
		if names[s.id] {
			batch = append(batch, s)
		}
	}
	return batch, nil
}

// getMessages gives a partner what waits for it, or what it asks for again, from a number on.
func (o *Office) getMessages(w http.ResponseWriter, r *http.Request, p *party) {
	ctx := r.Context()
	g := o.seen()
	query := r.URL.Query()
	to := g.authorities[cmp.Or(query.Get("to"), first(p))]
	from := g.authorities[cmp.Or(query.Get("from"), first(g.own))]
	after, err := strconv.ParseInt(cmp.Or(query.Get("after"), "0"), 10, 64)
	switch {
	case err != nil || after < 0:
		http.Error(w, "after is a number, 0 or more", http.StatusBadRequest)
		return
	case to == nil || to.party.id != p.id || from == nil || !from.party.own:
		http.Error(w, "from is an authority of ours, to one of yours", http.StatusForbidden)
		return
	case !o.within(p.id, 1):
		w.Header().Set("Retry-After", "1")
		http.Error(w, CodeFlood, http.StatusTooManyRequests)
		return
	}
	batch, err := o.after(ctx, from.id, to, after)
	if err != nil {
		o.failed(w, err)
		return
	}
	body, err := encryptAll(ctx, to, batch, o.clock())
	if err != nil {
		o.failed(w, err)
		return
	}
	if err := o.contacted(ctx, p.id, nil); err != nil {
		o.failed(w, err)
		return
	}
	w.Header().Set("Content-Type", MediaMany)
	_, _ = w.Write(body)
}

func first(p *party) string {
	if p == nil || len(p.authorities) == 0 {
		return ""
	}
	return p.authorities[0].id
}

// after reads messages by number, whatever became of them; for a partner that only pulls the next drafts are sealed first.
func (o *Office) after(ctx context.Context, from string, to *authority, after int64) ([]sealed, error) {
	read := func() ([]sealed, error) {
		batch, _, err := o.readSealed(ctx, "where sender = $1 and receiver = $2 and seq > $3 order by seq limit $4", from, to.id, after, batchMax)
		return batch, err
	}
	batch, err := read()
	if err != nil || len(batch) > 0 || to.party.url != "" {
		return batch, err
	}
	lease, got, err := o.store.Acquire(ctx, "post/out/"+from+"/"+to.id, o.options.Owner+"/pull", tenure)
	if err != nil || !got {
		return nil, err
	}
	defer func() { _ = o.store.Release(context.WithoutCancel(ctx), lease) }() // it ends by itself
	if _, err := o.sealDrafts(ctx, from, to.id, &lease); err != nil && !errors.Is(err, store.ErrLeaseLost) {
		return nil, err
	}
	return read()
}

func (o *Office) getKeys(w http.ResponseWriter, _ *http.Request, _ *party) {
	g := o.seen()
	var all envelope.KeySet
	if g.own != nil {
		for _, a := range g.own.authorities {
			all.Keys = append(all.Keys, a.set(o.clock()).Keys...)
		}
	}
	o.json(w, all)
}

func (o *Office) json(w http.ResponseWriter, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		o.failed(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text)
}

// within takes n messages of what a partner may deliver.
func (o *Office) within(party string, n int) bool {
	o.mu.Lock()
	l := o.limits[party]
	if l == nil {
		l = rate.NewLimiter(rate.Limit(o.options.Flood), int(4*o.options.Flood)+linesMax)
		o.limits[party] = l
	}
	o.mu.Unlock()
	return l.AllowN(time.Now(), n)
}
