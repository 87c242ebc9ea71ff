import { expect, it } from 'vitest'
import { acts, defaults, pressed } from './keys'

const event = (key: string, code = '', more = {}) => ({ key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more })

it('finds keys by their place on an Arabic board', () => {
  expect(pressed(event('ت', 'KeyJ'))).toBe('j')
  expect(pressed(event('ن', 'KeyK', { ctrlKey: true }))).toBe('Ctrl+k')
  expect(pressed(event('؟', 'Slash', { shiftKey: true }))).toBe('?')
  expect(pressed(event('١', 'Digit1'))).toBe('1')
})

it('reads the rest as it is', () =>
  expect([pressed(event('j')), pressed(event('K', '', { metaKey: true })), pressed(event('Enter', '', { ctrlKey: true })), pressed(event('?'))]).toEqual([
    'j', 'Ctrl+k', 'Ctrl+Enter', '?',
  ]))

it('gives no two acts of one page the same key', () => {
  const rooms = ['go', 'list', 'case', 'desk']
  const together = acts.filter((act) => rooms.includes(act.split('.')[0] ?? ''))
  expect(new Set(together.map((act) => defaults[act])).size).toBe(together.length)
})
