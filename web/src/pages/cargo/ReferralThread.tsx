import { NativeSelect, Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Consignment, type ReferralFile, useAnswer, useReferral, useReferralNote } from '../../api/cargo'
import { useNow } from '../../app/home'
import { results } from '../../format/cargo'
import { relative } from '../../format/time'
import { ActFailed, Answer } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { Act, Code, Instant } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import classes from './cargo.module.css'
import { Differences } from './Filings'

/** What was asked, what was answered, and what happened meanwhile, until a human lifts it. */
export function ReferralThread({ id, consignment }: { id: string; consignment: Consignment }) {
  const { t } = useTranslation()
  const now = useNow()
  const file = useReferral(id)
  const one = file.data
  const due = Date.parse(one?.deadline ?? '')
  return (
    <Part
      title={t('cargo.thread')}
      note={
        one && one.state === 'open' && !Number.isNaN(due) ? (
          <span className={due < now ? classes.late : undefined}>
            <Icon name="clock" size={12} /> {t(due < now ? 'cargo.overdue' : 'cargo.answerDue', { when: relative(due, now, t) })}
          </span>
        ) : (
          one && t(`cargo.referralState.${one.state}`)
        )
      }
    >
      <Answer of={file} rows={3}>
        {(known) => (
          <>
            <Asked of={known} />
            <ol className={classes.line} data-test="thread">
              {(known.thread ?? []).map((line, index) => (
                <li key={index} data-out={line.what === 'asked' || line.what === 'lifted' || undefined}>
                  <div className={classes.top}>
                    <strong>{t(`cargo.threadEvent.${line.what}`, { defaultValue: line.what })}</strong>
                    {line.result && <span>{t(`cargo.result.${line.result}`, { defaultValue: line.result })}</span>}
                    {line.by && <bdi className={classes.quiet}>{line.by}</bdi>}
                    {line.report && (
                      <Link to="/reports/{-$id}" params={{ id: line.report }} className={classes.link}>
                        {t('kind.report')}
                      </Link>
                    )}
                    <Instant at={line.at} dateToo />
                  </div>
                  {line.text && <p><bdi>{line.text}</bdi></p>}
                  <Differences of={line.differences ?? []} />
                </li>
              ))}
            </ol>
            {known.state !== 'lifted' && <Say referral={known} consignment={consignment.id} />}
          </>
        )}
      </Answer>
    </Part>
  )
}

function Asked({ of }: { of: ReferralFile }) {
  const { t } = useTranslation()
  return (
    <ul className={classes.facts}>
      <li>
        <span>{t('cargo.stateLabel')}</span> {t(`cargo.state.${of.kind}`)}
      </li>
      {!!of.asks?.length && (
        <li>
          <span>{t('cargo.asks')}</span> {of.asks.map((code) => t(`cargo.ask.${code}`, { defaultValue: code })).join(t('list.comma'))}
        </li>
      )}
      {of.method && (
        <li>
          <span>{t('cargo.method')}</span> <Code>{of.method}</Code> {t(`cargo.methods.${of.method}`, { defaultValue: '' })}
        </li>
      )}
      {of.contact && (
        <li>
          <span>{t('cargo.contact')}</span> <bdi>{of.contact}</bdi>
        </li>
      )}
    </ul>
  )
}

/** An answer taken by phone, or a note that somebody was called. */
function Say({ referral, consignment }: { referral: ReferralFile; consignment: string }) {
  const { t } = useTranslation()
  const answer = useAnswer(referral.id, consignment)
  const note = useReferralNote(referral.id, consignment)
  const [text, setText] = useState('')
  const [result, setResult] = useState('')
  const screening = referral.kind === 'rfs'
  const done = { onSuccess: () => setText('') }
  const said = text.trim()
  return (
    <div className={classes.say}>
      <Textarea aria-label={t('cargo.say')} placeholder={t('cargo.say')} rows={2} value={text} dir="auto" onChange={(event) => setText(event.currentTarget.value)} classNames={{ input: classes.input }} data-test="say" />
      <div className={classes.acts}>
        {screening && <NativeSelect aria-label={t('cargo.resultLabel')} value={result} onChange={(event) => setResult(event.currentTarget.value)} data={[{ value: '', label: t('cargo.resultLabel') }, ...results.map((value) => ({ value, label: t(`cargo.result.${value}`) }))]} classNames={{ input: classes.input }} />}
        <Act disabled={!said || (screening && !result) || answer.isPending} onClick={() => answer.mutate({ text: said, ...(result ? { result } : {}) }, done)} data-test="say-answer">
          {t('cargo.answeredByPhone')}
        </Act>
        <Act disabled={!said || note.isPending} onClick={() => note.mutate({ text: said }, done)} data-test="say-note">
          {t('cargo.noteIt')}
        </Act>
        <Act disabled={!said || note.isPending} onClick={() => note.mutate({ text: said, called: true }, done)}>
          {t('cargo.calledIt')}
        </Act>
      </div>
      <ActFailed error={answer.error ?? note.error} />
    </div>
  )
}
