import { describe, expect, it } from 'vitest'
import { alpha2, alpha3, countries, countryName } from './countries'

describe('countries', () => {
  it('are called as their readers call them', () => {
    expect(countryName('BHR', 'en')).toBe('Bahrain')
    expect(countryName('BHR', 'ar')).toBe('البحرين')
    expect(countryName('BH', 'en')).toBe('Bahrain')
    expect(countryName('D', 'en')).toBe('Germany')
    expect(countryName('UTO', 'en')).toBe('UTO')
  })
  it('stand in the order of their names, each once', () => {
    for (const language of ['en', 'ar'] as const) {
      const all = countries(language)
      expect(all.length).toBeGreaterThan(240)
      expect(new Set(all.map((one) => one.value)).size).toBe(all.length)
      expect(all.map((one) => one.label)).toEqual([...all.map((one) => one.label)].sort(new Intl.Collator(language).compare))
    }
  })
  it('have a code of two letters and one of three', () => {
    expect([alpha3('BH'), alpha2('BHR'), alpha3('XX'), alpha2('UTO')]).toEqual(['BHR', 'BH', 'XX', 'UTO'])
  })
})
