package intake

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/rihla/rihla/internal/keys"
	"github.com/rihla/rihla/internal/store"
)

// Answer is what a filer is told: the status of a waybill, the receipt of a declaration, an error it must mend. It is
// durable with whatever caused it, and stays until its filer has taken it.
type Answer struct {
	ID     string // made of what it says, so that planning again and replaying say it once; empty is one of its own
	Domain string // whose desk may see it
	Filer  string // by name
	Report string // which it answers; empty where it comes unasked
	About  string // the waybill, the declaration: as its filer knows it
	Kind   string // psn, fna, receipt
	Media  string
	Name   string // of the file, where one is written
	Body   []byte
}

// Answered is an answer as its filer sees it in a list.
type Answered struct {
	Number int64     `json:"number" doc:"Answers are numbered in the order they were given: ask for those after the last you have"`
	ID     string    `json:"id"`
	Filer  string    `json:"filer"`
	Report string    `json:"report,omitempty" doc:"The report it answers; absent where it comes unasked"`
	About  string    `json:"about,omitempty" doc:"What it is about, as its filer named it: the waybill, the declaration"`
	Kind   string    `json:"kind"`
	Media  string    `json:"media"`
	Size   int       `json:"size"`
	At     time.Time `json:"at"`
	Taken  time.Time `json:"taken,omitzero" doc:"When its filer said that it has it"`
	domain string
	name   string
}

const answerTopic = "answers"

var insertAnswer = store.NewInsert("intake_answer",
	[]string{"id", "number", "domain", "filer", "report", "about", "kind", "media", "name", "at", "taken", "body"}, "on conflict (id) do nothing")

// Reply gives answers to their filers, in the caller's transaction.
func Reply(ctx context.Context, tx store.Tx, answers ...Answer) error {
	if len(answers) == 0 {
		return nil
	}
	first, err := store.NextNumber(ctx, tx, "intake_answer", int64(len(answers)))
	if err != nil {
		return err
	}
	now := store.Micros(tx.Now())
	rows := make([][]any, 0, len(answers))
	said := make(map[string]bool, len(answers))
	for i, a := range answers {
		if a.ID == "" {
			a.ID = keys.Event()
		}
		if said[a.ID] {
			continue
		}
		said[a.ID] = true
		rows = append(rows, []any{a.ID, first + int64(i), a.Domain, a.Filer, a.Report, a.About, a.Kind, a.Media, a.Name, now, 0, a.Body})
	}
	if _, err := insertAnswer.Exec(ctx, tx, rows); err != nil {
		return fmt.Errorf("answer a filer: %w", err)
	}
	tx.Notify(answerTopic)
	return nil
}

// ErrNoAnswer says that there is no such answer, or that it is not the asker's to see.
var ErrNoAnswer = errors.New("there is no answer with this id, or it is not yours to see")

const answerColumns = `number, id, domain, filer, report, about, kind, media, name, length(body), at, taken`

func scanAnswer(rows *sql.Rows) (a Answered, err error) {
	var at, taken int64
	err = rows.Scan(&a.Number, &a.ID, &a.domain, &a.Filer, &a.Report, &a.About, &a.Kind, &a.Media, &a.name, &a.Size, &at, &taken)
	a.At, a.Taken = store.Time(at), store.Time(taken)
	return a, err
}

// Answers lists a filer's answers after a number, oldest first; about narrows them to what they are about.
func (r *Reports) Answers(ctx context.Context, filer, about string, after int64, n int) (list []Answered, err error) {
	err = store.Rows(ctx, r.store.Read(), func(rows *sql.Rows) error {
		a, err := scanAnswer(rows)
		list = append(list, a)
		return err
	}, `select `+answerColumns+` from intake_answer where filer = $1 and number > $2 and ($3 = '' or about = $3) order by number limit $4`,
		filer, after, about, n)
	return list, err
}

// AnswersTo lists what one report was answered.
func (r *Reports) AnswersTo(ctx context.Context, report string) (list []Answered, err error) {
	err = store.Rows(ctx, r.store.Read(), func(rows *sql.Rows) error {
		a, err := scanAnswer(rows)
		list = append(list, a)
		return err
	}, `select `+answerColumns+` from intake_answer where report = $1 order by number`, report)
	return list, err
}

// Answer is one answer with its bytes.
func (r *Reports) Answer(ctx context.Context, id string) (a Answered, body []byte, err error) {
	found := false
	err = store.Rows(ctx, r.store.Read(), func(rows *sql.Rows) error {
		var at, taken int64
		found = true
		err := rows.Scan(&a.Number, &a.ID, &a.domain, &a.Filer, &a.Report, &a.About, &a.Kind, &a.Media, &a.name, &a.Size, &at, &taken, &body)
		a.At, a.Taken = store.Time(at), store.Time(taken)
		return err
	}, `select `+answerColumns+`, body from intake_answer where id = $1`, id)
	if err == nil && !found {
		err = ErrNoAnswer
	}
	return a, body, err
}

// Taken notes that a filer has an answer. The first time counts.
func (r *Reports) Taken(ctx context.Context, filer, id string) error {
	return r.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		n, err := MarkTaken(ctx, tx, filer, id)
		if err == nil && n == 0 {
			err = ErrNoAnswer
		}
		return err
	})
}

// MarkTaken notes in the caller's transaction that a filer has answers, and says how many of them there are. The first time
// counts.
func MarkTaken(ctx context.Context, tx store.Tx, filer string, ids ...string) (int64, error) {
	return store.ExecKeys(ctx, tx, `update intake_answer set taken = case when taken = 0 then $1 else taken end where filer = $2 and id in (:keys)`,
		ids, store.Micros(tx.Now()), filer)
}

// TakenBy says when a filer took answers: zero where it has not yet. Those that it was never given are left out.
func TakenBy(ctx context.Context, r store.Reader, filer string, ids []string) (map[string]time.Time, error) {
	taken := map[string]time.Time{}
	err := store.ForKeys(ctx, r, `select id, taken from intake_answer where filer = $1 and id in (:keys)`, ids, func(rows *sql.Rows) error {
		var id string
		var at int64
		err := rows.Scan(&id, &at)
		taken[id] = store.Time(at)
		return err
	}, filer)
	return taken, err
}
