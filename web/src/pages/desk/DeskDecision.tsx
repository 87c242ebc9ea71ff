import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type DeskItem, useDeskDecision } from '../../api/desk'
import { useHome, useSpeech } from '../../app/home'
import { type Act as KeyAct, useKeys } from '../../app/keys'
import { number } from '../../format/time'
import { ActFailed } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { useOutcomeWords } from '../../ui/outcomeWords'
import { Act, Kbd, Key } from '../../ui/parts'
import type { Made } from './DeskFile'
import classes from './desk.module.css'

// A reason shorter than this is no reason, whatever the node allows.
const shortestReason = 10
const refusal = 'do-not-board'

/** Two keys: to let board, and to confirm the refusal that a fact prepared. Every other way to decide is in the case. */
export function DeskDecision({ one, onMade }: { one: DeskItem; onMade: (made: Made) => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role, me } = useHome()
  const decide = useDeskDecision()
  const said = useOutcomeWords('travel')
  const [way, setWay] = useState<'board' | 'refuse'>()
  const [reason, setReason] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)

  const may = role === 'officer' || role === 'supervisor'
  const held = one.case?.state === 'claimed' && one.case.claimed_by !== me ? one.case.claimed_by : undefined
  const openCase = one.case && one.case.state !== 'closed' && !held ? one.case : undefined
  const board = may && openCase ? one.board?.outcome : undefined
  const refuse = may && openCase ? (one.prepared?.outcome ?? refusal) : undefined
  const outcome = way === 'board' ? board : way === 'refuse' ? refuse : undefined
  const shortest = Math.max(one.shortest?.[outcome ?? ''] ?? 0, shortestReason)
  const length = [...reason.trim()].length
  const sendable = !!outcome && length >= shortest && !decide.isPending
  const alone = way === 'refuse' && !!one.prepared
  // What is often the reason is a key away; each is a whole sentence, to be changed where it does not fit.
  const phrases = way === 'board' ? (['person', 'document', 'phoned'] as const).map((name) => t(`desk.phrase.board.${name}`)) : way === 'refuse' ? [one.prepared ? t(`desk.phrase.fact.${one.prepared.fact}`, { defaultValue: t('desk.phrase.refuse.found') }) : t('desk.phrase.refuse.found'), t('desk.phrase.refuse.phoned')] : []

  const choose = (next: 'board' | 'refuse') => () => {
    if (next === 'board' ? !board : !refuse) return
    setWay(next)
    // The fact is the reason; the officer who confirms it may say more.
    setReason(next === 'refuse' && one.prepared ? t(`desk.phrase.fact.${one.prepared.fact}`, { defaultValue: '' }) : '')
    decide.reset()
    setTimeout(() => field.current?.focus())
  }
  const send = () => {
    if (!sendable || !openCase || !outcome) return
    decide.mutate(
      { case: openCase.id, outcome, reason: reason.trim(), version: openCase.version },
      {
        onSuccess: (made) => {
          onMade({ name: one.passenger.name, outcome, pending: !!made?.pending, carrier: one.flight.carrier })
          setWay(undefined)
          setReason('')
        },
      },
    )
  }
  const options: Partial<Record<KeyAct, () => void>> = {}
  phrases.slice(0, 4).forEach((phrase, at) => {
    options[`case.option${at + 1}` as KeyAct] = () => setReason(phrase)
  })
  useKeys({ ...(board ? { 'desk.board': choose('board') } : {}), ...(refuse ? { 'desk.refuse': choose('refuse') } : {}), ...(way ? { 'case.send': send, ...options } : {}) })

  if (!one.case)
    return (
      <p className={classes.waits} data-test="desk-no-case">
        {t(`desk.noCase.${one.why}`, { defaultValue: t('desk.noCase.referred') })}
      </p>
    )
  if (one.case.state === 'closed')
    return (
      <p className={classes.done} data-outcome={one.case.outcome}>
        {t('decision.closedAs', { outcome: said.name(one.case.outcome ?? '') })}
      </p>
    )
  return (
    <div data-test="desk-decision">
      {held && <p className={classes.waits}>{t('decision.heldBy', { name: `\u2068${held}\u2069` })}</p>}
      {!may && <p className={classes.waits}>{t('desk.onlyOfficer')}</p>}
      <div className={classes.keys}>
        <button type="button" data-way="board" aria-pressed={way === 'board'} disabled={!board} onClick={choose('board')} data-test="desk-board">
          <strong>
            <Icon name="check" size={15} /> <span>{t('desk.board')}</span> <Key act="desk.board" />
          </strong>
          <span>{t('desk.boardDoes')}</span>
        </button>
        <button type="button" data-way="refuse" aria-pressed={way === 'refuse'} disabled={!refuse} onClick={choose('refuse')} data-test="desk-refuse">
          <strong>
            <Icon name="cross" size={15} /> <span>{t('desk.refuse')}</span> <Key act="desk.refuse" />
          </strong>
          <span>{t(one.prepared ? 'desk.refusePrepared' : 'desk.refuseSecond')}</span>
        </button>
      </div>
      {way && (
        <>
          <ul className={classes.ready}>
            {phrases.map((phrase, at) => (
              <li key={phrase}>
                <button type="button" onClick={() => setReason(phrase)}>
                  <span>{phrase}</span> <Kbd>{String(at + 1)}</Kbd>
                </button>
              </li>
            ))}
          </ul>
          <label className={classes.label} htmlFor="desk-reason">
            {t('decision.reason')} <span>{t('decision.length', { count: length, shortest: number(shortest, speech) })}</span>
          </label>
          <textarea id="desk-reason" ref={field} className={classes.area} rows={4} dir="auto" value={reason} onChange={(event) => setReason(event.target.value)} data-test="desk-reason" />
          <p className={classes.note}>{t(way === 'board' ? 'desk.will.board' : alone ? 'desk.will.refuse' : 'desk.will.ask', { carrier: `\u2066${one.flight.carrier}\u2069` })}</p>
          <ActFailed error={decide.error} />
          <div className={classes.acts}>
            <Act primary act="case.send" disabled={!sendable} onClick={send} data-test="desk-send">
              {t(way === 'board' ? 'desk.sendBoard' : alone ? 'desk.sendRefuse' : 'desk.askRefuse', { carrier: `\u2066${one.flight.carrier}\u2069` })}
            </Act>
          </div>
        </>
      )}
      {!way && (
        <p className={classes.note}>
          <Link to="/queue/{-$id}" params={{ id: one.case.id }} className={classes.link} data-test="desk-case">
            {t('desk.otherWays')}
          </Link>
        </p>
      )}
    </div>
  )
}
