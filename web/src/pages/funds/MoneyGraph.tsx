import cytoscape, { type Core, type ElementDefinition, type StylesheetJson } from 'cytoscape'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { MoneyEdge, MoneyGraph as Graph } from '../../api/funds'
import { useSpeech } from '../../app/home'
import { useScheme } from '../../app/prefs'
import { columnsOf, flowsOf, inWindow } from '../../format/money'
import { number } from '../../format/time'
import classes from './funds.module.css'

/*
 * The picture beside the table. It holds nothing that the table does not say, so it is hidden from readers. Money flows
 * along the line of reading: who pays before the one in the middle, who is paid after.
 */

// The library adds a style element of its own unless one of this name is there; the page's security policy refuses it.
const ownStyle = '__________cytoscape_stylesheet'

const widest = 1.2

type Props = { graph: Graph; from?: string; to?: string; chosen?: MoneyEdge; onOpen: (id: string) => void; onEdge: (id: string | undefined) => void }

export default function MoneyGraph({ graph, from, to, chosen, onOpen, onEdge }: Props) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const scheme = useScheme()
  const place = useRef<HTMLDivElement>(null)
  const made = useRef<Core>(null)
  const latest = useRef({ onOpen, onEdge, graph })
  latest.current = { onOpen, onEdge, graph }
  const mirrored = speech.language === 'ar' ? -1 : 1
  const flows = useMemo(() => flowsOf(graph.edges.filter((edge) => inWindow(edge, from, to))), [graph, from, to])

  useEffect(() => {
    const container = place.current
    if (!container) return
    if (!document.getElementById(ownStyle)) {
      const mark = document.createElement('meta')
      mark.id = ownStyle
      document.head.append(mark)
    }
    const places = columnsOf(graph)
    const joined = new Set([graph.root, ...graph.edges.flatMap((edge) => [edge.from, edge.to])])
    const nodes = graph.nodes.filter((node) => joined.has(node.id)).map((node): ElementDefinition => {
      const at = places.get(node.id) ?? { x: 0, y: 0 }
      const label = node.kind === 'border' ? t('funds.border') : node.kind === 'counter' ? t('funds.counter') : node.label
      return { data: { id: node.id, label: `\u2068${label}\u2069` }, position: { x: at.x * mirrored, y: at.y }, classes: [node.kind, node.root || node.id === graph.root ? 'root' : '', node.severity ?? ''].filter(Boolean).join(' ') }
    })
    const core = cytoscape({ container, elements: nodes, layout: { name: 'preset', fit: true, padding: 40 }, style: looks(), minZoom: 0.2, maxZoom: 2.5, wheelSensitivity: 0.3, autoungrabify: true, boxSelectionEnabled: false })
    core.on('tap', 'node', (event) => {
      const id = event.target.id() as string
      const node = latest.current.graph.nodes.find((one) => one.id === id)
      if (node && id !== latest.current.graph.root && node.kind !== 'border' && node.kind !== 'counter') latest.current.onOpen(id)
    })
    core.on('tap', 'edge', (event) => {
      const id = event.target.id() as string
      const found = latest.current.graph.edges.filter((edge) => `${edge.from}>${edge.to}>${edge.kind}` === id).sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
      latest.current.onEdge(found[0]?.id)
    })
    made.current = core
    const fit = () => {
      core.resize()
      core.fit(undefined, 40)
      // Two nodes alone need not fill the picture.
      if (core.zoom() > widest) {
        core.zoom(widest)
        core.center()
      }
    }
    const watch = new ResizeObserver(fit)
    fit()
    watch.observe(container)
    return () => {
      watch.disconnect()
      core.destroy()
      made.current = null
    }
  }, [graph, scheme, t, mirrored])

  useEffect(() => {
    const core = made.current
    if (!core) return
    const most = Math.max(1, ...flows.map((flow) => flow.usd))
    core.batch(() => {
      core.edges().remove()
      for (const flow of flows) {
        if (core.getElementById(flow.from).empty() || core.getElementById(flow.to).empty()) continue
        const sum = `${number(Math.round(flow.usd), speech)} USD${flow.count > 1 ? ` ×${number(flow.count, speech)}` : ''}`
        core.add({ data: { id: flow.id, source: flow.from, target: flow.to, label: `\u2066${sum}\u2069`, thick: 1 + 6 * Math.sqrt(flow.usd / most) }, classes: [flow.found ? 'found' : '', flow.suspicious ? 'suspicious' : '', flow.kind.startsWith('carried') ? 'cash' : ''].filter(Boolean).join(' ') })
      }
      const used = new Set(flows.flatMap((flow) => [flow.from, flow.to]))
      core.nodes().forEach((node) => {
        node.toggleClass('dim', !used.has(node.id()) && node.id() !== latest.current.graph.root)
      })
      if (chosen) core.getElementById(`${chosen.from}>${chosen.to}>${chosen.kind}`).addClass('chosen')
    })
  }, [flows, chosen, scheme, speech, mirrored, t])

  return <div ref={place} className={classes.graph} aria-hidden="true" data-test="money-graph" data-flows={flows.length} />
}

/** The theme's own colours, read where they stand, since a canvas knows no style sheet. */
function looks(): StylesheetJson {
  const style = getComputedStyle(document.documentElement)
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return [
    { selector: 'node', style: { label: 'data(label)', width: 16, height: 16, 'background-color': of('control'), 'border-width': 0, 'font-family': 'IBM Plex Sans, IBM Plex Sans Arabic, sans-serif', 'font-size': 12, color: of('text'), 'text-valign': 'bottom', 'text-margin-y': 4, 'text-wrap': 'wrap', 'text-max-width': '170px', 'text-background-color': of('surface'), 'text-background-opacity': 0.85, 'text-background-padding': '1px' } },
    { selector: 'node.organisation', style: { shape: 'round-rectangle' } },
    { selector: 'node.account', style: { shape: 'round-rectangle', 'background-color': of('surface'), 'border-width': 1.5, 'border-color': of('control') } },
    { selector: 'node.border, node.counter', style: { shape: 'rectangle', 'background-color': of('sunken'), 'border-width': 1, 'border-style': 'dashed', 'border-color': of('line-2'), color: of('text-3') } },
    { selector: 'node.critical', style: { shape: 'octagon', 'background-color': of('critical'), color: of('critical') } },
    { selector: 'node.high', style: { shape: 'triangle', 'background-color': of('high'), color: of('high') } },
    { selector: 'node.root', style: { width: 26, height: 26, 'border-width': 3, 'border-style': 'solid', 'border-color': of('accent'), color: of('text'), 'font-weight': 600, 'font-size': 14, 'z-index': 10 } },
    { selector: 'edge', style: { width: 'data(thick)', label: 'data(label)', 'font-size': 11, color: of('text-2'), 'text-background-color': of('surface'), 'text-background-opacity': 0.9, 'text-background-padding': '1px', 'line-color': of('line-2'), 'target-arrow-color': of('line-2'), 'target-arrow-shape': 'triangle', 'arrow-scale': 0.8, 'curve-style': 'bezier', 'font-family': 'IBM Plex Sans, sans-serif', 'min-zoomed-font-size': 7 } },
    { selector: 'edge.cash', style: { 'line-style': 'dashed' } },
    { selector: 'edge.suspicious', style: { 'line-color': of('medium'), 'target-arrow-color': of('medium') } },
    { selector: 'edge.found', style: { 'line-color': of('high'), 'target-arrow-color': of('high'), color: of('high') } },
    { selector: 'edge.chosen', style: { 'line-color': of('accent'), 'target-arrow-color': of('accent'), color: of('accent'), 'z-index': 20 } },
    { selector: '.dim', style: { opacity: 0.25 } },
  ] as StylesheetJson
}
