import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type EvidenceItem, type IncidentFile, useIncidentAct } from '../../api/cyber'
import { ActFailed } from '../../ui/Faces'
import { Act, Code, Instant } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import classes from './cyber.module.css'

/** What is kept as proof: by its fingerprint, with everyone who held it. It is never edited. */
export function EvidencePart({ one, may }: { one: IncidentFile; may: boolean }) {
  const { t } = useTranslation()
  const add = useIncidentAct<{ name: string; sha256: string; location?: string }>(one.id, 'POST', 'evidence')
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const [sha256, setSha] = useState('')
  const [location, setLocation] = useState('')
  const styles = { label: classes.label, input: classes.input }
  const good = /^[0-9a-f]{64}$/i.test(sha256.trim())
  // A file is not sent: its fingerprint is reckoned here, and that is what is kept.
  const take = async (file: File | undefined) => {
    if (!file) return
    const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
    setName(file.name)
    setSha([...sum].map((byte) => byte.toString(16).padStart(2, '0')).join(''))
  }
  return (
    <Part title={t('cyber.evidence')}>
      {(one.evidence?.length ?? 0) === 0 && <p className={classes.quiet}>{t('cyber.noEvidence')}</p>}
      <ul className={classes.tasks} data-test="evidence">
        {(one.evidence ?? []).map((item) => (
          <Item key={item.id} incident={one.id} item={item} may={may} />
        ))}
      </ul>
      {may && !open && (
        <button type="button" className={classes.open} onClick={() => setOpen(true)} data-test="evidence-open">
          {t('cyber.addEvidence')}
        </button>
      )}
      {open && (
        <>
          <label className={classes.label}>
            {t('cyber.evidenceFile')}
            <input type="file" onChange={(event) => void take(event.target.files?.[0])} />
          </label>
          <TextInput label={t('cyber.evidenceName')} value={name} dir="auto" onChange={(event) => setName(event.currentTarget.value)} classNames={styles} data-test="evidence-name" />
          <TextInput label="SHA-256" value={sha256} dir="ltr" onChange={(event) => setSha(event.currentTarget.value)} classNames={styles} data-test="evidence-sha" />
          <TextInput label={t('cyber.evidencePlace')} value={location} dir="auto" onChange={(event) => setLocation(event.currentTarget.value)} classNames={styles} />
          <div className={classes.acts}>
            <Act primary disabled={!name.trim() || !good || add.isPending} onClick={() => add.mutate({ name: name.trim(), sha256: sha256.trim().toLowerCase(), ...(location.trim() ? { location: location.trim() } : {}) }, { onSuccess: () => { setOpen(false); setName(''); setSha('') } })} data-test="evidence-send">
              {t('cyber.addEvidence')}
            </Act>
            <Act onClick={() => setOpen(false)}>{t('rules.notNow')}</Act>
          </div>
          <ActFailed error={add.error} />
        </>
      )}
    </Part>
  )
}

function Item({ incident, item, may }: { incident: string; item: EvidenceItem; may: boolean }) {
  const { t } = useTranslation()
  const hand = useIncidentAct<{ to: string }>(incident, 'POST', `evidence/${encodeURIComponent(item.id)}/custody`)
  const [to, setTo] = useState<string>()
  return (
    <li>
      <bdi>{item.name}</bdi>{' '}
      <span className={classes.quiet}>
        <bdi>{item.by}</bdi>
        {t('list.comma')}
        <Instant at={item.at} dateToo />
        {item.location && <>{t('list.comma')}<bdi>{item.location}</bdi></>}
      </span>
      <div className={classes.hash}>
        <Code quiet>{item.sha256.slice(0, 16)}…</Code>
      </div>
      {(item.custody ?? []).map((step) => (
        <div key={step.at} className={classes.said}>
          {t('cyber.handed', { to: `\u2068${step.to}\u2069` })} <Instant at={step.at} dateToo />
          {t('list.comma')}
          <bdi>{step.by}</bdi>
        </div>
      ))}
      {may &&
        (to === undefined ? (
          <button type="button" className={classes.open} onClick={() => setTo('')}>
            {t('cyber.hand')}
          </button>
        ) : (
          <div className={classes.acts}>
            <TextInput aria-label={t('cyber.handTo')} placeholder={t('cyber.handTo')} value={to} dir="auto" onChange={(event) => setTo(event.currentTarget.value)} classNames={{ input: classes.input }} />
            <Act primary disabled={!to.trim() || hand.isPending} onClick={() => hand.mutate({ to: to.trim() }, { onSuccess: () => setTo(undefined) })}>
              {t('cyber.hand')}
            </Act>
          </div>
        ))}
      <ActFailed error={hand.error} />
    </li>
  )
}
