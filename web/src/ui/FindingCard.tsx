import { useTranslation } from 'react-i18next'
import type { Finding } from '../api/types'
import { band, codeOf } from '../format/finding'
import classes from './FindingCard.module.css'
import { LinkWay } from './LinkWay'
import { Code, Figure, Instant } from './parts'
import { Severity } from './Severity'

/** The name of a finding: its kind, and for a match how likely; a rule is called by its own title. */
export function useFindingTitle() {
  const { t } = useTranslation()
  return (finding: Finding): string => {
    const code = codeOf(finding)
    if (code === 'rule_hit') return finding.explanation?.title ?? t('finding.rule_hit')
    const name = t(`finding.${code}`, { defaultValue: finding.explanation?.title ?? code })
    if (finding.engine === 'link' && finding.explanation?.listed) return t('finding.withWhom', { name, whom: `\u2068${finding.explanation.listed}\u2069` })
    return code === 'name_match' && finding.score !== undefined ? t('finding.withBand', { name, band: t(`band.${band(finding.score)}`) }) : name
  }
}

/** Owners write reasons with or without a full stop; side by side they need one. */
const sentence = (text: string) => (/[.!?؟…]$/.test(text) ? text : `${text}.`)

/** What met what, how sure, how to dismiss it. */
export function FindingCard({ finding, titled = true }: { finding: Finding; titled?: boolean }) {
  const { t } = useTranslation()
  const title = useFindingTitle()
  const why = finding.explanation
  const rule = codeOf(finding) === 'rule_hit'
  // A pattern of money meets no list: it is a sum over a time.
  const funds = finding.engine === 'funds'
  const settle = why?.settle ?? []
  const path = why?.path ?? []
  return (
    <div className={`${classes.card} ${titled ? '' : classes.untitled}`}>
      {titled && <div className={classes.head}>
        <Severity level={finding.severity} />
        <strong><bdi>{title(finding)}</bdi></strong>
        <span className={classes[finding.severity]}>{t(`severityTitle.${finding.severity}`)}</span>
        <span className={classes.sure}>
          {path.length > 0 ? t('links.steps', { count: path.length }) : rule ? <Code>{`${finding.rule ?? ''} v${finding.rule_version ?? ''}`}</Code> : funds ? <Code>{why?.title}</Code> : finding.score !== undefined ? <Figure>{finding.score.toFixed(2)}</Figure> : null}
        </span>
      </div>}
      {path.length > 0 && (
        <div className={classes.path}>
          <LinkWay from={why?.subject} steps={path} />
        </div>
      )}
      <p className={classes.text}>
        {funds && why?.subject && (
          <>
            <bdi dir="ltr">{/^[\d.]+$/.test(why.subject) ? `${why.subject} USD` : why.subject}</bdi>
            {why.listed && <>{t('list.comma')}<bdi>{why.listed}</bdi></>}
            {'. '}
          </>
        )}
        {!funds && why?.subject && why.listed && path.length === 0 && (
          <>
            <bdi>{why.subject}</bdi> {t('finding.met')} <bdi>{why.listed}</bdi>
            {finding.list && <>{t('list.comma')}<bdi>{finding.list}</bdi> <Code>{finding.entry}</Code></>}
            {'. '}
          </>
        )}
        {(why?.reason || why?.advice) && (
          <bdi>
            {why.reason && sentence(why.reason)} <span className={classes.dismiss}>{settle.length === 0 && why.advice && sentence(why.advice)}</span>{' '}
          </bdi>
        )}
        {titled && settle.length > 0 && (
          <span className={classes.dismiss}>{`${t('finding.dismissWith')} ${settle.map((code) => t(`settle.${code}`, { defaultValue: code })).join(t('list.or'))}.`}</span>
        )}
      </p>
    </div>
  )
}

/** What was found once and no longer is, and why: a person who remembers a finding looks for it here. */
export function Withdrawn({ findings }: { findings: Finding[] }) {
  const { t } = useTranslation()
  const title = useFindingTitle()
  return (
    <ul className={classes.gone} data-test="withdrawn">
      {findings.map((one) => (
        <li key={`${one.engine}-${one.matched}`}>
          <bdi>{title(one)}</bdi>
          <span className={classes.dismiss}>
            {t(`withdrawal.${one.withdrawal ?? (one.dismissed ? 'not_same_person' : 'unknown')}`, { defaultValue: one.withdrawal ?? '' })}
            {t('list.comma')}
            <Instant at={one.withdrawn ?? one.dismissed} dateToo />
          </span>
        </li>
      ))}
    </ul>
  )
}
