import { describe, expect, it } from 'vitest'
import { checkDigit, readMrz, tidy } from './mrz'

const today = '2026-05-09'
const good = 'P<BHRALSAMPLE<<LAYLA<<<<<<<<<<<<<<<<<<<<<<<<\nP2233445<0BHR9104026F3103315<<<<<<<<<<<<<<<4'
const codes = (text: string) => readMrz(text, today).faults.map(({ code, line, field }) => [code, line, ...(field ? [field] : [])].join(' '))

describe('a machine-readable zone', () => {
  it('is read whole', () =>
    expect(readMrz(good, today).mrz).toEqual({ kind: 'TD3', type: 'P', issuer: 'BHR', number: 'P2233445', family: 'ALSAMPLE', given: 'LAYLA', nationality: 'BHR', born: '1991-04-02', sex: 'F', expires: '2031-03-31' }))

  it('is read as people paste it', () => {
    for (const text of [good.toLowerCase(), good.replace('\n', ''), `  ${good.replace(/<</g, '«')}  \n`, good.replace('\n', '\r\n\r\n'), good.replace(/3/g, '٣')]) expect(readMrz(text, today).mrz?.number).toBe('P2233445')
  })

  it('knows cards of three lines and visas', () => {
    const card = ['IDBHRP223344500<<<<<<<<<<<<<<<', '9104026F3103315BHR<<<<<<<<<<<', 'ALSAMPLE<<LAYLA<<<<<<<<<<<<<<<'] as const
    const over = card[0].slice(5, 30) + card[1].slice(0, 7) + card[1].slice(8, 15) + card[1].slice(18, 29)
    const number = checkDigit(card[0].slice(5, 14))
    const mended = card[0].slice(0, 14) + number + card[0].slice(15)
    const text = [mended, card[1] + checkDigit(mended.slice(5, 30) + over.slice(25)), card[2]].join('\n')
    expect(readMrz(text, today).mrz).toMatchObject({ kind: 'TD1', type: 'ID', number: 'P22334450', family: 'ALSAMPLE', given: 'LAYLA' })
  })

  it('says what does not fit, and where', () => {
    expect(codes(good.replace('P2233445<0', 'P2233445<1'))).toEqual(['check 1 number', 'composite 1'])
    expect(codes(good.replace('910402', '911402'))).toEqual(['date 1 born', 'composite 1'])
    expect(codes(good.replace('910402', '91O402'))).toEqual(['letter 1 born', 'composite 1'])
    expect(codes(good.replace('ALSAMPLE', 'ALSAMPLÉ'))).toEqual(['character 0'])
    expect(codes(good.replace('P<BHR', 'X<BHR'))).toContain('kind 0')
    expect(codes(good.replace('LAYLA<', 'LAYLA'))).toEqual(['length 0'])
  })

  it('calls nothing wrong that is only not typed yet, and finds a wrong digit as soon as it is there', () => {
    for (let at = 0; at < good.length; at++) expect([at, codes(good.slice(0, at))]).toEqual([at, []])
    expect(codes(good.slice(0, 45) + 'P2233445<1')).toEqual(['check 1 number'])
    expect(readMrz(good.slice(0, 60), today).typing).toBe(true)
  })

  it('reads any text without complaint of its own', () => {
    const letters = 'P<VIA0123456789BHR\n«é٣ <'
    let seed = 7
    for (let round = 0; round < 400; round++) {
      let text = ''
      for (let at = 0; at < round % 97; at++) {
        seed = (seed * 1103515245 + 12345) % 2147483648
        text += letters[seed % letters.length]
      }
      const read = readMrz(text, today)
      expect(read.lines).toEqual(read.mrz ? read.lines : expect.any(Array))
      expect(tidy(read.lines.join('\n'))).toEqual(read.lines)
    }
  })
})
