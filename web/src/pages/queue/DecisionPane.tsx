import { Textarea } from '@mantine/core'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type useClaim, useConfirm, useDecide, useNote } from '../../api/queries'
import type { CaseFile, Outcome } from '../../api/types'
import { useHome, useSpeech } from '../../app/home'
import { type Act as KeyAct, useKeys } from '../../app/keys'
import { number } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { ActFailed } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { useOutcomeWords } from '../../ui/outcomeWords'
import { Act, Instant, Kbd, Key } from '../../ui/parts'
import classes from './DecisionPane.module.css'

// A reason shorter than this is no reason, whatever the node allows.
const shortestReason = 10

/** What an outcome needs beside its reason, where a domain asks for more: what is asked of the filer, say. */
export type More = { fields: (outcome: string) => ReactNode; ready: (outcome: string) => boolean; before: (outcome: string) => Promise<unknown> }

/** Options with number keys, the reason, who confirms, and what will happen, in words. */
export function DecisionPane({ file, claim, more }: { file: CaseFile; claim: ReturnType<typeof useClaim>; more?: More }) {
  const { t } = useTranslation()
  const one = file.case
  return (
    <>
      <header className={desk.paneHead}>
        <h2>{t('decision.title')}</h2>
        <span className={desk.push} />
        <Key act="case.decide" />
      </header>
      {one.state === 'closed' ? <Closed file={file} claim={claim} /> : one.state === 'pending' ? <Second file={file} /> : <Deciding file={file} claim={claim} more={more} />}
    </>
  )
}

/** How it ended; what was adverse may be taken back, by whoever has the right to. */
function Closed({ file, claim }: { file: CaseFile; claim: ReturnType<typeof useClaim> }) {
  const { t } = useTranslation()
  const [again, setAgain] = useState(false)
  const said = useOutcomeWords(file.case.domain)
  const how = file.case.outcome
  const last = file.decisions?.findLast((decision) => decision.outcome === how)
  const lifts = (file.outcomes ?? []).filter((outcome) => outcome.lifts && outcome.lifts === how)
  if (again) return <Deciding file={{ ...file, outcomes: lifts }} claim={claim} />
  return (
    <div className={desk.scroll}>
      <p className={classes.prose}>
        <Icon name="check" size={14} /> {how ? t('decision.closedAs', { outcome: said.name(how) }) : t('decision.closed')}
      </p>
      {last && (
        <p className={classes.quiet}>
          <bdi>{last.by}</bdi>
          {last.confirmed_by && <>{t('list.comma')}<bdi>{last.confirmed_by}</bdi></>}
          {t('list.comma')}
          <Instant at={last.confirmed_at ?? last.at} dateToo />
        </p>
      )}
      {last?.reason && (
        <p className={classes.reason}>
          <bdi>{last.reason}</bdi>
        </p>
      )}
      {lifts.length > 0 && (
        <Act onClick={() => setAgain(true)} data-test="lift">
          {t('decision.lift', { outcome: said.name(how ?? '') })}
        </Act>
      )}
    </div>
  )
}

/** The second yes: someone else's decision, to be confirmed or sent back with a reason. */
function Second({ file }: { file: CaseFile }) {
  const { t } = useTranslation()
  const { me, role } = useHome()
  const confirm = useConfirm()
  const [reason, setReason] = useState('')
  const pending = file.decisions?.findLast((decision) => decision.pending) ?? file.decisions?.at(-1)
  const said = useOutcomeWords(file.case.domain)
  const outcome = pending ? said.name(pending.outcome) : ''
  const offered = file.outcomes?.find((one) => one.code === pending?.outcome)
  const seconds = offered?.seconds?.length ? offered.seconds : (offered?.roles ?? [])
  const own = pending?.by === me || (seconds.length > 0 && !seconds.includes(role))
  const enough = reason.trim().length >= shortestReason
  const answer = (yes: boolean) => confirm.mutate({ id: file.case.id, given: { confirm: yes, reason: reason.trim() } })
  return (
    <>
      <div className={desk.scroll}>
        <p className={classes.prose}>
          <bdi>{pending?.by}</bdi> {t('decision.proposes')} <strong>{t('quote', { text: outcome })}</strong>
        </p>
        <p className={classes.reason}>
          <bdi>{pending?.reason}</bdi>
        </p>
        {own ? (
          <p className={classes.quiet}>{pending?.by === me ? t('decision.ownSecond') : t('decision.otherSecond', { roles: seconds.map((one) => t(`role.${one}`, { defaultValue: one })).join(t('list.or')) })}</p>
        ) : (
          <Textarea
            label={t('decision.yourReason')}
            autosize={false}
            rows={4}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            dir="auto"
            classNames={{ label: classes.label, input: classes.input }}
            data-test="reason"
          />
        )}
        {!own && pending && <Will domain={file.case.domain} code={pending.outcome} />}
        <ActFailed error={confirm.error} />
      </div>
      {!own && (
        <footer className={desk.foot}>
          <div className={classes.buttons}>
            <Act primary disabled={!enough || confirm.isPending} onClick={() => answer(true)} data-test="confirm">
              {t('decision.confirm', { outcome })}
            </Act>
            <Act disabled={!enough || confirm.isPending} onClick={() => answer(false)} data-test="refuse">
              {t('decision.sendBack')}
            </Act>
          </div>
        </footer>
      )}
    </>
  )
}

function Deciding({ file, claim, more }: { file: CaseFile; claim: ReturnType<typeof useClaim>; more?: More }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { me, role } = useHome()
  const decide = useDecide()
  const note = useNote()
  const one = file.case
  const outcomes = file.outcomes ?? []
  const may = (outcome: Outcome) => !outcome.roles?.length || outcome.roles.includes(role)
  const said = useOutcomeWords(one.domain)
  // A decision that waits for an answer may be replaced by whoever has the right to; nobody needs to claim it first.
  const waits = one.state === 'waiting'
  const mine = waits || one.state === 'closed' || one.claimed_by === me
  const [sending, setSending] = useState(false)
  const [failed, setFailed] = useState<unknown>()
  const [code, setCode] = useState<string>()
  const [reason, setReason] = useState('')
  const first = useRef<HTMLInputElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const chosen = outcomes.find((outcome) => outcome.code === code)
  // What a fact prepared takes one person only.
  const asksSecond = (outcome: Outcome) => outcome.second && outcome.code !== file.prepared
  const shortest = Math.max(chosen?.shortest ?? shortestReason, 1)
  const length = [...reason.trim()].length
  const ready = mine && chosen !== undefined && length >= shortest && !decide.isPending && !sending && (more?.ready(chosen.code) ?? true)
  const name = chosen ? said.name(chosen.code) : ''

  const choose = (at: number) => () => {
    const outcome = outcomes[at]
    if (!mine || !outcome || !may(outcome)) return
    setCode(outcome.code)
    field.current?.focus()
  }
  const send = async () => {
    if (!ready || !chosen) return
    setSending(true)
    setFailed(undefined)
    try {
      await more?.before(chosen.code)
      await decide.mutateAsync({ id: one.id, given: { outcome: chosen.code, reason: reason.trim(), version: one.version } })
    } catch (error) {
      setFailed(error)
    } finally {
      setSending(false)
    }
  }
  const saveNote = () => {
    if (length === 0) field.current?.focus()
    else note.mutate({ id: one.id, given: reason.trim() }, { onSuccess: () => setReason('') })
  }
  const options: Partial<Record<KeyAct, () => void>> = {}
  outcomes.slice(0, 4).forEach((_outcome, at) => {
    options[`case.option${at + 1}` as KeyAct] = choose(at)
  })
  useKeys({ 'case.decide': () => (code ? field.current : first.current)?.focus(), 'case.note': saveNote, ...(mine ? { 'case.send': () => void send() } : {}), ...options })

  return (
    <>
      <div className={desk.scroll}>
        {waits && <p className={classes.claim}>{t('decision.waits', { outcome: t('quote', { text: said.name(one.outcome ?? '') }) })}</p>}
        {!mine && (
          <div className={classes.claim}>
            <p>{one.claimed_by ? t('decision.heldBy', { name: `\u2068${one.claimed_by}\u2069` }) : t('decision.claimFirst')}</p>
            {!one.claimed_by && (
              <Act primary act="case.claim" disabled={claim.isPending} onClick={() => claim.mutate({ id: one.id, given: true })} data-test="claim">
                {t('decision.claim')}
              </Act>
            )}
            <ActFailed error={claim.error} />
          </div>
        )}
        <fieldset className={classes.options} disabled={!mine}>
          <legend className="unseen">{t('decision.title')}</legend>
          {outcomes.map((outcome, at) => (
            <label key={outcome.code} className={classes.option} data-chosen={outcome.code === code || undefined} data-closed={!may(outcome) || undefined}>
              <input ref={at === 0 ? first : undefined} type="radio" name="outcome" value={outcome.code} disabled={!may(outcome)} checked={outcome.code === code} onChange={() => setCode(outcome.code)} />
              <span>
                <strong>{said.name(outcome.code)}</strong>
                <small>{said.effect(outcome.code)}</small>
                {!may(outcome) && <small>{t('decision.whose', { roles: (outcome.roles ?? []).map((one) => t(`role.${one}`, { defaultValue: one })).join(t('list.or')) })}</small>}
                {asksSecond(outcome) && (
                  <small>
                    <Icon name="people" size={12} /> {t('decision.second')}
                  </small>
                )}
              </span>
              {at < 4 && <Kbd>{String(at + 1)}</Kbd>}
            </label>
          ))}
        </fieldset>
        {chosen && mine && more?.fields(chosen.code)}
        <Textarea
          ref={field}
          label={
            <span className={classes.labelLine}>
              <span>{t('decision.reason')}</span>
              <span className={classes.quiet}>{t('decision.length', { count: length, shortest: number(shortest, speech) })}</span>
            </span>
          }
          rows={5}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          disabled={!mine}
          dir="auto"
          classNames={{ label: classes.label, input: classes.input }}
          data-test="reason"
        />
        {chosen && (
          <>
            {asksSecond(chosen) && (
              <>
                <h3 className={classes.label}>{t('decision.secondTitle')}</h3>
                <p className={classes.quiet}>{t('decision.secondWho')}</p>
              </>
            )}
            <Will domain={one.domain} code={chosen.code} second={asksSecond(chosen)} />
          </>
        )}
        <ActFailed error={failed ?? note.error} />
      </div>
      <footer className={desk.foot}>
        <div className={classes.buttons}>
          <Act primary act="case.send" disabled={!ready} onClick={() => void send()} data-test="decide">
            {chosen ? t(asksSecond(chosen) ? 'decision.ask' : 'decision.send', { outcome: name }) : t('decision.choose')}
          </Act>
          {mine && (
            <>
              <Act act="case.note" disabled={note.isPending} onClick={saveNote}>
                {t('decision.note')}
              </Act>
              {!waits && one.state !== 'closed' && (
                <Act act="case.claim" disabled={claim.isPending} onClick={() => claim.mutate({ id: one.id, given: false })} data-test="release">
                  {t('decision.release')}
                </Act>
              )}
            </>
          )}
        </div>
      </footer>
    </>
  )
}

function Will({ domain, code, second = false }: { domain: string; code: string; second?: boolean }) {
  const { t } = useTranslation()
  const said = useOutcomeWords(domain)
  const sentences = [...(second ? [t('will.second')] : []), ...said.will(code)]
  if (sentences.length === 0) return null
  return (
    <>
      <h3 className={classes.label}>{t('decision.will')}</h3>
      <ol className={classes.will}>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ol>
    </>
  )
}
