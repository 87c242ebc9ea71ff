import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Indicator, useIndicators } from '../../api/cyber'
import { address } from '../../api/client'
import { useHome, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { useRested } from '../../app/rested'
import { indicatorsRoute } from '../../app/router'
import { indicatorKinds, indicatorStates } from '../../format/cyber'
import { number } from '../../format/time'
import { Choose, Find, Push, Toggle, Toolbar } from '../../ui/bars'
import { Answer, Empty, NoMatch } from '../../ui/Faces'
import { Fresh } from '../../ui/Fresh'
import { type Column, Grid } from '../../ui/Grid'
import { useHeld } from '../../ui/held'
import { Icon } from '../../ui/Icon'
import { Act, Changed, Code, Cut, Day, Dot, Instant } from '../../ui/parts'
import classes from './cyber.module.css'
import { CheckPane } from './CheckPane'
import { IndicatorPane } from './IndicatorPane'
import { NewIndicatorPane } from './NewIndicatorPane'
import { IndicatorTag, Light } from './parts'

const idOf = (one: { id: string }) => one.id

/** Indicators, what was changed last first; beside them the one that is open, a new one, or a pasted lot of values. */
export function IndicatorsPage() {
  const { t } = useTranslation()
  const { role } = useHome()
  const { id } = indicatorsRoute.useParams()
  const search = indicatorsRoute.useSearch()
  const navigate = useNavigate({ from: '/cyber/indicators/{-$id}' })
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  const open = (next: string | undefined) => void navigate({ params: { id: next }, search: (was) => ({ ...was, act: undefined }), replace: id !== undefined && next !== undefined })
  const [text, setText] = useState(search.q ?? '')
  const q = useRested(text.trim())
  useEffect(() => {
    if ((search.q ?? '') !== q) set({ q: q || undefined })
    // Only what was typed changes the address.
  }, [q])
  const asked = useIndicators({ q: q || undefined, kind: search.kind, state: search.state, source: search.source, sighted: search.sighted ? true : undefined })
  const held = useHeld(asked.data, idOf, JSON.stringify({ q, kind: search.kind, state: search.state, source: search.source, sighted: search.sighted }))
  const sources = useMemo(() => [...new Set([search.source, ...(asked.data ?? []).flatMap((one) => one.sources ?? [])].filter((one): one is string => !!one))].sort(), [asked.data, search.source])
  const may = role === 'responder' || role === 'supervisor'
  const opened = id !== undefined || search.act !== undefined
  useKeys({ 'list.back': () => (opened ? open(undefined) : void navigate({ to: '/' })) })
  useEffect(() => {
    document.title = `${t('place.indicators')} · Rihla`
  }, [t])
  const filters = [search.kind && t(`cyber.kind.${search.kind}`), search.state && t(`cyber.indicatorState.${search.state}`), search.source, search.sighted && t('cyber.sightedOnly'), q].filter((one): one is string => !!one)
  const columns = useColumns()
  return (
    <div className={classes.split} data-open={opened || undefined}>
      <section className={classes.list} aria-label={t('place.indicators')}>
        <Toolbar title={t('place.indicators')}>
          <Find label={t('cyber.find')} value={text} onChange={setText} />
          <Choose label={t('cyber.kindLabel')} value={search.kind ?? ''} active={!!search.kind} onChange={(kind) => set({ kind: kind || undefined })} options={[{ value: '', label: t('cyber.anyKind') }, ...indicatorKinds.map((value) => ({ value, label: t(`cyber.kind.${value}`) }))]} />
          <Choose label={t('cyber.stateLabel')} value={search.state ?? ''} active={!!search.state} onChange={(state) => set({ state: state || undefined })} options={[{ value: '', label: t('cargo.anyState') }, ...indicatorStates.map((value) => ({ value, label: t(`cyber.indicatorState.${value}`) }))]} />
          {sources.length > 0 && !opened && <Choose label={t('cyber.source')} value={search.source ?? ''} active={!!search.source} onChange={(source) => set({ source: source || undefined })} options={[{ value: '', label: t('cyber.anySource') }, ...sources.map((value) => ({ value, label: value }))]} />}
          <Toggle pressed={!!search.sighted} onChange={(on) => set({ sighted: on ? '1' : undefined })}>
            {t('cyber.sightedOnly')}
          </Toggle>
          <Push />
          <Fresh count={held.fresh} onRelease={held.release} />
          {!opened && may && held.shown.length > 0 && (
            <a href={address('/cyber/indicators/export', { format: 'misp', q: q || undefined, kind: search.kind, state: search.state, source: search.source, sighted: search.sighted ? true : undefined })} download="indicators.misp.json" className={classes.link} data-test="export-misp">
              <Icon name="download" size={13} /> {t('cyber.exportMisp')}
            </a>
          )}
          {!opened && (
            <Act icon="search" onClick={() => set({ act: 'check' })} data-test="check-open">
              {t('cyber.check')}
            </Act>
          )}
          {may && !opened && (
            <Act icon="plus" onClick={() => set({ act: 'new' })} data-test="new-indicator">
              {t('cyber.add')}
            </Act>
          )}
        </Toolbar>
        <Answer of={asked} rows={20}>
          {(all) =>
            held.shown.length > 0 ? (
              <Grid label={t('place.indicators')} className={classes.rows} wide lines={held.shown.map((row) => ({ kind: 'row' as const, key: row.id, row }))} columns={columns} selected={id ?? search.at} onSelect={(at) => (id ? open(at) : set({ at }))} onOpen={open} />
            ) : all.length === 0 && filters.length === 0 ? (
              <Empty>{t('cyber.noIndicators')}</Empty>
            ) : (
              <NoMatch
                filters={filters}
                onClear={() => {
                  setText('')
                  set({ q: undefined, kind: undefined, state: undefined, source: undefined, sighted: undefined })
                }}
              />
            )
          }
        </Answer>
      </section>
      {opened && (
        <aside className={classes.pane}>
          {id !== undefined ? (
            <IndicatorPane key={id} id={id} may={may} onClose={() => open(undefined)} />
          ) : search.act === 'new' ? (
            <NewIndicatorPane onClose={() => set({ act: undefined })} onOpen={open} />
          ) : (
            <CheckPane onClose={() => set({ act: undefined })} onOpen={open} />
          )}
        </aside>
      )}
    </div>
  )
}

function useColumns(): Column<Indicator>[] {
  const { t } = useTranslation()
  const speech = useSpeech()
  return [
    { id: 'kind', head: t('cyber.kindLabel'), cell: (one) => t(`cyber.kind.${one.kind}`, { defaultValue: one.kind }) },
    { id: 'value', head: t('cyber.value'), cell: (one) => <Cut title={one.display}><Code strong>{one.display}</Code></Cut> },
    { id: 'state', head: t('cyber.stateLabel'), cell: (one) => <IndicatorTag state={one.state} /> },
    { id: 'name', head: t('cyber.name'), cell: (one) => <Cut title={one.names?.join(', ')}>{one.names?.join(t('list.comma')) ?? ''}</Cut> },
    { id: 'tlp', head: 'TLP', cell: (one) => <Light of={one.tlp} /> },
    { id: 'score', head: t('cyber.score'), numeric: true, cell: (one) => (one.state === 'refused' ? <Dot /> : <Changed value={one.score}>{number(one.score, speech)}</Changed>) },
    { id: 'sightings', head: t('cyber.sightings'), numeric: true, cell: (one) => (one.sightings > 0 ? <Changed value={one.sightings}>{number(one.sightings, speech)}</Changed> : <Dot />) },
    { id: 'places', head: t('cyber.places'), numeric: true, cell: (one) => (one.places > 0 ? number(one.places, speech) : <Dot />) },
    { id: 'until', head: t('cyber.until'), cell: (one) => (one.valid_until ? <Day of={one.valid_until.slice(0, 10)} /> : <Dot />) },
    { id: 'changed', head: t('cyber.changed'), cell: (one) => <Instant at={one.changed} dateToo /> },
  ]
}
