import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../../api/client'
import { type FormFault, type Key, type OwnAct, type OwnPage, type Slot, useInterviewDays, useOwnAct, useOwnPage } from '../../../api/facilitation'
import { useSpeech } from '../../../app/home'
import { ownStatusRoute } from '../../../app/router'
import { latin } from '../../../format/form'
import { readMrz } from '../../../format/mrz'
import { day, moment, number } from '../../../format/time'
import { Icon } from '../../../ui/Icon'
import { MrzField } from '../MrzField'
import { ownZone, today } from './clock'
import { handed } from './credentials'
import { Wrong } from './fields'
import classes from './public.module.css'

// An application that was sent a moment ago may not have been read yet.
const patience = { tries: 30, everyMs: 2000 }

/** A traveller's own page: how far it has come, what comes next, and what can be done. */
export function StatusPage() {
  const { t } = useTranslation()
  const search = ownStatusRoute.useSearch()
  const ask = useOwnPage()
  const [reference, setReference] = useState(search.reference ?? '')
  const [secret, setSecret] = useState(handed(search.reference))
  const [document, setDocument] = useState('')
  const [way, setWay] = useState<'secret' | 'document'>('secret')
  const [key, setKey] = useState<Key>()
  const [own, setOwn] = useState<OwnPage>()
  const [early, setEarly] = useState(false)
  const alive = useRef(true)
  useEffect(() => {
    alive.current = true
    return () => {
      alive.current = false
    }
  }, [])
  useEffect(() => {
    setTitle(t('own.title'))
  }, [t])
  const open = async () => {
    const given: Key = way === 'secret' ? { reference: tidied(reference), secret: secret.trim() } : { reference: tidied(reference), document: tidied(document) }
    setEarly(false)
    for (let tried = 1; alive.current; tried++) {
      try {
        const page = await ask.mutateAsync(given)
        setKey(given)
        setOwn(page)
        return
      } catch (error) {
        const unread = error instanceof Failure && error.kind === 'missing' && 'secret' in given && given.secret === handed(given.reference)
        if (!unread || tried >= patience.tries) return setEarly(false)
        setEarly(true)
        await new Promise((done) => setTimeout(done, patience.everyMs))
      }
    }
  }
  const ready = reference.trim() !== '' && (way === 'secret' ? secret : document).trim() !== '' && !ask.isPending
  if (own && key)
    return (
      <Own
        own={own}
        account={key}
        onOwn={setOwn}
        onClose={() => {
          setOwn(undefined)
          setKey(undefined)
          setSecret('')
          ask.reset()
        }}
      />
    )
  const failure = ask.error instanceof Failure ? ask.error.kind : ask.error ? 'broken' : undefined
  return (
    <>
      <h1 className={classes.h1}>{t('own.title')}</h1>
      <p className={classes.lead}>{t('own.lead')}</p>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) void open()
        }}
        data-test="status-form"
      >
        {failure && !early && (
          <div className={classes.summary} role="alert" data-test="status-wrong">
            {failure === 'missing' || failure === 'refused' ? t('own.unknown') : failure === 'tooMany' ? t('own.tooMany') : t(`failure.${failure}`)}
          </div>
        )}
        {early && (
          <p className={classes.note} role="status">
            {t('own.early')}
          </p>
        )}
        <div className={classes.field}>
          <label className={classes.label} htmlFor="own-reference">
            {t('apply.reference')}
          </label>
          <input id="own-reference" className={classes.input} dir="ltr" value={reference} onChange={(event) => setReference(latin(event.target.value))} autoComplete="off" spellCheck={false} autoCapitalize="characters" data-test="status-reference" />
        </div>
        {way === 'secret' ? (
          <div className={classes.field}>
            <label className={classes.label} htmlFor="own-secret">
              {t('apply.secret')}
            </label>
            <input id="own-secret" className={classes.input} dir="ltr" type="text" value={secret} onChange={(event) => setSecret(latin(event.target.value))} autoComplete="off" spellCheck={false} data-test="status-secret" />
          </div>
        ) : (
          <div className={classes.field}>
            <label className={classes.label} htmlFor="own-document">
              {t('mrz.field.number')}
            </label>
            <p className={classes.hint}>{t('own.documentHint')}</p>
            <input id="own-document" className={classes.input} dir="ltr" value={document} onChange={(event) => setDocument(latin(event.target.value))} autoComplete="off" spellCheck={false} autoCapitalize="characters" data-test="status-document" />
          </div>
        )}
        <div className={classes.acts}>
          <button type="submit" className={`${classes.button} ${classes.primary}`} disabled={!ready} data-test="status-open">
            {t('own.open')}
          </button>
          <button type="button" className={classes.plain} onClick={() => setWay(way === 'secret' ? 'document' : 'secret')} data-test="status-way">
            {t(way === 'secret' ? 'own.byDocument' : 'own.bySecret')}
          </button>
        </div>
      </form>
    </>
  )
}

const tidied = (text: string) => text.replace(/\s+/g, '').toUpperCase()

function setTitle(text: string) {
  window.document.title = `${text} · Rihla`
}

type OwnProps = { own: OwnPage; account: Key; onOwn: (page: OwnPage) => void }

function Own({ own, account, onOwn, onClose }: OwnProps & { onClose: () => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const [act, setAct] = useState<OwnAct>()
  const head = useRef<HTMLHeadingElement>(null)
  useEffect(() => head.current?.focus(), [own.state])
  const acts = own.acts ?? []
  const kind = t(`own.kind.${own.kind}`, { defaultValue: own.kind })
  const done = (page: OwnPage) => {
    setAct(undefined)
    onOwn(page)
  }
  return (
    <div data-test="own-page" data-state={own.state}>
      <h1 className={classes.h1} tabIndex={-1} ref={head}>
        {kind}
      </h1>
      <p className={classes.state} role="status" data-test="own-state">
        {t([`own.stateOf.${own.kind}.${own.state}`, `own.state.${own.state}`], { defaultValue: own.state })}
      </p>
      {own.next && own.next !== 'none' && (
        <p className={classes.note} data-test="own-next">
          <strong>{t('own.next')}</strong> {t(`own.nexts.${own.next}`, { defaultValue: '' })}
        </p>
      )}
      <dl className={classes.facts}>
        <dt>{t('apply.reference')}</dt>
        <dd>
          <bdi dir="ltr">{own.reference}</bdi>
        </dd>
        {own.name && (
          <>
            <dt>{t('own.name')}</dt>
            <dd>
              <bdi>{own.name}</bdi>
            </dd>
          </>
        )}
        {own.document && (
          <>
            <dt>{t('mrz.field.number')}</dt>
            <dd>
              <bdi dir="ltr">{own.document}</bdi>
            </dd>
          </>
        )}
        {own.number && (
          <>
            <dt>{t(`own.number.${own.kind}`, { defaultValue: t('own.number.membership') })}</dt>
            <dd>
              <bdi dir="ltr" className={classes.code}>
                {own.number}
              </bdi>
            </dd>
          </>
        )}
        {own.until && (
          <>
            <dt>{t('own.until')}</dt>
            <dd>{day(own.until.slice(0, 10), speech)}</dd>
          </>
        )}
        {own.entries && (
          <>
            <dt>{t('own.entries')}</dt>
            <dd>{t(`own.entriesOf.${own.entries}`, { defaultValue: own.entries })}</dd>
          </>
        )}
        {own.due && (
          <>
            <dt>{t('own.due')}</dt>
            <dd>{moment(own.due, ownZone(), speech)}</dd>
          </>
        )}
        {own.interview && (
          <>
            <dt>{t('own.interview')}</dt>
            <dd>
              {day(own.interview.day, speech, true)}, <bdi>{own.interview.hall}</bdi>
            </dd>
          </>
        )}
      </dl>
      {acts.length > 0 && (
        <section className={`${classes.section} ${classes.noPrint}`}>
          <h2>{t('own.acts')}</h2>
          <div className={classes.acts}>
            {acts.map((one) => (
              <button key={one} type="button" className={`${classes.button} ${one === 'interview' && !own.interview ? classes.primary : ''}`} aria-expanded={act === one} onClick={() => setAct(act === one ? undefined : one)} data-test={`own-${one}`}>
                {t(one === 'interview' && own.interview ? 'own.act.interviewMove' : `own.act.${one}`)}
              </button>
            ))}
          </div>
          {act === 'interview' && <Interview own={own} account={account} onOwn={done} />}
          {act === 'document' && <NewDocument own={own} account={account} onOwn={done} />}
          {act && act !== 'interview' && act !== 'document' && <Confirm key={act} act={act} own={own} account={account} onOwn={done} />}
        </section>
      )}
      {!!own.letters?.length && (
        <section className={classes.section}>
          <h2>{t('own.letters')}</h2>
          {[...own.letters].reverse().map((letter) => (
            <article key={letter.at + letter.kind} className={classes.letter} lang={own.language} dir={own.language === 'ar' ? 'rtl' : own.language === 'en' ? 'ltr' : 'auto'} data-test="letter">
              <time dateTime={letter.at}>{moment(letter.at, ownZone(), speech)}</time>
              {'\n'}
              {letter.text}
            </article>
          ))}
        </section>
      )}
      {!!own.steps?.length && (
        <section className={classes.section}>
          <h2>{t('own.steps')}</h2>
          <ol className={classes.steps}>
            {own.steps.map((step, at) => (
              <li key={at} data-done data-here={at === (own.steps?.length ?? 0) - 1 || undefined}>
                {t([`own.stateOf.${own.kind}.${step.state}`, `own.state.${step.state}`], { defaultValue: step.state })}
                {', '}
                <time dateTime={step.at}>{day(step.at.slice(0, 10), speech)}</time>
              </li>
            ))}
          </ol>
        </section>
      )}
      <section className={`${classes.section} ${classes.noPrint}`}>
        <div className={classes.acts}>
          <button type="button" className={classes.button} onClick={() => window.print()}>
            <Icon name="download" size={18} /> {t('apply.print')}
          </button>
          <button type="button" className={classes.button} onClick={onClose} data-test="own-close">
            {t('own.close')}
          </button>
        </div>
      </section>
    </div>
  )
}

function Failed({ error }: { error: unknown }) {
  const { t } = useTranslation()
  if (!error) return null
  const failure = error instanceof Failure ? error : undefined
  const faults = (failure?.problem as { errors?: FormFault[] } | undefined)?.errors ?? []
  return (
    <div className={classes.summary} role="alert">
      {faults.length > 0 ? (
        faults.map((fault) => <p key={fault.path + fault.code}>{t(`apply.fault.${fault.code}`, { field: fault.field ? t(`apply.faultField.${fault.field}`, { defaultValue: fault.field }) : '', defaultValue: fault.why })}</p>)
      ) : (
        <p>{t(failure?.kind === 'conflict' ? 'own.conflict' : `failure.${failure?.kind ?? 'broken'}`)}</p>
      )}
    </div>
  )
}

function Interview({ account, onOwn }: OwnProps) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const days = useInterviewDays()
  const act = useOwnAct()
  const [slot, setSlot] = useState<Slot>()
  const { mutate } = days
  useEffect(() => mutate(account), [mutate, account])
  const said = (one: Slot) => `${one.day} ${one.hall}`
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (slot) act.mutate({ act: 'interview', key: account, more: { day: slot.day, hall: slot.hall } }, { onSuccess: onOwn, onError: () => days.mutate(account) })
      }}
    >
      <div className={classes.field}>
        <label className={classes.label} htmlFor="own-day">
          {t('own.chooseDay')}
        </label>
        <select
          id="own-day"
          className={classes.input}
          value={slot ? said(slot) : ''}
          onChange={(event) => setSlot(days.data?.find((one) => said(one) === event.target.value))}
          data-test="interview-day"
        >
          <option value="">{t('apply.choose')}</option>
          {(days.data ?? []).map((one) => (
            <option key={said(one)} value={said(one)}>
              {`${day(one.day, speech, true)}${t('list.comma')}${one.hall}${one.left !== undefined && one.left < 10 ? `${t('list.comma')}${t('own.left', { count: one.left, places: number(one.left, speech) })}` : ''}`}
            </option>
          ))}
        </select>
        {days.data?.length === 0 && <Wrong>{t('own.noDays')}</Wrong>}
      </div>
      <Failed error={act.error ?? days.error} />
      <div className={classes.acts}>
        <button type="submit" className={`${classes.button} ${classes.primary}`} disabled={!slot || act.isPending} data-test="interview-send">
          {t('own.takeDay')}
        </button>
      </div>
    </form>
  )
}

function NewDocument({ account, onOwn }: OwnProps) {
  const { t } = useTranslation()
  const act = useOwnAct()
  const [text, setText] = useState('')
  const read = readMrz(text, today())
  const { mrz } = read
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (mrz) act.mutate({ act: 'document', key: account, more: { document: { type: mrz.type.slice(0, 1) || 'P', number: mrz.number, issuer: mrz.issuer, expiry: mrz.expires, mrz: read.lines } } }, { onSuccess: onOwn })
      }}
    >
      <MrzField big label={t('apply.mrz')} hint={t('apply.mrzHint')} value={text} onChange={setText} today={today()} required />
      <Failed error={act.error} />
      <div className={classes.acts}>
        <button type="submit" className={`${classes.button} ${classes.primary}`} disabled={!mrz || act.isPending} data-test="document-send">
          {t('own.act.document')}
        </button>
      </div>
    </form>
  )
}

/** What will happen, in words, before it does. */
function Confirm({ act: which, account, onOwn }: OwnProps & { act: Exclude<OwnAct, 'interview' | 'document'> }) {
  const { t } = useTranslation()
  const act = useOwnAct()
  const [words, setWords] = useState('')
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        act.mutate({ act: which, key: account, more: which === 'review' && words.trim() ? { words: words.trim() } : {} }, { onSuccess: onOwn })
      }}
    >
      <p>{t(`own.will.${which}`)}</p>
      {which === 'review' && (
        <div className={classes.field}>
          <label className={classes.label} htmlFor="own-words">
            {t('own.words')} <span className={classes.optional}>{t('apply.optional')}</span>
          </label>
          <p className={classes.hint}>{t('apply.accountHint')}</p>
          <textarea id="own-words" className={classes.input} rows={5} dir="auto" maxLength={4000} value={words} onChange={(event) => setWords(event.target.value)} data-test="review-words" />
        </div>
      )}
      <Failed error={act.error} />
      <div className={classes.acts}>
        <button type="submit" className={`${classes.button} ${classes.primary}`} disabled={act.isPending} data-test={`${which}-send`}>
          {t(`own.sure.${which}`)}
        </button>
      </div>
    </form>
  )
}
