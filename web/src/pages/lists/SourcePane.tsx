import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../api/client'
import { useDropSource, useFetchNow, useLoadList, useSetSource, useSource } from '../../api/queries'
import type { Fault, List, Source, SourceState } from '../../api/types'
import { useHome, useNow, useSpeech } from '../../app/home'
import { number, relative } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { Act, Code, Instant } from '../../ui/parts'
import classes from './panes.module.css'

type Brief = NonNullable<List['source']>

/** A list that was refused is said loudly wherever it is looked at: the old one still counts, and since when. */
export function Refused({ brief }: { brief: Brief }) {
  const { t } = useTranslation()
  const now = useNow()
  return (
    <div className={classes.refused} role="alert" data-test="refused">
      <p>
        <Icon name="warn" size={14} />
        <span>
          <strong>{t(brief.refusal ? `lists.refusal.${brief.refusal}` : 'lists.refusal.broken')}</strong> <bdi>{brief.error?.replace(/[^.!?؟]$/, '$&.')}</bdi> {brief.succeeded && t('lists.oldCounts', { since: relative(Date.parse(brief.succeeded), now, t) })}
        </span>
      </p>
    </div>
  )
}

export function Faults({ faults }: { faults: readonly Fault[] }) {
  const { t } = useTranslation()
  return (
    <ul className={classes.faults} data-test="faults">
      {faults.map((one, index) => (
        <li key={index}>
          <span className={classes.place}>
            {one.line !== undefined ? t('reports.line', { at: one.line }) : one.pointer !== undefined ? <Code>{one.pointer}</Code> : one.path !== undefined ? <Code>{one.path}</Code> : null} {one.field && <Code>{one.field}</Code>}
          </span>
          <bdi>{one.message}</bdi> {one.mend && <bdi className={classes.mend}>{one.mend}</bdi>}
        </li>
      ))}
    </ul>
  )
}

/** The faults that came with a refusal, if it is one. */
export function faultsOf(error: unknown): Fault[] {
  return error instanceof Failure ? ((error.problem as { faults?: Fault[] }).faults ?? []) : []
}

/** Where a list comes from: by whom, how often, what came of the last try; and loading it by hand. */
export function SourcePane({ list }: { list: List }) {
  const source = useSource(list.name, true)
  return (
    <div className={classes.pane} data-test="source">
      <Answer of={source} rows={4}>
        {(state) => (
          <>
            {state && <State list={list} state={state} />}
            <Edit key={state?.changed ?? 'none'} list={list} state={state} />
            <ByHand list={list} />
          </>
        )}
      </Answer>
    </div>
  )
}

function State({ list, state }: { list: List; state: SourceState }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const now = useNow()
  const { role } = useHome()
  const fetchNow = useFetchNow(list.name)
  const facts: [string, React.ReactNode][] = [
    ['from', state.folder ? <Code>{state.folder}</Code> : state.urls?.map((url) => <div key={url}><Code>{url}</Code></div>)],
    ['every', <Code key="every">{state.every}</Code>],
    ['tried', state.tried && <Instant at={state.tried} dateToo />],
    ['succeeded', state.succeeded && <Instant at={state.succeeded} dateToo />],
    ['due', state.paused ? t('lists.paused') : state.due && relative(Date.parse(state.due), now, t)],
    ['failures', state.failures > 0 && number(state.failures, speech)],
    ['signed', state.signature_url ? <Code>{state.signature_url}</Code> : state.sha256_url ? <Code>{state.sha256_url}</Code> : t('lists.unsigned')],
    ['by', <><bdi>{state.by}</bdi> <Instant at={state.changed} dateToo /></>],
  ]
  return (
    <section className={desk.part}>
      <div className={desk.partHead}>
        <h3>{t('lists.sourceTitle')}</h3>
      </div>
      <dl className={classes.facts}>
        {facts.filter(([, value]) => value).map(([name, value]) => [<dt key={`${name}-t`}>{t(`lists.sourceFacts.${name}`)}</dt>, <dd key={name}>{value}</dd>])}
      </dl>
      {!!state.faults?.length && <Faults faults={state.faults} />}
      {role !== 'auditor' && (
        <div className={classes.acts}>
          <Act primary icon="arrow" disabled={fetchNow.isPending} onClick={() => fetchNow.mutate()} data-test="fetch-now">
            {t('lists.fetchNow')}
          </Act>
          {fetchNow.isSuccess && <span className={classes.note} role="status">{t('lists.fetchAsked')}</span>}
        </div>
      )}
      <ActFailed error={fetchNow.error} />
    </section>
  )
}

const spans = ['30m', '1h', '6h', '12h', '24h', '168h']

function Edit({ list, state }: { list: List; state: SourceState | null }) {
  const { t } = useTranslation()
  const { role } = useHome()
  const save = useSetSource(list.name)
  const drop = useDropSource(list.name)
  const [source, setSource] = useState<Source>(() => ({
    urls: state?.urls ?? [], folder: state?.folder ?? '', every: state?.every ?? '6h', sha256_url: state?.sha256_url ?? '', signature_url: state?.signature_url ?? '', public_key: state?.public_key ?? '', paused: state?.paused ?? false,
  }))
  const set = (change: Partial<Source>) => setSource((was) => ({ ...was, ...change }))
  if (role === 'auditor') return state ? null : <p className={`${desk.part} ${classes.note}`}>{t('lists.noSource')}</p>
  const refused = save.error instanceof Failure ? (save.error.problem as { field?: string; detail?: string }) : undefined
  const text = (name: 'folder' | 'sha256_url' | 'signature_url' | 'public_key') => ({
    label: t(`lists.sourceFields.${name}`), value: source[name] ?? '', dir: 'ltr' as const, error: refused?.field === name ? refused.detail : undefined,
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }), classNames: { label: classes.label, input: classes.input, error: classes.error }, 'data-test': `source-${name}`,
  })
  const given: Source = { every: source.every, paused: source.paused || undefined, urls: source.urls?.length ? source.urls : undefined, folder: source.folder || undefined, sha256_url: source.sha256_url || undefined, signature_url: source.signature_url || undefined, public_key: source.public_key || undefined }
  return (
    <section className={desk.part}>
      <div className={desk.partHead}>
        <h3>{t(state ? 'lists.sourceChange' : 'lists.sourceSet')}</h3>
        {!state && <span>{t('lists.noSource')}</span>}
      </div>
      <div className={classes.fields}>
        <Textarea className={classes.wide} label={t('lists.sourceFields.urls')} rows={2} dir="ltr" value={(source.urls ?? []).join('\n')} error={refused?.field === 'urls' ? refused.detail : undefined} onChange={(event) => set({ urls: event.currentTarget.value.split(/\s+/).filter(Boolean) })} classNames={{ label: classes.label, input: classes.input, error: classes.error }} data-test="source-urls" />
        <TextInput {...text('folder')} />
        <NativeSelect label={t('lists.sourceFacts.every')} value={source.every} data={[...new Set([...spans, source.every])].map((value) => ({ value, label: value }))} onChange={(event) => set({ every: event.currentTarget.value })} classNames={{ label: classes.label, input: classes.input }} />
        <TextInput {...text('sha256_url')} />
        <TextInput {...text('signature_url')} />
        <TextInput {...text('public_key')} />
      </div>
      <ActFailed error={save.error ?? drop.error} />
      <div className={classes.acts}>
        <Act primary disabled={save.isPending || (!given.urls && !given.folder)} onClick={() => save.mutate(given)} data-test="save-source">
          {t('lists.sourceSave')}
        </Act>
        {state && <Act onClick={() => save.mutate({ ...given, paused: !state.paused || undefined })}>{t(state.paused ? 'lists.resume' : 'lists.pause')}</Act>}
        {state && <Act disabled={drop.isPending} onClick={() => drop.mutate()}>{t('lists.sourceDrop')}</Act>}
      </div>
    </section>
  )
}

/** Loading a file by hand: what is wrong with it is said line by line, and the old list stays. */
function ByHand({ list }: { list: List }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const load = useLoadList()
  const [reason, setReason] = useState('')
  const refusal = load.error instanceof Failure ? (load.error.problem as { refusal?: string }).refusal : undefined
  const [file, setFile] = useState<File>()
  if (role === 'auditor') return null
  const send = async (force: boolean) => {
    if (file) load.mutate({ name: list.name, bytes: new Uint8Array(await file.arrayBuffer()), reason: force ? reason.trim() : undefined })
  }
  return (
    <section className={desk.part}>
      <div className={desk.partHead}>
        <h3>{t('lists.load')}</h3>
        <span>{t('lists.loadNote')}</span>
      </div>
      <input type="file" aria-label={t('lists.file')} onChange={(event) => { setFile(event.currentTarget.files?.[0]); load.reset() }} data-test="list-file" />
      <div className={classes.acts}>
        <Act disabled={!file || load.isPending} onClick={() => void send(false)} data-test="load-list">
          {t('lists.replace', { name: `\u2068${list.name}\u2069` })}
        </Act>
      </div>
      {load.isSuccess && <p className={classes.note} role="status">{t('lists.change', { added: number(load.data.added, speech), changed: number(load.data.changed, speech), removed: number(load.data.removed, speech) })}</p>}
      <ActFailed error={load.error} />
      <Faults faults={faultsOf(load.error)} />
      {(refusal === 'shrunk' || refusal === 'older') && (
        <>
          <Textarea label={t('lists.forceReason')} rows={2} value={reason} dir="auto" onChange={(event) => setReason(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} />
          <div className={classes.acts}>
            <Act disabled={reason.trim().length < 10 || load.isPending} onClick={() => void send(true)}>{t('lists.force')}</Act>
          </div>
        </>
      )}
    </section>
  )
}
