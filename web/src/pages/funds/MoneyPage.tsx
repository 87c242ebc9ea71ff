import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type MoneyEdge, type MoneyGraph as Graph, type PartyFile, useMoney, useParty } from '../../api/funds'
import { useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { moneyRoute } from '../../app/router'
import { caseNumber, standing } from '../../format/finding'
import { country } from '../../format/exchange'
import { inWindow } from '../../format/money'
import { Push, Segments, Toolbar } from '../../ui/bars'
import { Answer, Empty, Loading } from '../../ui/Faces'
import { FindingCard } from '../../ui/FindingCard'
import { type Column, Grid, StatusNote } from '../../ui/Grid'
import { Act, Code, Cut, Day, Name } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import { SharePane } from '../exchange/SharePane'
import { FreezePart } from './FreezePart'
import classes from './funds.module.css'
import { Amount } from './parts'
import { TimeAxis } from './TimeAxis'

const MoneyGraph = lazy(() => import('./MoneyGraph'))

/** One party's money over time: who paid in, who was paid, on an axis of days; and a table that says the same. */
export function MoneyPage() {
  const { t } = useTranslation()
  const { id } = moneyRoute.useParams()
  const search = moneyRoute.useSearch()
  const navigate = useNavigate({ from: '/funds/parties/$id' })
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  const depth = search.depth === '2' ? '2' : '1'
  const party = useParty(id)
  const money = useMoney(id, depth)
  const [sharing, setSharing] = useState(false)
  useKeys({ 'list.back': () => (search.at || search.from || search.to ? set({ at: undefined, from: undefined, to: undefined }) : void navigate({ to: '/funds/reports/{-$id}' })) })
  useEffect(() => {
    document.title = `${party.data?.name ?? t('place.money')} · Rihla`
  }, [party.data, t])
  return (
    <>
      <Toolbar title={<>{t('place.money')} <Name>{party.data?.name}</Name></>}>
        <Segments label={t('links.depth')} value={depth} onChange={(value) => set({ depth: value === '1' ? undefined : value })} options={[{ value: '1', label: t('links.one') }, { value: '2', label: t('links.two') }]} />
        <Push />
        <Act icon="send" onClick={() => setSharing(true)} data-test="share">{t('give.share')}</Act>
        <Act icon="download" onClick={() => void navigate({ to: '/funds/disseminations/{-$id}', search: { act: 'new', of: id } })}>{t('funds.disseminate')}</Act>
      </Toolbar>
      <div className={classes.money}>
        <Answer of={money} rows={14}>{(known) => <Picture graph={known} at={search.at} from={search.from} to={search.to} onAt={(at) => set({ at })} onWindow={(from, to) => set({ from, to })} onOpen={(next) => void navigate({ params: { id: next }, search: {} })} />}</Answer>
        <section className={classes.side} aria-label={t('funds.movements')}>
          {sharing && party.data ? (
            <SharePane item={(category) => (category === 'freeze' ? (party.data?.freeze?.case ?? id) : id)} title={party.data.name} categories={['fiu-known', 'fiu-analysis', ...(party.data.freeze ? ['freeze'] : [])]} onClose={() => setSharing(false)} />
          ) : (
            <>
              {money.data && <Table graph={money.data} at={search.at} from={search.from} to={search.to} onAt={(at) => set({ at })} />}
              <Answer of={party}>{(known) => <PartySheet one={known} />}</Answer>
            </>
          )}
        </section>
      </div>
      {money.data?.truncated && <StatusNote>{t('links.truncated')}</StatusNote>}
    </>
  )
}

type PictureProps = { graph: Graph; at?: string; from?: string; to?: string; onAt: (id: string | undefined) => void; onWindow: (from: string | undefined, to: string | undefined) => void; onOpen: (id: string) => void }

function Picture({ graph, at, from, to, onAt, onWindow, onOpen }: PictureProps) {
  const { t } = useTranslation()
  const chosen = graph.edges.find((edge) => edge.id === at)
  if (graph.edges.length === 0)
    return (
      <section className={classes.picture}>
        <Empty>{t('funds.noMoney')}</Empty>
      </section>
    )
  return (
    <section className={classes.picture} aria-label={t('place.money')}>
      <Suspense fallback={<Loading rows={10} />}>
        <MoneyGraph graph={graph} from={from} to={to} chosen={chosen} onOpen={onOpen} onEdge={onAt} />
      </Suspense>
      <TimeAxis graph={graph} from={from} to={to} chosen={chosen?.day} onWindow={onWindow} />
    </section>
  )
}

// As tall as its rows, up to a dozen; beyond that it scrolls.
const mostRows = 12

function Table({ graph, at, from, to, onAt }: { graph: Graph; at?: string; from?: string; to?: string; onAt: (id: string | undefined) => void }) {
  const { t } = useTranslation()
  const names = useMemo(() => new Map(graph.nodes.map((node) => [node.id, node])), [graph])
  const label = (id: string) => {
    const node = names.get(id)
    return node?.kind === 'border' ? t('funds.border') : node?.kind === 'counter' ? t('funds.counter') : (node?.label ?? '')
  }
  const shown = useMemo(() => graph.edges.filter((edge) => inWindow(edge, from, to)).sort((a, b) => Date.parse(b.at) - Date.parse(a.at)), [graph, from, to])
  const columns: Column<MoneyEdge>[] = [
    { id: 'day', head: t('funds.day'), cell: (edge) => <Day of={edge.day} /> },
    { id: 'kind', head: t('funds.kindLabel'), cell: (edge) => t(`funds.movement.${edge.kind}`, { defaultValue: edge.kind }) },
    { id: 'from', head: t('funds.from'), cell: (edge) => <Cut title={label(edge.from)}>{label(edge.from)}</Cut> },
    { id: 'to', head: t('funds.to'), cell: (edge) => <Cut title={label(edge.to)}>{label(edge.to)}</Cut> },
    { id: 'amount', head: t('funds.amount'), numeric: true, cell: (edge) => <Amount of={edge.amount} currency={edge.currency} /> },
    { id: 'findings', head: t('funds.typology'), cell: (edge) => <Code quiet>{edge.findings?.join(' ')}</Code> },
  ]
  return (
    <div className={classes.sideGrid} data-rows={Math.min(shown.length, mostRows)}>
      {shown.length > 0 ? <Grid label={t('funds.movements')} className={classes.moves} wide lines={shown.map((row) => ({ kind: 'row' as const, key: row.id, row }))} columns={columns} selected={at} onSelect={onAt} /> : <Empty>{t('funds.noneInWindow')}</Empty>}
    </div>
  )
}

function PartySheet({ one }: { one: PartyFile }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const findings = standing(one.findings ?? [])
  return (
    <>
      <Part title={t('funds.known')} note={t(`funds.party.${one.kind}`)}>
        <ul className={classes.facts} data-test="party">
          {!!one.also?.length && <li><span>{t('funds.also')}</span> <bdi>{one.also.join(t('list.comma'))}</bdi></li>}
          {!!one.births?.length && <li><span>{t('field.born')}</span> {one.births.map((born) => <Day key={born} of={born} />)}</li>}
          {!!one.nationalities?.length && <li><span>{t('field.nationality')}</span> {one.nationalities.map((code) => country(code, speech.language)).join(t('list.comma'))}</li>}
          {(one.documents ?? []).map((document) => <li key={document.number}><span>{t('field.document')}</span> <Code>{[document.issuer, document.number].filter(Boolean).join(' ')}</Code></li>)}
          {one.account && <li><span>{t('cargo.account')}</span> <Code>{one.account}</Code></li>}
          {one.institution && <li><span>{t('funds.institution')}</span> <bdi>{one.institution}</bdi></li>}
          {one.opened && <li><span>{t('funds.opened')}</span> <Day of={one.opened} /></li>}
          {one.registration && <li><span>{t('funds.registration')}</span> <Code>{one.registration}</Code></li>}
          {!!one.occupations?.length && <li><span>{t('funds.occupation')}</span> <bdi>{one.occupations.join(t('list.comma'))}</bdi></li>}
          {(one.contacts ?? []).map((contact) => <li key={contact.value}><span>{t(`field.${contact.kind}`, { defaultValue: contact.kind })}</span> <Code>{contact.value}</Code></li>)}
        </ul>
        <ul className={classes.facts}>
          {(one.cases ?? []).map((known) => (
            <li key={known.id}>
              <Link to="/queue/{-$id}" params={{ id: known.id }} className={classes.link}>
                <Code>{caseNumber(known.number)}</Code> {t(`caseState.${known.state}`, { defaultValue: known.state })}
              </Link>
            </li>
          ))}
          {(one.reports ?? []).map((report) => (
            <li key={report.id}>
              <Link to="/funds/reports/{-$id}" params={{ id: report.id }} className={classes.link}>
                <Code>{`${report.code ?? ''} ${report.ref}`.trim()}</Code>
              </Link>
            </li>
          ))}
        </ul>
      </Part>
      {one.freeze && <FreezePart of={one.freeze} party={one.id} />}
      <Part title={t('passenger.findings')}>
        {findings.length === 0 && <p className={classes.quiet}>{t('funds.noFindings')}</p>}
        {findings.map((finding) => (
          <FindingCard key={`${finding.engine}-${finding.matched}`} finding={finding} />
        ))}
        {!!one.not_evaluable?.length && (
          <p className={classes.note}>
            {t('funds.notEvaluable')} {one.not_evaluable.map((unknown) => `${unknown.typology} (${t(`funds.lacking.${unknown.missing}`, { defaultValue: unknown.missing })})`).join(t('list.comma'))}
          </p>
        )}
      </Part>
      {!!one.declarations?.length && (
        <Part title={t('place.declarations')}>
          <ul className={classes.facts}>
            {one.declarations.map((declaration) => (
              <li key={declaration.id}>
                <Link to="/funds/declarations/{-$id}" params={{ id: declaration.id }} className={classes.link}>
                  <Code>{declaration.ref}</Code>
                </Link>{' '}
                <Day of={declaration.made_at.slice(0, 10)} /> <Amount of={declaration.value_usd} currency="USD" />
              </li>
            ))}
          </ul>
        </Part>
      )}
      {!!one.partner?.length && (
        <Part title={t('funds.partner')}>
          {one.partner.map((told) => (
            <p key={told.id}>
              <strong className={told.result === 'agreed' ? undefined : classes.late}>{t(`funds.reconciled.${told.result}`)}</strong> <Amount of={told.value_usd} currency="USD" /> <Day of={told.day} /> <Code quiet>{told.flight}</Code>
            </p>
          ))}
        </Part>
      )}
    </>
  )
}
