import { useEffect, useState } from 'react'
import { useNode, useSession } from '../api/queries'
import type { Speech } from '../format/time'
import type { Act } from './keys'
import { usePrefs } from './prefs'

/* Where and when this page is being read. */

export function useSpeech(): Speech {
  const { language, digits } = usePrefs()
  return { language, digits }
}

/** The node's own clock, since that is the one deadlines are kept by. */
export function useNow(everyMs = 5000): number {
  const { data } = useNode()
  const skew = data?.now ? Date.parse(data.now) - data.asked : 0
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  // Half a second of travel time is not a difference of clocks.
  return now + (Math.abs(skew) > 2000 ? skew : 0)
}

const none: string[] = []

export function useHome() {
  const { data: node } = useNode()
  const { data: session } = useSession()
  return {
    zone: node?.zone ?? 'UTC',
    airports: node?.home?.airports ?? none,
    state: node?.state ?? session?.state ?? '',
    node: node?.name ?? session?.node ?? '',
    me: session?.name ?? '',
    role: session?.role ?? '',
  }
}

/** Which pages a role may open; the node decides again on every call. */
export type Place =
  | 'flights'
  | 'people'
  | 'departures'
  | 'consignments'
  | 'referrals'
  | 'declarations'
  | 'triage'
  | 'money'
  | 'disseminations'
  | 'indicators'
  | 'incidents'
  | 'hosts'
  | 'logs'
  | 'feeds'
  | 'freezes'
  | 'samples'
  | 'retention'
  | 'desk'
  | 'applications'
  | 'members'
  | 'authorisations'
  | 'redress'
  | 'lanes'
  | 'documents'
  | 'queue'
  | 'reports'
  | 'lists'
  | 'rules'
  | 'agreements'
  | 'requests'
  | 'matching'
  | 'exchange'
  | 'dialogue'
  | 'audit'

export type Domain = 'travel' | 'facilitation' | 'cargo' | 'funds' | 'cyber'
export const domains: readonly Domain[] = ['travel', 'facilitation', 'cargo', 'funds', 'cyber']

/** The pages that are a domain's alone; its queue and its reports are the same pages everywhere, narrowed. */
export const ownPlaces: Record<Domain, readonly Place[]> = {
  travel: ['flights', 'people', 'desk'],
  facilitation: ['applications', 'members', 'authorisations', 'redress', 'lanes', 'documents'],
  cargo: ['departures', 'consignments', 'referrals', 'samples'],
  funds: ['declarations', 'triage', 'money', 'freezes', 'disseminations'],
  cyber: ['indicators', 'incidents', 'hosts', 'logs', 'feeds'],
}
/** What is reached from another page and has no tab of its own. */
export const untabbed: readonly Place[] = ['consignments', 'money', 'hosts']
export const tabsOf = (domain: Domain): readonly Place[] => [...ownPlaces[domain].filter((place) => !untabbed.includes(place)), 'queue', 'reports']

const all = ['flights', 'people', 'desk', 'queue', 'reports', 'lists', 'rules'] as const
const between = ['agreements', 'requests', 'dialogue'] as const
const desk = ['queue', 'reports', ...between] as const
const allowed: Record<string, readonly Place[]> = {
  analyst: [...all, 'agreements', 'requests', 'matching', 'dialogue'],
  supervisor: [...ownPlaces.travel, ...ownPlaces.facilitation, ...ownPlaces.cargo, ...ownPlaces.cyber, 'queue', 'reports', 'lists', 'rules', 'agreements', 'requests', 'matching', 'exchange', 'dialogue', 'retention'],
  officer: ['desk', 'flights', 'people', ...ownPlaces.facilitation, 'declarations', 'queue', 'reports'],
  auditor: ['flights', 'departures', 'consignments', 'samples', 'indicators', 'incidents', 'hosts', 'logs', 'feeds', 'reports', 'lists', 'rules', 'agreements', 'requests', 'matching', 'exchange', 'dialogue', 'audit', 'retention'],
  fiu: [...ownPlaces.funds, ...desk],
  responder: [...ownPlaces.cyber, ...desk],
  targeter: [...ownPlaces.cargo, ...desk],
  administrator: ['lists', 'rules', 'feeds', 'retention'],
  filer: ['flights', 'reports'],
}

export const placesOf = (role: string): readonly Place[] => allowed[role] ?? ['reports']

/** The domains a role works in. */
export const domainsOf = (role: string): readonly Domain[] => domains.filter((domain) => ownPlaces[domain].some((place) => placesOf(role).includes(place)))

/** Where a place is found; an item it may have open is left behind. */
export const placePath: Record<Place, string> = {
  flights: '/flights',
  people: '/people',
  departures: '/cargo/departures',
  consignments: '/cargo/consignments',
  referrals: '/cargo/referrals',
  declarations: '/funds/declarations',
  triage: '/funds/reports',
  money: '/funds/parties',
  disseminations: '/funds/disseminations',
  indicators: '/cyber/indicators',
  incidents: '/cyber/incidents',
  hosts: '/cyber/hosts',
  logs: '/cyber/logs',
  feeds: '/cyber/feeds',
  freezes: '/funds/freezes',
  samples: '/cargo/samples',
  retention: '/retention',
  desk: '/desk',
  applications: '/facilitation/applications',
  members: '/facilitation/members',
  authorisations: '/facilitation/authorisations',
  redress: '/facilitation/redress',
  lanes: '/facilitation/lanes',
  documents: '/facilitation/documents',
  queue: '/queue',
  reports: '/reports',
  lists: '/lists',
  rules: '/rules',
  agreements: '/agreements',
  requests: '/requests',
  matching: '/matching',
  exchange: '/exchange',
  dialogue: '/dialogue',
  audit: '/audit',
}

/** The keys that go to a place. */
export const placeAct: Partial<Record<Place, Act>> = {
  flights: 'go.flights',
  people: 'go.people',
  departures: 'go.cargo',
  referrals: 'go.referrals',
  declarations: 'go.funds',
  triage: 'go.triage',
  indicators: 'go.indicators',
  incidents: 'go.incidents',
  desk: 'go.desk',
  applications: 'go.applications',
  lanes: 'go.lanes',
  queue: 'go.queue',
  reports: 'go.reports',
  lists: 'go.lists',
  rules: 'go.rules',
  agreements: 'go.exchange',
  requests: 'go.requests',
  dialogue: 'go.dialogue',
  audit: 'go.audit',
}

export const within = (pathname: string, places: readonly Place[]) => places.some((place) => pathname === placePath[place] || pathname.startsWith(`${placePath[place]}/`))

/** The domain a page belongs to; the pages that all domains share say theirs in the address. */
export function domainAt(pathname: string, said: string | undefined, role: string): Domain | undefined {
  const own = domains.find((domain) => within(pathname, ownPlaces[domain]))
  if (own || !within(pathname, ['queue', 'reports'])) return own
  const mine = domainsOf(role)
  return mine.find((domain) => domain === said) ?? mine[0]
}
