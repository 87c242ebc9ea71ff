import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import i18n from '.'
import ar from './ar.json'
import en from './en.json'

type Tree = { [key: string]: string | string[] | Tree }

function flat(tree: Tree, before = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    const path = before + key
    if (typeof value === 'string') found.set(path, value)
    else if (Array.isArray(value)) value.forEach((text, index) => found.set(`${path}.${index}`, text))
    else for (const [inner, text] of flat(value, `${path}.`)) found.set(inner, text)
  }
  return found
}

const plural = /_(zero|one|two|few|many|other)$/
const bases = (texts: Map<string, string>) => new Set([...texts.keys()].map((key) => key.replace(plural, '')))
const english = flat(en as Tree)
const arabic = flat(ar as Tree)

function sources(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name)
    if (statSync(path).isDirectory()) return sources(path)
    return /\.tsx?$/.test(name) && !/\.test\./.test(name) ? [path] : []
  })
}
const code = sources(join(import.meta.dirname, '..')).map((path) => readFileSync(path, 'utf8')).join('\n')

describe('both languages', () => {
  it('have the same keys', () => expect([...bases(arabic)].sort()).toEqual([...bases(english)].sort()))

  it('fill in the same values', () => {
    const holes = (text: string) => [...new Set([...text.matchAll(/{{(\w+)}}/g)].map((found) => found[1]))].sort()
    // "minutes" is said without its padded figure in Arabic, where columns are not made of figures.
    const own = new Set(['count', 'padded'])
    for (const [key, text] of english) {
      // A singular may say its figure as a word, so plurals are compared where they count.
      if (plural.test(key) && !key.endsWith('_other')) continue
      const other = arabic.get(key) ?? ''
      expect([key, holes(other).filter((hole) => !own.has(hole ?? ''))]).toEqual([key, holes(text).filter((hole) => !own.has(hole ?? ''))])
    }
  })

  it('leave no text empty', () => expect([...english, ...arabic].filter(([, text]) => text === '')).toEqual([]))
})

describe('plurals', () => {
  const counted = [...bases(english)].filter((base) => english.has(`${base}_other`))
  it('have both English forms', () => expect(counted.filter((base) => !english.has(`${base}_one`))).toEqual([]))
  it('have all six Arabic forms', () => {
    const missing = counted.flatMap((base) => ['zero', 'one', 'two', 'few', 'many', 'other'].map((form) => `${base}_${form}`)).filter((key) => !arabic.has(key))
    expect(missing).toEqual([])
  })
  it('are chosen as Arabic grammar wants', () => {
    const t = i18n.getFixedT('ar')
    expect([0, 1, 2, 3, 11, 100].map((count) => t('flights.count', { count }))).toEqual(['لا رحلات', 'رحلة واحدة', 'رحلتان', '3 رحلات', '11 رحلة', '100 رحلة'])
  })
})

describe('the code', () => {
  it('uses no key that is missing', () => {
    const used = [...code.matchAll(/\bt\(\s*(?:[\w.!=' ]+\?\s*)?'([\w.-]+)'/g), ...code.matchAll(/\bt\([^()'`]*\?[^()'`]*'([\w.-]+)'/g)].map((found) => found[1] ?? '')
    const either = [...code.matchAll(/\? '([a-z]\w+\.[\w.]+)' : '([a-z]\w+\.[\w.]+)'/g)].flatMap((found) => [found[1] ?? '', found[2] ?? ''])
    const known = new Set([...bases(english), ...[...bases(english)].map((key) => key.replace(/\.\d+$/, ''))])
    expect([...new Set([...used, ...either])].filter((key) => key.includes('.') && !known.has(key) && !key.endsWith('.'))).toEqual([])
  })

  it('builds keys only inside rooms that exist', () => {
    const rooms = [...code.matchAll(/\bt\(\s*`([\w.]+?)\.\$\{/g)].map((found) => found[1] ?? '')
    expect(rooms.length).toBeGreaterThan(10)
    expect([...new Set(rooms)].filter((room) => ![...bases(english)].some((key) => key.startsWith(`${room}.`)))).toEqual([])
  })

  it('has no text that nobody says', () => {
    const rooms = new Set([...code.matchAll(/`([\w.]+)[._]\$\{/g)].map((found) => found[1] ?? ''))
    const said = new Set([...code.matchAll(/'([\w.-]+)'/g)].map((found) => found[1] ?? ''))
    const unused = [...bases(english)].filter((key) => {
      const parts = key.replace(/\.\d+$/, '').split('.')
      const room = parts.slice(0, -1).join('.')
      const whole = parts.join('.')
      return !said.has(whole) && !rooms.has(room) && !rooms.has(parts.slice(0, -2).join('.')) && !rooms.has(whole.replace(/_[^_]+$/, ''))
    })
    expect(unused).toEqual([])
  })
})
