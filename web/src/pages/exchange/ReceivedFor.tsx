import { NativeSelect } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { type AgreementFile, type Held, useReceived } from '../../api/exchange'
import { useSpeech } from '../../app/home'
import { Answer, Empty } from '../../ui/Faces'
import { type Column, Grid, StatusNote } from '../../ui/Grid'
import { Code, Day, Instant, Tag } from '../../ui/parts'
import classes from './AgreementSheet.module.css'
import { useFieldName } from './FieldValue'
import { Marks } from './Sides'

/** What came under an agreement for one purpose: asking for another finds nothing, and every search is in the audit log. */
export function ReceivedFor({ file, purpose, onPurpose }: { file: AgreementFile; purpose?: string; onPurpose: (purpose: string) => void }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const name = useFieldName()
  const purposes = file.document.purposes
  const received = useReceived(file.id, purpose)
  const columns: Column<Held>[] = [
    { id: 'at', head: t('receivedFor.at'), cell: (one) => <Instant at={one.stored_at} dateToo /> },
    {
      id: 'reference',
      head: t('received.reference'),
      cell: (one) => (
        <Link to="/requests/{-$id}" params={{ id: one.thread }} className={classes.link}>
          <Code>{one.reference || one.id.slice(0, 13)}</Code>
        </Link>
      ),
    },
    { id: 'share', head: t('log.share'), cell: (one) => <Code quiet>{one.share}</Code> },
    { id: 'fields', head: t('receivedFor.fields'), cell: (one) => <span>{(one.fields ?? []).map(name).join(t('list.comma'))}</span> },
    { id: 'marks', head: t('receivedFor.marks'), cell: (one) => (one.state === 'held' ? <Marks handling={one} /> : <Tag>{t(`recordState.${one.state}`)}</Tag>) },
    { id: 'until', head: t('receivedFor.until'), cell: (one) => (one.erased_at ? <Instant at={one.erased_at} dateToo /> : <Day of={one.erase_at?.slice(0, 10)} />) },
  ]
  return (
    <section className={classes.received} data-test="received-for">
      <NativeSelect
        label={t('receivedFor.purpose')}
        value={purpose ?? ''}
        onChange={(event) => onPurpose(event.currentTarget.value)}
        data={[{ value: '', label: t('receivedFor.choose') }, ...purposes.map((one, at) => ({ value: one.id, label: file.words[language].purposes?.[at] ?? one.text }))]}
        data-test="received-purpose"
      />
      {!purpose ? (
        <Empty>{t('receivedFor.rule')}</Empty>
      ) : (
        <Answer of={received} rows={8}>
          {(found) => (found.length === 0 ? <Empty>{t('receivedFor.none')}</Empty> : <Grid label={t('receivedFor.title')} className={classes.receivedGrid} lines={found.map((row) => ({ kind: 'row' as const, key: row.id, row }))} columns={columns} />)}
        </Answer>
      )}
      <StatusNote>{t('case.audited')}</StatusNote>
    </section>
  )
}
