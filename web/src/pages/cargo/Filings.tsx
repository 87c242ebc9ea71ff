import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Consignment, Difference } from '../../api/cargo'
import desk from '../../ui/desk.module.css'
import { Code, Instant } from '../../ui/parts'
import classes from './cargo.module.css'

/** Everything that was filed, with what each changed, and everything that was sent, on one line of time: newest first. */
export function Filings({ of }: { of: Consignment }) {
  const { t } = useTranslation()
  const all = [
    ...(of.filings ?? []).map((filing) => ({ at: filing.received, filing })),
    ...(of.statuses ?? []).map((status) => ({ at: status.at, status })),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  return (
    <>
      <header className={desk.paneHead}>
        <h2>{t('cargo.filings')}</h2>
        <small>{t('cargo.newestFirst')}</small>
      </header>
      <div className={desk.scroll}>
        <ol className={classes.line} data-test="filings">
          {all.map((one) =>
            'filing' in one ? (
              <li key={one.filing.id}>
                <div className={classes.top}>
                  <strong>{t(`cargo.filed.${one.filing.kind}`)}</strong>
                  <Link to="/reports/{-$id}" params={{ id: one.filing.report }} className={classes.link}>
                    <Code>{one.filing.form}</Code>
                  </Link>
                  <bdi>{one.filing.filer}</bdi>
                  <Instant at={one.at} dateToo />
                </div>
                {one.filing.reason && <p><bdi>{one.filing.reason}</bdi></p>}
                {(one.filing.errors ?? []).map((error) => (
                  <p key={error} className={classes.late}><bdi>{t(`cargo.missing.${error}`, { defaultValue: error })}</bdi></p>
                ))}
                <Differences of={one.filing.differences ?? []} />
              </li>
            ) : (
              <li key={`${one.at}${one.status.code}`} data-out>
                <div className={classes.top}>
                  <Code strong>{one.status.code}</Code>
                  <span>{t(`cargo.status.${one.status.code}`, { defaultValue: '' })}</span>
                  <Instant at={one.at} dateToo />
                </div>
                {one.status.text && <p><bdi>{one.status.text}</bdi></p>}
                <p className={classes.quiet}>
                  {t('cargo.sentTo')} <bdi>{(one.status.filers ?? []).join(t('list.comma'))}</bdi>
                  {one.status.by && <>{t('list.comma')}<bdi>{one.status.by}</bdi></>}
                </p>
              </li>
            ),
          )}
        </ol>
      </div>
    </>
  )
}

/** What a filing changed: what was, what is. */
export function Differences({ of }: { of: readonly Difference[] }) {
  const { t } = useTranslation()
  if (of.length === 0) return null
  return (
    <table className={classes.diff} data-test="differences">
      <tbody>
        {of.map((one) => (
          <tr key={one.field}>
            <th scope="row">{t(`cargo.field.${one.field.replace(/\./g, '-')}`, { defaultValue: one.field })}</th>
            <td>
              {one.was && <del><bdi>{one.was}</bdi></del>} {one.is && <ins><bdi>{one.is}</bdi></ins>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
