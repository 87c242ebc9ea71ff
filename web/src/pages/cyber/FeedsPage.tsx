import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Feed, useFeeds } from '../../api/cyber'
import { useNow, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { number, relative } from '../../format/time'
import { Push, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { Answer, Empty } from '../../ui/Faces'
import { type Column, Grid } from '../../ui/Grid'
import { Act, Code, Cut, Dot, Instant, Tag } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import classes from './cyber.module.css'

const tones = { new: 'plain', ok: 'trusted', failing: 'high', stale: 'medium' } as const

/** Other servers' collections that this node reads: how far, when next, and what went wrong. The operator adds them. */
export function FeedsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const asked = useFeeds()
  const [at, setAt] = useState<string>()
  const chosen = asked.data?.find((one) => one.name === at)
  useKeys({ 'list.back': () => (at ? setAt(undefined) : void navigate({ to: '/cyber/indicators/{-$id}' })) })
  useEffect(() => {
    document.title = `${t('place.feeds')} · Rihla`
  }, [t])
  const columns = useColumns()
  return (
    <div className={classes.split} data-open={chosen !== undefined || undefined}>
      <section className={classes.list} aria-label={t('place.feeds')}>
        <Toolbar title={t('place.feeds')}>
          <Push />
        </Toolbar>
        <Answer of={asked} rows={6}>
          {(all) =>
            all.length > 0 ? (
              <Grid label={t('place.feeds')} className={classes.feeds} wide lines={all.map((row) => ({ kind: 'row' as const, key: row.name, row }))} columns={columns} selected={at} onSelect={setAt} onOpen={setAt} />
            ) : (
              <Empty>
                {t('cyber.noFeeds')} <Code>rihla feed add</Code>
              </Empty>
            )
          }
        </Answer>
      </section>
      {chosen && (
        <aside className={classes.pane}>
          <FeedPane of={chosen} onClose={() => setAt(undefined)} />
        </aside>
      )}
    </div>
  )
}

function FeedPane({ of, onClose }: { of: Feed; onClose: () => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  return (
    <>
      <header className={desk.paneHead}>
        <h2><bdi>{of.name}</bdi></h2>
        <span className={desk.push} />
        <Act icon="cross" onClick={onClose} aria-label={t('funds.close')} />
      </header>
      <div className={classes.body} data-test="feed">
      <section className={desk.part}>
      <p className={classes.note}><Code>{of.url}</Code></p>
      <table className={classes.table}>
        <tbody>
          <tr><td>{t('cyber.feed.collection')}</td><td><Code>{of.collection}</Code></td></tr>
          <tr><td>{t('cyber.feed.into')}</td><td><Code>{of.into_alias ?? of.into}</Code></td></tr>
          <tr><td>{t('cyber.feed.every')}</td><td><Code>{of.every}</Code></td></tr>
          <tr><td>{t('cyber.feed.as')}</td><td>{t(`cyber.feed.credential.${of.as}`)}</td></tr>
          <tr><td>{t('cyber.feed.by')}</td><td><bdi>{of.by}</bdi>{t('list.comma')}<Instant at={of.added} dateToo /></td></tr>
          {of.read_up_to && <tr><td>{t('cyber.feed.upTo')}</td><td><Code>{of.read_up_to}</Code></td></tr>}
          <tr><td>{t('cyber.feed.taken')}</td><td>{number(of.taken, speech)}</td></tr>
          <tr><td>{t('cyber.feed.known')}</td><td>{number(of.known, speech)}</td></tr>
          <tr><td>{t('cyber.feed.refused')}</td><td>{number(of.refused, speech)}</td></tr>
        </tbody>
      </table>
      </section>
      {of.fault && (
        <Part title={t('cyber.feed.fault')}>
          <p className={classes.note} dir="auto">{of.fault}</p>
        </Part>
      )}
      {!!of.refusals?.length && (
        <Part title={t('cyber.feed.refusals')}>
          <table className={classes.table}>
            <tbody>
              {of.refusals.map((one, at) => (
                <tr key={at}>
                  <td><Cut title={one.object}><Code quiet>{one.object}</Code></Cut></td>
                  <td><Code>{one.rule}</Code></td>
                  <td dir="auto">{one.message}{one.mend && <div className={classes.note}>{one.mend}</div>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Part>
      )}
      </div>
    </>
  )
}

function useColumns(): Column<Feed>[] {
  const { t } = useTranslation()
  const speech = useSpeech()
  const now = useNow(10_000)
  return [
    { id: 'name', head: t('cyber.name'), cell: (one) => <bdi>{one.name}</bdi> },
    { id: 'state', head: t('cyber.stateLabel'), cell: (one) => <Tag tone={tones[one.state]}>{t(`cyber.feed.state.${one.state}`)}</Tag> },
    { id: 'url', head: t('cyber.feed.from'), cell: (one) => <Cut title={one.url}><Code>{one.url}</Code></Cut> },
    { id: 'into', head: t('cyber.feed.into'), cell: (one) => <Code>{one.into_alias ?? one.into.slice(0, 8)}</Code> },
    { id: 'succeeded', head: t('cyber.feed.succeeded'), cell: (one) => (one.succeeded ? <Instant at={one.succeeded} dateToo /> : <Dot />) },
    { id: 'due', head: t('cyber.feed.due'), cell: (one) => relative(Date.parse(one.due), now, t) },
    { id: 'taken', head: t('cyber.feed.taken'), numeric: true, cell: (one) => number(one.taken, speech) },
    { id: 'refused', head: t('cyber.feed.refused'), numeric: true, cell: (one) => (one.refused > 0 ? number(one.refused, speech) : <Dot />) },
    { id: 'failures', head: t('cyber.feed.failures'), numeric: true, cell: (one) => (one.failures > 0 ? number(one.failures, speech) : <Dot />) },
  ]
}
