import { Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ThreadFile, useAgreement, useDoubt, useOutcome } from '../../api/exchange'
import { useSpeech } from '../../app/home'
import { type Act as KeyAct, useKeys } from '../../app/keys'
import { askable, counted, heldIn, ownParty } from '../../format/exchange'
import desk from '../../ui/desk.module.css'
import { ActFailed } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { Act, Code, Instant, Kbd } from '../../ui/parts'
import { Head } from './Desk'
import { MoreActs } from './MoreActs'
import classes from './panes.module.css'
import { Marks } from './Sides'
import { useAuthority } from './useAuthority'

const shortest = 10
const results = ['confirmed_same', 'not_same', 'useful', 'not_useful'] as const

/** What came: how it is marked and when it must be gone, and what a human here says came of it. */
export function ReceivedPane({ thread, onClose }: { thread: ThreadFile; onClose?: () => void }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const outcome = useOutcome(thread.id)
  const doubt = useDoubt(thread.id)
  const agreement = useAgreement(thread.agreement)
  const [result, setResult] = useState<string>()
  const [why, setWhy] = useState<string>()
  const partner = useAuthority()(thread.partner)
  const offered = results.filter((one) => (thread.result === 'hit' ? true : thread.result === 'data' ? !one.includes('same') || thread.category === 'core-data' : false))
  const held = heldIn(thread)
  const erased = held?.state === 'erased' ? held.erased_at : undefined
  const acts = thread.may?.includes('outcome') ?? false
  const next = thread.may?.includes('ask_on') && thread.reference && agreement.data ? askable(agreement.data.document, ownParty(agreement.data), agreement.data.suspended).filter((share) => share.justification?.prior_reference) : []
  const options: Partial<Record<KeyAct, () => void>> = {}
  if (acts && !thread.outcome)
    offered.forEach((one, at) => {
      options[`case.option${at + 1}` as KeyAct] = () => setResult(one)
    })
  useKeys({ ...options, ...(result ? { 'case.send': () => outcome.mutate({ result }) } : {}) })
  return (
    <>
      <Head title={t('received.title')} thread={thread} onClose={onClose} />
      <div className={desk.scroll} data-test="received">
        <div className={classes.about}>
          <h3>{t(`result.${thread.result}`, { defaultValue: thread.result ?? '' })}</h3>
          <p className={classes.quiet}>
            <Instant at={thread.answered_at} dateToo />
          </p>
          {thread.reference && (
            <p>
              {t('received.reference')} <Code strong>{thread.reference}</Code>
            </p>
          )}
        </div>
        {erased ? (
          <p className={classes.said}>
            <Icon name="hidden" size={13} /> {t('received.erased')} <Instant at={erased} dateToo />
          </p>
        ) : (
          held && (
            <p className={classes.said}>
              <Marks handling={held} /> {t('received.purpose', { purpose: t(`exchangePurpose.${held.purpose}`, { defaultValue: held.purpose }) })}
            </p>
          )
        )}
        {thread.result === 'no_hit' && <p className={classes.note}>{t('received.noHit')}</p>}
        {thread.outcome ? (
          <p className={classes.about}>
            <Icon name="check" size={13} /> {t('received.said', { outcome: thread.outcome.split(/[\s,]+/).map((one) => t(`exchangeOutcome.${one}`, { defaultValue: one })).join(t('list.comma')) })}
          </p>
        ) : (
          offered.length > 0 &&
          acts && (
            <fieldset className={classes.options}>
              <legend>{t('received.outcome', { partner })}</legend>
              {offered.map((one, at) => (
                <label key={one} data-chosen={result === one || undefined}>
                  <input type="radio" name="result" checked={result === one} onChange={() => setResult(one)} data-test={`outcome-${one}`} />
                  <span>{t(`exchangeOutcome.${one}`)}</span>
                  <Kbd>{String(at + 1)}</Kbd>
                </label>
              ))}
            </fieldset>
          )
        )}
        <ActFailed error={outcome.error} />
        {next.map((share) => (
          <p key={share.id} className={classes.acts}>
            <Link to="/requests/{-$id}" params={{ id: 'new' }} search={{ agreement: thread.agreement, share: share.id, prior: thread.id }} className={classes.link} data-test="ask-on">
              {t('received.askOn', { share: share.id, title: agreement.data?.words[language].shares?.find((one) => one.id === share.id)?.title ?? share.title })}
            </Link>
          </p>
        ))}
        {!erased && thread.may?.includes('doubt') && (
          <div className={classes.acts}>
            {why === undefined ? (
              <Act onClick={() => setWhy('')} data-test="doubt">
                {t('received.doubt')}
              </Act>
            ) : (
              <>
                <Textarea label={t('received.why')} rows={3} value={why} dir="auto" onChange={(event) => setWhy(event.currentTarget.value)} classNames={{ root: classes.whole, label: classes.label, input: classes.input }} />
                <Act disabled={counted(why) < shortest || doubt.isPending} onClick={() => doubt.mutate({ reason: why.trim() }, { onSuccess: () => setWhy(undefined) })}>
                  {t('received.doubtSend', { partner })}
                </Act>
                <Act onClick={() => setWhy(undefined)}>{t('rules.notNow')}</Act>
              </>
            )}
          </div>
        )}
        <ActFailed error={doubt.error} />
        <MoreActs thread={thread} />
      </div>
      {result && !thread.outcome && (
        <footer className={desk.foot}>
          <div className={classes.buttons}>
            <Act primary act="case.send" disabled={outcome.isPending} onClick={() => outcome.mutate({ result })} data-test="outcome-send">
              {t('received.tell', { partner, outcome: t(`exchangeOutcome.${result}`) })}
            </Act>
          </div>
        </footer>
      )}
    </>
  )
}
