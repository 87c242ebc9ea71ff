import { hour, minute } from './time'

/** How near a departure is, for a colour and a word: what is inside half an hour comes before everything. */
export type Nearness = 'gone' | 'now' | 'soon' | 'later' | 'unknown'

export function nearness(departs: string | undefined, now: number): Nearness {
  const left = Date.parse(departs ?? '') - now
  if (Number.isNaN(left)) return 'unknown'
  if (left <= 0) return 'gone'
  if (left < 30 * minute) return 'now'
  return left < 2 * hour ? 'soon' : 'later'
}

/** "29:59" in the last hour, "1:04:30" before; seconds count where minutes decide. */
export function ticking(departs: string | undefined, now: number): string {
  const left = Math.abs(Date.parse(departs ?? '') - now)
  if (Number.isNaN(left)) return ''
  const seconds = Math.floor(left / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  return `${hours > 0 ? `${hours}:${two(Math.floor(seconds / 60) % 60)}` : Math.floor(seconds / 60)}:${two(seconds % 60)}`
}
