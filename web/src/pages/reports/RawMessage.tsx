import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Segment } from '../../api/types'
import { useSpeech } from '../../app/home'
import { number } from '../../format/time'
import { Push } from '../../ui/bars'
import { Icon } from '../../ui/Icon'
import { Code } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import classes from './RawMessage.module.css'
import { CountingNote, ProblemKeys } from './ReportDesk'

const kinds = ['service', 'message', 'flight', 'person', 'document'] as const

type Props = {
  segments: Segment[]
  at?: number
  editing?: number
  changed?: ReadonlyMap<number, string>
  onEdit?: (index: number) => void
}

/** The message as it lies in the bytes: number, offset, segment; the fault inside its line, explained under it. Never mirrored. */
export function RawMessage({ segments, at, editing, changed, onEdit }: Props) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: segments.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (segments[index]?.faults?.length ? 84 : 21),
    overscan: 20,
  })
  const problems = segments.flatMap((one, index) => (one.faults?.length ? [index] : []))
  const cursor = useRef(-1)
  const target = at !== undefined ? segments.findIndex((one) => one.segment === at) : (problems[0] ?? -1)
  useEffect(() => {
    if (target >= 0) virtual.scrollToIndex(target, { align: 'center' })
  }, [target, virtual])
  const move = (step: 1 | -1) => {
    if (problems.length === 0) return
    cursor.current = (cursor.current + step + problems.length) % problems.length
    virtual.scrollToIndex(problems[cursor.current] ?? 0, { align: 'center' })
  }
  const errors = segments.flatMap((one) => one.faults ?? []).filter(isError).length
  const warnings = segments.flatMap((one) => one.faults ?? []).length - errors
  return (
    <>
      <div className={classes.legend}>
        <span className={classes.seg}>{t('raw.segment')}</span>
        <span className={classes.offset}>{t('raw.offset')}</span>
        <span>{t('raw.text')}</span>
        <Push />
        {kinds.map((kind) => (
          <span key={kind} className={classes.key}>
            <i className={classes[kind]} aria-hidden="true" /> {t(`raw.kind.${kind}`)}
          </span>
        ))}
      </div>
      <div ref={scroller} className={classes.raw} dir="ltr" tabIndex={0} role="list" aria-label={t('raw.label')} data-test="raw">
        <div className={classes.body} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const segment = segments[item.index]
            if (!segment) return null
            const text = changed?.get(item.index) ?? segment.text
            const faults = segment.faults ?? []
            const error = faults.some(isError)
            return (
              <div
                key={item.index}
                ref={virtual.measureElement}
                data-index={item.index}
                className={`${classes.line} ${error ? classes.bad : faults.length ? classes.odd : ''}`}
                data-at={(at !== undefined && segment.segment === at) || undefined}
                data-editing={editing === item.index || undefined}
                style={{ transform: `translateY(${item.start}px)` }}
                role="listitem"
              >
                <div className={classes.first}>
                  <span className={classes.seg}>{segment.segment}</span>
                  <span className={classes.offset}>{segment.offset}</span>
                  <span className={classes.text} data-level={Math.min(segment.level ?? 0, 4)}>
                    {Array.from({ length: Math.min(segment.level ?? 0, 4) }, (_, index) => (
                      <i key={index} className={classes.indent} aria-hidden="true" />
                    ))}
                    <code className={changed?.has(item.index) ? classes.mended : undefined}>
                      <b className={classes[segment.kind ?? 'service']}>{segment.tag}</b>
                      <Marked segment={segment} text={text.slice(segment.tag?.length ?? 0)} original={text === segment.text} />
                    </code>
                  </span>
                  {onEdit && (
                    <button type="button" className={classes.edit} onClick={() => onEdit(item.index)} aria-label={t('raw.edit', { at: segment.segment ?? 0 })}>
                      <Icon name="pen" size={13} />
                    </button>
                  )}
                </div>
                {faults.map((fault, index) => (
                  <div key={index} className={classes.fault}>
                    <Icon name="warn" size={14} />
                    <div>
                      <p>
                        <strong>{fault.message}</strong> {fault.mend}
                      </p>
                      <p className={classes.place}>
                        {segment.segment !== undefined && <span>{t('reports.segment', { at: segment.segment })}</span>}
                        {fault.offset !== undefined && <span>{t('reports.offset', { at: fault.offset })}</span>}
                        {fault.rule && (
                          <span>
                            {t('raw.rule')} <Code>{fault.rule}</Code>
                          </span>
                        )}
                      </p>
                    </div>
                  </div>
                ))}
              </div>
            )
          })}
        </div>
      </div>
      <div className={classes.foot}>
        {errors > 0 && <Severity level="critical">{t('raw.errors', { count: errors })}</Severity>}
        {warnings > 0 && <Severity level="medium">{t('raw.warnings', { count: warnings })}</Severity>}
        <Push />
        <span>{t('raw.count', { count: segments.length, segments: number(segments.length, speech) })}</span>
        {problems.length > 0 && <ProblemKeys onMove={move} />}
      </div>
      <CountingNote />
    </>
  )
}

const isError = (fault: { what?: string }) => fault.what !== 'warning'

/** The bytes of the fault inside its line. */
function Marked({ segment, text, original }: { segment: Segment; text: string; original: boolean }) {
  const fault = segment.faults?.find((one) => one.offset !== undefined)
  const shift = segment.tag?.length ?? 0
  const start = fault?.offset !== undefined ? fault.offset - segment.offset - shift : -1
  if (!original || !fault || start < 0 || start >= text.length) return <>{text}</>
  const found = fault.length ?? Math.max(1, (/^[^+:']*/.exec(text.slice(start))?.[0] ?? '').length)
  return (
    <>
      {text.slice(0, start)}
      <mark className={classes.mark}>{text.slice(start, start + found)}</mark>
      {text.slice(start + found)}
    </>
  )
}
