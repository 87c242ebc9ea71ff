package money

import "strings"

// currencies are the codes of ISO 4217, by how many decimals their money has. N is for what has none by nature: metals,
// bonds, units of account, testing.
const currencies = "0:BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF " +
	"2:AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK " +
	"DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL " +
	"MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP " +
	"SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ZWL " +
	"3:BHD IQD JOD KWD LYD OMR TND 4:CLF UYW N:XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX "

var minor = func() map[string]int {
	m := make(map[string]int, 200)
	digits := 0
	for _, word := range strings.Fields(currencies) {
		if class, code, ok := strings.Cut(word, ":"); ok {
			word, digits = code, -1
			if class != "N" {
				digits = int(class[0] - '0')
			}
		}
		m[word] = digits
	}
	return m
}()

// Digits is how many decimals a currency has, -1 where it has none by nature (gold, bonds, testing), and whether the
// code is one at all.
func Digits(currency string) (digits int, known bool) {
	digits, known = minor[currency]
	return digits, known
}

// Fits tells whether an amount has no more decimals than its currency; trailing zeros do not count. An unknown currency
// fits nothing, one without minor units everything.
func Fits(d Decimal, currency string) bool {
	digits, known := minor[currency]
	return known && (digits < 0 || d.Precision() <= digits)
}
