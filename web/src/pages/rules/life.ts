import type { Rule, RuleState } from '../../api/types'

/* Which way a version of a rule can go, and who may take it there. The node decides again; this says it beforehand. */

export type Move = {
  to: RuleState
  /** Why this person cannot do it now; a key under rules.hinder. */
  hinder?: 'role' | 'own' | 'examples' | 'errors' | 'backtest'
  /** Needs a reason of ten characters. */
  reasoned: boolean
}

const writers = ['analyst', 'supervisor', 'targeter', 'fiu', 'responder']
const judges = ['supervisor', 'administrator']

export const writes = (role: string) => writers.includes(role)

type Asked = Pick<Rule, 'state' | 'origin' | 'author' | 'authors' | 'errors' | 'examples'>

export function moves(rule: Asked, me: string, role: string, tried: boolean): Move[] {
  if (rule.origin === 'operator') return []
  const judge = judges.includes(role)
  const byRole = (may: boolean) => (may ? undefined : ('role' as const))
  const fit = rule.errors?.length ? ('errors' as const) : !rule.examples?.length || rule.examples.some((one) => !one.passed) ? ('examples' as const) : undefined
  const own = (rule.authors ?? [rule.author]).includes(me)
  const back: Move = { to: 'draft', reasoned: false, hinder: byRole(writes(role)) }
  const end: Move = { to: 'retired', reasoned: true, hinder: byRole(rule.state === 'live' ? judge : writes(role) || judge) }
  switch (rule.state) {
    case 'draft':
      return [{ to: 'shadow', reasoned: false, hinder: byRole(writes(role)) ?? fit }, end]
    case 'shadow':
      return [{ to: 'approved', reasoned: true, hinder: byRole(judge) ?? (own ? 'own' : undefined) ?? (tried ? undefined : 'backtest') }, back, end]
    case 'approved':
      return [{ to: 'live', reasoned: false, hinder: byRole(judge) }, back, end]
    case 'live':
      return [end]
    default:
      return []
  }
}
