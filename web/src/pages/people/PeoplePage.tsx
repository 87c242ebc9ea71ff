import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearch } from '../../api/queries'
import type { Hit } from '../../api/types'
import { useKeys } from '../../app/keys'
import { iconOf, placeOf } from '../../app/Palette'
import { peopleRoute } from '../../app/router'
import { Find, Toolbar } from '../../ui/bars'
import { Answer, Empty, NoMatch } from '../../ui/Faces'
import { type Column, Grid, type Line } from '../../ui/Grid'
import { Icon } from '../../ui/Icon'
import { FlightContext, Name } from '../../ui/parts'
import classes from './PeoplePage.module.css'

const kinds = ['passenger', 'flight', 'case', 'report']
const keyOf = (hit: Hit) => `${hit.kind}:${hit.id}`

/** Names, documents, locators and flight numbers, in one place. */
export function PeoplePage() {
  const { t } = useTranslation()
  const search = peopleRoute.useSearch()
  const navigate = useNavigate({ from: '/people' })
  const [text, setText] = useState(search.q ?? '')
  const [at, setAt] = useState<string>()
  const field = useRef<HTMLInputElement>(null)
  const q = (search.q ?? '').trim()
  const found = useSearch(q)

  useEffect(() => {
    document.title = `${t('place.people')} · Rihla`
    field.current?.focus()
  }, [t])
  // The address follows the typing, a moment behind.
  useEffect(() => {
    const timer = setTimeout(() => {
      if (text !== (search.q ?? '')) void navigate({ search: { q: text || undefined }, replace: true })
    }, 200)
    return () => clearTimeout(timer)
  }, [text, search.q, navigate])
  useKeys({ 'list.filter': () => field.current?.focus() })

  const open = (key: string) => {
    const hit = found.data?.find((one) => keyOf(one) === key)
    if (hit) void navigate({ to: placeOf(hit) })
  }
  const lines: Line<Hit>[] = kinds.flatMap((kind) => {
    const hits = (found.data ?? []).filter((hit) => hit.kind === kind)
    return hits.length === 0
      ? []
      : [
          { kind: 'group' as const, key: `group-${kind}`, title: t(`kinds.${kind}`), note: t('people.found', { count: hits.length }) },
          ...hits.map((row) => ({ kind: 'row' as const, key: keyOf(row), row })),
        ]
  })
  const columns: Column<Hit>[] = [
    { id: 'kind', head: <span className="unseen">{t('people.kind')}</span>, cell: (hit) => <Icon name={iconOf[hit.kind] ?? 'search'} size={14} /> },
    {
      id: 'title',
      head: t('people.what'),
      cell: (hit) => (
        <Link to={placeOf(hit)} tabIndex={-1}>
          <Name>{hit.title}</Name>
        </Link>
      ),
    },
    { id: 'detail', head: t('people.detail'), cell: (hit) => <span className={classes.detail}><FlightContext of={hit.detail} /></span> },
  ]
  return (
    <>
      <Toolbar title={t('place.people')}>
        <Find label={t('people.find')} value={text} onChange={setText} inputRef={field} wide />
      </Toolbar>
      {q.length < 2 ? (
        <Empty>{t('people.empty')}</Empty>
      ) : (
        <Answer of={found}>
          {() =>
            lines.length === 0 ? (
              <NoMatch filters={[q]} onClear={() => setText('')} />
            ) : (
              <Grid label={t('people.results')} className={classes.results} lines={lines} columns={columns} selected={at} onSelect={setAt} onOpen={open} />
            )
          }
        </Answer>
      )}
    </>
  )
}
