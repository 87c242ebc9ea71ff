import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type LogEntry, useAgreements, useExchangeLog } from '../../api/exchange'
import { useSpeech } from '../../app/home'
import { exchangeRoute } from '../../app/router'
import { bare, byMachine } from '../../format/exchange'
import { number } from '../../format/time'
import { Choose, Push, Toolbar } from '../../ui/bars'
import { Answer, Empty, NoMatch } from '../../ui/Faces'
import { type Column, Grid } from '../../ui/Grid'
import { Icon } from '../../ui/Icon'
import { Code, Instant } from '../../ui/parts'
import classes from './ExchangePage.module.css'
import { useAuthority } from './useAuthority'

/** The exchange log: every envelope, decision, approval and erasure, newest first. It names no person. */
export function ExchangePage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const search = exchangeRoute.useSearch()
  const navigate = useNavigate({ from: '/exchange' })
  const agreements = useAgreements()
  const log = useExchangeLog(search.agreement)
  const nameOf = useAuthority()
  const [at, setAt] = useState<string>()
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  useEffect(() => {
    document.title = `${t('place.exchange')} · Rihla`
  }, [t])
  const shown = (log.data ?? []).filter((one) => (!search.thread || one.thread === search.thread || one.message === search.thread) && (!search.kind || one.kind === search.kind))
  const kinds = [...new Set((log.data ?? []).map((one) => one.kind))].sort()
  const columns: Column<LogEntry>[] = [
    { id: 'number', head: t('audit.number'), numeric: true, cell: (one) => number(one.number, speech) },
    { id: 'at', head: t('audit.at'), cell: (one) => <Instant at={one.at} dateToo /> },
    {
      id: 'kind',
      head: t('audit.action'),
      cell: (one) => (
        <span className={classes.kind}>
          {one.direction && <Icon name={one.direction === 'in' ? 'came' : 'leaves'} size={13} label={t(`thread.ways.${one.direction}`)} />} {t(`step.${one.kind}`, { defaultValue: one.kind })}
        </span>
      ),
    },
    { id: 'type', head: t('log.type'), cell: (one) => one.type && t(`messageType.${one.type}`, { defaultValue: one.type }) },
    { id: 'share', head: t('log.share'), cell: (one) => <Code quiet>{[one.agreement, one.share].filter(Boolean).join(' ')}</Code> },
    {
      id: 'result',
      head: t('log.result'),
      cell: (one) => (
        <span className={one.late || ['undelivered', 'rejected', 'overdue', 'stopped'].includes(one.kind) ? classes.late : undefined}>
          {[one.verdict && one.kind === 'decided' ? t(`verdict.${one.verdict}`, { defaultValue: one.verdict }) : '', one.result ? (['suspended', 'resumed'].includes(one.kind) ? nameOf(one.result) : t([`result.${one.result}`, `exchangeOutcome.${one.result}`, `stage.${one.result}`], { defaultValue: one.result })) : '', one.code ? t([`refusal.${one.code}`, `logCode.${one.code}`, `suspendCause.${one.code}`], { defaultValue: one.code }) : '', one.size && one.kind === 'witnessed' ? t('log.head', { entry: number(one.size, speech) }) : '']
            .filter(Boolean)
            .map(bare)
            .join(t('list.comma'))}
        </span>
      ),
    },
    { id: 'actor', head: t('audit.actor'), cell: (one) => (byMachine(one.actor) ? t('role.system') : <span>{nameOf(one.actor || one.partner || '')}</span>) },
    {
      id: 'thread',
      head: t('log.thread'),
      cell: (one) =>
        one.thread && one.share ? (
          <Link to="/requests/{-$id}" params={{ id: one.thread }} className={classes.link}>
            <Code>{one.thread.slice(0, 13)}</Code>
          </Link>
        ) : (
          one.message && <Code quiet>{one.message.slice(0, 13)}</Code>
        ),
    },
  ]
  return (
    <>
      <Toolbar title={t('place.exchange')}>
        <Choose label={t('place.agreements')} value={search.agreement ?? ''} active={!!search.agreement} onChange={(agreement) => set({ agreement: agreement || undefined })} options={[{ value: '', label: t('thread.anyAgreement') }, ...(agreements.data ?? []).map((one) => ({ value: one.id, label: speech.language === 'ar' ? (one.title_ar ?? one.title) : one.title }))]} />
        <Choose label={t('audit.action')} value={search.kind ?? ''} active={!!search.kind} onChange={(kind) => set({ kind: kind || undefined })} options={[{ value: '', label: t('log.anyKind') }, ...kinds.map((value) => ({ value, label: t(`step.${value}`, { defaultValue: value }) }))]} />
        <Push />
        <span className={classes.note}>{t('log.note')}</span>
      </Toolbar>
      <Answer of={log} rows={24}>
        {(all) =>
          shown.length > 0 ? (
            <Grid label={t('place.exchange')} className={classes.log} lines={shown.map((row) => ({ kind: 'row' as const, key: String(row.number), row }))} columns={columns} selected={at} onSelect={setAt} />
          ) : all.length > 0 || search.agreement ? (
            <NoMatch filters={[search.agreement ?? '', search.kind ? t(`step.${search.kind}`, { defaultValue: search.kind }) : '', search.thread ?? ''].filter(Boolean)} onClear={() => set({ agreement: undefined, kind: undefined, thread: undefined })} />
          ) : (
            <Empty>{t('log.empty')}</Empty>
          )
        }
      </Answer>
    </>
  )
}
