import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApplicationFile, type Deed, useApplicationAct } from '../../api/facilitation'
import { useHome, useSpeech } from '../../app/home'
import { type Act as KeyAct, useKeys } from '../../app/keys'
import { standing } from '../../format/finding'
import { number } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { ActFailed } from '../../ui/Faces'
import { useFindingTitle } from '../../ui/FindingCard'
import { Act, Instant, Kbd, Key } from '../../ui/parts'
import classes from './facilitation.module.css'

// A reason shorter than this is no reason, whatever the node allows.
const shortest = 10
// What takes a second person: what ends, or keeps from somebody, what they asked for.
const adverse = new Set(['refused', 'revoked', 'cancelled'])

/** What can be done with an application now: moves with their reasons, and what needs a second person. */
export function Deeds({ one, notSame }: { one: ApplicationFile; notSame: readonly string[] }) {
  const { t } = useTranslation()
  return (
    <>
      <header className={desk.paneHead}>
        <h2>{t('facilitation.deeds')}</h2>
        <span className={desk.push} />
        <Key act="case.decide" />
      </header>
      {one.proposal ? <Second one={one} proposal={one.proposal} /> : <Moves one={one} notSame={notSame} />}
    </>
  )
}

function Second({ one, proposal }: { one: ApplicationFile; proposal: NonNullable<ApplicationFile['proposal']> }) {
  const { t } = useTranslation()
  const { me } = useHome()
  const act = useApplicationAct(one.id)
  const [reason, setReason] = useState('')
  const own = proposal.by === me
  const answer = (yes: boolean) => act.mutate({ act: 'confirmation', yes, ...(reason.trim() ? { reason: reason.trim() } : {}) })
  return (
    <>
      <div className={desk.scroll} data-test="proposal-second">
        <p>
          <bdi>{proposal.by}</bdi> {t('decision.proposes')} <strong>{t('quote', { text: one.kind === 'redress' ? t('facilitation.proposal.redress') : t(`application.move.${proposal.to}`, { defaultValue: proposal.to }) })}</strong> <Instant at={proposal.at} dateToo />
        </p>
        <p className={classes.prose}>
          <bdi>{proposal.reason}</bdi>
        </p>
        <p className={classes.note}>{t(`application.moveWill.${one.kind === 'redress' ? 'redress' : proposal.to}`, { defaultValue: '' })}</p>
        {own && <p className={classes.waits}>{t('decision.ownSecond')}</p>}
        <label className={classes.label} htmlFor="second-reason">
          {t('decision.yourReason')}
        </label>
        <textarea id="second-reason" className={classes.area} rows={4} dir="auto" value={reason} onChange={(event) => setReason(event.target.value)} data-test="second-reason" />
        <ActFailed error={act.error} />
      </div>
      <footer className={desk.foot}>
        <div className={classes.acts}>
          {!own && (
            <Act primary disabled={act.isPending} onClick={() => answer(true)} data-test="second-yes">
              {t('facilitation.agree')}
            </Act>
          )}
          <Act disabled={act.isPending || reason.trim().length < shortest} onClick={() => answer(false)} data-test="second-no">
            {t(own ? 'facilitation.takeBack' : 'decision.sendBack')}
          </Act>
        </div>
      </footer>
    </>
  )
}

const outcomes = ['green', 'not_green', 'unable'] as const

function Moves({ one, notSame }: { one: ApplicationFile; notSame: readonly string[] }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const act = useApplicationAct(one.id)
  const title = useFindingTitle()
  const moves = one.moves ?? []
  const acts = one.acts ?? []
  const choices = [...(acts.includes('vetting') ? ['vetting'] : []), ...(acts.includes('examination') ? ['examination'] : []), ...(acts.includes('outcome') ? outcomes : []), ...moves.filter((move) => !(one.kind === 'redress' && move === 'answered') && !(move === 'partner_vetting' && acts.includes('vetting')) && !(one.kind === 'vetting' && move === 'answered'))]
  const [chosen, setChosen] = useState<string>()
  const [reason, setReason] = useState('')
  const [finding, setFinding] = useState('')
  const [until, setUntil] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  const first = useRef<HTMLInputElement>(null)
  const findings = standing(one.findings ?? [])
  const length = [...reason.trim()].length
  const outcome = outcomes.find((each) => each === chosen)
  const reasoned = chosen === 'vetting' || !!outcome || length >= shortest
  const ready = !!chosen && reasoned && (chosen !== 'suspended' || finding !== '') && !act.isPending
  const send = () => {
    if (!ready || !chosen) return
    const said = reason.trim()
    const deed: Deed =
      chosen === 'vetting'
        ? { act: 'vetting' }
        : chosen === 'examination'
          ? { act: 'examination', not_same: [...notSame], reason: said }
          : outcome
            ? { act: 'outcome', outcome, ...(until ? { valid_until: until } : {}), ...(said ? { reason: said } : {}) }
            : { act: 'moves', to: chosen, reason: said, ...(chosen === 'suspended' ? { finding } : {}), version: one.version }
    act.mutate(deed)
  }
  const choose = (value: string) => {
    setChosen(value)
    if (value !== 'vetting') setTimeout(() => field.current?.focus())
  }
  const options: Partial<Record<KeyAct, () => void>> = {}
  choices.slice(0, 4).forEach((value, at) => {
    options[`case.option${at + 1}` as KeyAct] = () => choose(value)
  })
  useKeys(choices.length > 0 ? { 'case.decide': () => first.current?.focus(), 'case.send': send, ...options } : {})
  if (choices.length === 0)
    return (
      <div className={desk.scroll}>
        <p className={classes.quiet}>{t('facilitation.nothing')}</p>
        <OpenCases of={one} />
      </div>
    )
  return (
    <>
      <div className={desk.scroll} data-test="deeds">
        <OpenCases of={one} />
        <fieldset className={classes.options}>
          <legend className="unseen">{t('facilitation.deeds')}</legend>
          {choices.map((value, at) => (
            <label key={value} className={classes.option} data-chosen={value === chosen || undefined}>
              <input ref={at === 0 ? first : undefined} type="radio" name="deed" value={value} checked={value === chosen} onChange={() => choose(value)} />
              <span>
                <strong>{outcomes.some((each) => each === value) ? t(`application.outcome.${value}`) : t(`application.move.${value}`, { defaultValue: value })}</strong>
                <small>{t(`application.moveWill.${value}`, { defaultValue: '' })}</small>
                {(adverse.has(value) || value === 'examination') && <small>{t('decision.second')}</small>}
              </span>
              {at < 4 && <Kbd>{String(at + 1)}</Kbd>}
            </label>
          ))}
        </fieldset>
        {chosen === 'examination' && <p className={classes.note}>{t('facilitation.examines', { count: notSame.length, entries: number(notSame.length, speech) })}</p>}
        {chosen === 'suspended' && (
          <label>
            <span className={classes.label}>{t('facilitation.because')}</span>
            <select className={classes.input} value={finding} onChange={(event) => setFinding(event.target.value)} data-test="suspend-finding">
              <option value="">{t('apply.choose')}</option>
              {findings.map((each) => (
                <option key={each.matched} value={each.matched}>
                  {title(each)}
                </option>
              ))}
            </select>
          </label>
        )}
        {outcome && (
          <label>
            <span className={classes.label}>{t('standing.until')}</span>
            <input className={classes.input} type="date" dir="ltr" value={until} onChange={(event) => setUntil(event.target.value)} />
          </label>
        )}
        {chosen && chosen !== 'vetting' && (
          <>
            <label className={classes.label} htmlFor="deed-reason">
              {t('decision.reason')} <span className={classes.quiet}>{!outcome && t('decision.length', { count: length, shortest: number(shortest, speech) })}</span>
            </label>
            <textarea id="deed-reason" ref={field} className={classes.area} rows={5} dir="auto" value={reason} onChange={(event) => setReason(event.target.value)} data-test="deed-reason" />
            <p className={classes.note}>{t('facilitation.reasonStays')}</p>
          </>
        )}
        <ActFailed error={act.error} />
      </div>
      <footer className={desk.foot}>
        <div className={classes.acts}>
          <Act primary act="case.send" disabled={!ready} onClick={send} data-test="deed-send">
            {chosen ? (outcome ? t(`application.outcome.${chosen}`) : t(adverse.has(chosen) || chosen === 'examination' ? 'facilitation.propose' : `application.move.${chosen}`, { defaultValue: chosen, what: t(`application.move.${chosen}`, { defaultValue: chosen }) })) : t('facilitation.chooseDeed')}
          </Act>
        </div>
      </footer>
    </>
  )
}

/** While something about the applicant is open in the queue, nothing is granted. */
function OpenCases({ of }: { of: ApplicationFile }) {
  const { t } = useTranslation()
  const [first] = of.cases ?? []
  if (!first || standing(of.findings ?? []).length === 0) return null
  return (
    <p className={classes.waits}>
      {t('facilitation.caseFirst')}{' '}
      <Link to="/queue/{-$id}" params={{ id: first }} search={{ domain: 'facilitation' }} className={classes.link}>
        {t('case.case')}
      </Link>
    </p>
  )
}
