import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useReports } from '../../api/queries'
import type { Report } from '../../api/types'
import { domainsOf, useHome, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { reportsRoute } from '../../app/router'
import { number } from '../../format/time'
import { Choose, Push, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { Answer, Empty, NoMatch } from '../../ui/Faces'
import { Code, Cut, Instant } from '../../ui/parts'
import { ReportDesk } from './ReportDesk'
import classes from './ReportsPage.module.css'

const states = ['all', 'quarantined', 'partial', 'received', 'processed']

export function ReportsPage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { id } = reportsRoute.useParams()
  const search = reportsRoute.useSearch()
  const navigate = useNavigate({ from: '/reports/{-$id}' })
  const state = search.state && states.includes(search.state) ? search.state : 'all'
  const { role } = useHome()
  const mine = domainsOf(role)
  const domain = mine.length > 1 ? (mine.find((one) => one === search.domain) ?? mine[0]) : undefined
  const asked = useReports({ state: state === 'all' || state === 'partial' ? undefined : state, filer: search.filer, format: search.format })
  // What could not be read yet belongs to no domain, and is everybody's.
  const reports = { ...asked, data: useMemo(() => (domain ? asked.data?.filter((one) => !one.domain || one.domain === domain) : asked.data), [asked.data, domain]) }
  const shown = useMemo(
    () => [...(reports.data ?? [])].filter((one) => state !== 'partial' || one.partial).sort((a, b) => b.received.localeCompare(a.received)),
    [reports.data, state],
  )
  const filers = [...new Set([search.filer, ...(reports.data ?? []).map((one) => one.filer)].filter((one): one is string => !!one))].sort()
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  const open = (next: string | undefined) =>
    void navigate({ params: { id: next }, search: (was) => ({ ...was, segment: undefined }), replace: id !== undefined && next !== undefined })
  const at = shown.findIndex((one) => one.id === id)
  const move = (step: 1 | -1) => () => {
    const next = shown[at < 0 ? (step > 0 ? 0 : shown.length - 1) : Math.min(Math.max(at + step, 0), shown.length - 1)]
    if (next) open(next.id)
  }
  useKeys({ 'list.next': move(1), 'list.previous': move(-1), 'list.back': () => (id ? open(undefined) : void navigate({ to: '/' })) })
  useEffect(() => {
    document.title = `${t('place.reports')} · Rihla`
  }, [t])
  return (
    <div className={`${desk.desk} ${classes.desk}`} data-item={id !== undefined || undefined}>
      <section className={desk.list} aria-label={t('place.reports')}>
        <Toolbar title={t('place.reports')}>
          <span className={desk.count}>{number(shown.length, speech)}</span>
          <Push />
          <Choose label={t('reports.state')} value={state} active={state !== 'all'} onChange={(value) => set({ state: value === 'all' ? undefined : value })} options={states.map((value) => ({ value, label: t(`reports.states.${value}`) }))} />
        </Toolbar>
        {filers.length > 1 && (
          <div className={classes.filters}>
            <Choose label={t('reports.filer')} value={search.filer ?? ''} active={!!search.filer} onChange={(filer) => set({ filer: filer || undefined })} options={[{ value: '', label: t('reports.anyFiler') }, ...filers.map((value) => ({ value, label: value }))]} />
          </div>
        )}
        <Answer of={reports} rows={10}>
          {(all) =>
            shown.length > 0 ? (
              <ul className={desk.items} data-test="reports">
                {shown.map((one) => (
                  <Item key={one.id} one={one} chosen={one.id === id} onOpen={() => open(one.id)} />
                ))}
              </ul>
            ) : all.length === 0 && state === 'all' && !search.filer ? (
              <Empty>{t('reports.empty')}</Empty>
            ) : (
              <NoMatch filters={[t(`reports.states.${state}`), search.filer ?? ''].filter(Boolean)} onClear={() => set({ state: undefined, filer: undefined, format: undefined })} />
            )
          }
        </Answer>
        <p className={desk.footNote}>
          <strong>{t('reports.sealedTitle')}</strong>
          {t('reports.sealed')}
        </p>
      </section>
      {id === undefined ? (
        <section className={desk.middle}>
          <Empty>{t('reports.choose')}</Empty>
        </section>
      ) : (
        <ReportDesk key={id} id={id} segment={search.segment ? Number(search.segment) : undefined} />
      )}
    </div>
  )
}

function Item({ one, chosen, onOpen }: { one: Report; chosen: boolean; onOpen: () => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const element = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const place = one.error && [one.error.segment !== undefined && t('reports.segment', { at: one.error.segment }), one.error.tag].filter(Boolean).join(t('list.comma'))
  return (
    <li ref={element}>
      <a
        className={`${desk.item} ${classes.item}`}
        href={`/reports/${one.id}`}
        data-chosen={chosen || undefined}
        aria-current={chosen || undefined}
        data-test="report"
        data-key={one.id}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey) return
          event.preventDefault()
          onOpen()
        }}
      >
        <span>
          <bdi className={classes.filer}>{one.filer}</bdi> <Code>{(one.format ?? '').toUpperCase()}</Code>
        </span>
        <span className={desk.end}>
          <Instant at={one.received} />
        </span>
        <span className={one.error ? classes.fault : classes.quiet}>{one.error ? <Cut title={one.error.message}>{one.error.message}</Cut> : t('reports.messages', { count: one.messages ?? 0 })}</span>
        <span className={desk.end}>{one.size !== undefined && t('reports.bytes', { count: one.size, bytes: number(one.size, speech) })}</span>
        <span className={classes.quiet}>{place || <bdi>{one.gate && t(`gate.${one.gate}`, { defaultValue: one.gate })}</bdi>}</span>
        <span className={`${desk.end} ${one.state === 'quarantined' && !one.mended_by ? desk.strong : ''}`}>
          {one.mended_by ? t('reports.mended') : one.partial ? t('reports.states.partial') : t(`reports.states.${one.state}`)}
        </span>
      </a>
    </li>
  )
}
