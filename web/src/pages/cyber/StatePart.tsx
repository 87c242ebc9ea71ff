import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type IncidentFile, type IncidentState, useIncidentAct } from '../../api/cyber'
import { ActFailed } from '../../ui/Faces'
import { Act } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import classes from './cyber.module.css'

const shortest = 10
const determinations = ['suspected', 'confirmed', 'blocked', 'failed-attempt', 'false-positive'] as const

type Move = { state: IncidentState; reason: string; until?: string; duplicate_of?: string; determination?: string; version: number }

/** Where it may go from here, and why it goes there. */
export function StatePart({ one, may }: { one: IncidentFile; may: boolean }) {
  const { t } = useTranslation()
  const move = useIncidentAct<Move>(one.id, 'PUT', 'state')
  const [to, setTo] = useState<IncidentState>()
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const [same, setSame] = useState('')
  const [determination, setDetermination] = useState(one.determination ?? '')
  if (!may || !one.next?.length) return null
  const ready = to !== undefined && [...reason.trim()].length >= shortest && (to !== 'on-hold' || until !== '') && (to !== 'duplicate' || same.trim() !== '') && !move.isPending
  const styles = { label: classes.label, input: classes.input }
  const send = () => {
    if (ready && to)
      move.mutate(
        { state: to, reason: reason.trim(), version: one.version, ...(to === 'on-hold' ? { until: `${until}T00:00:00Z` } : {}), ...(to === 'duplicate' ? { duplicate_of: same.trim() } : {}), ...(determination && determination !== one.determination ? { determination } : {}) },
        { onSuccess: () => { setTo(undefined); setReason('') } },
      )
  }
  return (
    <Part title={t('cyber.goesOn')}>
      <div className={classes.acts}>
        {one.next.map((state) => (
          <Act key={state} aria-pressed={state === to} primary={state === to} onClick={() => setTo(state === to ? undefined : state)} data-test={`to-${state}`}>
            {t(`cyber.to.${state}`)}
          </Act>
        ))}
      </div>
      {to && (
        <>
          <Textarea label={t('decision.yourReason')} rows={2} value={reason} dir="auto" onChange={(event) => setReason(event.currentTarget.value)} classNames={styles} data-test="state-reason" />
          {to === 'on-hold' && <TextInput label={t('cyber.holdUntil')} type="date" value={until} dir="ltr" onChange={(event) => setUntil(event.currentTarget.value)} classNames={styles} />}
          {to === 'duplicate' && <TextInput label={t('cyber.sameAs')} value={same} dir="ltr" onChange={(event) => setSame(event.currentTarget.value)} classNames={styles} />}
          <NativeSelect label={t('cyber.fact.determination')} value={determination} onChange={(event) => setDetermination(event.currentTarget.value)} data={determinations.map((value) => ({ value, label: t(`cyber.determination.${value}`) }))} classNames={styles} />
          <div className={classes.acts}>
            <Act primary disabled={!ready} onClick={send} data-test="state-send">
              {t(`cyber.to.${to}`)}
            </Act>
            <Act onClick={() => setTo(undefined)}>{t('rules.notNow')}</Act>
          </div>
        </>
      )}
      <ActFailed error={move.error} />
    </Part>
  )
}
