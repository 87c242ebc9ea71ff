package dialogue_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rihla/rihla/internal/sharing/dialogue"
	"github.com/rihla/rihla/internal/sharing/ledger"
)

// printable is a closed round with a bit of everything on its paper.
func printable(t *testing.T) (bh *side, id string) {
	t.Helper()
	c := &clock{time.Date(2026, 5, 15, 1, 0, 0, 0, time.UTC)}
	bh, us := pair(t, clocked(t, c), clocked(t, c), c)
	for i := range 12 {
		c.now = c.now.Add(9 * time.Hour)
		thread := "t-" + string(rune('a'+i))
		asked := ledger.Step{Kind: ledger.Sent, Agreement: travel, Version: 3, Share: "T2", Type: "REQUEST", Purpose: "terrorism", Direction: ledger.Out, Message: thread, Thread: thread, Due: c.now.Add(15 * time.Minute)}
		bh.steps(t, asked)
		asked.Kind, asked.Direction = ledger.Received, ledger.In
		if i != 5 {
			us.steps(t, asked)
		}
		c.now = c.now.Add(time.Duration(3+i) * time.Minute)
		result := "no_hit"
		if i%2 == 0 {
			result = "hit"
		}
		answer := ledger.Step{Kind: ledger.Approved, Agreement: travel, Version: 3, Share: "T2", Type: "REPLY", Direction: ledger.Out, Message: thread + "r", Thread: thread, Result: result}
		us.steps(t, answer)
		answer.Kind = ledger.Sent
		us.steps(t, answer)
		answer.Kind, answer.Direction = ledger.Received, ledger.In
		bh.steps(t, answer)
	}
	bh.steps(t, ledger.Step{Kind: ledger.Suspended, Agreement: travel, Share: "T5", Code: "breach"}, ledger.Step{Kind: ledger.Resumed, Agreement: travel, Share: "T5"},
		ledger.Step{Kind: ledger.InForce, Agreement: travel, Version: 3})
	c.now = now
	f := bh.written(t, bh.convened(t))
	_, err := bh.Write(t.Context(), dana, f.Meeting.ID, f.Agenda[0].ID, dialogue.MinuteText{
		English: "The chairs opened the third round and thanked the delegations.", Arabic: "افتتح رئيسا الوفدين الجولة الثالثة وشكرا أعضاء الوفدين على حضورهم، وأكّدا التزام الجانبين بأحكام الاتفاقية.",
	})
	must(t, err)
	_, err = bh.Write(t.Context(), dana, f.Meeting.ID, f.Agenda[5].ID, dialogue.MinuteText{English: "Share T5 was suspended on 22 May after a <breach> & resumed."})
	must(t, err)
	_, err = us.Send(t.Context(), peter, travel, ledger.Days{From: f.Meeting.From, To: f.Meeting.To})
	must(t, err)
	us.deliver(t, bh)
	_, err = bh.Close(t.Context(), dana, f.Meeting.ID, 0)
	must(t, err)
	bh.deliver(t, us)
	_, err = us.Close(t.Context(), peter, f.Meeting.ID, 0)
	must(t, err)
	us.deliver(t, bh)
	return bh, f.Meeting.ID
}

// The minutes on paper say the same in both languages, and what is missing in one is marked as the other's.
func TestPage(t *testing.T) {
	t.Parallel()
	bh, id := printable(t)
	for lang, has := range map[dialogue.Language][]string{
		dialogue.English: {
			`<html lang="en" dir="ltr">`, "Third round", "Bahrain – United States", "Signed by both sides", "9 July 2026, 08:00 UTC", "Passenger Information Unit",
			"Both sides found the figures equal.", "Reservation: United States", "D-2026-01", "Agreement version: <bdi>4</bdi>", "30 September 2026", "Layla Qamar",
			"a &lt;breach&gt; &amp; resumed", "Annex: developments", "Requests T2", "requests.T2 bh→us", `Bahrain: <bdi dir="ltr">12</bdi>`, `United States: <bdi dir="ltr">11</bdi>`, "has not sent its figures",
		},
		dialogue.Arabic: {
			`<html lang="ar" dir="rtl">`, "الجولة الثالثة", "البحرين – الولايات المتحدة", "موقّع من الجانبين", "9 يوليو 2026، 08:00", "وحدة معلومات المسافرين",
			"وجد الجانبان أن الأرقام متطابقة.", "تحفّظ: الولايات المتحدة", "30 سبتمبر 2026", `<bdi lang="en" dir="ltr">Share T5 was suspended`, "النص متاح بلغة واحدة فقط", "الطلبات T2",
		},
	} {
		page, err := bh.Page(t.Context(), dana, id, lang)
		must(t, err)
		for _, part := range has {
			if !strings.Contains(string(page), part) {
				t.Errorf("the %s page lacks %q", lang, part)
			}
		}
		if n := len(page); n > 400<<10 {
			t.Errorf("the %s page has %d bytes", lang, n)
		}
		for _, outside := range []string{"http://", "<script", "<link", "src=\""} {
			if strings.Contains(string(page), outside) {
				t.Errorf("the %s page reaches out: %q", lang, outside)
			}
		}
	}
}
