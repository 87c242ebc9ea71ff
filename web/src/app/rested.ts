import { useEffect, useState } from 'react'

// How long the hand must rest before the node is asked what it thinks.
export const restMs = 300

/** A value once it has stopped changing. */
export function useRested<T>(value: T, ms = restMs): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return rested
}
