import { describe, expect, it } from 'vitest'
import type { Request, Share, Thread } from '../api/exchange'
import i18n from '../i18n'
import { answersOf, askable, byUrgency, clauseName, counted, country, dueOf, isHeld, lacking, lasting, ownParty, partsOf, plain, shareOfClause, shortest, subjectOfPassenger, threadName, waitsHere, wayOf, withheldWhy } from './exchange'

const t = i18n.getFixedT('en')
const at = (text: string) => Date.parse(`2026-11-25T${text}Z`)
const thread = (change: Partial<Thread> = {}): Thread => ({
  id: '0199a1b2-0000-7000-8000-00000000c0de', agreement: 'bh-us-travel', version: 3, share: 'T2', title: 'Hit or no hit', category: 'watchlist-match', mode: 'hit_no_hit', direction: 'in', purpose: 'terrorism', state: 'asked', kind: 'request', digest: '', own: 'bh-piu',
  asked_at: '2026-11-25T10:00:00Z', partner: 'us-ntc', ...change,
})
const share = (change: Partial<Share> = {}): Share => ({ id: 'T2', title: 'Hit or no hit', category: 'watchlist-match', mode: 'hit_no_hit', trigger: 'request', from: ['bh', 'us'], to: ['us', 'bh'], purposes: ['terrorism'], fields: ['match.hit'], when: '', approval: { release: 'officer' }, handling: { tlp: 'TLP:AMBER', caveats: [] }, human_confirmation: '', justification: { required: true }, retention: {}, ...change })

describe('the clock of an answer', () => {
  it('counts down, presses, and runs out', () => {
    const one = thread({ due: '2026-11-25T11:00:00Z' })
    expect(dueOf(one, at('10:10:00'))).toEqual({ state: 'due', left: 50 * 60_000 })
    expect(dueOf(one, at('10:50:00')).state).toBe('near')
    expect(dueOf(one, at('11:00:01'))).toEqual({ state: 'late', left: -1000 })
  })
  it('stops when answered, in time or not, and does not run where there is none', () => {
    const due = '2026-11-25T11:00:00Z'
    expect(dueOf(thread({ due, state: 'answered', answered_at: '2026-11-25T10:30:00Z' }), at('12:00:00')).state).toBe('met')
    expect(dueOf(thread({ due, state: 'answered', answered_at: '2026-11-25T11:30:00Z' }), at('12:00:00'))).toEqual({ state: 'missed', left: -30 * 60_000 })
    expect(dueOf(thread({ due, state: 'withdrawn' }), at('12:00:00')).state).toBe('none')
    expect(dueOf(thread(), at('12:00:00')).state).toBe('none')
  })
})

describe('threads', () => {
  it('wait here when this side must act or look', () => {
    const waits = (change: Partial<Thread>) => waitsHere(thread(change))
    expect([waits({}), waits({ state: 'half' }), waits({ direction: 'out', state: 'draft' })]).toEqual([true, true, true])
    expect([waits({ direction: 'out' }), waits({ state: 'answered' }), waits({ state: 'refused' })]).toEqual([false, false, false])
    expect(waits({ direction: 'out', state: 'answered', attention: 'corrected' })).toBe(true)
  })
  it('are sorted by whom they wait for, then by their clocks, then newest first', () => {
    const order = byUrgency([
      thread({ id: 'old', state: 'answered', asked_at: '2026-11-20T10:00:00Z' }),
      thread({ id: 'theirs', direction: 'out', due: '2026-11-25T10:30:00Z' }),
      thread({ id: 'new', state: 'refused', asked_at: '2026-11-24T10:00:00Z' }),
      thread({ id: 'later', due: '2026-11-25T12:00:00Z' }),
      thread({ id: 'soon', due: '2026-11-25T11:00:00Z' }),
      thread({ id: 'undated' }),
    ])
    expect(order.map((one) => one.id)).toEqual(['soon', 'later', 'undated', 'theirs', 'new', 'old'])
  })
  it('have a short name', () => expect(threadName(thread())).toBe('T2-C0DE'))
})

describe('shares', () => {
  it('are looked at from this side', () => expect([wayOf(share(), 'bh'), wayOf(share({ from: ['us'], to: ['bh'] }), 'bh'), wayOf(share({ from: ['bh'], to: ['us'] }), 'bh'), wayOf(share(), 'jo')]).toEqual(['both', 'gets', 'gives', 'none']))
  it('may be asked under unless suspended, given, or private', () => {
    const shares = [share(), share({ id: 'T1', mode: 'private_match' }), share({ id: 'T3', from: ['bh'], to: ['us'] }), share({ id: 'T4', trigger: 'spontaneous' })]
    const held = (what: string) => [{ share: what, party: 'us', cause: 'breach', at: '' }]
    expect(askable({ shares }, 'bh').map((one) => one.id)).toEqual(['T2'])
    expect(askable({ shares }, 'bh', held('T2'))).toEqual([])
    expect([isHeld(held('all'), 'T2'), isHeld(held('T3'), 'T2'), isHeld(undefined, 'T2')]).toEqual([true, false, false])
  })
  it('say which answers there are', () => expect([answersOf('hit_no_hit'), answersOf('full')]).toEqual([['hit', 'no_hit', 'refuse'], ['data', 'refuse']]))
  it('know this side by the node’s word, else by the partner', () => {
    const parties = [{ id: 'bh' }, { id: 'us' }]
    expect([ownParty({ own: 'us', parties }), ownParty({ partner: { party: 'bh' }, parties }), ownParty({ parties })]).toEqual(['us', 'us', 'bh'])
  })
})

describe('a request', () => {
  const strict = share({ id: 'T3', when: 'req.follows == "T2" && size(req.facts) >= 120', justification: { required: true, min_chars: 80, case_ref: 'required', offence_code: 'required', prior_reference: 'required' }, human_confirmation: 'both_sides' })
  const whole: Request = {
    share: 'T3', purpose: 'terrorism', case_ref: 'C-1', offence_code: '0201', prior_reference: 'US-H-77', justification: 'x', facts: 'a fact '.repeat(20), human_confirmed: true,
    subject: { family_name: 'EXAMPLE', dob: '1979-11-30' },
  }
  it('shows only what the share needs', () => {
    expect(partsOf(strict).map((one) => one.name)).toEqual(['case_ref', 'offence_code', 'prior_reference', 'justification', 'facts'])
    expect(partsOf(share({ justification: { required: false, application_ref: 'required' } })).map((one) => one.name)).toEqual(['application_ref'])
  })
  it('counts characters as the agreement does', () => expect([counted('  a   b \n c '), counted('طلب')]).toEqual([5, 3]))
  it('takes the longer of justification and facts, unless a condition measures one', () => {
    expect(shortest(strict, 'facts')).toBe(120)
    expect(lacking(strict, whole)).toEqual([])
    expect(lacking(share({ ...strict, when: 'size(req.justification) > 80' }), whole)).toEqual(['justification'])
    expect(lacking(strict, { ...whole, facts: 'short' })).toEqual(['justification', 'facts'])
  })
  it('lacks what is missing, in the order of the form', () =>
    expect(lacking(strict, { urgent: true })).toEqual(['purpose', 'subject', 'case_ref', 'offence_code', 'prior_reference', 'justification', 'facts', 'urgency_reason', 'human_confirmed']))
  it('is about somebody by name and birth date, or by document', () => {
    const about = (subject: Request['subject']) => lacking(strict, { ...whole, subject }).includes('subject')
    expect([about({ family_name: 'A' }), about({ document: { number: 'X1' } }), about({ document: { number: 'X1', issuer: 'JOR' } }), about({ family_name: 'A', dob: '1980' })]).toEqual([true, true, false, false])
  })
  it('is filled from a traveller', () =>
    expect(subjectOfPassenger({ surname: 'EXAMPLE', given: 'SAMI', born: '1979-11-30', documents: [{ type: 'P', number: 'T1', issuer: 'JOR' }] })).toEqual({ family_name: 'EXAMPLE', given_names: 'SAMI', dob: '1979-11-30', nationality: undefined, document: { type: 'P', number: 'T1', issuer: 'JOR' } }))
})

describe('words', () => {
  it('say durations', () => expect([lasting('P3Y', t), lasting('PT48H', t), lasting('P1DT1H', t), lasting('PT0S', t), lasting('soon', t)]).toEqual(['3 years', '48 hours', '1 day and 1 hour', 'at once', 'soon']))
  it('say durations in Arabic', () => expect([lasting('P1Y', i18n.getFixedT('ar')), lasting('P2Y', i18n.getFixedT('ar')), lasting('PT15M', i18n.getFixedT('ar'))]).toEqual(['سنة', 'سنتان', '15 دقيقة']))
  it('say countries by two letters or three', () => expect([country('BH', 'en'), country('USA', 'en'), country('BH', 'ar'), country('us-ntc', 'en')]).toEqual(['Bahrain', 'United States', 'البحرين', 'us-ntc']))
  it('put states into one form', () => expect([plain('in force'), plain('In-Force'), plain(undefined)]).toEqual(['in_force', 'in_force', '']))
  it('read clauses', () => {
    expect([shareOfClause('shares.T2.quota', []), shareOfClause('shares[1].when', [{ id: 'T1' }, { id: 'T2' }]), shareOfClause('never.rules.N1', [])]).toEqual(['T2', 'T2', undefined])
    expect([clauseName('shares.T2.quota'), clauseName('never.rules.N1'), clauseName('catalogue')]).toEqual(['T2 quota', 'N1', 'catalogue'])
    expect([withheldWhy('never.fields'), withheldWhy('shares.T3.fields'), withheldWhy('catalogue'), withheldWhy(undefined), withheldWhy('x')]).toEqual(['never', 'fields', 'catalogue', 'absent', 'other'])
  })
})
