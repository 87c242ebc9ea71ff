package paxlst

// Qualifiers of a person's segments, as edifact.Segment.Key gives them: the first character lowest.
const (
	// NAD 3035
	passenger     = 'F' | 'L'<<8
	mutual        = 'Z' | 'Z'<<8 | 'Z'<<16 // by agreement: read as a passenger
	crewMember    = 'F' | 'M'<<8
	crewTransit   = 'D' | 'D'<<8 | 'T'<<16
	transit       = 'D' | 'D'<<8 | 'U'<<16
	messageSender = 'M' | 'S'<<8
	bookingAgent  = 'B' | 'A'<<8

	// ATT 9017, FTX 4451
	gender = '2'
	bag    = 'B' | 'A'<<8 | 'G'<<16

	// LOC 3227
	from       = '1' | '7'<<8 | '8'<<16
	to         = '1' | '7'<<8 | '9'<<16
	clearance  = '2' | '2'<<8
	residence  = '1' | '7'<<8 | '4'<<16
	birthplace = '1' | '8'<<8 | '0'<<16
	issuer     = '9' | '1'<<8

	// DTM 2005
	birth      = '3' | '2'<<8 | '9'<<16
	expires    = '3' | '6'<<8
	validUntil = '2' | '0'<<8 | '6'<<16
	issued     = '1' | '8'<<8 | '2'<<16

	// RFF 1153
	reservation      = 'A' | 'V'<<8 | 'F'<<16
	carrierReference = 'A' | 'B'<<8 | 'O'<<16
	seat             = 'S' | 'E'<<8 | 'A'<<16
	ticket           = 'Y' | 'Z'<<8 | 'Y'<<16
	redress          = 'A' | 'E'<<8 | 'A'<<16
	knownTraveller   = 'C' | 'R'<<8
)
