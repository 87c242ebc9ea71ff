package screening

import (
	"context"
	"database/sql"
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"github.com/rihla/rihla/internal/screening/lists"
	"github.com/rihla/rihla/internal/store"
)

// Version is one version of a list, and what it changed.
type Version struct {
	Generation int64         `json:"generation"`
	Version    string        `json:"version"`
	Dated      string        `json:"dated,omitempty"`
	Format     string        `json:"format"`
	Loaded     time.Time     `json:"loaded"`
	By         string        `json:"by"`
	Entries    int           `json:"entries"`
	Added      int           `json:"added"`
	Changed    int           `json:"changed"`
	Removed    int           `json:"removed"`
	Items      []EntryChange `json:"items"`
	Truncated  bool          `json:"truncated"` // there are more than are kept
}

// EntryChange is what became of one entry.
type EntryChange struct {
	Action string   `json:"action"` // add, change, remove
	ID     string   `json:"id"`
	Name   string   `json:"name,omitempty"`   // the first, for people
	Fields []string `json:"fields,omitempty"` // those that changed, as the API names them
}

// What is done to an entry.
const (
	ActionAdd    = "add"
	ActionChange = "change"
	ActionRemove = "remove"
)

const (
	keptVersions = 50  // of each list
	keptChanges  = 500 // of each version, one by one; the rest are counted
)

// keepHistory writes down what the change does. The entries it changes or removes are still as they were.
func (c *change) keepHistory(ctx context.Context, tx store.Tx, generation int64) error {
	v := Version{Version: c.version, Dated: c.dated, Format: c.format, Entries: c.entries, Removed: len(c.gone), Items: []EntryChange{}}
	var touched []string
	for i := range c.put {
		if !c.put[i].known {
			v.Added++
			continue
		}
		v.Changed++
		if len(touched) < keptChanges {
			touched = append(touched, c.put[i].ID)
		}
	}
	touched = append(touched, c.gone[:min(len(c.gone), keptChanges)]...)
	was := make(map[string]*lists.Entry, len(touched))
	if err := store.ForKeys(ctx, tx, `select entry, body from screening_entry where list = $1 and entry in (:keys)`, touched, func(rows *sql.Rows) error {
		var id string
		var body []byte
		if err := rows.Scan(&id, &body); err != nil {
			return err
		}
		e := new(lists.Entry)
		was[id] = e
		return json.Unmarshal(body, e)
	}, c.list); err != nil {
		return err
	}
	add := func(e EntryChange) {
		if c.format == FormatGiven { // what was given goes with its day, and leaves no name behind
			e.Name = ""
		}
		if len(v.Items) == keptChanges {
			v.Truncated = true
			return
		}
		v.Items = append(v.Items, e)
	}
	for _, id := range c.gone {
		e := EntryChange{Action: ActionRemove, ID: id}
		if old := was[id]; old != nil {
			e.Name = firstName(old)
		}
		add(e)
		if v.Truncated {
			break
		}
	}
	for i := range c.put {
		if v.Truncated {
			break
		}
		p := &c.put[i]
		e := EntryChange{Action: ActionAdd, ID: p.ID, Name: firstName(p.Entry)}
		if p.known {
			e.Action = ActionChange
			if old := was[p.ID]; old != nil {
				e.Fields = changedFields(old, p.Entry)
			}
		}
		add(e)
	}
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `insert into screening_list_change (list, generation, loaded, actor, body) values ($1, $2, $3, $4, $5)
		on conflict (list, generation) do update set body = excluded.body`, c.list, generation, store.Micros(tx.Now()), c.by, string(body)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `delete from screening_list_change where list = $1 and generation not in
		(select generation from screening_list_change where list = $1 order by generation desc limit $2)`, c.list, keptVersions)
	return err
}

func firstName(e *lists.Entry) string {
	if len(e.Names) > 0 {
		return e.Names[0].Text
	}
	return ""
}

// changedFields names the fields in which two forms of an entry differ; where it stands in its file is none.
func changedFields(a, b *lists.Entry) []string {
	var fields []string
	x, y := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	for i := range x.NumField() {
		name, _, _ := strings.Cut(x.Type().Field(i).Tag.Get("json"), ",")
		if name == "line" || emptyOrEqual(x.Field(i), y.Field(i)) {
			continue
		}
		fields = append(fields, name)
	}
	return fields
}

// emptyOrEqual takes a slice that is not there for one that is empty.
func emptyOrEqual(a, b reflect.Value) bool {
	if a.Kind() == reflect.Slice && a.Len() == 0 && b.Len() == 0 {
		return true
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

// Versions gives the versions of a list before a generation (0: the newest), newest first, at most n.
func Versions(ctx context.Context, r store.Reader, list string, before int64, n int) ([]Version, error) {
	var out []Version
	err := store.Rows(ctx, r, func(rows *sql.Rows) error {
		var generation, loaded int64
		var by string
		var body []byte
		if err := rows.Scan(&generation, &loaded, &by, &body); err != nil {
			return err
		}
		var v Version
		if err := json.Unmarshal(body, &v); err != nil {
			return err
		}
		v.Generation, v.Loaded, v.By = generation, store.Time(loaded), by
		out = append(out, v)
		return nil
	}, `select generation, loaded, actor, body from screening_list_change where list = $1 and (generation < $2 or $2 = 0) order by generation desc limit $3`, list, before, n)
	return out, err
}
