package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/pipeline"
)

// Hub is where events come from: those after the number given that are still kept, then each new one; after < 0 asks
// for new ones only. The channel closes when ctx ends or the follower is too slow to keep up.
type Hub interface {
	Follow(ctx context.Context, after int64) (<-chan pipeline.Numbered, error)
}

const (
	heartbeat   = 15 * time.Second // proxies drop a silent connection after 30 to 60 s
	writeWithin = 10 * time.Second // a reader that takes nothing for so long is gone
	reconnectMS = 1000
)

func (s *server) eventRoutes(m *api.Mux) {
	if s.Events == nil {
		return
	}
	m.Raw(api.Route{
		Method: http.MethodGet, Path: "/api/v1/events", ID: "follow-events", Tags: []string{"events"}, SignedIn: true,
		Summary:     "What changed, as it changes",
		Description: "Server-sent events: names, ids and counts, never a person's data, of what the role may see. Last-Event-ID takes up where a connection broke off.",
	}, s.follow, api.RawDoc{Response: "text/event-stream", Headers: []string{"Last-Event-ID"}})
}

func (s *server) follow(w http.ResponseWriter, r *http.Request) {
	after := int64(-1)
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		n, err := strconv.ParseInt(last, 10, 64)
		if err != nil || n < 0 {
			api.WriteProblem(w, r, api.Errorf(api.Invalid, "Last-Event-ID %q is no event's number", last))
			return
		}
		after = n
	}
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	events, err := s.Events.Follow(ctx, after)
	if err != nil {
		api.WriteProblem(w, r, err)
		return
	}
	role := api.PrincipalFrom(ctx).Role
	out := stream{w: w, c: http.NewResponseController(w)}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	defer func() { _ = out.c.SetWriteDeadline(time.Time{}) }() // the connection may serve other requests yet
	out.printf("retry: %d\n\n", reconnectMS)
	out.flush()

	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for out.err == nil {
		select {
		case <-ctx.Done():
			return
		case <-s.Draining:
			return
		case <-beat.C:
			out.printf(": still here\n\n")
			out.flush()
		case e, more := <-events:
			if !more {
				return
			}
			if Sees(role, e.Domain) {
				out.event(e)
			}
			if len(events) == 0 {
				out.flush()
			}
		}
	}
}

// stream writes server-sent events; its first error sticks.
type stream struct {
	w   http.ResponseWriter
	c   *http.ResponseController
	err error
}

func (o *stream) event(e pipeline.Numbered) {
	data, err := json.Marshal(e.Event)
	if err != nil {
		o.err = err
		return
	}
	o.printf("event: %s\nid: %d\ndata: %s\n\n", e.Name, e.Number, data)
}

func (o *stream) printf(format string, a ...any) {
	if o.err == nil {
		_, o.err = fmt.Fprintf(o.w, format, a...)
	}
}

func (o *stream) flush() {
	if o.err != nil {
		return
	}
	_ = o.c.SetWriteDeadline(time.Now().Add(heartbeat + writeWithin)) // not every writer has one
	o.err = o.c.Flush()
}
