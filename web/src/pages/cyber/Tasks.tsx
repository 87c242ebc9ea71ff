import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type IncidentFile, type Task, useIncidentAct } from '../../api/cyber'
import { useHome, useNow } from '../../app/home'
import { relative } from '../../format/time'
import { ActFailed } from '../../ui/Faces'
import { Act } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import classes from './cyber.module.css'

const kinds = ['containment', 'eradication', 'recovery', 'investigation', 'external-outreach', 'victim-notification', 'reporting'] as const
const states = ['pending', 'ongoing', 'successful', 'failed', 'cancelled'] as const

/** Who does what until when. */
export function Tasks({ one, may }: { one: IncidentFile; may: boolean }) {
  const { t } = useTranslation()
  return (
    <Part title={t('cyber.tasks')}>
      {(one.tasks?.length ?? 0) === 0 && <p className={classes.quiet}>{t('cyber.noTasks')}</p>}
      <ul className={classes.tasks} data-test="tasks">
        {(one.tasks ?? []).map((task) => (
          <TaskLine key={task.id} incident={one.id} task={task} may={may} />
        ))}
      </ul>
      {may && <New incident={one.id} />}
    </Part>
  )
}

function TaskLine({ incident, task, may }: { incident: string; task: Task; may: boolean }) {
  const { t } = useTranslation()
  const now = useNow()
  const act = useIncidentAct<{ state: string }>(incident, 'PUT', `tasks/${encodeURIComponent(task.id)}`)
  const due = Date.parse(task.due ?? '')
  const open = task.state === 'pending' || task.state === 'ongoing'
  return (
    <li data-test="task">
      <div className={classes.top}>
        <bdi>{task.title}</bdi>
        {may ? (
          <NativeSelect aria-label={t('cyber.taskStateOf', { task: `\u2068${task.title}\u2069` })} value={task.state} disabled={act.isPending} onChange={(event) => act.mutate({ state: event.currentTarget.value })} data={states.map((value) => ({ value, label: t(`cyber.taskState.${value}`) }))} classNames={{ input: classes.input }} data-test="task-state" />
        ) : (
          <span>{t(`cyber.taskState.${task.state}`)}</span>
        )}
      </div>
      <span className={classes.quiet}>
        {t(`cyber.taskKind.${task.kind}`, { defaultValue: task.kind })}
        {task.owner && <>{t('list.comma')}<bdi>{task.owner}</bdi></>}
      </span>{' '}
      {open && !Number.isNaN(due) && <span className={due < now ? classes.late : classes.quiet}>{relative(due, now, t)}</span>}
      {task.result && <div className={classes.said}><bdi>{task.result}</bdi></div>}
      <ActFailed error={act.error} />
    </li>
  )
}

function New({ incident }: { incident: string }) {
  const { t } = useTranslation()
  const { me } = useHome()
  const add = useIncidentAct<{ title: string; kind: string; owner?: string; due?: string }>(incident, 'POST', 'tasks')
  const [title, setTitle] = useState('')
  const [kind, setKind] = useState<string>('investigation')
  const [due, setDue] = useState('')
  const styles = { label: classes.label, input: classes.input }
  return (
    <div className={classes.form}>
      <TextInput label={t('cyber.newTask')} value={title} dir="auto" onChange={(event) => setTitle(event.currentTarget.value)} classNames={{ ...styles, root: classes.wide }} data-test="task-title" />
      {title.trim() && (
        <>
          <NativeSelect label={t('cyber.kindLabel')} value={kind} onChange={(event) => setKind(event.currentTarget.value)} data={kinds.map((value) => ({ value, label: t(`cyber.taskKind.${value}`) }))} classNames={styles} />
          <TextInput label={t('cyber.dueBy')} type="datetime-local" value={due} dir="ltr" onChange={(event) => setDue(event.currentTarget.value)} classNames={styles} />
          <div className={`${classes.acts} ${classes.wide}`}>
            <Act primary disabled={add.isPending} onClick={() => add.mutate({ title: title.trim(), kind, owner: me, ...(due ? { due: new Date(`${due}Z`).toISOString() } : {}) }, { onSuccess: () => { setTitle(''); setDue('') } })} data-test="task-send">
              {t('cyber.addTask')}
            </Act>
          </div>
        </>
      )}
      <ActFailed error={add.error} />
    </div>
  )
}
