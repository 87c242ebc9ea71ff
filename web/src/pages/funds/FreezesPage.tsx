import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { type FreezeItem, useFreezes } from '../../api/funds'
import { useNow, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { freezesRoute } from '../../app/router'
import { caseNumber } from '../../format/finding'
import { number, relative } from '../../format/time'
import { Choose, Push, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { Answer, Empty, NoMatch } from '../../ui/Faces'
import { Fresh } from '../../ui/Fresh'
import { type Column, Grid } from '../../ui/Grid'
import { useHeld } from '../../ui/held'
import { Icon } from '../../ui/Icon'
import { Act, Cut, Dot, Instant, Tag } from '../../ui/parts'
import { FreezePart } from './FreezePart'
import classes from './funds.module.css'
import { Amount } from './parts'

const idOf = (one: FreezeItem) => one.case
const states = ['pending', 'frozen', 'licensed', 'lifted', 'not_same', 'withdrawn'] as const
const tones: Partial<Record<string, 'critical' | 'high' | 'medium' | 'trusted'>> = { pending: 'high', frozen: 'critical', licensed: 'medium' }

/** Designations met: what must be settled first, then what is frozen, and what each institution answered. */
export function FreezesPage() {
  const { t } = useTranslation()
  const { id } = freezesRoute.useParams()
  const search = freezesRoute.useSearch()
  const navigate = useNavigate({ from: '/funds/freezes/{-$id}' })
  const open = (next: string | undefined) => void navigate({ params: { id: next }, search: (was) => was, replace: id !== undefined && next !== undefined })
  const set = (state: string) => void navigate({ search: { state: state || undefined }, replace: true })
  const asked = useFreezes({ state: search.state })
  const held = useHeld(asked.data, idOf, search.state ?? '')
  const chosen = asked.data?.find((one) => one.case === id)
  useKeys({ 'list.back': () => (id !== undefined ? open(undefined) : void navigate({ to: '/' })) })
  useEffect(() => {
    document.title = `${t('place.freezes')} · Rihla`
  }, [t])
  const columns = useColumns()
  return (
    <div className={classes.split} data-open={chosen !== undefined || undefined}>
      <section className={classes.list} aria-label={t('place.freezes')}>
        <Toolbar title={t('place.freezes')}>
          <Choose label={t('cyber.stateLabel')} value={search.state ?? ''} active={!!search.state} onChange={set} options={[{ value: '', label: t('cargo.anyState') }, ...states.map((value) => ({ value, label: t(`funds.freezeState.${value}`) }))]} />
          <Push />
          <Fresh count={held.fresh} onRelease={held.release} />
        </Toolbar>
        <Answer of={asked} rows={12}>
          {() =>
            held.shown.length > 0 ? (
              <Grid label={t('place.freezes')} className={classes.freezes} wide lines={held.shown.map((row) => ({ kind: 'row' as const, key: row.case, row }))} columns={columns} selected={id ?? search.at} onSelect={(at) => (id !== undefined ? open(at) : void navigate({ search: (was) => ({ ...was, at }), replace: true }))} onOpen={open} />
            ) : search.state ? (
              <NoMatch filters={[t(`funds.freezeState.${search.state}`)]} onClear={() => set('')} />
            ) : (
              <Empty>{t('funds.noFreezes')}</Empty>
            )
          }
        </Answer>
      </section>
      {chosen && (
        <aside className={classes.pane}>
          <header className={desk.paneHead}>
            <h2>
              <Link to="/funds/parties/$id" params={{ id: chosen.subject }} className={classes.link}>
                <bdi>{chosen.name}</bdi>
              </Link>
            </h2>
            <span className={desk.push} />
            <Act icon="cross" onClick={() => open(undefined)} aria-label={t('funds.close')} />
          </header>
          <div className={classes.body}>
            <FreezePart key={chosen.case} of={chosen} party={chosen.subject} />
          </div>
        </aside>
      )}
    </div>
  )
}

function useColumns(): Column<FreezeItem>[] {
  const { t } = useTranslation()
  const speech = useSpeech()
  const now = useNow(1000)
  return [
    { id: 'case', head: t('kind.case'), cell: (one) => caseNumber(one.case_number) },
    { id: 'name', head: t('cyber.name'), cell: (one) => <Cut title={one.name}><bdi>{one.name}</bdi></Cut> },
    { id: 'state', head: t('cyber.stateLabel'), cell: (one) => <Tag tone={tones[one.state] ?? 'plain'}>{t(`funds.freezeState.${one.state}`)}</Tag> },
    {
      id: 'due',
      head: t('funds.freezeDueHead'),
      cell: (one) =>
        one.state === 'pending' ? (
          <span className={Date.parse(one.due) < now ? classes.late : undefined}>
            <Icon name="clock" size={12} /> {relative(Date.parse(one.due), now, t)}
          </span>
        ) : (
          <Dot />
        ),
    },
    { id: 'started', head: t('funds.freezeStarted'), cell: (one) => <Instant at={one.started} dateToo /> },
    { id: 'ordered', head: t('funds.ordered'), cell: (one) => (one.ordered_at ? <Instant at={one.ordered_at} dateToo /> : <Dot />) },
    { id: 'answers', head: t('funds.answersHead'), numeric: true, cell: (one) => (one.answers?.length ? number(one.answers.length, speech) : <Dot />) },
    {
      id: 'total',
      head: t('funds.frozenTotal'),
      numeric: true,
      cell: (one) =>
        one.totals?.length ? (
          one.totals.map((total, at) => (
            <span key={total.currency}>
              {at > 0 && t('list.comma')}
              <Amount of={total.amount} currency={total.currency} />
            </span>
          ))
        ) : (
          <Dot />
        ),
    },
  ]
}
