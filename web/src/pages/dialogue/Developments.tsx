import { useTranslation } from 'react-i18next'
import type { Development } from '../../api/dialogue'
import { bare } from '../../format/exchange'
import { Code, Instant } from '../../ui/parts'
import { useAuthority } from '../exchange/useAuthority'
import classes from './Developments.module.css'

/** What happened between the two since they last met, as both logs hold it. */
export function Developments({ of, empty }: { of: Development[]; empty: string }) {
  const { t } = useTranslation()
  const nameOf = useAuthority()
  if (of.length === 0) return <p className={classes.none}>{empty}</p>
  return (
    <ol className={classes.list} data-test="developments">
      {of.map((one) => (
        <li key={`${one.at} ${one.kind} ${one.share ?? ''} ${one.message ?? ''}`}>
          <span className={classes.when}>
            <Instant at={one.at} dateToo />
          </span>
          <span>
            {t(`development.${one.kind}`, { defaultValue: one.kind })}
            {one.version !== undefined && <> <Code>{`v${one.version}`}</Code></>}
          </span>
          <span className={classes.quiet}>
            <Code quiet>{[one.agreement, one.share].filter(Boolean).join(' ')}</Code>
          </span>
          <span className={classes.quiet}>
            {[one.partner ? nameOf(one.partner) : '', one.code ? t([`refusal.${one.code}`, `suspendCause.${one.code}`], { defaultValue: one.code }) : ''].filter(Boolean).map(bare).join(t('list.comma'))}
          </span>
        </li>
      ))}
    </ol>
  )
}
