package funds

import (
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"

	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
	"github.com/rihla/rihla/internal/store"
)

func (d *Domain) disseminationRoutes(m *api.Mux) {
	r := post("/disseminations", "disseminate", "Pass on what is held of parties and reports, without who filed it", unit)
	r.Status = http.StatusCreated
	api.Register(m, r, d.disseminate)
	api.Register(m, get("/disseminations", "list-disseminations", "What was passed on, the latest first", unit), d.listDisseminations)
	api.Register(m, get("/disseminations/{id}", "get-dissemination", "One dissemination whole", unit), d.getDissemination)
	m.Raw(get("/disseminations/{id}/goaml", "get-dissemination-goaml", "The document that went out, as goAML", unit), d.disseminationGoAML, api.RawDoc{Response: "application/xml"})
	m.Raw(get("/disseminations/{id}/print", "print-dissemination", "The same as a page to print, whole in itself", unit), d.printDissemination, api.RawDoc{Response: "text/html"})
}

type disseminateIn struct {
	Body struct {
		Subjects    []string `json:"subjects" minItems:"1" maxItems:"50" doc:"Ids of parties and reports"`
		Recipient   string   `json:"recipient" minLength:"2" maxLength:"200"`
		Purpose     string   `json:"purpose" minLength:"5" maxLength:"500"`
		Source      string   `json:"source" enum:"A,B,C,D"`
		Information string   `json:"information" enum:"1,2,3,4"`
		Caveat      string   `json:"caveat" minLength:"5" maxLength:"500"`
		Summary     string   `json:"summary" minLength:"40" maxLength:"8000"`
		Until       string   `json:"until,omitempty" pattern:"^\\d{4}-\\d{2}-\\d{2}$"`
	}
}

type disseminationOut struct {
	Body Dissemination
}

func (d *Domain) disseminate(ctx context.Context, in *disseminateIn) (*disseminationOut, error) {
	b := in.Body
	m, err := d.gather(ctx, d.store.Read(), b.Subjects)
	if err != nil {
		return nil, err
	}
	if len(m.order) == 0 {
		return nil, api.Errorf(api.Unprocessable, "none of these is a party or a report that is held here")
	}
	who := api.PrincipalFrom(ctx)
	var out Dissemination
	err = d.store.Write(ctx, func(ctx context.Context, tx store.Tx) error {
		number, err := store.NextNumber(ctx, tx, "funds_dissemination", 1)
		if err != nil {
			return err
		}
		out = Dissemination{
			Number: number, At: tx.Now().UTC(), By: who.Name, Recipient: b.Recipient, Purpose: b.Purpose, Source: b.Source, Information: b.Information,
			Caveat: b.Caveat, Summary: b.Summary, Until: b.Until,
		}
		out.ID = d.ids.ID("funds-dissemination", out.number())
		out.fill(m)
		document := out.goaml(m, d.settings.Unit)
		out.SHA256 = digestOf(document)
		body, err := json.Marshal(keptDissemination{out, string(document)})
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `insert into funds_dissemination (id, number, at, body) values ($1, $2, $3, $4)`, out.ID, out.Number, store.Micros(out.At), string(body)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{
			Actor: who.Name, Role: string(who.Role), Action: "funds.disseminate", Touched: append([]string{out.ID}, m.order...), Detail: out.number() + " to " + b.Recipient,
		})
	})
	return &disseminationOut{out}, err
}

// disseminationItem is a dissemination in a list.
type disseminationItem struct {
	ID        string `json:"id"`
	Number    int64  `json:"number"`
	At        string `json:"at"`
	By        string `json:"by"`
	Recipient string `json:"recipient"`
	Purpose   string `json:"purpose"`
	Grade     string `json:"grade" doc:"Sources and information: B2"`
	Subjects  int    `json:"subjects"`
}

type listDisseminationsOut struct {
	Body api.Page[disseminationItem]
}

func (d *Domain) listDisseminations(ctx context.Context, _ *struct{}) (*listDisseminationsOut, error) {
	out := &listDisseminationsOut{api.Page[disseminationItem]{Items: []disseminationItem{}}}
	err := store.Rows(ctx, d.store.Read(), func(rows *sql.Rows) error {
		var body []byte
		var k keptDissemination
		if err := rows.Scan(&body); err != nil {
			return err
		}
		if err := json.Unmarshal(body, &k); err != nil {
			return err
		}
		out.Body.Items = append(out.Body.Items, disseminationItem{
			k.ID, k.Number, k.At.Format("2006-01-02T15:04:05Z07:00"), k.By, k.Recipient, k.Purpose, k.Source + k.Information, len(k.Subjects),
		})
		return nil
	}, `select body from funds_dissemination order by number desc limit $1`, perPage)
	if err != nil {
		return nil, err
	}
	return out, d.tell(ctx, "dissemination.list")
}

// openDissemination reads one, and tells the log.
func (d *Domain) openDissemination(ctx context.Context, id, action string) (*keptDissemination, error) {
	k, err := disseminationOf(ctx, d.store.Read(), id)
	if err != nil {
		return nil, err
	}
	if k == nil {
		return nil, api.Errorf(api.NotFound, "there is no dissemination %s", id)
	}
	touched := []string{k.ID}
	for _, s := range k.Subjects {
		touched = append(touched, s.ID)
	}
	return k, d.tell(ctx, action, touched...)
}

func (d *Domain) getDissemination(ctx context.Context, in *oneIn) (*disseminationOut, error) {
	k, err := d.openDissemination(ctx, in.ID, "dissemination.read")
	if err != nil {
		return nil, err
	}
	return &disseminationOut{k.Dissemination}, nil
}

func (d *Domain) disseminationGoAML(w http.ResponseWriter, req *http.Request) {
	k, err := d.openDissemination(req.Context(), req.PathValue("id"), "dissemination.goaml")
	if err != nil {
		api.WriteProblem(w, req, err)
		return
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+k.number()+`.xml"`)
	_, _ = w.Write([]byte(k.Document)) // whoever hung up asks again
}

//go:embed print.html
var printText string

var printPage = template.Must(template.New("print").Parse(printText))

func (d *Domain) printDissemination(w http.ResponseWriter, req *http.Request) {
	k, err := d.openDissemination(req.Context(), req.PathValue("id"), "dissemination.print")
	if err != nil {
		api.WriteProblem(w, req, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	if err := printPage.Execute(w, struct {
		*keptDissemination
		Name string
	}{k, k.number()}); err != nil {
		d.logger.Error("a dissemination could not be printed", "error", err)
	}
}
