import { describe, expect, it } from 'vitest'
import i18n from '../i18n'
import { age, clock, day, daysBetween, digits, hijri, localClock, relative, signed, span, type Speech } from './time'

const en: Speech = { language: 'en', digits: 'latn' }
const ar: Speech = { language: 'ar', digits: 'latn' }
const arab: Speech = { language: 'ar', digits: 'arab' }
const say = (language: string) => i18n.getFixedT(language)
const m = 60_000

describe('dates', () => {
  it.each([
    ['1981-03-14', en, '14 Mar 1981'],
    ['1981-09-14', en, '14 Sep 1981'],
    ['1981-03', en, 'Mar 1981'],
    ['1981', en, '1981'],
    ['--11-24', en, '24 Nov'],
    ['1981-03-14', ar, '14 مارس 1981'],
    ['1981-03-14', arab, '١٤ مارس ١٩٨١'],
    ['', en, ''],
    ['not a date', en, 'not a date'],
  ])('%s', (text, speech, want) => expect(day(text, speech).replace(/\u200f/g, '')).toBe(want))

  it('names the weekday when asked', () => expect(day('2026-11-24', en, true).replace(',', '')).toBe('Tue 24 Nov'))
  it('knows the Hijri day', () => expect(hijri('2026-11-24', en)).toContain('1448'))
  it('counts days across midnight', () => expect(daysBetween('2026-11-24T23:10', '2026-11-25T02:00')).toBe(1))
  it('counts none where one side is unknown', () => expect(daysBetween(undefined, '2026-11-25T02:00')).toBe(0))
})

describe('ages', () => {
  it.each([
    ['1981-11-24', '2026-11-24', 45],
    ['1981-11-25', '2026-11-24', 44],
    ['1981', '2026-11-24', undefined],
    [undefined, '2026-11-24', undefined],
    ['2030-01-01', '2026-11-24', undefined],
  ])('%s on %s', (born, on, want) => expect(age(born, on)).toBe(want))
})

describe('spans', () => {
  it.each([
    [0, '0 min', 'أقل من دقيقة'],
    [26 * m, '26 min', '26 دقيقة'],
    [60 * m, '1 h', 'ساعة'],
    [74 * m, '1 h 14 min', 'ساعة و14 دقيقة'],
    [124 * m, '2 h 04 min', 'ساعتين و4 دقائق'],
    [72 * 60 * m, '3 days', '3 أيام'],
  ])('%d ms', (length, english, arabic) => {
    expect(span(length, say('en'))).toBe(english)
    expect(span(length, say('ar'))).toBe(arabic)
  })
  it('looks both ways', () => {
    expect(relative(74 * m, 0, say('en'))).toBe('in 1 h 14 min')
    expect(relative(0, 15 * m, say('en'))).toBe('15 min ago')
    expect(relative(74 * m, 0, say('ar'))).toBe('بعد ساعة و14 دقيقة')
    expect(relative(0, 15 * m, say('ar'))).toBe('قبل 15 دقيقة')
  })
})

describe('clocks and figures', () => {
  it('reads an instant in a place', () => expect(clock('2026-11-24T11:06:00Z', 'Asia/Bahrain', en)).toBe('14:06'))
  it('keeps local clocks as they are', () => expect(localClock('2026-11-24T01:15', en)).toBe('01:15'))
  it('changes digits only by setting', () => expect([digits('14:06', ar), digits('14:06', arab)]).toEqual(['14:06', '١٤:٠٦']))
  it('signs with a true minus', () => expect([signed(1.55, 2), signed(-0.3), signed(0)]).toEqual(['+1.55', '−0.3', '0']))
})
