import { Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useMend } from '../../api/queries'
import type { Report, Segment } from '../../api/types'
import { useKeys } from '../../app/keys'
import { bytesOf, checkEnvelope, readSegments, replaceSegments, textOf } from '../../format/segments'
import desk from '../../ui/desk.module.css'
import { ActFailed } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { Act, Code } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import classes from './MendPane.module.css'

type Props = {
  report: Report
  bytes: Uint8Array
  segments: Segment[]
  editing?: number
  changed: ReadonlyMap<number, string>
  onChange: (changed: ReadonlyMap<number, string>) => void
}

/** One segment is mended at a time, checked as it is typed; what replaying does is said before it is done. */
export function MendPane({ report, bytes, segments, editing, changed, onChange }: Props) {
  const { t } = useTranslation()
  const mend = useMend()
  const segment = editing === undefined ? undefined : segments[editing]
  // A message that falls into no segments is mended whole.
  const whole = segments.length < 2
  const index = whole ? 0 : editing
  const before = whole ? textOf(bytes) : (segment?.text ?? '')
  const now = (index === undefined ? undefined : changed.get(index)) ?? before
  const mended = useMemo(() => {
    if (whole) {
      const text = changed.get(0)
      return text === undefined ? bytes : bytesOf(text, bytes)
    }
    return replaceSegments(bytes, segments, changed)
  }, [whole, bytes, segments, changed])
  const checks = useMemo(() => checkEnvelope(readSegments(mended)), [mended])
  const set = (text: string) => {
    if (index === undefined) return
    const next = new Map(changed)
    if (text === before) next.delete(index)
    else next.set(index, text)
    onChange(next)
  }
  const ready = changed.size > 0 && !mend.isPending && !mend.data
  const send = () => {
    if (ready) mend.mutate({ id: report.id, bytes: mended })
  }
  useKeys({ 'report.send': send })

  return (
    <>
      <div className={desk.scroll}>
        {index !== undefined ? (
          <>
            <Textarea
              label={whole ? t('mend.whole') : t('mend.segment', { at: segment?.segment ?? 0 })}
              value={now}
              onChange={(event) => set(event.currentTarget.value)}
              autosize
              minRows={whole ? 12 : 2}
              maxRows={24}
              dir="ltr"
              spellCheck={false}
              classNames={{ input: classes.input, label: classes.label }}
              data-test="mend-text"
            />
            {now !== before && !whole && (
              <div className={classes.diff} dir="ltr">
                <Difference before={before} after={now} />
              </div>
            )}
            {segment?.faults?.map((fault, at) => (
              <p key={at} className={classes.hint}>
                <Icon name="warn" size={13} /> <bdi>{fault.mend ?? fault.message}</bdi>
              </p>
            ))}
          </>
        ) : (
          <p className={classes.hint}>{t('mend.choose')}</p>
        )}
        <h3 className={classes.label}>{t('mend.checked')}</h3>
        <ul className={classes.checks}>
          {checks.map((check) => (
            <li key={check.code}>
              {check.good ? <Severity level="trusted" /> : <Severity level="medium" />}
              <span>{t(`check.${check.code}`)}</span>
              <span className={classes.quiet}>
                {check.good ? t('check.good') : check.want !== undefined ? <>{t('check.said')} <Code>{check.got || '–'}</Code>{t('list.comma')}{t('check.counted')} <Code>{check.want}</Code></> : t('check.bad')}
              </span>
            </li>
          ))}
          <li>
            <Severity level={changed.size > 0 ? 'trusted' : 'low'} />
            <span>{t('check.changed')}</span>
            <span className={classes.quiet}>{t('mend.changed', { count: changed.size })}</span>
          </li>
        </ul>
        <h3 className={classes.label}>{t('mend.will')}</h3>
        <ol className={classes.will}>
          {(t('mend.steps', { returnObjects: true }) as string[]).map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <ActFailed error={mend.error} />
        {mend.data && (
          <p className={classes.done} role="status">
            <Icon name="check" size={14} />{' '}
            <Link to="/reports/{-$id}" params={{ id: mend.data.id }} className={classes.link}>
              {t('mend.done')}
            </Link>
          </p>
        )}
      </div>
      <footer className={desk.foot}>
        <Act primary act="report.send" disabled={!ready} onClick={send} data-test="replay">
          {t('mend.replay')}
        </Act>
      </footer>
    </>
  )
}

/** Where two texts part and meet again. */
export function parts(before: string, after: string): { head: string; was: string; is: string; tail: string } {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++
  return {
    head: before.slice(0, start),
    was: before.slice(start, before.length - end),
    is: after.slice(start, after.length - end),
    tail: before.slice(before.length - end),
  }
}

function Difference({ before, after }: { before: string; after: string }) {
  const { head, was, is, tail } = parts(before, after)
  return (
    <>
      <p className={classes.minus}>
        {head}
        <del>{was}</del>
        {tail}
      </p>
      <p className={classes.plus}>
        {head}
        <ins>{is}</ins>
        {tail}
      </p>
    </>
  )
}
