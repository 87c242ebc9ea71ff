import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCases, useFlights } from '../../api/queries'
import type { Flight, Severity as Level } from '../../api/types'
import { placesOf, useHome, useNow, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { setPrefs, usePrefs } from '../../app/prefs'
import { flightsRoute } from '../../app/router'
import { completeness, designator, milestone, otherEnd, phase } from '../../format/flight'
import { severities } from '../../format/finding'
import { city } from '../../format/places'
import { daysBetween, hour, localClock, number, span } from '../../format/time'
import { Bar, Choose, Push, Segments, Summary, Toggle, Toolbar } from '../../ui/bars'
import { Answer, Empty, NoMatch } from '../../ui/Faces'
import { type Column, Grid, type Line, StatusNote } from '../../ui/Grid'
import { Icon } from '../../ui/Icon'
import { Act, Changed, Code, Completeness, Direction, Dot, Key, Route, TimeToGo } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import classes from './FlightsPage.module.css'
import { inWindow, type Row, useBoard } from './useBoard'

const days = ['now', 'yesterday', 'today', 'tomorrow', 'all'] as const
type Span = (typeof days)[number]

function datesOf(span: Span, now: number): { from?: string; to?: string } {
  const date = (shift: number) => new Date(now + shift * 24 * hour).toISOString().slice(0, 10)
  switch (span) {
    case 'now':
      // Local dates reach a day either side of ours.
      return { from: date(-1), to: date(2) }
    case 'yesterday':
      return { from: date(-1), to: date(-1) }
    case 'today':
      return { from: date(0), to: date(0) }
    case 'tomorrow':
      return { from: date(1), to: date(1) }
    case 'all':
      return {}
  }
}

const incomplete = (flight: Flight, now: number) => {
  const api = completeness(flight.api, flight, now)
  return api.state === 'overdue' || (api.state === 'counted' && (flight.api?.received ?? 0) < (flight.api?.expected ?? 0))
}

export function FlightsPage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const now = useNow()
  const { airports, me, role } = useHome()
  const { rows: density } = usePrefs()
  const search = flightsRoute.useSearch()
  const navigate = useNavigate({ from: '/flights' })
  const day = (days as readonly string[]).includes(search.day ?? '') ? (search.day as Span) : 'now'
  const set = (change: Partial<typeof search>, replace = false) => void navigate({ search: (was) => ({ ...was, ...change }), replace })

  const hourNow = Math.floor(now / hour) * hour
  const flights = useFlights(useMemo(() => datesOf(day, hourNow), [day, hourNow]))
  const cases = useCases('waiting', placesOf(role).includes('queue'))

  const inDay = useMemo(
    () => (day === 'now' ? flights.data?.filter((flight) => inWindow(flight, hourNow)) : flights.data),
    [flights.data, day, hourNow],
  )
  const narrowed = useMemo(
    () =>
      inDay?.filter(
        (flight) =>
          (!search.carrier || flight.carrier === search.carrier) &&
          (!search.airport || flight.from === search.airport || flight.to === search.airport) &&
          (!search.severity || (flight.severities?.[search.severity as Level] ?? 0) > 0) &&
          (!search.incomplete || incomplete(flight, hourNow)),
      ),
    [inDay, search.carrier, search.airport, search.severity, search.incomplete, hourNow],
  )
  const shown = useMemo(
    () => narrowed?.filter((flight) => !search.way || flight.direction === search.way),
    [narrowed, search.way],
  )
  const board = useBoard(shown, now, JSON.stringify({ ...search, at: undefined }))
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())

  const open = (id: string) => void navigate({ to: '/flights/$id', params: { id } })
  const filters = [
    search.way && t(`flights.${search.way}`),
    search.carrier,
    search.airport,
    search.severity && t(`severityTitle.${search.severity}`),
    search.incomplete && t('flights.incomplete'),
  ].filter((one): one is string => !!one)
  const clear = () => set({ way: undefined, carrier: undefined, airport: undefined, severity: undefined, incomplete: undefined })

  useKeys(board.fresh + board.moved > 0 ? { 'list.new': board.release } : {})
  useEffect(() => {
    document.title = `${t('place.flights')} · Rihla`
  }, [t])

  const lines: Line<Row>[] = board.groups.flatMap(({ group, rows }) => [
    { kind: 'group' as const, key: `group-${group}`, title: t(`flights.group.${group}`), note: t('flights.count', { count: rows.length }) },
    ...rows.map((row) => ({ kind: 'row' as const, key: row.flight.id, row })),
  ])

  const mine = useMemo(() => {
    const count = new Map<string, number>()
    for (const one of cases.data ?? []) if (one.within && one.claimed_by === me) count.set(one.within, (count.get(one.within) ?? 0) + 1)
    return count
  }, [cases.data, me])

  const columns = useColumns(now, airports, mine)
  const carriers = [...new Set((inDay ?? []).map((flight) => flight.carrier))].sort()
  const ends = [...new Set((inDay ?? []).flatMap((flight) => [flight.from, flight.to]))].filter((code) => !airports.includes(code)).sort()
  const count = (way?: string) => number((narrowed ?? []).filter((flight) => !way || flight.direction === way).length, speech)

  return (
    <>
      <Toolbar title={t('place.flights')}>
        <Segments
          label={t('flights.way')}
          value={search.way ?? 'all'}
          onChange={(way) => set({ way: way === 'all' ? undefined : way })}
          options={[
            { value: 'all', label: t('flights.all'), count: count() },
            { value: 'arrival', label: <><Icon name="landing" size={14} /> {t('flights.arrival')}</>, count: count('arrival') },
            { value: 'departure', label: <><Icon name="takeoff" size={14} /> {t('flights.departure')}</>, count: count('departure') },
          ]}
        />
        <Choose label={t('flights.when')} value={day} active={day !== 'now'} onChange={(value) => set({ day: value === 'now' ? undefined : value })} options={days.map((value) => ({ value, label: t(`flights.day.${value}`) }))} />
        <Choose label={t('flights.carrier')} value={search.carrier ?? ''} active={!!search.carrier} onChange={(carrier) => set({ carrier: carrier || undefined })} options={[{ value: '', label: t('flights.anyCarrier') }, ...carriers.map((value) => ({ value, label: value }))]} />
        <Choose label={t('flights.airport')} value={search.airport ?? ''} active={!!search.airport} onChange={(airport) => set({ airport: airport || undefined })} options={[{ value: '', label: t('flights.anyAirport') }, ...ends.map((value) => ({ value, label: [value, city(value, speech.language)].filter(Boolean).join(' ') }))]} />
        <Choose label={t('flights.finding')} value={search.severity ?? ''} active={!!search.severity} onChange={(severity) => set({ severity: severity || undefined })} options={[{ value: '', label: t('flights.anySeverity') }, ...severities.map((value) => ({ value, label: t(`severityTitle.${value}`) }))]} />
        <Toggle pressed={!!search.incomplete} onChange={(on) => set({ incomplete: on ? '1' : undefined })}>
          {t('flights.incomplete')}
        </Toggle>
        <Push />
        {board.fresh + board.moved > 0 && (
          <button type="button" className={classes.pill} onClick={board.release} data-test="pill">
            <Icon name="up" size={13} />
            {[board.fresh > 0 && t('flights.new', { count: board.fresh }), board.moved > 0 && t('flights.moved', { count: board.moved })].filter(Boolean).join(t('list.comma'))}
            <Key act="list.new" />
          </button>
        )}
        <Act icon="rows" onClick={() => setPrefs({ rows: density === 'compact' ? 'comfortable' : 'compact' })}>
          {t(`prefs.rows_${density}`)}
        </Act>
      </Toolbar>
      <Answer of={{ ...flights, data: inDay }} rows={24}>
        {(all) => (
          <>
            <Totals flights={shown ?? []} now={now} cases={cases.data} />
            {all.length === 0 ? (
              <Empty act={day === 'now' && <Act onClick={() => set({ day: 'all' })}>{t('flights.showAll')}</Act>}>{t('flights.empty')}</Empty>
            ) : lines.length === 0 ? (
              <NoMatch filters={filters} onClear={clear} />
            ) : (
              <Grid
                label={t('place.flights')}
                className={classes.board}
                wide
                lines={lines}
                columns={columns}
                selected={search.at}
                marked={marked}
                onSelect={(at) => set({ at }, true)}
                onOpen={open}
                onMark={(key) =>
                  setMarked((was) => {
                    const next = new Set(was)
                    if (!next.delete(key)) next.add(key)
                    return next
                  })
                }
              />
            )}
          </>
        )}
      </Answer>
      {marked.size > 0 && <StatusNote>{t('grid.marked', { count: marked.size })}</StatusNote>}
      <StatusNote>{t('flights.timesNote')}</StatusNote>
    </>
  )
}

function Totals({ flights, now, cases }: { flights: Flight[]; now: number; cases: { claimed_by?: string }[] | undefined }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const sum = (of: (flight: Flight) => number) => flights.reduce((total, flight) => total + of(flight), 0)
  const part = (name: 'api' | 'pnr') => {
    const due = flights.filter((flight) => completeness(flight[name], flight, now).state === 'counted')
    const expected = due.reduce((total, flight) => total + (flight[name]?.expected ?? 0), 0)
    const received = due.reduce((total, flight) => total + Math.min(flight[name]?.received ?? 0, flight[name]?.expected ?? Infinity), 0)
    return expected > 0 ? `${number(received, speech)}/${number(expected, speech)}` : '–'
  }
  const late = flights
    .filter((flight) => completeness(flight.api, flight, now).state === 'overdue' && milestone(flight, now).kind !== 'landed')
    .sort((a, b) => Date.parse(b.departure ?? '') - Date.parse(a.departure ?? ''))[0]
  const unclaimed = (cases ?? []).filter((one) => !one.claimed_by).length
  return (
    <Summary>
      <span>
        <strong>{number(flights.length, speech)}</strong> {t('flights.word', { count: flights.length })}
      </span>
      <span>
        <strong>{number(sum((flight) => flight.passengers), speech)}</strong> {t('flights.passengers', { count: sum((flight) => flight.passengers) })}
      </span>
      <span>
        API <strong><bdi dir="ltr">{part('api')}</bdi></strong>
      </span>
      <span>
        PNR <strong><bdi dir="ltr">{part('pnr')}</bdi></strong>
      </span>
      <Bar />
      {severities.map((level) => {
        const count = sum((flight) => flight.severities?.[level] ?? 0)
        return count > 0 ? (
          <Severity key={level} level={level}>
            <strong>{number(count, speech)}</strong> {t(`severity.${level}`)}
          </Severity>
        ) : null
      })}
      <Bar />
      {cases && (
        <Link to="/queue/{-$id}">
          <strong>{number(cases.length, speech)}</strong> {t('flights.openCases', { count: cases.length })}
          {unclaimed > 0 && <>{t('list.comma')}<strong>{number(unclaimed, speech)}</strong> {t('flights.unclaimed', { count: unclaimed })}</>}
        </Link>
      )}
      <Push />
      {late && (
        <span className={classes.late}>
          <Icon name="clock" size={13} /> {t('flights.late', { flight: `\u2068${designator(late)}\u2069`, span: span(now - Date.parse(late.departure ?? ''), t) })}
        </span>
      )}
    </Summary>
  )
}

function useColumns(now: number, home: string[], mine: Map<string, number>): Column<Row>[] {
  const { t } = useTranslation()
  const speech = useSpeech()
  const count = (level: Level) => ({
    id: level,
    head: t(`severityTitle.${level}`),
    cell: ({ flight }: Row) => {
      const people = flight.severities?.[level] ?? 0
      return people > 0 ? (
        <Severity level={level}>
          <Changed value={people}>{number(people, speech)}</Changed>
        </Severity>
      ) : (
        <Dot />
      )
    },
  })
  return [
    {
      id: 'way',
      head: <span className="unseen">{t('flights.way')}</span>,
      cell: ({ flight }) =>
        flight.direction === 'arrival' || flight.direction === 'departure' ? (
          <Icon name={flight.direction === 'arrival' ? 'landing' : 'takeoff'} size={15} label={t(`flights.${flight.direction}`)} />
        ) : null,
    },
    {
      id: 'flight',
      head: t('flights.flight'),
      cell: ({ flight }) => (
        <Link to="/flights/$id" params={{ id: flight.id }} className={classes.name} tabIndex={-1} title={flight.codeshares?.join(', ')}>
          <Code strong>{designator(flight)}</Code>
        </Link>
      ),
    },
    {
      id: 'route',
      head: t('flights.route'),
      cell: ({ flight }) => (
        <span className={classes.route}>
          <Route from={flight.from} to={flight.to} strong={otherEnd(flight, home)} /> <Direction flight={flight} end={otherEnd(flight, home)} />
        </span>
      ),
    },
    {
      id: 'departs',
      head: t('flights.departs'),
      numeric: true,
      cell: ({ flight }) => (
        <span className={home.includes(flight.from) ? classes.home : classes.away} title={utc(flight.departure)}>
          {localClock(flight.departure_local, speech)}
        </span>
      ),
    },
    {
      id: 'arrives',
      head: t('flights.arrives'),
      numeric: true,
      cell: ({ flight }) => {
        const days = daysBetween(flight.departure_local, flight.arrival_local)
        return (
          <span className={home.includes(flight.to) ? classes.home : classes.away} title={utc(flight.arrival)}>
            <bdi dir="ltr">
              {localClock(flight.arrival_local, speech)}
              {days !== 0 && <sup>{days > 0 ? `+${days}` : `−${-days}`}</sup>}
            </bdi>
          </span>
        )
      },
    },
    { id: 'state', head: t('flights.state'), cell: ({ flight }) => <Changed value={phase(flight, now)}>{t(`phase.${phase(flight, now)}`)}</Changed> },
    {
      id: 'milestone',
      head: '',
      cell: ({ flight }) => (flight.status === 'cancelled' ? null : <span className={classes.quiet}>{t(`milestone.${milestone(flight, now).kind}`)}</span>),
    },
    {
      id: 'left',
      head: (
        <>
          {t('flights.left')} <Icon name="chevron" size={10} />
        </>
      ),
      numeric: true,
      cell: ({ flight }) => <TimeToGo at={milestone(flight, now).at} now={now} />,
    },
    { id: 'pax', head: t('flights.pax'), numeric: true, cell: ({ flight }) => <Changed value={flight.passengers}>{number(flight.passengers, speech)}</Changed> },
    { id: 'crew', head: t('flights.crew'), numeric: true, cell: ({ flight }) => (flight.crew > 0 ? number(flight.crew, speech) : <Dot />) },
    { id: 'api', head: t('flights.api'), cell: ({ flight }) => <Completeness part={flight.api} flight={flight} now={now} /> },
    { id: 'pnr', head: t('flights.pnr'), cell: ({ flight }) => <Completeness part={flight.pnr} flight={flight} now={now} pushes /> },
    ...severities.map(count),
    {
      id: 'cases',
      head: t('flights.cases'),
      cell: ({ flight }) =>
        flight.cases > 0 ? (
          <>
            <Changed value={flight.cases}>{t('flights.open', { count: flight.cases })}</Changed>
            {mine.has(flight.id) && <span className={classes.quiet}>{t('list.comma')}{t('flights.yours', { count: mine.get(flight.id) })}</span>}
          </>
        ) : null,
    },
  ]
}

const utc = (at: string | undefined) => (at ? `${at.slice(11, 16)} UTC` : undefined)
