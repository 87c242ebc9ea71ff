package airport

import "slices"

// City is a place with several airports that the trade gives one code: LON for Heathrow, Gatwick and the rest.
type City struct {
	Code     string
	Name     string
	Country  string   // ISO 3166-1 alpha-3
	Airports []string // IATA codes, the busiest first; not to be changed
}

// CityByCode finds a city by its three letters. A code that is an airport's as well (SHA, BER) is left to [ByIATA].
func CityByCode(code string) (City, bool) {
	i, ok := slices.BinarySearchFunc(cities, code, func(c City, code string) int {
		switch {
		case c.Code < code:
			return -1
		case c.Code > code:
			return 1
		}
		return 0
	})
	if !ok {
		return City{}, false
	}
	return cities[i], true
}

// cities are sorted by code. They are no part of the two sources.
var cities = []City{
	{"BHZ", "Belo Horizonte", "BRA", []string{"CNF", "PLU"}},
	{"BJS", "Beijing", "CHN", []string{"PEK", "PKX"}},
	{"BUE", "Buenos Aires", "ARG", []string{"EZE", "AEP"}},
	{"BUH", "Bucharest", "ROU", []string{"OTP", "BBU"}},
	{"CHI", "Chicago", "USA", []string{"ORD", "MDW", "RFD"}},
	{"DTT", "Detroit", "USA", []string{"DTW", "YIP"}},
	{"EAP", "Basel, Mulhouse, Freiburg", "CHE", []string{"BSL", "MLH"}},
	{"JKT", "Jakarta", "IDN", []string{"CGK", "HLP"}},
	{"LON", "London", "GBR", []string{"LHR", "LGW", "STN", "LTN", "LCY", "SEN"}},
	{"MIL", "Milan", "ITA", []string{"MXP", "LIN", "BGY"}},
	{"MOW", "Moscow", "RUS", []string{"SVO", "DME", "VKO", "ZIA"}},
	{"NYC", "New York", "USA", []string{"JFK", "EWR", "LGA", "SWF"}},
	{"OSA", "Osaka", "JPN", []string{"KIX", "ITM", "UKB"}},
	{"PAR", "Paris", "FRA", []string{"CDG", "ORY", "BVA", "LBG"}},
	{"REK", "Reykjavik", "ISL", []string{"KEF", "RKV"}},
	{"RIO", "Rio de Janeiro", "BRA", []string{"GIG", "SDU"}},
	{"ROM", "Rome", "ITA", []string{"FCO", "CIA"}},
	{"SAO", "Sao Paulo", "BRA", []string{"GRU", "CGH", "VCP"}},
	{"SEL", "Seoul", "KOR", []string{"ICN", "GMP"}},
	{"SPK", "Sapporo", "JPN", []string{"CTS", "OKD"}},
	{"STO", "Stockholm", "SWE", []string{"ARN", "BMA", "NYO", "VST"}},
	{"TCI", "Tenerife", "ESP", []string{"TFS", "TFN"}},
	{"TYO", "Tokyo", "JPN", []string{"HND", "NRT"}},
	{"WAS", "Washington", "USA", []string{"IAD", "DCA", "BWI"}},
	{"YMQ", "Montreal", "CAN", []string{"YUL", "YMX"}},
	{"YTO", "Toronto", "CAN", []string{"YYZ", "YTZ"}},
}
