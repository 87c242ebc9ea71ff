import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type Thread, useAgreements, useThreads } from '../../api/exchange'
import { useHome, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { requestsRoute } from '../../app/router'
import { byUrgency, isOver, threadName, waitsHere } from '../../format/exchange'
import { number } from '../../format/time'
import { Choose, Push, Segments, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { Answer, Empty, NoMatch } from '../../ui/Faces'
import { StatusNote } from '../../ui/Grid'
import { Icon } from '../../ui/Icon'
import { Act, Code, Cut, Instant } from '../../ui/parts'
import { Desk } from './Desk'
import { Due } from './Due'
import { NewRequest } from './NewRequest'
import { Partners } from './Partners'
import classes from './RequestsPage.module.css'
import { ThreadSheet } from './ThreadSheet'
import { useAuthority, useThreadTitle } from './useAuthority'

const ways = ['all', 'in', 'out'] as const
const states = ['waiting', 'open', 'draft', 'asked', 'half', 'answered', 'refused', 'withdrawn', 'undelivered'] as const

/** Everything asked of us and by us: what waits here first, each with its clock. */
export function RequestsPage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const { id } = requestsRoute.useParams()
  const search = requestsRoute.useSearch()
  const navigate = useNavigate({ from: '/requests/{-$id}' })
  const agreements = useAgreements()
  // What waits and what is open is worked out here; the node is asked for the rest.
  const asked = search.state && search.state !== 'waiting' && search.state !== 'open' ? search.state : undefined
  const threads = useThreads({ agreement: search.agreement, direction: search.way, state: asked })
  const sorted = useMemo(
    () => byUrgency(threads.data ?? []).filter((one) => (search.state === 'waiting' ? waitsHere(one) : search.state === 'open' ? !isOver(one) : true)),
    [threads.data, search.state],
  )
  const writing = id === 'new'
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  const open = (next: string | undefined) => void navigate({ params: { id: next }, search: (was) => ({ ...was, who: undefined, share: undefined, prior: undefined, run: undefined, person: undefined }), replace: id !== undefined && next !== undefined })
  const at = sorted.findIndex((one) => one.id === id)
  const move = (step: 1 | -1) => () => {
    const next = sorted[at < 0 ? (step > 0 ? 0 : sorted.length - 1) : Math.min(Math.max(at + step, 0), sorted.length - 1)]
    if (next) open(next.id)
  }
  useKeys({ 'list.next': move(1), 'list.previous': move(-1), 'list.back': () => (id ? open(undefined) : void navigate({ to: '/agreements/{-$id}', params: { id: undefined } })) })
  useEffect(() => {
    document.title = `${t('place.requests')} · Rihla`
  }, [t])
  const filters = [search.way ? t(`thread.ways.${search.way}`) : '', search.state ? t(`thread.states.${search.state}`, { defaultValue: search.state }) : '', search.agreement ?? ''].filter(Boolean)
  const asks = ['analyst', 'supervisor', 'officer', 'fiu', 'responder', 'targeter'].includes(role)
  return (
    <div className={`${desk.desk} ${classes.desk}`} data-item={id !== undefined || undefined} data-open={id !== undefined || undefined}>
      <section className={desk.list} aria-label={t('place.requests')}>
        <Toolbar title={t('place.requests')}>
          <span className={desk.count}>{number(sorted.length, speech)}</span>
          <Push />
          {asks && (
            <Act icon="plus" onClick={() => open('new')} data-test="new-request">
              {t('request.newShort')}
            </Act>
          )}
        </Toolbar>
        <div className={classes.filters}>
          <Segments label={t('thread.way')} value={(search.way as 'in' | 'out' | undefined) ?? 'all'} onChange={(way) => set({ way: way === 'all' ? undefined : way })} options={ways.map((value) => ({ value, label: t(`thread.ways.${value}`) }))} />
          <span className={classes.pair}>
          <Choose label={t('thread.state')} value={search.state ?? ''} active={!!search.state} onChange={(state) => set({ state: state || undefined })} options={[{ value: '', label: t('thread.anyState') }, ...states.map((value) => ({ value, label: t(`thread.states.${value}`) }))]} />
          {(agreements.data?.length ?? 0) > 1 && (
            <Choose label={t('place.agreements')} value={search.agreement ?? ''} active={!!search.agreement} onChange={(agreement) => set({ agreement: agreement || undefined })} options={[{ value: '', label: t('thread.anyAgreement') }, ...(agreements.data ?? []).map((one) => ({ value: one.id, label: speech.language === 'ar' ? (one.title_ar ?? one.title) : one.title }))]} />
          )}
          </span>
        </div>
        <Answer of={threads} rows={8}>
          {(all) =>
            all.length === 0 && filters.length === 0 ? (
              <Empty>{t('thread.empty')}</Empty>
            ) : sorted.length === 0 ? (
              <NoMatch filters={filters} onClear={() => set({ way: undefined, state: undefined, agreement: undefined })} />
            ) : (
              <ul className={desk.items} data-test="threads">
                {sorted.map((one) => (
                  <Item key={one.id} one={one} chosen={one.id === id} onOpen={() => open(one.id)} />
                ))}
              </ul>
            )
          }
        </Answer>
        <Partners />
      </section>
      {writing ? (
        <NewRequest search={search} onSent={(sent) => open(sent)} onClose={() => open(undefined)} onChange={set} />
      ) : id === undefined ? (
        <section className={desk.middle}>
          <Empty>{t('thread.choose')}</Empty>
        </section>
      ) : (
        <>
          <section className={desk.middle} data-test="thread">
            <ThreadSheet key={id} id={id} chosen={search.who} onChoose={(who) => set({ who })} />
          </section>
          <aside className={desk.last}>
            <Desk key={id} id={id} candidate={search.who} onCandidate={(who) => set({ who })} />
          </aside>
        </>
      )}
      {sorted.length > 0 && <StatusNote>{t('thread.waiting', { count: sorted.filter(waitsHere).length })}</StatusNote>}
    </div>
  )
}

function Item({ one, chosen, onOpen }: { one: Thread; chosen: boolean; onOpen: () => void }) {
  const { t } = useTranslation()
  const nameOf = useAuthority()
  const titleOf = useThreadTitle()
  const element = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const waits = waitsHere(one)
  return (
    <li ref={element}>
      <a
        className={desk.item}
        href={`/requests/${one.id}`}
        data-chosen={chosen || undefined}
        aria-current={chosen || undefined}
        data-test="thread-item"
        data-key={one.id}
        data-state={one.state}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey) return
          event.preventDefault()
          onOpen()
        }}
      >
        <Icon name={one.direction === 'in' ? 'came' : 'leaves'} size={14} label={t(`thread.ways.${one.direction}`)} />
        <span className={desk.lines}>
          <span className={desk.line}>
            <span className={desk.title}>
              <Cut title={titleOf(one)}>{titleOf(one)}</Cut>
            </span>
            <Code quiet>{threadName(one)}</Code>
          </span>
          <span className={desk.line}>
            <span className={desk.detail}>
              {one.urgent && <strong className={classes.urgent}>{t('thread.urgent')} </strong>}
              {t(`exchangePurpose.${one.purpose}`, { defaultValue: one.purpose })}
            </span>
            <span className={waits ? desk.strong : desk.faint}>{one.attention ? t(`attention.${one.attention}`, { defaultValue: one.attention }) : one.state === 'answered' ? t(`result.${one.result}`, { defaultValue: one.result ?? '' }) : t(`threadState.${one.direction}.${one.state}`, { defaultValue: one.state })}</span>
          </span>
          <span className={desk.line}>
            <span className={desk.detail}>
              {nameOf(one.partner)}
              {one.case_ref && <>{t('list.comma')}<Code quiet>{one.case_ref}</Code></>}
            </span>
            {isOver(one) ? (
              <span className={desk.faint}>
                <Instant at={one.answered_at ?? one.asked_at} dateToo />
              </span>
            ) : (
              <Due of={one} />
            )}
          </span>
        </span>
      </a>
    </li>
  )
}
