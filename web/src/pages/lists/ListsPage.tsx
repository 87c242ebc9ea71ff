import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEntries, useLists } from '../../api/queries'
import type { Entry, List } from '../../api/types'
import { useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { listsRoute } from '../../app/router'
import { day, number } from '../../format/time'
import { Find, Push, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { Answer, Empty, NoMatch } from '../../ui/Faces'
import { type Column, Grid } from '../../ui/Grid'
import { Code, Instant, Name, Tag, version } from '../../ui/parts'
import classes from './ListsPage.module.css'

export function ListsPage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const search = listsRoute.useSearch()
  const navigate = useNavigate({ from: '/lists' })
  const lists = useLists()
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
                      data-chosen={list.name === name || undefined}
                      aria-current={list.name === name || undefined}
                      data-test="list"
                      onClick={(event) => {
                        event.preventDefault()
                        set({ name: list.name, q: undefined })
                      }}
                    >
                      <Name>{list.name}</Name>
                      <span className={desk.end}>{t('lists.entries', { count: list.entries, entries: number(list.entries, speech) })}</span>
                      <span className={desk.faint}>
                        <Code>{list.format}</Code> {list.version !== undefined && <Code>{version(list.version).slice(0, 6)}</Code>}
                      </span>
                      <span className={`${desk.end} ${desk.faint}`}>
                        <Instant at={list.loaded} dateToo />
                      </span>
                    </a>
                  </li>
                ))}
              </ul>
            )
          }
        </Answer>
        <p className={desk.footNote}>
          <strong>{t('lists.readOnlyTitle')}</strong>
          {t('lists.readOnly')}
        </p>
      </section>
      {one && <Entries key={one.name} list={one} q={search.q ?? ''} onQuery={(q) => set({ q: q || undefined })} />}
    </div>
  )
}

function Entries({ list, q, onQuery }: { list: List; q: string; onQuery: (q: string) => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const [text, setText] = useState(q)
  const [at, setAt] = useState<string>()
  const entries = useEntries(list.name, q)
  useEffect(() => {
    const timer = setTimeout(() => text !== q && onQuery(text), 200)
    return () => clearTimeout(timer)
  }, [text, q, onQuery])
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
    { id: 'reason', head: t('lists.reason'), cell: (entry) => <bdi title={entry.reason} className={classes.other}>{entry.reason}</bdi> },
  ]
  // A list of documents has no names, and often no reasons, and then needs no room for them.
  const named = entries.data?.items?.some((entry) => entry.names?.length) ?? true
  const reasons = entries.data?.items?.some((entry) => entry.reason) ?? true
  const shown = columns.filter(({ id }) => (named || ['id', 'documents', 'topics', 'reason'].includes(id)) && (named || reasons || id !== 'reason'))
  return (
    <section className={desk.middle}>
      <header className={desk.head}>
        <div className={desk.headLine}>
          <h1>
            <Name>{list.name}</Name>
          </h1>
          {list.version !== undefined && <Tag><Code>{version(list.version)}</Code></Tag>}
          <Push />
          <Find label={t('lists.find')} value={text} onChange={setText} />
        </div>
        <div className={desk.headLine}>
          <span>{t('lists.entries', { count: list.entries, entries: number(list.entries, speech) })}</span>
          {list.loaded && (
            <span>
              {t('lists.loaded')} <Instant at={list.loaded} dateToo /> {list.by && <bdi>{list.by}</bdi>}
            </span>
          )}
          {list.added !== undefined && (
            <span>{t('lists.change', { added: number(list.added, speech), changed: number(list.changed ?? 0, speech), removed: number(list.removed ?? 0, speech) })}</span>
          )}
          {list.sha256 && version(list.version ?? '') !== version(list.sha256) && (
            <span title={list.sha256}>
              SHA-256 <Code quiet>{list.sha256.slice(0, 12)}</Code>
            </span>
          )}
        </div>
      </header>
      <Answer of={entries} rows={20}>
        {(page) =>
          !page.items?.length ? (
            q ? <NoMatch filters={[q]} onClear={() => setText('')} /> : <Empty>{t('lists.noEntries')}</Empty>
          ) : (
            <>
              <Grid label={list.name} className={named ? classes.entries : reasons ? classes.documents : classes.bare} lines={page.items.map((row) => ({ kind: 'row' as const, key: row.id, row }))} columns={shown} selected={at} onOpen={setAt} />
              {page.next && <p className={classes.more}>{t('lists.narrow', { count: page.items.length })}</p>}
            </>
          )
        }
      </Answer>
    </section>
  )
}
