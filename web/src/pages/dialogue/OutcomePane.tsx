import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../api/client'
import { type AgendaItem, type MeetingFile, useAddAction, useAddResolution, useClose, useDropResolution, useObject } from '../../api/dialogue'
import { useAgreements } from '../../api/exchange'
import { useHome, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { counted, countryIn } from '../../format/exchange'
import { number } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { ActFailed } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { Act, Code, Day, Instant } from '../../ui/parts'
import { ActionList } from './ActionList'
import classes from './OutcomePane.module.css'

const shortest = 10

/** What the meeting brings: decisions with their effect, actions with their owner and day, and both chairs' signatures. */
export function OutcomePane({ file, item, land }: { file: MeetingFile; item?: AgendaItem; land: (party: string) => string }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const { meeting } = file
  const drop = useDropResolution(meeting.id)
  const [writing, setWriting] = useState<'action' | 'decision'>()
  const writes = role === 'supervisor' && meeting.state === 'draft' && meeting.host === meeting.own
  const decisions = file.decisions ?? []
  const actions = file.actions ?? []
  useKeys(writes ? { 'case.decide': () => setWriting('decision'), 'case.note': () => setWriting('action') } : {})
  return (
    <>
      <header className={desk.paneHead}>
        <h2>{t('dialogue.outcome')}</h2>
      </header>
      <div className={desk.scroll}>
        <Section title={t('dialogue.decisions')} count={number(decisions.length, speech)}>
          <ul className={classes.decisions} data-test="decisions">
            {decisions.map((one) => (
              <li key={one.number}>
                <p>
                  <Code strong>{one.number}</Code> <bdi>{(speech.language === 'ar' ? one.text_ar : undefined) ?? one.text}</bdi>
                </p>
                <p className={classes.quiet}>
                  {Object.entries(one.effect ?? {}).map(([name, value], at) => (
                    <span key={name}>
                      {at > 0 && t('list.comma')}
                      {t(`decisionEffect.${name}`, { defaultValue: name })} <Code quiet>{String(value)}</Code>
                    </span>
                  ))}
                </p>
                {one.basis && (
                  <p className={classes.quiet}>
                    {t('resolution.basis')} <bdi>{one.basis}</bdi>
                  </p>
                )}
                {writes && (
                  <button type="button" className={classes.small} onClick={() => drop.mutate(one.number)}>
                    {t('action.remove')}
                  </button>
                )}
              </li>
            ))}
          </ul>
          {writes && writing !== 'decision' && (
            <Act icon="plus" act="case.decide" onClick={() => setWriting('decision')} data-test="add-decision">
              {t('dialogue.addDecision')}
            </Act>
          )}
          {writing === 'decision' && <DecisionForm file={file} agreement={item?.agreement} onDone={() => setWriting(undefined)} />}
        </Section>
        <Section title={t('dialogue.actions')} count={number(actions.length, speech)}>
          <ActionList of={actions} meeting={meeting.id} draft={writes} />
          {writes && writing !== 'action' && (
            <Act icon="plus" act="case.note" onClick={() => setWriting('action')} data-test="add-action">
              {t('dialogue.addAction')}
            </Act>
          )}
          {writing === 'action' && <ActionForm file={file} agreement={item?.agreement} onDone={() => setWriting(undefined)} />}
        </Section>
        <Section title={t('dialogue.signatures')}>
          <ul className={classes.signatures} data-test="signatures">
            {[meeting.own, meeting.partner].map((party) => {
              const by = (meeting.signatures ?? []).find((one) => one.party === party)
              return (
                <li key={party}>
                  <Icon name={by ? 'check' : 'clock'} size={13} /> <span>{land(party)}</span>
                  <span className={classes.quiet}>
                    {by ? (
                      <>
                        <bdi>{by.by ?? by.authority}</bdi> <Instant at={by.at} dateToo />
                      </>
                    ) : (
                      t('agreement.notSigned')
                    )}
                  </span>
                </li>
              )
            })}
          </ul>
          {meeting.digest && <p className={classes.quiet}><Code quiet>{meeting.digest.slice(0, 24)}</Code></p>}
        </Section>
      </div>
      <Closing file={file} land={land} />
    </>
  )
}

function Section({ title, count, children }: { title: ReactNode; count?: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h3>
        {title} {count !== undefined && <span className={desk.count}>{count}</span>}
      </h3>
      {children}
    </section>
  )
}

const styles = { label: classes.label, input: classes.input }

function ActionForm({ file, agreement, onDone }: { file: MeetingFile; agreement?: string; onDone: () => void }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const add = useAddAction(file.meeting.id)
  const all = useAgreements().data ?? []
  const agreements = all.filter((one) => file.meeting.agreements.includes(one.id))
  const owners = [...new Map(agreements.flatMap((one) => one.parties.flatMap((party) => party.authorities ?? [])).map((one) => [one.id, (language === 'ar' ? one.name_ar : undefined) ?? one.name]))]
  const chairs = Object.values(file.meeting.chairs ?? {}).map((id): [string, string] => [id, id])
  const offered = owners.length > 0 ? owners : chairs
  const [given, setGiven] = useState({ owner: offered[0]?.[0] ?? '', text: '', text_ar: '', due: '', figure: '' })
  const set = (change: Partial<typeof given>) => setGiven((was) => ({ ...was, ...change }))
  const ready = given.owner && given.text.trim() && given.due
  return (
    <div className={classes.form} data-test="action-form">
      <NativeSelect label={t('action.owner')} value={given.owner} onChange={(event) => set({ owner: event.currentTarget.value })} data={offered.map(([value, label]) => ({ value, label }))} classNames={styles} />
      <Textarea label={t('action.text')} lang="en" dir="ltr" rows={2} value={given.text} onChange={(event) => set({ text: event.currentTarget.value })} classNames={styles} data-test="action-text" />
      <Textarea label={t('action.textAr')} lang="ar" dir="rtl" rows={2} value={given.text_ar} onChange={(event) => set({ text_ar: event.currentTarget.value })} classNames={styles} data-test="action-text-ar" />
      <TextInput label={t('action.dueDay')} type="date" dir="ltr" value={given.due} onChange={(event) => set({ due: event.currentTarget.value })} classNames={styles} data-test="action-due" />
      <TextInput label={t('action.figure')} placeholder="reply_time_s.T2.p99" dir="ltr" value={given.figure} onChange={(event) => set({ figure: event.currentTarget.value })} classNames={styles} />
      <ActFailed error={add.error} />
      <div className={classes.acts}>
        <Act primary disabled={!ready || add.isPending} onClick={() => add.mutate({ owner: given.owner, text: given.text.trim(), text_ar: given.text_ar.trim() || undefined, due: given.due, agreement, figure: given.figure.trim() || undefined }, { onSuccess: onDone })} data-test="action-save">
          {t('action.save')}
        </Act>
        <Act onClick={onDone}>{t('rules.notNow')}</Act>
      </div>
    </div>
  )
}

const effects = ['agreement_version', 'quota', 'contact', 'share_on', 'share_off'] as const

function DecisionForm({ file, agreement, onDone }: { file: MeetingFile; agreement?: string; onDone: () => void }) {
  const { t } = useTranslation()
  const add = useAddResolution(file.meeting.id)
  const [given, setGiven] = useState({ text: '', text_ar: '', basis: '', effect: '', value: '' })
  const set = (change: Partial<typeof given>) => setGiven((was) => ({ ...was, ...change }))
  const effect = given.effect && given.value.trim() ? { [given.effect]: given.effect === 'agreement_version' ? Number(given.value) : given.value.trim() } : undefined
  return (
    <div className={classes.form} data-test="decision-form">
      <Textarea label={t('resolution.text')} lang="en" dir="ltr" rows={2} value={given.text} onChange={(event) => set({ text: event.currentTarget.value })} classNames={styles} data-test="decision-text" />
      <Textarea label={t('resolution.textAr')} lang="ar" dir="rtl" rows={2} value={given.text_ar} onChange={(event) => set({ text_ar: event.currentTarget.value })} classNames={styles} data-test="decision-text-ar" />
      <TextInput label={t('resolution.basis')} dir="auto" value={given.basis} onChange={(event) => set({ basis: event.currentTarget.value })} classNames={styles} />
      <NativeSelect label={t('resolution.effect')} value={given.effect} onChange={(event) => set({ effect: event.currentTarget.value })} data={[{ value: '', label: t('resolution.noEffect') }, ...effects.map((value) => ({ value, label: t(`decisionEffect.${value}`) }))]} classNames={styles} />
      {given.effect && <TextInput label={t(`decisionEffect.${given.effect}`)} dir="auto" value={given.value} onChange={(event) => set({ value: event.currentTarget.value })} classNames={styles} />}
      <ActFailed error={add.error} />
      <div className={classes.acts}>
        <Act primary disabled={!given.text.trim() || add.isPending} onClick={() => add.mutate({ text: given.text.trim(), text_ar: given.text_ar.trim() || undefined, basis: given.basis.trim() || undefined, agreement, effect }, { onSuccess: onDone })} data-test="decision-save">
          {t('resolution.save')}
        </Act>
        <Act onClick={onDone}>{t('rules.notNow')}</Act>
      </div>
    </div>
  )
}

/** Ending the meeting: the host's chair signs and offers the record, the guest's chair signs too or objects. */
function Closing({ file, land }: { file: MeetingFile; land: (party: string) => string }) {
  const { t } = useTranslation()
  const { role } = useHome()
  const { meeting } = file
  const close = useClose(meeting.id)
  const object = useObject(meeting.id)
  const [reason, setReason] = useState<string>()
  const hosting = meeting.host === meeting.own
  const agreements = useAgreements().data ?? []
  const { language } = useSpeech()
  const partner = countryIn(agreements.flatMap((one) => one.parties).find((party) => party.id === meeting.partner)?.country, language) || land(meeting.partner)
  const turn = role === 'supervisor' && ((hosting && meeting.state === 'draft') || (!hosting && meeting.state === 'offered'))
  const missing = close.error instanceof Failure ? ((close.error.problem as { missing?: string[] }).missing ?? []) : []
  if (!turn)
    return (
      <footer className={desk.footNote}>
        {meeting.state === 'closed' ? (
          <>
            {t('dialogue.closedSince')} <Instant at={meeting.closed_at} dateToo />
          </>
        ) : meeting.state === 'offered' ? (
          t('dialogue.waitsSign', { partner })
        ) : hosting ? (
          t('dialogue.supervisorSigns')
        ) : (
          t('dialogue.hosts', { partner })
        )}
      </footer>
    )
  return (
    <footer className={desk.foot}>
      {missing.length > 0 && (
        <p className={classes.missing} role="alert">
          {t('dialogue.missing')} {[...new Set(missing.map((one) => one.split(':')[0] ?? one))].map((one) => t(`meetingLack.${one}`, { defaultValue: one })).join(t('list.comma'))}
        </p>
      )}
      {close.error && missing.length === 0 && (
        <p className={classes.missing} role="alert">
          {close.error.message}
        </p>
      )}
      {reason === undefined ? (
        <>
          <p className={classes.will}>{t(hosting ? 'dialogue.willOffer' : 'dialogue.willSign', { partner })}</p>
          <div className={classes.acts}>
            <Act primary icon="pen" disabled={close.isPending} onClick={() => close.mutate(meeting.version)} data-test="close-meeting">
              {t(hosting ? 'dialogue.offer' : 'dialogue.sign', { partner })}
            </Act>
            {!hosting && <Act onClick={() => setReason('')}>{t('dialogue.object')}</Act>}
          </div>
        </>
      ) : (
        <>
          <Textarea label={t('decision.yourReason')} rows={2} dir="auto" value={reason} onChange={(event) => setReason(event.currentTarget.value)} classNames={styles} />
          <div className={classes.acts}>
            <Act disabled={counted(reason) < shortest || object.isPending} onClick={() => object.mutate(reason.trim())}>
              {t('dialogue.objectSend', { partner })}
            </Act>
            <Act onClick={() => setReason(undefined)}>{t('rules.notNow')}</Act>
          </div>
        </>
      )}
      <ActFailed error={missing.length > 0 ? null : (close.error ?? object.error)} />
      {meeting.signatures?.length ? <p className={classes.quiet}><Day of={meeting.signatures[0]?.at.slice(0, 10)} /></p> : null}
    </footer>
  )
}
