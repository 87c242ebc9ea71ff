package goaml

// Person is a human being. The order is the schema's.
type Person struct {
	Gender           string            `goaml:"gender,client,of=M|F|-"`
	Title            string            `goaml:"title,max=30"`
	FirstName        string            `goaml:"first_name,must,max=100"`
	MiddleName       string            `goaml:"middle_name,max=100"`
	Prefix           string            `goaml:"prefix,max=100"`
	LastName         string            `goaml:"last_name,must,max=100"`
	Born             Wall              `goaml:"birthdate,client"`
	BirthPlace       string            `goaml:"birth_place,max=255"`
	BirthCountry     string            `goaml:"country_of_birth,country"`
	MothersName      string            `goaml:"mothers_name,max=100"`
	Alias            string            `goaml:"alias,max=100"`
	ForeignName      string            `goaml:"full_name_frn,max=255"` // in the person's own script
	PreviousNames    Raw               `goaml:"previous_names"`
	SSN              string            `goaml:"ssn,max=25"`
	Passport         string            `goaml:"passport_number,max=255,with=passport_country"`
	PassportCountry  string            `goaml:"passport_country,country,with=passport_number"`
	IDNumber         string            `goaml:"id_number,client,max=255"`
	Nationality      string            `goaml:"nationality1,client,country"`
	Nationality2     string            `goaml:"nationality2,country"`
	Nationality3     string            `goaml:"nationality3,country"`
	Residence        string            `goaml:"residence,client,country"`
	ResidenceSince   Wall              `goaml:"residence_since"`
	Phones           []*Phone          `goaml:"phones>phone,client"`
	Addresses        []*Address        `goaml:"addresses>address"`
	Devices          Raw               `goaml:"network_devices"`
	Email            []string          `goaml:"email,choice=email,max=255"`
	Emails           []string          `goaml:"emails>email,choice=email,max=255"`
	SocialMedia      Raw               `goaml:"social_media"`
	Occupation       string            `goaml:"occupation,max=255"`
	Employer         string            `goaml:"employer_name,max=255"`
	EmployerAddress  *Address          `goaml:"employer_address_id"`
	EmployerPhone    *Phone            `goaml:"employer_phone_id"`
	Identification   []*Identification `goaml:"identification,client,choice=identification"`
	Identifications  []*Identification `goaml:"identifications>identification,client,choice=identification"`
	Deceased         *bool             `goaml:"deceased"`
	DateDeceased     Wall              `goaml:"date_deceased,with=deceased"`
	TaxNumber        string            `goaml:"tax_number,max=100"`
	TaxRegNumber     string            `goaml:"tax_reg_number,client,max=100"`
	SourceOfWealth   string            `goaml:"source_of_wealth,max=255"`
	PEPs             Raw               `goaml:"peps"`
	Protected        *bool             `goaml:"is_protected"`
	Sanctions        Raw               `goaml:"sanctions"`
	RelatedPersons   Raw               `goaml:"related_persons"`
	Relationship     Raw               `goaml:"re_relationship"`
	AdditionalInform Raw               `goaml:"additional_information"`
	Comments         string            `goaml:"comments,max=4000"`
}

// Documents are the person's papers, whichever of its two ways the report told them.
func (p *Person) Documents() []*Identification {
	if len(p.Identification) > 0 {
		return p.Identification
	}
	return p.Identifications
}

// Account is an account at a bank or elsewhere.
type Account struct {
	Institution     string       `goaml:"institution_name,client,max=255"`
	InstitutionCode string       `goaml:"institution_code,choice=institution,must,max=50"`
	SWIFT           string       `goaml:"swift,choice=institution,must,max=11"`
	Country         string       `goaml:"institution_country,country"`
	NonBank         *bool        `goaml:"non_bank_institution,client"`
	Collection      *bool        `goaml:"collection_account"`
	Branch          string       `goaml:"branch,client,max=255"`
	Category        string       `goaml:"account_category,code=account_category"`
	Number          string       `goaml:"account,must,max=50"`
	Currency        string       `goaml:"currency_code,client,currency"`
	Funds           string       `goaml:"account_funds,max=255"`
	Name            string       `goaml:"account_name,must,max=255"`
	IBAN            string       `goaml:"iban,max=34"`
	ClientNumber    string       `goaml:"client_number,max=30"`
	PersonalType    string       `goaml:"personal_account_type,client,choice=type,code=account_type"`
	Type            string       `goaml:"account_type,client,choice=type,code=account_type"`
	Entity          *Entity      `goaml:"t_entity"`
	RelatedEntities Raw          `goaml:"related_entities"`
	Signatories     []*Signatory `goaml:"signatory,client,choice=signatory"`
	RelatedPersons  Raw          `goaml:"related_persons,client,choice=signatory"`
	RelatedAccounts Raw          `goaml:"related_accounts"`
	Opened          Wall         `goaml:"opened,client"`
	Closed          Wall         `goaml:"closed"`
	Balance         Amount       `goaml:"balance,with=date_balance"`
	DateBalance     Wall         `goaml:"date_balance,with=balance"`
	Status          string       `goaml:"status_code,client,code=account_status"`
	StatusDate      Wall         `goaml:"status_date,with=status_code"`
	Beneficiary     string       `goaml:"beneficiary,client,max=255"`
	BeneficiaryNote string       `goaml:"beneficiary_comment,max=255"`
	Devices         Raw          `goaml:"network_devices"`
	Sanctions       Raw          `goaml:"sanctions"`
	AdditionalInfo  Raw          `goaml:"additional_information"`
	Comments        string       `goaml:"comments,max=4000"`
}

// Signatory is a person who may act on an account.
type Signatory struct {
	Primary string  `goaml:"is_primary,of=1"` // the schema fixes it to 1; true is not taken
	Person  *Person `goaml:"t_person,must"`
	Role    string  `goaml:"role,must,code=signatory_role"`
}

// Entity is a firm or another legal person.
type Entity struct {
	Name             string      `goaml:"name,must,max=255"`
	CommercialName   string      `goaml:"commercial_name,max=255"`
	LegalForm        string      `goaml:"incorporation_legal_form,client,code=legal_form"`
	Number           string      `goaml:"incorporation_number,client,max=50"`
	Business         string      `goaml:"business,client,max=255"`
	Status           string      `goaml:"entity_status,code=entity_status"`
	StatusDate       Wall        `goaml:"entity_status_date"`
	Phones           []*Phone    `goaml:"phones>phone"`
	Addresses        []*Address  `goaml:"addresses>address,client"`
	Devices          Raw         `goaml:"network_devices"`
	Email            []string    `goaml:"email,choice=email,max=255"`
	Emails           []string    `goaml:"emails>email,choice=email,max=255"`
	URL              []string    `goaml:"url,max=255"`
	State            string      `goaml:"incorporation_state,client,max=255"`
	Country          string      `goaml:"incorporation_country_code,client,country"`
	Directors        []*Director `goaml:"director_id,client,choice=director"`
	RelatedPersons   Raw         `goaml:"related_persons,client,choice=director"`
	Incorporated     Wall        `goaml:"incorporation_date,client"`
	BusinessClosed   *bool       `goaml:"business_closed"`
	DateClosed       Wall        `goaml:"date_business_closed,with=business_closed"`
	TaxNumber        string      `goaml:"tax_number,max=100"`
	TaxRegNumber     string      `goaml:"tax_reg_number,client,max=100"`
	Sanctions        Raw         `goaml:"sanctions"`
	RelatedEntities  Raw         `goaml:"related_entities"`
	Relationship     Raw         `goaml:"re_relationship"`
	AdditionalInform Raw         `goaml:"additional_information"`
	Comments         string      `goaml:"comments,max=4000"`
}

// Director is a person who directs a firm: a person with a role.
type Director struct {
	Person
	Role string `goaml:"role,code=director_role"`
}

// Address is where somebody lives or works, or something happened.
type Address struct {
	Type        string `goaml:"address_type,must,code=address_type"`
	Address     string `goaml:"address,must,max=255"`
	HouseNumber string `goaml:"house_number,max=50"`
	Apartment   string `goaml:"apartment_number,max=50"`
	Line1       string `goaml:"additional_address_line1,max=255"`
	Line2       string `goaml:"additional_address_line2,max=255"`
	Town        string `goaml:"town,max=255"`
	City        string `goaml:"city,must,max=255"`
	Zip         string `goaml:"zip,max=50"`
	Country     string `goaml:"country_code,must,country"`
	State       string `goaml:"state,must,max=255"`
	GeoLocation Raw    `goaml:"geo_location"`
	Comments    string `goaml:"comments,max=4000"`
}

// Phone is a telephone.
type Phone struct {
	Contact   string `goaml:"tph_contact_type,must,code=contact_type"`
	Kind      string `goaml:"tph_communication_type,must,code=communication_type"`
	Prefix    string `goaml:"tph_country_prefix,max=4"`
	Number    string `goaml:"tph_number,must,max=50"`
	Extension string `goaml:"tph_extension,max=10"`
	Comments  string `goaml:"comments,max=4000"`
}

// Identification is a paper that says who somebody is.
type Identification struct {
	Type     string `goaml:"type,must,code=identification_type"`
	Number   string `goaml:"number,must,max=255"`
	Issued   Wall   `goaml:"issue_date,must"`
	Expires  Wall   `goaml:"expiry_date,must"`
	IssuedBy string `goaml:"issued_by,max=255"`
	Country  string `goaml:"issue_country,must,country"`
	Comments string `goaml:"comments,max=4000"`
}
