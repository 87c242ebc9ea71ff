package cyber

// View is what rules see, under the name cyber: one of an indicator, a machine and an incident. No name of a person, no
// free text and no victim's address exists in it. Absent texts are "", absent numbers 0 unless said otherwise.
type View struct {
	Kind      string        `cel:"kind" doc:"what it is" values:"indicator,host:a machine that met indicators,incident"`
	Indicator IndicatorView `cel:"indicator"`
	Host      HostView      `cel:"host"`
	Incident  IncidentView  `cel:"incident"`
}

// IndicatorView is an indicator as rules see it.
type IndicatorView struct {
	Type       string   `cel:"type" doc:"ipv4, cidr, domain, url, sha256 …"`
	Value      string   `cel:"value" doc:"in plain form"`
	State      string   `cel:"state" doc:"where it stands" values:"proposed,active,expiring,expired,revoked,false-positive,refused,composite"`
	Confidence int64    `cel:"confidence" doc:"the best of its sources', of a hundred"`
	Score      int64    `cel:"score" doc:"what is left of it by age"`
	TLP        string   `cel:"tlp" doc:"TLP:CLEAR … TLP:RED"`
	Sources    int64    `cel:"sources" doc:"how many filed it"`
	Types      []string `cel:"types" doc:"of STIX: malicious-activity, anonymization …"`
	KillChain  []string `cel:"kill_chain" doc:"phases of attack"`
	Sightings  int64    `cel:"sightings" doc:"log lines that met it"`
	Places     int64    `cel:"places" doc:"machines that met it"`
}

// HostView is a machine as rules see it.
type HostView struct {
	Indicators int64 `cel:"indicators" doc:"different indicators met"`
	Sightings  int64 `cel:"sightings" doc:"log lines that met any"`
	Best       int64 `cel:"best" doc:"the highest score of those met"`
}

// IncidentView is an incident as rules see it.
type IncidentView struct {
	State        string   `cel:"state" doc:"where it stands" values:"reported,triage,investigating,contained,eradicated,recovered,review,closed,reopened,on-hold,rejected,duplicate"`
	Type         string   `cel:"type" doc:"of the reference taxonomy: malicious-code/ransomware …"`
	Severity     int64    `cel:"severity" doc:"0 to 100"`
	Level        int64    `cel:"level" doc:"0 baseline, 1 low, 2 medium, 3 high, 4 severe, 5 emergency"`
	Sector       string   `cel:"sector" doc:"of the entity: transport, energy …"`
	Essential    bool     `cel:"essential" doc:"the sector is one that others depend on"`
	Significant  bool     `cel:"significant" doc:"the duties of reporting run"`
	CrossBorder  string   `cel:"cross_border" doc:"as the entity says" values:"yes,no,unknown"`
	Malicious    string   `cel:"malicious" doc:"as the entity says" values:"yes,no,unknown"`
	Countries    []string `cel:"countries" doc:"affected, alpha-2"`
	Users        int64    `cel:"users" doc:"affected, as estimated"`
	Indicators   int64    `cel:"indicators" doc:"that came with it or were linked"`
	Late         bool     `cel:"late" doc:"a duty's time has passed"`
	Joint        bool     `cel:"joint" doc:"shared with a partner state"`
	Availability string   `cel:"availability" doc:"impact as the entity says" values:"none,low,medium,high,unknown"`
}
