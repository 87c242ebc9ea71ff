package collection

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"

	"github.com/rihla/rihla/formats/taxii"
)

// gzipFrom is how many bytes an answer has at least to be packed: below, it is one segment of the network anyway.
const gzipFrom = 1400

var packers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is one there is
	return z
}}

// write answers with a body that is made already, packed where the client takes that.
func (q *request) write(status int, body []byte) error {
	h := q.w.Header()
	h.Set("Content-Type", taxii.Media)
	h.Set("Vary", "Accept, Accept-Encoding")
	if len(body) < gzipFrom || !takesGzip(q.r.Header.Values("Accept-Encoding")) {
		h.Set("Content-Length", strconv.Itoa(len(body)))
		q.w.WriteHeader(status)
		_, _ = q.w.Write(body) // a client that has gone reads no error
		return nil
	}
	h.Set("Content-Encoding", "gzip")
	q.w.WriteHeader(status)
	z, _ := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	z.Reset(q.w)
	_, _ = z.Write(body)
	_ = z.Close()
	return nil
}

func (q *request) writeValue(v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return q.write(http.StatusOK, body)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", taxii.Media)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that has gone reads no error
}

func takesGzip(headers []string) bool {
	for _, header := range headers {
		for coding := range strings.SplitSeq(header, ",") {
			name, parameters, _ := strings.Cut(coding, ";")
			if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
				continue
			}
			_, quality, weighed := strings.Cut(parameters, "=")
			q, err := strconv.ParseFloat(strings.TrimSpace(quality), 64)
			return !weighed || err == nil && q > 0
		}
	}
	return false
}

// body reads what was sent, unpacked, within the bound that both forms have.
func (s *Server) body(q *request) ([]byte, error) {
	tooLarge := taxii.Refuse(http.StatusRequestEntityTooLarge, "too-large", "The body is too large", "max_content_length is "+strconv.FormatInt(s.options.MaxContent, 10)+" bytes, packed or not: send the objects in several posts")
	if q.r.ContentLength > s.options.MaxContent {
		return nil, tooLarge
	}
	var from io.Reader = http.MaxBytesReader(q.w, q.r.Body, s.options.MaxContent)
	switch coding := strings.ToLower(strings.TrimSpace(q.r.Header.Get("Content-Encoding"))); coding {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(from)
		if err != nil {
			return nil, unread(err, tooLarge)
		}
		from = io.LimitReader(z, s.options.MaxContent+1)
	default:
		return nil, taxii.Refuse(http.StatusUnsupportedMediaType, "unsupported-encoding", "This content encoding is not taken", "send the body as it is, or as gzip")
	}
	raw := make([]byte, 0, min(max(q.r.ContentLength, 0), s.options.MaxContent)+512)
	for {
		n, err := from.Read(raw[len(raw):cap(raw)])
		raw = raw[:len(raw)+n]
		switch {
		case int64(len(raw)) > s.options.MaxContent:
			return nil, tooLarge
		case err == io.EOF:
			return raw, nil
		case err != nil:
			return nil, unread(err, tooLarge)
		case len(raw) == cap(raw):
			raw = append(raw, 0)[:len(raw)]
		}
	}
}

// unread tells a body that was too large from one that broke off.
func unread(err error, tooLarge error) error {
	if _, ok := err.(*http.MaxBytesError); ok { //nolint:errorlint // as net/http returns it
		return tooLarge
	}
	return taxii.Refuse(http.StatusBadRequest, "unreadable-body", "The body cannot be read", "it broke off, or is not packed as Content-Encoding says")
}
