/*
 * The shapes of the HTTP API, as the node sends them: absent is absent, instants are UTC,
 * `…_local` are an airport's own clock. They stand in one place so that the types generated
 * from the OpenAPI document can take their place.
 */

export type Severity = 'critical' | 'high' | 'medium' | 'low'
export type Source = 'api' | 'crew' | 'pnr' | 'closeout'

export type Page<T> = { items?: T[]; next?: string }

export type Session = { name: string; role: string; state?: string; node?: string }

export type Node = { name: string; state: string; home?: { country: string; airports?: string[] }; now?: string; zone?: string }

export type Completeness = { received: number; expected?: number; pushes?: number; last?: string; complete?: boolean }

export type Flight = {
  id: string
  carrier: string
  number: string
  suffix?: string
  date: string
  from: string
  to: string
  departure_local?: string
  arrival_local?: string
  departure?: string
  arrival?: string
  direction?: 'arrival' | 'departure' | 'other'
  status?: string
  passengers: number
  crew: number
  boarded?: number
  findings: number
  cases: number
  severities?: Partial<Record<Severity, number>>
  api?: Completeness
  pnr?: Completeness
  changed?: string
  codeshares?: string[]
}

export type Document = { type?: string; number: string; issuer?: string; expires?: string }

export type Traveller = {
  id: string
  role?: string
  surname?: string
  given?: string
  sex?: string
  born?: string
  nationality?: string
  residence?: string
  documents?: Document[]
  seat?: string
  reservation?: string
  bags?: { tag?: string }[]
  status?: string
  sources?: Source[]
  findings: number
  severity?: Severity
  kinds?: string[]
  case?: string
  cabin?: string
}

export type Origin = { source: Source | string; report: string; at?: string; offset?: number; segment?: number }
export type Value = { field: string; value: string; agrees?: boolean; sources?: Origin[] }
export type Leg = {
  carrier: string
  number: string
  from: string
  to: string
  departure_local?: string
  arrival_local?: string
  status?: string
  this?: boolean
}

export type Token = { subject?: string; listed?: string; relation: string; weight: number }
export type Evidence = { code: string; subject?: string; listed?: string; weight: number }
export type Explanation = {
  code?: string
  subject?: string
  listed?: string
  title?: string
  reason?: string
  advice?: string
  tokens?: Token[]
  evidence?: Evidence[]
  settle?: string[]
}
export type Finding = {
  engine: string
  matched: string
  severity: Severity
  score?: number
  list?: string
  list_version?: string | number
  entry?: string
  rule?: string
  rule_version?: string | number
  generation?: number
  found?: string
  withdrawn?: string
  dismissed?: string
  explanation?: Explanation
}

export type Passenger = {
  id: string
  flight: Flight
  role?: string
  status?: string
  values?: Value[]
  documents?: Document[]
  journey?: Leg[]
  findings?: Finding[]
  cases?: { id: string; number: number | string; state: string }[]
  companions?: { id: string; name: string; reservation?: string; seat?: string }[]
  reports?: string[]
}

export type Hit = { kind: string; id: string; title: string; detail?: string; path?: string }

export type CaseState = 'open' | 'claimed' | 'pending' | 'closed'
export type Case = {
  id: string
  number: number | string
  domain: string
  subject?: string
  state: CaseState
  severity: Severity
  title: string
  context?: string
  kind?: string
  findings?: number
  opened?: string
  until?: string
  claimed_by?: string
  claimed_at?: string
  version?: number
  /** What holds the subject: the flight. */
  within?: string
}
export type Outcome = { code: string; roles?: string[]; adverse?: boolean; second?: boolean; seconds?: string[]; shortest?: number }
export type Decision = {
  id?: string
  case?: string
  outcome: string
  reason?: string
  by?: string
  at?: string
  pending?: boolean
  confirmed_by?: string
  confirmed_at?: string
  refused?: boolean
  answer?: string
}
export type Moment = { at: string; by?: string; what: string; detail?: string }
export type CaseFile = {
  case: Case
  sheet?: { title?: string; context?: string; path?: string; until?: string; lines?: (string | { label?: string; value?: string })[] }
  findings?: Finding[]
  outcomes?: Outcome[]
  decisions?: Decision[]
  history?: Moment[]
  earlier?: Decision[]
}

export type Fault = {
  offset?: number
  segment?: number
  tag?: string
  line?: number
  field?: string
  pointer?: string
  path?: string
  rule?: string
  message: string
  mend?: string
  what?: string
  length?: number
}
export type Report = {
  id: string
  state: 'received' | 'processed' | 'quarantined'
  partial?: boolean
  format?: string
  domain?: string
  received: string
  filer?: string
  gate?: string
  size?: number
  messages?: number
  error?: Fault
  warnings?: Fault[]
  lost?: Fault[]
  mends?: string
  mended_by?: string
}
export type SegmentKind = 'service' | 'message' | 'flight' | 'person' | 'document'
export type Segment = {
  segment?: number
  offset: number
  length: number
  tag?: string
  text: string
  kind?: SegmentKind | string
  level?: number
  faults?: Fault[]
}

export type List = {
  name: string
  format?: string
  version?: string | number
  entries: number
  loaded?: string
  by?: string
  added?: number
  changed?: number
  removed?: number
  sha256?: string
}
export type Entry = {
  id: string
  schema?: string
  names?: { text: string; kind?: string; weak?: boolean }[]
  births?: string[]
  countries?: (string | { code: string; role?: string })[]
  documents?: (string | Document)[]
  topics?: string[]
  reason?: string
}
export type Rule = {
  id: string
  version?: string | number
  title: string
  owner?: string
  basis?: string
  expires?: string
  severity?: Severity
  expression?: string
  examples?: { name: string; want: boolean; passed: boolean }[]
  explain?: string
  advice?: string
  hits?: number
  state?: string
}
export type AuditEntry = {
  number: number
  at: string
  actor?: string
  role?: string
  action: string
  touched?: string[]
  detail?: string
}

/** RFC 9457. */
export type Problem = { type?: string; title?: string; status?: number; detail?: string; instance?: string }

export type LiveEvent = { kind: 'flight' | 'passenger' | 'case' | 'report' | 'list'; name?: string; id?: string; counts?: Record<string, number> }
