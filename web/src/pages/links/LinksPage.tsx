import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLinkPath, useLinks, usePassenger, useSearch } from '../../api/queries'
import type { LinkEdge, LinkNode, LinkPath, Links } from '../../api/types'
import { useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { useRested } from '../../app/rested'
import { linksRoute } from '../../app/router'
import { number } from '../../format/time'
import { Find, Push, Segments, Toolbar } from '../../ui/bars'
import { Answer, Empty, Loading, NoMatch } from '../../ui/Faces'
import { type Column, Grid, type Line, StatusNote } from '../../ui/Grid'
import { Icon } from '../../ui/Icon'
import { LinkWay, type WayStep } from '../../ui/LinkWay'
import { Act, Code, Cut, Figure, FlightContext, Instant, Name } from '../../ui/parts'
import { first } from '../flight/PassengerPane'
import { kinds, useKindWord } from '../../ui/linkKinds'
import { people, type Tree, treeOf, wayTo } from './layout'
import classes from './LinksPage.module.css'

const LinkGraph = lazy(() => import('./LinkGraph'))

/** Who shares what with whom, as a picture and as a table that say the same; and the way between two people. */
export function LinksPage() {
  const { t } = useTranslation()
  const { id } = linksRoute.useParams()
  const search = linksRoute.useSearch()
  const navigate = useNavigate({ from: '/people/$id/links' })
  const depth = search.depth === '1' ? '1' : '2'
  const shared = search.kinds ?? ''
  const links = useLinks(id, depth, shared)
  const passenger = usePassenger(id)
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  useKeys({ 'list.back': () => (search.at || search.to ? set({ at: undefined, to: undefined }) : void navigate({ to: '/people/$id', params: { id } })) })
  useEffect(() => {
    document.title = `${t('links.title')} · Rihla`
  }, [t])
  const name = passenger.data ? [first(passenger.data, 'surname'), first(passenger.data, 'given')].filter(Boolean).join(', ') : links.data?.nodes.find((node) => node.id === links.data?.root)?.label
  const chosenKinds = shared ? shared.split(',') : []
  const toggle = (kind: string) => {
    const next = chosenKinds.includes(kind) ? chosenKinds.filter((one) => one !== kind) : [...chosenKinds, kind]
    set({ kinds: next.length ? next.join(',') : undefined })
  }
  return (
    <>
      <Toolbar title={<>{t('links.title')} <Link to="/people/$id" params={{ id }} className={classes.who}><Name>{name}</Name></Link></>}>
        <Segments label={t('links.depth')} value={depth} onChange={(value) => set({ depth: value === '2' ? undefined : value })} options={[{ value: '1', label: t('links.one') }, { value: '2', label: t('links.two') }]} />
        <Segments label={t('links.as')} value={search.as === 'table' ? 'table' : 'graph'} onChange={(value) => set({ as: value === 'graph' ? undefined : value })} options={[{ value: 'graph', label: t('links.graph') }, { value: 'table', label: t('links.table') }]} />
        <Push />
        <Target from={id} nodes={links.data?.nodes ?? []} onChoose={(to) => set({ to, at: undefined })} />
      </Toolbar>
      <div className={classes.kinds} role="group" aria-label={t('links.kinds')}>
        <Kinds chosen={chosenKinds} onToggle={toggle} onAll={() => set({ kinds: undefined })} />
      </div>
      {search.to && <Way from={id} to={search.to} name={name} onClose={() => set({ to: undefined })} />}
      <Answer of={links} rows={16}>
        {(known) =>
          known.nodes.length <= 1 ? (
            shared ? <NoMatch filters={chosenKinds.map((kind) => t(`links.kind.${kind}`, { defaultValue: kind }))} onClear={() => set({ kinds: undefined })} /> : <Empty>{t('links.none')}</Empty>
          ) : (
            <Both links={known} at={search.at} to={search.to} graph={search.as !== 'table'} onAt={(at) => set({ at })} onTo={(to) => set({ to })} />
          )
        }
      </Answer>
    </>
  )
}

function Kinds({ chosen, onToggle, onAll }: { chosen: string[]; onToggle: (kind: string) => void; onAll: () => void }) {
  const { t } = useTranslation()
  const word = useKindWord()
  return (
    <>
      <button type="button" aria-pressed={chosen.length === 0} onClick={onAll}>
        {t('links.every')}
      </button>
      {kinds.map((kind) => (
        <button key={kind} type="button" aria-pressed={chosen.includes(kind)} onClick={() => onToggle(kind)} data-test={`kind-${kind}`}>
          {word(kind)}
        </button>
      ))}
    </>
  )
}

const ends = (node: LinkNode | undefined) => (node?.status?.includes('listed') ? 'listed' : node?.status?.includes('decided') ? 'decided' : undefined)

/** What joins the middle to a person, step by step, a value between two people being one step. */
export function stepsTo(links: Pick<Links, 'nodes' | 'root' | 'edges'>, tree: Tree, id: string): WayStep[] {
  const nodes = new Map(links.nodes.map((node) => [node.id, node]))
  const steps: WayStep[] = []
  let through: { node: LinkNode; edge?: LinkEdge } | undefined
  for (const at of wayTo(tree, id).slice(1)) {
    const node = nodes.get(at)
    const edge = tree.get(at)?.edge
    if (!node) continue
    if (node.kind === 'value') through = { node, edge }
    else {
      const kind = through?.node.value_kind ?? edge?.kind ?? ''
      const firsts = [through?.edge?.first, edge?.first].filter((one) => one !== undefined).sort()
      const lasts = [through?.edge?.last, edge?.last].filter((one) => one !== undefined).sort()
      steps.push({ kind, value: through?.node.label, to: node.id, name: node.label, first: firsts[0], last: lasts.at(-1), weight: edge?.weight, status: ends(node) })
      through = undefined
    }
  }
  return steps
}

function Both({ links, at, to, graph, onAt, onTo }: { links: Links; at?: string; to?: string; graph: boolean; onAt: (at: string | undefined) => void; onTo: (to: string) => void }) {
  const { t } = useTranslation()
  const [hovered, setHovered] = useState<string>()
  const tree = useMemo(() => treeOf(links), [links])
  const focus = hovered ?? at ?? to
  const lit = useMemo(() => new Set(focus && (tree.has(focus) || focus === links.root) ? wayTo(tree, focus) : []), [focus, tree, links.root])
  const me = links.nodes.find((node) => node.id === links.root)
  const chosen = links.nodes.find((node) => node.id === at)
  return (
    <div className={classes.split} data-graph={graph || undefined}>
      {graph && (
        <section className={classes.picture} aria-label={t('links.graph')}>
          <Suspense fallback={<Loading rows={8} />}>
            <LinkGraph links={links} tree={tree} lit={lit} chosen={at} onHover={setHovered} onChoose={(id) => onAt(id === links.root ? undefined : id)} />
          </Suspense>
          <Legend truncated={links.truncated} />
        </section>
      )}
      <section className={classes.side} aria-label={t('links.table')}>
        {chosen && chosen.kind === 'person' && (
          <div className={classes.chosen} data-test="chosen">
            <LinkWay from={me?.label} steps={stepsTo(links, tree, chosen.id)} />
            <div className={classes.acts}>
              <Link to="/people/$id" params={{ id: chosen.id }} className={classes.open}>
                {t('links.openPerson')}
              </Link>
              <Link to="/people/$id/links" params={{ id: chosen.id }} className={classes.open}>
                {t('links.recentre')}
              </Link>
              <Act onClick={() => onTo(chosen.id)} data-test="find-way">
                {t('links.strongest')}
              </Act>
            </div>
          </div>
        )}
        <Table links={links} tree={tree} at={at} onAt={onAt} />
      </section>
      {links.truncated && <StatusNote>{t('links.truncated')}</StatusNote>}
    </div>
  )
}

function Legend({ truncated }: { truncated: boolean }) {
  const { t } = useTranslation()
  return (
    <p className={classes.legend}>
      <span><i data-mark="person" />{t('links.legend.person')}</span>
      <span><i data-mark="value" />{t('links.legend.value')}</span>
      <span data-tone="critical"><i data-mark="listed" />{t('links.status.listed')}</span>
      <span data-tone="high"><i data-mark="decided" />{t('links.status.decided')}</span>
      <span><i data-mark="common" />{t('links.legend.common')}</span>
      {truncated && <strong>{t('links.truncated')}</strong>}
    </p>
  )
}

function Table({ links, tree, at, onAt }: { links: Links; tree: Tree; at?: string; onAt: (at: string | undefined) => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const word = useKindWord()
  const all = useMemo(() => people(links.nodes, links.root), [links])
  const columns: Column<LinkNode>[] = [
    {
      id: 'status',
      head: t('links.column.status'),
      cell: (node) => {
        const status = ends(node)
        return status ? <span className={classes.status} data-status={status}><i data-mark={status} />{t(`links.status.${status}`)}</span> : null
      },
    },
    { id: 'name', head: t('links.column.name'), cell: (node) => <Cut title={node.label}>{node.label ?? t('links.nameless')}</Cut> },
    { id: 'shares', head: t('links.column.shares'), cell: (node) => stepsTo(links, tree, node.id).map((step) => [word(step.kind), step.value].filter(Boolean).join(' ')).join(t('links.then')) },
    { id: 'context', head: t('links.column.trip'), cell: (node) => <FlightContext of={node.context} /> },
    { id: 'trips', head: t('links.column.trips'), numeric: true, cell: (node) => (node.trips === undefined ? null : number(node.trips, speech)) },
    { id: 'last', head: t('links.column.last'), cell: (node) => <Instant at={node.last} dateToo /> },
    { id: 'weight', head: t('links.column.weight'), numeric: true, cell: (node) => (node.weight === undefined ? null : <Figure>{node.weight.toFixed(2)}</Figure>) },
  ]
  const common = links.nodes.filter((node) => node.kind === 'value' && node.common)
  const steps = [1, 2].map((step) => ({ step, rows: all.filter((node) => (node.step ?? 2) === step) })).filter(({ rows }) => rows.length > 0)
  const lines: Line<LinkNode>[] = steps.flatMap(({ step, rows }) => [
    { kind: 'group' as const, key: `step${step}`, title: t(step === 1 ? 'links.one' : 'links.two'), note: number(rows.length, speech) },
    ...rows.map((row) => ({ kind: 'row' as const, key: row.id, row })),
  ])
  return (
    <>
      <Grid label={t('links.table')} className={classes.table} lines={lines} columns={columns} selected={at} onSelect={onAt} onOpen={onAt} wide />
      {common.length > 0 && (
        <p className={classes.common}>
          {t('links.commonNote')}{' '}
          {common.map((node, index) => (
            <span key={node.id}>{index > 0 && t('list.comma')}{word(node.value_kind ?? '')} <Code quiet>{node.label}</Code></span>
          ))}
        </p>
      )}
    </>
  )
}

/** The other end of a way: someone in the picture, or anybody the search finds. */
function Target({ from, nodes, onChoose }: { from: string; nodes: readonly LinkNode[]; onChoose: (id: string) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const found = useSearch(useRested(text.trim()))
  const plain = text.trim().toLocaleLowerCase()
  const near = plain.length < 2 ? [] : nodes.filter((node) => node.kind === 'person' && node.id !== from && node.label?.toLocaleLowerCase().includes(plain)).map((node) => ({ id: node.id, title: node.label ?? '', detail: node.context }))
  const far = plain.length < 2 ? [] : (found.data ?? []).filter((hit) => hit.kind === 'passenger' && hit.id !== from && !near.some((one) => one.id === hit.id))
  const all = [...near, ...far].slice(0, 12)
  return (
    <div className={classes.target}>
      <Find label={t('links.to')} value={text} onChange={setText} />
      {all.length > 0 && (
        <ul className={classes.targets} data-test="targets">
          {all.map((one) => (
            <li key={one.id}>
              <button type="button" onClick={() => { setText(''); onChoose(one.id) }}>
                <bdi>{one.title}</bdi> <bdi className={classes.quiet}>{one.detail}</bdi>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

const stepsOf = (path: LinkPath): WayStep[] => {
  const nodes = new Map(path.nodes.map((node) => [node.id, node]))
  return path.steps.map((step) => ({ ...step, name: nodes.get(step.to)?.label, status: ends(nodes.get(step.to)) }))
}

function Way({ from, to, name, onClose }: { from: string; to: string; name?: string; onClose: () => void }) {
  const { t } = useTranslation()
  const path = useLinkPath(from, to)
  return (
    <section className={classes.pathPane} aria-label={t('links.way')} data-test="path">
      <Answer of={path} rows={2}>
        {(known) =>
          known.found ? (
            <LinkWay from={name} steps={stepsOf(known)} />
          ) : (
            <p className={classes.quiet}>
              <Icon name="links" size={14} /> {t('links.notJoined')} <Name>{known.nodes.find((node) => node.id !== from)?.label}</Name>
            </p>
          )
        }
      </Answer>
      <button type="button" className={classes.close} onClick={onClose} aria-label={t('links.closeWay')}>
        <Icon name="cross" size={14} />
      </button>
    </section>
  )
}
