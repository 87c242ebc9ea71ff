import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ThreadFile, useThread } from '../../api/exchange'
import { useKeys } from '../../app/keys'
import { gotOf, isOver, threadName } from '../../format/exchange'
import desk from '../../ui/desk.module.css'
import { Answer } from '../../ui/Faces'
import { Act, Code, Instant } from '../../ui/parts'
import { ApprovePane } from './ApprovePane'
import { Due } from './Due'
import { GivenPane } from './GivenPane'
import { MoreActs } from './MoreActs'
import classes from './panes.module.css'
import { ReceivedPane } from './ReceivedPane'
import { ReleasePane } from './ReleasePane'
import { useAuthority } from './useAuthority'

/** What can be done with a thread now, by whoever looks at it: approve asking, release, say what came of it. */
export function Desk({ id, candidate, onCandidate, onClose }: { id: string; candidate?: string; onCandidate?: (ref: string) => void; onClose?: () => void }) {
  const file = useThread(id)
  const [own, setOwn] = useState<string>()
  useKeys(onClose ? { 'list.back': onClose } : {}, { quiet: true })
  return (
    <Answer of={file} rows={6}>
      {(thread) => {
        const may = thread.may ?? []
        if (may.includes('release')) return <ReleasePane key={thread.state} thread={thread} candidate={candidate ?? own} onCandidate={onCandidate ?? setOwn} onClose={onClose} />
        if (may.includes('approve') || may.includes('let_out') || thread.state === 'draft') return <ApprovePane thread={thread} onClose={onClose} />
        if (thread.state === 'answered') return gotOf(thread) ? <ReceivedPane thread={thread} onClose={onClose} /> : <GivenPane thread={thread} onClose={onClose} />
        return <Standing thread={thread} onClose={onClose} />
      }}
    </Answer>
  )
}

export function Head({ title, thread, onClose }: { title: string; thread: ThreadFile; onClose?: () => void }) {
  const { t } = useTranslation()
  return (
    <header className={desk.paneHead}>
      <h2>{title}</h2>
      <Code quiet>{threadName(thread)}</Code>
      <span className={desk.push} />
      <small>
        <Due of={thread} full />
      </small>
      {onClose && <Act icon="cross" onClick={onClose} aria-label={t('thread.close')} />}
    </header>
  )
}

/** Nothing to do here: whose turn it is, or how it ended. */
function Standing({ thread, onClose }: { thread: ThreadFile; onClose?: () => void }) {
  const { t } = useTranslation()
  const partner = useAuthority()(thread.partner)
  return (
    <>
      <Head title={t(isOver(thread) ? 'thread.ended' : 'thread.waits')} thread={thread} onClose={onClose} />
      <div className={desk.scroll}>
        <div className={classes.about}>
          <h3>{t(`threadState.${thread.direction}.${thread.state}`, { defaultValue: thread.state })}</h3>
          {thread.code && <p>{t(`refusal.${thread.code}`, { defaultValue: thread.code })}</p>}
          {thread.reason && (
            <p className={classes.said}>
              <bdi>{thread.reason}</bdi>
            </p>
          )}
          {thread.clause && (
            <p>
              {t('thread.clause')} <Code>{thread.clause}</Code>
            </p>
          )}
          {thread.answered_at && (
            <p className={classes.quiet}>
              <Instant at={thread.answered_at} dateToo />
            </p>
          )}
          {!isOver(thread) && <p>{t(thread.direction === 'out' ? 'thread.theirTurn' : 'thread.ourTurn', { partner })}</p>}
          {!isOver(thread) && thread.direction === 'in' && thread.terms?.approval?.role && <p>{t('thread.whose', { role: t([`role.${thread.terms.approval.role}`, `agreementRole.${thread.terms.approval.role}`], { defaultValue: thread.terms.approval.role }) })}</p>}
        </div>
        <MoreActs thread={thread} />
      </div>
    </>
  )
}
