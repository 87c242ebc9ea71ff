import type { Completeness, Flight } from '../api/types'
import { hour } from './time'

/* What a flight's times and counts mean to someone who may still act on it. */

export type Phase = 'cancelled' | 'scheduled' | 'checkin' | 'boarding' | 'closed' | 'airborne' | 'landed'
export type Milestone = { kind: 'departs' | 'lands' | 'landed' | 'departed' | 'unknown'; at: number }
export type Group = 'recent' | 'hour' | 'three' | 'six' | 'day' | 'later' | 'past'

const parse = (text: string | undefined) => (text ? Date.parse(text) : Number.NaN)

export const designator = (flight: Pick<Flight, 'carrier' | 'number' | 'suffix'>) =>
  `${flight.carrier}${flight.number.padStart(3, '0')}${flight.suffix ?? ''}`

/** The same of a designator in one piece: XX81 is XX081. */
export const designatorOf = (text: string) => text.replace(/^([A-Z0-9]{2})(\d{1,4})([A-Z]?)$/, (_all, carrier: string, number: string, suffix: string) => designator({ carrier, number, suffix }))

/** What a case or a hit is about, as the node says it: flight, date, route. */
export function flightContext(text: string | undefined): { flight: string; date: string; from: string; to: string } | undefined {
  const found = /^([A-Z0-9]{2}\d{1,4}[A-Z]?) (\d{4}-\d\d-\d\d) ([A-Z]{3})-([A-Z]{3})$/.exec(text ?? '')
  return found?.[1] && found[2] && found[3] && found[4] ? { flight: designatorOf(found[1]), date: found[2], from: found[3], to: found[4] } : undefined
}

/** The next moment after which something can no longer be done about the flight. */
export function milestone(flight: Flight, now: number): Milestone {
  const leaves = parse(flight.departure)
  const lands = parse(flight.arrival)
  if (now < leaves) return { kind: 'departs', at: leaves }
  if (flight.direction === 'departure' && !Number.isNaN(leaves)) return { kind: 'departed', at: leaves }
  if (now < lands) return { kind: 'lands', at: lands }
  if (!Number.isNaN(lands)) return { kind: 'landed', at: lands }
  if (!Number.isNaN(leaves)) return { kind: 'departed', at: leaves }
  return { kind: 'unknown', at: Number.NaN }
}

export function phase(flight: Flight, now: number): Phase {
  if (flight.status === 'cancelled') return 'cancelled'
  if (now >= parse(flight.arrival)) return 'landed'
  if (now >= parse(flight.departure)) return 'airborne'
  if (flight.status === 'closed') return 'closed'
  if ((flight.boarded ?? 0) > 0) return 'boarding'
  if ((flight.api?.received ?? 0) > 0) return 'checkin'
  return 'scheduled'
}

// A desk at the airport still meets passengers for a while after landing.
const deskOpen = 2 * hour

export function groupOf(at: number, now: number): Group {
  const left = at - now
  if (Number.isNaN(left)) return 'later'
  if (left < -deskOpen) return 'past'
  if (left < 0) return 'recent'
  if (left < hour) return 'hour'
  if (left < 3 * hour) return 'three'
  if (left < 6 * hour) return 'six'
  if (left < 24 * hour) return 'day'
  return 'later'
}

export const groups: Group[] = ['recent', 'hour', 'three', 'six', 'day', 'later', 'past']

export type Standing = { state: 'none' | 'due' | 'overdue' | 'counted'; at?: number }

/** Passenger data is due by departure: before it is "due", after it "overdue". */
export function completeness(part: Completeness | undefined, flight: Flight, now: number): Standing {
  const received = part?.received ?? 0
  if (flight.status === 'cancelled') return { state: received > 0 ? 'counted' : 'none' }
  if (received > 0) return { state: 'counted' }
  const leaves = parse(flight.departure)
  if (Number.isNaN(leaves)) return { state: 'none' }
  return now < leaves ? { state: 'due', at: leaves } : { state: 'overdue', at: leaves }
}

/** The airport at the other end strong, our own quiet. */
export function otherEnd(flight: Flight, home: string[]): 'from' | 'to' {
  if (flight.direction === 'arrival') return 'from'
  if (flight.direction === 'departure') return 'to'
  return home.includes(flight.to) ? 'from' : 'to'
}
