package agreement

import (
	"slices"
	"strings"
)

// Class is how a field must be treated.
type Class string

const (
	Plain       Class = "plain"
	Identifying Class = "identifying"
	Sensitive   Class = "sensitive" // never in a share
	Secret      Class = "secret"    // never in a share
)

// Field is one thing that an agreement can speak of.
type Field struct {
	Name  string `json:"name"`
	Class Class  `json:"class"`
	En    string `json:"en"`
	Ar    string `json:"ar"`
}

// Lookup finds a field of the catalogue.
func Lookup(name string) (Field, bool) {
	i, ok := slices.BinarySearchFunc(catalogue, name, func(f Field, name string) int { return strings.Compare(f.Name, name) })
	if !ok {
		return Field{}, false
	}
	return catalogue[i], true
}

// Catalogue is every field there is, by name.
func Catalogue() []Field { return slices.Clone(catalogue) }

// shareable says whether a field may be in a share at all.
func shareable(name string) bool {
	f, ok := Lookup(name)
	return ok && f.Class != Sensitive && f.Class != Secret
}

// catalogue is all that an agreement may name, sorted by name. The groups of pnr are the nineteen of Annex I to Directive
// (EU) 2016/681; sensitive are the categories of data that Annex 9 to the Chicago Convention keeps out of screening;
// secret is what nobody passes on, whatever was signed.
var catalogue = func() []Field {
	all := slices.Concat(
		of(Identifying, "person",
			"family_name", "family name", "اسم العائلة", "given_names", "given names", "الأسماء الأولى", "aliases", "aliases", "الأسماء المستعارة",
			"dob", "date of birth", "تاريخ الميلاد", "place_of_birth", "place of birth", "مكان الميلاد", "nationality", "nationality", "الجنسية", "sex", "sex", "الجنس"),
		of(Sensitive, "person",
			"ethnicity", "ethnic origin", "الأصل العرقي", "religion", "religion", "الدين", "political_opinion", "political opinion", "الرأي السياسي",
			"health", "health", "الحالة الصحية", "sexual_orientation", "sexual orientation", "الميول الجنسية", "trade_union", "trade-union membership", "العضوية النقابية"),
		of(Plain, "document",
			"type", "type of travel document", "نوع وثيقة السفر", "status", "whether lost, stolen or revoked", "كون الوثيقة مفقودة أو مسروقة أو ملغاة",
			"reported", "date it was reported", "تاريخ الإبلاغ عن الوثيقة"),
		of(Identifying, "document",
			"number", "document number", "رقم الوثيقة", "issuer", "issuing state", "جهة إصدار الوثيقة", "expiry", "date of expiry", "تاريخ انتهاء الوثيقة"),
		of(Plain, "match",
			"hit", "whether there is a hit", "وجود مطابقة من عدمه", "reference", "reference of the entry", "مرجع القيد", "confidence_band", "confidence as low, medium or high", "درجة الثقة (منخفضة أو متوسطة أو عالية)",
			"legal_basis", "legal basis of the entry", "الأساس القانوني للقيد", "action_requested", "action requested", "الإجراء المطلوب", "caution", "caution to be taken", "ما ينبغي الحذر منه",
			"list_key_index", "position in the blinded list, which names nobody", "موضع في القائمة المعمّاة لا يدل على شخص"),
		of(Identifying, "pnr",
			"locator", "booking reference", "مرجع الحجز", "names", "names in the booking", "الأسماء في الحجز", "contact", "contact details", "بيانات الاتصال",
			"payment.masked", "masked means of payment", "وسيلة الدفع بعد حجبها", "frequent_flyer", "frequent-flyer number", "رقم المسافر الدائم", "remarks.filtered", "filtered remarks", "الملاحظات بعد تنقيتها",
			"ticket", "ticket", "التذكرة", "seat", "seat", "المقعد", "baggage", "baggage", "الأمتعة", "api", "passport data in the booking", "بيانات جواز السفر في الحجز"),
		of(Plain, "pnr",
			"created", "date of booking", "تاريخ الحجز", "travel_dates", "dates of travel", "تواريخ السفر", "itinerary", "itinerary", "خط سير الرحلة", "agency", "travel agency", "وكالة السفر",
			"travel_status", "travel status", "حالة السفر", "split", "split bookings", "الحجوزات المجزأة", "code_share", "code share", "الرمز المشترك", "party_size", "number of travellers", "عدد المسافرين",
			"changes", "changes to the booking", "التغييرات في الحجز"),
		of(Sensitive, "pnr",
			"ssr.meal", "meal requests", "طلبات الوجبات", "ssr.medical", "medical requests", "الطلبات الطبية", "free_text.unfiltered", "unfiltered free text", "النص الحر دون تنقية"),
		of(Secret, "pnr", "payment.full", "full card number", "رقم البطاقة كاملاً"),
		of(Plain, "api",
			"status", "whether checked in or boarded", "حالة التسجيل أو الصعود", "route", "route", "خط الرحلة", "capture", "how the passport was read", "طريقة قراءة الجواز"),
		of(Identifying, "api", "seat", "seat", "المقعد", "baggage", "baggage", "الأمتعة", "locator", "booking reference", "مرجع الحجز"),
		of(Plain, "flight", "number", "flight number", "رقم الرحلة الجوية", "date", "date of flight", "تاريخ الرحلة الجوية"),
		of(Plain, "vetting",
			"outcome", "outcome", "نتيجة التدقيق", "reference", "reference of the vetting", "مرجع التدقيق", "valid_until", "valid until", "صلاحية النتيجة"),
		of(Plain, "cash",
			"direction", "whether brought in or taken out", "اتجاه النقل", "amount", "amount", "المبلغ", "currency", "currency", "العملة", "instrument", "kind of cash or instrument", "نوع النقد أو الأداة",
			"origin", "declared origin", "المصدر المصرح به", "use", "declared use", "الاستخدام المصرح به", "false_declaration", "whether the declaration was false", "كون الإقرار غير صحيح"),
		of(Plain, "flow",
			"period", "period", "الفترة", "in_total", "total received", "إجمالي الوارد", "out_total", "total sent", "إجمالي الصادر"),
		of(Identifying, "flow", "counterparties", "counterparties", "الأطراف المقابلة"),
		of(Identifying, "account", "iban", "account number", "رقم الحساب", "holder", "account holder", "صاحب الحساب"),
		of(Plain, "account", "institution", "institution", "المؤسسة المالية", "opened", "date of opening", "تاريخ فتح الحساب", "status", "status of the account", "حالة الحساب"),
		of(Plain, "analysis", "text", "analysis", "نص التحليل", "confidence", "confidence in the analysis", "درجة الثقة في التحليل"),
		of(Plain, "designation",
			"reference", "reference of the designation", "مرجع الإدراج", "authority", "designating authority", "جهة الإدراج", "effective", "date of effect", "تاريخ السريان"),
		of(Plain, "freeze",
			"state", "state of the freeze", "حالة التجميد", "amount_total", "total frozen", "إجمالي المبلغ المجمد", "currency", "currency of the freeze", "عملة المبلغ المجمد"),
		of(Identifying, "entity", "name", "name of the entity", "اسم الكيان", "registration", "registration of the entity", "رقم تسجيل الكيان"),
		of(Secret, "report", "filer_identity", "who filed a report", "هوية مقدّم البلاغ", "reporting_person", "the person who reported", "الشخص المبلِّغ"),
		of(Plain, "waybill", "number", "waybill number", "رقم بوليصة الشحن الجوي", "house", "house waybill", "البوليصة الفرعية"),
		of(Plain, "goods",
			"hs6", "tariff heading", "البند الجمركي", "description", "description of the goods", "وصف البضاعة", "weight_kg", "weight", "الوزن", "pieces", "number of pieces", "عدد القطع",
			"declared_value", "declared value", "القيمة المصرح بها", "currency", "currency of the value", "عملة القيمة", "origin_country", "country of origin", "بلد المنشأ"),
		of(Identifying, "shipper", "name", "consignor", "اسم المرسل", "address", "consignor's address", "عنوان المرسل"),
		of(Identifying, "consignee", "name", "consignee", "اسم المرسل إليه", "address", "consignee's address", "عنوان المرسل إليه"),
		of(Plain, "routing", "airports", "airports on the way", "مطارات خط السير"),
		of(Plain, "referral", "code", "kind of referral", "رمز الإحالة", "reason", "reason for the referral", "سبب الإحالة"),
		of(Plain, "trader",
			"id", "authorisation number", "رقم الاعتماد", "country", "country", "البلد", "role", "role in the supply chain", "الدور في سلسلة الإمداد", "status", "status of the authorisation", "حالة الاعتماد",
			"since", "authorised since", "تاريخ الاعتماد"),
		of(Identifying, "trader", "name", "name of the trader", "اسم التاجر"),
		of(Secret, "trade", "price_of_competitor", "a competitor's prices", "أسعار المنافسين"),
		of(Plain, "indicator",
			"type", "type of indicator", "نوع المؤشر", "value", "the indicator itself", "المؤشر نفسه", "valid_from", "valid from", "بداية الصلاحية", "valid_until", "valid until", "نهاية الصلاحية",
			"confidence", "confidence in the indicator", "درجة الثقة في المؤشر", "kill_chain", "stage of attack", "مرحلة الهجوم", "sighted", "where it was sighted", "الرصد", "source_reference", "reference of the source", "مرجع المصدر"),
		of(Plain, "incident",
			"class", "class of incident", "صنف الحادث", "started", "when it began", "وقت البداية", "technique", "technique of the attacker", "أسلوب المهاجم", "affected_sector", "sector affected", "القطاع المتضرر",
			"artefact_hash", "fingerprints of files found", "بصمات الملفات المكتشفة", "timeline", "timeline", "التسلسل الزمني"),
		of(Identifying, "incident", "contact", "whom to contact", "جهة الاتصال"),
		of(Secret, "victim", "credentials", "a victim's credentials", "بيانات دخول المتضرر", "content", "the content of a victim's data", "محتوى بيانات المتضرر"),
	)
	slices.SortFunc(all, func(a, b Field) int { return strings.Compare(a.Name, b.Name) })
	return all
}()

// of reads fields of one class and group from name, English, Arabic and so on.
func of(class Class, group string, words ...string) []Field {
	fields := make([]Field, 0, len(words)/3)
	for ; len(words) >= 3; words = words[3:] {
		fields = append(fields, Field{group + "." + words[0], class, words[1], words[2]})
	}
	return fields
}
