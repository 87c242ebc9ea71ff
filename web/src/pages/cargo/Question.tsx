import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Consignment, type Hold, type Question, usePutQuestion } from '../../api/cargo'
import type { More } from '../queue/DecisionPane'
import { askGroups, methods } from '../../format/cargo'
import classes from './cargo.module.css'

const asking = (outcome: string): outcome is Hold => outcome === 'rfi' || outcome === 'rfs' || outcome === 'dnl'

/** What is asked of the filer, by codes that the message can carry: said before it is decided, and sent with the decision. */
export function useQuestion(consignment: Consignment): More {
  const { t } = useTranslation()
  const put = usePutQuestion(consignment.id)
  const before = consignment.question
  const [asks, setAsks] = useState<ReadonlySet<string>>(new Set(before?.asks ?? []))
  const [method, setMethod] = useState(before?.method ?? 'HRCM')
  const [text, setText] = useState(before?.text ?? '')
  const [minutes, setMinutes] = useState(before?.deadline_minutes ? String(before.deadline_minutes) : '')
  const [contact, setContact] = useState(before?.contact ?? '')
  const toggle = (code: string) =>
    setAsks((was) => {
      const next = new Set(was)
      if (!next.delete(code)) next.add(code)
      return next
    })
  const styles = { label: classes.label, input: classes.input }
  return {
    ready: (outcome) => !asking(outcome) || (outcome === 'rfi' ? asks.size > 0 : outcome === 'rfs' ? method !== '' : contact.trim() !== ''),
    before: async (outcome) => {
      if (!asking(outcome)) return
      const question: Question = {
        kind: outcome,
        ...(outcome === 'rfi' ? { asks: [...asks] } : {}),
        ...(outcome === 'rfs' ? { method } : {}),
        ...(text.trim() ? { text: text.trim() } : {}),
        ...(Number(minutes) > 0 && outcome !== 'dnl' ? { deadline_minutes: Number(minutes) } : {}),
        ...(contact.trim() ? { contact: contact.trim() } : {}),
      }
      await put.mutateAsync(question)
    },
    fields: (outcome) => {
      if (!asking(outcome)) return null
      return (
        <div data-test={`question-${outcome}`}>
          {outcome === 'rfi' && (
            <fieldset className={classes.asks}>
              <legend>{t('cargo.asks')}</legend>
              {askGroups.map(({ group, codes }) => [
                <span key={group} data-group>
                  {t(`cargo.askGroup.${group}`)}
                </span>,
                ...codes.map((code) => (
                  <label key={code}>
                    <input type="checkbox" checked={asks.has(code)} onChange={() => toggle(code)} data-test={`ask-${code}`} /> {t(`cargo.ask.${code}`)}
                  </label>
                )),
              ])}
            </fieldset>
          )}
          {outcome === 'rfs' && <NativeSelect label={t('cargo.method')} value={method} onChange={(event) => setMethod(event.currentTarget.value)} data={methods.map((value) => ({ value, label: `${value} · ${t(`cargo.methods.${value}`)}` }))} classNames={styles} data-test="method" />}
          <Textarea label={t('cargo.toFiler')} rows={2} value={text} dir="auto" onChange={(event) => setText(event.currentTarget.value)} classNames={styles} data-test="question-text" />
          {outcome !== 'dnl' && <TextInput label={t('cargo.deadline')} type="number" min={0} max={20160} value={minutes} dir="ltr" onChange={(event) => setMinutes(event.currentTarget.value)} classNames={styles} />}
          <TextInput label={t(outcome === 'dnl' ? 'cargo.called' : 'cargo.contact')} value={contact} dir="auto" onChange={(event) => setContact(event.currentTarget.value)} classNames={styles} data-test="contact" />
        </div>
      )
    },
  }
}
