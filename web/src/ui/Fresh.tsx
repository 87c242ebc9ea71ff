import { useTranslation } from 'react-i18next'
import { useKeys } from '../app/keys'
import classes from './Fresh.module.css'
import { Icon } from './Icon'
import { Key } from './parts'

/** What has come since the list was looked at waits here, with its key. */
export function Fresh({ count, onRelease }: { count: number; onRelease: () => void }) {
  const { t } = useTranslation()
  useKeys(count > 0 ? { 'list.new': onRelease } : {})
  if (count <= 0) return null
  return (
    <button type="button" className={classes.pill} onClick={onRelease} data-test="pill">
      <Icon name="up" size={13} />
      {t('fresh.new', { count })}
      <Key act="list.new" />
    </button>
  )
}
