package trust

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/rihla/rihla/formats/cms"
	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/api"
	"github.com/rihla/rihla/internal/audit"
)

var (
	verifiers = []access.Role{access.Officer, access.Analyst, access.Supervisor}
	seers     = []access.Role{access.Officer, access.Analyst, access.Supervisor, access.Auditor, access.Administrator}
	operators = []access.Role{access.Administrator}
)

const tag = "documents"

func route(method, path, id, summary string, roles []access.Role) api.Route {
	return api.Route{Method: method, Path: "/api/v1" + path, ID: id, Summary: summary, Tags: []string{tag}, Roles: roles}
}

// Routes are the check of a document, and the operator's list.
func (s *Store) Routes(m *api.Mux) {
	check := route(http.MethodPost, "/documents/verify", "verify-document", "Say of a document whether the state it names made it", verifiers)
	check.MaxBody = 4 << 20
	api.Register(m, check, s.verify)
	api.Register(m, route(http.MethodGet, "/trust", "get-trust", "The trust list: how many of each, revocation lists, waivers", seers), s.get)
	api.Register(m, route(http.MethodGet, "/trust/certificates", "list-trusted-certificates", "Certificates on the trust list", seers), s.certificates)
	load := route(http.MethodPost, "/trust/files", "load-trust", "Load a certificate, revocation list, master list or directory", operators)
	load.MaxBody = mostBytes
	load.Description = "The body is the file: DER, PEM or LDIF. Of a file in which something is wrong the rest is taken, and what was not is told; of one that nothing can be taken of, nothing changes (422). With `replace=true` " +
		"what came under the same source before and is not in it now goes; where that is more than a tenth of its authorities it is refused (409) unless `force=true`."
	m.Raw(load, s.load, api.RawDoc{Request: "application/octet-stream", Response: "application/json", Answers: Loaded{}, Query: []string{"source", "replace", "force"}})
	api.Register(m, route(http.MethodDelete, "/trust/certificates/{id}", "remove-trusted-certificate", "Trust a certificate no more", operators), s.remove)
	api.Register(m, route(http.MethodPut, "/trust/waivers/{id}", "put-trust-waiver", "Pass over a known defect of a country's documents until a day", operators), s.putWaiver)
	api.Register(m, route(http.MethodDelete, "/trust/waivers/{id}", "delete-trust-waiver", "End a waiver", operators), s.deleteWaiver)
}

type documentVerifyIn struct {
	Body struct {
		MRZ  string    `json:"mrz,omitempty" maxLength:"500" doc:"The lines of the machine-readable zone, as typed or read"`
		Seal string    `json:"seal,omitempty" maxLength:"16384" doc:"What a scanner made of the barcode: the text of a JSON seal, or a binary one in base64 or hexadecimal"`
		Chip *chipBody `json:"chip,omitempty"`
	}
}

type chipBody struct {
	SOD    []byte            `json:"sod,omitempty" doc:"EF.SOD"`
	COM    []byte            `json:"com,omitempty" doc:"EF.COM"`
	Groups map[string][]byte `json:"groups,omitempty" doc:"The data groups' files by their number"`
}

// Listed is a list of lost, stolen or watched documents that names this one.
type Listed struct {
	List     string `json:"list"`
	Entry    string `json:"entry"`
	Code     string `json:"code" enum:"document_stolen,document_listed"`
	Status   string `json:"status,omitempty"`
	Reported string `json:"reported,omitempty"`
}

type documentVerifyOut struct {
	Body struct {
		Verification
		Lists []Listed `json:"lists"`
	}
}

// Stolen is the verdict of a document that a list names as lost or stolen, whatever its keys say.
const Stolen Verdict = "stolen"

func (s *Store) verify(ctx context.Context, in *documentVerifyIn) (*documentVerifyOut, error) {
	e := Evidence{MRZ: in.Body.MRZ, Seal: []byte(in.Body.Seal)}
	if c := in.Body.Chip; c != nil {
		e.Chip = &Chip{SOD: c.SOD, COM: c.COM, Groups: make(map[int][]byte, len(c.Groups))}
		for name, file := range c.Groups {
			n, err := strconv.Atoi(name)
			if err != nil || n < 1 || n > 16 {
				return nil, api.Errorf(api.Unprocessable, "%q is no data group: they are numbered 1 to 16", name).With("field", "chip.groups")
			}
			e.Chip.Groups[n] = file
		}
	}
	if e.MRZ == "" && e.Chip == nil && len(e.Seal) == 0 {
		return nil, api.Errorf(api.Unprocessable, "give a machine-readable zone, a seal or a chip's files")
	}
	l, err := s.Current(ctx)
	if err != nil {
		return nil, err
	}
	out := &documentVerifyOut{}
	out.Body.Verification = Verify(l, e, s.o.Clock())
	out.Body.Lists = s.onLists(out.Body.Documents()...)
	for _, one := range out.Body.Lists {
		if one.Code == codeStolen {
			out.Body.Verdict = Stolen
		}
	}
	return out, s.tell(ctx, &out.Body.Verification)
}

// tell records the check before its answer leaves: which document, by an id that tells nothing, and what it came to.
func (s *Store) tell(ctx context.Context, v *Verification) error {
	who := api.PrincipalFrom(ctx)
	entry := audit.Entry{Actor: who.Name, Role: string(who.Role), Action: "document.verify", Detail: fmt.Sprintf("%s, against version %d of the trust list", v.Verdict, v.List)}
	if d := v.Document; d != nil && s.o.IDs != nil {
		entry.Touched = []string{s.o.IDs.ID("document", d.Issuer, d.Number)}
	}
	if err := s.o.Reads.Read(ctx, entry); err != nil {
		return fmt.Errorf("nothing is shown that cannot be logged: %w", err)
	}
	return nil
}

type trustOut struct{ Body summary }

type summary struct {
	Version     int64        `json:"version"`
	At          time.Time    `json:"at,omitzero"`
	Counts      map[Kind]int `json:"counts" doc:"Certificates by kind"`
	Countries   int          `json:"countries" doc:"That have an authority on the list"`
	Revocations []revocation `json:"revocations" nullable:"false"`
	Waivers     []Waiver     `json:"waivers" nullable:"false"`
	Waivable    []string     `json:"waivable" nullable:"false" doc:"Codes that a waiver may be for"`
}

type revocation struct {
	Country string    `json:"country,omitempty"`
	Issuer  string    `json:"issuer"`
	Number  string    `json:"number,omitempty"`
	At      time.Time `json:"at"`
	Next    time.Time `json:"next,omitzero"`
	Revoked int       `json:"revoked" doc:"How many certificates are on it"`
	Stale   bool      `json:"stale" doc:"It is older than 90 days, or another should have followed it"`
}

func (s *Store) get(ctx context.Context, _ *struct{}) (*trustOut, error) {
	l, err := s.Current(ctx)
	if err != nil {
		return nil, err
	}
	out := &trustOut{summary{Version: l.Version, At: l.At, Counts: map[Kind]int{}, Revocations: []revocation{}, Waivers: append([]Waiver{}, l.Waivers()...), Waivable: Waivable()}}
	countries := map[string]bool{}
	for _, h := range l.Certificates() {
		out.Body.Counts[h.Kind]++
		if h.Kind == Authority {
			countries[h.Subject.Country] = true
		}
	}
	out.Body.Countries = len(countries)
	now := s.o.Clock()
	for _, r := range l.Revocations() {
		out.Body.Revocations = append(out.Body.Revocations, revocationOf(r, now))
	}
	return out, nil
}

func revocationOf(r *cms.Revocations, now time.Time) revocation {
	return revocation{Country: r.Issuer.Country, Issuer: r.Issuer.String(), Number: r.NumberHex(), At: r.At, Next: r.Next, Revoked: r.Len(), Stale: Stale(r, now)}
}

type certificatesIn struct {
	api.Cursor
	Kind    string `query:"kind" enum:"csca,link,dsc,seal_signer,master_list_signer" doc:"Only these"`
	Country string `query:"country" maxLength:"2" doc:"Only this country's, by its two letters"`
}

// Trusted is a certificate on the list, as people see it.
type Trusted struct {
	ID      string    `json:"id" doc:"SHA-256 of its bytes"`
	Kind    Kind      `json:"kind" enum:"csca,link,dsc,seal_signer,master_list_signer"`
	Country string    `json:"country,omitempty"`
	Subject string    `json:"subject"`
	Issuer  string    `json:"issuer"`
	Serial  string    `json:"serial"`
	Key     string    `json:"key"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"`
	Source  string    `json:"source"`
	Added   time.Time `json:"added"`
}

type certificatesOut struct{ Body api.Page[Trusted] }

func (s *Store) certificates(ctx context.Context, in *certificatesIn) (*certificatesOut, error) {
	l, err := s.Current(ctx)
	if err != nil {
		return nil, err
	}
	after := ""
	if err := api.DecodeCursor(in.Cursor.Cursor, &after); err != nil {
		return nil, err
	}
	out := &certificatesOut{}
	passed := after == "" || l.byID[after] == nil // one that went meanwhile begins anew
	for _, h := range l.Certificates() {
		switch {
		case !passed:
			passed = h.ID == after
			continue
		case in.Kind != "" && string(h.Kind) != in.Kind, in.Country != "" && h.Subject.Country != in.Country:
			continue
		}
		if len(out.Body.Items) == in.Limit {
			out.Body.Next, err = api.EncodeCursor(out.Body.Items[in.Limit-1].ID)
			return out, err
		}
		out.Body.Items = append(out.Body.Items, Trusted{ID: h.ID, Kind: h.Kind, Country: h.Subject.Country, Subject: h.Subject.String(), Issuer: h.Issuer.String(), Serial: h.SerialHex(),
			Key: h.Key.String(), From: h.From, Until: h.Until, Source: h.Source, Added: h.Added})
	}
	return out, nil
}

// load takes a file whose bytes are the body.
func (s *Store) load(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		api.WriteProblem(w, r, err)
		return
	}
	who, q := api.PrincipalFrom(r.Context()), r.URL.Query()
	out, err := s.Load(r.Context(), Loading{Source: q.Get("source"), Bytes: raw, Replace: q.Get("replace") == "true", Force: q.Get("force") == "true", By: who.Name, Role: string(who.Role)})
	if err != nil {
		api.WriteProblem(w, r, problem(err))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(out); err != nil {
		s.o.Logger.Debug("the answer to a loading did not arrive", "err", err)
	}
}

// problem says to a client what the room's errors mean.
func problem(err error) error {
	var nothing *NothingError
	var shrink *ShrinkError
	var wrong *WrongError
	switch {
	case errors.As(err, &nothing):
		return api.Errorf(api.Unprocessable, "%s", nothing.Error()).With("refused", nothing.Refused)
	case errors.As(err, &shrink):
		return api.Errorf(api.Conflict, "%s", shrink.Error()).With("gone", shrink.Gone).With("of", shrink.Of)
	case errors.As(err, &wrong):
		return api.Errorf(api.Unprocessable, "%s", wrong.Message).With("field", wrong.Field)
	case errors.Is(err, ErrNone):
		return api.Errorf(api.NotFound, "%s", ErrNone.Error())
	}
	return err
}

type trustRemoveIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Reason string `json:"reason" minLength:"3" maxLength:"300"`
	}
}

func (s *Store) remove(ctx context.Context, in *trustRemoveIn) (*struct{}, error) {
	who := api.PrincipalFrom(ctx)
	if err := s.Remove(ctx, in.ID, in.Body.Reason, who.Name, string(who.Role)); err != nil {
		return nil, problem(err)
	}
	return nil, nil
}

type trustWaiverIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Country string    `json:"country" minLength:"2" maxLength:"2"`
		Defect  string    `json:"defect"`
		Reason  string    `json:"reason" minLength:"10" maxLength:"300"`
		Until   time.Time `json:"until"`
	}
}

func (s *Store) putWaiver(ctx context.Context, in *trustWaiverIn) (*struct{}, error) {
	who, b := api.PrincipalFrom(ctx), &in.Body
	if err := s.Waive(ctx, Waiver{ID: in.ID, Country: b.Country, Defect: b.Defect, Reason: b.Reason, Until: b.Until, By: who.Name}, string(who.Role)); err != nil {
		return nil, problem(err)
	}
	return nil, nil
}

func (s *Store) deleteWaiver(ctx context.Context, in *struct {
	ID string `path:"id" maxLength:"64"`
}) (*struct{}, error) {
	who := api.PrincipalFrom(ctx)
	if err := s.Unwaive(ctx, in.ID, who.Name, string(who.Role)); err != nil {
		return nil, problem(err)
	}
	return nil, nil
}
