import { Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { address } from '../../api/client'
import { useOpening, useReport, useSegments } from '../../api/queries'
import type { Answered, Fault, Report, Segment } from '../../api/types'
import { useHome, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { readSegments } from '../../format/segments'
import { number } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer, Empty } from '../../ui/Faces'
import { StatusNote } from '../../ui/Grid'
import { Icon } from '../../ui/Icon'
import { Act, Code, Instant, Key, Tag } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import { MendPane } from './MendPane'
import { RawMessage } from './RawMessage'
import classes from './ReportDesk.module.css'

const opens = new Set(['supervisor', 'fiu', 'responder'])
const readsRaw = new Set(['analyst', 'supervisor', 'targeter', 'fiu', 'responder', 'auditor'])

export function ReportDesk({ id, segment }: { id: string; segment?: number }) {
  const report = useReport(id)
  return (
    <Answer of={report}>
      {(known) => (known.state === 'quarantined' ? <Sealed report={known} segment={segment} /> : <Readable report={known} segment={segment} />)}
    </Answer>
  )
}

/** Faults by the segment they lie in, wherever the node put them. */
export function placeFaults(report: Report, segments: Segment[]): { segments: Segment[]; loose: Fault[] } {
  const all = [...(report.error ? [report.error] : []), ...(report.lost ?? []), ...(report.warnings ?? [])]
  const loose: Fault[] = []
  const extra = new Map<Segment, Fault[]>()
  for (const fault of all) {
    const home =
      segments.find((one) => fault.segment !== undefined && one.segment === fault.segment) ??
      segments.find((one) => fault.offset !== undefined && one.offset <= fault.offset && fault.offset < one.offset + one.length)
    if (home) extra.set(home, [...(extra.get(home) ?? []), fault])
    else loose.push(fault)
  }
  const key = (fault: Fault) => `${fault.offset ?? ''}|${fault.message}`
  // What was refused or lost is an error; what was understood all the same is a warning.
  const grave = new Set([...(report.error ? [report.error] : []), ...(report.lost ?? [])].map(key))
  const weigh = (fault: Fault): Fault => (grave.has(key(fault)) ? fault : { ...fault, what: 'warning' })
  return {
    loose,
    segments: segments.map((one) => {
      const faults = [...new Map([...(one.faults ?? []), ...(extra.get(one) ?? [])].map((fault) => [key(fault), fault])).values()]
      return faults.length > 0 ? { ...one, faults: faults.map(weigh) } : one
    }),
  }
}

function Head({ report, children }: { report: Report; children?: React.ReactNode }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  return (
    <header className={desk.head}>
      <div className={desk.headLine}>
        <h1>
          {report.format ? <Code>{report.format.toUpperCase()}</Code> : t('report.unknown')}
          {report.filer && <> {t('report.from')} <bdi>{report.filer}</bdi></>}
        </h1>
        {report.state === 'quarantined' ? (
          <Tag tone="critical" icon="warn">{t('reports.states.quarantined')}</Tag>
        ) : report.partial ? (
          <Tag tone="medium">{t('reports.states.partial')}</Tag>
        ) : (
          <Tag>{t(`reports.states.${report.state}`)}</Tag>
        )}
        <span className={desk.push} />
        {children}
      </div>
      <div className={desk.headLine}>
        <span>
          {t('report.received')} <Instant at={report.received} dateToo />
        </span>
        {report.gate && (
          <span>
            {t('report.gate')} <bdi>{t(`gate.${report.gate}`, { defaultValue: report.gate })}</bdi>
          </span>
        )}
        {report.size !== undefined && <span>{t('reports.bytes', { count: report.size, bytes: number(report.size, speech) })}</span>}
        {!!report.messages && <span>{t('reports.messages', { count: report.messages })}</span>}
        {report.mends && (
          <Link to="/reports/{-$id}" params={{ id: report.mends }} className={classes.link}>
            {t('report.mends')}
          </Link>
        )}
        {report.mended_by && (
          <Link to="/reports/{-$id}" params={{ id: report.mended_by }} className={classes.link}>
            {t('report.mendedBy')}
          </Link>
        )}
      </div>
    </header>
  )
}

function Readable({ report, segment }: { report: Report; segment?: number }) {
  const { t } = useTranslation()
  const { role } = useHome()
  const may = readsRaw.has(role)
  const segments = useSegments(report.id, may)
  const known = segments.data
  const placed = useMemo(() => placeFaults(report, known ?? []), [report, known])
  const problems = (report.error ? 1 : 0) + (report.lost?.length ?? 0) + (report.warnings?.length ?? 0)
  return (
    <>
      <section className={desk.middle}>
        <Head report={report}>
          {may && (
            <a className={classes.button} href={address(`/reports/${report.id}/raw`)} download={`${report.id}.edi`}>
              <Icon name="download" size={14} /> {t('report.raw')}
            </a>
          )}
        </Head>
        {may ? (
          <Answer of={segments} rows={20}>
            {() => <RawMessage segments={placed.segments} at={segment} />}
          </Answer>
        ) : (
          <Empty>{t('report.noRaw')}</Empty>
        )}
      </section>
      <aside className={desk.last}>
        <div className={desk.paneHead}>
          <h2>{t('report.notes')}</h2>
          <span className={desk.count}>{problems}</span>
          <small>{t('report.masked')}</small>
        </div>
        <div className={desk.scroll}>
          {problems === 0 && <p className={classes.quiet}>{t('report.clean')}</p>}
          {[...(report.error ? [report.error] : []), ...(report.lost ?? [])].map((fault, index) => (
            <FaultNote key={`lost-${index}`} fault={fault} level="critical" report={report.id} />
          ))}
          {(report.warnings ?? []).map((fault, index) => (
            <FaultNote key={index} fault={fault} level="medium" report={report.id} />
          ))}
          {!!report.answers?.length && <Answers of={report.answers} />}
        </div>
      </aside>
    </>
  )
}

/** What the filer was answered, in its own format, and whether it has it. */
function Answers({ of }: { of: Answered[] }) {
  const { t } = useTranslation()
  return (
    <section className={classes.answers} data-test="answers">
      <h3>{t('report.answers')}</h3>
      <ul>
        {of.map((one) => (
          <li key={one.id}>
            <a href={address(`/answers/${one.id}`)} download={`${one.kind}-${one.number}`} className={classes.link}>
              <Code>{one.kind.toUpperCase()}</Code>
            </a>
            {one.about && <Code quiet>{one.about}</Code>}
            <span className={classes.quiet}>
              <Instant at={one.at} dateToo />
              {t('list.comma')}
              {one.taken ? <>{t('report.taken')} <Instant at={one.taken} /></> : t('report.notTaken')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What cannot be read cannot be masked, so it is sealed: opened by role, with a reason, on the record. */
function Sealed({ report, segment }: { report: Report; segment?: number }) {
  const { t } = useTranslation()
  const { role } = useHome()
  const opening = useOpening()
  const [reason, setReason] = useState('')
  const bytes = opening.data
  const read = useMemo(() => (bytes ? placeFaults(report, readSegments(bytes)).segments : undefined), [bytes, report])
  const [changed, setChanged] = useState<ReadonlyMap<number, string>>(new Map())
  const faulty = read?.findIndex((one) => one.faults?.length) ?? -1
  const [editing, setEditing] = useState<number>()
  useEffect(() => setEditing(faulty >= 0 ? faulty : undefined), [faulty])
  const may = opens.has(role)
  return (
    <>
      <section className={desk.middle}>
        <Head report={report} />
        {read ? (
          <>
            <p className={classes.opened}>
              <Icon name="unlock" size={14} /> {t('report.opened', { reason: t('quote', { text: opening.variables?.reason ?? '' }) })}
            </p>
            <RawMessage segments={read} at={segment} editing={editing} changed={changed} onEdit={setEditing} />
          </>
        ) : (
          <div className={classes.sealed}>
            {report.error && <FaultNote fault={report.error} level="critical" report={report.id} />}
            <p className={classes.prose}>
              <Icon name="lock" size={15} /> {t('report.sealed')}
            </p>
            {may ? (
              <form
                onSubmit={(event) => {
                  event.preventDefault()
                  opening.mutate({ id: report.id, reason: reason.trim() })
                }}
              >
                <Textarea label={t('report.why')} description={t('report.whyNote')} rows={3} value={reason} onChange={(event) => setReason(event.currentTarget.value)} dir="auto" classNames={{ input: classes.input }} data-test="opening-reason" />
                <div className={classes.row}>
                  <Act primary type="submit" icon="unlock" disabled={reason.trim().length < 10 || opening.isPending} data-test="open-sealed">
                    {t('report.open')}
                  </Act>
                </div>
                <ActFailed error={opening.error} />
              </form>
            ) : (
              <p className={classes.quiet}>{t('report.mayNotOpen')}</p>
            )}
          </div>
        )}
      </section>
      <aside className={desk.last}>
        <div className={desk.paneHead}>
          <h2>{t('mend.title')}</h2>
          <small>{t('mend.copy')}</small>
        </div>
        {bytes && read ? (
          <MendPane report={report} bytes={bytes} segments={read} editing={editing} changed={changed} onChange={setChanged} />
        ) : (
          <div className={desk.scroll}>
            <p className={classes.quiet}>{t('mend.openFirst')}</p>
          </div>
        )}
      </aside>
    </>
  )
}

function FaultNote({ fault, level, report }: { fault: Fault; level: 'critical' | 'medium'; report: string }) {
  const { t } = useTranslation()
  return (
    <div className={classes.fault}>
      <p>
        <Severity level={level} /> <bdi><strong>{fault.message}</strong></bdi>
      </p>
      {fault.mend && (
        <p className={classes.mend}>
          <bdi>{fault.mend}</bdi>
        </p>
      )}
      <p className={classes.place}>
        {fault.segment !== undefined && (
          <Link to="/reports/{-$id}" params={{ id: report }} search={(was) => ({ ...was, segment: String(fault.segment) })} className={classes.link}>
            {t('reports.segment', { at: fault.segment })}
          </Link>
        )}
        {fault.line !== undefined && <span>{t('reports.line', { at: fault.line })}</span>}
        <Code>{fault.tag}</Code>
        {fault.offset !== undefined && <span>{t('reports.offset', { at: fault.offset })}</span>}
        <Code>{fault.rule}</Code>
      </p>
    </div>
  )
}

export function ProblemKeys({ onMove }: { onMove: (step: 1 | -1) => void }) {
  const { t } = useTranslation()
  useKeys({ 'report.nextProblem': () => onMove(1), 'report.previousProblem': () => onMove(-1) })
  return (
    <button type="button" className={classes.next} onClick={() => onMove(1)}>
      {t('report.nextProblem')} <Key act="report.nextProblem" />
    </button>
  )
}

export const CountingNote = () => {
  const { t } = useTranslation()
  return <StatusNote>{t('report.counting')}</StatusNote>
}
