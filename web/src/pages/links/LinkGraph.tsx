import cytoscape, { type Core, type ElementDefinition, type StylesheetJson } from 'cytoscape'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Links } from '../../api/types'
import { useScheme } from '../../app/prefs'
import { useKindWord } from '../../ui/linkKinds'
import { layout, type Tree } from './layout'
import classes from './LinksPage.module.css'

/*
 * The picture beside the table. It holds nothing that the table does not say, so it is hidden from readers; whoever
 * uses the keyboard moves through the table, and the picture follows.
 */

// The library adds a style element of its own unless one of this name is there; the page's security policy refuses it.
const ownStyle = '__________cytoscape_stylesheet'

type Props = { links: Links; tree: Tree; lit: ReadonlySet<string>; chosen?: string; onHover: (id: string | undefined) => void; onChoose: (id: string) => void }

export default function LinkGraph({ links, tree, lit, chosen, onHover, onChoose }: Props) {
  const { t } = useTranslation()
  const word = useKindWord()
  const scheme = useScheme()
  const place = useRef<HTMLDivElement>(null)
  const graph = useRef<Core>(null)
  const latest = useRef({ onHover, onChoose })
  latest.current = { onHover, onChoose }

  useEffect(() => {
    const container = place.current
    if (!container) return
    if (!document.getElementById(ownStyle)) {
      const mark = document.createElement('meta')
      mark.id = ownStyle
      document.head.append(mark)
    }
    const places = layout(links, tree)
    const isolated = (text: string) => `\u2068${text}\u2069`
    const elements: ElementDefinition[] = [
      ...links.nodes.map((node): ElementDefinition => {
        const status = node.status?.includes('listed') ? 'listed' : node.status?.includes('decided') ? 'decided' : undefined
        const name = isolated(node.label ?? t('links.nameless'))
        return {
          data: { id: node.id, label: node.kind === 'value' ? `${word(node.value_kind ?? '')} ${isolated(node.label ?? '')}` : status ? `${name}\n${t(`links.status.${status}`)}` : name },
          position: places.get(node.id) ?? { x: 0, y: 0 },
          classes: [node.kind, status, node.common ? 'common' : '', node.id === links.root ? 'root' : '', node.step === 1 || links.nodes.length < 40 ? 'near' : ''].filter(Boolean).join(' '),
        }
      }),
      ...links.edges
        .filter((edge) => places.has(edge.from) && places.has(edge.to))
        .map((edge, index): ElementDefinition => ({ data: { id: `e${index}`, source: edge.from, target: edge.to, thick: 0.6 + 2.4 * Math.min(1, edge.weight) }, classes: [edge.kind === 'cotravel' ? 'cotravel' : '', edge.common ? 'common' : ''].filter(Boolean).join(' ') })),
    ]
    const made = cytoscape({ container, elements, layout: { name: 'preset', fit: true, padding: 36 }, style: looks(), minZoom: 0.15, maxZoom: 3, wheelSensitivity: 0.3, autoungrabify: true, boxSelectionEnabled: false })
    made.on('mouseover', 'node', (event) => latest.current.onHover(event.target.id() as string))
    made.on('mouseout', 'node', () => latest.current.onHover(undefined))
    made.on('tap', 'node.person', (event) => latest.current.onChoose(event.target.id() as string))
    made.on('zoom', () => readable(made))
    readable(made)
    graph.current = made
    const watch = new ResizeObserver(() => {
      made.resize()
      made.fit(undefined, 36)
    })
    watch.observe(container)
    return () => {
      watch.disconnect()
      made.destroy()
      graph.current = null
    }
  }, [links, tree, scheme, t, word])

  useEffect(() => {
    const made = graph.current
    if (!made) return
    made.batch(() => {
      made.elements().removeClass('lit dim chosen')
      if (lit.size > 1) {
        const nodes = made.nodes().filter((node) => lit.has(node.id()))
        const edges = nodes.edgesWith(nodes)
        made.elements().not(nodes).not(edges).addClass('dim')
        nodes.addClass('lit')
        edges.addClass('lit')
      }
      if (chosen) made.getElementById(chosen).addClass('chosen')
    })
    readable(made)
  }, [lit, chosen, links, tree, scheme])

  return <div ref={place} className={classes.graph} aria-hidden="true" data-test="graph" data-nodes={links.nodes.length} />
}

// What matters most is read at any distance: its words and marks are drawn larger as the picture gets smaller.
const always = 'node.root, node.listed, node.decided, node.lit'
function readable(graph: Core) {
  const larger = Math.min(4, Math.max(1, 1 / graph.zoom()))
  graph.batch(() => {
    graph.nodes().not(always).removeStyle('font-size text-max-width width height')
    for (const node of graph.nodes(always)) {
      const size = (node.hasClass('root') ? 20 : node.hasClass('listed') || node.hasClass('decided') ? 15 : 10) * Math.sqrt(larger)
      node.style({ 'font-size': 11.5 * larger, 'text-max-width': `${150 * larger}px`, width: size, height: size })
    }
  })
}

/** The theme's own colours, read where they stand, since a canvas knows no style sheet. */
function looks(): StylesheetJson {
  const style = getComputedStyle(document.documentElement)
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim()
  const label = { label: 'data(label)', 'text-wrap': 'wrap', 'text-max-width': '170px', 'min-zoomed-font-size': 7 } as const
  return [
    { selector: 'node', style: { width: 14, height: 14, 'background-color': of('control'), 'border-width': 0, 'font-family': 'IBM Plex Sans, IBM Plex Sans Arabic, sans-serif', 'font-size': 12, color: of('text-2'), 'text-valign': 'bottom', 'text-margin-y': 4, 'text-background-color': of('surface'), 'text-background-opacity': 0.85, 'text-background-padding': '1px' } },
    { selector: 'node.person', style: { shape: 'ellipse' } },
    { selector: 'node.value', style: { shape: 'round-rectangle', width: 12, height: 12, 'background-color': of('surface'), 'border-width': 1.5, 'border-color': of('control'), 'font-size': 11, color: of('text-3') } },
    { selector: 'node.near', style: label },
    { selector: 'node.common', style: { 'background-color': of('sunken'), 'border-color': of('line-2'), 'border-style': 'dashed', opacity: 0.7 } },
    { selector: 'node.listed', style: { ...label, shape: 'octagon', width: 20, height: 20, 'background-color': of('critical'), color: of('critical'), 'font-weight': 500, 'z-index': 9 } },
    { selector: 'node.decided', style: { ...label, shape: 'triangle', width: 20, height: 20, 'background-color': of('high'), color: of('high'), 'font-weight': 500, 'z-index': 9 } },
    { selector: 'node.root', style: { ...label, width: 24, height: 24, 'border-width': 3, 'border-color': of('accent'), color: of('text'), 'font-weight': 600, 'font-size': 14, 'z-index': 10 } },
    { selector: 'edge', style: { width: 'data(thick)', 'line-color': of('line-2'), 'curve-style': 'haystack', opacity: 0.8 } },
    { selector: 'edge.cotravel', style: { 'line-style': 'dashed' } },
    { selector: 'edge.common', style: { 'line-color': of('line'), 'line-style': 'dotted' } },
    { selector: '.dim', style: { opacity: 0.25 } },
    { selector: 'node.lit', style: { ...label, opacity: 1, 'z-index': 20, color: of('text') } },
    { selector: 'edge.lit', style: { 'line-color': of('accent'), opacity: 1, 'z-index': 19 } },
    { selector: 'node.chosen', style: { 'border-width': 3, 'border-color': of('accent'), 'border-style': 'solid' } },
  ] as StylesheetJson
}
