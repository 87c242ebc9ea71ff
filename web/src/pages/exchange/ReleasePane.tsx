import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Answer, type Need, type Release, type ThreadFile, usePreview, useRelease } from '../../api/exchange'
import { useHome, useSpeech } from '../../app/home'
import { type Act as KeyAct, useKeys } from '../../app/keys'
import { useRested } from '../../app/rested'
import { answersOf, counted } from '../../format/exchange'
import { day, number } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer as Face } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { Act, Code, Figure, Kbd, Name } from '../../ui/parts'
import { Head } from './Desk'
import { useFieldName } from './FieldValue'
import { MoreActs } from './MoreActs'
import classes from './panes.module.css'
import { Sides } from './Sides'
import { subjectName } from './Subject'
import { useAuthority } from './useAuthority'

// A reason shorter than this is no reason.
const shortest = 10

/** Releasing: the answer, whom it is about, exactly what leaves and what stays, and who else must say yes. */
export function ReleasePane({ thread, candidate, onCandidate, onClose }: { thread: ThreadFile; candidate?: string; onCandidate: (ref: string) => void; onClose?: () => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { me } = useHome()
  const name = useFieldName()
  const release = useRelease(thread.id)
  const offered = answersOf(thread.mode)
  // The second person sees first what the first one released, and may still refuse.
  const [answer, setAnswer] = useState<Answer | undefined>(thread.choice?.answer)
  const codes = thread.codes ?? []
  const [code, setCode] = useState(codes[0] ?? '')
  const [typed, setTyped] = useState<Record<string, string>>(() => Object.fromEntries(Object.entries(thread.choice?.values ?? {}).map(([field, value]) => [field, String(value)])))
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const first = useRef<HTMLInputElement>(null)
  const yes = useRef<HTMLDivElement>(null)
  const candidates = thread.candidates ?? []
  const who = candidates.find((one) => one.ref === (candidate ?? thread.choice?.candidate)) ?? (candidates.length === 1 ? candidates[0] : undefined)
  const about = answer === 'hit' || answer === 'data' ? who?.ref : undefined
  // What no part of this node holds is typed by whoever releases it.
  const byHand = answer === 'data' && candidates.length === 0
  const values = useRested(byHand ? Object.fromEntries(Object.entries(typed).flatMap(([field, value]) => (value.trim() ? [[field, value.trim()]] : []))) : undefined)
  const wanted: Release | undefined =
    answer === 'no_hit' ? { answer } : byHand && values && Object.keys(values).length > 0 ? { answer: 'data', values } : answer !== undefined && answer !== 'refuse' && about !== undefined ? { answer, candidate: about } : undefined
  const preview = usePreview(thread.id, wanted)
  const partner = useAuthority()(thread.partner)
  const half = thread.state === 'half'
  const before = (thread.approvals ?? []).filter((one) => one.stage === 'release' && one.approve)
  const ownFirst = half && before.some((one) => one.by === me)
  const leaves = preview.data?.leaves?.length ?? 0
  const needsReason = answer === 'refuse' && code !== 'REASON_WITHHELD'
  const ready = answer !== undefined && !release.isPending && !ownFirst && (answer === 'refuse' ? !needsReason || counted(reason) >= shortest : wanted !== undefined && preview.data !== undefined && !preview.data.forbidden)
  const needs = preview.data?.needs ?? []
  const second = needs.some((one) => one.have + 1 < one.count) || needs.filter((one) => one.have < one.count).length > 1
  const send = () => {
    if (!ready || answer === undefined) return
    release.mutate({ ...(wanted ?? { answer, code }), ...(reason.trim() ? { reason: reason.trim() } : {}) }, { onSettled: () => setAsked(false) })
  }
  const ask = () => {
    if (!ready) return first.current?.focus()
    setAsked(true)
    setTimeout(() => yes.current?.querySelector('button')?.focus(), 0)
  }
  const choose = (at: number) => () => {
    if (!offered[at]) return
    setAnswer(offered[at])
    setAsked(false)
  }
  const options: Partial<Record<KeyAct, () => void>> = {}
  offered.forEach((_one, at) => {
    options[`case.option${at + 1}` as KeyAct] = choose(at)
  })
  useKeys({ 'case.decide': ask, ...(asked ? { 'case.send': send, 'list.back': () => setAsked(false) } : { 'case.send': ask }), ...options })
  const does = t(answer === 'refuse' ? 'release.do.refuse' : answer === 'no_hit' ? 'release.do.no_hit' : second ? 'release.do.second' : answer === 'hit' ? 'release.do.hit' : 'release.do.data', { count: leaves, partner })
  return (
    <>
      <Head title={t('release.title')} thread={thread} onClose={onClose} />
      <div className={desk.scroll} data-test="release">
        <div className={classes.about}>
          <h3>
            <Name>{subjectName(thread.request?.subject)}</Name>
          </h3>
          {half && <p>{t(ownFirst ? 'release.ownFirst' : 'release.firstBy', { name: `\u2068${before[0]?.by ?? ''}\u2069` })}</p>}
        </div>
        <fieldset className={classes.options} disabled={ownFirst}>
          <legend>{t('release.answer')}</legend>
          {offered.map((one, at) => (
            <label key={one} data-chosen={answer === one || undefined}>
              <input ref={at === 0 ? first : undefined} type="radio" name="answer" checked={answer === one} onChange={choose(at)} data-test={`answer-${one}`} />
              <span>
                {t(`release.answers.${one}`)}
                <small>{t(`release.effect.${one}`, { partner })}</small>
              </span>
              <Kbd>{String(at + 1)}</Kbd>
            </label>
          ))}
        </fieldset>
        {(answer === 'hit' || answer === 'data') && (
          <fieldset className={classes.options} data-test="candidates-choice">
            <legend>{t('release.who')}</legend>
            {candidates.length === 0 && <p className={classes.note}>{t(byHand ? 'release.byHand' : 'release.nobody')}</p>}
            {byHand &&
              (thread.terms?.fields ?? []).map((field) => <TextInput key={field} label={name(field)} value={typed[field] ?? ''} dir="auto" onChange={(event) => setTyped({ ...typed, [field]: event.currentTarget.value })} classNames={{ label: classes.label, input: classes.input }} />)}
            {candidates.map((one) => (
              <label key={one.ref} data-chosen={one === who || undefined}>
                <input type="radio" name="candidate" checked={one === who} onChange={() => onCandidate(one.ref)} />
                <span>
                  <Name>{one.title}</Name>
                  {one.detail && <small><bdi>{one.detail}</bdi></small>}
                </span>
                {!!one.score && <Figure>{one.score.toFixed(2)}</Figure>}
              </label>
            ))}
          </fieldset>
        )}
        {answer === 'refuse' && (
          <>
            <NativeSelect label={t('release.code')} value={code} onChange={(event) => setCode(event.currentTarget.value)} data={codes.map((value) => ({ value, label: t(`refusal.${value}`, { defaultValue: value }) }))} classNames={{ label: classes.label, input: classes.input }} data-test="refusal-code" />
            <p className={classes.note}>{t(code === 'REASON_WITHHELD' ? 'release.secretReason' : 'release.saidReason', { partner })}</p>
          </>
        )}
        {answer !== undefined && (answer === 'refuse' || second) && (
          <Textarea label={t(needsReason ? 'decision.yourReason' : 'release.note')} rows={3} value={reason} dir="auto" onChange={(event) => setReason(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} data-test="reason" />
        )}
        {wanted !== undefined && (
          <div className={classes.preview}>
            <Face of={preview} rows={5}>
              {(known) =>
                known.forbidden ? (
                  <p className={classes.stopped} role="alert">
                    {t('release.stopped')} {t(`refusal.${known.forbidden.code}`, { defaultValue: known.forbidden.reason ?? known.forbidden.code })} {known.forbidden.clause && <Code>{known.forbidden.clause}</Code>}
                  </p>
                ) : (
                  <Sides preview={known} to={partner} />
                )
              }
            </Face>
          </div>
        )}
        {answer !== undefined && answer !== 'refuse' && needs.length > 0 && <Keys needs={needs} have={before.map((one) => one.by)} />}
        <ActFailed error={release.error} />
        <MoreActs thread={thread} />
      </div>
      <footer className={desk.foot}>
        {asked && ready && answer !== undefined ? (
          <div className={classes.confirm} role="alertdialog" aria-label={t('release.sure')} ref={yes} data-test="confirm-words">
            <p>
              {t(answer === 'refuse' ? 'release.will.refuse' : answer === 'no_hit' ? 'release.will.no_hit' : second ? 'release.will.second' : 'release.will.leaves', { count: leaves, partner, code: t(`refusal.${code}`), name: `\u2068${subjectName(thread.request?.subject)}\u2069` })}{' '}
              {preview.data?.handling?.erase_at && answer !== 'refuse' && answer !== 'no_hit' && t('release.will.erase', { day: day(preview.data.handling.erase_at.slice(0, 10), speech) })}
            </p>
            <div className={classes.buttons}>
              <Act primary act="case.send" disabled={!ready} onClick={send} data-test="release-confirm">
                {does}
              </Act>
              <Act act="list.back" onClick={() => setAsked(false)}>
                {t('rules.notNow')}
              </Act>
            </div>
          </div>
        ) : (
          <div className={classes.buttons}>
            <Act primary act="case.decide" disabled={!ready} onClick={ask} data-test="release-ask">
              {answer === undefined ? t('release.choose') : t('release.next', { what: does })}
            </Act>
          </div>
        )}
        {thread.mode === 'hit_no_hit' && !asked && <p className={classes.note}>{t('release.timing', { number: number(60, speech) })}</p>}
      </footer>
    </>
  )
}

/** Who must say yes, and who has. */
export function Keys({ needs, have }: { needs: Need[]; have: string[] }) {
  const { t } = useTranslation()
  const { me, role } = useHome()
  let mine = false
  const rows = needs.flatMap((need) =>
    Array.from({ length: Math.max(need.count, 1) }, (_unused, at) => {
      const done = at < need.have
      const here = !done && !mine && !have.includes(me) && (!need.role || need.role === role)
      if (here) mine = true
      return { key: `${need.kind}-${need.role ?? ''}-${at}`, need, done, here, by: done ? have[at] : undefined }
    }),
  )
  return (
    <ol className={classes.keys} data-test="keys">
      {rows.map(({ key, need, done, here, by }, at) => (
        <li key={key} data-have={done || here}>
          <Icon name={done || here ? 'check' : 'clock'} size={13} />
          <span>
            <strong>{at + 1}</strong> {by ? <bdi>{by}</bdi> : here ? t('release.you') : t('release.other')}
            {need.role && <>{t('list.comma')}{t(`role.${need.role}`, { defaultValue: need.role })}</>}
            {need.kind === 'second_approval' && <>{t('list.comma')}{t('release.secondWhy')}</>}
            {need.kind === 'confirmation' && <>{t('list.comma')}{t('release.confirmation')}</>}
          </span>
          <span>{done ? t('release.done') : here ? t('time.now') : t('release.notYet')}</span>
        </li>
      ))}
    </ol>
  )
}
