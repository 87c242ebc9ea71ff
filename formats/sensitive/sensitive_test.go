package sensitive_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rihla/rihla/formats/sensitive"
)

func TestServiceCodesHaveTheirClass(t *testing.T) {
	t.Parallel()
	want := map[sensitive.Class]string{
		sensitive.Meal:       "KSML MOML HNML VJML AVML VGML VLML VOML SPML DBML GFML LSML NLML LPML LFML LCML BLML HFML PRML PFML BBML CHML FPML RVML SFML ksml ZZML",
		sensitive.Medical:    "MEDA STCR OXYG PPOC LEGB LEGL LEGR NUTM PNUT Meda",
		sensitive.Assistance: "WCHR WCHS WCHC WCOB WCBD WCBW WCMP WCLB BLND DEAF DPNA MAAS ESAN SVAN",
		sensitive.Status:     "DEPA DEPU",
		sensitive.None:       "DOCS DOCO DOCA FOID CTCE SEAT INFT UMNR OTHS SPEQ XBAG PETC AVIH LANG XXXX WCXX ML KSMLS",
	}
	for class, codes := range want {
		for _, code := range strings.Fields(codes) {
			if got := sensitive.Of(code); got != class {
				t.Errorf("Of(%q) = %v, want %v", code, got, class)
			}
		}
	}
}

func TestTextsThatReveal(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"PAX IS DIABETIC NEEDS INSULIN COOLER", "REQ KSML", "req moml pls", "SSR KSML ZZ HK1", "SSRKSMLZZHK1", "WCHRHK1", "KSML/HK1", "1.KSML", "MEDA-OK",
		"PAX IS MUSLIM", "Catholic priest travelling", "TRADE UNION DELEGATION", "POLITICAL ASYLUM", "gay couple", "needs a wheel chair", "WHEELCHAIR", "HIV+",
		"PASAJERO DIABÉTICO", "NECESITA SILLA RUEDAS", "es judía", "sindicato obrero", "dirigente político",
		"PASSAGÈRE ENCEINTE", "malade cardiaque", "repas casher", "délégué syndical", "évêque de Lyon", "INFIRMITÉ",
		"الراكب مريض", "كُرسي متحرك", "راكب مُسلِم", "يهودي", "عضو نقابة", "حزب", "لاجئ", "الدَّواء",
		"diab\xe9tique", // ISO 8859-1 left as it was
	} {
		if !sensitive.Reveals(text) {
			t.Errorf("%q does not reveal", text)
		}
	}
}

func TestTextsThatMayBeKept(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "CTC HOME 6431110000 ", "HE SAID 'OK' : 10\\12", "FREE TEXT WITHOUT QUALIFIER", "call agt ", "FP CCVI411111XXXXXX1111/0829",
		"0 RP/DXBZZ0100/DXBZZ0100 AS 1105Z/21NOV", "DXB ZZ LON100.00NUC100.00END", "CHILL BILL SKILL", "PASSING THE POLISH MARKET", "UNIONVILLE", "XXXXX XX",
		"SEATS TOGETHER PLS", "الرجاء مقعد قرب النافذة", "HOSPITALITY DESK", "SEMINAR 12MAR", "CAMILLA", "index.html",
	} {
		if got := sensitive.Find(nil, text); got != nil {
			t.Errorf("%q reveals %v", text, got)
		}
	}
}

func TestFindGivesThePlaces(t *testing.T) {
	t.Parallel()
	text := "REQ KSML, PAX DIABÉTIQUE: wheel chair"
	var got []string
	for _, m := range sensitive.Find(nil, text) {
		got = append(got, text[m.Start:m.End])
	}
	if diff := cmp.Diff([]string{"KSML", "DIABÉTIQUE", "wheel chair"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestCardNumbers(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"FP CCVI4111111111111111/0829":    "FP CCVI411111XXXXXX1111/0829",
		"4111 1111 1111 1111":             "4111 11XX XXXX 1111",
		"4111-1111-1111-1111 EXP 0829":    "4111-11XX-XXXX-1111 EXP 0829",
		"12 4111111111111111 0829":        "12 411111XXXXXX1111 0829",
		"1234 4111111111111111":           "1234 411111XXXXXX1111",
		"CCVI41111111111111110829":        "CCVI411111XXXXXX11110829",
		"CCVI4111111111111112":            "CCVI411111XXXXXX1112",
		"4111111111111112":                "4111111111111112",
		"411111XXXXXX1111":                "411111XXXXXX1111",
		"AX 378282246310005.":             "AX 378282XXXXX0005.",
		"0000000000000000":                "0000000000000000",
		"TEL 971500000001":                "TEL 971500000001",
		"1234567890123456789012345678901": "1234567890123456789012345678901",
		"411111111\r\n1111111":            "411111XXX\r\nXXX1111",
		"":                                "",
	} {
		if got := sensitive.MaskCards(in); got != want {
			t.Errorf("MaskCards(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"4111111111111111": "411111XXXXXX1111", "411111XXXXXX1111": "411111XXXXXX1111", "4111 1111 1111 1111": "411111XXXXXX1111",
		"XXXXXXXX4242": "XXXXXXXX4242", "1234567": "XXX4567", "": "", "VI4111111111111111": "VI411111XXXXXX1111",
	} {
		if got := sensitive.MaskCard(in); got != want {
			t.Errorf("MaskCard(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTallyIsTheContractsObject(t *testing.T) {
	t.Parallel()
	var tally sensitive.Tally
	if !tally.IsZero() {
		t.Error("a fresh tally is not zero")
	}
	for _, c := range []sensitive.Class{sensitive.Meal, sensitive.Text, sensitive.Meal, sensitive.None} {
		tally.Add(c)
	}
	got, err := json.Marshal(tally)
	if err != nil || string(got) != `{"SSR:MEAL":2,"TEXT":1}` {
		t.Fatalf("%s, %v", got, err)
	}
	var back sensitive.Tally
	if err := json.Unmarshal(got, &back); err != nil || back != tally {
		t.Fatalf("%v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"SSR:LUCK":1}`), &back); err == nil {
		t.Error("an unknown class was read")
	}
}

// What is left of one number can make another with the digits before it; that one is masked too.
func TestMaskingGoesOn(t *testing.T) {
	t.Parallel()
	if got, want := sensitive.MaskCards("0222478 0206470218499"), "022247X XX0647XXX8499"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestScanningIsSafeAndMaskingIsFinal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`([0-9]{1,20}[ \-\r?A-Z]{0,2}){0,6}`)).Draw(t, "text")
		for _, m := range sensitive.Find(nil, text) {
			if m.Start < 0 || m.Start >= m.End || m.End > len(text) {
				t.Fatalf("match %v outside %q", m, text)
			}
		}
		masked := sensitive.MaskCards(text)
		if len(masked) != len(text) || sensitive.MaskCards(masked) != masked {
			t.Fatalf("%q became %q, then %q", text, masked, sensitive.MaskCards(masked))
		}
	})
}

func BenchmarkReveals(b *testing.B) {
	text := "0 RP/DXBZZ0100/DXBZZ0100 AS 1105Z/21NOV PLS SEAT TOGETHER WITH HER COUSIN IN THE NEXT ROW"
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if sensitive.Reveals(text) {
			b.Fatal("revealed")
		}
	}
}

func FuzzCardDigits(f *testing.F) {
	f.Add([]byte("FP CCVI4111111111111111/0829"), byte('?'))
	f.Fuzz(func(t *testing.T, text []byte, release byte) {
		sensitive.CardDigits(text, release, func(at []int) {
			for _, i := range at {
				if text[i] < '0' || text[i] > '9' {
					t.Fatalf("byte %d is no digit", i)
				}
			}
		})
	})
}
