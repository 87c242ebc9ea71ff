import { describe, expect, it } from 'vitest'
import type { Flight } from '../api/types'
import { completeness, designator, groupOf, milestone, otherEnd, phase, flightContext } from './flight'

const at = (clock: string) => Date.parse(`2026-11-24T${clock}:00Z`)
const feed = (received: number, expected = 10) => ({ received, expected, pushes: 0, complete: received >= expected })
const flight = (change: Partial<Flight> = {}): Flight => ({
  id: 'f', carrier: 'ZZ', number: '431', date: '2026-11-24', from: 'LHR', to: 'BAH', direction: 'arrival',
  departure: '2026-11-24T12:20:00Z', arrival: '2026-11-24T19:05:00Z', status: 'scheduled',
  passengers: 301, crew: 12, boarded: 0, findings: 0, cases: 0, severities: {}, api: feed(0), pnr: feed(10), ...change,
})

describe('milestone', () => {
  it.each([
    ['before it leaves', flight(), '11:06', 'departs'],
    ['in the air', flight(), '15:00', 'lands'],
    ['on the ground', flight(), '20:00', 'landed'],
    ['outbound is out of reach once gone', flight({ direction: 'departure' }), '15:00', 'departed'],
    ['without times', flight({ departure: undefined, arrival: undefined }), '15:00', 'unknown'],
  ])('%s', (_name, one, now, want) => expect(milestone(one, at(now)).kind).toBe(want))
})

describe('phase', () => {
  it.each([
    [flight(), '11:06', 'scheduled'],
    [flight({ api: feed(3) }), '11:06', 'checkin'],
    [flight({ boarded: 3 }), '11:06', 'boarding'],
    [flight({ boarded: 3, status: 'closed' }), '11:06', 'closed'],
    [flight(), '13:00', 'airborne'],
    [flight(), '20:00', 'landed'],
    [flight({ status: 'cancelled' }), '20:00', 'cancelled'],
  ])('%#', (one, now, want) => expect(phase(one, at(now))).toBe(want))
})

describe('groups', () => {
  const hours = (count: number) => groupOf(at('12:00') + count * 3_600_000, at('12:00'))
  it('part the day by time to go', () =>
    expect([-3, -1, 0.5, 2, 5, 20, 30].map(hours)).toEqual(['past', 'recent', 'hour', 'three', 'six', 'day', 'later']))
})

describe('completeness', () => {
  it('is due until departure and overdue after', () => {
    expect(completeness(feed(0), flight(), at('11:00')).state).toBe('due')
    expect(completeness(feed(0), flight(), at('12:34')).state).toBe('overdue')
    expect(completeness(feed(1), flight(), at('12:34')).state).toBe('counted')
    expect(completeness(undefined, flight({ status: 'cancelled' }), at('12:34')).state).toBe('none')
  })
})

it('writes flights with three digits', () => expect([designator(flight({ number: '52' })), designator(flight({ suffix: 'A' }))]).toEqual(['ZZ052', 'ZZ431A']))
it('knows the other end', () => expect([otherEnd(flight(), ['BAH']), otherEnd(flight({ direction: 'other', to: 'DXB' }), ['BAH'])]).toEqual(['from', 'to']))

describe('what the node says in one piece', () => {
  it('is taken apart where it is a flight', () => {
    expect(flightContext('XX81 2026-11-25 BAH-DOH')).toEqual({ flight: 'XX081', date: '2026-11-25', from: 'BAH', to: 'DOH' })
    expect(flightContext('waybill 020-12345675')).toBeUndefined()
    expect(flightContext(undefined)).toBeUndefined()
  })
})
