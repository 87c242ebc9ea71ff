import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useRule, useRules } from '../../api/queries'
import type { Rule } from '../../api/types'
import { useHome, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { rulesRoute } from '../../app/router'
import { number } from '../../format/time'
import { Choose, Find, Push, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { Answer, Empty, Loading, NoMatch } from '../../ui/Faces'
import { Act, Code, Cut, Figure } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import { writes } from './life'
import { RuleSheet } from './RuleSheet'
import classes from './RulesPage.module.css'

const RuleEditor = lazy(() => import('./RuleEditor'))

const states = ['live', 'shadow', 'draft', 'approved', 'retired', 'expired'] as const

/** A version under way counts as much as the one in force: the list shows a rule under either state. */
const within = (rule: Rule, state: string | undefined) => !state || rule.state === state || rule.open?.state === state

export function RulesPage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const search = rulesRoute.useSearch()
  const navigate = useNavigate({ from: '/rules' })
  const rules = useRules()
  const q = (search.q ?? '').toLocaleLowerCase()
  const shown = (rules.data ?? []).filter((rule) => within(rule, search.state) && (q === '' || [rule.id, rule.title, rule.owner].some((text) => text?.toLocaleLowerCase().includes(q))))
  const one = shown.find((rule) => rule.id === search.rule) ?? (search.rule ? rules.data?.find((rule) => rule.id === search.rule) : shown[0])
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  const at = one ? shown.indexOf(one) : -1
  const move = (step: 1 | -1) => () => {
    const next = shown[Math.min(Math.max(at + step, 0), shown.length - 1)]
    if (next) set({ rule: next.id, v: undefined, edit: undefined })
  }
  useKeys(search.edit ? {} : { 'list.next': move(1), 'list.previous': move(-1) })
  useEffect(() => {
    document.title = `${t('place.rules')} · Rihla`
  }, [t])
  const filters = [search.q ?? '', search.state ? t(`ruleState.${search.state}`, { defaultValue: search.state }) : ''].filter(Boolean)
  return (
    <div className={`${desk.desk} ${classes.desk}`} data-item>
      <section className={desk.list} aria-label={t('place.rules')}>
        <Toolbar title={t('place.rules')}>
          <span className={desk.count}>{number(shown.length, speech)}</span>
          <Push />
          {writes(role) && (
            <Act icon="plus" onClick={() => set({ edit: 'new', rule: undefined, v: undefined })} data-test="new-rule">
              {t('rules.new')}
            </Act>
          )}
        </Toolbar>
        <div className={classes.filters}>
          <Find label={t('rules.find')} value={search.q ?? ''} onChange={(text) => set({ q: text || undefined })} />
          <Choose
            label={t('reports.state')}
            value={search.state ?? ''}
            active={!!search.state}
            onChange={(state) => set({ state: state || undefined })}
            options={[{ value: '', label: t('rules.anyState') }, ...states.map((value) => ({ value, label: t(`ruleState.${value}`) }))]}
          />
        </div>
        <Answer of={rules} rows={6}>
          {(all) =>
            all.length === 0 ? (
              <Empty>{t('rules.empty')}</Empty>
            ) : shown.length === 0 ? (
              <NoMatch filters={filters} onClear={() => set({ q: undefined, state: undefined })} />
            ) : (
              <ul className={desk.items}>
                {shown.map((rule) => (
                  <Item key={rule.id} rule={rule} chosen={rule === one && search.edit !== 'new'} onOpen={() => set({ rule: rule.id, v: undefined, edit: undefined })} />
                ))}
              </ul>
            )
          }
        </Answer>
      </section>
      <Suspense fallback={<section className={desk.middle}><Loading /></section>}>
        {search.edit === 'new' ? (
          <RuleEditor onSaved={(saved) => set({ rule: saved.id, v: saved.version, edit: '1' })} onClose={() => set({ edit: undefined })} />
        ) : one ? (
          <Chosen key={one.id} id={one.id} v={search.v} edit={search.edit} onChange={set} />
        ) : (
          <section className={desk.middle}>{rules.data && <Empty>{t('rules.choose')}</Empty>}</section>
        )}
      </Suspense>
    </div>
  )
}

function Chosen({ id, v, edit, onChange }: { id: string; v?: string; edit?: string; onChange: (change: { rule?: string; v?: string; edit?: string }) => void }) {
  const file = useRule(id)
  return (
    <Answer of={file}>
      {(known) => {
        const version = known.versions.find((one) => one.version === v) ?? known.versions.find((one) => one.version === known.open?.version) ?? known.versions[0] ?? known
        const close = () => onChange({ edit: undefined })
        if (edit === 'copy') return <RuleEditor from={version} onSaved={(saved) => onChange({ rule: saved.id, v: saved.version, edit: '1' })} onClose={close} />
        if (edit && version.state === 'draft' && version.origin === 'desk') return <RuleEditor key={`${id}/${version.version}`} rule={version} onSaved={() => undefined} onClose={close} />
        return <RuleSheet file={known} rule={version} onVersion={(next) => onChange({ v: next })} onEdit={() => onChange({ edit: '1', v: version.version })} onCopy={() => onChange({ edit: 'copy', v: version.version })} />
      }}
    </Answer>
  )
}

function Item({ rule, chosen, onOpen }: { rule: Rule; chosen: boolean; onOpen: () => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const examples = rule.examples ?? []
  const failed = examples.filter((one) => !one.passed).length
  return (
    <li>
      <a
        className={`${desk.item} ${classes.item}`}
        href={`/rules?rule=${encodeURIComponent(rule.id)}`}
        data-chosen={chosen || undefined}
        aria-current={chosen || undefined}
        data-test="rule"
        data-key={rule.id}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey) return
          event.preventDefault()
          onOpen()
        }}
      >
        {rule.severity ? <Severity level={rule.severity} /> : <span />}
        <span className={desk.lines}>
          <span className={desk.line}>
            <span className={desk.title}>
              <Cut title={rule.title}>{rule.title || rule.id}</Cut>
            </span>
            <span className={rule.state === 'live' ? classes.live : desk.faint}>{t(`ruleState.${rule.state}`, { defaultValue: rule.state })}</span>
          </span>
          <span className={desk.line}>
            <span className={desk.detail}>
              <Code quiet>{`${rule.id} v${rule.version}`}</Code>
            </span>
            <span className={desk.detail}>{t('rules.hits', { count: rule.state === 'shadow' ? (rule.shadow_hits ?? 0) : rule.hits })}</span>
          </span>
          <span className={desk.line}>
            <span className={failed ? classes.bad : desk.faint}>{failed ? t('rules.failing', { failed: number(failed, speech), of: number(examples.length, speech) }) : t('rules.passed', { count: examples.length, of: examples.length })}</span>
            <span className={desk.faint}>
              {rule.open ? (
                <span className={desk.link}>{t('rules.open', { version: rule.open.version, state: t(`ruleState.${rule.open.state}`, { defaultValue: rule.open.state }) })}</span>
              ) : rule.precision?.decided ? (
                <>
                  {t('rules.upheld')} <Figure>{`${rule.precision.upheld}/${rule.precision.decided}`}</Figure>
                </>
              ) : null}
            </span>
          </span>
        </span>
      </a>
    </li>
  )
}
