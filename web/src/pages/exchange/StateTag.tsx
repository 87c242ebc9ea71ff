import { useTranslation } from 'react-i18next'
import { plain } from '../../format/exchange'
import { Icon, type IconName } from '../../ui/Icon'
import classes from './StateTag.module.css'

const looks: Record<string, { icon: IconName; tone?: 'good' | 'held' }> = {
  in_force: { icon: 'check', tone: 'good' },
  suspended: { icon: 'pause', tone: 'held' },
  terminated: { icon: 'cross', tone: 'held' },
  expired: { icon: 'cross', tone: 'held' },
}

/** The state of an agreement or of a version of it: a mark and a word. */
export function StateTag({ state }: { state: string }) {
  const { t } = useTranslation()
  const code = plain(state)
  const look = looks[code]
  return (
    <span className={`${classes.state} ${look?.tone ? classes[look.tone] : ''}`} data-state={code}>
      <Icon name={look?.icon ?? 'clock'} size={12} /> {t(`agreementState.${code}`, { defaultValue: state })}
    </span>
  )
}
