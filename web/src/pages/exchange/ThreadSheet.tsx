import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { type Candidate, type Held, type ThreadFile, useAgreement, useThread } from '../../api/exchange'
import { useSpeech } from '../../app/home'
import { bare, byMachine, threadName } from '../../format/exchange'
import desk from '../../ui/desk.module.css'
import { Answer } from '../../ui/Faces'
import { FindingCard } from '../../ui/FindingCard'
import { StatusNote } from '../../ui/Grid'
import { Icon } from '../../ui/Icon'
import { Act, Code, Figure, Instant, Name, Tag } from '../../ui/parts'
import { Due } from './Due'
import { FieldValue, useFieldName } from './FieldValue'
import { Marks } from './Sides'
import { Subject, subjectName } from './Subject'
import classes from './ThreadSheet.module.css'
import { useAuthority, useThreadTitle } from './useAuthority'

/** One matter between the two states: what was asked and why, whom it may mean, what came, and every step of it. */
export function ThreadSheet({ id, chosen, onChoose }: { id: string; chosen?: string; onChoose: (ref: string) => void }) {
  const file = useThread(id)
  return <Answer of={file}>{(thread) => <Sheet thread={thread} chosen={chosen} onChoose={onChoose} />}</Answer>
}

function Sheet({ thread, chosen, onChoose }: { thread: ThreadFile; chosen?: string; onChoose: (ref: string) => void }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const agreement = useAgreement(thread.agreement)
  const words = agreement.data?.words[language].shares?.find((one) => one.id === thread.share)
  const partner = useAuthority()(thread.partner)
  const titleOf = useThreadTitle()
  return (
    <>
      <header className={desk.head}>
        <div className={desk.headLine}>
          <h1>
            <Name>{thread.request?.subject ? subjectName(thread.request.subject) : (words?.title ?? titleOf(thread))}</Name>
          </h1>
          <Tag>{thread.state === 'answered' ? t(`result.${thread.result}`, { defaultValue: thread.result ?? '' }) : t(`threadState.${thread.direction}.${thread.state}`, { defaultValue: thread.state })}</Tag>
          {thread.urgent && <Tag tone="high">{t('thread.urgent')}</Tag>}
          <span className={desk.push} />
          <Due of={thread} full />
          <Code quiet>{threadName(thread)}</Code>
        </div>
        <div className={desk.headLine}>
          <Icon name={thread.direction === 'in' ? 'came' : 'leaves'} size={14} />
          <span>{t(thread.direction === 'in' ? 'thread.asksUs' : 'thread.weAsk', { partner })}</span>
          <Link to="/agreements/{-$id}" params={{ id: thread.agreement }} search={{ share: thread.share, thread: thread.id }} className={classes.link}>
            <Code>{thread.share}</Code> <bdi>{words?.title ?? titleOf(thread)}</bdi>
          </Link>
          <span className={desk.push} />
          <Instant at={thread.asked_at} dateToo />
        </div>
      </header>
      {thread.attention && (
        <p className={classes.alarm} role="status">
          <Icon name="warn" size={14} /> {t(`attentionSays.${thread.attention}`, { defaultValue: t(`attention.${thread.attention}`, { defaultValue: thread.attention }) })}
        </p>
      )}
      {thread.masked && <p className={classes.masked}>{t('thread.masked')}</p>}
      <Part title={t(thread.kind === 'spontaneous' ? 'thread.given' : 'thread.asked')}>
        <AskedFor thread={thread} />
      </Part>
      {!!thread.candidates?.length && (
        <Part title={t('thread.candidates', { count: thread.candidates.length })} note={t('thread.candidatesNote')}>
          {thread.candidates.map((one) => (
            <One key={one.ref} one={one} chosen={one.ref === chosen} onChoose={() => onChoose(one.ref)} />
          ))}
        </Part>
      )}
      {thread.direction === 'in' && ['asked', 'half'].includes(thread.state) && thread.candidates?.length === 0 && (
        <Part title={t('thread.candidates', { count: 0 })}>
          <p className={classes.quiet}>{t('thread.noCandidates')}</p>
        </Part>
      )}
      {!!words?.requires?.length && thread.direction === 'in' && thread.state !== 'answered' && (
        <Part title={t('thread.mayOnly')} note={<Code quiet>{thread.share}</Code>}>
          <ul className={classes.words}>
            {[...(words.permits ?? []), ...words.requires].map((line) => (
              <li key={line}>
                <bdi>{line}</bdi>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {(thread.records ?? []).map((one) => (
        <Exchanged key={one.id} of={one} />
      ))}
      {!!thread.approvals?.length && (
        <Part title={t('thread.decisions')}>
          <ol className={classes.steps}>
            {thread.approvals.map((one) => (
              <li key={`${one.stage} ${one.by} ${one.at}`}>
                <span className={classes.when}>
                  <Instant at={one.at} dateToo />
                </span>
                <span>
                  <Icon name={one.approve ? 'check' : 'cross'} size={12} /> {t(`approval.${one.stage}.${one.approve ? 'yes' : 'no'}`)}
                </span>
                <bdi className={classes.quiet}>{one.reason}</bdi>
                <span>
                  <bdi>{one.by}</bdi>
                  {one.role && <>{t('list.comma')}{t(`role.${one.role}`, { defaultValue: one.role })}</>}
                </span>
              </li>
            ))}
          </ol>
        </Part>
      )}
      {!!thread.messages?.length && (
        <Part title={t('thread.messages')}>
          <ol className={classes.steps} data-test="messages">
            {thread.messages.map((one, at) => (
              <li key={at} data-way={one.direction}>
                <span className={classes.when}>
                  <Instant at={one.at} dateToo />
                </span>
                <span>
                  {one.type && ['sent', 'received', 'delivered', 'undelivered', 'rejected'].includes(one.kind) && <Icon name={one.direction === 'in' ? 'came' : 'leaves'} size={12} label={t(`thread.ways.${one.direction ?? 'out'}`)} />} {t(`step.${one.kind}`, { defaultValue: one.kind })}
                  {one.type && <>{t('list.comma')}{t(`messageType.${one.type}`, { defaultValue: one.type })}</>}
                </span>
                <span className={one.code ? classes.bad : classes.quiet}>
                  {[one.result ? t([`result.${one.result}`, `exchangeOutcome.${one.result}`, `stage.${one.result}`], { defaultValue: one.result }) : '', one.code ? t([`refusal.${one.code}`, `logCode.${one.code}`], { defaultValue: one.code }) : '', one.kept?.length ? t('release.fields', { count: one.kept.length }) : ''].filter(Boolean).map(bare).join(t('list.comma'))}
                </span>
                <bdi className={classes.quiet}>{byMachine(one.actor) ? t('role.system') : one.actor}</bdi>
              </li>
            ))}
          </ol>
        </Part>
      )}
      <StatusNote>{t('case.audited')}</StatusNote>
    </>
  )
}

function AskedFor({ thread }: { thread: ThreadFile }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const agreement = useAgreement(thread.agreement)
  const { request = {} } = thread
  const purposes = agreement.data?.document.purposes ?? []
  const at = purposes.findIndex((one) => one.id === thread.purpose)
  // What a node says in words stands in the order of the document.
  const purpose = agreement.data?.words[language].purposes?.[at] ?? purposes[at]?.text
  const rows: [string, ReactNode][] = [
    ...(request.subject ? ([['subject', <Subject key="subject" of={request.subject} />]] as [string, ReactNode][]) : []),
    ['purpose', <bdi key="purpose">{purpose ?? t(`exchangePurpose.${thread.purpose}`, { defaultValue: thread.purpose })}</bdi>],
    ...(['case_ref', 'offence_code', 'prior_reference', 'application_ref'] as const).flatMap((name): [string, ReactNode][] => {
      const value = request[name] ?? (name === 'case_ref' ? thread.case_ref : undefined)
      return value ? [[name, <Code key={name}>{value}</Code>]] : []
    }),
    ...(thread.requester ? ([['requester', <bdi key="requester">{thread.requester}</bdi>]] as [string, ReactNode][]) : []),
  ]
  return (
    <>
      <dl className={classes.facts}>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{t(`requestPart.${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {(['justification', 'facts', 'urgency_reason'] as const).map(
        (name) =>
          request[name] && (
            <div key={name} className={classes.said}>
              <span>{t(`requestPart.${name}`)}</span>
              <p>
                <bdi>{request[name]}</bdi>
              </p>
            </div>
          ),
      )}
      {!thread.request && <p className={classes.quiet}>{t('thread.requestGone')}</p>}
    </>
  )
}

function One({ one, chosen, onChoose }: { one: Candidate; chosen: boolean; onChoose: () => void }) {
  const { t } = useTranslation()
  return (
    <article className={classes.candidate} data-chosen={chosen || undefined} data-test="candidate">
      <header>
        <strong>
          <Name>{one.title}</Name>
        </strong>
        {one.detail && <bdi className={classes.quiet}>{one.detail}</bdi>}
        <span className={desk.push} />
        {!!one.score && <Figure>{one.score.toFixed(2)}</Figure>}
        <Act onClick={onChoose} aria-pressed={chosen}>
          {t(chosen ? 'thread.meant' : 'thread.mean')}
        </Act>
      </header>
      {one.finding && <FindingCard finding={one.finding} titled={false} />}
    </article>
  )
}

/** Data that came or was given, with how it may be used beside it; what is contested or gone says so. */
function Exchanged({ of }: { of: Held }) {
  const { t } = useTranslation()
  const name = useFieldName()
  const values = Object.entries(of.values ?? {})
  return (
    <Part title={t(of.direction === 'in' ? 'received.title' : 'given.title')} note={of.state === 'erased' ? undefined : <Marks handling={of} />}>
      {of.state !== 'held' && (
        <p className={classes.mark}>
          <Tag tone={of.state === 'erased' ? 'plain' : 'medium'}>{t(`recordState.${of.state}`)}</Tag> {of.erased_at && <Instant at={of.erased_at} dateToo />} {of.cause && t(`eraseCause.${of.cause}`, { defaultValue: of.cause })} {of.proof && <Code quiet>{of.proof.slice(0, 24)}</Code>}
        </p>
      )}
      {values.length > 0 && (
        <table className={classes.came} data-test="came">
          <tbody>
            {values.map(([field, value]) => (
              <tr key={field}>
                <th scope="row">{name(field)}</th>
                <td>
                  <FieldValue field={field} value={value} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Part>
  )
}

const Part = ({ title, note, children }: { title: ReactNode; note?: ReactNode; children: ReactNode }) => (
  <section className={desk.part}>
    <div className={desk.partHead}>
      <h3>{title}</h3>
      {note && <span>{note}</span>}
    </div>
    {children}
  </section>
)
