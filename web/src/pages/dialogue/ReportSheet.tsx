import { TextInput } from '@mantine/core'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { type Report, useReport, useSendReport } from '../../api/dialogue'
import { useAgreement } from '../../api/exchange'
import { useHome, useNow, useSpeech } from '../../app/home'
import { country, countryIn } from '../../format/exchange'
import { differing, differs, groups, type Row, rowsOf, sayFigure } from '../../format/review'
import { number } from '../../format/time'
import { Push, Toggle } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer } from '../../ui/Faces'
import { Act, Code, Day, Dot, Instant, Route, Tag } from '../../ui/parts'
import { Developments } from './Developments'
import classes from './ReportSheet.module.css'

type Props = { agreement: string; from?: string; to?: string; shared: boolean; within?: boolean; onChange?: (change: { from?: string; to?: string; shared?: string }) => void }

/** The figures of one agreement over a period: both sides beside each other, and where they do not agree. */
export function ReportSheet({ agreement, from, to, shared, within = false, onChange }: Props) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const { role } = useHome()
  const now = useNow(3600_000)
  const file = useAgreement(agreement)
  const [since, until] = [from ?? new Date(now - 180 * 24 * 3600_000).toISOString().slice(0, 10), to ?? new Date(now).toISOString().slice(0, 10)]
  const report = useReport(agreement, since, until, shared)
  const send = useSendReport(agreement)
  const landIn = (party: string) => countryIn(file.data?.parties.find((one) => one.id === party)?.country ?? party, language)
  const land = (party: string) => country(file.data?.parties.find((one) => one.id === party)?.country ?? party, language)
  return (
    <div className={within ? classes.within : classes.alone} data-test="report">
      {!within && (
        <header className={desk.head}>
          <div className={desk.headLine}>
            <h1>
              <bdi>{file.data?.words[language].title ?? agreement}</bdi>
            </h1>
            <Code quiet>{agreement}</Code>
            <Push />
            <span className={classes.noPrint}>
              <Act onClick={() => window.print()}>{t('agreement.print')}</Act>
            </span>
          </div>
          <div className={`${desk.headLine} ${classes.bar}`}>
            <TextInput type="date" aria-label={t('review.from')} value={since} max={until} onChange={(event) => onChange?.({ from: event.currentTarget.value })} classNames={{ input: classes.input }} data-test="report-from" />
            {t('agreement.until')}
            <TextInput type="date" aria-label={t('review.to')} value={until} min={since} onChange={(event) => onChange?.({ to: event.currentTarget.value })} classNames={{ input: classes.input }} data-test="report-to" />
            <Toggle pressed={shared} onChange={(on) => onChange?.({ shared: on ? '1' : undefined })}>
              {t('review.shared')}
            </Toggle>
          </div>
        </header>
      )}
      <Answer of={report} rows={12}>
        {(known) => (
          <>
            <Figures report={known} land={land} />
            {!within && !!known.developments?.length && (
              <section className={desk.part}>
                <div className={desk.partHead}>
                  <h3>{t('review.developments')}</h3>
                </div>
                <Developments of={known.developments} empty={t('dialogue.noDevelopments')} />
              </section>
            )}
            <footer className={classes.foot}>
              <span>
                {known.received_at ? (
                  <>
                    {t('review.received', { partner: landIn(known.partner) })} <Instant at={known.received_at} dateToo />
                  </>
                ) : (
                  t('review.notReceived', { partner: landIn(known.partner) })
                )}
              </span>
              <span>
                {known.sent_at ? (
                  <>
                    {t('review.sent')} <Instant at={known.sent_at} dateToo />
                  </>
                ) : (
                  role === 'supervisor' && (
                    <Act icon="send" disabled={send.isPending} onClick={() => send.mutate({ from: since, to: until })} data-test="report-send">
                      {t('review.send', { partner: landIn(known.partner) })}
                    </Act>
                  )
                )}
              </span>
              {known.review.made_from && (
                <span className={classes.quiet}>
                  {t('review.madeFrom', { from: known.review.made_from.journal_from, to: known.review.made_from.journal_to })} <Code quiet>{known.review.made_from.root.slice(0, 24)}</Code>
                </span>
              )}
              <ActFailed error={send.error} />
            </footer>
          </>
        )}
      </Answer>
    </div>
  )
}

function Figures({ report, land }: { report: Report; land: (party: string) => string }) {
  const { t } = useTranslation()
  const rows = rowsOf(report.review, report.own, report.partner)
  const differ = differing(rows)
  const theirs = report.review.sides[report.partner] !== undefined
  return (
    <table className={classes.table}>
      <caption>
        <span>
          <Day of={report.review.period.from} /> {t('agreement.until')} <Day of={report.review.period.to} />
          {report.review.interim && <Tag>{t('review.interim')}</Tag>}
          {theirs && <Tag tone={differ > 0 ? 'medium' : 'trusted'}>{differ > 0 ? t('review.differ', { count: differ }) : t('review.agree')}</Tag>}
        </span>
      </caption>
      <thead>
        <tr>
          <th scope="col">{t('review.figure')}</th>
          <th scope="col">{land(report.own)}</th>
          <th scope="col">{land(report.partner)}</th>
          <th scope="col">{t('review.difference')}</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => {
          const here = rows.filter((row) => row.group === group)
          if (here.length === 0) return null
          return (
            <Fragment key={group}>
              <tr className={classes.group}>
                <th scope="rowgroup" colSpan={4}>
                  {t(`reviewGroup.${group}`)}
                </th>
              </tr>
              {here.map((row) => (
                <Line key={`${row.figure}.${row.parts.join('.')}`} row={row} theirs={theirs} />
              ))}
            </Fragment>
          )
        })}
      </tbody>
    </table>
  )
}

function Line({ row, theirs }: { row: Row; theirs: boolean }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const say = (value: Row['own']) => {
    const text = sayFigure(value, row.unit, t, (figure) => number(figure, speech))
    return text === '' || text === '0' ? <Dot /> : <bdi>{text}</bdi>
  }
  const pairs = row.pairs.filter((one) => one.difference !== 0)
  return (
    <tr data-differs={differs(row) || undefined} data-figure={[row.figure, ...row.parts].join('.')}>
      <th scope="row">
        {t(`figure.${row.figure}`, { defaultValue: row.figure })}{' '}
        {row.parts.map((part) => (
          <bdi key={part} className={classes.part}>
            {t([`figurePart.${part}`, `refusal.${part}`, `exchangePurpose.${part}`, `pending.${part}`], { defaultValue: part }).replace(/\.$/, '')}
          </bdi>
        ))}
      </th>
      <td>{say(row.own)}</td>
      <td>{theirs ? say(row.theirs) : <span className={classes.quiet}>–</span>}</td>
      <td>
        {pairs.map((one) => (
          <span key={one.from} className={classes.pair} title={t('review.pair', { said: one.said, heard: one.heard })}>
            <Route from={one.from.toUpperCase()} to={one.to.toUpperCase()} /> <bdi dir="ltr">{`${one.said} ≠ ${one.heard}`}</bdi>
          </span>
        ))}
        {pairs.length === 0 && row.pairs.length > 0 && t('review.same')}
      </td>
    </tr>
  )
}
