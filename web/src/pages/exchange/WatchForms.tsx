import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AgreementFile, useBreach, useProtect } from '../../api/exchange'
import { useSpeech } from '../../app/home'
import { counted, countryIn, ownParty } from '../../format/exchange'
import desk from '../../ui/desk.module.css'
import { ActFailed } from '../../ui/Faces'
import { Act } from '../../ui/parts'
import { useFieldName } from './FieldValue'
import classes from './panes.module.css'

const styles = { label: classes.label, input: classes.input }
// A reason shorter than this is no reason.
const shortest = 10

/** Telling the partner of an incident that touched what it gave: what, when, whose, and what was done. It goes first of all. */
export function BreachForm({ file, onDone }: { file: AgreementFile; onDone: () => void }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const breach = useBreach(file.id)
  const [given, setGiven] = useState({ what: '', whose: '', measures: '', found: '' })
  const set = (change: Partial<typeof given>) => setGiven({ ...given, ...change })
  const partner = countryIn(file.parties.find((party) => party.id !== ownParty(file))?.country, language)
  const ready = counted(given.what) >= shortest && given.found !== ''
  return (
    <>
      <header className={desk.paneHead}>
        <h2>{t('breach.title')}</h2>
      </header>
      <div className={desk.scroll} data-test="breach-form">
        <Textarea label={t('breach.what')} rows={4} value={given.what} dir="auto" onChange={(event) => set({ what: event.currentTarget.value })} classNames={styles} data-test="breach-what" />
        <TextInput label={t('breach.found')} type="datetime-local" dir="ltr" value={given.found} onChange={(event) => set({ found: event.currentTarget.value })} classNames={styles} data-test="breach-found" />
        <TextInput label={t('breach.whose')} value={given.whose} dir="auto" onChange={(event) => set({ whose: event.currentTarget.value })} classNames={styles} />
        <Textarea label={t('breach.measures')} rows={3} value={given.measures} dir="auto" onChange={(event) => set({ measures: event.currentTarget.value })} classNames={styles} />
        <p className={classes.note}>{t('breach.will', { partner })}</p>
        <ActFailed error={breach.error} />
      </div>
      <footer className={desk.foot}>
        <div className={classes.buttons}>
          <Act className={classes.grave} disabled={!ready || breach.isPending} onClick={() => breach.mutate({ what: given.what.trim(), whose: given.whose.trim() || undefined, measures: given.measures.trim() || undefined, found: new Date(given.found).toISOString() }, { onSuccess: onDone })} data-test="breach-send">
            {t('breach.do', { partner })}
          </Act>
          <Act act="list.back" onClick={onDone}>
            {t('rules.notNow')}
          </Act>
        </div>
      </footer>
    </>
  )
}

const empty = { family_name: '', given_names: '', dob: '', number: '', issuer: '' }

/** Entering somebody who seeks protection from a state: that state is told of nobody, in the same words as ever. */
export function ProtectForm({ file, onDone }: { file: AgreementFile; onDone: () => void }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const name = useFieldName()
  const protect = useProtect()
  const [given, setGiven] = useState(empty)
  const set = (change: Partial<typeof given>) => setGiven({ ...given, ...change })
  const state = file.parties.find((party) => party.id !== ownParty(file))?.country ?? ''
  const partner = countryIn(state, language)
  const named = (given.family_name.trim() || given.given_names.trim()) && given.dob
  const ready = !!(named || given.number.trim())
  const send = () => {
    const { number, issuer, ...person } = given
    const document = number.trim() ? { number: number.trim(), issuer: issuer.trim().toUpperCase() || undefined } : undefined
    protect.mutate({ person: { ...person, document }, from: [state] }, { onSuccess: onDone })
  }
  return (
    <>
      <header className={desk.paneHead}>
        <h2>{t('protect.title', { partner })}</h2>
      </header>
      <div className={desk.scroll} data-test="protect-form">
        <p className={classes.note}>{t('protect.about', { partner })}</p>
        <TextInput label={name('person.family_name')} value={given.family_name} dir="auto" onChange={(event) => set({ family_name: event.currentTarget.value })} classNames={styles} data-test="protect-family" />
        <TextInput label={name('person.given_names')} value={given.given_names} dir="auto" onChange={(event) => set({ given_names: event.currentTarget.value })} classNames={styles} data-test="protect-given" />
        <TextInput label={name('person.dob')} type="date" dir="ltr" value={given.dob} onChange={(event) => set({ dob: event.currentTarget.value })} classNames={styles} data-test="protect-born" />
        <TextInput label={name('document.number')} value={given.number} dir="ltr" onChange={(event) => set({ number: event.currentTarget.value })} classNames={styles} data-test="protect-document" />
        <TextInput label={name('document.issuer')} value={given.issuer} dir="ltr" maxLength={3} onChange={(event) => set({ issuer: event.currentTarget.value })} classNames={styles} />
        <p className={classes.note}>{t('protect.will')}</p>
        <ActFailed error={protect.error} />
      </div>
      <footer className={desk.foot}>
        <div className={classes.buttons}>
          <Act primary disabled={!ready || protect.isPending} onClick={send} data-test="protect-send">
            {t('protect.do')}
          </Act>
          <Act act="list.back" onClick={onDone}>
            {t('rules.notNow')}
          </Act>
        </div>
      </footer>
    </>
  )
}
