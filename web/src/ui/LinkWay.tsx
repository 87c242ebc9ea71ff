import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useKindWord } from './linkKinds'
import { Icon, type IconName } from './Icon'
import classes from './LinkWay.module.css'
import { Code, Day, Name } from './parts'

export type WayStep = { kind: string; value?: string; to: string; name?: string; first?: string; last?: string; weight?: number; status?: string }

const icons: Record<string, IconName> = { cotravel: 'plane', onward: 'plane', booking: 'box', bag: 'box', document: 'list' }

/** Who is joined to whom, drawn as a line of steps that runs with the language: a person, what they share, the next person. */
export function LinkWay({ from, steps }: { from?: string; steps: readonly WayStep[] }) {
  const { t } = useTranslation()
  const word = useKindWord()
  return (
    <ol className={classes.way} aria-label={t('links.way')} data-test="link-way">
      <li className={classes.person}>
        <span className={classes.dot} aria-hidden="true" />
        <Name>{from ?? t('links.thisTraveller')}</Name>
      </li>
      {steps.map((step, index) => (
        <li key={`${step.to}-${index}`} className={classes.step}>
          <span className={classes.share}>
            <span>
              {icons[step.kind] && <Icon name={icons[step.kind] ?? 'links'} size={12} />} {word(step.kind)} {step.value && <Code>{step.value}</Code>}
            </span>
            <small>
              <Day of={step.first?.slice(0, 10)} />
              {step.last && step.last.slice(0, 10) !== step.first?.slice(0, 10) && <> – <Day of={step.last.slice(0, 10)} /></>}
            </small>
          </span>
          <span className={classes.person} data-status={step.status}>
            <span className={classes.dot} aria-hidden="true" />
            <Link to="/people/$id" params={{ id: step.to }} className={classes.name}>
              <Name>{step.name ?? t('links.nameless')}</Name>
            </Link>
            {step.status && <em>{t(`links.status.${step.status}`)}</em>}
          </span>
        </li>
      ))}
    </ol>
  )
}
