import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Log, useFileLog, useLog, useLogs } from '../../api/cyber'
import { useHome, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { logsRoute } from '../../app/router'
import { number } from '../../format/time'
import { Push, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer, Empty } from '../../ui/Faces'
import { Fresh } from '../../ui/Fresh'
import { type Column, Grid } from '../../ui/Grid'
import { useHeld } from '../../ui/held'
import { Act, Code, Cut, Dot, Instant } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import classes from './cyber.module.css'
import { IndicatorTag } from './parts'

const idOf = (one: Log) => one.report

/** Logs that were filed, the latest first, with what each met; one beside them. */
export function LogsPage() {
  const { t } = useTranslation()
  const { role } = useHome()
  const { id } = logsRoute.useParams()
  const search = logsRoute.useSearch()
  const navigate = useNavigate({ from: '/cyber/logs/{-$id}' })
  const open = (next: string | undefined) => void navigate({ params: { id: next }, search: (was) => was, replace: id !== undefined && next !== undefined })
  const asked = useLogs()
  const held = useHeld(asked.data, idOf, '')
  const may = role === 'responder' || role === 'supervisor'
  useKeys({ 'list.back': () => (id !== undefined ? open(undefined) : void navigate({ to: '/' })) })
  useEffect(() => {
    document.title = `${t('place.logs')} · Rihla`
  }, [t])
  const columns = useColumns()
  return (
    <div className={classes.split} data-open={id !== undefined || undefined}>
      <section className={classes.list} aria-label={t('place.logs')}>
        <Toolbar title={t('place.logs')}>
          <Push />
          <Fresh count={held.fresh} onRelease={held.release} />
          {may && <FileLog onFiled={open} />}
        </Toolbar>
        <Answer of={asked} rows={16}>
          {() =>
            held.shown.length > 0 ? (
              <Grid label={t('place.logs')} className={classes.logs} wide lines={held.shown.map((row) => ({ kind: 'row' as const, key: row.report, row }))} columns={columns} selected={id ?? search.at} onSelect={(at) => (id !== undefined ? open(at) : void navigate({ search: (was) => ({ ...was, at }), replace: true }))} onOpen={open} />
            ) : (
              <Empty>{t('cyber.noLogs')}</Empty>
            )
          }
        </Answer>
      </section>
      {id !== undefined && (
        <aside className={classes.pane}>
          <LogPane key={id} id={id} onClose={() => open(undefined)} />
        </aside>
      )}
    </div>
  )
}

/** A log is filed like any report, under the name of whoever picks it; it is here a second later. */
function FileLog({ onFiled }: { onFiled: (report: string) => void }) {
  const { t } = useTranslation()
  const file = useFileLog()
  const input = useRef<HTMLInputElement>(null)
  const [name, setName] = useState('')
  return (
    <>
      <input
        ref={input}
        type="file"
        className="unseen"
        aria-label={t('cyber.fileLog')}
        onChange={(event) => {
          const [picked] = event.currentTarget.files ?? []
          event.currentTarget.value = ''
          if (!picked) return
          setName(picked.name)
          file.mutate(picked, { onSuccess: (taken) => onFiled(taken.report) })
        }}
      />
      <Act icon="plus" disabled={file.isPending} onClick={() => input.current?.click()} data-test="file-log">
        {file.isPending ? t('cyber.filing', { name }) : t('cyber.fileLog')}
      </Act>
      <ActFailed error={file.error} />
    </>
  )
}

function LogPane({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const file = useLog(id)
  return (
    <Answer of={file}>
      {(one) => (
        <>
          <header className={desk.paneHead}>
            <h2>
              <bdi>{one.filer}</bdi> <Code quiet>{one.format}</Code>
            </h2>
            <span className={desk.push} />
            <Act icon="cross" onClick={onClose} aria-label={t('funds.close')} />
          </header>
          <div className={classes.body} data-test="log">
          <section className={desk.part}>
          <p className={classes.note}>
            {t('cyber.lines', { count: one.lines })}
            {one.unread > 0 && <>{t('list.comma')}{t('cyber.unread', { count: one.unread })}</>}
            {one.first && one.last && (
              <>
                {t('list.comma')}
                <Instant at={one.first} dateToo /> – <Instant at={one.last} dateToo />
              </>
            )}
          </p>
          <p className={classes.note}>
            <Link to="/reports/{-$id}" params={{ id: one.report }} className={classes.link}>
              {t('funds.filedReport')}
            </Link>
          </p>
          </section>
          <Part title={t('cyber.metTitle')}>
            {one.hits.length === 0 ? (
              <p className={classes.note}>{t('cyber.metNothing')}</p>
            ) : (
              <table className={classes.table} data-test="log-hits">
                <tbody>
                  {one.hits.map((hit) => (
                    <tr key={`${hit.indicator} ${hit.host}`}>
                      <td>
                        <Link to="/cyber/indicators/{-$id}" params={{ id: hit.indicator }} className={classes.link}>
                          <Cut title={hit.display}><Code>{hit.display}</Code></Cut>
                        </Link>
                      </td>
                      <td><IndicatorTag state={hit.state} /></td>
                      <td>
                        <Link to="/cyber/hosts/$id" params={{ id: hit.host }} className={classes.link}>
                          <bdi>{hit.place}</bdi>
                        </Link>
                      </td>
                      <td><Instant at={hit.last} dateToo /></td>
                      <td className={classes.num}>{number(hit.count, speech)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </Part>
          </div>
        </>
      )}
    </Answer>
  )
}

function useColumns(): Column<Log>[] {
  const { t } = useTranslation()
  const speech = useSpeech()
  const count = (n: number) => (n > 0 ? number(n, speech) : <Dot />)
  return [
    { id: 'received', head: t('cyber.received'), cell: (one) => <Instant at={one.received} dateToo /> },
    { id: 'filer', head: t('cyber.source'), cell: (one) => <Cut title={one.filer}><bdi>{one.filer}</bdi></Cut> },
    { id: 'format', head: t('cyber.format'), cell: (one) => <Code quiet>{one.format}</Code> },
    { id: 'lines', head: t('cyber.count'), numeric: true, cell: (one) => number(one.lines, speech) },
    { id: 'unread', head: t('cyber.unreadHead'), numeric: true, cell: (one) => count(one.unread) },
    { id: 'matched', head: t('cyber.matched'), numeric: true, cell: (one) => count(one.matched) },
    { id: 'indicators', head: t('place.indicators'), numeric: true, cell: (one) => count(one.indicators) },
    { id: 'hosts', head: t('cyber.places'), numeric: true, cell: (one) => count(one.hosts) },
  ]
}
