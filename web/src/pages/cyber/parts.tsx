import { useTranslation } from 'react-i18next'
import type { Clock, IndicatorState } from '../../api/cyber'
import { span } from '../../format/time'
import { Icon } from '../../ui/Icon'
import { Code, Tag } from '../../ui/parts'
import { runs } from '../../format/cyber'
import classes from './cyber.module.css'

const tones: Record<string, 'critical' | 'high' | 'medium' | 'trusted' | 'plain'> = { RED: 'critical', 'AMBER+STRICT': 'high', AMBER: 'medium', GREEN: 'trusted' }

/** The traffic light, by its word: colour alone says nothing. */
export function Light({ of }: { of?: string }) {
  if (!of) return null
  const word = of.replace(/^TLP:/, '')
  return (
    <Tag tone={tones[word] ?? 'plain'}>
      <Code>{`TLP:${word}`}</Code>
    </Tag>
  )
}

const stateTones: Partial<Record<IndicatorState, 'critical' | 'high' | 'medium' | 'trusted'>> = { active: 'trusted', expiring: 'medium', refused: 'high', 'false-positive': 'medium' }
export function IndicatorTag({ state }: { state: IndicatorState }) {
  const { t } = useTranslation()
  return <Tag tone={stateTones[state] ?? 'plain'}>{t(`cyber.indicatorState.${state}`, { defaultValue: state })}</Tag>
}

/** A legal clock: what is due to whom, how much of the time has gone, and what is left of it. Late stays in sight. */
export function ClockLine({ of, now, short = false }: { of: Clock; now: number; short?: boolean }) {
  const { t } = useTranslation()
  const due = Date.parse(of.due)
  const left = due - now
  const late = runs(of) && left < 0
  const start = Date.parse(of.starts)
  const passed = runs(of) && due > start ? Math.min(100, Math.max(0, (100 * (now - start)) / (due - start))) : of.passed
  const near = !late && runs(of) && passed >= 80
  const tone = late || of.state === 'late-met' ? classes.late : near ? classes.near : undefined
  return (
    <div className={classes.clock} data-test="clock" data-state={of.state}>
      <span>{t(`cyber.duty.${of.duty}`, { defaultValue: of.duty })}</span>
      <span className={tone}>
        {runs(of) ? (
          <>
            {late && <Icon name="clock" size={12} />} {t(late ? 'cyber.lateBy' : 'cyber.left', { span: span(left, t) })}
          </>
        ) : (
          t(`cyber.clockState.${of.state}`)
        )}
      </span>
      {!short && (
        <svg viewBox="0 0 100 4" preserveAspectRatio="none" className={classes.passed} role="img" aria-label={t('cyber.passed', { percent: Math.round(passed) })}>
          <rect width="100" height="4" className={classes.hollow} />
          <rect width={passed} height="4" className={late ? classes.solidLate : near ? classes.solidNear : classes.solid} />
        </svg>
      )}
    </div>
  )
}

export const incidentName = (number: number) => `I-${number}`
