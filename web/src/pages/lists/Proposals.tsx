import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useEntries, useJudge, useProposals, usePropose, useTakeBack } from '../../api/queries'
import type { Draft, Entry, List, Proposal } from '../../api/types'
import { useHome, useSpeech } from '../../app/home'
import { day } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer, Empty } from '../../ui/Faces'
import { Act, Code, Instant, Name, Tag } from '../../ui/parts'
import { fieldsOf, type Fields, blank, drafted } from './draft'
import classes from './panes.module.css'
import { Faults, faultsOf } from './SourcePane'

const order: Proposal['state'][] = ['open', 'approved', 'denied', 'withdrawn']

// A reason shorter than this is no reason.
const shortest = 10

/** What was proposed for a list kept by hand, and by whom it was judged. Nobody judges their own. */
export function Proposals({ list }: { list: List }) {
  const { t } = useTranslation()
  const { role } = useHome()
  const proposals = useProposals(list.name, true)
  const entries = useEntries(list.name, '')
  const [form, setForm] = useState<{ action: 'add' } | { action: 'change' | 'remove'; entry: Entry }>()
  const may = role === 'analyst' || role === 'supervisor'
  if (form) return <ProposeForm lists={[list]} action={form.action} entry={'entry' in form ? form.entry : undefined} onDone={() => setForm(undefined)} onClose={() => setForm(undefined)} />
  return (
    <div className={classes.pane} data-test="proposals">
      {may && (
        <div className={desk.part}>
          <div className={classes.acts}>
            <Act primary icon="plus" onClick={() => setForm({ action: 'add' })} data-test="propose">
              {t('lists.proposeAdd')}
            </Act>
            {!!entries.data?.items?.length && (
              <NativeSelect
                aria-label={t('lists.proposeChange')}
                value=""
                data={[{ value: '', label: t('lists.proposeChange') }, ...entries.data.items.map((one) => ({ value: one.id, label: `${one.names?.[0]?.text ?? one.id}` }))]}
                onChange={(event) => {
                  const entry = entries.data?.items?.find((one) => one.id === event.currentTarget.value)
                  if (entry) setForm({ action: 'change', entry })
                }}
                classNames={{ input: classes.input }}
              />
            )}
          </div>
        </div>
      )}
      <Answer of={proposals} rows={4}>
        {(all) => (all.length === 0 ? <Empty>{t('lists.noProposals')}</Empty> : [...all].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || Date.parse(b.at) - Date.parse(a.at)).map((one) => <One key={one.id} one={one} list={list} />))}
      </Answer>
    </div>
  )
}

function One({ one, list }: { one: Proposal; list: List }) {
  const { t } = useTranslation()
  const { me, role } = useHome()
  const judge = useJudge(list.name)
  const takeBack = useTakeBack(list.name)
  const [reason, setReason] = useState('')
  const mine = one.by === me
  const judges = ['supervisor', 'administrator'].includes(role) && !mine
  const enough = reason.trim().length >= shortest
  const name = one.proposed?.names?.[0]?.text ?? one.before?.names?.[0]?.text ?? one.entry
  return (
    <article className={classes.proposal} data-test="proposal" data-state={one.state}>
      <div className={classes.proposalHead}>
        <strong>
          {t(`lists.proposal.${one.action}`)} <Name>{name}</Name>
        </strong>
        <Tag tone={one.state === 'approved' ? 'trusted' : 'plain'}>{t(`lists.proposalState.${one.state}`)}</Tag>
        <Code quiet>{one.entry}</Code>
        <span className={classes.push}>
          <bdi>{one.by}</bdi> <Instant at={one.at} dateToo />
        </span>
      </div>
      <p className={classes.said}>
        <bdi>{one.reason}</bdi>
      </p>
      <Differences before={one.before} proposed={one.proposed} />
      {one.decided_by && (
        <p>
          <bdi>{one.decided_by}</bdi> <Instant at={one.decided_at} dateToo /> <bdi className={classes.was}>{one.decision_reason}</bdi>
        </p>
      )}
      {one.state === 'open' && !judges && <p className={classes.note}>{t(mine ? 'lists.ownProposal' : 'lists.othersProposal')}</p>}
      {one.state === 'open' && (judges || mine) && (
        <>
          <Textarea label={t('decision.yourReason')} rows={2} value={reason} dir="auto" onChange={(event) => setReason(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} data-test="judge-reason" />
          <div className={classes.acts}>
            {judges && (
              <>
                <Act primary disabled={!enough || judge.isPending} onClick={() => judge.mutate({ id: one.id, approve: true, reason: reason.trim() })} data-test="approve">
                  {t('lists.approve', { what: t(`lists.proposal.${one.action}`) })}
                </Act>
                <Act disabled={!enough || judge.isPending} onClick={() => judge.mutate({ id: one.id, approve: false, reason: reason.trim() })} data-test="deny">
                  {t('lists.deny')}
                </Act>
              </>
            )}
            {mine && (
              <Act disabled={!enough || takeBack.isPending} onClick={() => takeBack.mutate({ id: one.id, reason: reason.trim() })}>
                {t('lists.takeBack')}
              </Act>
            )}
          </div>
          <ActFailed error={judge.error ?? takeBack.error} />
        </>
      )}
    </article>
  )
}

/** Field by field, what stood and what would stand. */
function Differences({ before, proposed }: { before?: Entry; proposed?: Entry }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const say = (entry: Entry | undefined): Record<string, string> =>
    !entry ? {} : {
      names: (entry.names ?? []).map((one) => one.text).join(t('list.semicolon')),
      births: (entry.births ?? []).map((one) => day(one, speech)).join(t('list.comma')),
      sex: entry.sex ? t(`sex.${entry.sex}`, { defaultValue: entry.sex }) : '',
      countries: (entry.countries ?? []).map((one) => one.code).join(' '),
      documents: (entry.documents ?? []).map((one) => [one.number, one.issuer].filter(Boolean).join(' ')).join(t('list.comma')),
      topics: (entry.topics ?? []).map((one) => t(`topic.${one}`, { defaultValue: one })).join(t('list.comma')),
      reason: entry.reason ?? '',
      instruction: entry.instruction ?? '',
      basis: entry.basis ?? '',
      owner: entry.owner ?? '',
      review: day(entry.review, speech),
      until: day(entry.until, speech),
    }
  const [was, now] = [say(before), say(proposed)]
  const rows = [...new Set([...Object.keys(was), ...Object.keys(now)])].filter((field) => (was[field] ?? '') !== '' || (now[field] ?? '') !== '')
  return (
    <table className={classes.diff}>
      {before && proposed && (
        <thead>
          <tr>
            <th scope="col">
              <span className="unseen">{t('lists.fieldsChanged')}</span>
            </th>
            <th scope="col">{t('lists.wasHeld')}</th>
            <th scope="col">{t('lists.wouldHold')}</th>
          </tr>
        </thead>
      )}
      <tbody>
        {rows.map((field) => (
          <tr key={field}>
            <th scope="row">{t(`lists.field.${field}`, { defaultValue: field })}</th>
            {before && proposed && <td className={classes.was}><bdi>{was[field]}</bdi></td>}
            <td className={was[field] !== now[field] && proposed ? classes.now : classes.was}>
              <bdi>{proposed ? now[field] : was[field]}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const topics = ['', 'terrorism', 'crime', 'wanted', 'sanction']

type FormProps = { lists: List[]; action?: Draft['action']; entry?: Entry; onDone: (list: string) => void; onClose: () => void }

/** One entry proposed by hand: who, on what ground, who answers for it, when it is looked at again and when it ends. */
export function ProposeForm({ lists, action = 'add', entry, onDone, onClose }: FormProps) {
  const { t } = useTranslation()
  const propose = usePropose()
  const manual = lists.filter((one) => one.format === 'manual').map((one) => one.name)
  const [list, setList] = useState(manual[0] ?? 'watchlist')
  const [what, setWhat] = useState<Draft['action']>(action)
  const [fields, setFields] = useState<Fields>(() => (entry ? fieldsOf(entry) : blank))
  const set = (change: Partial<Fields>) => setFields((was) => ({ ...was, ...change }))
  const faults = faultsOf(propose.error)
  const at = (pointer: string) => faults.find((one) => one.pointer?.startsWith(pointer))?.message
  const field = (name: keyof Fields, pointer = `/${name}`) => ({
    label: t(`lists.field.${name}`), value: fields[name], dir: 'auto' as const, error: at(pointer), 'data-test': `entry-${name}`,
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }), classNames: { label: classes.label, input: classes.input, error: classes.error },
  })
  const ready = list !== '' && fields.why.trim().length >= shortest && (what === 'remove' || (fields.names.trim() !== '' || fields.documents.trim() !== '') && fields.basis && fields.owner && fields.review && fields.until)
  const send = () => propose.mutate({ name: list, draft: drafted(what, fields, entry?.id) }, { onSuccess: () => onDone(list) })
  return (
    <div className={classes.pane} data-test="propose-form">
      <section className={desk.part}>
        <div className={desk.partHead}>
          <h3>{entry ? <>{t(`lists.proposal.${what}`)} <Name>{entry.names?.[0]?.text ?? entry.id}</Name></> : t('lists.proposeAdd')}</h3>
          <span>{t('lists.fourEyes')}</span>
        </div>
        <div className={classes.fields}>
          {!entry && <TextInput label={t('lists.field.list')} value={list} dir="ltr" onChange={(event) => setList(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} description={undefined} data-test="entry-list" />}
          {entry && <NativeSelect label={t('lists.action')} value={what} data={(['change', 'remove'] as const).map((value) => ({ value, label: t(`lists.proposal.${value}`) }))} onChange={(event) => setWhat(event.currentTarget.value as Draft['action'])} classNames={{ label: classes.label, input: classes.input }} />}
          {what !== 'remove' && (
            <>
              <Textarea {...field('names')} rows={2} className={classes.half} placeholder={t('lists.namesHint')} />
              <TextInput {...field('births')} placeholder="1981-03-14" dir="ltr" />
              <NativeSelect label={t('lists.field.sex')} value={fields.sex} data={['', 'M', 'F', 'X'].map((value) => ({ value, label: value ? t(`sex.${value}`) : t('lists.unknown') }))} onChange={(event) => set({ sex: event.currentTarget.value })} classNames={{ label: classes.label, input: classes.input }} />
              <TextInput {...field('countries')} placeholder="BHR" dir="ltr" />
              <TextInput {...field('documents')} placeholder="P A1234567 BHR" dir="ltr" />
              <NativeSelect label={t('lists.field.topics')} value={fields.topics} data={topics.map((value) => ({ value, label: value ? t(`topic.${value}`) : t('lists.unknown') }))} onChange={(event) => set({ topics: event.currentTarget.value })} classNames={{ label: classes.label, input: classes.input }} />
              <TextInput {...field('reason')} className={classes.half} />
              <TextInput {...field('instruction')} />
              <TextInput {...field('basis')} className={classes.half} />
              <TextInput {...field('owner')} />
              <TextInput {...field('review')} type="date" dir="ltr" />
              <TextInput {...field('until')} type="date" dir="ltr" />
            </>
          )}
          <Textarea {...field('why', '/reason')} rows={2} className={classes.wide} />
        </div>
        <ActFailed error={propose.error} />
        <Faults faults={faults} />
        <ol className={classes.will}>
          {(t('lists.proposeWill', { returnObjects: true }) as string[]).map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ol>
        <div className={classes.acts}>
          <Act primary disabled={!ready || propose.isPending} onClick={send} data-test="send-proposal">
            {t('lists.send')}
          </Act>
          <Act onClick={onClose}>{t('rules.notNow')}</Act>
        </div>
      </section>
    </div>
  )
}
