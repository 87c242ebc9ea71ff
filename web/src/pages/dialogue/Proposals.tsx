import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ChangeProposal } from '../../api/dialogue'
import { useSpeech } from '../../app/home'
import { number } from '../../format/time'
import { Code } from '../../ui/parts'
import classes from './Developments.module.css'

/** Proposed versions of agreements, and what each would have done to what was exchanged of late. */
export function Proposals({ of }: { of: ChangeProposal[] }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  if (of.length === 0) return <p className={classes.none}>{t('proposal.none')}</p>
  return (
    <ol className={classes.list}>
      {of.map((one) => (
        <li key={`${one.agreement} ${one.version}`}>
          <Link to="/agreements/{-$id}" params={{ id: one.agreement }} search={{ tab: 'changes', v: String(one.version) }}>
            <Code strong>{`${one.agreement} v${one.version}`}</Code>
          </Link>
          <span>{t('proposal.changes', { count: one.changes?.length ?? 0 })}</span>
          <span className={classes.quiet}>{one.by}</span>
          <span className={classes.quiet}>{one.replayed !== undefined && t('proposal.replayed', { replayed: number(one.replayed, speech), refuse: number(one.would_refuse ?? 0, speech), permit: number(one.would_permit ?? 0, speech), withhold: number(one.would_withhold ?? 0, speech) })}</span>
        </li>
      ))}
    </ol>
  )
}
