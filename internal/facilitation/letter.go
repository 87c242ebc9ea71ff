package facilitation

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// LetterKind is what a letter tells.
type LetterKind string

// The letters.
const (
	LetterGranted   LetterKind = "granted"
	LetterApproved  LetterKind = "conditional"
	LetterActive    LetterKind = "active"
	LetterWaiting   LetterKind = "waiting_own_state"
	LetterRefused   LetterKind = "refused"
	LetterSuspended LetterKind = "suspended"
	LetterRevoked   LetterKind = "revoked"
	LetterCancelled LetterKind = "cancelled"
	LetterRestored  LetterKind = "restored"
	LetterExpired   LetterKind = "expired"
	LetterReview    LetterKind = "review_begun"
	LetterInterim   LetterKind = "interim"
	LetterRedress   LetterKind = "redress"
)

// Letter is one that was written to the applicant. Its words come of what the application says, in the applicant's language.
type Letter struct {
	Kind LetterKind `json:"kind"`
	At   time.Time  `json:"at"`
}

// letter writes one.
func (a *Application) letter(kind LetterKind, at time.Time) {
	a.Letters = append(a.Letters, Letter{kind, at.UTC()})
}

func (a *Application) wrote(kind LetterKind) bool {
	return slices.ContainsFunc(a.Letters, func(l Letter) bool { return l.Kind == kind })
}

// letterTo is the letter that tells of a state.
func letterTo(a *Application, from State) LetterKind {
	switch a.State {
	case Granted:
		if from == InReview {
			return LetterRestored
		}
		return LetterGranted
	case Approved:
		return LetterApproved
	case Active:
		if from == Suspended || from == InReview {
			return LetterRestored
		}
		return LetterActive
	case Refused:
		return LetterRefused
	case Suspended:
		return LetterSuspended
	case Revoked:
		return LetterRevoked
	case Cancelled:
		return LetterCancelled
	case Expired:
		return LetterExpired
	case InReview:
		return LetterReview
	case Answered:
		if a.Kind == Redress {
			return LetterRedress
		}
	}
	return ""
}

// words are the letters, in each language. {…} is filled in; no letter gives a reason that a list would betray, and every
// one that takes something away says how to have it looked at again.
var words = map[string]map[LetterKind]string{
	"en": {
		LetterGranted:   "You may travel. Your authorisation {number} holds until {until} and belongs to the passport you applied with. With a new passport, apply again. Entry itself is decided at the border.",
		LetterApproved:  "Your application {ref} is approved, subject to an interview. Choose a day on your page and bring your passport.",
		LetterActive:    "You are a member. Your number is {number}; give it as known traveller number when you book. Your membership holds until {until}.",
		LetterWaiting:   "We asked your own state about your application {ref} as you allowed, and wait for its answer. You need not do anything.",
		LetterRefused:   "We cannot grant application {ref}, on the grounds of {law}.{visa} {review}",
		LetterSuspended: "Your {what} {number} is suspended from {date} while we look into it, on the grounds of {law}. {review}",
		LetterRevoked:   "Your membership {number} is revoked with effect from {date}, on the grounds of {law}. {review}",
		LetterCancelled: "Your authorisation {number} is cancelled with effect from {date}, on the grounds of {law}. To travel, apply for a visa. {review}",
		LetterRestored:  "We have looked at {ref} again. Your {what} {number} holds, until {until}.",
		LetterExpired:   "Your {what} {number} ended on {date}. You may apply again at any time.",
		LetterReview:    "You asked us to look at {ref} again. Somebody who had no part in the first decision does so; you have an answer within {answer} days.",
		LetterInterim:   "We are looking into your inquiry {ref}. It takes a little longer; you need not do anything.",
		LetterRedress:   "We have reviewed your inquiry {ref} and corrected what had to be corrected. Your redress number is {number}; give it when you book. We neither confirm nor deny whether anybody is named on any list. {review}",
	},
	"ar": {
		LetterGranted:   "يمكنك السفر. تصريحك {number} ساري حتى {until} وهو مرتبط بجواز السفر الذي قدمت الطلب به. إذا صدر لك جواز جديد فقدّم طلبا جديدا. أما الدخول فيُقرَّر عند المنفذ.",
		LetterApproved:  "تمت الموافقة على طلبك {ref} بشرط المقابلة. اختر يوما في صفحتك وأحضر جواز سفرك.",
		LetterActive:    "أصبحت عضوا. رقمك هو {number} فاذكره رقما للمسافر المعروف عند الحجز. عضويتك سارية حتى {until}.",
		LetterWaiting:   "سألنا دولتك عن طلبك {ref} كما أذنت، ونحن في انتظار ردها. لا يلزمك القيام بشيء.",
		LetterRefused:   "يتعذر علينا قبول الطلب {ref} استنادا إلى {law}.{visa} {review}",
		LetterSuspended: "تم تعليق {what} {number} اعتبارا من {date} إلى أن ننظر في الأمر، استنادا إلى {law}. {review}",
		LetterRevoked:   "تم إلغاء عضويتك {number} اعتبارا من {date} استنادا إلى {law}. {review}",
		LetterCancelled: "تم إلغاء تصريحك {number} اعتبارا من {date} استنادا إلى {law}. للسفر قدّم طلب تأشيرة. {review}",
		LetterRestored:  "نظرنا في {ref} من جديد. {what} {number} سارية حتى {until}.",
		LetterExpired:   "انتهت {what} {number} في {date}. يمكنك تقديم طلب جديد في أي وقت.",
		LetterReview:    "طلبت منا النظر في {ref} من جديد. ينظر فيه من لم يشارك في القرار الأول، ويصلك الرد خلال {answer} يوما.",
		LetterInterim:   "ننظر في استفسارك {ref}. يحتاج الأمر وقتا أطول قليلا ولا يلزمك القيام بشيء.",
		LetterRedress:   "راجعنا استفسارك {ref} وصححنا ما وجب تصحيحه. رقم التظلم الخاص بك هو {number} فاذكره عند الحجز. لا نؤكد ولا ننفي ورود اسم أي شخص في أي قائمة. {review}",
	},
}

// phrases are what letters share.
var phrases = map[string]map[string]string{
	"en": {
		"law":    "the law on entry and facilitation",
		"visa":   " To travel, apply for a visa.",
		"review": "You may ask for a review within {apply} days, on your page or from {contact}; it is made by somebody who had no part in this decision, and answered within {answer} days.",
		"member": "membership", "permit": "authorisation", "other": "application",
	},
	"ar": {
		"law":    "قانون الدخول والتسهيلات",
		"visa":   " للسفر قدّم طلب تأشيرة.",
		"review": "يحق لك طلب المراجعة خلال {apply} يوما في صفحتك أو لدى {contact}، ويقوم بها من لم يشارك في هذا القرار، ويصلك الرد خلال {answer} يوما.",
		"member": "عضويتك", "permit": "تصريحك", "other": "طلبك",
	},
}

// Text is a letter's words.
func (d *Domain) text(a *Application, l Letter, language string) string {
	of := phrases[language]
	what := of["other"]
	switch a.Kind {
	case Membership:
		what = of["member"]
	case Authorisation:
		what = of["permit"]
	}
	visa := ""
	if a.Kind == Authorisation {
		visa = of["visa"]
	}
	day := func(t time.Time) string {
		if t.IsZero() {
			return "—"
		}
		return t.UTC().Format(time.DateOnly)
	}
	number := a.Number
	if number == "" {
		number = a.Ref
	}
	text := strings.NewReplacer("{review}", of["review"]).Replace(words[language][l.Kind])
	text = strings.NewReplacer(
		"{number}", number, "{ref}", a.Ref, "{until}", day(d.lasts(a)), "{date}", day(l.At), "{law}", of["law"], "{visa}", visa, "{what}", what, "{contact}", d.settings.Contact,
		"{apply}", fmt.Sprint(d.settings.Review.Apply), "{answer}", fmt.Sprint(d.settings.Review.Answer),
	).Replace(text)
	return text
}
