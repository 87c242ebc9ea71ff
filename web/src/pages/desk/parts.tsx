import { useTranslation } from 'react-i18next'
import type { DeskFlight, Override, Standing, Verdict } from '../../api/desk'
import { useSpeech } from '../../app/home'
import { nearness, ticking } from '../../format/countdown'
import { designator } from '../../format/flight'
import { day, digits, span } from '../../format/time'
import { Code, Day, Instant, Name, Route, Tag } from '../../ui/parts'
import classes from './desk.module.css'

/** Time to departure: it ticks in the last two hours, and is a span before. */
export function Countdown({ departs, now }: { departs?: string; now: number }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const near = nearness(departs, now)
  const left = Date.parse(departs ?? '') - now
  const text = near === 'unknown' ? t('desk.noTime') : near === 'gone' ? t('time.ago', { span: span(left, t) }) : near === 'later' ? span(left, t) : digits(ticking(departs, now), speech)
  return (
    <span className={classes.clock} data-near={near} role="timer" aria-label={near === 'unknown' ? undefined : t('desk.left', { span: span(left, t) })} data-test="countdown">
      <bdi dir={near === 'now' || near === 'soon' ? 'ltr' : undefined}>{text}</bdi>
    </span>
  )
}

export function FlightLine({ of }: { of: DeskFlight }) {
  const speech = useSpeech()
  return (
    <>
      <Code>{designator(of)}</Code> <Route from={of.from} to={of.to} strong="both" /> <time dateTime={of.date}>{day(`--${of.date.slice(5)}`, speech)}</time>
    </>
  )
}

export function VerdictWord({ of }: { of?: Verdict }) {
  const { t } = useTranslation()
  if (!of) return null
  return (
    <span className={classes.verdict} data-verdict={of}>
      {t(`desk.verdict.${of}`, { defaultValue: of })}
    </span>
  )
}

/** A reason to trust somebody, and until when; what no longer holds is said too, since a carrier may still see the number. */
export function StandingLine({ of }: { of: Standing }) {
  const { t } = useTranslation()
  return (
    <div className={classes.standing} data-test="standing" data-kind={of.kind}>
      <Tag tone={of.active ? 'trusted' : 'plain'} icon={of.active ? 'check' : 'pause'}>
        {t(`standing.kind.${of.kind}`)}
      </Tag>
      {of.number && <Code quiet>{of.number}</Code>}
      <span>{t(`standing.state.${of.state}`, { defaultValue: of.state })}</span>
      {of.until && (
        <span className={classes.quiet}>
          {t('standing.until')} <Day of={of.until.slice(0, 10)} />
        </span>
      )}
      {(of.cleared ?? []).map((one) => (
        <span key={`${one.list} ${one.entry}`}>
          {t('standing.cleared')} <Name>{one.name || one.entry}</Name> <bdi className={classes.quiet}>{one.list}</bdi> <Code quiet>{one.entry}</Code>
        </span>
      ))}
    </div>
  )
}

export function OverrideLine({ one }: { one: Override }) {
  const { t } = useTranslation()
  return (
    <p className={classes.said} data-test="override">
      <Code strong>{one.code}</Code> <span>{t(`desk.override.${one.code}`, { defaultValue: '' })}</span>
      <span>
        <bdi>{one.agent ?? one.by}</bdi> <Instant at={one.at} />
      </span>
      <Code quiet>{one.reference ?? one.outage}</Code>
      {one.text && <bdi className={classes.quiet}>{one.text}</bdi>}
    </p>
  )
}
