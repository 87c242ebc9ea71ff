import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ThreadFile, useCorrection, useErasure } from '../../api/exchange'
import { counted } from '../../format/exchange'
import desk from '../../ui/desk.module.css'
import { ActFailed } from '../../ui/Faces'
import { Act, Instant } from '../../ui/parts'
import { Head } from './Desk'
import { useFieldName } from './FieldValue'
import { MoreActs } from './MoreActs'
import classes from './panes.module.css'
import { useAuthority } from './useAuthority'

const shortest = 10
const causes = ['unlawful', 'wrong_person', 'withdrawn', 'court'] as const

/** What was given: it can be set right, or called back, and the partner must do both and prove it. */
export function GivenPane({ thread, onClose }: { thread: ThreadFile; onClose?: () => void }) {
  const { t } = useTranslation()
  const name = useFieldName()
  const correct = useCorrection(thread.id)
  const erase = useErasure(thread.id)
  const given = (thread.records ?? []).filter((one) => one.direction === 'out' && one.state !== 'erased')
  const fields = [...new Set(given.flatMap((one) => one.fields ?? []))]
  const [act, setAct] = useState<'correct' | 'erase'>()
  const [field, setField] = useState(fields[0] ?? '')
  const [now, setNow] = useState('')
  const [reason, setReason] = useState('')
  const [cause, setCause] = useState<string>(causes[0])
  const partner = useAuthority()(thread.partner)
  const may = thread.may ?? []
  const done = () => setAct(undefined)
  return (
    <>
      <Head title={t('given.title')} thread={thread} onClose={onClose} />
      <div className={desk.scroll} data-test="given">
        <div className={classes.about}>
          <h3>{t(`result.${thread.result}`, { defaultValue: thread.result ?? '' })}</h3>
          <p className={classes.quiet}>
            <Instant at={thread.answered_at} dateToo />
          </p>
          {fields.length > 0 && <p>{fields.map(name).join(t('list.comma'))}</p>}
          {thread.outcome && <p>{t('given.outcome', { outcome: thread.outcome.split(/[\s,]+/).map((one) => t(`exchangeOutcome.${one}`, { defaultValue: one })).join(t('list.comma')), partner })}</p>}
        </div>
        {act === undefined && given.length > 0 && (
          <div className={classes.acts}>
            {may.includes('correct') && fields.length > 0 && (
              <Act icon="pen" onClick={() => setAct('correct')} data-test="correct">
                {t('given.correct')}
              </Act>
            )}
            {may.includes('erase') && (
              <Act className={classes.grave} onClick={() => setAct('erase')} data-test="erase">
                {t('given.erase')}
              </Act>
            )}
          </div>
        )}
        {act === 'correct' && (
          <>
            <NativeSelect label={t('given.field')} value={field} onChange={(event) => setField(event.currentTarget.value)} data={fields.map((value) => ({ value, label: name(value) }))} classNames={{ label: classes.label, input: classes.input }} />
            <TextInput label={t('given.now')} value={now} dir="auto" onChange={(event) => setNow(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} data-test="correct-now" />
            <Textarea label={t('decision.yourReason')} rows={2} value={reason} dir="auto" onChange={(event) => setReason(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} data-test="correct-reason" />
            <p className={classes.note}>{t('given.willCorrect', { partner })}</p>
          </>
        )}
        {act === 'erase' && (
          <>
            <NativeSelect label={t('given.cause')} value={cause} onChange={(event) => setCause(event.currentTarget.value)} data={causes.map((value) => ({ value, label: t(`eraseCause.${value}`) }))} classNames={{ label: classes.label, input: classes.input }} />
            <p className={classes.note}>{t('given.willErase', { partner })}</p>
          </>
        )}
        <ActFailed error={correct.error ?? erase.error} />
        <MoreActs thread={thread} />
      </div>
      {act && (
        <footer className={desk.foot}>
          <div className={classes.buttons}>
            {act === 'correct' ? (
              <Act primary disabled={!now.trim() || counted(reason) < shortest || correct.isPending} onClick={() => correct.mutate({ field, now: now.trim(), reason: reason.trim() }, { onSuccess: done })} data-test="correct-send">
                {t('given.correctSend', { field: name(field), partner })}
              </Act>
            ) : (
              <Act className={classes.grave} disabled={erase.isPending} onClick={() => erase.mutate({ cause }, { onSuccess: done })} data-test="erase-send">
                {t('given.eraseSend', { partner })}
              </Act>
            )}
            <Act act="list.back" onClick={done}>
              {t('rules.notNow')}
            </Act>
          </div>
        </footer>
      )}
    </>
  )
}
