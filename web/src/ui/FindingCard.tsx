import { useTranslation } from 'react-i18next'
import type { Finding } from '../api/types'
import { band, codeOf } from '../format/finding'
import classes from './FindingCard.module.css'
import { Code, Figure } from './parts'
import { Severity } from './Severity'

/** The name of a finding: its kind, and for a match how likely; a rule is called by its own title. */
export function useFindingTitle() {
  const { t } = useTranslation()
  return (finding: Finding): string => {
    const code = codeOf(finding)
    if (code === 'rule_hit') return finding.explanation?.title ?? t('finding.rule_hit')
    const name = t(`finding.${code}`, { defaultValue: finding.explanation?.title ?? code })
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
  const settle = why?.settle ?? []
  return (
    <div className={`${classes.card} ${titled ? '' : classes.untitled}`}>
      {titled && <div className={classes.head}>
        <Severity level={finding.severity} />
        <strong><bdi>{title(finding)}</bdi></strong>
        <span className={classes[finding.severity]}>{t(`severityTitle.${finding.severity}`)}</span>
        <span className={classes.sure}>
          {rule ? <Code>{`${finding.rule ?? ''} v${finding.rule_version ?? ''}`}</Code> : finding.score !== undefined ? <Figure>{finding.score.toFixed(2)}</Figure> : null}
        </span>
      </div>}
      <p className={classes.text}>
        {why?.subject && why.listed && (
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
        {settle.length > 0 && (
          <span className={classes.dismiss}>{`${t('finding.dismissWith')} ${settle.map((code) => t(`settle.${code}`, { defaultValue: code })).join(t('list.or'))}.`}</span>
        )}
      </p>
    </div>
  )
}
