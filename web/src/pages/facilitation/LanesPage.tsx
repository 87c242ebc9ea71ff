import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Hall, type Lane, type PerLane, type Quarter, type Saved, useFlightLanes, useHallArrivals, useHalls, useSaved } from '../../api/facilitation'
import { useHome, useNow, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { lanesRoute } from '../../app/router'
import { evenly, hallNamed, minutes, perLane, shortOf, weekOf } from '../../format/hall'
import { city } from '../../format/places'
import { digits, number } from '../../format/time'
import { Choose, Push, Segments, Toolbar } from '../../ui/bars'
import { Answer, Empty } from '../../ui/Faces'
import { StatusNote } from '../../ui/Grid'
import { Code, Cut, Day, Instant, Tag } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import classes from './facilitation.module.css'
import { HallPicture } from './HallPicture'

/** A day at an airport: how many were expected and came, in which lanes and how long they waited; and what the lanes saved. */
export function LanesPage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { airports, zone } = useHome()
  const search = lanesRoute.useSearch()
  const navigate = useNavigate({ from: '/facilitation/lanes' })
  const now = useNow(60_000)
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  const airport = search.airport ?? airports[0] ?? ''
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(now)
  const date = search.day ?? today
  const halls = useHalls(airport, date)
  const arrivals = useHallArrivals(airport, date)
  const [at, setAt] = useState<string>()
  const hall = hallNamed(halls.data?.halls ?? [], search.hall)
  const step = (days: number) => {
    const next = new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
    set({ day: next === today ? undefined : next, flight: undefined })
  }
  const flights = (arrivals.data ?? []).filter((one) => !hall || !one.hall || one.hall === hall.hall)
  const chosen = flights.findIndex((one) => one.id === search.flight)
  const move = (by: 1 | -1) => () => {
    const next = flights[chosen < 0 ? (by > 0 ? 0 : flights.length - 1) : Math.min(Math.max(chosen + by, 0), flights.length - 1)]
    if (next) set({ flight: next.id })
  }
  useKeys({ 'list.next': move(1), 'list.previous': move(-1), 'list.back': () => (search.flight ? set({ flight: undefined }) : void navigate({ to: '/' })) })
  useEffect(() => {
    document.title = `${t('place.lanes')} · Rihla`
  }, [t])
  return (
    <>
      <Toolbar title={t('place.lanes')}>
        {airports.length > 1 ? <Choose label={t('lanes.airport')} value={airport} onChange={(value) => set({ airport: value, hall: undefined, flight: undefined })} options={airports.map((value) => ({ value, label: `${value} ${city(value, speech.language) ?? ''}` }))} /> : <Code strong>{airport}</Code>}
        {(halls.data?.halls.length ?? 0) > 1 && hall && <Segments label={t('lanes.hall')} value={hall.hall} onChange={(value) => set({ hall: value })} options={(halls.data?.halls ?? []).map((one) => ({ value: one.hall, label: <bdi>{t('lanes.hallNamed', { name: one.hall })}</bdi> }))} />}
        <Push />
        <button type="button" className={classes.link} onClick={() => step(-1)} aria-label={t('lanes.dayBefore')}>
          ‹
        </button>
        <input type="date" className={classes.day} dir="ltr" aria-label={t('lanes.day')} value={date} onChange={(event) => event.target.value && set({ day: event.target.value === today ? undefined : event.target.value })} data-test="lanes-day" />
        <button type="button" className={classes.link} onClick={() => step(1)} aria-label={t('lanes.dayAfter')}>
          ›
        </button>
      </Toolbar>
      <div className={classes.scroller}>
        <SavedPart airport={airport} week={weekOf(date)} />
        <Answer of={halls} rows={8}>
          {(day) =>
            day.halls.length === 0 || !hall ? (
              <Empty>{t('lanes.nobody')}</Empty>
            ) : (
              <>
                <Part title={t('lanes.load', { name: `\u2068${hall.hall}\u2069` })} note={t('lanes.loadNote', { expected: number(Math.round(hall.expected), speech), came: number(hall.came, speech) })}>
                  <HallPicture hall={hall} zone={day.zone} now={Date.parse(day.now)} chosen={at} onChoose={setAt} />
                </Part>
                <div className={classes.halls}>
                  <Part title={t('lanes.byLane')} note={<Goal hall={hall} />}>
                    <ByLane hall={hall} />
                  </Part>
                  <Part title={t('lanes.byQuarter')} note={t('lanes.waitNote')}>
                    <Quarters of={evenly(hall.quarters)} zone={day.zone} chosen={at} onChoose={setAt} />
                  </Part>
                </div>
              </>
            )
          }
        </Answer>
        <Part title={t('lanes.flights')} note={t('lanes.flightsNote')}>
          <Answer of={arrivals} rows={4}>
            {() =>
              flights.length === 0 ? (
                <p className={classes.quiet}>{t('lanes.noFlights')}</p>
              ) : (
                <table className={classes.table} data-test="hall-arrivals">
                  <thead>
                    <tr>
                      <th scope="col">{t('lanes.flight')}</th>
                      <th scope="col">{t('lanes.from')}</th>
                      <th scope="col">{t('lanes.lands')}</th>
                      <th scope="col" className={classes.num}>{t('lanes.people')}</th>
                      <th scope="col">{t('lanes.split')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {flights.map((one) => (
                      <tr key={one.id} className={classes.row} data-chosen={one.id === search.flight || undefined} onClick={() => set({ flight: one.id === search.flight ? undefined : one.id })} data-test="hall-flight" data-key={one.id}>
                        <td>
                          <button type="button" className={classes.link} aria-expanded={one.id === search.flight}>
                            <Code>{one.flight}</Code>
                          </button>
                        </td>
                        <td>
                          <Code>{one.from}</Code> {city(one.from, speech.language)}
                        </td>
                        <td>
                          <Instant at={one.on_block ?? one.estimated ?? one.scheduled} zone={halls.data?.zone} /> <span className={classes.quiet}>{t(one.on_block ? 'lanes.onBlock' : one.estimated ? 'lanes.estimated' : 'lanes.scheduled')}</span>
                        </td>
                        <td className={classes.num}>{number(one.passengers, speech)}</td>
                        <td>
                          <Split of={one.lanes} />
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              )
            }
          </Answer>
        </Part>
        {search.flight && <People id={search.flight} />}
      </div>
      <StatusNote>{t('lanes.counts')}</StatusNote>
    </>
  )
}

export function LaneName({ of }: { of: Lane }) {
  const { t } = useTranslation()
  return (
    <span className={classes.lane} data-lane={of}>
      {t(`lanes.lane.${of}`, { defaultValue: of })}
    </span>
  )
}

/** How a flight's people part: a bar, and the figures in words. */
function Split({ of }: { of: PerLane<number> }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const parts = perLane(of)
  return (
    <span className={classes.facts}>
      {parts.map(({ lane, count }) => (
        <span key={lane} className={classes.lane} data-lane={lane}>
          {t(`lanes.lane.${lane}`)} {number(count, speech)}
        </span>
      ))}
    </span>
  )
}

function Goal({ hall }: { hall: Hall }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  if (hall.goal.of === 0) return null
  const share = Math.floor(hall.goal.share * 1000) / 10
  return (
    <span className={share < 95 ? classes.over : undefined} data-test="goal">
      {t('lanes.goal', { share: digits(share.toFixed(1), speech), minutes: number(hall.goal.goal_minutes, speech), people: number(hall.goal.of, speech) })}
    </span>
  )
}

const time = (seconds: number, count: number) => (count === 0 ? '–' : minutes(seconds))

function ByLane({ hall }: { hall: Hall }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  return (
    <table className={classes.table} data-test="by-lane">
      <thead>
        <tr>
          <th scope="col">{t('lanes.laneLabel')}</th>
          <th scope="col" className={classes.num}>{t('lanes.expected')}</th>
          <th scope="col" className={classes.num}>{t('lanes.came')}</th>
          <th scope="col" className={classes.num}>{t('lanes.wait50')}</th>
          <th scope="col" className={classes.num}>{t('lanes.wait95')}</th>
          <th scope="col" className={classes.num}>{t('lanes.service')}</th>
          <th scope="col" className={classes.num}>{t('lanes.referred')}</th>
          <th scope="col" className={classes.num}>{t('lanes.perDeskHour')}</th>
        </tr>
      </thead>
      <tbody>
        {hall.lanes.map((one) => (
          <tr key={one.lane}>
            <td><LaneName of={one.lane} /></td>
            <td className={classes.num}>{number(Math.round(one.expected), speech)}</td>
            <td className={classes.num}>{number(one.came, speech)}</td>
            <td className={classes.num}><bdi dir="ltr">{digits(time(one.wait.p50_s, one.wait.count), speech)}</bdi></td>
            <td className={classes.num}><bdi dir="ltr">{digits(time(one.wait.p95_s, one.wait.count), speech)}</bdi></td>
            <td className={classes.num}><bdi dir="ltr">{digits(time(one.service.p50_s, one.service.count), speech)}</bdi></td>
            <td className={classes.num}>{number(one.referred, speech)}</td>
            <td className={classes.num}>{one.desk_hours > 0 ? digits(one.per_desk_hour.toFixed(1), speech) : '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Quarters({ of, zone, chosen, onChoose }: { of: Quarter[]; zone: string; chosen?: string; onChoose: (quarter: string | undefined) => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  return (
    <div className={classes.quarters} tabIndex={0} role="region" aria-label={t('lanes.byQuarter')}>
      <table className={classes.table} data-test="by-quarter">
        <thead>
          <tr>
            <th scope="col">{t('lanes.quarter')}</th>
            <th scope="col" className={classes.num}>{t('lanes.expected')}</th>
            <th scope="col" className={classes.num}>{t('lanes.came')}</th>
            <th scope="col" className={classes.num}>{t('lanes.wait95')}</th>
            <th scope="col">{t('lanes.desks')}</th>
          </tr>
        </thead>
        <tbody>
          {of.map((one) => {
            const short = shortOf(one)
            return (
              <tr key={one.quarter} className={classes.row} data-chosen={one.quarter === chosen || undefined} onClick={() => onChoose(one.quarter === chosen ? undefined : one.quarter)}>
                <td><Instant at={one.quarter} zone={zone} /></td>
                <td className={classes.num}>
                  {number(Math.round(one.expected.total), speech)} <span className={classes.quiet}><bdi dir="ltr">{`${number(Math.floor(one.expected.low), speech)}–${number(Math.ceil(one.expected.high), speech)}`}</bdi></span>
                </td>
                <td className={classes.num}>{number(one.came, speech)}</td>
                <td className={classes.num}><bdi dir="ltr">{digits(time(one.wait.p95_s, one.wait.count), speech)}</bdi></td>
                <td>
                  {perLane(one.hint).map(({ lane, count }) => (
                    <span key={lane} className={short.includes(lane) ? classes.over : classes.quiet}>
                      {t('lanes.openOf', { lane: t(`lanes.lane.${lane}`), open: number(one.open?.[lane] ?? 0, speech), needed: number(count, speech) })}{' '}
                    </span>
                  ))}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function SavedPart({ airport, week }: { airport: string; week: string }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const saved = useSaved(airport, week)
  // A true minus, and no dash between figures that may have one.
  const figure = (value: number, places: number) => digits(value.toFixed(places).replace('-', '−'), speech)
  const band = (of: Saved['hours'], places: number) => `${figure(of.low, places)} … ${figure(of.high, places)}`
  return (
    <Part title={t('lanes.savedTitle', { week: `\u2066${week}\u2069` })} note={saved.data && saved.data.travellers > 0 && t('lanes.replays', { count: saved.data.replays, replays: number(saved.data.replays, speech), measured: number(saved.data.measured_service, speech) })}>
      <Answer of={saved} rows={1}>
        {(one) =>
          one.travellers === 0 ? (
            <p className={classes.quiet} data-test="saved-none">{t('lanes.savedNothing')}</p>
          ) : (
            <>
              {one.hours.high < 0 && <p className={classes.over}>{t('lanes.cost')}</p>}
              <dl className={classes.saved} data-test="saved">
                <div>
                  <dt>{t('lanes.each')}</dt>
                  <dd>
                    <bdi dir="ltr">{figure(one.minutes_each.mean, 1)}</bdi> {t('lanes.min')}
                    <small><bdi dir="ltr">{band(one.minutes_each, 1)}</bdi></small>
                  </dd>
                </div>
                <div>
                  <dt>{t('lanes.allTogether')}</dt>
                  <dd>
                    <bdi dir="ltr">{figure(one.hours.mean, 0)}</bdi> {t('lanes.hours')}
                    <small><bdi dir="ltr">{band(one.hours, 0)}</bdi></small>
                  </dd>
                </div>
                <div>
                  <dt>{t('lanes.asItWas')}</dt>
                  <dd>
                    <bdi dir="ltr">{digits(one.actual_minutes.toFixed(1), speech)}</bdi> {t('lanes.min')}
                    <small>{t('lanes.staffedOnly', { minutes: digits(one.staffed_minutes.toFixed(1), speech) })}</small>
                  </dd>
                </div>
                <div>
                  <dt>{t('lanes.travellers')}</dt>
                  <dd>
                    {number(one.travellers, speech)}
                    <small>{t('lanes.fast', { fast: number(one.fast, speech) })}</small>
                  </dd>
                </div>
                <div>
                  <dt>{t('lanes.deskHours')}</dt>
                  <dd>{number(Math.round(one.desk_hours), speech)}</dd>
                </div>
              </dl>
            </>
          )
        }
      </Answer>
    </Part>
  )
}

/** Each passenger of a flight, with their lane and why; the first reason may be said to them. */
function People({ id }: { id: string }) {
  const { t } = useTranslation()
  const file = useFlightLanes(id)
  return (
    <Part title={t('lanes.peopleTitle')} note={t('lanes.firstSaid')}>
      <Answer of={file} rows={6}>
        {(known) => (
          <table className={classes.table} data-test="flight-lanes">
            <caption className="unseen">{known.flight}</caption>
            <thead>
              <tr>
                <th scope="col">{t('lanes.passenger')}</th>
                <th scope="col">{t('lanes.laneLabel')}</th>
                <th scope="col">{t('lanes.why')}</th>
                <th scope="col">{t('lanes.usedLabel')}</th>
              </tr>
            </thead>
            <tbody>
              {known.items.map((one) => (
                <tr key={one.passenger} data-lane={one.lane}>
                  <td>
                    <Link to="/people/$id" params={{ id: one.passenger }} className={classes.link}>
                      <Cut>{one.name}</Cut>
                    </Link>
                  </td>
                  <td><LaneName of={one.lane} /></td>
                  <td>
                    {one.reasons.map((code, at) => (
                      <span key={code} className={at > 0 ? classes.quiet : undefined}>
                        {at > 0 && t('list.comma')}
                        {t(`lanes.reason.${code}`, { defaultValue: code })}
                      </span>
                    ))}{' '}
                    {one.draw && <Code quiet>{one.draw}</Code>}
                  </td>
                  <td>
                    {one.used && <LaneName of={one.used} />} {one.result && <Tag tone={one.result === 'referred' ? 'medium' : 'plain'}>{t(`lanes.result.${one.result}`)}</Tag>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Answer>
      <p className={classes.note}>
        <Link to="/flights/$id" params={{ id }} className={classes.link}>{t('lanes.manifest')}</Link> <Day of={file.data?.date} />
      </p>
    </Part>
  )
}
