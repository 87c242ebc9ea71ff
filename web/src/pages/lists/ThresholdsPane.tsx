import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCurve, usePreview, useSetThresholds, useThresholds } from '../../api/queries'
import type { Curve, List, Thresholds } from '../../api/types'
import { useHome, useSpeech } from '../../app/home'
import { useRested } from '../../app/rested'
import { number } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer } from '../../ui/Faces'
import { Act, Figure, Instant } from '../../ui/parts'
import classes from './panes.module.css'

/** Where a score becomes a finding and where an alert, what either costs, and what moving it would do. */
export function ThresholdsPane({ list }: { list: List }) {
  const thresholds = useThresholds(list.name)
  return <div className={classes.pane} data-test="thresholds"><Answer of={thresholds} rows={6}>{(known) => <Pane key={`${known.look} ${known.alert}`} list={list} known={known} />}</Answer></div>
}

const shortest = 10

function Pane({ list, known }: { list: List; known: Thresholds }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const curve = useCurve(list.name)
  const save = useSetThresholds(list.name)
  const [look, setLook] = useState(known.look)
  const [alert, setAlert] = useState(known.alert)
  const [reason, setReason] = useState('')
  const moved = look !== known.look || alert !== known.alert
  const [askLook, askAlert] = useRested(`${look} ${alert}`).split(' ').map(Number)
  const preview = usePreview(list.name, askLook ?? look, askAlert ?? alert, moved)
  const sets = role === 'supervisor' || role === 'administrator'
  return (
    <>
      <section className={desk.part}>
        <div className={desk.partHead}>
          <h3>{t('lists.curve.title')}</h3>
          {known.by ? <span><bdi>{known.by}</bdi> <Instant at={known.changed} dateToo /></span> : <span>{t('lists.curve.default')}</span>}
        </div>
        <Answer of={curve} rows={6}>{(points) => <Chart curve={points} look={look} alert={alert} />}</Answer>
      </section>
      <section className={desk.part}>
        <Slider label={t('lists.curve.look')} value={look} max={alert} onChange={setLook} test="look" />
        <Slider label={t('lists.curve.alert')} value={alert} min={look} onChange={setAlert} test="alert" />
        {moved && (
          <dl className={classes.preview} data-test="preview" aria-live="polite">
            {preview.data ? (
              <>
                <div><dt>{t('lists.curve.add')}</dt><dd>{preview.data.exact ? '' : '≈ '}{number(preview.data.add, speech)}</dd></div>
                <div><dt>{t('lists.curve.close')}</dt><dd>{number(preview.data.close, speech)}</dd></div>
                <div><dt>{t('lists.curve.louder')}</dt><dd>{number(preview.data.louder, speech)}</dd></div>
                <div><dt>{t('lists.curve.quieter')}</dt><dd>{number(preview.data.quieter, speech)}</dd></div>
              </>
            ) : (
              <div><dt>{t('face.loading')}</dt><dd>…</dd></div>
            )}
          </dl>
        )}
        {preview.data && !preview.data.exact && <p className={classes.note}>{t('lists.curve.estimate', { sampled: number(preview.data.sampled, speech), ahead: number(preview.data.ahead, speech) })}</p>}
        {sets && moved && (
          <>
            <Textarea label={t('decision.yourReason')} rows={2} value={reason} dir="auto" onChange={(event) => setReason(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} data-test="threshold-reason" />
            <p className={classes.note}>{t('lists.curve.will')}</p>
            <div className={classes.acts}>
              <Act primary disabled={reason.trim().length < shortest || save.isPending} onClick={() => save.mutate({ look, alert, reason: reason.trim() })} data-test="save-thresholds">
                {t('lists.curve.save', { look: look.toFixed(2), alert: alert.toFixed(2) })}
              </Act>
              <Act onClick={() => { setLook(known.look); setAlert(known.alert) }}>{t('rules.notNow')}</Act>
            </div>
          </>
        )}
        {!sets && <p className={classes.note}>{t('lists.curve.whose')}</p>}
        <ActFailed error={save.error} />
      </section>
    </>
  )
}

function Slider({ label, value, min = 0.5, max = 0.99, onChange, test }: { label: string; value: number; min?: number; max?: number; onChange: (value: number) => void; test: string }) {
  return (
    <label className={classes.slider}>
      <span>{label}</span>
      <input type="range" min="0.5" max="0.99" step="0.01" value={value} onChange={(event) => onChange(Math.min(max, Math.max(min, Number(event.currentTarget.value))))} data-test={`slider-${test}`} />
      <output><Figure>{value.toFixed(2)}</Figure></output>
    </label>
  )
}

const box = { width: 760, height: 230, left: 44, right: 44, top: 12, bottom: 26 }

/** Alarms a thousand travellers against the share of alarms that were the person. How few decisions stand behind a stretch is drawn too. */
function Chart({ curve, look, alert }: { curve: Curve; look: number; alert: number }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const points = curve.points
  const most = Math.max(0.1, ...points.map((one) => one.alarms ?? 0))
  const decided = Math.max(1, ...(curve.buckets ?? []).map((one) => one.decided))
  const mirrored = speech.language === 'ar'
  const x = (score: number) => {
    const along = box.left + ((score - 0.5) / 0.5) * (box.width - box.left - box.right)
    return mirrored ? box.width - along : along
  }
  const between = (from: number, to: number) => ({ x: Math.min(x(from), x(to)), width: Math.abs(x(to) - x(from)) })
  const y = (share: number) => box.height - box.bottom - share * (box.height - box.top - box.bottom)
  const line = (of: (one: Curve['points'][number]) => number | undefined) =>
    points.flatMap((one) => { const value = of(one); return value === undefined ? [] : [`${x(one.score).toFixed(1)},${y(value).toFixed(1)}`] }).join(' ')
  const at = (score: number) => points.findLast((one) => one.score <= score + 1e-9)
  const here = at(alert)
  return (
    <>
      <svg viewBox={`0 0 ${box.width} ${box.height}`} className={classes.chart} role="img" aria-label={t('lists.curve.label', { alert: alert.toFixed(2), alarms: (here?.alarms ?? 0).toFixed(1), share: here?.share === undefined ? '–' : Math.round(here.share * 10) })}>
        <rect {...between(look, alert)} y={box.top} height={box.height - box.top - box.bottom} className={classes.band} />
        {(curve.buckets ?? []).map((one) => {
          const tall = (one.decided / decided) * 0.3
          return <rect key={one.from} {...between(one.from, one.to - 0.002)} y={y(tall)} height={y(0) - y(tall)} className={classes.decided} />
        })}
        <line x1={box.left} x2={box.width - box.right} y1={y(0)} y2={y(0)} className={classes.axis} />
        <line x1={x(0.5)} x2={x(0.5)} y1={box.top} y2={y(0)} className={classes.axis} />
        {[0.5, 0.6, 0.7, 0.8, 0.9, 1].map((score) => (
          <text key={score} x={x(score)} y={box.height - 8} textAnchor="middle" className={classes.tick}>{score.toFixed(1)}</text>
        ))}
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <text x={x(0.5) + (mirrored ? 6 : -6)} y={y(share) + 4} textAnchor={mirrored ? 'start' : 'end'} className={classes.tick}>{(share * most).toFixed(most < 1 ? 2 : most < 10 ? 1 : 0)}</text>
            <text x={x(1) + (mirrored ? -6 : 6)} y={y(share) + 4} textAnchor={mirrored ? 'end' : 'start'} className={classes.tick}>{(share * 10).toFixed(0)}</text>
          </g>
        ))}
        <polyline points={line((one) => (one.alarms === undefined ? undefined : one.alarms / most))} className={classes.alarms} />
        <polyline points={line((one) => one.share)} className={classes.share} />
        <line x1={x(alert)} x2={x(alert)} y1={box.top} y2={y(0)} className={classes.mark} />
        <line x1={x(look)} x2={x(look)} y1={box.top} y2={y(0)} className={classes.mark} strokeDasharray="2 2" />
      </svg>
      <p className={classes.legend}>
        <span><svg width="24" height="8" aria-hidden="true"><line x1="0" x2="24" y1="4" y2="4" className={classes.alarms} /></svg>{t('lists.curve.alarms')}</span>
        <span><svg width="24" height="8" aria-hidden="true"><line x1="0" x2="24" y1="4" y2="4" className={classes.share} /></svg>{t('lists.curve.share')}</span>
        <span><svg width="12" height="8" aria-hidden="true"><rect width="12" height="8" className={classes.decided} /></svg>{t('lists.curve.decided', { decided: number(curve.decided, speech), same: number(curve.same, speech) })}</span>
      </p>
      <p className={classes.note}>{t(curve.decided < 30 ? 'lists.curve.few' : 'lists.curve.note')}</p>
    </>
  )
}
