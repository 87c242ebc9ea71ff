import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate } from '@tanstack/react-router'
import { AuditPage } from '../pages/audit/AuditPage'
import { FlightPage } from '../pages/flight/FlightPage'
import { PersonPage } from '../pages/flight/PersonPage'
import { FlightsPage } from '../pages/flights/FlightsPage'
import { PeoplePage } from '../pages/people/PeoplePage'
import { QueuePage } from '../pages/queue/QueuePage'
import { ReportsPage } from '../pages/reports/ReportsPage'
import { placePath, placesOf, useHome } from './home'
import { Missing, Root } from './Root'

/* The URL is the state: what a person filtered and opened can be sent to a colleague. All of it is plain text. */

function texts<K extends string>(...names: K[]) {
  return (search: Record<string, unknown>): Partial<Record<K, string>> => {
    const found: Partial<Record<K, string>> = {}
    for (const name of names) {
      const value = search[name]
      if (typeof value === 'string' && value !== '') found[name] = value
    }
    return found
  }
}

function Start() {
  const { role } = useHome()
  return <Navigate to={placePath[placesOf(role)[0] ?? 'reports']} replace />
}

const root = createRootRoute({ component: Root, notFoundComponent: Missing })
const start = createRoute({ getParentRoute: () => root, path: '/', component: Start })
export const flightsRoute = createRoute({
  getParentRoute: () => root,
  path: '/flights',
  validateSearch: texts('day', 'way', 'carrier', 'airport', 'severity', 'incomplete', 'at'),
  component: FlightsPage,
})
export const flightRoute = createRoute({
  getParentRoute: () => root,
  path: '/flights/$id',
  validateSearch: texts('view', 'q', 'p'),
  component: FlightPage,
})
export const peopleRoute = createRoute({ getParentRoute: () => root, path: '/people', validateSearch: texts('q'), component: PeoplePage })
export const personRoute = createRoute({ getParentRoute: () => root, path: '/people/$id', component: PersonPage })
export const linksRoute = createRoute({
  getParentRoute: () => root,
  path: '/people/$id/links',
  validateSearch: texts('depth', 'kinds', 'at', 'to', 'as'),
  component: lazyRouteComponent(() => import('../pages/links/LinksPage'), 'LinksPage'),
})
export const queueRoute = createRoute({
  getParentRoute: () => root,
  path: '/queue/{-$id}',
  validateSearch: texts('which', 'order', 'severity', 'domain'),
  component: QueuePage,
})
export const reportsRoute = createRoute({
  getParentRoute: () => root,
  path: '/reports/{-$id}',
  validateSearch: texts('state', 'filer', 'format', 'segment', 'domain'),
  component: ReportsPage,
})
// Lists, rules, links and what goes between states are opened by few and weigh much: each comes when it is asked for.
export const listsRoute = createRoute({
  getParentRoute: () => root,
  path: '/lists',
  validateSearch: texts('name', 'q', 'tab'),
  component: lazyRouteComponent(() => import('../pages/lists/ListsPage'), 'ListsPage'),
})
export const rulesRoute = createRoute({
  getParentRoute: () => root,
  path: '/rules',
  validateSearch: texts('rule', 'v', 'q', 'state', 'edit'),
  component: lazyRouteComponent(() => import('../pages/rules/RulesPage'), 'RulesPage'),
})
export const agreementsRoute = createRoute({
  getParentRoute: () => root,
  path: '/agreements/{-$id}',
  validateSearch: texts('v', 'tab', 'act', 'thread', 'share', 'purpose'),
  component: lazyRouteComponent(() => import('../pages/exchange/AgreementsPage'), 'AgreementsPage'),
})
export const requestsRoute = createRoute({
  getParentRoute: () => root,
  path: '/requests/{-$id}',
  validateSearch: texts('agreement', 'way', 'state', 'who', 'share', 'prior', 'run', 'person'),
  component: lazyRouteComponent(() => import('../pages/exchange/RequestsPage'), 'RequestsPage'),
})
export const matchingRoute = createRoute({
  getParentRoute: () => root,
  path: '/matching',
  validateSearch: texts('run', 'flight'),
  component: lazyRouteComponent(() => import('../pages/exchange/MatchingPage'), 'MatchingPage'),
})
export const exchangeRoute = createRoute({
  getParentRoute: () => root,
  path: '/exchange',
  validateSearch: texts('agreement', 'kind', 'thread'),
  component: lazyRouteComponent(() => import('../pages/exchange/ExchangePage'), 'ExchangePage'),
})
export const dialogueRoute = createRoute({
  getParentRoute: () => root,
  path: '/dialogue/{-$id}',
  validateSearch: texts('tab', 'item', 'report', 'from', 'to', 'shared', 'act'),
  component: lazyRouteComponent(() => import('../pages/dialogue/DialoguePage'), 'DialoguePage'),
})
// Each domain beside travel comes whole, when somebody who works in it opens it.
export const departuresRoute = createRoute({
  getParentRoute: () => root,
  path: '/cargo/departures',
  validateSearch: texts('day', 'departure', 'severity', 'state', 'q', 'at'),
  component: lazyRouteComponent(() => import('../pages/cargo'), 'DeparturesPage'),
})
export const consignmentRoute = createRoute({
  getParentRoute: () => root,
  path: '/cargo/consignments/$id',
  component: lazyRouteComponent(() => import('../pages/cargo'), 'ConsignmentPage'),
})
export const referralsRoute = createRoute({
  getParentRoute: () => root,
  path: '/cargo/referrals/{-$id}',
  validateSearch: texts('state', 'departure', 'rule', 'mine'),
  component: lazyRouteComponent(() => import('../pages/cargo'), 'ReferralsPage'),
})
export const indicatorsRoute = createRoute({
  getParentRoute: () => root,
  path: '/cyber/indicators/{-$id}',
  validateSearch: texts('q', 'kind', 'state', 'source', 'sighted', 'at', 'act'),
  component: lazyRouteComponent(() => import('../pages/cyber'), 'IndicatorsPage'),
})
export const incidentsRoute = createRoute({
  getParentRoute: () => root,
  path: '/cyber/incidents',
  validateSearch: texts('q', 'severity', 'mine', 'which', 'at', 'act'),
  component: lazyRouteComponent(() => import('../pages/cyber'), 'IncidentsPage'),
})
export const incidentRoute = createRoute({
  getParentRoute: () => root,
  path: '/cyber/incidents/$id',
  component: lazyRouteComponent(() => import('../pages/cyber'), 'IncidentPage'),
})
export const hostRoute = createRoute({
  getParentRoute: () => root,
  path: '/cyber/hosts/$id',
  component: lazyRouteComponent(() => import('../pages/cyber'), 'HostPage'),
})
export const logsRoute = createRoute({
  getParentRoute: () => root,
  path: '/cyber/logs/{-$id}',
  validateSearch: texts('at'),
  component: lazyRouteComponent(() => import('../pages/cyber'), 'LogsPage'),
})
export const feedsRoute = createRoute({
  getParentRoute: () => root,
  path: '/cyber/feeds',
  component: lazyRouteComponent(() => import('../pages/cyber'), 'FeedsPage'),
})
export const freezesRoute = createRoute({
  getParentRoute: () => root,
  path: '/funds/freezes/{-$id}',
  validateSearch: texts('state', 'at'),
  component: lazyRouteComponent(() => import('../pages/funds'), 'FreezesPage'),
})
export const sampleRoute = createRoute({
  getParentRoute: () => root,
  path: '/cargo/samples/{-$id}',
  validateSearch: texts('state'),
  component: lazyRouteComponent(() => import('../pages/cargo'), 'SamplePage'),
})
export const retentionRoute = createRoute({
  getParentRoute: () => root,
  path: '/retention',
  component: lazyRouteComponent(() => import('../pages/audit/RetentionPage'), 'RetentionPage'),
})
export const declarationsRoute = createRoute({
  getParentRoute: () => root,
  path: '/funds/declarations/{-$id}',
  validateSearch: texts('direction', 'class', 'q', 'at', 'act'),
  component: lazyRouteComponent(() => import('../pages/funds'), 'DeclarationsPage'),
})
export const triageRoute = createRoute({
  getParentRoute: () => root,
  path: '/funds/reports/{-$id}',
  validateSearch: texts('state', 'code', 'q'),
  component: lazyRouteComponent(() => import('../pages/funds'), 'TriagePage'),
})
export const moneyRoute = createRoute({
  getParentRoute: () => root,
  path: '/funds/parties/$id',
  validateSearch: texts('depth', 'from', 'to', 'at'),
  component: lazyRouteComponent(() => import('../pages/funds'), 'MoneyPage'),
})
export const disseminationsRoute = createRoute({
  getParentRoute: () => root,
  path: '/funds/disseminations/{-$id}',
  validateSearch: texts('act', 'of'),
  component: lazyRouteComponent(() => import('../pages/funds'), 'DisseminationsPage'),
})
export const deskRoute = createRoute({
  getParentRoute: () => root,
  path: '/desk/{-$id}',
  validateSearch: texts('view', 'act'),
  component: lazyRouteComponent(() => import('../pages/desk'), 'DeskPage'),
})
export const applicationsRoute = createRoute({
  getParentRoute: () => root,
  path: '/facilitation/applications/{-$id}',
  validateSearch: texts('kind', 'state', 'q'),
  component: lazyRouteComponent(() => import('../pages/facilitation'), 'ApplicationsPage'),
})
export const membersRoute = createRoute({
  getParentRoute: () => root,
  path: '/facilitation/members/{-$id}',
  validateSearch: texts('state', 'q'),
  component: lazyRouteComponent(() => import('../pages/facilitation'), 'MembersPage'),
})
export const authorisationsRoute = createRoute({
  getParentRoute: () => root,
  path: '/facilitation/authorisations/{-$id}',
  validateSearch: texts('state', 'q'),
  component: lazyRouteComponent(() => import('../pages/facilitation'), 'AuthorisationsPage'),
})
export const redressRoute = createRoute({
  getParentRoute: () => root,
  path: '/facilitation/redress/{-$id}',
  validateSearch: texts('state', 'q'),
  component: lazyRouteComponent(() => import('../pages/facilitation'), 'RedressPage'),
})
export const lanesRoute = createRoute({
  getParentRoute: () => root,
  path: '/facilitation/lanes',
  validateSearch: texts('day', 'airport', 'hall', 'flight'),
  component: lazyRouteComponent(() => import('../pages/facilitation'), 'LanesPage'),
})
export const documentsRoute = createRoute({
  getParentRoute: () => root,
  path: '/facilitation/documents',
  component: lazyRouteComponent(() => import('../pages/facilitation'), 'DocumentsPage'),
})
// A traveller's own pages are open to anybody, and come without the rest.
export const applyRoute = createRoute({
  getParentRoute: () => root,
  path: '/apply/{-$what}',
  component: lazyRouteComponent(() => import('../pages/facilitation/public'), 'ApplyPage'),
})
export const ownStatusRoute = createRoute({
  getParentRoute: () => root,
  path: '/status',
  validateSearch: texts('reference'),
  component: lazyRouteComponent(() => import('../pages/facilitation/public'), 'StatusPage'),
})
export const auditRoute = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: texts('actor', 'action', 'touched'),
  component: AuditPage,
})

const tree = root.addChildren([
  start,
  flightsRoute,
  flightRoute,
  peopleRoute,
  personRoute,
  linksRoute,
  queueRoute,
  reportsRoute,
  listsRoute,
  rulesRoute,
  agreementsRoute,
  requestsRoute,
  matchingRoute,
  exchangeRoute,
  dialogueRoute,
  departuresRoute,
  consignmentRoute,
  referralsRoute,
  indicatorsRoute,
  incidentsRoute,
  incidentRoute,
  hostRoute,
  logsRoute,
  feedsRoute,
  freezesRoute,
  sampleRoute,
  retentionRoute,
  declarationsRoute,
  triageRoute,
  moneyRoute,
  disseminationsRoute,
  deskRoute,
  applicationsRoute,
  membersRoute,
  authorisationsRoute,
  redressRoute,
  lanesRoute,
  documentsRoute,
  applyRoute,
  ownStatusRoute,
  auditRoute,
])

export const router = createRouter({
  routeTree: tree,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const given = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
    const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
    return text ? `?${text}` : ''
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
