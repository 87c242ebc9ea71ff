package cargo

import (
	"cmp"
	"context"
	"database/sql"
	"net/http"
	"slices"
	"strings"

	"github.com/rihla/rihla/formats/country"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/sharing/agreement"
	"github.com/rihla/rihla/internal/store"
)

// Trader is a firm found trustworthy, here or by a partner state. It is shown beside the party of that name; nothing is
// let through because of it.
type Trader struct {
	ID      string `json:"id,omitempty" doc:"Number of the authorisation"`
	Name    string `json:"name" minLength:"2" maxLength:"120"`
	Country string `json:"country" minLength:"2" maxLength:"3" doc:"ISO 3166-1"`
	Role    string `json:"role,omitempty" maxLength:"40" doc:"importer, exporter, forwarder, carrier …"`
	Status  string `json:"status" enum:"active,suspended,revoked"`
	Since   string `json:"since,omitempty" pattern:"^(\\d{4}-\\d{2}-\\d{2})?$"`
	Consent bool   `json:"consent,omitempty" doc:"The trader agreed that a partner state be told"`
	Partner string `json:"partner,omitempty" doc:"Which state's authority says so; absent of our own"`
}

var insertTrader = store.NewInsert("cargo_trader", []string{"id", "record", "party", "body"}, `on conflict (id, record) do update set party = excluded.party, body = excluded.body`)

func (t *Trader) row(record string) ([]any, error) {
	body, err := jsonText(t)
	return []any{t.ID, record, int64(partyValue(&Party{Name: t.Name, Country: country.ISO(t.Country)})), body}, err //nolint:gosec // the same bits
}

func scanTrader(rows *sql.Rows) (t Trader, err error) {
	var body []byte
	if err := rows.Scan(&body); err != nil {
		return t, err
	}
	return t, readText(body, &t)
}

func traders(ctx context.Context, r store.Reader) (list []Trader, err error) {
	list = []Trader{}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		t, err := scanTrader(rows)
		list = append(list, t)
		return err
	}, `select body from cargo_trader order by id, record`)
	return list, err
}

// tradersNamed are those that bear a party's name and country.
func tradersNamed(ctx context.Context, r store.Reader, p *Party) (list []Trader, err error) {
	v := partyValue(&Party{Name: p.Name, Country: country.ISO(p.Country)})
	list = []Trader{}
	err = store.Rows(ctx, r, func(rows *sql.Rows) error {
		t, err := scanTrader(rows)
		list = append(list, t)
		return err
	}, `select body from cargo_trader where party = $1 order by id, record`, int64(v)) //nolint:gosec // the same bits
	return list, err
}

func (d *Domain) traderRoutes(m *api.Mux) {
	api.Register(m, api.Route{Method: http.MethodGet, Path: "/api/v1/cargo/traders", ID: "list-traders", Tags: []string{Name},
		Summary: "Traders found trustworthy, ours and a partner's", Roles: append(slices.Clone(desk), access.Auditor)}, d.listTraders)
	api.Register(m, api.Route{Method: http.MethodPut, Path: "/api/v1/cargo/traders/{id}", ID: "put-trader", Tags: []string{Name},
		Summary: "Authorise a trader, suspend or revoke it", Roles: []access.Role{access.Supervisor}}, d.putTrader)
}

type listTradersOut struct {
	Body api.Page[Trader]
}

func (d *Domain) listTraders(ctx context.Context, _ *struct{}) (*listTradersOut, error) {
	out := &listTradersOut{}
	var err error
	if out.Body.Items, err = traders(ctx, d.store.Read()); err != nil {
		return nil, err
	}
	return out, d.tell(ctx, "trader.list", nil)
}

type putTraderIn struct {
	ID   string `path:"id" maxLength:"40"`
	Body Trader
}

type putTraderOut struct {
	Body Trader
}

func (d *Domain) putTrader(ctx context.Context, in *putTraderIn) (*putTraderOut, error) {
	who := api.PrincipalFrom(ctx)
	t := in.Body
	t.ID, t.Partner, t.Country = in.ID, "", country.ISO(strings.ToUpper(t.Country))
	row, err := t.row("")
	if err != nil {
		return nil, err
	}
	return &putTraderOut{t}, d.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		if _, err := insertTrader.Exec(ctx, tx, [][]any{row}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: who.Name, Role: string(who.Role), Action: "trader.set", Touched: []string{t.ID}, Detail: t.Status})
	})
}

// categoryTrader is the share of an agreement by which two states recognise each other's trusted traders.
const categoryTrader = "trusted-trader"

// findTraders gives our own that a name or number may mean; all of them where nothing is named.
func findTraders(ctx context.Context, r store.Reader, a sharing.Ask) (out []sharing.Candidate, err error) {
	list, err := traders(ctx, r)
	text := compared(a.Person.FamilyName + " " + a.Person.GivenNames)
	for _, t := range list {
		if t.Partner == "" && strings.Contains(compared(t.ID+" "+t.Name), text) && len(out) < mostCandidates {
			out = append(out, sharing.Candidate{Ref: t.ID, Title: t.Name, Detail: strings.Join([]string{t.ID, t.Country, t.Status}, " "), Score: 1})
		}
	}
	return out, err
}

func fillTrader(ctx context.Context, r store.Reader, id string) (sharing.Offer, error) {
	var t Trader
	found, err := readJSON(ctx, r, &t, `select body from cargo_trader where id = $1 and record = ''`, id)
	if !found {
		return sharing.Offer{}, err
	}
	v := map[string]any{}
	set(v, "trader.id", t.ID)
	set(v, "trader.name", t.Name)
	set(v, "trader.country", t.Country)
	set(v, "trader.role", t.Role)
	set(v, "trader.status", t.Status)
	set(v, "trader.since", t.Since)
	return sharing.Offer{Values: v, Record: agreement.Record{Kind: categoryTrader, Status: t.Status, Consent: t.Consent}, Subject: agreement.Subject{Kind: "entity", Age: -1}}, nil
}

// recognise keeps a partner's trader.
func recognise(ctx context.Context, tx store.Tx, a sharing.Arrival) error {
	text := func(name string) string {
		s, _ := a.Values["trader."+name].(string)
		return s
	}
	t := Trader{ID: cmp.Or(text("id"), a.Reference), Name: text("name"), Country: country.ISO(text("country")), Role: text("role"), Status: text("status"), Since: text("since"), Partner: a.Partner}
	if t.Name == "" {
		return nil
	}
	row, err := t.row(a.Record)
	if err != nil {
		return err
	}
	_, err = insertTrader.Exec(ctx, tx, [][]any{row})
	return err
}
