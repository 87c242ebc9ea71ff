import { Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Act, Key } from '../ui/parts'
import { acts, defaults, pressed } from './keys'
import classes from './KeysSheet.module.css'
import { setPrefs, usePrefs } from './prefs'

const rooms = ['go', 'list', 'case', 'desk', 'report'] as const

/** Every key there is; press one here to change it. */
export function KeysSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const { keymap, singleKeys } = usePrefs()
  const [changing, setChanging] = useState<string>()
  return (
    <Modal opened onClose={onClose} title={t('keys.title')} size={760} yOffset="8vh" closeButtonProps={{ 'aria-label': t('keys.close') }} classNames={{ content: classes.box, title: classes.title }}>
      <div className={classes.rooms}>
        {rooms.map((room) => (
          <section key={room}>
            <h3>{t(`keys.${room}`)}</h3>
            <ul>
              {acts
                .filter((act) => act.startsWith(`${room}.`))
                .map((act) => (
                  <li key={act}>
                    <span>{t(`act.${act}`)}</span>
                    <button
                      type="button"
                      className={classes.change}
                      aria-label={t('keys.change', { act: t(`act.${act}`) })}
                      onClick={() => setChanging(act)}
                      onBlur={() => setChanging(undefined)}
                      onKeyDown={(event) => {
                        if (changing !== act || ['Shift', 'Control', 'Meta', 'Alt', 'Tab'].includes(event.key)) return
                        event.preventDefault()
                        event.stopPropagation()
                        setChanging(undefined)
                        if (event.key === 'Escape' && defaults[act] !== 'Escape') return
                        setPrefs({ keymap: { ...keymap, [act]: pressed(event.nativeEvent) } })
                      }}
                    >
                      {changing === act ? <em>{t('keys.press')}</em> : <Key act={act} />}
                    </button>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
      <footer className={classes.foot}>
        <label>
          <input type="checkbox" checked={singleKeys} onChange={(event) => setPrefs({ singleKeys: event.target.checked })} /> {t('keys.single')}
        </label>
        <Act onClick={() => setPrefs({ keymap: {} })}>{t('keys.reset')}</Act>
      </footer>
    </Modal>
  )
}
