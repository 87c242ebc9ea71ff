import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { lazy, Suspense, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../api/client'
import { formatCondition, parseCondition, useChecked, useDraftRule, useVocabulary } from '../../api/queries'
import type { Complaint, Condition, Rule, RuleText } from '../../api/types'
import { severities } from '../../format/finding'
import { useKeys } from '../../app/keys'
import { restMs, useRested } from '../../app/rested'
import desk from '../../ui/desk.module.css'
import { ActFailed } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { Act, Code, Tag } from '../../ui/parts'
import { Builder } from './Builder'
import { Examples } from './Examples'
import classes from './RuleEditor.module.css'

const CodeEditor = lazy(() => import('./CodeEditor'))

const blank = (domain: string): RuleText => ({ id: '', title: '', owner: '', basis: '', expires: '', severity: 'medium', domain, expression: '', explain: '', advice: '', examples: [] })

export function textOf(rule: Rule | undefined, domain = 'travel'): RuleText {
  if (!rule) return blank(domain)
  const { id, title, owner, basis, expires, severity, expression, explain, advice } = rule
  return { id, title, owner, basis, expires: expires ?? '', severity, domain: rule.domain, expression, explain: explain ?? '', advice: advice ?? '', examples: (rule.examples ?? []).map(({ name, want, given }) => ({ name, want, given })) }
}

/** Where the compiler's words belong: a field's own, or the condition's. */
export const ofCondition = (one: Complaint) => one.field === undefined || one.field === '' || one.field === 'when' || one.field === 'expression' || one.field === 'tree'

type Props = { rule?: Rule; from?: Rule; onSaved: (rule: Rule) => void; onClose: () => void }

/** A draft: what it is called and stands on, its condition built and written side by side, its examples tried as one writes. */
export default function RuleEditor({ rule, from, onSaved, onClose }: Props) {
  const { t } = useTranslation()
  const [text, setText] = useState<RuleText>(() => (rule ? textOf(rule) : from ? { ...textOf(from), id: from.origin === 'operator' ? `${from.id}-2` : from.id } : blank('travel')))
  const set = (change: Partial<RuleText>) => setText((was) => ({ ...was, ...change }))
  const vocabulary = useVocabulary().data?.find((one) => one.domain === text.domain)
  const rested = useRested(text)
  const checked = useChecked(useMemo(() => trimmed(rested), [rested]))
  const save = useDraftRule()
  const sync = useRoundTrip(text.expression ?? '', text.domain, (expression) => set({ expression }))
  const complaints = checked.data?.errors ?? []
  const condition = complaints.filter(ofCondition)
  const says = (field: string) => complaints.find((one) => one.field === field)
  const named = /^[a-z0-9._-]{1,64}$/.test(text.id)
  const run = () => {
    if (named && !save.isPending) save.mutate({ rule: trimmed(text), revision: rule?.revision }, { onSuccess: onSaved })
  }
  useKeys({ 'case.send': run, 'list.back': onClose })
  const fault = useId()
  const field = (name: 'title' | 'owner' | 'basis' | 'explain' | 'advice' | 'expires' | 'id') => ({
    label: t(`rules.facts.${name}`),
    value: text[name] ?? '',
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
    error: text[name] ? says(name)?.message : undefined,
    dir: 'auto' as const,
    classNames: { label: classes.label, input: classes.input, error: classes.error },
    'data-test': `rule-${name}`,
  })
  const unsaved = JSON.stringify(trimmed(text)) !== JSON.stringify(trimmed(textOf(rule, text.domain)))
  return (
    <section className={desk.middle} data-test="rule-editor">
      <header className={desk.head}>
        <div className={desk.headLine}>
          <h1>{rule ? t('rules.editing', { id: `\u2068${rule.id}\u2069` }) : from ? t('rules.newVersion', { id: `\u2068${from.id}\u2069` }) : t('rules.new')}</h1>
          <Tag>{t('ruleState.draft')}</Tag>
          <span className={desk.push} />
          <Verdict ok={checked.data?.ok} busy={checked.isFetching || rested !== text} complaints={complaints.length} />
          <Act onClick={onClose}>{t('rules.close')}</Act>
          <Act primary act="case.send" disabled={!named || !unsaved || save.isPending} onClick={run} data-test="save-rule">
            {t('rules.save')}
          </Act>
        </div>
        <ActFailed error={save.error} />
      </header>
      <div className={desk.part}>
        <div className={classes.fields}>
          <TextInput {...field('id')} disabled={!!rule} dir="ltr" description={undefined} error={text.id && !named ? t('rules.idShape') : says('id')?.message} />
          <TextInput {...field('title')} className={classes.wide} />
          <NativeSelect
            label={t('flights.finding')}
            value={text.severity}
            data={severities.map((level) => ({ value: level, label: t(`severityTitle.${level}`) }))}
            onChange={(event) => set({ severity: event.currentTarget.value })}
            classNames={{ label: classes.label, input: classes.input }}
          />
          <TextInput {...field('owner')} />
          <TextInput {...field('basis')} className={classes.wide} />
          <TextInput {...field('expires')} type="date" dir="ltr" />
          <Textarea {...field('explain')} rows={2} className={classes.half} />
          <Textarea {...field('advice')} rows={2} className={classes.half} />
        </div>
      </div>
      <div className={`${desk.part} ${classes.sides}`}>
        <section aria-label={t('rules.build.title')} className={classes.side}>
          <div className={desk.partHead}>
            <h3>{t('rules.build.title')}</h3>
            <span>{t(sync.broken ? 'rules.build.waits' : 'rules.build.note')}</span>
          </div>
          <Builder tree={sync.tree} vocabulary={vocabulary} onChange={sync.build} disabled={sync.broken} />
        </section>
        <section aria-label={t('rules.expression')} className={classes.side}>
          <div className={desk.partHead}>
            <h3>{t('rules.expression')}</h3>
            <span>{t('rules.cel')}</span>
          </div>
          <Suspense fallback={<textarea className={classes.waiting} readOnly value={text.expression} aria-label={t('rules.expression')} />}>
            <CodeEditor value={text.expression ?? ''} onChange={(expression) => set({ expression })} complaints={condition} vocabulary={vocabulary} label={t('rules.expression')} describedBy={fault} />
          </Suspense>
          <ul className={classes.faults} id={fault} aria-live="polite" data-test="complaints">
            {condition.map((one, index) => (
              <li key={index}>
                <Icon name="warn" size={13} />
                <span>
                  {one.line !== undefined && <strong>{t('rules.at', { line: one.line, column: one.column ?? 1 })} </strong>}
                  <bdi>{one.message}</bdi> {one.mend && <bdi className={classes.mend}>{one.mend}</bdi>}
                </span>
              </li>
            ))}
            {sync.error instanceof Failure && !condition.length && (
              <li>
                <Icon name="warn" size={13} />
                <bdi>{sync.error.message}</bdi>
              </li>
            )}
          </ul>
          {checked.data?.ok && (
            <p className={classes.hint}>
              {t(checked.data.indexed ? 'rules.indexed' : 'rules.notIndexed')} {checked.data.index?.map((one) => <Code key={one} quiet>{one}</Code>)}
            </p>
          )}
        </section>
      </div>
      <div className={desk.part}>
        <div className={desk.partHead}>
          <h3>{t('rules.examples')}</h3>
          <span>{t('rules.exampleNote')}</span>
        </div>
        <Examples examples={text.examples ?? []} told={checked.data?.examples ?? []} complaint={says('examples')} onChange={(examples) => set({ examples })} />
      </div>
    </section>
  )
}

/** Absent is absent: what was left empty is not sent. */
function trimmed(text: RuleText): RuleText {
  const given = Object.fromEntries(Object.entries(text).filter(([, value]) => value !== '' && value !== undefined))
  return { ...given, id: text.id, domain: text.domain, expression: text.expression ?? '', examples: text.examples ?? [] } as RuleText
}

function Verdict({ ok, busy, complaints }: { ok?: boolean; busy: boolean; complaints: number }) {
  const { t } = useTranslation()
  if (ok === undefined) return null
  return (
    <span className={classes.verdict} data-ok={ok || undefined} data-busy={busy || undefined} role="status" data-test="verdict">
      <Icon name={ok ? 'check' : 'warn'} size={14} /> {ok ? t('rules.fit') : t('rules.complaints', { count: complaints })}
    </span>
  )
}

/*
 * The text is the truth. What is written is read into a tree once the hand rests; what is built is written down at
 * once. A tree is never written over the text that it was just read from, so neither side disturbs the other.
 */
function useRoundTrip(expression: string, domain: string, onText: (expression: string) => void) {
  const [tree, setTree] = useState<Condition>()
  const [broken, setBroken] = useState(false)
  const [error, setError] = useState<unknown>()
  const builtText = useRef<string>(undefined)
  const asked = useRef<AbortController>(undefined)
  useEffect(() => {
    if (expression === builtText.current) return
    builtText.current = undefined
    asked.current?.abort() // what was built before this was written comes too late
    if (expression.trim() === '') {
      setTree(undefined)
      setBroken(false)
      return
    }
    const control = new AbortController()
    const timer = setTimeout(() => {
      parseCondition(expression, domain, control.signal).then(
        (got) => {
          if (got.tree) setTree(got.tree)
          setBroken(!got.tree)
          setError(undefined)
        },
        (failed: unknown) => {
          if (control.signal.aborted) return
          setBroken(true)
          setError(failed)
        },
      )
    }, restMs)
    return () => {
      clearTimeout(timer)
      control.abort()
    }
  }, [expression, domain])
  const build = (next: Condition) => {
    setTree(next)
    asked.current?.abort()
    const control = new AbortController()
    asked.current = control
    if (next.kind === 'group' && !next.of?.length) {
      builtText.current = ''
      setTree(undefined)
      onText('')
      return
    }
    formatCondition(next, domain, control.signal).then(
      (got) => {
        builtText.current = got.expression
        setError(undefined)
        onText(got.expression)
      },
      (failed: unknown) => {
        if (!control.signal.aborted) setError(failed)
      },
    )
  }
  return { tree, broken, error, build }
}
