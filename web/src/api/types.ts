import type { Override, Standing } from './desk'
import type { components } from './schema'

/*
 * The shapes of the HTTP API. They come from the OpenAPI document (schema.d.ts, `npm run schema`); here they get
 * the names pages use, and the words that a field may hold where the document says only "string".
 * Absent is absent: the document allows null for lists that Go may leave nil, the node never sends it.
 */

type Schemas = components['schemas']

type Present<T> = T extends null ? never : T extends (infer U)[] ? Present<U>[] : T extends object ? { [K in keyof T]: Present<T[K]> } : T
export type Of<Name extends keyof Schemas> = Present<Omit<Schemas[Name], '$schema'>>
export type With<T, R> = Omit<T, keyof R> & R

export type Severity = 'critical' | 'high' | 'medium' | 'low'

export type Page<T> = { items?: T[]; next?: string }

export type Session = Of<'ServerSeat'>
export type Node = Of<'NodeAnswerBody'>

export type Completeness = Of<'TravelFeed'>
export type Flight = With<
  Of<'TravelFlightItem'>,
  { direction?: 'arrival' | 'departure' | 'other'; status: 'scheduled' | 'closed' | 'cancelled' | (string & {}); severities: Partial<Record<Severity, number>> }
>

export type Traveller = With<Of<'TravelPassengerItem'>, { severity?: Severity }>
export type Origin = Of<'TravelMark'>
export type Value = Of<'TravelValue'>
export type Leg = Of<'TravelStop'>

export type Token = Of<'ScreeningToken'>
export type Evidence = Of<'ScreeningEvidence'>
export type Finding = With<Of<'ScreeningFinding'>, { severity: Severity }>

export type Passenger = With<Of<'TravelPassengerPage'>, { flight: Flight; findings: Finding[]; standings?: Standing[]; overrides?: Override[] }>

export type Hit = Of<'Hit'>

export type CaseState = 'open' | 'claimed' | 'pending' | 'waiting' | 'closed'
export type Case = With<Of<'CaseworkCase'>, { state: CaseState; severity: Severity }>
export type Outcome = Of<'CaseworkOutcome'> & { lifts?: string }
export type Decision = Of<'CaseworkDecision'>
export type CaseFile = With<Of<'CaseworkFile'>, { case: Case; findings: Finding[]; outcomes?: Outcome[]; prepared?: string }>

/** What a filer was answered. */
export type Answered = Of<'IntakeAnswered'>
export type Fault = Of<'FaultFault'>
export type Report = With<Of<'IntakeStatus'>, { state: 'received' | 'processed' | 'quarantined' }>
export type SegmentKind = 'service' | 'message' | 'flight' | 'person' | 'document'
export type Segment = With<Of<'IntakeSegment'>, { segment?: number; kind?: SegmentKind | (string & {}) }>

export type List = Of<'ServerListed'>
export type Entry = Of<'ListsEntry'>
export type EntryName = Of<'ListsName'>
export type Source = Of<'ScreeningSource'>
export type SourceState = Of<'ScreeningSourceState'>
export type ListVersion = Of<'ScreeningVersion'>
export type EntryChange = Of<'ScreeningEntryChange'>
export type Proposal = With<Of<'ScreeningProposal'>, { action: 'add' | 'change' | 'remove'; state: 'open' | 'approved' | 'denied' | 'withdrawn' }>
export type Draft = Of<'ServerDraft'>

export type Thresholds = Of<'ScreeningThresholds'>
export type Preview = Of<'ScreeningPreview'>
export type Curve = Of<'ScreeningCurve'>

export type Complaint = Of<'RulesComplaint'>
export type Example = Of<'ScreeningRuleExample'>
export type Rule = With<Of<'ScreeningRuleInfo'>, { severity: Severity }>
export type RuleState = Rule['state']
export type RuleFile = With<Of<'ScreeningRuleFile'>, { severity: Severity; versions: Rule[] }>
export type RuleText = Of<'ScreeningRuleText'>
export type Checked = Of<'RulesChecked'>
export type Vocabulary = Of<'RulesDescribed'>
export type Attribute = Of<'RulesAttribute'>
export type Operator = Of<'RulesOperator'>
export type Condition = Of<'RulesNode'>
export type Backtest = Of<'ScreeningBacktest'>
export type HitPerson = Of<'ScreeningRuleHitPerson'>

export type LinkNode = Of<'LinksNode'>
export type LinkEdge = Of<'LinksEdge'>
export type Links = Of<'LinksGraph'>
export type LinkPath = Of<'LinksWay'>

export type AuditEntry = Of<'ServerEntry'>

/** RFC 9457. */
export type Problem = { type?: string; title?: string; status?: number; detail?: string; instance?: string; code?: string; reason?: string; clause?: string; problems?: unknown[] }
