import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { useKeys } from '../app/keys'
import { useSpeech } from '../app/home'
import { usePrefs } from '../app/prefs'
import { number } from '../format/time'
import classes from './Grid.module.css'

/*
 * One table for every list: only the rows in view are in the page, the keys move through it, and the reader
 * is told how many there are. Column widths come from the page's own stylesheet as --columns.
 */

export type Column<T> = { id: string; head: ReactNode; numeric?: boolean; cell: (row: T) => ReactNode }
export type Line<T> = { kind: 'group'; key: string; title: ReactNode; note?: ReactNode } | { kind: 'row'; key: string; row: T }

type Props<T> = {
  label: string
  lines: Line<T>[]
  columns: Column<T>[]
  className?: string
  selected?: string
  marked?: ReadonlySet<string>
  onSelect?: (key: string) => void
  onOpen?: (key: string) => void
  onMark?: (key: string) => void
  wide?: boolean
}

const heights = { compact: 28, comfortable: 36 }
const groupHeight = 24

export function Grid<T>({ label, lines, columns, className, selected, marked, onSelect, onOpen, onMark, wide = false }: Props<T>) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { rows: density } = usePrefs()
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const rowHeight = heights[density]

  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === 'group' ? groupHeight : rowHeight),
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 8,
  })
  useEffect(() => virtual.measure(), [virtual, rowHeight, lines])

  const at = lines.findIndex((line) => line.key === selected && line.kind === 'row')
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
  }, [at, virtual])

  const move = (step: 1 | -1) => {
    let next = at < 0 ? (step > 0 ? -1 : lines.length) : at
    do next += step
    while (lines[next]?.kind === 'group')
    const line = lines[next]
    if (line) onSelect?.(line.key)
  }
  const act = (run?: (key: string) => void) => () => {
    if (at >= 0 && selected !== undefined) run?.(selected)
  }
  useKeys(
    {
      'list.next': () => move(1),
      'list.previous': () => move(-1),
      ...(onOpen ? { 'list.open': act(onOpen) } : {}),
      ...(onMark ? { 'list.select': act(onMark) } : {}),
    },
    { enabled: onSelect !== undefined },
  )

  const seen = virtual.getVirtualItems().filter((item) => {
    const view = scroller.current
    return view && item.end > view.scrollTop && item.start < view.scrollTop + view.clientHeight
  })
  const total = lines.filter((line) => line.kind === 'row').length
  const before = (index: number) => lines.slice(0, index).filter((line) => line.kind === 'row').length

  return (
    <div className={`${classes.grid} ${className ?? ''} ${wide ? classes.wide : ''}`}>
      <div
        ref={scroller}
        className={classes.scroller}
        role="grid"
        aria-label={label}
        aria-rowcount={lines.length + 1}
        aria-colcount={columns.length}
        aria-activedescendant={at >= 0 ? `${id}-${lines[at]?.key}` : undefined}
        tabIndex={0}
        data-test="grid"
        onKeyDown={(event) => {
          if (event.target !== event.currentTarget) return
          if (event.key === 'ArrowDown') move(1)
          else if (event.key === 'ArrowUp') move(-1)
          else return
          event.preventDefault()
        }}
      >
        <div className={classes.head} role="row" aria-rowindex={1}>
          {columns.map((column) => (
            <div key={column.id} role="columnheader" className={column.numeric ? classes.numeric : undefined} data-column={column.id}>
              {column.head}
            </div>
          ))}
        </div>
        <div className={classes.body} style={{ height: virtual.getTotalSize() }} role="rowgroup">
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index]
            if (!line) return null
            const place = { height: item.size, transform: `translateY(${item.start}px)` }
            if (line.kind === 'group')
              return (
                <div key={line.key} className={classes.group} style={place} role="row" aria-rowindex={item.index + 2}>
                  <div role="gridcell" aria-colspan={columns.length}>
                    <strong>{line.title}</strong> <span>{line.note}</span>
                  </div>
                </div>
              )
            const chosen = line.key === selected
            return (
              <div
                key={line.key}
                id={`${id}-${line.key}`}
                className={`${classes.row} ${chosen ? classes.selected : ''}`}
                style={place}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={chosen || marked?.has(line.key) || false}
                data-key={line.key}
                data-marked={marked?.has(line.key) || undefined}
                onClick={(event) => {
                  if ((event.target as HTMLElement).closest('a, button')) return
                  if (window.getSelection()?.toString()) return
                  if (onOpen) onOpen(line.key)
                  else onSelect?.(line.key)
                }}
              >
                {columns.map((column) => (
                  <div key={column.id} role="gridcell" className={column.numeric ? classes.numeric : undefined} data-column={column.id}>
                    {column.cell(line.row)}
                  </div>
                ))}
              </div>
            )
          })}
        </div>
      </div>
      {seen.length > 0 && (
        <StatusNote>
          {t('grid.rows', {
            first: number(before(seen[0]?.index ?? 0) + 1, speech),
            last: number(before((seen.at(-1)?.index ?? 0) + 1), speech),
            total: number(total, speech),
          })}
        </StatusNote>
      )}
    </div>
  )
}

/** Words at the end of the status bar. */
export function StatusNote({ children }: { children: ReactNode }) {
  const bar = typeof document === 'undefined' ? null : document.getElementById('status-notes')
  return bar ? createPortal(<span>{children}</span>, bar) : null
}
