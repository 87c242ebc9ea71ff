import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Act as Right, type ThreadFile, useAgreement, useThreadAct } from '../../api/exchange'
import { counted } from '../../format/exchange'
import { ActFailed } from '../../ui/Faces'
import { Act } from '../../ui/parts'
import classes from './panes.module.css'
import { useAuthority } from './useAuthority'

const shortest = 10
const rights = ['consent', 'pend', 'consent_ask', 'dispute', 'restrict'] as const
type More = (typeof rights)[number]
const paths: Record<More, string> = { consent: 'consent', pend: 'pending', consent_ask: 'consent-request', dispute: 'dispute', restrict: 'restriction' }
const styles = { label: classes.label, input: classes.input }

/** What is seldom done with a thread: each act opens in place, says what it asks for, and whom it tells. */
export function MoreActs({ thread, only }: { thread: ThreadFile; only?: readonly More[] }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState<More>()
  const offered = rights.filter((one) => (thread.may ?? []).includes(one as Right) && (!only || only.includes(one)))
  const contested = thread.records?.some((one) => one.state === 'contested') ?? false
  if (offered.length === 0) return null
  if (open) return <Form key={open} what={open} thread={thread} contested={contested} onDone={() => setOpen(undefined)} />
  return (
    <div className={classes.more}>
      {offered.map((one) => (
        <Act key={one} onClick={() => setOpen(one)} data-test={`more-${one}`}>
          {t(one === 'dispute' && contested ? 'more.settle' : `more.${one}`)}
        </Act>
      ))}
    </div>
  )
}

/** What the partner asks consent for, in its own words: for whom or for what, and why. */
export function Asked({ of }: { of: NonNullable<ThreadFile['consent']> }) {
  const { t } = useTranslation()
  return (
    <div className={classes.said} data-test="consent-asked">
      <p>
        {t(`more.kind.${of.for}`)} <strong><bdi>{of.for === 'onward' ? of.to : t(`exchangePurpose.${of.purpose}`, { defaultValue: of.purpose })}</bdi></strong>
      </p>
      <p>
        <bdi>{of.why}</bdi>
      </p>
    </div>
  )
}

const causes = ['HUMAN', 'JUDICIAL', 'QUEUE'] as const

function Form({ what, thread, contested, onDone }: { what: More; thread: ThreadFile; contested: boolean; onDone: () => void }) {
  const { t } = useTranslation()
  const partner = useAuthority()(thread.partner)
  const agreement = useAgreement(thread.agreement)
  const act = useThreadAct<object>(thread.id, paths[what])
  const [given, setGiven] = useState({ text: '', to: '', purpose: '', kind: 'onward', cause: causes[0] as string, by: '' })
  const set = (change: Partial<typeof given>) => setGiven({ ...given, ...change })
  const send = (body: object) => act.mutate(body, { onSuccess: onDone })
  const text = given.text.trim()
  const long = counted(text) >= shortest
  const why = <Textarea label={t(what === 'consent' ? 'more.conditions' : 'decision.yourReason')} rows={3} value={given.text} dir="auto" onChange={(event) => set({ text: event.currentTarget.value })} classNames={styles} data-test="more-text" />
  const bodies: Record<More, [body: object, ready: boolean]> = {
    consent: [{ yes: true, ...(text ? { conditions: text } : {}) }, true],
    pend: [{ cause: given.cause, expected_by: given.by ? new Date(given.by).toISOString() : '' }, given.by !== ''],
    consent_ask: [{ for: given.kind, why: text, ...(given.kind === 'onward' ? { to: given.to.trim() } : { purpose: given.purpose }) }, long && (given.kind === 'onward' ? given.to.trim() !== '' : given.purpose !== '')],
    dispute: [{ contested: !contested }, true],
    restrict: [{ cause: text }, long],
  }
  const [body, ready] = bodies[what]
  return (
    <div className={classes.form} data-test={`more-form-${what}`}>
      {what === 'consent' && thread.consent && <Asked of={thread.consent} />}
      {what === 'pend' && (
        <>
          <NativeSelect label={t('more.cause')} value={given.cause} onChange={(event) => set({ cause: event.currentTarget.value })} data={causes.map((value) => ({ value, label: t(`pending.${value}`) }))} classNames={styles} />
          <TextInput label={t('more.by')} type="datetime-local" dir="ltr" value={given.by} onChange={(event) => set({ by: event.currentTarget.value })} classNames={styles} />
        </>
      )}
      {what === 'consent_ask' && (
        <>
          <NativeSelect label={t('more.for')} value={given.kind} onChange={(event) => set({ kind: event.currentTarget.value })} data={(['onward', 'purpose'] as const).map((value) => ({ value, label: t(`more.kind.${value}`) }))} classNames={styles} />
          {given.kind === 'onward' ? (
            <TextInput label={t('more.to')} value={given.to} dir="auto" onChange={(event) => set({ to: event.currentTarget.value })} classNames={styles} />
          ) : (
            <NativeSelect label={t('requestPart.purpose')} value={given.purpose} onChange={(event) => set({ purpose: event.currentTarget.value })} data={[{ value: '', label: t('request.choosePurpose') }, ...(agreement.data?.document.purposes ?? []).filter((one) => one.id !== thread.purpose).map((one) => ({ value: one.id, label: t(`exchangePurpose.${one.id}`, { defaultValue: one.id }) }))]} classNames={styles} />
          )}
        </>
      )}
      {(what === 'consent' || what === 'consent_ask' || what === 'restrict') && why}
      <p className={classes.note}>{t(what === 'dispute' && contested ? 'more.will.settle' : `more.will.${what}`, { partner })}</p>
      <ActFailed error={act.error} />
      <div className={classes.acts}>
        <Act primary disabled={!ready || act.isPending} onClick={() => send(body)} data-test="more-send">
          {t(what === 'dispute' && contested ? 'more.do.settle' : `more.do.${what}`, { partner })}
        </Act>
        {what === 'consent' && (
          <Act disabled={act.isPending} onClick={() => send({ yes: false, ...(text ? { conditions: text } : {}) })}>
            {t('more.do.refuse')}
          </Act>
        )}
        <Act onClick={onDone}>{t('rules.notNow')}</Act>
      </div>
    </div>
  )
}
