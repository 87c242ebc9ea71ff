package bankid_test

import (
	"testing"

	"github.com/rihla/rihla/formats/bankid"
)

func TestIBAN(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bankid.Fault{ // the register's own examples, and what goes wrong with them
		"BH67BMAG00001299123456": bankid.Fine, "GB29NWBK60161331926819": bankid.Fine, "DE89370400440532013000": bankid.Fine,
		"DE89370400440532013001": bankid.Checksum, "DE8937040044053201300": bankid.Length, "DE89 3704": bankid.Length, "ZZ89370400440532013000": bankid.Country, "": bankid.Length,
	} {
		if got := bankid.IBAN(text); (got == bankid.Fine) != (want == bankid.Fine) {
			t.Errorf("%q: %q, wanted %q", text, got, want)
		}
	}
}

func TestBIC(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bankid.Fault{
		"BMAGBHBM": bankid.Fine, "NWBKGB2LXXX": bankid.Fine, "NWBKGB2": bankid.Length, "NWBK12BM": bankid.Character, "nwbkgb2l": bankid.Character,
	} {
		if got := bankid.BIC(text); got != want {
			t.Errorf("%q: %q, wanted %q", text, got, want)
		}
	}
}
