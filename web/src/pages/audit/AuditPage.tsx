import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAudit } from '../../api/queries'
import type { AuditEntry } from '../../api/types'
import { useSpeech } from '../../app/home'
import { auditRoute } from '../../app/router'
import { number } from '../../format/time'
import { Find, Push, Toolbar } from '../../ui/bars'
import { Answer, Empty, NoMatch } from '../../ui/Faces'
import { type Column, Grid } from '../../ui/Grid'
import { Code, Instant } from '../../ui/parts'
import classes from './AuditPage.module.css'

const fields = ['actor', 'action', 'touched'] as const

/** Who did what to whose data, newest first; for those who watch. */
export function AuditPage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const search = auditRoute.useSearch()
  const navigate = useNavigate({ from: '/audit' })
  const audit = useAudit(search)
  const [at, setAt] = useState<string>()
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  useEffect(() => {
    document.title = `${t('place.audit')} · Rihla`
  }, [t])
  const columns: Column<AuditEntry>[] = [
    { id: 'number', head: t('audit.number'), numeric: true, cell: (entry) => number(entry.number, speech) },
    { id: 'at', head: t('audit.at'), cell: (entry) => <Instant at={entry.at} dateToo /> },
    { id: 'actor', head: t('audit.actor'), cell: (entry) => <bdi>{entry.actor}</bdi> },
    { id: 'role', head: t('audit.role'), cell: (entry) => entry.role && t(`role.${entry.role}`, { defaultValue: entry.role }) },
    { id: 'action', head: t('audit.action'), cell: (entry) => t(`auditAction.${entry.action}`, { defaultValue: entry.action }) },
    {
      id: 'touched',
      head: t('audit.touched'),
      cell: (entry) => (
        <span title={(entry.touched ?? []).join('\n')}>
          {(entry.touched ?? []).slice(0, 2).map((id) => (
            <button key={id} type="button" className={classes.touched} onClick={() => set({ touched: id })} title={t('audit.only')}>
              <Code>{/^[0-9a-f-]{36}$/.test(id) ? id.slice(0, 13) : id}</Code>
            </button>
          ))}
          {(entry.touched?.length ?? 0) > 2 && <span className={classes.quiet}>{t('lists.more', { count: (entry.touched?.length ?? 0) - 2 })}</span>}
        </span>
      ),
    },
    { id: 'detail', head: t('audit.detail'), cell: (entry) => <bdi className={classes.quiet}>{entry.action === 'report.file' ? t(`reports.states.${entry.detail}`, { defaultValue: entry.detail }) : entry.detail}</bdi> },
  ]
  return (
    <>
      <Toolbar title={t('place.audit')}>
        {fields.map((field) => (
          <Find key={field} label={t(`audit.${field}`)} value={search[field] ?? ''} onChange={(text) => set({ [field]: text || undefined })} />
        ))}
        <Push />
      </Toolbar>
      <Answer of={audit} rows={24}>
        {(entries) =>
          entries.length > 0 ? (
            <Grid label={t('place.audit')} className={classes.audit} lines={entries.map((row) => ({ kind: 'row' as const, key: String(row.number), row }))} columns={columns} selected={at} onSelect={setAt} />
          ) : fields.some((field) => search[field]) ? (
            <NoMatch filters={fields.flatMap((field) => search[field] ?? [])} onClear={() => set({ actor: undefined, action: undefined, touched: undefined })} />
          ) : (
            <Empty>{t('audit.empty')}</Empty>
          )
        }
      </Answer>
    </>
  )
}
