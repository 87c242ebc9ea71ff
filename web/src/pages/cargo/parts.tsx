import { useTranslation } from 'react-i18next'
import type { Hold, Row, State } from '../../api/cargo'
import { useSpeech } from '../../app/home'
import { minute, number, relative } from '../../format/time'
import { Icon } from '../../ui/Icon'
import { Code, Dot, Tag } from '../../ui/parts'
import classes from './cargo.module.css'

const tones: Partial<Record<State, 'critical' | 'high' | 'medium' | 'trusted'>> = { dnl: 'critical', 'dnl-proposed': 'critical', rfs: 'high', rfi: 'medium', referred: 'medium', complete: 'trusted' }

/** Where a consignment stands; a hold in force is said beside it. */
export function StateTag({ state, hold }: { state: State; hold?: Hold | '' }) {
  const { t } = useTranslation()
  const grave = tones[state]
  return (
    <>
      <Tag tone={grave ?? 'plain'}>{t(`cargo.state.${state}`, { defaultValue: state })}</Tag>
      {hold && hold !== state && <Tag tone={tones[hold] ?? 'high'} icon="lock">{t(`cargo.hold.${hold}`)}</Tag>}
    </>
  )
}

/** A waybill by its number; a house under its master. */
export const Waybill = ({ of, strong = false }: { of: Pick<Row, 'master' | 'house' | 'kind'>; strong?: boolean }) =>
  of.house ? (
    <>
      <Code strong={strong}>{of.house}</Code> <Code quiet>{of.master}</Code>
    </>
  ) : (
    <Code strong={strong}>{of.master}</Code>
  )

/** Time to cut-off: after it, silence is neither a yes nor a no, so it stays in sight. */
export function Cutoff({ at, now, gone = false }: { at?: string; now: number; gone?: boolean }) {
  const { t } = useTranslation()
  const when = Date.parse(at ?? '')
  if (Number.isNaN(when)) return <Dot />
  if (gone) return <span className={classes.quiet}>{relative(when, now, t)}</span>
  if (when < now)
    return (
      <span className={classes.late}>
        <Icon name="clock" size={13} /> {relative(when, now, t)}
      </span>
    )
  return <span className={when - now < 30 * minute ? classes.near : undefined}>{relative(when, now, t)}</span>
}

/** Some of all, as a bar and in figures. */
export function Some({ some, of }: { some: number; of: number }) {
  const speech = useSpeech()
  return (
    <span className={classes.bar}>
      <svg width="34" height="6" aria-hidden="true" focusable="false">
        <rect width="34" height="6" className={classes.hollow} />
        <rect width={34 * Math.min(1, of ? some / of : 0)} height="6" className={classes.solid} />
      </svg>
      <bdi dir="ltr">
        {number(some, speech)}/{number(of, speech)}
      </bdi>
    </span>
  )
}

export function Weight({ kg }: { kg: number | undefined }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  if (kg === undefined) return null
  return <>{t('cargo.kg', { kg: number(Math.round(kg * 10) / 10, speech) })}</>
}

export const flightName = (one: { carrier?: string; number?: string; flight?: string }) => one.flight ?? `${one.carrier ?? ''}${one.number ?? ''}`
