import { expect, it } from 'vitest'
import { blank, documentOf, drafted, fieldsOf } from './draft'

it.each([
  ['P A1234567 BHR', { type: 'P', number: 'A1234567', issuer: 'BHR' }],
  ['a1234567', { number: 'A1234567' }],
  ['A1234567 GBR', { number: 'A1234567', issuer: 'GBR' }],
  ['ID 77 88', { type: 'ID', number: '7788' }],
])('reads the document %s', (text, want) => expect(documentOf(text)).toEqual(want))

it('sends what is typed and nothing that is not', () => {
  const fields = { ...blank, names: 'AL ZURFANI, Kassem\nقاسم الزرفاني', births: '1981', countries: 'irq', basis: 'Court order', owner: 'State security', review: '2027-01-01', until: '2028-01-01', why: 'Order of the court' }
  expect(drafted('add', fields)).toEqual({
    action: 'add', id: undefined, reason: 'Order of the court', basis: 'Court order', owner: 'State security', review: '2027-01-01', until: '2028-01-01',
    entry: {
      names: [{ text: 'AL ZURFANI, Kassem', kind: 'primary' }, { text: 'قاسم الزرفاني', kind: 'alias' }],
      births: ['1981'], sex: undefined, countries: [{ code: 'IRQ' }], documents: undefined, topics: undefined, reason: undefined, instruction: undefined,
    },
  })
  expect(drafted('remove', fields, 'W-1')).toEqual({ action: 'remove', id: 'W-1', reason: 'Order of the court' })
})

it('gives back what an entry holds', () =>
  expect(fieldsOf({ id: 'W-1', schema: 'Person', names: [{ text: 'A', kind: 'primary' }, { text: 'B', kind: 'alias' }], documents: [{ type: 'P', number: '1', issuer: 'BHR' }], until: '2028-01-01' })).toEqual({
    ...blank, names: 'A\nB', documents: 'P 1 BHR', until: '2028-01-01',
  }))
