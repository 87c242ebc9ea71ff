import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../api/client'
import { type NewIndicator, useAddIndicator } from '../../api/cyber'
import { useKeys } from '../../app/keys'
import { indicatorKinds, lights } from '../../format/cyber'
import desk from '../../ui/desk.module.css'
import { ActFailed } from '../../ui/Faces'
import { Act } from '../../ui/parts'
import classes from './cyber.module.css'

/** An indicator by hand. What would poison everybody's matching is refused where it is typed, with its mend. */
export function NewIndicatorPane({ onClose, onOpen }: { onClose: () => void; onOpen: (id: string) => void }) {
  const { t } = useTranslation()
  const add = useAddIndicator()
  const [given, setGiven] = useState<NewIndicator>({ value: '', tlp: 'TLP:AMBER', confidence: 70 })
  const set = (change: Partial<NewIndicator>) => setGiven((was) => ({ ...was, ...change }))
  const ready = given.value.trim() !== '' && !add.isPending
  const send = () => {
    if (ready)
      add.mutate(
        { ...given, value: given.value.trim(), kind: given.kind || undefined, name: given.name?.trim() || undefined, text: given.text?.trim() || undefined, valid_until: given.valid_until ? `${given.valid_until}T00:00:00Z` : undefined },
        { onSuccess: ({ indicator }) => onOpen(indicator) },
      )
  }
  useKeys({ 'case.send': send })
  const problem = add.error instanceof Failure ? (add.error.problem as { rule?: string; mend?: string; detail?: string }) : undefined
  const styles = { label: classes.label, input: classes.input, error: classes.error }
  return (
    <>
      <header className={desk.paneHead}>
        <h2>{t('cyber.add')}</h2>
        <span className={desk.push} />
        <Act icon="cross" onClick={onClose} aria-label={t('cyber.close')} />
      </header>
      <div className={desk.scroll} data-test="indicator-form">
        <TextInput
          label={t('cyber.valueLabel')}
          value={given.value}
          dir="ltr"
          onChange={(event) => set({ value: event.currentTarget.value })}
          error={problem?.rule ? [t(`cyber.refused.${problem.rule}`, { defaultValue: problem.detail ?? problem.rule }), problem.mend].filter(Boolean).join(' ') : undefined}
          classNames={styles}
          data-test="indicator-value"
        />
        <div className={classes.form}>
          <NativeSelect label={t('cyber.kindLabel')} value={given.kind ?? ''} onChange={(event) => set({ kind: event.currentTarget.value })} data={[{ value: '', label: t('cyber.bySelf') }, ...indicatorKinds.map((value) => ({ value, label: t(`cyber.kind.${value}`) }))]} classNames={styles} />
          <NativeSelect label="TLP" value={given.tlp} onChange={(event) => set({ tlp: event.currentTarget.value })} data={lights.map((value) => ({ value, label: value }))} classNames={styles} data-test="indicator-tlp" />
          <TextInput label={t('cyber.confidence')} type="number" min={0} max={100} value={given.confidence ?? ''} dir="ltr" onChange={(event) => set({ confidence: Number(event.currentTarget.value) })} classNames={styles} />
          <TextInput label={t('cyber.until')} type="date" value={given.valid_until ?? ''} dir="ltr" onChange={(event) => set({ valid_until: event.currentTarget.value })} classNames={styles} />
        </div>
        <TextInput label={t('cyber.name')} value={given.name ?? ''} dir="auto" onChange={(event) => set({ name: event.currentTarget.value })} classNames={styles} data-test="indicator-name" />
        <Textarea label={t('cyber.whatIsIt')} rows={3} value={given.text ?? ''} dir="auto" onChange={(event) => set({ text: event.currentTarget.value })} classNames={styles} />
        <p className={classes.note}>{t('cyber.addNote')}</p>
        {!problem?.rule && <ActFailed error={add.error} />}
      </div>
      <footer className={desk.foot}>
        <Act primary act="case.send" disabled={!ready} onClick={send} data-test="indicator-send">
          {t('cyber.add')}
        </Act>
      </footer>
    </>
  )
}
