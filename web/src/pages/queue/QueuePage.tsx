import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useCases } from '../../api/queries'
import type { Case } from '../../api/types'
import { domainsOf, useHome, useNow, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { queueRoute } from '../../app/router'
import { caseNumber, rank, severities } from '../../format/finding'
import { number, roughly } from '../../format/time'
import { Choose, Push, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { Answer, Empty, NoMatch } from '../../ui/Faces'
import { StatusNote } from '../../ui/Grid'
import { Code, Cut, FlightContext } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import { CaseDesk } from './CaseDesk'

const until = (one: Case) => (one.until ? Date.parse(one.until) : Infinity)
const orders: Record<string, (a: Case, b: Case) => number> = {
  severity: (a, b) => rank(a.severity) - rank(b.severity) || until(a) - until(b) || Number(a.number) - Number(b.number),
  time: (a, b) => until(a) - until(b) || rank(a.severity) - rank(b.severity),
  newest: (a, b) => Date.parse(b.opened ?? '') - Date.parse(a.opened ?? ''),
}

export function QueuePage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { id } = queueRoute.useParams()
  const search = queueRoute.useSearch()
  const navigate = useNavigate({ from: '/queue/{-$id}' })
  const { role } = useHome()
  const which = search.which === 'closed' || search.which === 'answer' ? search.which : 'waiting'
  const asked = useCases(which)
  const mine = domainsOf(role)
  const domain = mine.length > 1 ? (mine.find((one) => one === search.domain) ?? mine[0]) : undefined
  const cases = { ...asked, data: useMemo(() => (domain ? asked.data?.filter((one) => one.domain === domain) : asked.data), [asked.data, domain]) }
  const order = orders[search.order ?? ''] ? (search.order ?? 'severity') : 'severity'
  const sorted = useMemo(
    () => [...(cases.data ?? [])].sort(orders[order]).filter((one) => !search.severity || one.severity === search.severity),
    [cases.data, order, search.severity],
  )
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  const open = (next: string | undefined) => void navigate({ params: { id: next }, search: (was) => was, replace: id !== undefined && next !== undefined })
  const at = sorted.findIndex((one) => one.id === id)
  const move = (step: 1 | -1) => () => {
    const next = sorted[at < 0 ? (step > 0 ? 0 : sorted.length - 1) : Math.min(Math.max(at + step, 0), sorted.length - 1)]
    if (next) open(next.id)
  }
  const goBack = () => void navigate({ to: '/' })
  useKeys({ 'list.next': move(1), 'list.previous': move(-1), 'list.back': () => (id ? open(undefined) : goBack()) })
  useEffect(() => {
    document.title = `${t('place.queue')} · Rihla`
  }, [t])

  return (
    <div className={desk.desk} data-item={id !== undefined || undefined} data-open={id !== undefined || undefined}>
      <section className={desk.list} aria-label={t('place.queue')}>
        <Toolbar title={t('place.queue')}>
          <span className={desk.count}>{number(sorted.length, speech)}</span>
          <Push />
          <Choose
            label={t('queue.order')}
            value={which === 'waiting' ? order : which}
            onChange={(value) => set(value === 'closed' || value === 'answer' ? { which: value, order: 'newest' } : { which: undefined, order: value === 'severity' ? undefined : value })}
            options={[...Object.keys(orders), 'answer', 'closed'].map((value) => ({ value, label: t(`queue.orders.${value}`) }))}
          />
        </Toolbar>
        <Answer of={cases} rows={8}>
          {(all) =>
            all.length === 0 ? (
              <Empty>{t(which === 'closed' ? 'queue.noneClosed' : which === 'answer' ? 'queue.noneWaiting' : 'queue.empty')}</Empty>
            ) : sorted.length === 0 ? (
              <NoMatch filters={severities.filter((level) => level === search.severity).map((level) => t(`severityTitle.${level}`))} onClear={() => set({ severity: undefined })} />
            ) : (
              <ul className={desk.items} data-test="queue">
                {sorted.map((one) => (
                  <Item key={one.id} one={one} chosen={one.id === id} onOpen={() => open(one.id)} />
                ))}
              </ul>
            )
          }
        </Answer>
      </section>
      {id === undefined ? (
        <section className={desk.middle}>
          <Empty>{t('queue.choose')}</Empty>
        </section>
      ) : (
        <CaseDesk key={id} id={id} />
      )}
      {sorted.length > 0 && <StatusNote>{t('queue.waiting', { count: sorted.length })}</StatusNote>}
    </div>
  )
}

function Item({ one, chosen, onOpen }: { one: Case; chosen: boolean; onOpen: () => void }) {
  const { t } = useTranslation()
  const now = useNow()
  const { me } = useHome()
  const element = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <li ref={element}>
      <a
        className={desk.item}
        href={`/queue/${one.id}`}
        data-chosen={chosen || undefined}
        aria-current={chosen || undefined}
        data-test="case"
        data-key={one.id}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey) return
          event.preventDefault()
          onOpen()
        }}
      >
        <Severity level={one.severity} />
        <span className={desk.lines}>
          <span className={desk.line}>
            <span className={desk.title}>
              <Cut title={one.title}>{one.title}</Cut>
            </span>
            <Code quiet>{caseNumber(one.number)}</Code>
          </span>
          <span className={desk.line}>
            <span className={desk.detail}>{one.kind ? t(`finding.${one.kind}`, { defaultValue: one.kind }) : t('queue.findings', { count: one.findings })}</span>
            <span className={one.claimed_by === me ? desk.strong : one.claimed_by ? desk.faint : desk.link}>
              {one.state === 'pending' || one.state === 'closed' || one.state === 'waiting' ? t(`caseState.${one.state}`) : one.claimed_by === me ? t('queue.you') : one.claimed_by ? <bdi>{one.claimed_by}</bdi> : t('queue.claim')}
            </span>
          </span>
          <span className={desk.line}>
            <span className={desk.detail}>
              <FlightContext of={one.context} dated={false} />
            </span>
            <span className={desk.faint}>{one.until && one.state !== 'closed' && roughly(Date.parse(one.until), now, t)}</span>
          </span>
        </span>
      </a>
    </li>
  )
}
