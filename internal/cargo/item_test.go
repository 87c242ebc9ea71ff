package cargo_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/cargo"
	"github.com/rihla/rihla/internal/screening"
	"github.com/rihla/rihla/internal/sharing"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

// A referral in force is offered with what the partner needs to act, and its kind is told to the agreement's conditions;
// without a hold there is none to tell of.
func TestReferralIsOffered(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	o.rulebook()
	o.file(nine.Name, "r0", sample(t, "02-consol-master-v16.fwb"))
	o.file(petra.Name, "r1", sample(t, "02-house-v4-weak-description.fhl"))
	row := o.referrals("")[0]
	item := o.d.Items()[0]
	ask := sharing.Ask{Category: "security-referral", Purpose: "aviation-security"}
	offer, err := item.Fill(t.Context(), o.st.Read(), row.ID, ask)
	if err != nil || offer.Record.Referral != "" || offer.Values["referral.code"] != nil {
		t.Errorf("without a hold it offers %+v %v", offer, err)
	}
	o.ask(http.MethodPut, "/api/v1/cargo/consignments/"+row.ID+"/question", map[string]any{"kind": "rfs", "method": "HRCM"}, nil)
	if err := o.decide(huda, row.Case, "rfs"); err != nil {
		t.Fatal(err)
	}
	offer, err = item.Fill(t.Context(), o.st.Read(), row.ID, ask)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"waybill.number": "969-10000023", "waybill.house": "PF26H0002", "flight.number": "9X201", "flight.date": "2026-03-15", "referral.code": "RFS",
		"referral.reason": "cargo-goods-vague", "shipper.name": "JABAL PRECISION INSTRUMENTS", "consignee.name": "RIVERTON PUMP SERVICE INC",
	}
	if diff := cmp.Diff(want, offer.Values); diff != "" || offer.Record.Referral != "RFS" || offer.Record.Status != cargo.RFS {
		t.Errorf("it offers %+v (-want +got):\n%s", offer.Record, diff)
	}
	found, err := item.Find(t.Context(), o.st.Read(), sharing.Ask{Category: "consignment", Person: sharing.Person{FamilyName: "Riverton"}})
	if err != nil || len(found) != 1 || found[0].Ref != row.ID {
		t.Fatalf("asked for its consignee it finds %+v %v", found, err)
	}
	byNumber, err := item.Find(t.Context(), o.st.Read(), sharing.Ask{Category: "consignment", Facts: "Consignment 969-10000023, house PF26H0002, seized at the warehouse."})
	if err != nil || len(byNumber) != 2 || byNumber[0].Ref != row.ID || byNumber[0].Score != 1 {
		t.Errorf("asked for its number it finds %+v %v", byNumber, err)
	}
	offer, err = item.Fill(t.Context(), o.st.Read(), found[0].Ref, sharing.Ask{Category: "consignment"})
	if err != nil || offer.Values["goods.weight_kg"] != "90" || offer.Values["goods.pieces"] != "5" || offer.Values["routing.airports"] != "AMM JFK" || offer.Values["referral.reason"] != nil {
		t.Errorf("of the consignment it offers %+v %v", offer.Values, err)
	}
}

// A partner's warning meets the consignment whether it was filed before or comes later, and goes with its record.
func TestPartnerWarns(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	arrive := func(record, house string) {
		t.Helper()
		a := sharing.Arrival{Record: record, Agreement: "bh-us-cargo", Category: "security-referral", Partner: "us-customs",
			Values: map[string]any{"waybill.number": "969-10000023", "waybill.house": house, "referral.code": "DNL", "referral.reason": "partner's reason"}}
		if err := o.st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error {
			e, err := o.d.Arrived(ctx, tx, a)
			o.caused(e)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		o.again()
	}
	o.file(petra.Name, "r1", sample(t, "01-house-v4.fhl"))
	arrive("a", "PF26H0001")
	rows := o.referrals("")
	if len(rows) != 1 || rows[0].House != "PF26H0001" || rows[0].Reasons[0].Code != cargo.PartnerReferral || rows[0].Reasons[0].Severity != screening.High || rows[0].Hold != "" {
		t.Fatalf("warned of what is filed, the desk shows %+v", rows)
	}
	arrive("b", "PF26H0003")
	o.file(petra.Name, "r2", sample(t, "03-house-v5.fhl"))
	if rows = o.referrals(""); len(rows) != 2 {
		t.Errorf("warned of what is to come, the desk shows %+v", rows)
	}
	if err := o.st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return o.d.Erased(ctx, tx, []string{"a", "b"}) }); err != nil {
		t.Fatal(err)
	}
	var ids []screening.ID
	for _, r := range rows {
		ids = append(ids, screening.ID(r.ID))
	}
	screened, err := o.d.Screen(t.Context(), o.st.Read(), ids)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range screened {
		if len(s.Found) != 0 {
			t.Errorf("erased, %s still meets %+v", s.Subject.ID, s.Found)
		}
	}
}

// A trader found trustworthy is shown beside the party of its name, ours and a partner's alike, and a partner's goes with its
// record. What leaves of one says whether it consented.
func TestTrustedTraders(t *testing.T) {
	t.Parallel()
	o := openOffice(t, storetest.SQLite(t))
	o.file(petra.Name, "r1", sample(t, "01-house-v4.fhl"))
	trader := map[string]any{"name": "Petra Soap Works", "country": "JO", "role": "exporter", "status": "active", "since": "2024-01-01", "consent": true}
	if code := o.ask(http.MethodPut, "/api/v1/cargo/traders/AEO-7", trader, nil); code != http.StatusForbidden {
		t.Errorf("a targeter authorised a trader: %d", code)
	}
	o.who = salman
	if code := o.ask(http.MethodPut, "/api/v1/cargo/traders/AEO-7", trader, nil); code != http.StatusOK {
		t.Fatalf("the trader answered %d", code)
	}
	a := sharing.Arrival{Record: "a", Category: "trusted-trader", Partner: "us-customs",
		Values: map[string]any{"trader.id": "CTPAT-1", "trader.name": "GREEN SPRIG RETAIL LLC", "trader.country": "US", "trader.status": "active"}}
	if err := o.st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { _, err := o.d.Arrived(ctx, tx, a); return err }); err != nil {
		t.Fatal(err)
	}
	shown := func() (ids []string) {
		var s cargo.Sheet
		o.ask(http.MethodGet, "/api/v1/cargo/consignments/"+o.rows(huda, "")[0].ID, nil, &s)
		for _, p := range s.Parties {
			for _, tr := range p.Traders {
				ids = append(ids, p.Role+" "+tr.ID+" "+tr.Partner)
			}
		}
		return ids
	}
	if diff := cmp.Diff([]string{"consignor AEO-7 ", "consignee CTPAT-1 us-customs"}, shown()); diff != "" {
		t.Errorf("shown (-want +got):\n%s", diff)
	}
	offer, err := o.d.Items()[0].Fill(t.Context(), o.st.Read(), "AEO-7", sharing.Ask{Category: "trusted-trader"})
	if err != nil || !offer.Record.Consent || offer.Record.Status != "active" || offer.Values["trader.name"] != "Petra Soap Works" {
		t.Errorf("it offers %+v %v", offer, err)
	}
	if err := o.st.Write(t.Context(), func(ctx context.Context, tx store.Tx) error { return o.d.Erased(ctx, tx, []string{"a", ""}) }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"consignor AEO-7 "}, shown()); diff != "" {
		t.Errorf("erased, shown (-want +got):\n%s", diff)
	}
}
