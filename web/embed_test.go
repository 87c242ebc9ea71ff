package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

// What a browser is given for each kind of path, before and after the pages were built.
func TestServe(t *testing.T) {
	t.Parallel()
	built := fstest.MapFS{
		"index.html":         {Data: []byte(`<meta name="csp-nonce" content="__NONCE__">`)},
		"boot.js":            {Data: []byte("boot")},
		"assets/app-1.js":    {Data: []byte("plain")},
		"assets/app-1.js.gz": {Data: []byte("small")},
		".keep":              {},
	}
	tests := []struct {
		name, method, path, accept string
		status                     int
		body, cache                string
	}{
		{"root is the page", "GET", "/", "", 200, "csp-nonce", "no-store"},
		{"a place in the app is the page", "GET", "/flights/abc", "", 200, "csp-nonce", "no-store"},
		{"asset, plain", "GET", "/assets/app-1.js", "", 200, "plain", keepForever},
		{"asset, compressed", "GET", "/assets/app-1.js", "br, gzip", 200, "small", keepForever},
		{"asset, gzip refused", "GET", "/assets/app-1.js", "gzip; q=0", 200, "plain", keepForever},
		{"unnamed by content", "GET", "/boot.js", "", 200, "boot", askAgain},
		{"lost asset is no page", "GET", "/assets/old.js", "", 404, "not found", ""},
		{"dot files stay inside", "GET", "/.keep", "", 200, "csp-nonce", "no-store"},
		{"no climbing out", "GET", "/../../etc/passwd", "", 200, "csp-nonce", "no-store"},
		{"pages are not written to", "POST", "/", "", 405, "only read", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(tt.method, "http://node"+tt.path, nil)
			r.Header.Set("Accept-Encoding", tt.accept)
			w := httptest.NewRecorder()
			serve(built).ServeHTTP(w, r)
			if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.body) || w.Header().Get("Cache-Control") != tt.cache {
				t.Errorf("got %d %q %q, want %d %q %q", w.Code, w.Body, w.Header().Get("Cache-Control"), tt.status, tt.body, tt.cache)
			}
		})
	}
	t.Run("before a build", func(t *testing.T) {
		t.Parallel()
		w := httptest.NewRecorder()
		serve(fstest.MapFS{".keep": {}}).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "make build") {
			t.Errorf("got %d %q", w.Code, w.Body)
		}
	})
}

// Every answer of the page has a nonce of its own, and the policy names the same one.
func TestNonce(t *testing.T) {
	t.Parallel()
	h := serve(fstest.MapFS{"index.html": {Data: []byte("__NONCE__")}})
	seen := map[string]bool{}
	for range 3 {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		nonce := w.Body.String()
		if seen[nonce] || !strings.Contains(w.Header().Get("Content-Security-Policy"), "'nonce-"+nonce+"'") {
			t.Errorf("nonce %q repeated or not in the policy %q", nonce, w.Header().Get("Content-Security-Policy"))
		}
		seen[nonce] = true
	}
}
