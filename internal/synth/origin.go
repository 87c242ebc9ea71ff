package synth

// origin is where people come from: what they are called, what their documents look like, where they live.
type origin struct {
	country string // ISO 3166-1 alpha-3, of the passport
	two     string // alpha-2, for those who write it so
	number  string // the shape of a passport number; see dice.shaped
	visa    bool   // needs a visa where the others do not
	phone   string // country code
	city    string
	region  int    // of Arabic spelling; regions where the names are Latin
	names   *latin // nil for Arabic names
}

func arab(country, two, number, phone, city string, region int, visa bool) origin {
	return origin{country: country, two: two, number: number, phone: phone, city: city, region: region, visa: visa}
}

func other(country, two, number, phone, city string, names *latin, visa bool) origin {
	return origin{country: country, two: two, number: number, phone: phone, city: city, region: regions, names: names, visa: visa}
}

var origins = []origin{
	arab("BHR", "BH", "9999999", "973", "MANAMA", gulf, false),
	arab("SAU", "SA", "A999999", "966", "DAMMAM", gulf, false),
	arab("ARE", "AE", "A9A999999", "971", "DUBAI", gulf, false),
	arab("KWT", "KW", "999999999", "965", "KUWAIT", gulf, false),
	arab("QAT", "QA", "99999999", "974", "DOHA", gulf, false),
	arab("OMN", "OM", "A9999999", "968", "MUSCAT", gulf, false),
	arab("JOR", "JO", "A999999", "962", "AMMAN", levant, true),
	arab("LBN", "LB", "AA9999999", "961", "BEIRUT", levant, true),
	arab("SYR", "SY", "999999999", "963", "DAMASCUS", levant, true),
	arab("IRQ", "IQ", "A99999999", "964", "BAGHDAD", levant, true),
	arab("EGY", "EG", "A99999999", "20", "CAIRO", egypt, true),
	arab("SDN", "SD", "A99999999", "249", "KHARTOUM", egypt, true),
	arab("MAR", "MA", "AA9999999", "212", "CASABLANCA", maghreb, true),
	arab("TUN", "TN", "A999999", "216", "TUNIS", maghreb, true),
	arab("DZA", "DZ", "999999999", "213", "ALGIERS", maghreb, true),
	other("IND", "IN", "A9999999", "91", "KOCHI", &indian, true),
	other("PAK", "PK", "AA9999999", "92", "LAHORE", &pakistani, true),
	other("BGD", "BD", "AA9999999", "880", "DHAKA", &bangladeshi, true),
	other("PHL", "PH", "A9999999A", "63", "MANILA", &filipino, true),
	other("NPL", "NP", "99999999", "977", "KATHMANDU", &nepali, true),
	other("LKA", "LK", "A9999999", "94", "COLOMBO", &lankan, true),
	other("GBR", "GB", "999999999", "44", "LONDON", &british, false),
	other("FRA", "FR", "99AA99999", "33", "PARIS", &french, false),
	other("D", "DE", "A99A99A99", "49", "FRANKFURT", &german, false),
	other("ITA", "IT", "AA9999999", "39", "MILANO", &southern, false),
	other("ESP", "ES", "AAA999999", "34", "MADRID", &southern, false),
	other("RUS", "RU", "999999999", "7", "MOSCOW", &slavic, false),
	other("TUR", "TR", "A99999999", "90", "ISTANBUL", &turkish, false),
	other("CHN", "CN", "A99999999", "86", "GUANGZHOU", &chinese, false),
	other("JPN", "JP", "AA9999999", "81", "TOKYO", &japanese, false),
	other("KOR", "KR", "A99999999", "82", "SEOUL", &korean, false),
	other("KEN", "KE", "A9999999", "254", "NAIROBI", &african, true),
	other("NGA", "NG", "A99999999", "234", "LAGOS", &african, true),
	other("ETH", "ET", "AA9999999", "251", "ADDIS ABABA", &african, true),
	other("IDN", "ID", "A9999999", "62", "JAKARTA", &indonesian, true),
	other("THA", "TH", "AA9999999", "66", "BANGKOK", &thai, false),
	other("USA", "US", "999999999", "1", "NEW YORK", &american, false),
	other("AUS", "AU", "AA9999999", "61", "SYDNEY", &pacific, false),
	other("NZL", "NZ", "AA999999", "64", "AUCKLAND", &pacific, false),
	other("WSM", "WS", "A999999", "685", "APIA", &pacific, false),
}

// from finds the people of a country; an airport's country may be none of these.
func from(country string) (*origin, bool) {
	if country == "DEU" {
		country = "D"
	}
	for i := range origins {
		if origins[i].country == country {
			return &origins[i], true
		}
	}
	return nil, false
}

func (o *origin) gulf() bool { return o.region == gulf }

// iso is the country as lists write it; passports have ICAO's D for Germany.
func (o *origin) iso() string {
	if o.country == "D" {
		return "DEU"
	}
	return o.country
}

// origin picks the origin of someone on a flight between the home state and a place abroad.
func (d dice) origin(abroad string) *origin {
	there, ok := from(abroad)
	switch w := d.weighted(40, 25, 20, 15); {
	case w == 0 && ok:
		return there
	case w <= 1:
		return &origins[d.weighted(50, 15, 10, 10, 5, 10)] // the Gulf
	case w == 2:
		return &origins[15+d.weighted(50, 15, 10, 15, 5, 5)] // South Asia and the Philippines
	}
	return &origins[d.IntN(len(origins))]
}
