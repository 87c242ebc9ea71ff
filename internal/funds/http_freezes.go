package funds

import (
	"context"
	"database/sql"
	"net/http"
	"strconv"

	"github.com/rihla/rihla/formats/money"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/pipeline"
	"github.com/rihla/rihla/internal/store"
)

func (d *Domain) freezeRoutes(m *api.Mux) {
	api.Register(m, get("/freezes", "list-freezes", "Designations met, the nearest deadline first", unit), d.listFreezes)
	r := post("/freezes/{case}/answers", "answer-freeze", "Note what an obliged entity answered to the order", unit)
	r.Status = http.StatusCreated
	api.Register(m, r, d.answerFreeze)
}

type freezeItem struct {
	Freeze
	Left int `json:"left_hours" doc:"Until the deadline; negative when it is over"`
}

type listFreezesIn struct {
	State string `query:"state" enum:"pending,frozen,licensed,lifted,not_same,withdrawn"`
}

type listFreezesOut struct {
	Body api.Page[freezeItem]
}

const mostFreezes = 500

func (d *Domain) listFreezes(ctx context.Context, in *listFreezesIn) (*listFreezesOut, error) {
	out := &listFreezesOut{api.Page[freezeItem]{Items: []freezeItem{}}}
	var touched []string
	err := store.Rows(ctx, d.store.Read(), func(rows *sql.Rows) error {
		f, err := scanFreeze(rows)
		if err == nil {
			out.Body.Items = append(out.Body.Items, d.freezeItem(f))
			touched = append(touched, f.Subject)
		}
		return err
	}, `select body from funds_freeze where $1 = '' or state = $1 order by case when state = 'pending' then 0 else 1 end, due, case_id limit $2`, in.State, mostFreezes)
	if err != nil {
		return nil, err
	}
	return out, d.tell(ctx, "freeze.list", touched...)
}

func (d *Domain) freezeItem(f *Freeze) freezeItem {
	return freezeItem{*f, int(f.Due.Sub(d.clock()).Hours())}
}

type answerFreezeIn struct {
	Case string `path:"case"`
	Body struct {
		Entity   string `json:"entity" minLength:"2" maxLength:"120" doc:"The bank or other obliged entity"`
		Answer   string `json:"answer" enum:"frozen,nothing,false_name"`
		Amount   string `json:"amount,omitempty" maxLength:"30"`
		Currency string `json:"currency,omitempty" maxLength:"3"`
		Accounts int    `json:"accounts,omitempty" minimum:"0"`
	}
}

type answerFreezeOut struct {
	Body freezeItem
}

func (d *Domain) answerFreeze(ctx context.Context, in *answerFreezeIn) (*answerFreezeOut, error) {
	a := FreezeAnswer{Entity: clean(in.Body.Entity), Answer: in.Body.Answer, Currency: in.Body.Currency, Accounts: in.Body.Accounts}
	if a.Answer == "frozen" {
		amount, err := money.Parse(in.Body.Amount)
		if err != nil || amount.Sign() < 0 || !money.Fits(amount, a.Currency) {
			return nil, api.Errorf(api.Unprocessable, "%q %q is no amount of money: write digits, a decimal point, and a currency of ISO 4217", in.Body.Amount, a.Currency)
		}
		a.Amount = amount
	} else {
		a.Currency, a.Accounts = "", 0
	}
	who := api.PrincipalFrom(ctx)
	var f *Freeze
	err := d.store.Write(ctx, func(ctx context.Context, tx store.Tx) (err error) {
		if f, err = freezeOf(ctx, tx, in.Case); err != nil {
			return err
		}
		switch {
		case f == nil:
			return api.Errorf(api.NotFound, "there is no freeze of case %s", in.Case)
		case f.State != Frozen && f.State != Licensed:
			return api.Errorf(api.Conflict, "nothing was ordered to be frozen (%s)", f.State)
		}
		a.At, a.By = tx.Now().UTC(), who.Name
		a.ID = d.ids.ID("funds-freeze-answer", f.Case, a.Entity, strconv.Itoa(len(f.Answers)))
		f.Answers = append(f.Answers, a)
		if err := f.save(ctx, tx); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: "freeze.answer", Touched: []string{f.Case, f.Subject}, Detail: a.Answer}); err != nil {
			return err
		}
		return pipeline.Announce(ctx, tx, Name, f.event("answered"))
	})
	if err != nil {
		return nil, err
	}
	return &answerFreezeOut{d.freezeItem(f)}, nil
}
