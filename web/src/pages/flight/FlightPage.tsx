import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useFlight, useManifest } from '../../api/queries'
import type { Flight, Traveller } from '../../api/types'
import { useNow, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { flightRoute } from '../../app/router'
import { designator, milestone } from '../../format/flight'
import { displayName, rank, severities } from '../../format/finding'
import { age, localClock, number } from '../../format/time'
import { Bar, Find, Push, Segments, Toolbar } from '../../ui/bars'
import { Answer, Empty, Failed, Loading, NoMatch } from '../../ui/Faces'
import { type Column, Grid, type Line } from '../../ui/Grid'
import { Changed, Code, Completeness, Cut, Day, Dot, Instant, Route, SourceMark, TimeToGo } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import classes from './FlightPage.module.css'
import { PassengerPane } from './PassengerPane'

const views = ['all', 'findings', 'pnr_only', 'crew'] as const
type View = (typeof views)[number]

const isCrew = (one: Traveller) => one.role === 'crew'
const belongs: Record<View, (one: Traveller) => boolean> = {
  all: (one) => !isCrew(one),
  findings: (one) => one.findings > 0,
  pnr_only: (one) => !isCrew(one) && !!one.sources && one.sources.includes('pnr') && !one.sources.includes('api'),
  crew: isCrew,
}

export function FlightPage() {
  const { id } = flightRoute.useParams()
  const flight = useFlight(id)
  const { t } = useTranslation()
  useEffect(() => {
    document.title = `${flight.data ? designator(flight.data) : t('place.flights')} · Rihla`
  }, [flight.data, t])
  return <Answer of={flight}>{(known) => <Manifest flight={known} />}</Answer>
}

function Manifest({ flight }: { flight: Flight }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const search = flightRoute.useSearch()
  const navigate = useNavigate({ from: '/flights/$id' })
  const manifest = useManifest(flight.id)
  const filter = useRef<HTMLInputElement>(null)
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  const view = (views as readonly string[]).includes(search.view ?? '') ? (search.view as View) : 'all'

  const people = useMemo(
    () => [...(manifest.data ?? [])].sort((a, b) => rank(a.severity) - rank(b.severity) || displayName(a).localeCompare(displayName(b))),
    [manifest.data],
  )
  const wanted = (search.q ?? '').trim().toLocaleUpperCase()
  const shown = people.filter(
    (one) =>
      belongs[view](one) &&
      (wanted === '' ||
        [one.surname, one.given, one.seat, one.reservation, one.nationality, ...(one.documents ?? []).map((document) => document.number)].some((text) =>
          text?.toLocaleUpperCase().includes(wanted),
        )),
  )
  const back = () => {
    if (search.p) set({ p: undefined })
    else void navigate({ to: '/flights', search: { at: flight.id } })
  }
  const chosen = shown.find((one) => one.id === search.p) ?? people.find((one) => one.id === search.p)
  useKeys({ 'list.back': back, 'list.filter': () => filter.current?.focus() })

  const lines: Line<Traveller>[] = shown.map((row) => ({ kind: 'row', key: row.id, row }))
  const columns = useColumns(flight)

  return (
    <>
      <Head flight={flight} />
      <div className={classes.split} data-open={search.p ? true : undefined}>
        <section className={classes.list} aria-label={t('flight.manifest')}>
          <Toolbar>
            <Segments
              label={t('flight.view')}
              value={view}
              onChange={(next) => set({ view: next === 'all' ? undefined : next })}
              options={views.map((value) => ({ value, label: t(`flight.views.${value}`), count: number(people.filter(belongs[value]).length, speech) }))}
            />
            <Push />
            <Find label={t('flight.filter')} value={search.q ?? ''} onChange={(q) => set({ q: q || undefined })} inputRef={filter} />
          </Toolbar>
          <Answer of={manifest} rows={26}>
            {(all) =>
              all.length === 0 ? (
                <Empty>{t('flight.empty')}</Empty>
              ) : shown.length === 0 ? (
                <NoMatch filters={[t(`flight.views.${view}`), search.q ?? ''].filter(Boolean)} onClear={() => set({ q: undefined, view: undefined })} />
              ) : (
                <Grid label={t('flight.manifest')} className={classes.manifest} lines={lines} columns={columns} selected={search.p} onSelect={(p) => set({ p })} onOpen={(p) => set({ p })} />
              )
            }
          </Answer>
        </section>
        <section className={classes.pane} aria-label={t('flight.person')}>
          {search.p ? (
            <PassengerPane id={search.p} place={chosen ? { at: shown.indexOf(chosen) + 1, of: shown.length } : undefined} onClose={() => set({ p: undefined })} />
          ) : manifest.error && !manifest.data ? (
            <Failed error={manifest.error} />
          ) : manifest.data ? (
            <Empty>{t('flight.choose')}</Empty>
          ) : (
            <Loading rows={8} />
          )}
        </section>
      </div>
    </>
  )
}

function Head({ flight }: { flight: Flight }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const now = useNow()
  const next = milestone(flight, now)
  return (
    <Toolbar title={<Code strong>{designator(flight)}</Code>}>
      <div className={classes.facts}>
        <Route from={flight.from} to={flight.to} strong="both" />
        <Day of={flight.date} weekday />
        <span>
          {t('flight.departs')} <strong>{localClock(flight.departure_local, speech)}</strong>
        </span>
        <span>
          {t('flight.arrives')} <strong>{localClock(flight.arrival_local, speech)}</strong>
        </span>
        {flight.status === 'cancelled' ? (
          <strong>{t('phase.cancelled')}</strong>
        ) : (
          <span>
            {t(`milestone.${next.kind}`)} <TimeToGo at={next.at} now={now} />
          </span>
        )}
        <Bar />
        <span className={classes.part}>
          API <Completeness part={flight.api} flight={flight} now={now} /> <Instant at={flight.api?.last} />
        </span>
        <span className={classes.part}>
          PNR <Completeness part={flight.pnr} flight={flight} now={now} /> {flight.pnr?.pushes !== undefined && t('flight.pushes', { count: flight.pnr.pushes })}
        </span>
        {flight.crew > 0 && (
          <span>
            {t('flight.crew')} <strong>{number(flight.crew, speech)}</strong>
          </span>
        )}
      </div>
      <Push />
      {severities.map((level) => {
        const count = flight.severities?.[level] ?? 0
        return count > 0 ? (
          <Severity key={level} level={level}>
            <Changed value={count}>{number(count, speech)}</Changed> {t(`severity.${level}`)}
          </Severity>
        ) : null
      })}
    </Toolbar>
  )
}

function useColumns(flight: Flight): Column<Traveller>[] {
  const { t } = useTranslation()
  const speech = useSpeech()
  return [
    {
      id: 'mark',
      head: <span className="unseen">{t('flight.severity')}</span>,
      cell: (one) => (one.severity ? <Severity level={one.severity} /> : null),
    },
    {
      id: 'name',
      head: t('flight.name'),
      cell: (one) => (
        <Cut title={displayName(one)}>
          <strong>{one.surname}</strong>
          {one.given && `, ${one.given}`}
        </Cut>
      ),
    },
    { id: 'sex', head: <span className="unseen">{t('flight.sex')}</span>, cell: (one) => (one.sex ? t(`sexShort.${one.sex}`, { defaultValue: one.sex }) : null) },
    {
      id: 'age',
      head: t('flight.age'),
      numeric: true,
      cell: (one) => {
        const years = age(one.born, flight.date)
        return years === undefined ? <Dot /> : number(years, speech)
      },
    },
    { id: 'nationality', head: t('flight.nationality'), cell: (one) => <Code>{one.nationality}</Code> },
    { id: 'document', head: t('flight.document'), cell: (one) => <Code quiet>{one.documents?.[0]?.number}</Code> },
    { id: 'seat', head: t('flight.seat'), numeric: true, cell: (one) => <Code>{one.seat}</Code> },
    { id: 'bags', head: t('flight.bags'), numeric: true, cell: (one) => (one.bags?.length ? number(one.bags.length, speech) : <Dot />) },
    { id: 'state', head: t('flight.state'), cell: (one) => <Changed value={one.status}>{one.status ? t(`status.${one.status}`, { defaultValue: one.status }) : null}</Changed> },
    {
      id: 'source',
      head: t('flight.source'),
      cell: (one) => (
        <span className={classes.sources}>
          <span>{one.sources?.includes('api') && <SourceMark source="api" />}</span>
          <span>{one.sources?.includes('pnr') && <SourceMark source="pnr" />}</span>
        </span>
      ),
    },
    {
      id: 'finding',
      head: t('flight.finding'),
      cell: (one) => (one.kinds?.length ? [...new Set(one.kinds)].map((kind) => t(`findingShort.${kind}`, { defaultValue: kind })).join(t('list.comma')) : one.findings > 0 ? t('flight.findings', { count: one.findings }) : null),
    },
  ]
}
