// What a carrier files, made by hand: the smallest passenger list that a node reads, and how it is sent.

const home = 3 * 3_600_000 // Bahrain's clock, in milliseconds ahead of UTC
const digits = (instant) => new Date(instant).toISOString().replace(/\D/g, '').slice(2, 12)

/** A passenger list of so many people on a flight from Bahrain that leaves when told. Nothing in it is real. */
export function passengerList({ number, people, leaves, reference, type = 'PAXLST' }) {
  const segments = [`UNH+M1+${type}:D:05B:UN:IATA`, 'BGM+745', 'NAD+MS+++INVENTED DESK', `TDT+20+ZZ${number}+++ZZ`, 'LOC+125+BAH', `DTM+189:${digits(leaves + home)}:201`, 'LOC+87+DXB', `DTM+232:${digits(leaves + home + 2 * 3_600_000)}:201`]
  for (let at = 0; at < people; at++)
    segments.push(`NAD+FL+++WAYFARER:PERSON${String.fromCharCode(65 + at)}`, 'ATT+2++F', 'DTM+329:900315', 'NAT+2+BHR', `DOC+P:110:111+T00${number}${at}`, 'DTM+36:340101', 'LOC+91+BHR')
  segments.push(`CNT+42:${people}`)
  const when = digits(Date.now())
  const whole = [`UNB+UNOA:4+ZZAIR+BHPIU+${when.slice(0, 6)}:${when.slice(6)}+${reference}`, ...segments, `UNT+${segments.length + 1}+M1`, `UNZ+1+${reference}`]
  return `UNA:+.? '\n${whole.join("'\n")}'\n`
}

/** What a carrier asks at check-in, and waits for: may this one person board? The answer is a CUSRES. */
export async function question(node, { number, document, leaves, reference }) {
  const body = passengerList({ number, people: 1, leaves, reference })
    .replace(`+${reference}'`, `+${reference}++IAPI'`)
    .replace(/T00\d+0/, document)
  const answer = await fetch(`${node.url}/api/v1/reports`, { method: 'POST', body, headers: { Authorization: `Bearer ${node.seat('filer').key}`, 'Content-Type': 'application/edifact', Accept: 'application/edifact' } })
  if (answer.status !== 200) throw new Error(`a question was answered ${answer.status} ${await answer.text()}`)
  return answer.text()
}

/** Asks a node as whoever holds the key; anything but a good answer is an error. */
export async function ask(node, seat, path, init = {}) {
  const answer = await fetch(`${node.url}/api/v1${path}`, { ...init, headers: { Authorization: `Bearer ${seat.key}`, ...init.headers } })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

export const file = (node, body) => ask(node, node.seat('filer'), '/reports', { method: 'POST', body, headers: { 'Content-Type': 'application/edifact' } })
