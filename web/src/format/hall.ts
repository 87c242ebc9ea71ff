import { type Hall, type Lane, laneKinds, type PerLane, type Quarter } from '../api/facilitation'

/* A day of a hall, quarter by quarter, as a picture and as figures. */

const quarterMs = 15 * 60_000

/** Every quarter from the first to the last with anything in it, so that what lies between is seen to be empty. */
export function evenly(quarters: readonly Quarter[]): Quarter[] {
  const known = new Map(quarters.map((one) => [Date.parse(one.quarter), one]))
  const times = [...known.keys()].sort((a, b) => a - b)
  const [first] = times
  const last = times.at(-1)
  if (first === undefined || last === undefined) return []
  const none = { count: 0, p50_s: 0, p90_s: 0, p95_s: 0 }
  return Array.from({ length: (last - first) / quarterMs + 1 }, (_, at) => known.get(first + at * quarterMs) ?? { quarter: new Date(first + at * quarterMs).toISOString(), expected: { total: 0, low: 0, high: 0 }, came: 0, wait: none })
}

/** The most people that any quarter holds or may hold, for the height of the picture. */
export const tallest = (quarters: readonly Quarter[]): number => Math.max(1, ...quarters.map((one) => Math.max(one.expected.high, one.expected.total, one.came)))

/** Lanes in their order with how many each has; those without anybody are left out. */
export const perLane = (of: PerLane<number> | undefined): { lane: Lane; count: number }[] => laneKinds.flatMap((lane) => (of?.[lane] ? [{ lane, count: of[lane] ?? 0 }] : []))

/** "4:05" of seconds. */
export function minutes(seconds: number): string {
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/** Desks that fewer are open than the load needs. */
export const shortOf = (quarter: Quarter): Lane[] => laneKinds.filter((lane) => (quarter.hint?.[lane] ?? 0) > (quarter.open?.[lane] ?? quarter.hint?.[lane] ?? 0))

/** The ISO week of a day, as the node is asked for it: "2026-W48". */
export function weekOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`)
  // The week belongs to the year that its Thursday is in.
  date.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7))
  const year = date.getUTCFullYear()
  const week = Math.ceil(((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 + 1) / 7)
  return `${year}-W${String(week).padStart(2, '0')}`
}

export const hallNamed = (halls: readonly Hall[], name: string | undefined): Hall | undefined => halls.find((one) => one.hall === name) ?? halls[0]
