import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type DeclarationItem, useDeclarations } from '../../api/funds'
import { useKeys } from '../../app/keys'
import { useRested } from '../../app/rested'
import { declarationsRoute } from '../../app/router'
import { Choose, Find, Push, Segments, Toolbar } from '../../ui/bars'
import { Answer, Empty, NoMatch } from '../../ui/Faces'
import { Fresh } from '../../ui/Fresh'
import { type Column, Grid } from '../../ui/Grid'
import { useHeld } from '../../ui/held'
import { Act, Code, Cut, Dot, Instant } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import { DeclarationPane } from './DeclarationPane'
import classes from './funds.module.css'
import { NewDeclaration } from './NewDeclaration'
import { Amount, CashList, ClassTag } from './parts'

const idOf = (one: { id: string }) => one.id
const kinds = ['above', 'below', 'below_with_indications', 'asked'] as const

/** The declaration desk: cash over the border, the latest first; one beside it, or a new one being typed. */
export function DeclarationsPage() {
  const search = declarationsRoute.useSearch()
  return search.act === 'new' ? <NewDeclaration /> : <List />
}

function List() {
  const { t } = useTranslation()
  const { id } = declarationsRoute.useParams()
  const search = declarationsRoute.useSearch()
  const navigate = useNavigate({ from: '/funds/declarations/{-$id}' })
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  const open = (next: string | undefined) => void navigate({ params: { id: next }, search: (was) => was, replace: id !== undefined && next !== undefined })
  const [text, setText] = useState(search.q ?? '')
  const q = useRested(text.trim())
  const asked = useDeclarations({ direction: search.direction, class: search.class, q: q || undefined })
  const held = useHeld(asked.data, idOf, JSON.stringify({ direction: search.direction, class: search.class, q }))
  useKeys({ 'list.back': () => (id !== undefined ? open(undefined) : void navigate({ to: '/' })) })
  useEffect(() => {
    document.title = `${t('place.declarations')} · Rihla`
  }, [t])
  const filters = [search.direction && t(`funds.direction.${search.direction}`), search.class && t(`funds.class.${search.class}`), q].filter((one): one is string => !!one)
  const columns = useColumns()
  return (
    <div className={classes.split} data-open={id !== undefined || undefined}>
      <section className={classes.list} aria-label={t('place.declarations')}>
        <Toolbar title={t('place.declarations')}>
          <Segments label={t('flights.way')} value={search.direction ?? 'all'} onChange={(direction) => set({ direction: direction === 'all' ? undefined : direction })} options={(['all', 'in', 'out'] as const).map((value) => ({ value, label: t(value === 'all' ? 'flights.all' : `funds.direction.${value}`) }))} />
          <Choose label={t('funds.classLabel')} value={search.class ?? ''} active={!!search.class} onChange={(value) => set({ class: value || undefined })} options={[{ value: '', label: t('funds.anyClass') }, ...kinds.map((value) => ({ value, label: t(`funds.class.${value}`) }))]} />
          <Find label={t('funds.find')} value={text} onChange={setText} />
          <Push />
          <Fresh count={held.fresh} onRelease={held.release} />
          <Act icon="plus" onClick={() => set({ act: 'new' })} data-test="new-declaration">
            {t('funds.newDeclaration')}
          </Act>
        </Toolbar>
        <Answer of={asked} rows={20}>
          {(all) =>
            held.shown.length > 0 ? (
              <Grid label={t('place.declarations')} className={classes.rows} wide lines={held.shown.map((row) => ({ kind: 'row' as const, key: row.id, row }))} columns={columns} selected={id ?? search.at} onSelect={(at) => (id !== undefined ? open(at) : set({ at }))} onOpen={open} />
            ) : all.length === 0 && filters.length === 0 ? (
              <Empty act={<Act onClick={() => set({ act: 'new' })}>{t('funds.newDeclaration')}</Act>}>{t('funds.noDeclarations')}</Empty>
            ) : (
              <NoMatch filters={filters} onClear={() => { setText(''); set({ direction: undefined, class: undefined, q: undefined }) }} />
            )
          }
        </Answer>
      </section>
      {id !== undefined && (
        <aside className={classes.pane}>
          <DeclarationPane key={id} id={id} onClose={() => open(undefined)} />
        </aside>
      )}
    </div>
  )
}

function useColumns(): Column<DeclarationItem>[] {
  const { t } = useTranslation()
  return [
    { id: 'severity', head: <span className="unseen">{t('flight.severity')}</span>, cell: (one) => (one.severity ? <Severity level={one.severity} /> : null) },
    { id: 'at', head: t('funds.made'), cell: (one) => <Instant at={one.made_at} dateToo /> },
    { id: 'ref', head: t('funds.ref'), cell: (one) => <Code strong>{one.ref}</Code> },
    { id: 'by', head: t('funds.role.carrier'), cell: (one) => <Cut title={one.by.name}>{one.by.name}</Cut> },
    { id: 'flight', head: t('flights.flight'), cell: (one) => (one.flight ? <><Code>{one.flight}</Code> {one.direction === 'in' ? t('funds.direction.in') : t('funds.direction.out')}</> : <Dot />) },
    { id: 'amounts', head: t('funds.said'), cell: (one) => <CashList of={one.amounts} /> },
    { id: 'value', head: 'USD', numeric: true, cell: (one) => <Amount of={one.value_usd} /> },
    { id: 'counted', head: t('funds.countedUsd'), numeric: true, cell: (one) => (one.counted_usd ? <Amount of={one.counted_usd} /> : <Dot />) },
    { id: 'class', head: t('funds.classLabel'), cell: (one) => <ClassTag of={one.class} differs={one.differs} /> },
  ]
}
