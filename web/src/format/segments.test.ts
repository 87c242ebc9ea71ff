import { describe, expect, it } from 'vitest'
import { checkEnvelope, readSegments, replaceSegments, textOf } from './segments'

const bytes = (text: string) => Uint8Array.from(text, (one) => one.charCodeAt(0))
const message = "UNA:+.? 'UNB+UNOA:4+ZZAIR+RIHLA+261124:1358+4417'\r\nUNH+1+PAXLST:D:05B:UN:IATA'TDT+20+ZZ431'LOC+125+LHR'NAD+FL+++O?'NEILL:ANNA'DOC+P+1'DTM+36:330119'UNT+7+1'UNZ+1+4417'"

describe('readSegments', () => {
  const read = readSegments(bytes(message))
  it('counts from UNB and places every segment at its byte', () =>
    expect(read.map(({ segment, tag, offset }) => [segment, tag, message.slice(offset, offset + 3) === tag])).toEqual([
      [undefined, 'UNA', true], [1, 'UNB', true], [2, 'UNH', true], [3, 'TDT', true], [4, 'LOC', true], [5, 'NAD', true],
      [6, 'DOC', true], [7, 'DTM', true], [8, 'UNT', true], [9, 'UNZ', true],
    ]))
  it('does not end at a released terminator', () => expect(read[5]?.text).toBe("NAD+FL+++O?'NEILL:ANNA'"))
  it('gives followers the kind of what stands above', () => expect(read.map((one) => one.kind).slice(3, 8)).toEqual(['flight', 'flight', 'person', 'document', 'document']))
  it('takes any bytes', () => {
    expect(readSegments(bytes('<html>no</html>'))).toHaveLength(1)
    expect(readSegments(new Uint8Array())).toEqual([])
    expect(readSegments(bytes('UNA'))).toHaveLength(1)
    expect(readSegments(bytes("?"))).toHaveLength(1)
  })
})

describe('replaceSegments', () => {
  it('changes only what was mended', () => {
    const raw = bytes(message)
    const mended = replaceSegments(raw, readSegments(raw), new Map([[4, "LOC+125+MAN'"]]))
    expect(textOf(mended)).toBe(message.replace('LHR', 'MAN'))
  })
  it('keeps single-byte text single-byte', () => {
    const raw = bytes("NAD+J\xD6RG'DTM+1'")
    expect(replaceSegments(raw, readSegments(raw), new Map([[0, "NAD+J\xD6RN'"]])).length).toBe(raw.length)
  })
})

it('checks what surrounds the message', () => {
  const good = checkEnvelope(readSegments(bytes(message)))
  expect(good.map((check) => [check.code, check.good])).toEqual([['envelope', true], ['count', true], ['reference', true]])
  const bad = checkEnvelope(readSegments(bytes(message.replace('UNT+7', 'UNT+9').replace('UNZ+1+4417', 'UNZ+1+1'))))
  expect(bad.map((check) => check.good)).toEqual([true, false, false])
})
