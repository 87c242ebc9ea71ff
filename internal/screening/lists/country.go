package lists

import (
	"strings"

	"github.com/rihla/rihla/formats/country"
)

// alpha3 gives ISO 3166-1 alpha-3 for a code; one that is not known stays as printed.
func alpha3(code string) string {
	if code == "" {
		return ""
	}
	return country.ISO(code)
}

// named gives the code of a country that a publisher writes out in English; the name itself where none is known.
func named(name string) string {
	key := strings.ToLower(strings.TrimSpace(name))
	key = strings.TrimPrefix(strings.TrimSuffix(key, ", the"), "the ")
	if code, ok := countryNames[key]; ok {
		return code
	}
	if inverted, rest, ok := strings.Cut(key, ","); ok {
		if code, ok := countryNames[strings.TrimSpace(rest)+" "+inverted]; ok {
			return code
		}
	}
	return strings.TrimSpace(name)
}

// countryNames are the English names that publishers of lists use.
var countryNames = func() map[string]string {
	m := make(map[string]string)
	for _, line := range strings.Split(strings.TrimSpace(countryTable), "\n") {
		for _, pair := range strings.Split(line, ";") {
			code, name, _ := strings.Cut(strings.TrimSpace(pair), " ")
			if name != "" {
				m[strings.ToLower(name)] = code
			}
		}
	}
	return m
}()

const countryTable = `
AFG Afghanistan; ALB Albania; DZA Algeria; AND Andorra; AGO Angola; ATG Antigua and Barbuda; ARG Argentina; ARM Armenia; ABW Aruba; AUS Australia
AUT Austria; AZE Azerbaijan; BHS Bahamas; BHR Bahrain; BGD Bangladesh; BRB Barbados; BLR Belarus; BEL Belgium; BLZ Belize; BEN Benin; BMU Bermuda
BTN Bhutan; BOL Bolivia; BIH Bosnia and Herzegovina; BIH Bosnia; BWA Botswana; BRA Brazil; BRN Brunei; BGR Bulgaria; BFA Burkina Faso; MMR Burma
MMR Myanmar; BDI Burundi; CPV Cape Verde; CPV Cabo Verde; KHM Cambodia; CMR Cameroon; CAN Canada; CYM Cayman Islands; CAF Central African Republic
TCD Chad; CHL Chile; CHN China; CHN People's Republic of China; COL Colombia; COM Comoros; COG Republic of the Congo; COG Congo; COG congo, republic of the
COD Democratic Republic of the Congo; COD congo, democratic republic of the; CRI Costa Rica; CIV Cote d Ivoire; CIV Cote d'Ivoire; CIV Ivory Coast
HRV Croatia; CUB Cuba; CYP Cyprus; CZE Czech Republic; CZE Czechia; DNK Denmark; DJI Djibouti; DMA Dominica; DOM Dominican Republic; ECU Ecuador
EGY Egypt; SLV El Salvador; GNQ Equatorial Guinea; ERI Eritrea; EST Estonia; SWZ Eswatini; SWZ Swaziland; ETH Ethiopia; FJI Fiji; FIN Finland
FRA France; GAB Gabon; GMB Gambia; GEO Georgia; DEU Germany; GHA Ghana; GIB Gibraltar; GRC Greece; GRD Grenada; GTM Guatemala; GIN Guinea
GNB Guinea-Bissau; GUY Guyana; HTI Haiti; HND Honduras; HKG Hong Kong; HUN Hungary; ISL Iceland; IND India; IDN Indonesia; IRN Iran; IRQ Iraq
IRL Ireland; ISR Israel; ITA Italy; JAM Jamaica; JPN Japan; JEY Jersey; JOR Jordan; KAZ Kazakhstan; KEN Kenya; KIR Kiribati; PRK North Korea
KOR South Korea; XKX Kosovo; KWT Kuwait; KGZ Kyrgyzstan; LAO Laos; LVA Latvia; LBN Lebanon; LSO Lesotho; LBR Liberia; LBY Libya; LIE Liechtenstein
LTU Lithuania; LUX Luxembourg; MAC Macau; MAC Macao; MKD Macedonia; MKD North Macedonia; MDG Madagascar; MWI Malawi; MYS Malaysia; MDV Maldives
MLI Mali; MLT Malta; MHL Marshall Islands; MRT Mauritania; MUS Mauritius; MEX Mexico; FSM Micronesia; MDA Moldova; MCO Monaco; MNG Mongolia
MNE Montenegro; MAR Morocco; MOZ Mozambique; NAM Namibia; NRU Nauru; NPL Nepal; NLD Netherlands; NZL New Zealand; NIC Nicaragua; NER Niger
NGA Nigeria; NOR Norway; OMN Oman; PAK Pakistan; PLW Palau; PSE Palestinian; PSE Palestine; PSE West Bank; PSE Region: Gaza; PSE Gaza; PAN Panama
PNG Papua New Guinea; PRY Paraguay; PER Peru; PHL Philippines; POL Poland; PRT Portugal; QAT Qatar; ROU Romania; RUS Russia; RUS Russian Federation
RWA Rwanda; KNA Saint Kitts and Nevis; LCA Saint Lucia; VCT Saint Vincent and the Grenadines; WSM Samoa; SMR San Marino; STP Sao Tome and Principe
SAU Saudi Arabia; SEN Senegal; SRB Serbia; SYC Seychelles; SLE Sierra Leone; SGP Singapore; SVK Slovakia; SVN Slovenia; SLB Solomon Islands
SOM Somalia; ZAF South Africa; SSD South Sudan; ESP Spain; LKA Sri Lanka; SDN Sudan; SUR Suriname; SWE Sweden; CHE Switzerland; SYR Syria
TWN Taiwan; TJK Tajikistan; TZA Tanzania; THA Thailand; TLS Timor-Leste; TLS East Timor; TGO Togo; TON Tonga; TTO Trinidad and Tobago; TUN Tunisia
TUR Turkey; TUR Turkiye; TKM Turkmenistan; TUV Tuvalu; UGA Uganda; UKR Ukraine; UKR Region: Crimea; ARE United Arab Emirates; ARE UAE
GBR United Kingdom; GBR UK; USA United States; USA United States of America; URY Uruguay; UZB Uzbekistan; VUT Vanuatu; VAT Vatican City; VAT Holy See
VEN Venezuela; VNM Vietnam; VNM Viet Nam; VGB British Virgin Islands; YEM Yemen; ZMB Zambia; ZWE Zimbabwe; ANT Netherlands Antilles
`
