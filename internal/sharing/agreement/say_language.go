package agreement

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// tongue is how a language counts, lists and names things.
type tongue struct {
	arabic bool
	native bool // the document is written in it
}

// say fills a phrase.
func (t tongue) say(key string, with ...any) string {
	return fmt.Sprintf(t.word(phrases[key]), with...)
}

func (t tongue) word(p phrase) string {
	if t.arabic {
		return p.ar
	}
	return p.en
}

// in looks a word up; one that there is not stands for itself.
func (t tongue) in(table map[string]phrase, key string) string {
	if p, ok := table[key]; ok {
		return t.word(p)
	}
	return t.foreign(key)
}

// foreign keeps letters of the other direction in their own order inside a text.
func (t tongue) foreign(text string) string {
	if !t.arabic || !strings.ContainsFunc(text, func(r rune) bool { return r < 0x250 && (r|0x20 >= 'a' && r|0x20 <= 'z') }) {
		return text
	}
	const first, pop = "\u2068", "\u2069" // first strong isolate, pop directional isolate
	return first + text + pop
}

func (t tongue) quote(text string) string {
	if t.arabic {
		return "«" + t.foreign(text) + "»"
	}
	return "“" + text + "”"
}

// and joins a list as one reads it out.
func (t tongue) and(items []string) string { return t.series(items, "and", " و") }

// or joins a list of which one is meant.
func (t tongue) or(items []string) string { return t.series(items, "or", " أو ") }

// series puts a word before the last in English, and before each in Arabic.
func (t tongue) series(items []string, word, arabic string) string {
	last := len(items) - 1
	switch {
	case t.arabic:
		return strings.Join(items, arabic)
	case last < 1:
		return strings.Join(items, "")
	}
	return strings.Join(items[:last], ", ") + " " + word + " " + items[last]
}

// list names several things, separated.
func (t tongue) list(items []string) string {
	if t.arabic {
		return strings.Join(items, "، ")
	}
	return strings.Join(items, ", ")
}

// counted is how a thing is counted: in English one and many; in Arabic one, two, three to ten, eleven to ninety-nine, and
// a hundred, each as after a preposition.
type counted struct{ one, many, arOne, arTwo, arFew, arMany, arHundred string }

var (
	years      = counted{"year", "years", "سنة واحدة", "سنتين", "سنوات", "سنة", "سنة"}
	months     = counted{"month", "months", "شهر واحد", "شهرين", "أشهر", "شهراً", "شهر"}
	daysWord   = counted{"day", "days", "يوم واحد", "يومين", "أيام", "يوماً", "يوم"}
	hours      = counted{"hour", "hours", "ساعة واحدة", "ساعتين", "ساعات", "ساعة", "ساعة"}
	minutes    = counted{"minute", "minutes", "دقيقة واحدة", "دقيقتين", "دقائق", "دقيقة", "دقيقة"}
	seconds    = counted{"second", "seconds", "ثانية واحدة", "ثانيتين", "ثوان", "ثانية", "ثانية"}
	characters = counted{"character", "characters", "حرف واحد", "حرفين", "أحرف", "حرفاً", "حرف"}
	requests   = counted{"message", "messages", "رسالة واحدة", "رسالتين", "رسائل", "رسالة", "رسالة"}
	persons    = counted{"subject", "subjects", "صاحب بيانات واحد", "صاحبَي بيانات", "من أصحاب البيانات", "من أصحاب البيانات", "من أصحاب البيانات"}
)

// count says how many there are.
func (t tongue) count(n int64, of counted) string {
	number := grouped(n)
	switch {
	case !t.arabic && n == 1:
		return number + " " + of.one
	case !t.arabic:
		return number + " " + of.many
	case n == 1:
		return of.arOne
	case n == 2:
		return of.arTwo
	case n%100 >= 3 && n%100 <= 10:
		return number + " " + of.arFew
	case n%100 >= 11:
		return number + " " + of.arMany
	}
	return number + " " + of.arHundred
}

// grouped writes a number with its thousands apart.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// duration says a duration in the units in which it was written.
func (t tongue) duration(d Duration) string {
	parts := durationForm.FindStringSubmatch(d.text)
	if parts == nil {
		return ""
	}
	var said []string
	for _, unit := range []struct {
		group int
		of    counted
	}{{1, years}, {2, months}, {3, daysWord}, {5, hours}, {6, minutes}, {7, seconds}} {
		if n, err := strconv.ParseInt(parts[unit.group], 10, 64); err == nil && n > 0 {
			said = append(said, t.count(n, unit.of))
		}
	}
	if said == nil {
		return t.count(0, seconds)
	}
	return t.and(said)
}

// every says a duration after “every”: of one unit, the unit alone.
func (t tongue) every(d Duration) string {
	said := t.duration(d)
	if t.arabic {
		return strings.TrimSuffix(strings.TrimSuffix(said, " واحدة"), " واحد")
	}
	return strings.TrimPrefix(said, "1 ")
}

var monthNames = [...]phrase{
	{"January", "يناير"}, {"February", "فبراير"}, {"March", "مارس"}, {"April", "أبريل"}, {"May", "مايو"}, {"June", "يونيو"},
	{"July", "يوليو"}, {"August", "أغسطس"}, {"September", "سبتمبر"}, {"October", "أكتوبر"}, {"November", "نوفمبر"}, {"December", "ديسمبر"},
}

func (t tongue) date(d Date) string {
	return fmt.Sprintf("%d %s %d", d.Day(), t.word(monthNames[d.Month()-1]), d.Year())
}

// articled are the countries that English names with an article.
var articled = map[string]bool{"US": true, "GB": true, "AE": true, "NL": true, "PH": true, "BS": true, "GM": true, "MV": true, "KM": true, "SC": true, "SB": true, "MH": true}

// country names a country, alpha-2.
func (t tongue) country(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return t.foreign(code)
	}
	if t.arabic {
		return display.Regions(language.Arabic).Name(region)
	}
	name := display.Regions(language.English).Name(region)
	if articled[code] {
		name = "the " + name
	}
	return name
}

// holders are so many people who hold a role.
func (t tongue) holders(role string, n int) string {
	p, ok := people[role]
	switch {
	case !ok:
		return t.foreign(role)
	case t.arabic && n == 1:
		return p.ar
	case t.arabic && n == 2:
		return p.arTwo
	case t.arabic:
		return strconv.Itoa(n) + " " + p.arMany
	case n == 1:
		return "one " + p.en
	case n == 2:
		return "two " + p.many
	}
	return strconv.Itoa(n) + " " + p.many
}

// capital begins a sentence.
func (t tongue) capital(text string) string {
	if t.arabic || text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// sentence takes the stop off a text that gets one from the phrase it goes into.
func sentence(text string) string { return strings.TrimRight(strings.TrimSpace(text), ".") }

// aim is the text of a purpose.
func (t tongue) aim(p Purpose) string {
	if text, ok := t.own(p.Text, p.TextAr); ok {
		return sentence(text)
	}
	if ar, ok := aims[p.ID]; ok && t.arabic {
		return ar
	}
	return sentence(t.foreign(p.Text))
}

// own is the document's text in the language, where it has one; ok says whether it has.
func (t tongue) own(text, arabic string) (string, bool) {
	switch {
	case t.native:
		return text, true
	case t.arabic:
		return arabic, strings.TrimSpace(arabic) != ""
	}
	return "", false
}
