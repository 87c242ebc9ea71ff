import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEntries, useLists, useWaiting } from '../../api/queries'
import type { Entry, List, Proposal } from '../../api/types'
import { useHome, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { listsRoute } from '../../app/router'
import { day, number } from '../../format/time'
import { Find, Push, Segments, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { Answer, Empty, NoMatch } from '../../ui/Faces'
import { type Column, Grid } from '../../ui/Grid'
import { Icon } from '../../ui/Icon'
import { Act, Code, Day, Instant, Name, Tag, version } from '../../ui/parts'
import classes from './ListsPage.module.css'
import { SharePane } from '../exchange/SharePane'
import { Dismissals } from './Dismissals'
import { Proposals, ProposeForm } from './Proposals'
import { Refused, SourcePane } from './SourcePane'
import { ThresholdsPane } from './ThresholdsPane'
import { Versions } from './Versions'

const tabs = ['entries', 'versions', 'source', 'proposals', 'thresholds', 'dismissals'] as const
type Tab = (typeof tabs)[number]

const tabsOf = (role: string, list: List): Tab[] =>
  tabs.filter((tab) => (list.format === 'given' ? tab === 'versions' || tab === 'thresholds' : !list.loaded ? tab === 'proposals' : tab === 'source' ? ['supervisor', 'administrator', 'auditor'].includes(role) && list.format !== 'manual' : tab === 'proposals' ? list.format === 'manual' && ['analyst', 'supervisor', 'administrator', 'auditor'].includes(role) : tab === 'dismissals' ? ['supervisor', 'auditor'].includes(role) : true))

/** Lists kept by hand that have no entry yet, only proposals that wait. */
const unborn = (lists: readonly List[], waiting: readonly Proposal[]): List[] =>
  [...new Set(waiting.map((one) => one.list))]
    .filter((name) => !lists.some((list) => list.name === name))
    .map((name) => ({ name, format: 'manual', version: '', entries: 0, added: 0, changed: 0, removed: 0, generation: 0, loaded: '', by: '', sha256: '', open_proposals: waiting.filter((one) => one.list === name).length, review_due: 0 }))

export function ListsPage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const search = listsRoute.useSearch()
  const navigate = useNavigate({ from: '/lists' })
  const known = useLists()
  const waiting = useWaiting(role !== 'officer').data
  const lists = useMemo(() => ({ ...known, data: known.data && [...known.data, ...unborn(known.data, waiting ?? [])] }), [known, waiting])
  const name = search.name ?? lists.data?.[0]?.name
  const one = lists.data?.find((list) => list.name === name)
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  const at = lists.data?.findIndex((list) => list.name === name) ?? -1
  const move = (step: 1 | -1) => () => {
    const next = lists.data?.[Math.min(Math.max(at + step, 0), (lists.data.length || 1) - 1)]
    if (next) set({ name: next.name, q: undefined })
  }
  useKeys({ 'list.next': move(1), 'list.previous': move(-1) })
  useEffect(() => {
    document.title = `${t('place.lists')} · Rihla`
  }, [t])
  return (
    <div className={`${desk.desk} ${classes.desk}`} data-item>
      <section className={desk.list} aria-label={t('place.lists')}>
        <Toolbar title={t('place.lists')}>
          <span className={desk.count}>{number(lists.data?.length ?? 0, speech)}</span>
        </Toolbar>
        <Answer of={lists} rows={4}>
          {(all) =>
            all.length === 0 ? (
              <Empty>{t('lists.empty')}</Empty>
            ) : (
              <ul className={desk.items}>
                {all.map((list) => (
                  <li key={list.name}>
                    <a
                      className={`${desk.item} ${classes.item}`}
                      href={`/lists?name=${encodeURIComponent(list.name)}`}
                      data-chosen={(list.name === name && search.tab !== 'new') || undefined}
                      aria-current={list.name === name || undefined}
                      data-test="list"
                      onClick={(event) => {
                        event.preventDefault()
                        set({ name: list.name, q: undefined })
                      }}
                    >
                      <span className={classes.named}>
                        {list.format === 'given' && (
        <p className={classes.due} role="status">
          <Icon name="came" size={14} /> {t('lists.given')}
        </p>
      )}
      {list.source?.error && <Icon name="warn" size={13} label={t('lists.refused')} />}
                        <Name>{list.name}</Name>
                      </span>
                      <span className={desk.end}>{t('lists.entries', { count: list.entries, entries: number(list.entries, speech) })}</span>
                      <span className={desk.faint}>
                        <span className={list.source?.error ? classes.refused : undefined}>{list.source?.error ? t('lists.refused') : t(`lists.format.${list.format}`, { defaultValue: list.format })}</span>
                        {list.open_proposals > 0 && <span className={desk.link}>{`${t('list.comma')}${t('lists.waiting', { count: list.open_proposals })}`}</span>}
                      </span>
                      <span className={`${desk.end} ${desk.faint}`}>
                        {!list.source?.error && list.open_proposals === 0 && <Instant at={list.loaded} dateToo />}
                      </span>
                    </a>
                  </li>
                ))}
              </ul>
            )
          }
        </Answer>
        {role !== 'auditor' && role !== 'administrator' && (
          <footer className={desk.foot}>
            <Act icon="plus" onClick={() => set({ tab: 'new', q: undefined })} data-test="new-entry">
              {t('lists.newEntry')}
            </Act>
          </footer>
        )}
      </section>
      {search.tab === 'new' ? (
        <section className={desk.middle}>
          <ProposeForm lists={lists.data ?? []} onDone={(name) => set({ name, tab: 'proposals' })} onClose={() => set({ tab: undefined })} />
        </section>
      ) : (
        one && <ListSheet key={one.name} list={one} tab={search.tab} q={search.q ?? ''} onTab={(tab) => set({ tab: tab === 'entries' ? undefined : tab })} onQuery={(q) => set({ q: q || undefined })} />
      )}
    </div>
  )
}

function ListSheet({ list, tab, q, onTab, onQuery }: { list: List; tab?: string; q: string; onTab: (tab: Tab) => void; onQuery: (q: string) => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const [text, setText] = useState(q)
  useEffect(() => {
    const timer = setTimeout(() => text !== q && onQuery(text), 200)
    return () => clearTimeout(timer)
  }, [text, q, onQuery])
  const offered = tabsOf(role, list)
  const shown = offered.find((one) => one === tab) ?? offered[0] ?? 'entries'
  return (
    <section className={desk.middle} data-test="list-sheet">
      <header className={desk.head}>
        <div className={desk.headLine}>
          <h1>
            <Name>{list.name}</Name>
          </h1>
          <Tag>{t(`lists.format.${list.format}`, { defaultValue: list.format })}</Tag>
          {list.version !== '' && list.format !== 'manual' && <Tag><Code>{version(list.version)}</Code></Tag>}
          <Push />
          {shown === 'entries' && <Find label={t('lists.find')} value={text} onChange={setText} />}
        </div>
        <div className={desk.headLine}>
          <Segments
            label={t('lists.show')}
            value={shown}
            onChange={onTab}
            options={offered.map((value) => ({ value, label: t(`lists.tabs.${value}`), count: value === 'entries' ? number(list.entries, speech) : value === 'proposals' && list.open_proposals ? number(list.open_proposals, speech) : undefined }))}
          />
          <Push />
          {list.loaded && (
            <span>
              {t('lists.loaded')} <Instant at={list.loaded} dateToo /> {list.by && <bdi>{list.by}</bdi>}
            </span>
          )}
          {list.dated && (
            <span>
              {t('lists.dated')} <Day of={list.dated} />
            </span>
          )}
          {list.loaded && <span>{t('lists.change', { added: number(list.added, speech), changed: number(list.changed, speech), removed: number(list.removed, speech) })}</span>}
        </div>
      </header>
      {list.source?.error && <Refused brief={list.source} />}
      {list.review_due > 0 && (
        <p className={classes.due} role="status">
          <Icon name="clock" size={14} /> {t('lists.reviewDue', { count: list.review_due })}
        </p>
      )}
      {shown === 'entries' ? (
        <Entries list={list} q={q} onClear={() => setText('')} />
      ) : shown === 'versions' ? (
        <Versions list={list} />
      ) : shown === 'source' ? (
        <SourcePane list={list} />
      ) : shown === 'proposals' ? (
        <Proposals list={list} />
      ) : shown === 'dismissals' ? (
        <Dismissals list={list} />
      ) : (
        <ThresholdsPane key={list.name} list={list} />
      )}
    </section>
  )
}

function Entries({ list, q, onClear }: { list: List; q: string; onClear: () => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const [at, setAt] = useState<string>()
  const [giving, setGiving] = useState(false)
  const entries = useEntries(list.name, q)
  const columns: Column<Entry>[] = [
    { id: 'id', head: t('lists.id'), cell: (entry) => <Code quiet>{entry.id}</Code> },
    {
      id: 'names',
      head: t('lists.names'),
      cell: (entry) => {
        const [first, ...others] = entry.names ?? []
        return (
          <span title={(entry.names ?? []).map((one) => one.text).join('\n')}>
            <Name>{first?.text}</Name>
            {others.slice(0, 3).map((one) => (
              <span key={one.text} className={one.weak ? classes.weak : classes.other}>
                {t('list.comma')}
                <bdi>{one.text}</bdi>
              </span>
            ))}
            {others.length > 3 && <span className={classes.weak}> {t('lists.more', { count: others.length - 3 })}</span>}
          </span>
        )
      },
    },
    { id: 'born', head: t('lists.born'), cell: (entry) => (entry.births ?? []).map((birth) => day(birth, speech)).join(t('list.comma')) },
    { id: 'countries', head: t('lists.countries'), cell: (entry) => <Code>{[...new Set((entry.countries ?? []).map((one) => (typeof one === 'string' ? one : one.code)))].join(' ')}</Code> },
    { id: 'documents', head: t('lists.documents'), cell: (entry) => <Code>{(entry.documents ?? []).map((one) => (typeof one === 'string' ? one : [one.number, one.issuer].filter(Boolean).join(' '))).join(', ')}</Code> },
    { id: 'topics', head: t('lists.topics'), cell: (entry) => (entry.topics ?? []).map((topic) => t(`topic.${topic}`, { defaultValue: topic })).join(t('list.comma')) },
    { id: 'until', head: t('lists.until'), cell: (entry) => <Day of={entry.until} /> },
    { id: 'reason', head: t('lists.reason'), cell: (entry) => <bdi title={entry.reason} className={classes.other}>{entry.reason}</bdi> },
  ]
  const chosen = entries.data?.items?.find((entry) => entry.id === at)
  if (giving && chosen)
    return (
      <div className={classes.giving}>
        <SharePane item={`${list.name}/${chosen.id}`} title={chosen.names?.[0]?.text ?? chosen.id} categories={[chosen.document_only ? 'lost-document' : 'list-entry']} onClose={() => setGiving(false)} />
      </div>
    )
  // A list of documents has no names, and often no reasons, and then needs no room for them.
  const named = entries.data?.items?.some((entry) => entry.names?.length) ?? true
  const reasons = entries.data?.items?.some((entry) => entry.reason) ?? true
  const ends = entries.data?.items?.some((entry) => entry.until) ?? false
  const shown = columns.filter(({ id }) => (ends || id !== 'until') && (named || ['id', 'documents', 'topics', 'reason'].includes(id)) && (named || reasons || id !== 'reason'))
  return (
      <Answer of={entries} rows={20}>
        {(page) =>
          !page.items?.length ? (
            q ? <NoMatch filters={[q]} onClear={onClear} /> : <Empty>{t('lists.noEntries')}</Empty>
          ) : (
            <>
              <Grid label={list.name} className={named ? (ends ? classes.kept : classes.entries) : reasons ? classes.documents : classes.bare} lines={page.items.map((row) => ({ kind: 'row' as const, key: row.id, row }))} columns={shown} selected={at} onOpen={setAt} />
              {chosen && ['analyst', 'officer', 'supervisor'].includes(role) && (
                <p className={classes.more}>
                  <Act onClick={() => setGiving(true)} data-test="give-entry">
                    {t('lists.give')}
                  </Act>
                </p>
              )}
              {page.next && <p className={classes.more}>{t('lists.narrow', { count: page.items.length })}</p>}
            </>
          )
        }
      </Answer>
  )
}
