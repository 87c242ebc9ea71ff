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

func TestLEI(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bankid.Fault{
		"5299000J2N45DDNE4Y28": bankid.Fine, "529900T8BM49AURSDO55": bankid.Fine,
		"5299000J2N45DDNE4Y82": bankid.Checksum, "5299000J2N45DDNE4Y2": bankid.Length, "5299000J2N45DDNE4YXX": bankid.Character, "5299000j2N45DDNE4Y28": bankid.Character,
	} {
		if got := bankid.LEI(text); got != want {
			t.Errorf("%q: %q, wanted %q", text, got, want)
		}
	}
}

func TestUETR(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bankid.Fault{
		"7c1f0a52-6a5e-4c0e-9f0b-0c2f7a6b1d21": bankid.Fine,
		"7C1F0A52-6A5E-4C0E-9F0B-0C2F7A6B1D21": bankid.Character, "7c1f0a52-6a5e-1c0e-9f0b-0c2f7a6b1d21": bankid.Character, "7c1f0a52-6a5e-4c0e-cf0b-0c2f7a6b1d21": bankid.Character,
		"7c1f0a526a5e4c0e9f0b0c2f7a6b1d21": bankid.Length, "7c1f0a52_6a5e-4c0e-9f0b-0c2f7a6b1d21": bankid.Character, "": bankid.Length,
	} {
		if got := bankid.UETR(text); got != want {
			t.Errorf("%q: %q, wanted %q", text, got, want)
		}
	}
}
