import type { TFunction } from 'i18next'

/* Instants are UTC inside; a clock is always read in a named place. Everything here is pure: "now" is given. */

const minute = 60_000
const hour = 60 * minute

export type Speech = { language: 'en' | 'ar'; digits: 'latn' | 'arab' }

export function locale({ language, digits }: Speech): string {
  return language === 'ar' ? `ar-BH-u-ca-gregory-nu-${digits}` : 'en-GB'
}

const made = new Map<string, Intl.DateTimeFormat>()
function formatter(where: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = where + JSON.stringify(options)
  let found = made.get(name)
  if (!found) {
    found = new Intl.DateTimeFormat(where, options)
    made.set(name, found)
  }
  return found
}

const valid = (date: Date) => !Number.isNaN(date.getTime())

/** "14:06" of an instant, on the clock of a zone. */
export function clock(at: string | number, zone: string, speech: Speech): string {
  const date = new Date(at)
  if (!valid(date)) return ''
  return formatter(speech.language === 'ar' ? `ar-BH-u-nu-${speech.digits}` : 'en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  }).format(date)
}

/** "14:06" out of "2026-11-24T14:06", which has no zone and needs none. */
export function localClock(local: string | undefined, speech: Speech): string {
  const found = /T(\d\d:\d\d)/.exec(local ?? '')?.[1]
  return found ? digits(found, speech) : ''
}

/** How many days after another local date a local date lies: the "+1" beside an arrival. */
export function daysBetween(from: string | undefined, to: string | undefined): number {
  const day = (text: string | undefined) => Date.parse(`${(text ?? '').slice(0, 10)}T00:00:00Z`)
  const days = (day(to) - day(from)) / (24 * hour)
  return Number.isFinite(days) ? Math.round(days) : 0
}

/** A date as people say it; as vague as it came: "14 Mar 1981", "Mar 1981", "1981", "24 Nov". */
export function day(text: string | undefined, speech: Speech, withWeekday = false): string {
  if (!text) return ''
  const full = /^(\d{4})-(\d\d)-(\d\d)/.exec(text)
  const options: Intl.DateTimeFormatOptions = { timeZone: 'UTC' }
  let date: Date
  if (full) {
    date = new Date(`${full[0]}T00:00:00Z`)
    Object.assign(options, { day: 'numeric', month: speech.language === 'ar' ? 'long' : 'short' })
    if (withWeekday) options.weekday = speech.language === 'ar' ? 'long' : 'short'
    else options.year = 'numeric'
  } else if (/^\d{4}-\d\d$/.test(text)) {
    date = new Date(`${text}-01T00:00:00Z`)
    Object.assign(options, { month: speech.language === 'ar' ? 'long' : 'short', year: 'numeric' })
  } else if (/^--\d\d-\d\d$/.test(text)) {
    date = new Date(`2000-${text.slice(2)}T00:00:00Z`)
    Object.assign(options, { day: 'numeric', month: speech.language === 'ar' ? 'long' : 'short' })
  } else if (/^\d{4}$/.test(text)) {
    return digits(text, speech)
  } else {
    return text
  }
  // "Sept" is the one month en-GB writes with four letters; three keep columns straight.
  return valid(date) ? formatter(locale(speech), options).format(date).replace('Sept', 'Sep') : text
}

/** Date and time of an instant, on the clock of a zone. */
export function moment(at: string | undefined, zone: string, speech: Speech): string {
  if (!at) return ''
  const date = new Date(at)
  if (!valid(date)) return at
  const local = formatter('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(date)
  return `${day(local, speech)} ${clock(at, zone, speech)}`
}

/** The same day in the Hijri calendar, shown on hover. */
export function hijri(text: string | undefined, speech: Speech): string {
  const full = /^\d{4}-\d\d-\d\d/.exec(text ?? '')?.[0]
  if (!full) return ''
  const where = speech.language === 'ar' ? `ar-BH-u-ca-islamic-umalqura-nu-${speech.digits}` : 'en-GB-u-ca-islamic-umalqura'
  return formatter(where, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${full}T00:00:00Z`))
}

/** Whole years lived by a day; nothing if the date of birth is not complete. */
export function age(born: string | undefined, on: string): number | undefined {
  if (!born || !/^\d{4}-\d\d-\d\d$/.test(born)) return undefined
  const years = Number(on.slice(0, 4)) - Number(born.slice(0, 4))
  const before = on.slice(5, 10) < born.slice(5, 10)
  const lived = before ? years - 1 : years
  return lived >= 0 && lived < 130 ? lived : undefined
}

/** "1 h 14 min", "26 min", "3 days": the two largest units, the smaller one padded so that a column stands straight. */
export function span(milliseconds: number, t: TFunction): string {
  const minutes = Math.max(0, Math.floor(Math.abs(milliseconds) / minute))
  const hours = Math.floor(minutes / 60)
  if (hours >= 48) return t('time.days', { count: Math.floor(hours / 24) })
  if (hours === 0) return t('time.minutes', { count: minutes })
  const rest = minutes % 60
  if (rest === 0) return t('time.hours', { count: hours })
  return t('time.both', {
    hours: t('time.hours', { count: hours }),
    minutes: t('time.minutesPadded', { count: rest, padded: String(rest).padStart(2, '0') }),
  })
}

/** "in 1 h 14 min", "15 min ago", "now". */
export function relative(at: number, now: number, t: TFunction): string {
  const distance = at - now
  if (Math.abs(distance) < minute) return t('time.now')
  return distance > 0 ? t('time.in', { span: span(distance, t) }) : t('time.ago', { span: span(distance, t) })
}

/** The same where there is little room: from six hours on, minutes are left out. */
export function roughly(at: number, now: number, t: TFunction): string {
  const distance = at - now
  return Math.abs(distance) < 6 * hour ? relative(at, now, t) : relative(now + Math.trunc(distance / hour) * hour, now, t)
}

/** Numbers by setting in Arabic-Indic digits; codes are never touched. */
export function digits(text: string | number, { language, digits: which }: Speech): string {
  const plain = String(text)
  if (language !== 'ar' || which !== 'arab') return plain
  return plain.replace(/\d/g, (one) => String.fromCharCode(0x0660 + Number(one)))
}

export function number(value: number, speech: Speech): string {
  return digits(new Intl.NumberFormat('en-GB').format(value), speech)
}

/** A weight or score with its sign, a true minus, and two places. */
export function signed(value: number, places = 1): string {
  const text = Math.abs(value).toFixed(places)
  if (Number(text) === 0) return '0'
  return (value > 0 ? '+' : '−') + text
}

export { hour, minute }
