import { Button, type ButtonProps } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Completeness as Part, Flight, Origin } from '../api/types'
import { type Act as KeyAct, useKeyOf } from '../app/keys'
import { useHome, useSpeech } from '../app/home'
import { completeness, flightContext } from '../format/flight'
import { city } from '../format/places'
import { clock, hijri, moment, number, relative, day as sayDay, span } from '../format/time'
import { Icon, type IconName } from './Icon'
import classes from './parts.module.css'

/** A code is mono and reads left to right, wherever it stands. */
export function Code({ children, quiet = false, strong = false }: { children: ReactNode; quiet?: boolean; strong?: boolean }) {
  return (
    <bdi dir="ltr" className={`${classes.code} ${quiet ? classes.quiet : ''} ${strong ? classes.strong : ''}`}>
      {children}
    </bdi>
  )
}

/** A figure with its sign, whole in Arabic too. */
export const Figure = ({ children }: { children: ReactNode }) => <bdi dir="ltr">{children}</bdi>

/** A name in the script it came in. */
export const Name = ({ children }: { children: ReactNode }) => <bdi className={classes.name}>{children}</bdi>

/** A name, or any text in its own direction, that fills a cell and is cut at its own end. */
export const Cut = ({ children, title }: { children: ReactNode; title?: string }) => (
  <bdi className={classes.cut} title={title}>
    {children}
  </bdi>
)

export const Tag = ({ children, tone = 'plain', icon }: { children: ReactNode; tone?: 'plain' | 'critical' | 'high' | 'trusted' | 'medium'; icon?: IconName }) => (
  <span className={`${classes.tag} ${classes[`tag-${tone}`]}`}>
    {icon && <Icon name={icon} size={12} />}
    <span>{children}</span>
  </span>
)

/** A key as it stands on the board. */
const written = (key: string) => (key.startsWith('Ctrl+') ? `Ctrl ${key.slice(5).replace('Enter', '⏎').replace(/^[a-z]$/, (one) => one.toUpperCase())}` : key.replace('Escape', 'Esc'))

export const Kbd = ({ children }: { children: string }) => (
  <kbd className={classes.kbd} dir="ltr">
    {written(children)}
  </kbd>
)

export function Key({ act }: { act: KeyAct }) {
  const key = useKeyOf(act)
  return (
    <span className={classes.keys} dir="ltr">
      {key.split(' ').map((one) => (
        <Kbd key={one}>{one}</Kbd>
      ))}
    </span>
  )
}

type ActProps = Omit<ButtonProps, 'size'> & {
  act?: KeyAct
  icon?: IconName
  primary?: boolean
  onClick?: () => void
  children?: ReactNode
  type?: 'button' | 'submit'
  'aria-pressed'?: boolean
  'data-test'?: string
}

/** A button that says act and object, with its key. */
export function Act({ act, icon, primary = false, className = '', children, ...rest }: ActProps) {
  return (
    <Button
      variant={primary ? 'filled' : 'default'}
      className={`${classes.act} ${primary ? classes.primary : ''} ${className}`}
      classNames={{ label: classes.actLabel, inner: classes.actInner }}
      leftSection={icon && <Icon name={icon} size={14} />}
      rightSection={act && <Key act={act} />}
      {...rest}
    >
      {children}
    </Button>
  )
}

export function Route({ from, to, strong }: { from: string; to: string; strong?: 'from' | 'to' | 'both' }) {
  return (
    <span className={classes.route}>
      <Code quiet={strong === 'to'} strong={strong === 'from' || strong === 'both'}>{from}</Code>
      <Icon name="arrow" size={12} />
      <Code quiet={strong === 'from'} strong={strong === 'to' || strong === 'both'}>{to}</Code>
    </span>
  )
}

/** "from London Heathrow", "to Kuwait". */
export function Direction({ flight, end }: { flight: Flight; end: 'from' | 'to' }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const name = city(flight[end], language)
  return name ? <span className={classes.hint}>{t(end === 'from' ? 'flight.fromCity' : 'flight.toCity', { city: name })}</span> : null
}

/** An instant on the node's clock, UTC on hover. */
export function Instant({ at, dateToo = false, zone }: { at?: string; dateToo?: boolean; zone?: string }) {
  const speech = useSpeech()
  const home = useHome()
  if (!at) return null
  const where = zone ?? home.zone
  return (
    <time dateTime={at} title={`${moment(at, 'UTC', speech)} UTC`}>
      {dateToo ? moment(at, where, speech) : clock(at, where, speech)}
    </time>
  )
}

export function Day({ of, weekday = false }: { of?: string; weekday?: boolean }) {
  const speech = useSpeech()
  if (!of) return null
  return (
    <time dateTime={of} title={hijri(of, speech) || undefined}>
      {sayDay(of, speech, weekday)}
    </time>
  )
}

/** A flight, its day and its route, where the node's text is one; any other text as it is. */
export function FlightContext({ of, dated = true }: { of?: string; dated?: boolean }) {
  const speech = useSpeech()
  const known = flightContext(of)
  if (!known) return <Cut title={of}>{of}</Cut>
  return (
    <span className={classes.context}>
      <Code>{known.flight}</Code> <Route from={known.from} to={known.to} strong="both" /> {dated && <time dateTime={known.date}>{sayDay(`--${known.date.slice(5)}`, speech)}</time>}
    </span>
  )
}

/** Time to go, in words; the bold ones are within half an hour. */
export function TimeToGo({ at, now }: { at: number; now: number }) {
  const { t } = useTranslation()
  if (Number.isNaN(at)) return null
  const near = at > now && at - now < 30 * 60_000
  return <span className={near ? classes.near : undefined}>{relative(at, now, t)}</span>
}

/** How much of a source has come: a bar, then received of expected; due and overdue in words. */
export function Completeness({ part, flight, now, pushes = false }: { part?: Part; flight: Flight; now: number; pushes?: boolean }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { zone } = useHome()
  const standing = completeness(part, flight, now)
  if (standing.state === 'none') return <Dot />
  if (standing.state === 'due')
    return <span className={classes.due}>{t('flight.due', { time: clock(standing.at ?? 0, zone, speech) })}</span>
  if (standing.state === 'overdue')
    return (
      <span className={classes.overdue}>
        <Icon name="clock" size={13} /> {t('flight.overdue', { span: span(now - (standing.at ?? now), t) })}
      </span>
    )
  const received = part?.received ?? 0
  const expected = part?.expected ?? received
  return (
    <span className={classes.completeness}>
      <svg width="34" height="6" aria-hidden="true" focusable="false" className={classes.bar}>
        <rect width="34" height="6" className={classes.hollow} />
        <rect width={34 * Math.min(1, expected ? received / expected : 1)} height="6" className={classes.solid} />
      </svg>
      <bdi dir="ltr">
        <Changed value={received}>{number(received, speech)}</Changed>/{number(expected, speech)}
      </bdi>
      {pushes && part?.pushes !== undefined && <span className={classes.pushes} title={t('flight.pushes', { count: part.pushes })}><bdi dir="ltr">×{number(part.pushes, speech)}</bdi></span>}
    </span>
  )
}

/** Zero is a faint dot: a column of noughts would hide the one that counts. */
export const Dot = () => (
  <span className={classes.dot} aria-hidden="true">
    ·
  </span>
)

const quietMs = 4000

/** A value that changed while it was looked at is underlined for four seconds. */
export function Changed({ value, children }: { value: string | number | undefined; children: ReactNode }) {
  const before = useRef(value)
  const [marked, setMarked] = useState(false)
  useEffect(() => {
    if (before.current === value) return
    before.current = value
    setMarked(true)
    const timer = setTimeout(() => setMarked(false), quietMs)
    return () => clearTimeout(timer)
  }, [value])
  return <span className={marked ? classes.changed : undefined} data-changed={marked || undefined}>{children}</span>
}

const words: Record<string, string> = { api: 'API', pnr: 'PNR' }

/** A list's version is a number or the sum of its bytes. */
export const version = (of: string | number) => (/^\d+$/.test(String(of)) ? `v${of}` : String(of).replace(/^sha256:/, '').slice(0, 12))

/** Who said it and when; it opens the report at the segment. */
export function Provenance({ of, differs = false }: { of: Origin; differs?: boolean }) {
  const { t } = useTranslation()
  const name = words[of.source] ?? t(`source.${of.source}`, { defaultValue: of.source })
  const at = of.segment !== undefined ? `?segment=${of.segment}` : ''
  return (
    <a
      className={`${classes.provenance} ${of.source === 'pnr' ? classes.dashed : ''} ${differs ? classes.differs : ''}`}
      href={`/reports/${of.report}${at}`}
      title={t('passenger.openReport', { source: name })}
      data-test="provenance"
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey) return
        event.preventDefault()
        navigateTo(`/reports/${of.report}${at}`)
      }}
    >
      <bdi dir="ltr">
        <span>{name}</span>
        {of.at && (
          <span className={classes.when}>
            <Instant at={of.at} />
          </span>
        )}
      </bdi>
    </a>
  )
}

export const SourceMark = ({ source }: { source: string }) => (
  <bdi dir="ltr" className={`${classes.provenance} ${source === 'pnr' ? classes.dashed : ''}`}>
    <span>{words[source] ?? source}</span>
  </bdi>
)

let navigateTo: (path: string) => void = (path) => window.location.assign(path)
/** The router hands itself in, so that shared parts need not know its types. */
export function provideNavigation(to: (path: string) => void): void {
  navigateTo = to
}
export const goTo = (path: string) => navigateTo(path)
