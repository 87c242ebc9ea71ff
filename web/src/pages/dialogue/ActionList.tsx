import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Action, type MeetingFile, useDropAction, useMoveAction } from '../../api/dialogue'
import { useHome, useSpeech } from '../../app/home'
import { ActFailed } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { Act, Code, Day } from '../../ui/parts'
import classes from './ActionList.module.css'

/** Actions of earlier meetings that are still open: the late ones come first and open the meeting. */
export function DueActions({ file }: { file: MeetingFile }) {
  const { t } = useTranslation()
  const due = file.due ?? []
  return <div className={classes.pad}>{due.length === 0 ? <p className={classes.quiet}>{t('action.noneDue')}</p> : <ActionList of={due} meeting={file.meeting.id} />}</div>
}

export function ActionList({ of, meeting, draft = false }: { of: Action[]; meeting: string; draft?: boolean }) {
  return (
    <ul className={classes.actions} data-test="actions">
      {of.map((one) => (
        <One key={one.id} one={one} meeting={meeting} draft={draft} />
      ))}
    </ul>
  )
}

function One({ one, meeting, draft }: { one: Action; meeting: string; draft: boolean }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const { role } = useHome()
  const move = useMoveAction(meeting)
  const drop = useDropAction(meeting)
  const [evidence, setEvidence] = useState<string>()
  const open = one.state === 'open' || one.state === 'late'
  const text = (language === 'ar' ? one.text_ar : undefined) ?? one.text
  return (
    <li data-state={one.state} data-test="action">
      <p className={classes.text}>
        <Icon name={one.state === 'done' ? 'check' : one.state === 'dropped' ? 'cross' : 'clock'} size={13} />
        <span>
          <bdi>{text}</bdi>
        </span>
      </p>
      <p className={classes.facts}>
        <Code quiet>{one.number}</Code>
        <Code>{one.owner}</Code>
        <span className={one.state === 'late' ? classes.late : undefined}>
          {t(`action.${one.state}`)} <Day of={one.due} />
        </span>
        {one.figure && <Code quiet>{one.figure}</Code>}
      </p>
      {one.evidence && (
        <p className={classes.quiet}>
          {t('action.evidence')} <bdi>{one.evidence}</bdi>
        </p>
      )}
      {open && role === 'supervisor' && (
        <div className={classes.acts}>
          {evidence === undefined ? (
            <>
              <button type="button" onClick={() => setEvidence('')} data-test="action-done">
                {t('action.setDone')}
              </button>
              {draft ? (
                <button type="button" onClick={() => drop.mutate(one.id)}>
                  {t('action.remove')}
                </button>
              ) : (
                <button type="button" onClick={() => move.mutate({ id: one.id, state: 'dropped' })}>
                  {t('action.setDropped')}
                </button>
              )}
            </>
          ) : (
            <>
              <TextInput aria-label={t('action.evidence')} placeholder={t('action.evidence')} value={evidence} dir="auto" onChange={(event) => setEvidence(event.currentTarget.value)} classNames={{ root: classes.evidence, input: classes.input }} />
              <Act disabled={!evidence.trim() || move.isPending} onClick={() => move.mutate({ id: one.id, state: 'done', evidence: evidence.trim() }, { onSuccess: () => setEvidence(undefined) })}>
                {t('action.done')}
              </Act>
            </>
          )}
        </div>
      )}
      <ActFailed error={move.error ?? drop.error} />
    </li>
  )
}
