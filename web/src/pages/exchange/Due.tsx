import { useTranslation } from 'react-i18next'
import type { Thread } from '../../api/exchange'
import { useNow } from '../../app/home'
import { dueOf } from '../../format/exchange'
import { span } from '../../format/time'
import { Icon } from '../../ui/Icon'
import classes from './Due.module.css'

/** The clock of an answer, counting down; once it ran out, how long ago. */
export function Due({ of, full = false }: { of: Thread; full?: boolean }) {
  const { t } = useTranslation()
  const now = useNow()
  const clock = dueOf(of, now)
  if (clock.state === 'none') return null
  if (clock.state === 'met' || clock.state === 'missed')
    return full || clock.state === 'missed' ? <span className={clock.state === 'missed' ? classes.late : classes.due}>{t(`due.${clock.state}`, { span: span(clock.left, t) })}</span> : null
  return (
    <span className={clock.state === 'late' ? classes.late : clock.state === 'near' ? classes.near : classes.due} data-clock={clock.state}>
      <Icon name="clock" size={12} /> {t(clock.state === 'late' ? 'due.late' : full ? 'due.in' : 'due.short', { span: span(clock.left, t) })}
    </span>
  )
}
