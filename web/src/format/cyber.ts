import type { Clock, Incident, IncidentState } from '../api/cyber'
import type { Severity } from '../api/types'

/* What the pages of the incident desk work out for themselves. */

export const indicatorKinds = ['ipv4', 'ipv6', 'cidr', 'domain', 'url', 'email', 'md5', 'sha1', 'sha256', 'sha512', 'cve', 'asn', 'mac', 'registry-key', 'file-path', 'file-name', 'mutex', 'user-agent', 'account', 'pattern'] as const
export const indicatorStates = ['proposed', 'active', 'expiring', 'expired', 'revoked', 'false-positive', 'refused', 'composite'] as const
export const lights = ['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'] as const

/** The columns of the board: the way an incident usually goes; the by-ways only where something is on them. */
export const columns: IncidentState[] = ['reported', 'triage', 'investigating', 'contained', 'eradicated', 'recovered', 'review']
export const byways: IncidentState[] = ['reopened', 'on-hold']

/** A level of the published scheme as a severity of the house. */
export const levelOf = (level: number): Severity => (level >= 4 ? 'critical' : level === 3 ? 'high' : level === 2 ? 'medium' : 'low')

/** Worst first, then whichever clock runs out first. */
export const byWorst = (a: Incident, b: Incident) => b.severity.level - a.severity.level || (Date.parse(a.next_due ?? '') || Infinity) - (Date.parse(b.next_due ?? '') || Infinity) || a.number - b.number

export const runs = (clock: Clock) => clock.state === 'running' || clock.state === 'late'

/** What is pasted, one value each: by lines, blanks, commas; at most what the node looks up at once. */
export const valuesOf = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).map((one) => one.trim()).filter(Boolean))].slice(0, 1000)
