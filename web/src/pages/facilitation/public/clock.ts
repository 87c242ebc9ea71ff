/* A traveller's own clock: there is nobody signed in, so the node's is not asked. */

const two = (value: number) => String(value).padStart(2, '0')

export function today(now = new Date()): string {
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}

/** An instant with its place's offset, as forms carry it. */
export function isoNow(now = new Date()): string {
  const offset = -now.getTimezoneOffset()
  return `${today(now)}T${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`
}

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
