// Package web holds the pages people work on, built by Vite from the TypeScript beside this file,
// and serves them from inside the binary.
//
// Call [Handler]. It knows nothing of the API: every path that is not a built file is answered with
// the one page, whose own router takes it from there. Scripts come only from this origin and styles
// need a nonce made for each answer (Content Security Policy Level 3).
package web

import (
	"bytes"
	"crypto/rand"
	"embed"
	"encoding/base64"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// The folder holds at least .keep, so the package compiles before the pages are built.
//
//go:embed all:dist
var dist embed.FS

// placeholder stands in index.html where the nonce of the answer goes.
const placeholder = "__NONCE__"

// The build names everything under assets/ by its content, so those may be kept for ever.
const (
	keepForever = "public, max-age=31536000, immutable"
	askAgain    = "no-cache"
)

// Handler serves the built pages. Without a build it says how to make one.
func Handler() http.Handler {
	built, err := fs.Sub(dist, "dist")
	if err != nil {
		built = dist
	}
	return serve(built)
}

func serve(built fs.FS) http.Handler {
	index, missing := fs.ReadFile(built, "index.html")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "pages are only read: use GET", http.StatusMethodNotAllowed)
			return
		}
		guard(w.Header())
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		if name != "index.html" && file(w, r, built, name) {
			return
		}
		// A missing asset is a mistake or an old page, never a place inside the app.
		if strings.HasPrefix(name, "assets/") {
			http.NotFound(w, r)
			return
		}
		if missing != nil {
			http.Error(w, "the pages were not built into this binary: run make build", http.StatusServiceUnavailable)
			return
		}
		page(w, r, index)
	})
}

// guard sets what holds for every answer.
func guard(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Content-Security-Policy", policy(""))
}

func policy(nonce string) string {
	style := "'self'"
	if nonce != "" {
		style += " 'nonce-" + nonce + "'"
	}
	return "default-src 'none'; script-src 'self'; style-src " + style +
		"; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}

// page answers with the one page, whose styles carry a nonce of their own.
func page(w http.ResponseWriter, r *http.Request, index []byte) {
	var seed [18]byte
	_, _ = rand.Read(seed[:]) // crypto/rand.Read never fails
	nonce := base64.RawURLEncoding.EncodeToString(seed[:])
	body := bytes.ReplaceAll(index, []byte(placeholder), []byte(nonce))
	h := w.Header()
	h.Set("Content-Security-Policy", policy(nonce))
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the reader went away; nothing to mend
	}
}

// file answers with a built file, compressed if the browser takes it and the build made such a copy.
// It reports whether there was one.
func file(w http.ResponseWriter, r *http.Request, built fs.FS, name string) bool {
	if name == "" || strings.HasPrefix(path.Base(name), ".") || strings.HasSuffix(name, ".gz") {
		return false
	}
	if info, err := fs.Stat(built, name); err != nil || info.IsDir() {
		return false
	}
	h := w.Header()
	stored := name
	if _, err := fs.Stat(built, name+".gz"); err == nil {
		h.Set("Vary", "Accept-Encoding")
		if takesGzip(r.Header.Get("Accept-Encoding")) {
			stored = name + ".gz"
			h.Set("Content-Encoding", "gzip")
		}
	}
	body, err := fs.ReadFile(built, stored)
	if err != nil {
		return false
	}
	kind := mime.TypeByExtension(path.Ext(name))
	if kind == "" {
		kind = http.DetectContentType(body)
	}
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", askAgain)
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", keepForever)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the reader went away; nothing to mend
	}
	return true
}

// takesGzip reads Accept-Encoding (RFC 9110, 12.5.3) as far as gzip is concerned.
func takesGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(coding, "gzip") {
			return strings.ReplaceAll(weight, " ", "") != "q=0"
		}
	}
	return false
}
