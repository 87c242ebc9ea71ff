package post_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/rihla/rihla/internal/sharing/post"
)

// The description names what the office answers, and nothing else: an address that is not known is 404, one that is known
// asks for mutual TLS first.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	var described struct {
		Paths map[string]map[string]any
	}
	if err := yaml.Unmarshal(post.OpenAPI, &described); err != nil {
		t.Fatal(err)
	}
	var calls []string
	handler := begin(t, "bh", sqlite(t), nil).office.Handler()
	for path, methods := range described.Paths {
		for method := range methods {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), strings.ToUpper(method), path, nil))
			if w.Code != http.StatusForbidden {
				t.Errorf("%s %s: %d", method, path, w.Code)
			}
			calls = append(calls, method+" "+path)
		}
	}
	slices.Sort(calls)
	want := []string{"get " + post.PathKeys, "get " + post.PathMessages, "get " + post.PathWitness, "post " + post.PathMessages}
	if !slices.Equal(calls, want) {
		t.Errorf("described are %v", calls)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("/: %d", w.Code)
	}
}
