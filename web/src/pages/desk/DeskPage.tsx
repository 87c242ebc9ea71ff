import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type DeskItem, type Status, useDesk, useEndOutage } from '../../api/desk'
import { useHome, useNow, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { deskRoute } from '../../app/router'
import { codeOf, worst } from '../../format/finding'
import { number } from '../../format/time'
import { Push, Segments, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer, Empty } from '../../ui/Faces'
import { useFindingTitle } from '../../ui/FindingCard'
import { Icon } from '../../ui/Icon'
import { Act, Code, Cut, Instant } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import { DeskFile } from './DeskFile'
import classes from './desk.module.css'
import { Outages } from './Outages'
import { Overrides } from './Overrides'
import { Countdown, FlightLine } from './parts'

const views = ['now', 'overrides', 'outages'] as const
type View = (typeof views)[number]

/** The officer's desk: whom carriers wait about, the nearest departure first, and everything needed to answer on one screen. */
export function DeskPage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { id } = deskRoute.useParams()
  const search = deskRoute.useSearch()
  const navigate = useNavigate({ from: '/desk/{-$id}' })
  const asked = useDesk()
  const items = asked.data?.items ?? []
  const view = views.find((one) => one === search.view) ?? 'now'
  const open = (next: string | undefined) => void navigate({ params: { id: next }, search: (was) => was, replace: id !== undefined && next !== undefined })
  const show = (next: View) => void navigate({ params: { id: undefined }, search: { view: next === 'now' ? undefined : next }, replace: true })
  const at = items.findIndex((one) => one.passenger.id === id)
  // Whoever was decided leaves the list; the next is the one that took the place.
  const place = useRef(0)
  if (at >= 0) place.current = at
  const move = (step: 1 | -1) => () => {
    const from = at >= 0 ? at + step : id === undefined ? (step > 0 ? 0 : items.length - 1) : place.current + (step > 0 ? 0 : -1)
    const next = items[Math.min(Math.max(from, 0), items.length - 1)]
    if (next) open(next.passenger.id)
  }
  useKeys(view === 'now' ? { 'list.next': move(1), 'list.previous': move(-1), 'list.back': () => (id ? open(undefined) : void navigate({ to: '/' })) } : { 'list.back': () => show('now') })
  useEffect(() => {
    document.title = `${items.length > 0 ? `(${items.length}) ` : ''}${t('place.desk')} · Rihla`
  }, [t, items.length])
  return (
    <>
      {asked.data?.status && <Banner status={asked.data.status} onOpen={() => show('outages')} />}
      <Toolbar title={t('place.desk')}>
        <Segments label={t('lists.show')} value={view} onChange={show} options={views.map((value) => ({ value, label: t(`desk.view.${value}`), count: value === 'now' ? number(items.length, speech) : undefined }))} />
        <Push />
        {view !== 'outages' && (
          <Act icon="warn" onClick={() => void navigate({ params: { id: undefined }, search: { view: 'outages', act: 'declare' } })} data-test="declare-outage">
            {t('desk.declare')}
          </Act>
        )}
      </Toolbar>
      {view === 'overrides' ? (
        <Overrides />
      ) : view === 'outages' ? (
        <Outages declaring={search.act === 'declare'} onDeclared={() => show('outages')} />
      ) : (
        <div className={`${desk.desk} ${classes.desk}`} data-item={id !== undefined || undefined} data-open={id !== undefined || undefined}>
          <section className={desk.list} aria-label={t('desk.view.now')}>
            <Answer of={asked} rows={8}>
              {(all) =>
                items.length === 0 ? (
                  <Empty>{t('desk.empty')}</Empty>
                ) : (
                  <ul className={desk.items} data-test="desk">
                    {items.map((one) => (
                      <Item key={one.passenger.id} one={one} chosen={one.passenger.id === id} onOpen={() => open(one.passenger.id)} />
                    ))}
                    {!!all.more && <li className={desk.footNote}>{t('desk.more', { count: all.more })}</li>}
                  </ul>
                )
              }
            </Answer>
          </section>
          {id === undefined ? (
            <section className={desk.middle}>
              <Empty>{t(items.length > 0 ? 'desk.choose' : 'desk.quiet')}</Empty>
            </section>
          ) : (
            <DeskFile key={id} id={id} item={items[at]} onNext={move(1)} more={items.length > 0} />
          )}
        </div>
      )}
    </>
  )
}

/** What is not as it should be, over everything: carriers act on it, so the desk must know first. */
function Banner({ status, onOpen }: { status: Status; onOpen: () => void }) {
  const { t } = useTranslation()
  const { role } = useHome()
  const end = useEndOutage()
  const outages = status.outages ?? []
  if (status.mode === 'normal' && outages.length === 0) return null
  return (
    <div className={classes.outage} role="status" data-mode={status.mode} data-test="outage-banner">
      <Icon name="warn" size={18} />
      <strong>{t(`desk.mode.${status.mode}`)}</strong>
      {status.since && (
        <span>
          {t('desk.since')} <Instant at={status.since} dateToo />
        </span>
      )}
      {(status.reasons ?? []).map((reason) => (
        <span key={reason}>{t(`desk.modeReason.${reason}`, { defaultValue: reason })}</span>
      ))}
      {outages.map((one) => (
        <span key={one.number}>
          <Code strong>{one.number}</Code> {t(`desk.cause.${one.cause}`)}
          {one.carrier && <> <Code>{one.carrier}</Code></>}
          {t('list.comma')}
          {t(`desk.scope.${one.scope}`, { defaultValue: one.scope })}
        </span>
      ))}
      <span className={classes.push} />
      <Act onClick={onOpen}>{t('desk.view.outages')}</Act>
      {outages.length === 1 && (role === 'officer' || role === 'supervisor') && (
        <Act disabled={end.isPending} onClick={() => end.mutate(outages[0]?.number ?? '')} data-test="end-outage">
          {t('desk.end', { number: `\u2066${outages[0]?.number ?? ''}\u2069` })}
        </Act>
      )}
      <ActFailed error={end.error} />
    </div>
  )
}

function Item({ one, chosen, onOpen }: { one: DeskItem; chosen: boolean; onOpen: () => void }) {
  const { t } = useTranslation()
  const now = useNow(1000)
  const title = useFindingTitle()
  const element = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const [first] = worst((one.findings ?? []).filter((finding) => !finding.withdrawn && !finding.dismissed))
  return (
    <li ref={element}>
      <a
        className={`${desk.item} ${classes.item}`}
        href={`/desk/${one.passenger.id}`}
        data-chosen={chosen || undefined}
        aria-current={chosen || undefined}
        data-test="desk-item"
        data-key={one.passenger.id}
        data-why={one.why}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey) return
          event.preventDefault()
          onOpen()
        }}
      >
        {one.case ? <Severity level={one.case.severity} /> : <Icon name={one.waiting ? 'warn' : 'clock'} size={13} />}
        <span className={desk.lines}>
          <span className={desk.line}>
            <span className={desk.title}>
              <Cut>{one.passenger.name}</Cut>
            </span>
            <Countdown departs={one.departs} now={now} />
          </span>
          <span className={desk.line}>
            <span className={desk.detail}>
              <FlightLine of={one.flight} />
            </span>
            <span className={desk.faint}>{one.passenger.role !== 'passenger' && t(`travels.${one.passenger.role}`)}</span>
          </span>
          <span className={desk.line}>
            <span className={classes.why} data-why={one.why}>
              {one.prepared ? t(`desk.fact.${one.prepared.fact}`, { defaultValue: one.prepared.fact }) : one.why === 'lacking' ? t('desk.why.lacking') : first && codeOf(first) ? <bdi>{title(first)}</bdi> : t(`desk.why.${one.why}`)}
            </span>
            {one.waiting && (
              <span className={classes.phone}>
                <Icon name="talk" size={13} /> {t('desk.phoneNow')}
              </span>
            )}
          </span>
        </span>
      </a>
    </li>
  )
}
