package agreement

// phrase is one thing that Say says, in both languages; what is filled in comes in the same order.
type phrase struct{ en, ar string }

// The phrases that Say puts together. Durations, lists and names are filled in as words.
var phrases = map[string]phrase{
	"headParties":    {"Between", "الطرفان"},
	"headBasis":      {"It stands on", "السند القانوني"},
	"headPurposes":   {"What for", "الأغراض"},
	"headShares":     {"What may flow", "ما يجوز تبادله"},
	"headPermits":    {"may flow", "المسموح به"},
	"headRequires":   {"only if", "الشروط"},
	"headForbids":    {"passed on", "النقل إلى جهات أخرى"},
	"headShareDuty":  {"then", "ما يترتب على التسلم"},
	"headNever":      {"What never flows", "ما لا يجوز تبادله أبداً"},
	"headDuties":     {"What both owe", "التزامات الطرفين"},
	"headSuspension": {"How it is stopped", "الوقف"},
	"headReview":     {"How it is looked at again", "المراجعة"},

	"title":     {"Agreement on the exchange of %s", "اتفاقية تبادل: %s"},
	"state":     {"Version %s, from %s until %s (%s).", "النسخة %s، سارية من %s إلى %s (%s)."},
	"draft":     {"a draft", "مسودة"},
	"signed":    {"signed", "موقعة"},
	"in_force":  {"in force", "نافذة"},
	"suspended": {"suspended", "موقوفة"},
	"terminated": {
		"terminated", "منتهية"},

	"party":    {"%s: %s exchanges; %s watches.", "%s: تتولى التبادل: %s؛ وتتولى الرقابة: %s."},
	"purpose":  {"%s.", "%s."},
	"penalty":  {"%s; the offence must be punishable with %s or more.", "%s؛ على أن تكون عقوبة الجريمة %s فأكثر."},
	"consent":  {"%s; only with the consent of the person concerned.", "%s؛ ولا يكون ذلك إلا بموافقة الشخص المعني."},
	"noteLine": {"%s: %s", "%s: %s"},

	"askBoth":     {"Either side may ask the other for %s.", "لكل طرف أن يطلب من الآخر %s."},
	"askOne":      {"%s may ask %s for %s.", "يجوز أن تطلب %s من %s %s."},
	"tellBoth":    {"Either side may give the other, unasked, %s.", "لكل طرف أن يقدم إلى الآخر من تلقاء نفسه %s."},
	"tellOne":     {"%s may give %s, unasked, %s.", "يجوز أن تقدم %s إلى %s من تلقاء نفسها %s."},
	"regularBoth": {"Each side regularly gives the other %s.", "يقدم كل طرف إلى الآخر بانتظام %s."},
	"regularOne":  {"%s regularly gives %s %s.", "تقدم %s إلى %s بانتظام %s."},
	"fields":      {"Nothing but: %s.", "ولا يشمل ذلك إلا ما يأتي: %s."},
	"for":         {"Only for: %s.", "وللأغراض الآتية دون غيرها: %s."},

	"onlyIf":         {"It passes only if %s.", "لا يمر إلا إذا %s."},
	"always":         {"There is no further condition.", "لا يوجد شرط آخر."},
	"justified":      {"A justification of at least %s in writing.", "يلزم تسبيب مكتوب لا يقل عن %s."},
	"justifiedShort": {"A justification in writing.", "يلزم تسبيب مكتوب."},
	"names":          {"With it: %s.", "ويُرفق به: %s."},
	"caseRef":        {"the case reference", "مرجع ملف الحالة"},
	"offenceCode":    {"the category of the offence", "صنف الجريمة"},
	"priorReference": {"the reference of the answer before", "مرجع الرد السابق"},
	"applicationRef": {"the reference of the person's own application", "مرجع الطلب الذي قدمه الشخص بنفسه"},
	"approveAsk":     {"Before a question leaves, %s of the asking side approves it, and never whoever asks.", "لا يُرسل الطلب إلا بموافقة %s لدى الطرف الطالب، ولا يجوز أن يوافق عليه مقدمه."},
	"approveAnswer":  {"Before an answer leaves, %s of the answering side must approve it.", "لا يُفرج عن الرد إلا بموافقة %s لدى الطرف المجيب."},
	"approveGive":    {"Before anything leaves, %s of the giving side must approve it.", "لا يُرسل شيء إلا بموافقة %s لدى الطرف المرسل."},
	"notRequester":   {"Whoever started it never approves it.", "لا يجوز أن يوافق عليه من بادر به."},
	"second":         {"A further approval, by %s, if %s.", "وتلزم موافقة إضافية من %s إذا %s."},
	"secondAlways":   {"A further approval, by %s.", "وتلزم موافقة إضافية من %s."},
	"standing":       {"A machine lets it pass without a human each time, under an approval that %s signed and that ends on %s.", "يمر آلياً دون موافقة بشرية في كل مرة، بناءً على موافقة دائمة وقّعتها %s وتنتهي في %s."},
	"confirmBoth":    {"A human on each side has looked at it first.", "يسبقه تحقق موظف مختص لدى كل من الطرفين."},
	"confirmSending": {"A human on the side that starts has looked at it first.", "يسبقه تحقق موظف مختص لدى الطرف المبادر."},
	"confirmReply":   {"A human on the side that answers has looked at it first.", "يسبقه تحقق موظف مختص لدى الطرف المجيب."},
	"replyWithin":    {"The answer is due within %s.", "يستحق الرد خلال %s."},
	"replyOwed":      {"Where an answer is owed, it is due within %s.", "حيث يجب الرد فإنه يستحق خلال %s."},
	"replyUrgent":    {"The answer is due within %s; within %s if it is urgent and the reason is told.", "يستحق الرد خلال %s، وخلال %s في حالة الاستعجال مع بيان سببه."},
	"quota":          {"No more than %s about %s within %s.", "لا يزيد العدد على %s بشأن %s خلال %s."},
	"floor":          {"If fewer than %s in a hundred questions are hits, no more may be asked.", "إذا قلّت نسبة المطابقات عن %s في المئة من الطلبات امتنع تقديم المزيد منها."},

	"onwardForbid":  {"The receiver passes it on to nobody.", "لا يجوز للمتلقي نقله إلى أي جهة أخرى."},
	"onwardConsent": {"The receiver passes it on only with the giver's consent, and only to %s; the giver answers within %s.", "لا يجوز للمتلقي نقله إلا بموافقة المرسل، وإلى %s فقط؛ ويجيب المرسل خلال %s."},
	"onwardAllowed": {"The receiver may pass it on, but only to %s.", "يجوز للمتلقي نقله إلى %s دون غيرها."},
	"onwardTLP":     {"The receiver passes it on only as far as its marking allows.", "لا يجوز للمتلقي نقله إلا في حدود ما تسمح به علامته."},
	"thirdForbid":   {"It never goes to a third state.", "ولا يُنقل إلى دولة ثالثة."},
	"thirdConsent":  {"It goes to a third state only with the giver's consent.", "ولا يُنقل إلى دولة ثالثة إلا بموافقة المرسل."},

	"keep":       {"The receiver erases it within %s.", "يمحوه المتلقي خلال %s من تسلمه."},
	"keepNoHit":  {"If there is no hit, the side that was asked erases the question within %s.", "إذا لم توجد مطابقة محا الطرف المطلوب منه الطلب خلال %s."},
	"forgetNow":  {"If there is no hit, the side that was asked erases the question at once.", "إذا لم توجد مطابقة محا الطرف المطلوب منه الطلب فوراً."},
	"mask":       {"After %s the receiver hides who it is about.", "يحجب المتلقي هوية الأشخاص بعد %s."},
	"dormant":    {"After that it may lie closed for %s more, opened only with higher approval.", "ويجوز بعد ذلك حفظه مغلقاً مدة %s، ولا يُفتح إلا بموافقة أعلى."},
	"lookAgain":  {"Every %s the receiver decides again whether it is still needed.", "يعيد المتلقي النظر كل %s في مدى الحاجة إليه."},
	"afterNo":    {"If the application is refused, it is erased within %s.", "إذا رُفض الطلب مُحي خلال %s."},
	"afterGone":  {"If the status is revoked, it is erased within %s.", "إذا أُلغيت الصفة مُحي خلال %s."},
	"marked":     {"It is marked %s: %s.", "يحمل العلامة %s: %s."},
	"markedOwn":  {"Each record carries its own marking of the traffic light protocol.", "يحمل كل سجل علامته وفق بروتوكول إشارة المرور."},
	"caveatLine": {"It carries the caveat %s: %s.", "يحمل القيد %s: %s."},
	"caveatCode": {"It carries the caveat %s.", "يحمل القيد %s."},

	"neverFields": {"Whatever a share says, never: %s.", "لا يُتبادل ما يأتي أياً كان ما ورد في البنود: %s."},
	"neverRule":   {"%s: %s. That is: nothing passes if %s.", "%s: %s. أي: لا يمر شيء إذا %s."},
	"neverBare":   {"%s: nothing passes if %s.", "%s: لا يمر شيء إذا %s."},
	"asNoHit":     {"The other side sees an ordinary no-hit, and cannot tell it from one.", "ويظهر ذلك للطرف الآخر رداً عادياً بعدم وجود مطابقة، لا سبيل إلى تمييزه."},
	"neverRest":   {"Nor anything that no share lists.", "ولا يُتبادل ما لم يُذكر في أحد البنود."},

	"acknowledge": {"Every message is acknowledged within %s.", "يُقر بتسلم كل رسالة خلال %s."},
	"receipt":     {"Who received data says within %s what was stored.", "يبين متلقي البيانات ما حُفظ منها خلال %s."},
	"reason":      {"A refusal states its reason, unless that itself is secret.", "يُسبَّب كل رفض ما لم يكن السبب ذاته سرياً."},
	"correct":     {"Who finds data wrong tells every receiver within %s; it is put right within %s.", "من تبيّن له خطأ في البيانات أبلغ به كل متلقٍ خلال %s، ويُصحح خلال %s."},
	"erase":       {"What is to be erased is gone within %s, and a receipt proves it within %s.", "يُمحى ما يجب محوه خلال %s، ويُثبت ذلك بإيصال خلال %s."},
	"breach":      {"A breach of security is told within %s.", "يُبلغ عن أي خرق أمني خلال %s."},
	"access":      {"Whoever asks what is held about him is answered within %s, whatever his nationality.", "يُجاب كل شخص يسأل عما يُحفظ عنه خلال %s أياً كانت جنسيته."},
	"logs":        {"Everything exchanged is logged, and the log is kept for %s.", "يُسجل كل تبادل، ويُحفظ السجل مدة %s."},
	"oversight":   {"%s may read all of it at any time.", "تملك %s الاطلاع على ذلك كله في أي وقت."},

	"either":      {"Either side may suspend it, all or in part, at a notice of %s.", "لأي من الطرفين وقف العمل بها كلها أو بعضها بإخطار مدته %s."},
	"immediate":   {"At once, without notice, for: %s.", "ويكون الوقف فورياً دون إخطار في حالة: %s."},
	"pullAlert":   {"Those who watch both sides are alerted if %s.", "يُنبَّه القائمون بالرقابة لدى الطرفين إذا %s."},
	"pullShare":   {"%s is suspended by itself if %s.", "يوقف %s تلقائياً إذا %s."},
	"pullReceive": {"Whoever is overdue receives nothing more if %s.", "لا يتلقى الطرف المتأخر شيئاً بعد ذلك إذا %s."},
	"share":       {"Share %s", "البند %s"},
	"everything":  {"Everything", "العمل بكل البنود"},
	"before":      {"What was received before is kept, and every duty on it stands: corrections, erasures and notices of breaches still pass.", "يبقى ما سبق تسلمه وتبقى كل الالتزامات بشأنه: فالتصحيح والمحو والإبلاغ عن الخرق تمر في جميع الأحوال."},

	"cadence": {"Both sides look at the figures together every %s.", "ينظر الطرفان معاً في الأرقام كل %s."},
	"joint":   {"They evaluate the agreement as a whole every %s.", "ويقيّمان الاتفاقية كلها كل %s."},
	"chairs":  {"In the chair: %s.", "الرئاسة: %s."},
	"observe": {"Present as observers: %s.", "ويحضر بصفة مراقب: %s."},

	// conditions
	"formula":     {"this formula is true: %s", "تحققت الصيغة %s"},
	"noFormula":   {"this formula is not true: %s", "لم تتحقق الصيغة %s"},
	"protected":   {"the person seeks protection from the receiving state", "كان الشخص يطلب الحماية من الدولة المتلقية"},
	"notProtect":  {"the person does not seek protection from the receiving state", "لم يكن الشخص يطلب الحماية من الدولة المتلقية"},
	"ownNational": {"the person is a national of the deciding state", "كان الشخص من مواطني الدولة التي تتخذ القرار"},
	"foreigner":   {"the person is no national of the deciding state", "لم يكن الشخص من مواطني الدولة التي تتخذ القرار"},
	"younger":     {"the person is younger than %s (or of unknown age)", "كان عمر الشخص أقل من %s (أو كان مجهولاً)"},
	"older":       {"the person is known to be %s or older", "كان معلوماً أن عمر الشخص %s أو أكثر"},
	"follows":     {"it goes on from an answer under %s", "كان تابعاً لرد بموجب %s"},
	"notFollows":  {"it does not go on from an answer under %s", "لم يكن تابعاً لرد بموجب %s"},
	"true":        {"it is asked at all", "طُلب ذلك"},
	"false":       {"never", "استحال ذلك"},
}

// content is what flows, by category, or by category and mode where they differ; a noun phrase.
var content = map[string]phrase{
	"watchlist-match/private_match": {"the answer which passengers are on its watchlist, found by a method that shows neither the list nor the passengers", "جواباً عمّن يرد من المسافرين في قائمة المراقبة، بأسلوب لا يكشف القائمة ولا المسافرين"},
	"watchlist-match":               {"the answer whether one named person is on its watchlist: hit or no hit, and no more", "جواباً عمّا إذا كان شخص مسمّى وارداً في قائمة المراقبة: مطابقة أو لا مطابقة دون زيادة"},
	"core-data":                     {"the identity behind a confirmed hit", "بيانات هوية من تأكدت مطابقته"},
	"list-entry":                    {"an entry of its own watchlist", "قيداً من قائمة المراقبة لديه"},
	"lost-document":                 {"the number of a travel document reported lost, stolen or revoked, and nothing about its holder", "رقم وثيقة سفر بُلِّغ عن فقدها أو سرقتها أو إلغائها، دون أي بيان عن حاملها"},
	"pnr":                           {"the booking of one person's journey", "سجل حجز رحلة شخص بعينه"},
	"api":                           {"the passport data of one person's journey", "بيانات جواز السفر لرحلة شخص بعينه"},
	"vetting":                       {"the outcome of vetting a traveller who has applied for it", "نتيجة التدقيق بشأن مسافر تقدم بطلب"},
	"fiu-known":                     {"the answer whether a person or company is known to its financial intelligence unit: yes or no, and no more", "جواباً عمّا إذا كان شخص أو شركة معروفاً لدى وحدة المعلومات المالية: نعم أو لا دون زيادة"},
	"fiu-analysis":                  {"an analysis of suspected flows of money", "تحليلاً لحركة أموال مشبوهة"},
	"cash-declaration":              {"what a traveller declared of cash carried between the two states", "إقرار مسافر عن نقد منقول بين الدولتين"},
	"freeze":                        {"notice of an order to freeze assets, and of its effect", "إشعاراً بأمر تجميد وأثره"},
	"indicator":                     {"technical indicators of attacks on networks", "مؤشرات فنية على هجمات الشبكات"},
	"incident":                      {"help with a cyber incident", "المساعدة في حادث سيبراني"},
	"security-referral":             {"a warning not to load a consignment, or to look at it first", "تحذيراً من تحميل إرسالية أو طلباً لفحصها قبل التحميل"},
	"consignment":                   {"the data of consignments in one customs case", "بيانات إرساليات في قضية جمركية واحدة"},
	"trusted-trader":                {"the list of traders it has found trustworthy", "قائمة التجار المعتمدين لديه"},
}

// headings are the titles of shares, by category, where the document has none in the language.
var headings = map[string]phrase{
	"watchlist-match/private_match": {"Private match against the watchlist", "المطابقة المحجوبة مع قائمة المراقبة"},
	"watchlist-match":               {"Hit or no hit", "مطابقة أو لا مطابقة"},
	"core-data":                     {"Core data", "بيانات الهوية الأساسية"},
	"list-entry":                    {"Entries of watchlists", "قيود قوائم المراقبة"},
	"lost-document":                 {"Lost and stolen documents", "الوثائق المفقودة والمسروقة"},
	"pnr":                           {"Booking data", "سجل الحجز"},
	"api":                           {"Passport data", "معلومات المسافر المسبقة"},
	"vetting":                       {"Vetting", "التدقيق في طلبات المسافرين"},
	"fiu-known":                     {"Known or not", "معروف أو غير معروف"},
	"fiu-analysis":                  {"Financial analysis", "التحليل المالي"},
	"cash-declaration":              {"Cash declarations", "الإقرارات عن النقد"},
	"freeze":                        {"Freezing orders", "أوامر التجميد"},
	"indicator":                     {"Indicators of compromise", "مؤشرات الاختراق"},
	"incident":                      {"Incident assistance", "المساعدة في الحوادث السيبرانية"},
	"security-referral":             {"Do not load", "لا تُحمَّل"},
	"consignment":                   {"Consignments", "بيانات الإرساليات"},
	"trusted-trader":                {"Trusted traders", "التجار المعتمدون"},
}

// subjects are what agreements are about, by domain.
var subjects = map[string]phrase{
	"travel":       {"travel data", "بيانات السفر"},
	"facilitation": {"facilitation", "تيسير السفر"},
	"cargo":        {"cargo data", "الشحن"},
	"funds":        {"financial intelligence", "المعلومات المالية"},
	"cyber":        {"cyber-threat information", "الأمن السيبراني"},
}

// aims are the Arabic of purposes that agreements commonly have, where the document does not give it.
var aims = map[string]string{
	"terrorism":           "منع الجرائم الإرهابية وكشفها والتحقيق فيها وملاحقة مرتكبيها",
	"serious-crime":       "منع الجرائم الجسيمة العابرة للحدود وكشفها والتحقيق فيها وملاحقة مرتكبيها",
	"vital-interest":      "حماية حياة شخص أو سلامته البدنية",
	"facilitation":        "البت في طلب مسافر الانضمام إلى مسار سريع",
	"border-check":        "التدقيق عند الحدود",
	"money-laundering":    "تحليل عمليات غسل الأموال المشتبه بها وجرائمها الأصلية",
	"terrorist-financing": "تحليل عمليات تمويل الإرهاب المشتبه بها",
	"sanctions-freeze":    "إنفاذ قرار تجميد",
	"defence":             "كشف الهجمات على شبكات أي من الطرفين ومنعها وإصلاح آثارها",
	"attribution":         "تحديد من يقف وراء هجوم",
	"aviation-security":   "منع تحميل إرسالية غير آمنة",
	"customs-offence":     "منع المخالفات الجمركية وكشفها والتحقيق فيها",
	"trade-facilitation":  "الاعتراف بالتجار المعتمدين لدى الطرف الآخر",
}

// marks are the labels of the Traffic Light Protocol 2.0.
var marks = map[string]phrase{
	"TLP:RED":          {"for named persons only", "لأشخاص مسمَّين فقط"},
	"TLP:AMBER+STRICT": {"within the receiving organisation only", "داخل الجهة المتلقية فقط"},
	"TLP:AMBER":        {"within the receiving organisation and those it serves", "داخل الجهة المتلقية ومن تخدمهم"},
	"TLP:GREEN":        {"within the community", "داخل المجتمع المعني"},
	"TLP:CLEAR":        {"without limit", "دون تقييد"},
}

// caveats bind what the receiver does.
var caveats = map[string]phrase{
	"NO-ADVERSE-ACTION-ON-MATCH-ALONE": {"nobody may suffer for a match alone", "لا يُتخذ إجراء ضد أحد بناءً على المطابقة وحدها"},
	"LAW-ENFORCEMENT-ONLY":             {"for law enforcement only", "لجهات إنفاذ القانون فقط"},
	"NOT-EVIDENCE-WITHOUT-MLA":         {"no evidence in court without mutual legal assistance", "لا يُقدَّم دليلاً أمام القضاء إلا عبر المساعدة القانونية المتبادلة"},
	"FACILITATION-ONLY":                {"for facilitation only", "لأغراض التيسير فقط"},
	"INTELLIGENCE-ONLY":                {"for intelligence only", "لأغراض استخبارية فقط"},
	"NO-TIPPING-OFF":                   {"the person concerned must not learn of it", "لا يجوز أن يعلم به الشخص المعني"},
	"ACT-WITHOUT-DELAY":                {"to be acted on without delay", "يُتخذ الإجراء دون تأخير"},
	"NO-ACTIVE-PROBING":                {"the systems named must not be probed", "لا يجوز اختبار الأنظمة المذكورة"},
	"CUSTOMS-USE-ONLY":                 {"for customs only", "للأغراض الجمركية فقط"},
}

// offices are the Arabic names of common authorities, where the document does not give them; by the English in small letters.
var offices = map[string]string{
	"passenger information unit":      "وحدة معلومات المسافرين",
	"targeting centre":                "مركز الاستهداف",
	"data-protection officer":         "مسؤول حماية البيانات",
	"chief privacy officer":           "كبير مسؤولي الخصوصية",
	"financial intelligence unit":     "وحدة المعلومات المالية",
	"national incident-response team": "الفريق الوطني للاستجابة للحوادث",
	"customs targeting team":          "فريق الاستهداف الجمركي",
	"cargo targeting team":            "فريق استهداف الشحنات",
}

// causes suspend at once.
var causes = map[string]phrase{
	"breach":                    {"a breach of security", "وقوع خرق أمني"},
	"onward-transfer":           {"data passed on against the agreement", "نقل البيانات خلافاً للاتفاقية"},
	"data-used-outside-purpose": {"data used for another purpose", "استخدام البيانات في غير غرضها"},
	"tipping-off":               {"a person concerned who was warned", "تنبيه الشخص المعني"},
}

// recipients are the kinds to whom data may go on.
var recipients = map[string]phrase{
	"domestic_authority": {"its own authorities", "الجهات المختصة في دولته"},
	"court":              {"courts", "المحاكم"},
	"obliged_entity":     {"banks and others bound to freeze", "المصارف وغيرها من الجهات الملزمة بالتجميد"},
	"carrier":            {"the carrier", "الناقل الجوي"},
}

// people are the holders of a node's roles: one, two, and several of them, each after a preposition in Arabic.
var people = map[string]struct{ en, many, ar, arTwo, arMany string }{
	roleSupervisor: {"supervisor", "supervisors", "مشرف واحد", "مشرفين اثنين", "مشرفين"},
	roleAnalyst:    {"analyst", "analysts", "محلل واحد", "محللين اثنين", "محللين"},
	roleOfficer:    {"officer", "officers", "ضابط واحد", "ضابطين اثنين", "ضباط"},
	roleTargeter:   {"targeting officer", "targeting officers", "ضابط استهداف واحد", "ضابطي استهداف", "ضباط استهداف"},
	roleFIU:        {"member of the financial intelligence unit", "members of the financial intelligence unit", "عضو واحد في وحدة المعلومات المالية", "عضوين في وحدة المعلومات المالية", "أعضاء في وحدة المعلومات المالية"},
	roleResponder:  {"member of the incident-response team", "members of the incident-response team", "عضو واحد في فريق الاستجابة للحوادث", "عضوين في فريق الاستجابة للحوادث", "أعضاء في فريق الاستجابة للحوادث"},
	roleAuditor:    {"data-protection officer", "data-protection officers", "مسؤول حماية البيانات", "مسؤولين اثنين عن حماية البيانات", "مسؤولين عن حماية البيانات"},
}
