import { Textarea } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Sampled, useJudge, useSamples } from '../../api/cargo'
import { useHome, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { sampleRoute } from '../../app/router'
import { number } from '../../format/time'
import { Push, Segments, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer, Empty } from '../../ui/Faces'
import { type Column, Grid } from '../../ui/Grid'
import { Act, Code, Cut, Dot, Instant, Tag } from '../../ui/parts'
import classes from './cargo.module.css'
import { Waybill, Weight } from './parts'

const results = ['open', 'agreed', 'missed'] as const

/** The blind check: consignments of which nothing was found, looked at as if nobody had; how often a human would have. */
export function SamplePage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const { id } = sampleRoute.useParams()
  const search = sampleRoute.useSearch()
  const navigate = useNavigate({ from: '/cargo/samples/{-$id}' })
  const open = (next: string | undefined) => void navigate({ params: { id: next }, search: (was) => was, replace: id !== undefined && next !== undefined })
  const state = search.state ?? 'open'
  const asked = useSamples(state)
  const may = role === 'targeter' || role === 'supervisor'
  useKeys({ 'list.back': () => (id !== undefined ? open(undefined) : void navigate({ to: '/cargo/departures' })) })
  useEffect(() => {
    document.title = `${t('place.samples')} · Rihla`
  }, [t])
  const columns = useColumns()
  return (
    <Answer of={asked} rows={12}>
      {(page) => {
        const chosen = page.items.find((one) => one.id === id)
        const looked = page.figures.agreed + page.figures.missed
        return (
          <div className={classes.sample} data-open={chosen !== undefined || undefined}>
            <section className={classes.list} aria-label={t('place.samples')}>
              <Toolbar title={t('place.samples')}>
                <Segments label={t('cargo.stateLabel')} value={state} onChange={(value) => void navigate({ params: { id: undefined }, search: { state: value === 'open' ? undefined : value }, replace: true })} options={results.map((value) => ({ value, label: t(`cargo.sample.${value}`) }))} />
                <Push />
                <span className={classes.quiet} data-test="sample-figures">
                  {page.figures.one_in > 0 ? t('cargo.sample.oneIn', { n: number(page.figures.one_in, speech) }) : t('cargo.sample.off')}
                  {looked > 0 && <>{t('list.comma')}{t('cargo.sample.share', { missed: number(page.figures.missed, speech), of: number(looked, speech) })}</>}
                </span>
              </Toolbar>
              {page.items.length > 0 ? (
                <Grid label={t('place.samples')} className={classes.samples} wide lines={page.items.map((row) => ({ kind: 'row' as const, key: row.id, row }))} columns={columns} selected={id} onSelect={open} onOpen={open} />
              ) : (
                <Empty>{t(`cargo.sample.none.${state}`)}</Empty>
              )}
            </section>
            {chosen && (
              <aside className={classes.pane}>
                <header className={desk.paneHead}>
                  <h2><Waybill of={chosen} strong /></h2>
                  <span className={desk.push} />
                  <Act icon="cross" onClick={() => open(undefined)} aria-label={t('funds.close')} />
                </header>
                <section className={desk.part}>
                <p>
                  <Link to="/cargo/consignments/$id" params={{ id: chosen.id }} className={classes.link}>
                    {t('cargo.sample.look')}
                  </Link>
                </p>
                {chosen.verdict ? (
                  <p>
                    <Tag tone={chosen.result === 'missed' ? 'high' : 'trusted'}>{t(`cargo.sample.${chosen.result}`)}</Tag> <bdi>{chosen.verdict.by}</bdi>
                    {t('list.comma')}
                    <Instant at={chosen.verdict.at} dateToo />
                    {chosen.verdict.reason && <span dir="auto"> {chosen.verdict.reason}</span>}
                  </p>
                ) : (
                  may && <Judge key={chosen.id} id={chosen.id} onDone={() => open(undefined)} />
                )}
                </section>
              </aside>
            )}
          </div>
        )
      }}
    </Answer>
  )
}

function Judge({ id, onDone }: { id: string; onDone: () => void }) {
  const { t } = useTranslation()
  const judge = useJudge(id)
  const [reason, setReason] = useState('')
  return (
    <div data-test="judge">
      <p className={classes.quiet}>{t('cargo.sample.ask')}</p>
      <Textarea label={t('cargo.sample.reason')} value={reason} autosize minRows={2} dir="auto" onChange={(event) => setReason(event.currentTarget.value)} />
      <div className={classes.acts}>
        <Act disabled={judge.isPending} onClick={() => judge.mutate({ missed: false, ...(reason.trim() ? { reason: reason.trim() } : {}) }, { onSuccess: onDone })}>
          {t('cargo.sample.agree')}
        </Act>
        <Act disabled={judge.isPending || reason.trim().length < 10} onClick={() => judge.mutate({ missed: true, reason: reason.trim() }, { onSuccess: onDone })}>
          {t('cargo.sample.miss')}
        </Act>
      </div>
      <ActFailed error={judge.error} />
    </div>
  )
}

function useColumns(): Column<Sampled>[] {
  const { t } = useTranslation()
  const speech = useSpeech()
  return [
    { id: 'waybill', head: t('cargo.waybill'), cell: (one) => <Waybill of={one} strong /> },
    { id: 'flight', head: t('flights.flight'), cell: (one) => (one.flight ? <Code>{one.flight}</Code> : <Dot />) },
    { id: 'from', head: t('cargo.role.consignor'), cell: (one) => <Cut title={one.consignor?.name}><bdi>{one.consignor?.name}</bdi></Cut> },
    { id: 'to', head: t('cargo.role.consignee'), cell: (one) => <Cut title={one.consignee?.name}><bdi>{one.consignee?.name}</bdi></Cut> },
    { id: 'goods', head: t('cargo.goods'), cell: (one) => <Cut title={one.goods}><bdi>{one.goods}</bdi></Cut> },
    { id: 'pieces', head: t('cargo.pieces'), numeric: true, cell: (one) => number(one.pieces, speech) },
    { id: 'kg', head: t('cargo.weight'), numeric: true, cell: (one) => <Weight kg={one.kg} /> },
    { id: 'sampled', head: t('cargo.sample.at'), cell: (one) => <Instant at={one.sampled} dateToo /> },
  ]
}
