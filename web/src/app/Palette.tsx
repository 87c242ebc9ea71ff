import { Modal } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useId, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearch, useSignOut } from '../api/queries'
import type { Hit } from '../api/types'
import { Icon, type IconName } from '../ui/Icon'
import { ActFailed } from '../ui/Faces'
import { Key } from '../ui/parts'
import { type Place, placeAct, placePath, untabbed } from './home'
import type { Act } from './keys'
import classes from './Palette.module.css'
import { setPrefs, usePrefs } from './prefs'
import { useRested } from './rested'

/** Where a found thing is opened. */
export function placeOf(hit: Pick<Hit, 'kind' | 'id' | 'path'>): string {
  if (hit.path) return hit.path
  const rooms: Record<string, string> = { passenger: 'people', flight: 'flights', case: 'queue', report: 'reports' }
  return `/${rooms[hit.kind] ?? 'people'}/${hit.id}`
}

export const iconOf: Record<string, IconName> = { passenger: 'people', flight: 'plane', case: 'list', report: 'box' }

type Choice = { id: string; icon: IconName; title: string; detail?: string; act?: Act; run: () => void }

/** Search and, from Ctrl K, everything that can be done from anywhere. */
export function Palette({ mode, places, onClose, onKeys }: { mode: 'search' | 'all'; places: readonly Place[]; onClose: () => void; onKeys: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const prefs = usePrefs()
  const signOut = useSignOut()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const asked = useRested(text.trim(), 150)
  const found = useSearch(asked)

  const commands = useMemo((): Choice[] => {
    const place = (name: Place): Choice => ({
      id: name,
      icon: 'arrow',
      title: t('palette.go', { place: t(`place.${name}`) }),
      act: placeAct[name],
      run: () => void navigate({ to: placePath[name] }),
    })
    return [
      ...places.filter((name) => !untabbed.includes(name)).map(place),
      { id: 'language', icon: 'globe', title: prefs.language === 'ar' ? 'English' : 'العربية', run: () => setPrefs({ language: prefs.language === 'ar' ? 'en' : 'ar' }) },
      { id: 'light', icon: 'moon', title: t('palette.light'), run: () => setPrefs({ scheme: 'light' }) },
      { id: 'dark', icon: 'moon', title: t('palette.dark'), run: () => setPrefs({ scheme: 'dark' }) },
      { id: 'rows', icon: 'rows', title: t(prefs.rows === 'compact' ? 'palette.comfortable' : 'palette.compact'), run: () => setPrefs({ rows: prefs.rows === 'compact' ? 'comfortable' : 'compact' }) },
      { id: 'keys', icon: 'keys', title: t('act.go.keys'), act: 'go.keys', run: onKeys },
      { id: 'out', icon: 'exit', title: t('frame.signOut'), run: () => signOut.mutate() },
    ]
  }, [places, prefs, t, navigate, onKeys, signOut])

  const plain = text.trim().toLocaleLowerCase()
  const matching = commands.filter((choice) => plain === '' || choice.title.toLocaleLowerCase().includes(plain))
  const hits: Choice[] = (asked.length >= 2 ? (found.data ?? []) : []).map((hit) => ({
    id: `${hit.kind}-${hit.id}`,
    icon: iconOf[hit.kind] ?? 'search',
    title: hit.title,
    detail: [t(`kind.${hit.kind}`, { defaultValue: hit.kind }), hit.detail].filter(Boolean).join(' · '),
    run: () => void navigate({ to: placeOf(hit) }),
  }))
  const everything: Choice = {
    id: 'everything',
    icon: 'search',
    title: t('palette.everything', { q: asked }),
    run: () => void navigate({ to: '/people', search: { q: asked } }),
  }
  const choices = [...hits, ...(asked.length >= 2 && places.includes('people') ? [everything] : []), ...(mode === 'all' || plain !== '' ? matching : [])]
  const chosen = Math.min(at, Math.max(0, choices.length - 1))

  const take = (choice: Choice | undefined) => {
    if (!choice) return
    onClose()
    choice.run()
  }

  return (
    <Modal opened onClose={onClose} withCloseButton={false} padding={0} size={620} yOffset="12vh" aria-label={t('frame.search')} classNames={{ content: classes.box }}>
      <input
        className={classes.input}
        data-autofocus
        value={text}
        placeholder={t(mode === 'all' ? 'palette.prompt' : 'frame.search')}
        aria-label={t('frame.search')}
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={choices[chosen] ? `${id}-${chosen}` : undefined}
        onChange={(event) => {
          setText(event.target.value)
          setAt(0)
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setAt(Math.min(chosen + 1, choices.length - 1))
          else if (event.key === 'ArrowUp') setAt(Math.max(chosen - 1, 0))
          else if (event.key === 'Enter' && !event.nativeEvent.isComposing) take(choices[chosen])
          else return
          event.preventDefault()
        }}
        dir="auto"
        data-test="palette-input"
      />
      <ActFailed error={found.error} />
      <ul id={id} role="listbox" aria-label={t('palette.results')} className={classes.list}>
        {choices.map((choice, index) => (
          <li
            key={choice.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            className={classes.choice}
            onMouseMove={() => setAt(index)}
            onClick={() => take(choice)}
          >
            <Icon name={choice.icon} size={15} />
            <bdi className={classes.title}>{choice.title}</bdi>
            {choice.detail && <bdi className={classes.detail}>{choice.detail}</bdi>}
            {choice.act && <Key act={choice.act} />}
          </li>
        ))}
      </ul>
      {choices.length === 0 && <p className={classes.hint}>{asked.length >= 2 && !found.isFetching ? t('palette.nothing', { q: asked }) : t('palette.hint')}</p>}
    </Modal>
  )
}
