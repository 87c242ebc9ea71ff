import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type IncidentFile, useIncidentAct } from '../../api/cyber'
import { useSpeech } from '../../app/home'
import { levelOf } from '../../format/cyber'
import { number } from '../../format/time'
import { ActFailed } from '../../ui/Faces'
import { Act, Code, Instant } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import { Part } from '../queue/CaseDesk'
import classes from './cyber.module.css'

const shortest = 10

/** How bad, by a published scheme, and because of what; a human may weigh it otherwise, and says why. */
export function SeverityPart({ one, may }: { one: IncidentFile; may: boolean }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const act = useIncidentAct<{ score?: number; reason: string }>(one.id, 'PUT', 'severity')
  const [open, setOpen] = useState(false)
  const [score, setScore] = useState('')
  const [reason, setReason] = useState('')
  const { severity } = one
  const enough = [...reason.trim()].length >= shortest && !act.isPending
  const done = { onSuccess: () => { setOpen(false); setReason('') } }
  return (
    <Part title={t('cyber.severityLabel')} note={<Code quiet>{`${severity.scheme.toUpperCase()} ${severity.table}`}</Code>}>
      <p>
        <Severity level={levelOf(severity.level)} /> <strong>{t(`cyber.word.${severity.word}`)}</strong>{' '}
        <span className={classes.quiet}>
          <bdi dir="ltr">{number(Math.round(severity.score), speech)}/100</bdi>
        </span>
      </p>
      <table className={classes.table}>
        <tbody>
          {(severity.because ?? []).map((because) => (
            <tr key={because.input}>
              <td>{t(`cyber.input.${because.input}`, { defaultValue: because.input })}</td>
              <td className={classes.quiet}>{t(`cyber.inputValue.${because.value}`, { defaultValue: because.value })}</td>
              <td className={classes.num}><bdi dir="ltr">{number(Math.round(because.points), speech)} × {because.weight}</bdi></td>
            </tr>
          ))}
        </tbody>
      </table>
      {severity.override && (
        <p className={classes.note}>
          {t('cyber.overridden', { name: `\u2068${severity.override.by}\u2069` })} <Instant at={severity.override.at} dateToo />: <bdi>{severity.override.reason}</bdi>
        </p>
      )}
      {may && !open && (
        <button type="button" className={classes.open} onClick={() => { setScore(String(Math.round(severity.score))); setOpen(true) }} data-test="override">
          {t('cyber.override')}
        </button>
      )}
      {open && (
        <>
          <TextInput label={t('cyber.scoreOf')} type="number" min={0} max={100} value={score} dir="ltr" onChange={(event) => setScore(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} />
          <Textarea label={t('decision.yourReason')} rows={2} value={reason} dir="auto" onChange={(event) => setReason(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} />
          <div className={classes.acts}>
            <Act primary disabled={!enough || score === ''} onClick={() => act.mutate({ score: Number(score), reason: reason.trim() }, done)}>
              {t('cyber.override')}
            </Act>
            {severity.override && (
              <Act disabled={!enough} onClick={() => act.mutate({ reason: reason.trim() }, done)}>
                {t('cyber.takeBack')}
              </Act>
            )}
            <Act onClick={() => setOpen(false)}>{t('rules.notNow')}</Act>
          </div>
        </>
      )}
      <ActFailed error={act.error} />
    </Part>
  )
}
