import { TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Departure, type Row, type State, useConsignments, useDepartures, useFlown, useSchedule } from '../../api/cargo'
import type { Severity as Level } from '../../api/types'
import { useHome, useNow, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { useRested } from '../../app/rested'
import { departuresRoute } from '../../app/router'
import { groupOf, groups } from '../../format/flight'
import { severities } from '../../format/finding'
import { day, hour, number } from '../../format/time'
import { Bar, Choose, Find, Push, Summary, Toolbar } from '../../ui/bars'
import { ActFailed, Answer, Empty, NoMatch } from '../../ui/Faces'
import { Fresh } from '../../ui/Fresh'
import { type Column, Grid, type Line, StatusNote } from '../../ui/Grid'
import { useHeld } from '../../ui/held'
import { Icon } from '../../ui/Icon'
import { Act, Changed, Code, Cut, Day, Dot, Instant, Route } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import classes from './cargo.module.css'
import { Cutoff, flightName, Some, StateTag, Waybill, Weight } from './parts'

const spans = ['now', 'today', 'tomorrow', 'all'] as const
type Span = (typeof spans)[number]

function datesOf(span: Span, now: number): { from?: string; to?: string } {
  const date = (shift: number) => new Date(now + shift * 24 * hour).toISOString().slice(0, 10)
  if (span === 'all') return {}
  // Local dates reach a day either side of ours.
  if (span === 'now') return { from: date(-1), to: date(2) }
  const shift = span === 'today' ? 0 : 1
  return { from: date(shift), to: date(shift) }
}

export function DeparturesPage() {
  const search = departuresRoute.useSearch()
  return search.departure !== undefined ? <OneDeparture id={search.departure} /> : <Board />
}

const idOf = (one: { id: string }) => one.id
const atOf = (one: Departure) => Date.parse(one.cutoff ?? one.departs ?? '')

function useSpan() {
  const search = departuresRoute.useSearch()
  const now = useNow()
  const span = (spans as readonly string[]).includes(search.day ?? '') ? (search.day as Span) : 'now'
  const hourNow = Math.floor(now / hour) * hour
  return { span, dates: useMemo(() => datesOf(span, hourNow), [span, hourNow]) }
}

function Board() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const now = useNow()
  const search = departuresRoute.useSearch()
  const navigate = useNavigate({ from: '/cargo/departures' })
  const set = (change: Partial<typeof search>, replace = true) => void navigate({ search: (was) => ({ ...was, ...change }), replace })
  const { span, dates } = useSpan()
  const asked = useDepartures(dates)
  const sorted = useMemo(
    () => [...(asked.data ?? [])].filter((one) => !search.severity || (one.severities?.[search.severity as Level] ?? 0) > 0).sort((a, b) => (atOf(a) || Infinity) - (atOf(b) || Infinity) || a.id.localeCompare(b.id)),
    [asked.data, search.severity],
  )
  const held = useHeld(asked.data && sorted, idOf, JSON.stringify({ span, severity: search.severity }))
  useEffect(() => {
    document.title = `${t('place.departures')} · Rihla`
  }, [t])
  const lines: Line<Departure>[] = groups.flatMap((group) => {
    const rows = held.shown.filter((one) => groupOf(atOf(one), now) === group)
    if (rows.length === 0) return []
    if (group === 'past' || group === 'recent') rows.reverse()
    return [
      { kind: 'group' as const, key: `group-${group}`, title: t(`cargo.group.${group}`), note: t('flights.count', { count: rows.length }) },
      ...rows.map((row) => ({ kind: 'row' as const, key: row.id, row })),
    ]
  })
  const columns = useDepartureColumns(now)
  return (
    <>
      <Toolbar title={t('place.departures')}>
        <Choose label={t('flights.when')} value={span} active={span !== 'now'} onChange={(value) => set({ day: value === 'now' ? undefined : value })} options={spans.map((value) => ({ value, label: t(`flights.day.${value}`) }))} />
        <Choose label={t('flights.finding')} value={search.severity ?? ''} active={!!search.severity} onChange={(severity) => set({ severity: severity || undefined })} options={[{ value: '', label: t('flights.anySeverity') }, ...severities.map((value) => ({ value, label: t(`severityTitle.${value}`) }))]} />
        <Push />
        <Fresh count={held.fresh} onRelease={held.release} />
      </Toolbar>
      <Answer of={asked} rows={20}>
        {(all) => (
          <>
            <Totals of={held.shown} now={now} />
            {all.length === 0 ? (
              <Empty act={span !== 'all' && <Act onClick={() => set({ day: 'all' })}>{t('flights.showAll')}</Act>}>{t('cargo.empty')}</Empty>
            ) : lines.length === 0 ? (
              <NoMatch filters={[t(`severityTitle.${search.severity}`)]} onClear={() => set({ severity: undefined })} />
            ) : (
              <Grid label={t('place.departures')} className={classes.board} wide lines={lines} columns={columns} selected={search.at} onSelect={(at) => set({ at })} onOpen={(departure) => set({ departure, at: departure }, false)} />
            )}
          </>
        )}
      </Answer>
      <StatusNote>{t('cargo.cutoffNote', { number: number(60, speech) })}</StatusNote>
    </>
  )
}

const held = (one: Departure) => (one.states?.rfi ?? 0) + (one.states?.rfs ?? 0) + (one.states?.dnl ?? 0) + (one.states?.['dnl-proposed'] ?? 0)

function Totals({ of, now }: { of: readonly Departure[]; now: number }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const sum = (what: (one: Departure) => number) => of.reduce((total, one) => total + what(one), 0)
  const late = of.filter((one) => !one.departed && Date.parse(one.cutoff ?? '') < now && held(one) + (one.states?.referred ?? 0) > 0).length
  return (
    <Summary>
      <span>
        <strong>{number(of.length, speech)}</strong> {t('flights.word', { count: of.length })}
      </span>
      <span>
        <strong>{number(sum((one) => one.consignments), speech)}</strong> {t('cargo.consignments', { count: sum((one) => one.consignments) })}
      </span>
      <span>
        <Weight kg={sum((one) => one.kg)} />
      </span>
      <Bar />
      {severities.map((level) => {
        const count = sum((one) => one.severities?.[level] ?? 0)
        return count > 0 ? (
          <Severity key={level} level={level}>
            <strong>{number(count, speech)}</strong> {t(`severity.${level}`)}
          </Severity>
        ) : null
      })}
      <Bar />
      <Link to="/cargo/referrals/{-$id}">
        <strong>{number(sum((one) => one.cases), speech)}</strong> {t('flights.openCases', { count: sum((one) => one.cases) })}
      </Link>
      <Push />
      {late > 0 && (
        <span className={classes.late}>
          <Icon name="clock" size={13} /> {t('cargo.lateFlights', { count: late })}
        </span>
      )}
    </Summary>
  )
}

function useDepartureColumns(now: number): Column<Departure>[] {
  const { t } = useTranslation()
  const speech = useSpeech()
  const count = (id: string, head: string, of: (one: Departure) => number): Column<Departure> => ({ id, head, numeric: true, cell: (one) => (of(one) > 0 ? <Changed value={of(one)}>{number(of(one), speech)}</Changed> : <Dot />) })
  return [
    {
      id: 'flight',
      head: t('flights.flight'),
      cell: (one) => (
        <Link to="/cargo/departures" search={{ departure: one.id }} className={classes.name} tabIndex={-1}>
          {one.id === 'none' ? t('cargo.noFlight') : <Code strong>{flightName(one)}</Code>}
        </Link>
      ),
    },
    { id: 'route', head: t('flights.route'), cell: (one) => (one.origin && one.destination ? <Route from={one.origin} to={one.destination} strong="both" /> : null) },
    { id: 'departs', head: t('flights.departs'), cell: (one) => (one.departs ? one.departs_known ? <Instant at={one.departs} dateToo /> : <span className={classes.assumed} title={t('cargo.assumed')}><Day of={one.date} /></span> : <Day of={one.date} />) },
    { id: 'cutoff', head: t('cargo.cutoff'), cell: (one) => (one.departed ? <span className={classes.quiet}>{t('cargo.state.departed')}</span> : <Cutoff at={one.cutoff} now={now} />) },
    count('shipments', t('cargo.shipments'), (one) => one.shipments),
    count('consignments', t('place.consignments'), (one) => one.consignments),
    { id: 'complete', head: t('cargo.complete'), cell: (one) => <Some some={(one.states?.complete ?? 0) + (one.states?.departed ?? 0) + (one.states?.arrived ?? 0)} of={one.consignments} /> },
    count('rfi', t('cargo.short.rfi'), (one) => one.states?.rfi ?? 0),
    count('rfs', t('cargo.short.rfs'), (one) => one.states?.rfs ?? 0),
    { id: 'dnl', head: t('cargo.short.dnl'), numeric: true, cell: (one) => { const many = (one.states?.dnl ?? 0) + (one.states?.['dnl-proposed'] ?? 0); return many > 0 ? <span className={classes.late}>{number(many, speech)}</span> : <Dot /> } },
    ...severities.slice(0, 3).map((level): Column<Departure> => ({ id: level, head: t(`severityTitle.${level}`), cell: (one) => { const many = one.severities?.[level] ?? 0; return many > 0 ? <Severity level={level}><Changed value={many}>{number(many, speech)}</Changed></Severity> : <Dot /> } })),
    count('cases', t('flights.cases'), (one) => one.cases),
    { id: 'kg', head: t('cargo.weight'), numeric: true, cell: (one) => <Weight kg={one.kg} /> },
  ]
}

const states: State[] = ['received', 'incomplete', 'assessing', 'complete', 'referred', 'rfi', 'rfs', 'dnl-proposed', 'dnl', 'departed', 'arrived', 'cancelled']

/** The consignments of one departure, and what may be said of the flight. */
function OneDeparture({ id }: { id: string }) {
  const { t } = useTranslation()
  const now = useNow()
  const { role } = useHome()
  const speech = useSpeech()
  const search = departuresRoute.useSearch()
  const navigate = useNavigate({ from: '/cargo/departures' })
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  const { dates } = useSpan()
  const departures = useDepartures(dates)
  const one = departures.data?.find((known) => known.id === id)
  const [text, setText] = useState(search.q ?? '')
  const asked = useConsignments({ departure: id || undefined, state: search.state, q: useRested(text.trim()) || undefined })
  const held = useHeld(asked.data, idOf, JSON.stringify({ id, state: search.state, text }))
  const back = () => void navigate({ search: (was) => ({ day: was.day, severity: was.severity, at: was.at }) })
  useKeys({ 'list.back': back })
  useEffect(() => {
    document.title = `${one ? flightName(one) : t('place.consignments')} · Rihla`
  }, [t, one])
  const columns = useConsignmentColumns()
  const filters = [search.state && t(`cargo.state.${search.state}`), text.trim()].filter((known): known is string => !!known)
  return (
    <>
      <Toolbar
        title={
          <>
            {id === 'none' ? t('cargo.noFlight') : <Code>{one ? flightName(one) : id.split('.')[0]}</Code>} {one?.origin && one.destination && <Route from={one.origin} to={one.destination} strong="both" />} {one?.date && day(one.date, speech)}
          </>
        }
      >
        <Choose label={t('cargo.stateLabel')} value={search.state ?? ''} active={!!search.state} onChange={(state) => set({ state: state || undefined })} options={[{ value: '', label: t('cargo.anyState') }, ...states.map((value) => ({ value, label: t(`cargo.state.${value}`) }))]} />
        <Find label={t('cargo.find')} value={text} onChange={setText} />
        <Push />
        {one && !one.departed && <span className={classes.schedule}>{t('cargo.cutoff')} <Cutoff at={one.cutoff} now={now} /></span>}
        {one && (role === 'targeter' || role === 'supervisor') && id !== 'none' && <Flight one={one} />}
        <Fresh count={held.fresh} onRelease={held.release} />
        <Act act="list.back" onClick={back}>{t('cargo.allDepartures')}</Act>
      </Toolbar>
      <Answer of={asked} rows={20}>
        {() =>
          held.shown.length === 0 ? (
            filters.length > 0 ? <NoMatch filters={filters} onClear={() => { setText(''); set({ state: undefined }) }} /> : <Empty>{t('cargo.empty')}</Empty>
          ) : (
            <Grid
              label={t('place.consignments')}
              className={classes.rows}
              wide
              lines={held.shown.map((row) => ({ kind: 'row' as const, key: row.id, row }))}
              columns={columns}
              selected={search.at}
              onSelect={(at) => set({ at })}
              onOpen={(open) => void navigate({ to: '/cargo/consignments/$id', params: { id: open } })}
            />
          )
        }
      </Answer>
    </>
  )
}

/** When it leaves, that it has left, that it has arrived: said by hand where no manifest says it. */
function Flight({ one }: { one: Departure }) {
  const { t } = useTranslation()
  const schedule = useSchedule(one.id)
  const flown = useFlown(one.id, one.departed ? 'arrived' : 'departed')
  const [open, setOpen] = useState(false)
  const [departs, setDeparts] = useState('')
  if (open)
    return (
      <form
        className={classes.schedule}
        onSubmit={(event) => {
          event.preventDefault()
          schedule.mutate(new Date(`${departs}Z`).toISOString(), { onSuccess: () => setOpen(false) })
        }}
      >
        <TextInput type="datetime-local" aria-label={t('cargo.departsUtc')} title={t('cargo.departsUtc')} value={departs} onChange={(event) => setDeparts(event.currentTarget.value)} dir="ltr" classNames={{ input: classes.when }} data-test="departs" />
        <Act primary type="submit" disabled={!departs || schedule.isPending}>{t('cargo.setDeparture')}</Act>
        <Act act="list.back" onClick={() => setOpen(false)}>{t('rules.notNow')}</Act>
        <ActFailed error={schedule.error} />
      </form>
    )
  return (
    <>
      <Act icon="clock" onClick={() => { setDeparts((one.departs ?? '').slice(0, 16)); setOpen(true) }} data-test="schedule">{t('cargo.schedule')}</Act>
      <Act icon={one.departed ? 'landing' : 'takeoff'} disabled={flown.isPending} onClick={() => flown.mutate()} data-test="flown">{t(one.departed ? 'cargo.arrived' : 'cargo.departed')}</Act>
      {!!flown.data?.alarms && <span className={classes.late} role="alert">{t('cargo.alarms', { count: flown.data.alarms })}</span>}
      <ActFailed error={flown.error} />
    </>
  )
}

function useConsignmentColumns(): Column<Row>[] {
  const { t } = useTranslation()
  const speech = useSpeech()
  return [
    { id: 'severity', head: <span className="unseen">{t('flight.severity')}</span>, cell: (one) => (one.severity ? <Severity level={one.severity} /> : null) },
    {
      id: 'waybill',
      head: t('cargo.waybill'),
      cell: (one) => (
        <Link to="/cargo/consignments/$id" params={{ id: one.id }} className={classes.name} tabIndex={-1}>
          <Waybill of={one} strong />
        </Link>
      ),
    },
    { id: 'route', head: t('flights.route'), cell: (one) => (one.origin && one.destination ? <Route from={one.origin} to={one.destination} strong="both" /> : null) },
    { id: 'consignor', head: t('cargo.role.consignor'), cell: (one) => one.consignor && <Cut title={one.consignor.name}>{one.consignor.name}</Cut> },
    { id: 'consignee', head: t('cargo.role.consignee'), cell: (one) => one.consignee && <Cut title={one.consignee.name}>{one.consignee.name}</Cut> },
    { id: 'goods', head: t('cargo.goods'), cell: (one) => <Cut title={one.goods}>{one.goods}</Cut> },
    { id: 'pieces', head: t('cargo.pieces'), numeric: true, cell: (one) => number(one.pieces, speech) },
    { id: 'kg', head: t('cargo.weight'), numeric: true, cell: (one) => <Weight kg={one.kg} /> },
    { id: 'findings', head: t('passenger.findings'), numeric: true, cell: (one) => (one.findings > 0 ? number(one.findings, speech) : <Dot />) },
    { id: 'state', head: t('cargo.stateLabel'), cell: (one) => <StateTag state={one.state} hold={one.hold} /> },
  ]
}
