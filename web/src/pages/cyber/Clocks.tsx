import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Clock, type IncidentFile, useIncidentAct } from '../../api/cyber'
import { useNow } from '../../app/home'
import { runs } from '../../format/cyber'
import { ActFailed } from '../../ui/Faces'
import { Act, Instant } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import classes from './cyber.module.css'
import { ClockLine } from './parts'

const shortest = 10
const startable = ['intermediate', 'partner', 'breach', 'persons'] as const

/** What the law wants by when. A clock that ran out is never hidden; one that is met says so. */
export function Clocks({ one, may }: { one: IncidentFile; may: boolean }) {
  const { t } = useTranslation()
  const now = useNow(1000)
  const [open, setOpen] = useState<string>()
  const clocks = [...(one.clocks ?? [])].sort((a, b) => Number(runs(b)) - Number(runs(a)) || Date.parse(a.due) - Date.parse(b.due))
  return (
    <Part title={t('cyber.clocks')}>
      <ul className={classes.tasks}>
        {clocks.map((clock) => (
          <li key={clock.id}>
            <ClockLine of={clock} now={now} />
            <span className={classes.quiet}>
              {clock.met ? <>{t(`cyber.clockState.${clock.state}`)} <Instant at={clock.met} dateToo /></> : <>{t('cyber.due')} <Instant at={clock.due} dateToo /></>}
              {clock.law && <>{t('list.comma')}<bdi>{clock.law}</bdi></>}
            </span>{' '}
            {may && runs(clock) && (
              <button type="button" className={classes.open} aria-expanded={open === clock.id} onClick={() => setOpen(open === clock.id ? undefined : clock.id)} data-test="meet">
                {t('cyber.meet')}
              </button>
            )}
            {open === clock.id && <Stop incident={one.id} clock={clock} onDone={() => setOpen(undefined)} />}
          </li>
        ))}
      </ul>
      {may && <Start incident={one.id} />}
    </Part>
  )
}

function Stop({ incident, clock, onDone }: { incident: string; clock: Clock; onDone: () => void }) {
  const { t } = useTranslation()
  const act = useIncidentAct<{ met?: true; stopped?: true; reason: string }>(incident, 'PUT', `clocks/${encodeURIComponent(clock.id)}`)
  const [reason, setReason] = useState('')
  const enough = [...reason.trim()].length >= shortest && !act.isPending
  return (
    <div>
      <TextInput label={t('cyber.how')} value={reason} dir="auto" onChange={(event) => setReason(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} data-test="clock-reason" />
      <div className={classes.acts}>
        <Act primary disabled={!enough} onClick={() => act.mutate({ met: true, reason: reason.trim() }, { onSuccess: onDone })} data-test="clock-met">
          {t('cyber.clockState.met')}
        </Act>
        <Act disabled={!enough} onClick={() => act.mutate({ stopped: true, reason: reason.trim() }, { onSuccess: onDone })}>
          {t('cyber.notDue')}
        </Act>
      </div>
      <ActFailed error={act.error} />
    </div>
  )
}

function Start({ incident }: { incident: string }) {
  const { t } = useTranslation()
  const act = useIncidentAct<{ duty: string; due?: string; reason: string }>(incident, 'POST', 'clocks')
  const [duty, setDuty] = useState('')
  const [reason, setReason] = useState('')
  const [due, setDue] = useState('')
  return (
    <>
      <NativeSelect aria-label={t('cyber.startClock')} value={duty} onChange={(event) => setDuty(event.currentTarget.value)} data={[{ value: '', label: t('cyber.startClock') }, ...startable.map((value) => ({ value, label: t(`cyber.duty.${value}`) }))]} classNames={{ root: classes.label, input: classes.input }} />
      {duty && (
        <>
          <TextInput label={t('cyber.dueBy')} type="datetime-local" value={due} dir="ltr" onChange={(event) => setDue(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} />
          <TextInput label={t('decision.yourReason')} value={reason} dir="auto" onChange={(event) => setReason(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} />
          <div className={classes.acts}>
            <Act primary disabled={[...reason.trim()].length < shortest || act.isPending} onClick={() => act.mutate({ duty, reason: reason.trim(), ...(due ? { due: new Date(`${due}Z`).toISOString() } : {}) }, { onSuccess: () => { setDuty(''); setReason('') } })}>
              {t('cyber.startClock')}
            </Act>
          </div>
        </>
      )}
      <ActFailed error={act.error} />
    </>
  )
}
