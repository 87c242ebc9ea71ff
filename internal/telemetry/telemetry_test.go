package telemetry_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/telemetry"
)

func TestRequestsAreCountedByRoute(t *testing.T) {
	t.Parallel()
	m := telemetry.New()
	m.Observe("GET /api/v1/flights", 200, 3*time.Millisecond)
	m.Observe("GET /api/v1/flights", 200, 3*time.Millisecond)
	m.Observe("", 404, 0)
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))
	for _, want := range []string{
		`rihla_http_requests_total{route="GET /api/v1/flights",status="200"} 2`,
		`rihla_http_requests_total{route="none",status="404"} 1`,
		`rihla_http_request_seconds_bucket{route="GET /api/v1/flights",le="0.005"} 2`,
		"go_goroutines ",
	} {
		if !strings.Contains(w.Body.String(), want+"\n") && !strings.Contains(w.Body.String(), "\n"+want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestTheLogKeepsItsLevelAndForm(t *testing.T) {
	t.Parallel()
	level, err := telemetry.ParseLevel("warn")
	if err != nil {
		t.Fatal(err)
	}
	var text, machine bytes.Buffer
	for w, asJSON := range map[*bytes.Buffer]bool{&text: false, &machine: true} {
		log := telemetry.Logger(w, level, asJSON)
		log.Info("not told")
		log.Warn("told", "n", 1)
	}
	if got := text.String(); !strings.Contains(got, "msg=told n=1") || strings.Contains(got, "not told") {
		t.Error(got)
	}
	if got := machine.String(); !strings.Contains(got, `"msg":"told","n":1`) {
		t.Error(got)
	}
	if level, err := telemetry.ParseLevel(""); err != nil || level != slog.LevelInfo {
		t.Error(level, err)
	}
	if _, err := telemetry.ParseLevel("loud"); err == nil {
		t.Error("took a level there is not")
	}
}
