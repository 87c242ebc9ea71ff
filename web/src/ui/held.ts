import { useMemo, useRef, useState } from 'react'

/*
 * A list whose order is made once and then held: rows never move under a pointer. What is new is counted and let in
 * when the person asks, or when the filter changes; what is gone is gone at once.
 */
export function useHeld<T>(items: readonly T[] | undefined, idOf: (one: T) => string, name: string): { shown: T[]; fresh: number; release: () => void } {
  const held = useRef<{ name: string; ids: string[] }>(undefined)
  const [asked, redraw] = useState(0)
  if (items && (held.current === undefined || held.current.name !== name || held.current.ids.length === 0)) held.current = { name, ids: items.map(idOf) }
  const order = held.current
  return useMemo(() => {
    const known = new Map((items ?? []).map((one) => [idOf(one), one]))
    const shown = (order?.ids ?? []).flatMap((id) => known.get(id) ?? [])
    return {
      shown,
      fresh: known.size - shown.length,
      release: () => {
        held.current = { name, ids: (items ?? []).map(idOf) }
        redraw((was) => was + 1)
      },
    }
    // The order is a ref: asking for the new ones makes another.
  }, [items, order, idOf, name, asked])
}
