import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Entry, type IncidentFile, useIncidentAct } from '../../api/cyber'
import { useNow } from '../../app/home'
import { ActFailed } from '../../ui/Faces'
import { Act, Day, Instant } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import classes from './cyber.module.css'
import { Light } from './parts'

const kinds = ['note', 'detected', 'declared', 'escalated', 'contained', 'eradicated', 'recovered', 'notified', 'attacker-action', 'decision', 'evidence'] as const

/** What happened when, the latest first. Nothing is rewritten: what was wrong stays, struck through by what corrects it. */
export function Timeline({ one, may }: { one: IncidentFile; may: boolean }) {
  const { t } = useTranslation()
  const [correcting, setCorrecting] = useState<Entry>()
  const entries = [...(one.timeline ?? [])].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  return (
    <Part title={t('cyber.timeline')} note={t('cargo.newestFirst')}>
      {may && <Say key={correcting?.id ?? ''} id={one.id} correcting={correcting} onDone={() => setCorrecting(undefined)} />}
      <ol className={classes.line} data-test="timeline">
        {entries.map((entry) => (
          <li key={entry.id} data-grave={entry.kind === 'late' || undefined} data-superseded={entry.superseded || undefined}>
            <div className={classes.top}>
              <strong>{t(`cyber.entry.${entry.kind}`, { defaultValue: entry.kind })}</strong>
              {entry.actor && <bdi className={classes.quiet}>{entry.actor}</bdi>}
              <Light of={entry.tlp} />
              {may && !entry.code && !entry.superseded && (
                <button type="button" className={classes.open} onClick={() => setCorrecting(entry)}>
                  {t('cyber.correct')}
                </button>
              )}
              {entry.precision === 'day' ? <Day of={entry.at.slice(0, 10)} /> : <Instant at={entry.at} dateToo />}
            </div>
            {entry.code && <p><Coded of={entry} /></p>}
            {entry.text && <p><bdi>{entry.text}</bdi></p>}
          </li>
        ))}
      </ol>
    </Part>
  )
}

/** What the house itself writes down, in the reader's words. */
function Coded({ of }: { of: Entry }) {
  const { t } = useTranslation()
  const said = of.values ?? {}
  return (
    <>
      {t(`cyber.coded.${of.code}`, {
        defaultValue: of.code,
        duty: said.duty ? t(`cyber.duty.${said.duty}`, { defaultValue: said.duty }) : '',
        to: said.to ? t(`cyber.state.${said.to}`, { defaultValue: said.to }) : '',
        stage: said.stage ? t(`cyber.stage.${said.stage}`, { defaultValue: said.stage }) : '',
        report: `\u2068${said.report_id ?? ''}\u2069`,
      })}
    </>
  )
}

function Say({ id, correcting, onDone }: { id: string; correcting?: Entry; onDone: () => void }) {
  const { t } = useTranslation()
  const now = useNow()
  const add = useIncidentAct<{ at: string; precision: string; kind: string; text: string; supersedes?: string }>(id, 'POST', 'timeline')
  const [kind, setKind] = useState<string>(correcting?.kind ?? 'note')
  const [at, setAt] = useState(correcting?.at.slice(0, 16) ?? '')
  const [text, setText] = useState(correcting?.text ?? '')
  const send = () => {
    if (text.trim())
      add.mutate(
        { kind, text: text.trim(), precision: 'minute', at: at ? new Date(`${at}Z`).toISOString() : new Date(now).toISOString(), ...(correcting ? { supersedes: correcting.id } : {}) },
        { onSuccess: () => { setText(''); setAt(''); onDone() } },
      )
  }
  const styles = { label: classes.label, input: classes.input }
  return (
    <div className={classes.form}>
      <NativeSelect label={t('cyber.entryKind')} value={kind} onChange={(event) => setKind(event.currentTarget.value)} data={kinds.map((value) => ({ value, label: t(`cyber.entry.${value}`) }))} classNames={styles} />
      <TextInput label={t('cyber.entryAt')} type="datetime-local" value={at} dir="ltr" onChange={(event) => setAt(event.currentTarget.value)} classNames={styles} />
      <Textarea label={correcting ? t('cyber.correction') : t('cyber.entryText')} rows={2} value={text} dir="auto" onChange={(event) => setText(event.currentTarget.value)} classNames={{ ...styles, root: classes.wide }} data-test="entry-text" />
      <div className={`${classes.acts} ${classes.wide}`}>
        <Act primary={!!text.trim()} disabled={!text.trim() || add.isPending} onClick={send} data-test="entry-send">
          {t('cyber.write')}
        </Act>
        {correcting && <Act onClick={onDone}>{t('rules.notNow')}</Act>}
      </div>
      <ActFailed error={add.error} />
    </div>
  )
}
