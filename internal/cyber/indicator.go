package cyber

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/internal/cyber/indicators"
	"github.com/rihla/rihla/internal/store"
)

// alive is the standing of an indicator that only its dates can end.
const alive = "alive"

// held is an indicator as stored, with what of it is counted elsewhere.
type held struct {
	*indicators.Held
	ID      string
	Version int64 // 0 is one not yet stored
	seen    indicators.Seen
	changed bool
	was     string // its standing, as stored
	born    int64
}

func (d *Domain) indicatorID(v indicators.Value) string {
	return d.ids.ID("cyber-indicator", string(v.Kind), v.Value)
}

// view is the indicator as it stands at an instant.
func (h *held) view(now time.Time) indicators.View { return h.At(now, h.seen) }

var insertIndicator = store.NewInsert("cyber_indicator",
	[]string{"id", "version", "changed", "kind", "value", "folded", "standing", "tlp", "confidence", "since", "until", "said", "sighted", "sightings", "places", "sources", "denied", "warned", "born", "body"},
	`on conflict (id) do update set version = excluded.version, changed = excluded.changed, folded = excluded.folded, standing = excluded.standing,
	tlp = excluded.tlp, confidence = excluded.confidence, since = excluded.since, until = excluded.until, said = excluded.said, sighted = excluded.sighted,
	sightings = excluded.sightings, places = excluded.places, sources = excluded.sources, denied = excluded.denied, warned = excluded.warned, born = excluded.born, body = excluded.body
	where cyber_indicator.version = excluded.version - 1`)

// row is the indicator's, but for the number of the change, which is given inside the transaction.
func (h *held) row(now time.Time) ([]any, error) {
	v := h.view(now)
	standing := alive
	if !v.State.Matched() && v.State != indicators.Over || v.State == indicators.Over && v.Reason != "" {
		standing = string(v.State)
	}
	born := h.born
	if standing == alive && h.was != alive {
		born = unborn
	}
	body, err := json.Marshal(h.Held)
	if err != nil {
		return nil, err
	}
	folded := strings.ToLower(strings.Join(slices.Concat([]string{h.Value}, v.Names, v.Sources, v.Labels), " "))
	const mostFolded = 2000
	if len(folded) > mostFolded {
		folded = strings.ToValidUTF8(folded[:mostFolded], "")
	}
	return []any{h.ID, h.Version + 1, int64(0), string(h.Kind), h.Value, folded, standing, int64(v.TLP), v.Confidence,
		store.Micros(v.ValidFrom), store.Micros(v.ValidUntil), store.Micros(v.Changed), store.Micros(h.seen.Last), h.seen.Lines, h.seen.Places, len(v.Sources),
		strings.Join(h.seen.Denied, "\n"), h.seen.Warned, born, string(body)}, nil
}

// unborn stands in a row for the number that is given inside the transaction: logs were not matched against the indicator
// before.
const unborn = int64(-1)

// writeIndicators writes changed indicators; it answers how many were, which is less than asked where one has moved.
func writeIndicators(ctx context.Context, tx store.Tx, rows [][]any) (int64, error) {
	if len(rows) == 0 {
		return 0, nil
	}
	first, err := store.NextNumber(ctx, tx, numberedIndicators, int64(len(rows)))
	if err != nil {
		return 0, err
	}
	const changed, born = 2, 18
	numbered := make([][]any, len(rows))
	for i, row := range rows {
		numbered[i] = slices.Clone(row)
		numbered[i][changed] = first + int64(i)
		if row[born] == unborn {
			numbered[i][born] = first + int64(i)
		}
	}
	return insertIndicator.Exec(ctx, tx, numbered)
}

const indicatorColumns = `id, version, standing, born, sighted, sightings, places, denied, warned, body`

func scanIndicator(rows *sql.Rows) (*held, error) {
	h := &held{Held: indicators.Hold("", "")}
	var sighted int64
	var denied string
	var body []byte
	if err := rows.Scan(&h.ID, &h.Version, &h.was, &h.born, &sighted, &h.seen.Lines, &h.seen.Places, &denied, &h.seen.Warned, &body); err != nil {
		return nil, err
	}
	h.seen.Last = store.Time(sighted)
	if denied != "" {
		h.seen.Denied = strings.Split(denied, "\n")
	}
	if err := json.Unmarshal(body, h.Held); err != nil {
		return nil, fmt.Errorf("indicator %s: %w", h.ID, err)
	}
	if h.Claims == nil {
		h.Claims = map[string]indicators.Claim{}
	}
	return h, nil
}

// anyBorn tells rows of which logs were not matched against one before.
func anyBorn(rows [][]any) bool {
	return slices.ContainsFunc(rows, func(row []any) bool { return row[len(row)-2] == unborn })
}

// loadIndicators reads indicators by id; one that is not stored is left out.
func loadIndicators(ctx context.Context, r store.Reader, ids []string) (map[string]*held, error) {
	out := make(map[string]*held, len(ids))
	err := store.ForKeys(ctx, r, `select `+indicatorColumns+` from cyber_indicator where id in (:keys)`, ids, func(rows *sql.Rows) error {
		h, err := scanIndicator(rows)
		if err == nil {
			out[h.ID] = h
		}
		return err
	})
	return out, err
}

// indicatorByID reads one; nil when there is none.
func indicatorByID(ctx context.Context, r store.Reader, id string) (*held, error) {
	found, err := loadIndicators(ctx, r, []string{id})
	return found[id], err
}

// path is where a value of a kind stands in a pattern; empty where STIX has none.
func path(kind observable.Kind, value string) string {
	switch kind {
	case observable.CIDR:
		if strings.Contains(value, ":") {
			return "ipv6-addr:value"
		}
		return "ipv4-addr:value"
	case observable.IPv4:
		return "ipv4-addr:value"
	case observable.IPv6:
		return "ipv6-addr:value"
	case observable.Domain:
		return "domain-name:value"
	case observable.URL:
		return "url:value"
	case observable.Email:
		return "email-addr:value"
	case observable.MD5:
		return "file:hashes.MD5"
	case observable.SHA1:
		return "file:hashes.'SHA-1'"
	case observable.SHA256:
		return "file:hashes.'SHA-256'"
	case observable.SHA512:
		return "file:hashes.'SHA-512'"
	case observable.MAC:
		return "mac-addr:value"
	case observable.Mutex:
		return "mutex:name"
	case observable.FileName:
		return "file:name"
	case observable.RegistryKey:
		return "windows-registry-key:key"
	case observable.CVE:
		return "vulnerability:name"
	}
	return ""
}
