package agreement_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rihla/rihla/internal/sharing/agreement"
)

var update = flag.Bool("update", false, "write the golden files")

// The samples in plain words, as they stand in testdata/words; `go test -update` writes them anew.
func TestSay(t *testing.T) {
	t.Parallel()
	for _, name := range samples {
		a := read(t, name)
		for _, language := range []string{"en", "ar"} {
			file := filepath.Join("testdata", "words", strings.TrimSuffix(name, ".yaml")+"."+language+".txt")
			got := a.Say(language).Text()
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s: -want +got:\n%s", file, diff)
			}
		}
	}
}

// Conditions are said in words where they are simple; what has no words is shown as it is.
func TestConditionsInWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ when, en, ar string }{
		{`req.records <= 200`, "the number of records is 200 or less", "كان عدد السجلات 200 أو أقل"},
		{`!(req.records <= 200)`, "the number of records is more than 200", "كان عدد السجلات أكثر من 200"},
		{`200 >= req.records`, "the number of records is 200 or less", "كان عدد السجلات 200 أو أقل"},
		{`subject.age >= 18 || !has(req.case_ref)`, "the person is known to be 18 years or older or a case reference is not given", "كان معلوماً أن عمر الشخص 18 سنة أو أكثر أو لم يُذكر مرجع ملف الحالة"},
		{`record.masked && (req.unmask_approved || req.as != "raw")`, "the record is masked and (unmasking has been approved or the form in which it is passed on is not as it was filed)", "كان السجل محجوب الهوية و(وُوفق على كشف البيانات المحجوبة أو لم تكن صيغة النقل كما ورد)"},
		{`!(record.masked && req.victim_consent == false)`, "the record is not masked or the victim agrees", "لم يكن السجل محجوب الهوية أو وافق المتضرر"},
		{`has(req.case_ref) || !(record.masked || record.consent)`, "a case reference is given or (the record is not masked and whom it concerns has not agreed)", "ذُكر مرجع ملف الحالة أو (لم يكن السجل محجوب الهوية ولم يوافق صاحب الشأن)"},
		{`subject.protected_from.exists(x, x == "IR")`, `this formula is true: subject.protected_from.exists(x, x == "IR")`, "تحققت الصيغة \u2068subject.protected_from.exists(x, x == \"IR\")\u2069"},
		{`req.to == "US"`, "the receiving state is the United States", "كانت الدولة المتلقية الولايات المتحدة"},
		{`subject.nationality in ["BH", "US"]`, "the person's nationality is Bahrain or the United States", "كانت جنسية الشخص البحرين أو الولايات المتحدة"},
		{`size(req.facts) > 2`, "the length of the statement of facts is more than 2 characters", "كان طول بيان الوقائع أكثر من حرفين"},
		{`record.amount_usd >= 50000.0`, "the amount in US dollars is 50,000 or more", "كان المبلغ بالدولار الأمريكي 50,000 أو أكثر"},
		{`req.justification.contains("urgent")`, `this formula is true: req.justification.contains("urgent")`, "تحققت الصيغة \u2068req.justification.contains(\"urgent\")\u2069"},
		{`!(req.batch_size * 2 > req.records)`, `this formula is not true: req.batch_size * 2 > req.records`, "لم تتحقق الصيغة \u2068req.batch_size * 2 > req.records\u2069"},
	} {
		t.Run(test.when, func(t *testing.T) {
			t.Parallel()
			doc := strings.Replace(string(text(t, "bh-us-travel.yaml")), `'req.batch_size <= 20000 && req.key_profile == "kp1"'`, "'"+test.when+" || false == true'", 1)
			doc = strings.Replace(doc, `'subject.age < 16 && req.purpose != "vital-interest"'`, "'"+test.when+"'", 1)
			a, problems := agreement.Read([]byte(doc))
			if a == nil {
				t.Fatal(problems.Error())
			}
			if want, got := "nothing passes if "+test.en+".", a.Say("en").Never[0]; !strings.HasSuffix(got, want) {
				t.Errorf("%s\nwanted %s", got, want)
			}
			if want, got := "لا يمر شيء إذا "+test.ar+".", a.Say("ar").Never[0]; !strings.HasSuffix(got, want) {
				t.Errorf("%s\nwanted %s", got, want)
			}
		})
	}
}

// Arabic counts in six ways.
func TestArabicCounts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ duration, en, ar string }{
		{"P1Y", "1 year", "سنة واحدة"}, {"P2Y", "2 years", "سنتين"}, {"P3Y", "3 years", "3 سنوات"}, {"PT11H", "11 hours", "11 ساعة"},
		{"P100D", "100 days", "100 يوم"}, {"P111D", "111 days", "111 يوماً"}, {"P1Y6M", "1 year and 6 months", "سنة واحدة و6 أشهر"},
	} {
		doc := strings.Replace(string(text(t, "bh-us-cargo.yaml")), "notice: P60D", "notice: "+test.duration, 1)
		a, problems := agreement.Read([]byte(doc))
		if a == nil {
			t.Fatal(problems.Error())
		}
		if got := a.Say("en").Suspension[0]; !strings.HasSuffix(got, " "+test.en+".") {
			t.Error(got)
		}
		if got := a.Say("ar").Suspension[0]; !strings.HasSuffix(got, " "+test.ar+".") {
			t.Error(got)
		}
	}
}

// Both languages fill in the same things, every phrase is used, and neither leaves anything unsaid.
func TestPhrases(t *testing.T) {
	t.Parallel()
	source := ""
	files, err := filepath.Glob("say*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if file == "say_phrase.go" {
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		source += string(b)
	}
	for key, p := range agreement.Phrases() {
		en, ar := p.In()
		if strings.Count(en, "%s") != strings.Count(ar, "%s") {
			t.Errorf("%s: %q fills in otherwise than %q", key, en, ar)
		}
		if en == "" || ar == "" {
			t.Errorf("%s is not said in both", key)
		}
		switch key {
		case "draft", "signed", "in_force", "suspended", "terminated": // by a document's status
		default:
			if !strings.Contains(source, `"`+key+`"`) {
				t.Errorf("%s is never said", key)
			}
		}
	}
	for _, f := range agreement.Catalogue() {
		if f.En == "" || f.Ar == "" || strings.ContainsAny(f.Ar, "abcdefghijklmnopqrstuvwxyz") {
			t.Errorf("%s is not said in both languages", f.Name)
		}
	}
	for _, name := range samples {
		for _, language := range []string{"en", "ar"} {
			if said := read(t, name).Say(language).Text(); strings.Contains(said, "%!") || strings.Contains(said, "formula") || strings.Contains(said, "الصيغة") {
				t.Errorf("%s in %s has something unsaid", name, language)
			}
		}
	}
}

// A document may bring its Arabic along, or be written in Arabic.
func TestSayInTheDocumentsOwnWords(t *testing.T) {
	t.Parallel()
	doc := string(mutated(t, "bh-us-cargo.yaml", "title: Do not load", "title: Do not load\n    title_ar: إيقاف التحميل"))
	doc = strings.Replace(doc, `reason: "Tax files stay at home"`, `reason: "Tax files stay at home", reason_ar: "الملفات الضريبية لا تُتبادل"`, 1)
	doc = strings.Replace(doc, "name: Customs targeting team", "name: Customs targeting team, name_ar: شؤون الجمارك", 1)
	a, problems := agreement.Read([]byte(doc))
	if a == nil {
		t.Fatal(problems.Error())
	}
	w := a.Say("ar")
	for _, test := range [][2]string{
		{w.Shares[0].Title, "إيقاف التحميل"}, {w.Shares[1].Title, "بيانات الإرساليات"},
		{w.Parties[0], "البحرين: تتولى التبادل: شؤون الجمارك؛ وتتولى الرقابة: مسؤول حماية البيانات."},
		{w.Never[0], "\u2068N1\u2069: الملفات الضريبية لا تُتبادل. أي: لا يمر شيء إذا كان السجل ربطاً ضريبياً."},
	} {
		if test[0] != test[1] {
			t.Errorf("%s\nwanted %s", test[0], test[1])
		}
	}
	a, problems = agreement.Read([]byte(strings.Replace(strings.Replace(doc, "title: Do not load\n    title_ar:", "title:", 1), "language: en", "language: ar", 1)))
	if a == nil {
		t.Fatal(problems.Error())
	}
	if en, ar := a.Say("en").Shares[0].Title, a.Say("ar").Shares[0].Title; en != "Do not load" || ar != "إيقاف التحميل" {
		t.Errorf("%s, %s", en, ar)
	}
}
