import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Incident, type IncidentState, useIncidents } from '../../api/cyber'
import { useHome, useNow, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { useRested } from '../../app/rested'
import { incidentsRoute } from '../../app/router'
import { byways, byWorst, columns, levelOf, runs } from '../../format/cyber'
import { number } from '../../format/time'
import { Choose, Find, Push, Toggle, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { Answer, Empty, NoMatch } from '../../ui/Faces'
import { Fresh } from '../../ui/Fresh'
import { StatusNote } from '../../ui/Grid'
import { useHeld } from '../../ui/held'
import { Icon } from '../../ui/Icon'
import { Act, Code } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import classes from './cyber.module.css'
import { NewIncident } from './NewIncident'
import { ClockLine, incidentName, Light } from './parts'

const idOf = (one: { id: string }) => one.id

/** The board: a column a state, the worst on top, and on each card the legal clock that runs out first. */
export function IncidentsPage() {
  const search = incidentsRoute.useSearch()
  return search.act === 'new' ? <NewIncident /> : <Board />
}

function Board() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const search = incidentsRoute.useSearch()
  const navigate = useNavigate({ from: '/cyber/incidents' })
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  const [text, setText] = useState(search.q ?? '')
  const q = useRested(text.trim())
  const over = search.which === 'closed'
  const asked = useIncidents({ ...(over ? { state: 'closed' } : { open: true }), severity: Number(search.severity) || undefined, owner: search.mine ? 'me' : undefined, q: q || undefined })
  const sorted = useMemo(() => asked.data && [...asked.data].sort(byWorst), [asked.data])
  const held = useHeld(sorted, idOf, JSON.stringify({ ...search, at: undefined, q }))
  const shownStates: IncidentState[] = over ? ['closed'] : [...columns, ...byways.filter((state) => held.shown.some((one) => one.state === state))]
  const inOrder = shownStates.flatMap((state) => held.shown.filter((one) => one.state === state))
  const at = inOrder.findIndex((one) => one.id === search.at)
  const move = (step: 1 | -1) => () => {
    const next = inOrder[at < 0 ? (step > 0 ? 0 : inOrder.length - 1) : Math.min(Math.max(at + step, 0), inOrder.length - 1)]
    if (next) set({ at: next.id })
  }
  const may = role === 'responder' || role === 'supervisor'
  useKeys({
    'list.next': move(1),
    'list.previous': move(-1),
    ...(search.at ? { 'list.open': () => void navigate({ to: '/cyber/incidents/$id', params: { id: search.at ?? '' } }) } : {}),
    'list.back': () => void navigate({ to: '/' }),
  })
  useEffect(() => {
    document.title = `${t('place.incidents')} · Rihla`
  }, [t])
  const filters = [search.severity && t('cyber.atLeast', { word: t(`cyber.level.${search.severity}`) }), search.mine && t('cargo.mine'), q].filter((one): one is string => !!one)
  return (
    <>
      <Toolbar title={t('place.incidents')}>
        <span className={desk.count}>{number(held.shown.length, speech)}</span>
        <Choose label={t('cyber.which')} value={over ? 'closed' : ''} active={over} onChange={(which) => set({ which: which || undefined, at: undefined })} options={[{ value: '', label: t('cyber.open') }, { value: 'closed', label: t('cyber.state.closed') }]} />
        <Choose label={t('cyber.severityLabel')} value={search.severity ?? ''} active={!!search.severity} onChange={(severity) => set({ severity: severity || undefined })} options={[{ value: '', label: t('cyber.anySeverity') }, ...[1, 2, 3, 4, 5].map((value) => ({ value: String(value), label: t('cyber.atLeast', { word: t(`cyber.level.${value}`) }) }))]} />
        <Toggle pressed={!!search.mine} onChange={(on) => set({ mine: on ? '1' : undefined })}>
          {t('cargo.mine')}
        </Toggle>
        <Find label={t('cyber.findIncident')} value={text} onChange={setText} />
        <Push />
        <Fresh count={held.fresh} onRelease={held.release} />
        {may && (
          <Act icon="plus" onClick={() => set({ act: 'new' })} data-test="new-incident">
            {t('cyber.newIncident')}
          </Act>
        )}
      </Toolbar>
      <Answer of={asked} rows={12}>
        {(all) =>
          all.length === 0 ? (
            filters.length > 0 ? (
              <NoMatch filters={filters} onClear={() => { setText(''); set({ severity: undefined, mine: undefined }) }} />
            ) : (
              <Empty act={may && !over && <Act onClick={() => set({ act: 'new' })}>{t('cyber.newIncident')}</Act>}>{t(over ? 'cyber.noneClosed' : 'cyber.noIncidents')}</Empty>
            )
          ) : (
            <div className={classes.board} data-test="board" role="region" aria-label={t('cyber.board')} tabIndex={0}>
              {shownStates.map((state) => {
                const here = held.shown.filter((one) => one.state === state)
                return (
                  <section key={state} className={classes.column} aria-label={t(`cyber.state.${state}`)}>
                    <h2>
                      {t(`cyber.state.${state}`)} <span className={desk.count}>{number(here.length, speech)}</span>
                    </h2>
                    <ul>
                      {here.map((one) => (
                        <li key={one.id}>
                          <Card one={one} chosen={one.id === search.at} />
                        </li>
                      ))}
                    </ul>
                  </section>
                )
              })}
            </div>
          )
        }
      </Answer>
      <StatusNote>{t('cyber.boardNote')}</StatusNote>
    </>
  )
}

function Card({ one, chosen }: { one: Incident; chosen: boolean }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const now = useNow(1000)
  const { me } = useHome()
  const element = useRef<HTMLAnchorElement>(null)
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [chosen])
  const [clock] = (one.clocks ?? []).filter(runs).sort((a, b) => Date.parse(a.due) - Date.parse(b.due))
  const level = levelOf(one.severity.level)
  return (
    <Link ref={element} to="/cyber/incidents/$id" params={{ id: one.id }} className={classes.card} data-level={level} data-chosen={chosen || undefined} data-test="incident-card" data-key={one.id}>
      <p>
        <Severity level={level} /> <span className={classes.quiet}>{t(`cyber.word.${one.severity.word}`)}</span> <Code quiet>{incidentName(one.number)}</Code>
      </p>
      <bdi className={classes.title}>{one.title}</bdi>
      <p className={classes.quiet}>
        <bdi>{one.filer}</bdi>
        {one.joint && <Icon name="both" size={13} label={t('cyber.joint')} />}
      </p>
      {clock && <ClockLine of={clock} now={now} />}
      <p>
        <Light of={one.tlp} />
        {one.tasks_open > 0 && <span className={classes.quiet}>{t('cyber.tasksOpen', { count: one.tasks_open, tasks: number(one.tasks_open, speech) })}</span>}
        <span className={one.owner === me ? desk.strong : classes.quiet}>{one.owner === me ? t('queue.you') : one.owner ? <bdi>{one.owner}</bdi> : t('cyber.nobody')}</span>
      </p>
    </Link>
  )
}
