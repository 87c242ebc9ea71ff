package dialogue

import (
	"fmt"
	"time"
)

// pair is a text in both languages.
type pair struct{ English, Arabic string }

func (p pair) in(l Language) string {
	if l == Arabic {
		return p.Arabic
	}
	return p.English
}

// words are those of the printed page; the web app has its own.
var words = map[string]pair{
	"page":        {`"Page " counter(page) " of " counter(pages)`, `"صفحة " counter(page) " من " counter(pages)`}, // as CSS has it
	"comma":       {",", "،"},
	"kicker":      {"Strategic dialogue · Minutes", "الحوار الاستراتيجي · محضر الجلسة"},
	"round":       {"Review meeting", "جلسة المراجعة"},
	"emergency":   {"Emergency meeting", "جلسة طارئة"},
	"number":      {"Number", "رقم المحضر"},
	"starts":      {"Held on", "تاريخ الانعقاد"},
	"place":       {"Place", "مكان الانعقاد"},
	"call":        {"Video call", "الاتصال المرئي"},
	"agreements":  {"Agreements", "الاتفاقيات"},
	"agreement":   {"Agreement", "الاتفاقية"},
	"version":     {"version", "الإصدار"},
	"period":      {"Period reviewed", "الفترة المشمولة بالمراجعة"},
	"authentic":   {"Authentic text", "النص المعتمد"},
	"language.en": {"English", "النص الإنجليزي"},
	"language.ar": {"Arabic", "النص العربي"},
	"delegations": {"Delegations", "الوفود"},
	"chair":       {"Chair", "رئاسة الوفد"},
	"nobody":      {"Nobody is named yet", "لم تُذكر الأسماء بعد"},
	"agenda":      {"Agenda and what was said", "جدول الأعمال وما دار فيه"},
	"unsaid":      {"Nothing was written down on this item.", "لم يُدوَّن شيء في هذا البند."},
	"reservation": {"Reservation", "تحفّظ"},
	"decisions":   {"Decisions", "القرارات"},
	"decision":    {"Decision", "القرار"},
	"basis":       {"Basis", "السند"},
	"effect":      {"Effect", "الأثر"},
	"none":        {"None on the software", "لا أثر على النظام"},
	"actions":     {"Action items", "بنود العمل"},
	"action":      {"Action", "بند العمل"},
	"due":         {"Of earlier rounds, not yet done", "من الجولات السابقة، لم تُنجز بعد"},
	"owner":       {"Owner", "الجهة المكلّفة"},
	"by_day":      {"Due", "الموعد"},
	"how_far":     {"State", "الحالة"},
	"no":          {"No.", "الرقم"},
	"nothing":     {"None.", "لا يوجد."},
	"signatures":  {"Signatures", "التوقيعات"},
	"unsigned":    {"not signed yet", "لم يوقّع بعد"},
	"digest":      {"Digest of the signed record", "بصمة المحضر الموقَّع"},
	"only_other":  {"this text is there in one language only", "النص متاح بلغة واحدة فقط"},

	"state.draft":   {"Draft, not signed", "مسودة غير موقّعة"},
	"state.offered": {"Signed by one side", "موقّع من جانب واحد"},
	"state.closed":  {"Signed by both sides", "موقّع من الجانبين"},

	"item.opening":      {"Opening", "الافتتاح"},
	"item.last_minutes": {"Minutes of the last round", "محضر الجولة السابقة"},
	"item.actions":      {"Action items due", "بنود العمل المستحقة"},
	"item.report":       {"Report", "التقرير"},
	"item.incidents":    {"Incidents", "الحوادث"},
	"item.data_quality": {"Data quality", "جودة البيانات"},
	"item.proposals":    {"Proposals to change the agreements", "مقترحات تعديل الاتفاقيات"},
	"item.training":     {"Training and visits", "التدريب والزيارات"},
	"item.next_date":    {"Date of the next round", "موعد الجولة القادمة"},
	"item.other":        {"Other business", "ما يستجد من أعمال"},

	"action.open":    {"Open", "مفتوح"},
	"action.late":    {"Late", "متأخر"},
	"action.done":    {"Done", "منجز"},
	"action.dropped": {"Dropped", "ملغى"},

	"effect.agreement_version": {"Agreement version", "إصدار الاتفاقية"},
	"effect.digest":            {"Digest", "البصمة"},
	"effect.quota":             {"Quota", "الحصة"},
	"effect.contact":           {"Contact", "جهة الاتصال"},
	"effect.share_on":          {"Share begins", "بدء بند التبادل"},
	"effect.share_off":         {"Share ends", "إيقاف بند التبادل"},

	"developments": {"Annex: developments since the last round", "ملحق: المستجدات منذ الجولة السابقة"},
	"date":         {"When", "الوقت"},
	"what":         {"What happened", "ما حدث"},

	"development.agreement_proposed":   {"A version was proposed", "اقتُرح إصدار جديد"},
	"development.agreement_signed":     {"A version was signed", "وُقّع إصدار"},
	"development.agreement_in_force":   {"A version came into force", "دخل إصدار حيز النفاذ"},
	"development.suspended":            {"Suspended", "عُلّق التبادل"},
	"development.resumed":              {"Resumed", "استؤنف التبادل"},
	"development.breach":               {"A breach was reported", "أُبلغ عن خرق"},
	"development.undelivered":          {"A message never arrived", "رسالة لم تصل"},
	"development.witness_disagreement": {"The logs do not agree", "لم يتطابق السجلان"},
	"development.conflict":             {"One message came with two texts", "وردت رسالة واحدة بنصّين"},
	"development.duty_overdue":         {"A duty was not kept in time", "واجب لم يُؤدَّ في موعده"},
	"development.unmasking":            {"Masked data was shown in clear", "كُشفت بيانات محجوبة"},
	"development.keys":                 {"Keys changed", "تغيّرت المفاتيح"},

	"report":        {"Annex: report", "ملحق: تقرير"},
	"made_from":     {"made from the exchange log, entries", "مُستخرج من سجل التبادل، القيود"},
	"figure":        {"Figure", "المؤشر"},
	"differences":   {"Where the two sides' figures differ", "مواضع اختلاف أرقام الجانبين"},
	"counted_one":   {"One side counted", "عدّ أحد الجانبين"},
	"counted_other": {"The other counted", "عدّ الجانب الآخر"},
	"no_difference": {"None: what both sides counted on their own is equal.", "لا اختلاف: ما عدّه كل جانب على حدة متطابق."},
	"no_partner":    {"The other side has not sent its figures of this period.", "لم يُرسل الجانب الآخر أرقامه عن هذه الفترة."},

	"group.volume":  {"Volume", "الحجم"},
	"group.results": {"Results", "النتائج"},
	"group.time":    {"Time to reply (median · 90 % · 99 % · late)", "زمن الرد (الوسيط · 90% · 99% · المتأخر)"},
	"group.duties":  {"Duties", "الواجبات"},
	"group.safety":  {"Safeguards and incidents", "الضمانات والحوادث"},
	"group.quality": {"Data quality", "جودة البيانات"},
	"group.people":  {"People's requests", "طلبات الأفراد"},

	"f.requests":       {"Requests", "الطلبات"},
	"f.received":       {"Requests received", "الطلبات الواردة"},
	"f.spontaneous":    {"Sent unasked", "مُرسل دون طلب"},
	"f.match":          {"Private matching: batches · keys · hits", "المطابقة السرية: دفعات · مفاتيح · مطابقات"},
	"f.hits":           {"Hits", "مطابقات"},
	"f.no_hits":        {"No hits", "دون مطابقة"},
	"f.data":           {"Answered with data", "أُجيب ببيانات"},
	"f.refusals":       {"Refusals", "حالات الرفض"},
	"f.open":           {"Open at the end", "مفتوحة عند نهاية الفترة"},
	"f.confirmed_same": {"Confirmed: the same person", "تأكّد أنه الشخص نفسه"},
	"f.not_same":       {"Not the same person", "ليس الشخص نفسه"},
	"f.precision":      {"Precision (95 % interval)", "الدقة (فترة ثقة 95%)"},
	"f.corrections":    {"Corrections: due · done · late", "التصحيحات: مستحقة · منجزة · متأخرة"},
	"f.erasures":       {"Erasures: due · done · late", "عمليات المحو: مستحقة · منجزة · متأخرة"},
	"f.past_erase":     {"Kept past its day (must be 0)", "محفوظ بعد موعد محوه (يجب أن يكون 0)"},
	"f.unmaskings":     {"Unmaskings", "حالات كشف البيانات المحجوبة"},
	"f.second":         {"Second approvals", "الموافقات الثانية"},
	"f.never":          {"Stopped by a rule of never", "أوقفتها قاعدة منع مطلق"},
	"f.breaches":       {"Breaches", "الخروق"},
	"f.witness":        {"Disagreements between the logs", "حالات عدم تطابق السجلين"},
	"f.conflicts":      {"Conflicting messages", "رسائل متعارضة"},
	"f.offline":        {"Hours the partner was away", "ساعات انقطاع الشريك"},
	"f.records":        {"Records given", "السجلات المقدَّمة"},
	"f.birth":          {"Born on a 1 January", "تاريخ الميلاد 1 يناير"},
	"f.manual":         {"Captured by hand", "أُدخلت يدويًا"},
	"f.asked":          {"Asked", "المقدَّمة"},
	"f.upheld":         {"Upheld", "المقبولة"},
	"f.days":           {"Days to answer (median)", "أيام الرد (الوسيط)"},
}

func word(l Language, key string) string {
	if p, known := words[key]; known {
		return p.in(l)
	}
	return key
}

var monthsAr = [...]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"}

func dateIn(l Language, t time.Time) string {
	if l == Arabic {
		return fmt.Sprintf("%d %s %d", t.Day(), monthsAr[t.Month()-1], t.Year())
	}
	return t.Format("2 January 2006")
}

// momentIn is in UTC, for the two sides' clocks differ.
func momentIn(l Language, t time.Time) string {
	t = t.UTC()
	if l == Arabic {
		return fmt.Sprintf("%s، %s (التوقيت العالمي)", dateIn(l, t), t.Format("15:04"))
	}
	return fmt.Sprintf("%s, %s UTC", dateIn(l, t), t.Format("15:04"))
}

// dayIn writes a day given as YYYY-MM-DD.
func dayIn(l Language, day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return dateIn(l, t)
}
