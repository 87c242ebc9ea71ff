import { useMemo, useRef, useState } from 'react'
import type { Flight } from '../../api/types'
import { groupOf, milestone, type Group, groups } from '../../format/flight'
import { hour } from '../../format/time'

/*
 * The order of the board is made once and then held: rows never move under a pointer. What would move or
 * appear is counted behind the "new" pill and let in when the person asks, or when the filter changes.
 */

export type Row = { flight: Flight; at: number }
export type Board = { groups: { group: Group; rows: Row[] }[]; fresh: number; moved: number; release: () => void }

type Held = { name: string; order: Map<string, { group: Group; at: number }> }

const keyOf = (flight: Flight, now: number) => {
  const { at } = milestone(flight, now)
  return { at, group: groupOf(at, now) }
}

export function arrange(flights: Flight[], now: number): Held['order'] {
  return new Map(flights.map((flight) => [flight.id, keyOf(flight, now)]))
}

export function useBoard(flights: Flight[] | undefined, now: number, name: string): Board {
  const held = useRef<Held>(undefined)
  const [, redraw] = useState(0)

  if (flights && (held.current === undefined || held.current.name !== name || (held.current.order.size === 0 && flights.length > 0)))
    held.current = { name, order: arrange(flights, now) }

  return useMemo(() => {
    const order = held.current?.order ?? new Map<string, { group: Group; at: number }>()
    const parts = new Map<Group, Row[]>()
    let fresh = 0
    let moved = 0
    for (const flight of flights ?? []) {
      const place = order.get(flight.id)
      if (!place) {
        fresh++
        continue
      }
      const real = keyOf(flight, now)
      if (real.group !== place.group) moved++
      parts.set(place.group, [...(parts.get(place.group) ?? []), { flight, at: place.at }])
    }
    // Nearest first; what is over, latest first.
    const sort = (group: Group) => (a: Row, b: Row) => {
      const [x, y] = [Number.isNaN(a.at) ? Infinity : a.at, Number.isNaN(b.at) ? Infinity : b.at]
      return (group === 'past' || group === 'recent' ? y - x : x - y) || a.flight.id.localeCompare(b.flight.id)
    }
    return {
      groups: groups.flatMap((group) => {
        const rows = parts.get(group)
        return rows ? [{ group, rows: rows.sort(sort(group)) }] : []
      }),
      fresh,
      moved,
      release: () => {
        if (flights) held.current = { name, order: arrange(flights, now) }
        redraw((count) => count + 1)
      },
    }
    // `held` is read on purpose without being a dependency: it changes only together with these or with redraw.
  }, [flights, now, name, held.current])
}

/** The window of the board "now": from a desk that still meets passengers to this time tomorrow. */
export const inWindow = (flight: Flight, now: number) => {
  const { at } = milestone(flight, now)
  return Number.isNaN(at) || (at > now - 3 * hour && at < now + 24 * hour)
}
