import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type RetentionClock, useRetention } from '../../api/custody'
import { useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { number } from '../../format/time'
import { Push, Toolbar } from '../../ui/bars'
import { Answer } from '../../ui/Faces'
import { type Column, Grid } from '../../ui/Grid'
import { Code, Cut, Dot, Instant, Tag } from '../../ui/parts'

/** How long what is kept, what is due, and what went when: figures only, no person. */
export function RetentionPage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const navigate = useNavigate()
  const asked = useRetention()
  const [at, setAt] = useState<string>()
  useKeys({ 'list.back': () => void navigate({ to: '/' }) })
  useEffect(() => {
    document.title = `${t('place.retention')} · Rihla`
  }, [t])
  const count = (n: number | undefined) => (n ? number(n, speech) : <Dot />)
  const columns: Column<RetentionClock>[] = [
    { id: 'domain', head: t('retention.domain'), cell: (one) => t(`place.${one.domain}`, { defaultValue: one.domain }) },
    { id: 'clock', head: t('retention.what'), cell: (one) => t(`retention.clock.${one.clock.replace('.', '_')}`, { defaultValue: one.clock }) },
    { id: 'keep', head: t('retention.keep'), cell: (one) => <><Code strong>{one.keep}</Code> {one.own && <Tag tone="medium">{t('retention.own')}</Tag>}</> },
    { id: 'from', head: t('retention.from'), cell: (one) => t(`retention.since.${one.from}`, { defaultValue: one.from }) },
    { id: 'law', head: t('retention.law'), cell: (one) => (one.law ? <Cut title={one.law}><bdi>{one.law}</bdi> <Code quiet>{one.most}</Code></Cut> : <Dot />) },
    { id: 'held', head: t('retention.held'), numeric: true, cell: (one) => count(one.held) },
    { id: 'due', head: t('retention.due'), numeric: true, cell: (one) => count(one.due) },
    { id: 'last', head: t('retention.last'), cell: (one) => (one.last ? <Instant at={one.last.at} dateToo /> : <Dot />) },
    { id: 'went', head: t('retention.went'), numeric: true, cell: (one) => count(one.last?.records) },
    { id: 'copies', head: t('retention.copies'), numeric: true, cell: (one) => count(one.last?.copies) },
    { id: 'total', head: t('retention.total'), numeric: true, cell: (one) => count(one.last?.total) },
  ]
  return (
    <>
      <Toolbar title={t('place.retention')}>
        <Push />
      </Toolbar>
      <Answer of={asked} rows={8}>
        {(all) => <Grid label={t('place.retention')} wide lines={all.map((row) => ({ kind: 'row' as const, key: row.clock, row }))} columns={columns} selected={at} onSelect={setAt} />}
      </Answer>
    </>
  )
}
