import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ThreadFile, useApproval } from '../../api/exchange'
import { useHome } from '../../app/home'
import { useKeys } from '../../app/keys'
import { counted } from '../../format/exchange'
import desk from '../../ui/desk.module.css'
import { ActFailed } from '../../ui/Faces'
import { Act } from '../../ui/parts'
import { Head } from './Desk'
import classes from './panes.module.css'
import { Sides } from './Sides'
import { Subject } from './Subject'
import { useAuthority } from './useAuthority'

// A reason shorter than this is no reason.
const shortest = 10

/** Before anything is asked of a partner, somebody else of this side says yes. */
export function ApprovePane({ thread, onClose }: { thread: ThreadFile; onClose?: () => void }) {
  const { t } = useTranslation()
  const { me } = useHome()
  const approve = useApproval(thread.id)
  const [reason, setReason] = useState('')
  const may = thread.may?.includes('approve') || thread.may?.includes('let_out') || false
  const gives = thread.kind === 'spontaneous'
  const ready = may && !approve.isPending && counted(reason) >= shortest
  const answer = (yes: boolean) => approve.mutate({ approve: yes, reason: reason.trim() })
  useKeys(ready ? { 'case.send': () => answer(true) } : {})
  const partner = useAuthority()(thread.partner)
  return (
    <>
      <Head title={t('approve.title')} thread={thread} onClose={onClose} />
      <div className={desk.scroll} data-test="approve">
        <div className={classes.about}>
          <p>{t(gives ? 'approve.gives' : 'approve.by', { name: `\u2068${thread.requester ?? ''}\u2069`, partner })}</p>
          {thread.request?.subject && <p className={classes.strong}><Subject of={thread.request.subject} /></p>}
          {thread.request?.justification && <p className={classes.said}><bdi>{thread.request.justification}</bdi></p>}
        </div>
        {gives && thread.gift?.values && <Sides preview={{ leaves: Object.entries(thread.gift.values).map(([field, value]) => ({ field, value })), withheld: [] }} to={partner} />}
        {!may ? (
          <p className={classes.note}>{t(thread.requester === me ? 'approve.own' : 'approve.other', { role: t([`role.${thread.terms?.approval?.role}`, `agreementRole.${thread.terms?.approval?.role}`], { defaultValue: t('role.supervisor') }) })}</p>
        ) : (
          <Textarea label={t('decision.yourReason')} rows={3} value={reason} dir="auto" onChange={(event) => setReason(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} data-test="reason" />
        )}
        <h3 className={classes.will}>{t('decision.will')}</h3>
        <ol className={classes.list}>
          {(t(gives ? 'approve.willGive' : 'approve.will', { returnObjects: true, partner }) as string[]).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
        <ActFailed error={approve.error} />
      </div>
      {may && (
        <footer className={desk.foot}>
          <div className={classes.buttons}>
            <Act primary act="case.send" icon="send" disabled={!ready} onClick={() => answer(true)} data-test="approve-yes">
              {t(gives ? 'approve.give' : 'approve.yes', { partner })}
            </Act>
            <Act disabled={!ready} onClick={() => answer(false)} data-test="approve-no">
              {t('approve.no')}
            </Act>
          </div>
        </footer>
      )}
    </>
  )
}
