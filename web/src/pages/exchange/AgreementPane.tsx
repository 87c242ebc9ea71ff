import { NativeSelect, Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AgreementFile, type Thread, useResume, useSuspend } from '../../api/exchange'
import { useHome, useSpeech } from '../../app/home'
import { askable, byUrgency, countryIn, isOver, lasting, ownParty, threadName, waitsHere } from '../../format/exchange'
import { number } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { ActFailed, Empty } from '../../ui/Faces'
import { Act, Code } from '../../ui/parts'
import classes from './panes.module.css'
import { Due } from './Due'
import { Desk } from './Desk'
import { useAuthority } from './useAuthority'
import { BreachForm, ProtectForm } from './WatchForms'

type Search = { v?: string; tab?: string; act?: string; thread?: string; share?: string; purpose?: string }
type Props = { file: AgreementFile; threads: Thread[]; search: Search; onChange: (change: Search) => void }

/** Beside an agreement: what waits under it, one thread to act on, or the act of suspending and resuming. */
export function AgreementPane(props: Props) {
  const { file, search, onChange } = props
  if (search.act === 'suspend') return <Suspend file={file} threads={props.threads} onDone={() => onChange({ act: undefined })} />
  if (search.act === 'breach') return <BreachForm file={file} onDone={() => onChange({ act: undefined })} />
  if (search.act === 'protect') return <ProtectForm file={file} onDone={() => onChange({ act: undefined })} />
  if (search.act === 'resume') return <Resume file={file} onDone={() => onChange({ act: undefined })} />
  if (search.thread) return <Desk key={search.thread} id={search.thread} onClose={() => onChange({ thread: undefined })} />
  return <Waiting {...props} />
}

function Waiting({ file, threads, onChange }: Props) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const waiting = byUrgency(threads.filter(waitsHere))
  const running = byUrgency(threads.filter((one) => !waitsHere(one) && !isOver(one)))
  const shares = askable(file.document, ownParty(file), file.suspended)
  const asks = ['analyst', 'supervisor', 'officer', 'fiu', 'responder', 'targeter'].includes(role)
  return (
    <>
      <header className={desk.paneHead}>
        <h2>{t('agreement.pane.waits')}</h2>
        <span className={desk.count}>{number(waiting.length, speech)}</span>
      </header>
      <div className={classes.body}>
        {waiting.length === 0 && <Empty>{t('agreement.pane.nothing')}</Empty>}
        <Threads of={waiting} onOpen={(thread) => onChange({ thread })} />
        {running.length > 0 && (
          <>
            <h3 className={classes.group}>{t('agreement.pane.running')}</h3>
            <Threads of={running} onOpen={(thread) => onChange({ thread })} />
          </>
        )}
      </div>
      <footer className={desk.foot}>
        {asks && shares.length > 0 && (
          <Link to="/requests/{-$id}" params={{ id: 'new' }} search={{ agreement: file.id }} className={classes.primaryLink} data-test="new-request">
            {t('request.new')}
          </Link>
        )}
        <Link to="/requests/{-$id}" params={{ id: undefined }} search={{ agreement: file.id }} className={classes.link}>
          {t('agreement.pane.all')}
        </Link>
      </footer>
    </>
  )
}

function Threads({ of, onOpen }: { of: Thread[]; onOpen: (id: string) => void }) {
  const { t } = useTranslation()
  const nameOf = useAuthority()
  return (
    <ul className={classes.threads}>
      {of.map((one) => (
        <li key={one.id}>
          <button type="button" onClick={() => onOpen(one.id)} data-test="waiting" data-key={one.id}>
            <span>
              <Code strong>{threadName(one)}</Code>
              <span>{t(one.direction === 'in' ? 'thread.asksUs' : 'thread.weAsk', { partner: nameOf(one.partner) })}</span>
            </span>
            <span>
              <span className={classes.quiet}>{one.attention ? t(`attention.${one.attention}`, { defaultValue: one.attention }) : t(`threadState.${one.direction}.${one.state}`, { defaultValue: one.state })}</span>
              <Due of={one} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}

const stops = ['requests', 'answers', 'matches'] as const
const passes = ['erasure', 'correction', 'breach', 'kept'] as const
// A reason shorter than this is no reason.
const shortest = 10

function Suspend({ file, threads, onDone }: { file: AgreementFile; threads: Thread[]; onDone: () => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const suspend = useSuspend(file.id)
  const { immediate_for: atOnce = [], notice } = file.document.suspension ?? {}
  const [share, setShare] = useState('all')
  const [cause, setCause] = useState(atOnce[0] ?? 'other')
  const [reason, setReason] = useState('')
  const own = ownParty(file)
  const partner = countryIn(file.parties.find((party) => party.id !== own)?.country, speech.language)
  const held = threads.filter((one) => !isOver(one) && (share === 'all' || one.share === share)).length
  const what = share === 'all' ? t('agreement.suspend.whole') : t('agreement.suspend.one', { share })
  const immediate = atOnce.includes(cause)
  return (
    <>
      <header className={desk.paneHead}>
        <h2>{t('agreement.suspend.title')}</h2>
      </header>
      <div className={desk.scroll} data-test="suspend-form">
        <fieldset className={classes.options}>
          <legend>{t('agreement.suspend.what')}</legend>
          {['all', ...file.document.shares.map((one) => one.id)]
            .filter((one) => !file.suspended?.some((held) => held.share === one && held.party === own))
            .map((one) => (
              <label key={one} data-chosen={share === one || undefined}>
                <input type="radio" name="share" checked={share === one} onChange={() => setShare(one)} />
                <span>{one === 'all' ? t('agreement.suspend.whole') : <><Code>{one}</Code> <bdi>{file.words[speech.language].shares?.find((words) => words.id === one)?.title ?? file.document.shares.find((given) => given.id === one)?.title}</bdi></>}</span>
              </label>
            ))}
        </fieldset>
        <NativeSelect label={t('agreement.suspend.cause')} value={cause} onChange={(event) => setCause(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} data={[...new Set([...atOnce, 'other'])].map((value) => ({ value, label: t(`suspendCause.${value}`, { defaultValue: value }) }))} />
        <Textarea label={t('decision.yourReason')} rows={3} value={reason} dir="auto" onChange={(event) => setReason(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} data-test="suspend-reason" />
        <h3 className={classes.will}>{t('agreement.suspend.stops')}</h3>
        <ul className={classes.list}>
          {stops.map((one) => (
            <li key={one}>{t(`agreement.suspend.stop.${one}`)}</li>
          ))}
          {held > 0 && <li>{t('agreement.suspend.held', { count: held })}</li>}
        </ul>
        <h3 className={classes.will}>{t('agreement.suspend.passes')}</h3>
        <ul className={classes.list}>
          {passes.map((one) => (
            <li key={one}>{t(`agreement.suspend.pass.${one}`)}</li>
          ))}
        </ul>
        <p className={classes.note}>{immediate ? t('agreement.suspend.now', { partner }) : t('agreement.suspend.notice', { notice: lasting(notice, t), partner })}</p>
        <ActFailed error={suspend.error} />
      </div>
      <footer className={desk.foot}>
        <div className={classes.buttons}>
          <Act className={classes.grave} icon="pause" disabled={reason.trim().length < shortest || suspend.isPending} onClick={() => suspend.mutate({ share, cause, reason: reason.trim() }, { onSuccess: onDone })} data-test="suspend-confirm">
            {t('agreement.suspend.do', { what, partner })}
          </Act>
          <Act act="list.back" onClick={onDone}>
            {t('rules.notNow')}
          </Act>
        </div>
      </footer>
    </>
  )
}

function Resume({ file, onDone }: { file: AgreementFile; onDone: () => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const resume = useResume(file.id)
  const suspended = (file.suspended ?? []).filter((one) => one.party === ownParty(file)).map((one) => one.share)
  const [share, setShare] = useState(suspended[0] ?? 'all')
  const what = share === 'all' ? t('agreement.suspend.whole') : t('agreement.suspend.one', { share })
  return (
    <>
      <header className={desk.paneHead}>
        <h2>{t('agreement.resume.title')}</h2>
      </header>
      <div className={desk.scroll}>
        <fieldset className={classes.options}>
          <legend>{t('agreement.resume.what')}</legend>
          {suspended.map((one) => (
            <label key={one} data-chosen={share === one || undefined}>
              <input type="radio" name="share" checked={share === one} onChange={() => setShare(one)} />
              <span>{one === 'all' ? t('agreement.suspend.whole') : <><Code>{one}</Code> <bdi>{file.words[speech.language].shares?.find((words) => words.id === one)?.title}</bdi></>}</span>
            </label>
          ))}
        </fieldset>
        <p className={classes.note}>{t('agreement.resume.will')}</p>
        <ActFailed error={resume.error} />
      </div>
      <footer className={desk.foot}>
        <div className={classes.buttons}>
          <Act primary disabled={resume.isPending} onClick={() => resume.mutate(share, { onSuccess: onDone })} data-test="resume-confirm">
            {t('agreement.resume.do', { what })}
          </Act>
          <Act act="list.back" onClick={onDone}>
            {t('rules.notNow')}
          </Act>
        </div>
      </footer>
    </>
  )
}
