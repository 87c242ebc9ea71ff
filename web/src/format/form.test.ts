import { describe, expect, it } from 'vitest'
import { assemble, fieldFor, latin, pointerOf } from './form'

describe('a form by pointers', () => {
  it('is what is sent', () =>
    expect(assemble({ '/schema': 'x', '/contact/email': ' a@b.example ', '/contact/phone': '', '/declarations/convictions': false, '/addresses/1/city': 'Manama', '/addresses/0/city': 'Riffa', '/addresses/3/city': 'Isa Town', note: 'left out', '/consent': undefined })).toEqual({
      schema: 'x',
      contact: { email: 'a@b.example' },
      declarations: { convictions: false },
      addresses: [{ city: 'Riffa' }, { city: 'Manama' }, { city: 'Isa Town' }],
    }))
  it('finds the field of a place, or the nearest around it', () => {
    const fields = new Set(['/applicant/document/mrz', '/addresses', '/consent'])
    expect(fieldFor(pointerOf('applicant.document.mrz[1]'), fields)).toBe('/applicant/document/mrz')
    expect(fieldFor('/addresses/0/from', fields)).toBe('/addresses')
    expect(fieldFor('/payment', fields)).toBeUndefined()
    expect(pointerOf('/consent')).toBe('/consent')
  })
  it('reads every keyboard’s figures', () => expect(latin('٢٠٢٦-۰۵ A1')).toBe('2026-05 A1'))
})
