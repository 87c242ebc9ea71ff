import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useOpenMeeting } from '../../api/dialogue'
import { useAgreements } from '../../api/exchange'
import { useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { plain } from '../../format/exchange'
import desk from '../../ui/desk.module.css'
import { ActFailed } from '../../ui/Faces'
import { Act } from '../../ui/parts'
import classes from './NewMeeting.module.css'

const styles = { label: classes.label, input: classes.input }

/** A meeting is opened with its agreements and its day; the agenda, the period and the figures come by themselves. */
export function NewMeeting({ onMade, onClose }: { onMade: (id: string) => void; onClose: () => void }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const agreements = useAgreements()
  const open = useOpenMeeting()
  const [given, setGiven] = useState({ starts: '', place: '', call: '', title: '', title_ar: '', authentic: 'en', urgent: false, reason: '' })
  const [chosen, setChosen] = useState<string[]>()
  const set = (change: Partial<typeof given>) => setGiven((was) => ({ ...was, ...change }))
  const all = agreements.data ?? []
  const about = chosen ?? all.filter((one) => plain(one.state) === 'in_force').map((one) => one.id)
  const ready = about.length > 0 && given.starts !== '' && (!given.urgent || given.reason.trim().length >= 10) && !open.isPending
  const make = () => {
    if (!ready) return
    const text = (name: 'place' | 'call' | 'title' | 'title_ar' | 'reason') => given[name].trim() || undefined
    open.mutate(
      { agreements: about, starts: new Date(given.starts).toISOString().replace(/\.\d+Z$/, 'Z'), place: text('place'), call: text('call'), title: text('title'), title_ar: text('title_ar'), authentic: given.authentic as 'en' | 'ar', ...(given.urgent ? { urgent: true, reason: text('reason') } : {}) },
      { onSuccess: (made) => onMade(made.meeting.id) },
    )
  }
  useKeys({ 'case.send': make, 'list.back': onClose })
  return (
    <section className={`${desk.middle} ${classes.sheet}`} data-test="meeting-form">
      <header className={desk.head}>
        <div className={desk.headLine}>
          <h1>{t('dialogue.newTitle')}</h1>
        </div>
      </header>
      <div className={classes.fields}>
        <fieldset className={classes.agreements}>
          <legend>{t('place.agreements')}</legend>
          {all.map((one) => (
            <label key={one.id}>
              <input type="checkbox" checked={about.includes(one.id)} onChange={(event) => setChosen(event.target.checked ? [...about, one.id] : about.filter((id) => id !== one.id))} /> <bdi>{language === 'ar' ? (one.title_ar ?? one.title) : one.title}</bdi>
            </label>
          ))}
        </fieldset>
        <TextInput label={t('dialogue.field.starts')} type="datetime-local" dir="ltr" value={given.starts} onChange={(event) => set({ starts: event.currentTarget.value })} classNames={styles} data-test="meeting-starts" />
        <NativeSelect label={t('dialogue.field.authentic')} value={given.authentic} onChange={(event) => set({ authentic: event.currentTarget.value })} data={[{ value: 'en', label: 'English' }, { value: 'ar', label: 'العربية' }]} classNames={styles} />
        <TextInput label={t('dialogue.field.place')} dir="auto" value={given.place} onChange={(event) => set({ place: event.currentTarget.value })} classNames={styles} data-test="meeting-place" />
        <TextInput label={t('dialogue.field.call')} placeholder="https://" dir="ltr" value={given.call} onChange={(event) => set({ call: event.currentTarget.value })} classNames={styles} />
        <TextInput label={t('dialogue.field.title')} lang="en" dir="ltr" value={given.title} onChange={(event) => set({ title: event.currentTarget.value })} classNames={styles} data-test="meeting-title" />
        <TextInput label={t('dialogue.field.titleAr')} lang="ar" dir="rtl" value={given.title_ar} onChange={(event) => set({ title_ar: event.currentTarget.value })} classNames={styles} />
        <label className={classes.check}>
          <input type="checkbox" checked={given.urgent} onChange={(event) => set({ urgent: event.target.checked })} /> {t('dialogue.field.urgent')}
        </label>
        {given.urgent && <TextInput label={t('dialogue.field.reason')} dir="auto" value={given.reason} onChange={(event) => set({ reason: event.currentTarget.value })} classNames={{ ...styles, root: classes.whole }} />}
        <ol className={classes.will}>
          {(t('dialogue.newWill', { returnObjects: true }) as string[]).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
        <ActFailed error={open.error} />
        <div className={classes.acts}>
          <Act primary act="case.send" disabled={!ready} onClick={make} data-test="meeting-make">
            {t('dialogue.make')}
          </Act>
          <Act act="list.back" onClick={onClose}>
            {t('rules.notNow')}
          </Act>
        </div>
      </div>
    </section>
  )
}
