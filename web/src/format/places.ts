/* Cities people know airports by, in both languages, for the airports most often seen from the Gulf. A code without a name is shown as a code. */

const table = `ABV Abuja|أبوجا
ACC Accra|أكرا
ADD Addis Ababa|أديس أبابا
AKL Auckland|أوكلاند
ALA Almaty|ألماتي
ALG Algiers|الجزائر
AMM Amman|عمّان
AMS Amsterdam|أمستردام
ARN Stockholm|ستوكهولم
ATH Athens|أثينا
ATL Atlanta|أتلانتا
AUH Abu Dhabi|أبوظبي
BAH Bahrain|البحرين
BCN Barcelona|برشلونة
BEY Beirut|بيروت
BGW Baghdad|بغداد
BKK Bangkok|بانكوك
BLR Bengaluru|بنغالور
BOM Mumbai|مومباي
BOS Boston|بوسطن
BRU Brussels|بروكسل
BSR Basra|البصرة
CAI Cairo|القاهرة
CAN Guangzhou|غوانزو
CCU Kolkata|كلكتا
CDG Paris CDG|باريس
CGK Jakarta|جاكرتا
CMB Colombo|كولومبو
CMN Casablanca|الدار البيضاء
COK Kochi|كوتشي
CPH Copenhagen|كوبنهاغن
CPT Cape Town|كيب تاون
DAC Dhaka|دكا
DAM Damascus|دمشق
DEL Delhi|دلهي
DFW Dallas|دالاس
DMM Dammam|الدمام
DOH Doha|الدوحة
DUB Dublin|دبلن
DXB Dubai|دبي
EBB Entebbe|عنتيبي
EBL Erbil|أربيل
EVN Yerevan|يريفان
EWR Newark|نيوارك
FCO Rome|روما
FRA Frankfurt|فرانكفورت
GOI Goa|غوا
GVA Geneva|جنيف
GYD Baku|باكو
HAN Hanoi|هانوي
HEL Helsinki|هلسنكي
HKG Hong Kong|هونغ كونغ
HND Tokyo Haneda|طوكيو هانيدا
HYD Hyderabad|حيدر آباد
IAD Washington Dulles|واشنطن دالاس
IAH Houston|هيوستن
ICN Seoul|سول
IKA Tehran|طهران
ISB Islamabad|إسلام آباد
IST Istanbul|إسطنبول
JED Jeddah|جدة
JFK New York JFK|نيويورك
JNB Johannesburg|جوهانسبرغ
KBL Kabul|كابول
KHI Karachi|كراتشي
KRT Khartoum|الخرطوم
KTM Kathmandu|كاتماندو
KUL Kuala Lumpur|كوالالمبور
KWI Kuwait|الكويت
LAX Los Angeles|لوس أنجلوس
LCA Larnaca|لارنكا
LGW London Gatwick|لندن غاتويك
LHE Lahore|لاهور
LHR London Heathrow|لندن هيثرو
LIS Lisbon|لشبونة
LOS Lagos|لاغوس
LUX Luxembourg|لوكسمبورغ
MAA Chennai|تشيناي
MAD Madrid|مدريد
MAN Manchester|مانشستر
MCT Muscat|مسقط
MED Medina|المدينة المنورة
MEL Melbourne|ملبورن
MIA Miami|ميامي
MLE Malé|ماليه
MNL Manila|مانيلا
MUC Munich|ميونخ
MXP Milan|ميلانو
NBO Nairobi|نيروبي
NJF Najaf|النجف
NRT Tokyo Narita|طوكيو ناريتا
ORD Chicago|شيكاغو
ORY Paris Orly|باريس أورلي
OSL Oslo|أوسلو
PEK Beijing|بكين
PER Perth|بيرث
PRG Prague|براغ
PVG Shanghai|شنغهاي
RUH Riyadh|الرياض
SAW Istanbul Sabiha|إسطنبول صبيحة
SEA Seattle|سياتل
SFO San Francisco|سان فرانسيسكو
SGN Ho Chi Minh City|هو تشي منه
SHJ Sharjah|الشارقة
SIN Singapore|سنغافورة
SLL Salalah|صلالة
SYD Sydney|سيدني
TAS Tashkent|طشقند
TBS Tbilisi|تبليسي
TLV Tel Aviv|تل أبيب
TRV Thiruvananthapuram|تيروفانانتابورام
TUN Tunis|تونس
VIE Vienna|فيينا
WAW Warsaw|وارسو
YUL Montreal|مونتريال
YVR Vancouver|فانكوفر
YYZ Toronto|تورونتو
ZRH Zurich|زيورخ`

const names = new Map(
  table.split('\n').map((line) => {
    const [en = '', ar = ''] = line.slice(4).split('|')
    return [line.slice(0, 3), { en, ar }] as const
  }),
)

export const city = (code: string, language: 'en' | 'ar'): string | undefined => names.get(code)?.[language]
