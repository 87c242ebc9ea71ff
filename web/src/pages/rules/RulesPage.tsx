import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useRules } from '../../api/queries'
import type { Rule } from '../../api/types'
import { useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { rulesRoute } from '../../app/router'
import { number } from '../../format/time'
import { Find, Push, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { Answer, Empty, NoMatch } from '../../ui/Faces'
import { Code, Day, Name, Tag } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import classes from './RulesPage.module.css'

export function RulesPage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const search = rulesRoute.useSearch()
  const navigate = useNavigate({ from: '/rules' })
  const rules = useRules()
  const q = (search.q ?? '').toLocaleLowerCase()
  const shown = (rules.data ?? []).filter((rule) => q === '' || [rule.id, rule.title, rule.owner].some((text) => text?.toLocaleLowerCase().includes(q)))
  const one = shown.find((rule) => rule.id === search.rule) ?? shown[0]
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  const at = one ? shown.indexOf(one) : -1
  const move = (step: 1 | -1) => () => {
    const next = shown[Math.min(Math.max(at + step, 0), shown.length - 1)]
    if (next) set({ rule: next.id })
  }
  useKeys({ 'list.next': move(1), 'list.previous': move(-1) })
  useEffect(() => {
    document.title = `${t('place.rules')} · Rihla`
  }, [t])
  return (
    <div className={`${desk.desk} ${classes.desk}`} data-item>
      <section className={desk.list} aria-label={t('place.rules')}>
        <Toolbar title={t('place.rules')}>
          <span className={desk.count}>{number(shown.length, speech)}</span>
          <Push />
          <Find label={t('rules.find')} value={search.q ?? ''} onChange={(text) => set({ q: text || undefined })} />
        </Toolbar>
        <Answer of={rules} rows={6}>
          {(all) =>
            all.length === 0 ? (
              <Empty>{t('rules.empty')}</Empty>
            ) : shown.length === 0 ? (
              <NoMatch filters={[search.q ?? '']} onClear={() => set({ q: undefined })} />
            ) : (
              <ul className={desk.items}>
                {shown.map((rule) => (
                  <li key={rule.id}>
                    <a
                      className={`${desk.item} ${classes.item}`}
                      href={`/rules?rule=${encodeURIComponent(rule.id)}`}
                      data-chosen={rule === one || undefined}
                      aria-current={rule === one || undefined}
                      data-test="rule"
                      onClick={(event) => {
                        event.preventDefault()
                        set({ rule: rule.id })
                      }}
                    >
                      {rule.severity ? <Severity level={rule.severity} /> : <span />}
                      <Name>{rule.title}</Name>
                      <span className={desk.end}>{rule.hits !== undefined && t('rules.hits', { count: rule.hits })}</span>
                      <span className={desk.detail}>
                        <Code>{rule.id}</Code> {rule.version !== undefined && <Code>{`v${rule.version}`}</Code>}
                      </span>
                      <span className={`${desk.end} ${desk.faint}`}>{rule.state && t(`ruleState.${rule.state}`, { defaultValue: rule.state })}</span>
                    </a>
                  </li>
                ))}
              </ul>
            )
          }
        </Answer>
        <p className={desk.footNote}>
          <strong>{t('lists.readOnlyTitle')}</strong>
          {t('rules.readOnly')}
        </p>
      </section>
      {one && <Detail rule={one} />}
    </div>
  )
}

function Detail({ rule }: { rule: Rule }) {
  const { t } = useTranslation()
  const facts: [string, React.ReactNode][] = [
    ['owner', rule.owner && <bdi>{rule.owner}</bdi>],
    ['basis', rule.basis && <bdi>{rule.basis}</bdi>],
    ['expires', rule.expires && <Day of={rule.expires} />],
    ['hits', rule.hits !== undefined && t('rules.hits', { count: rule.hits })],
  ]
  return (
    <section className={desk.middle} data-test="rule-detail">
      <header className={desk.head}>
        <div className={desk.headLine}>
          {rule.severity && <Severity level={rule.severity} word />}
          <h1>
            <Name>{rule.title}</Name>
          </h1>
          <Tag>
            <Code>{`${rule.id}${rule.version !== undefined ? ` v${rule.version}` : ''}`}</Code>
          </Tag>
          {rule.state && <Tag tone={rule.state === 'live' ? 'trusted' : 'plain'}>{t(`ruleState.${rule.state}`, { defaultValue: rule.state })}</Tag>}
        </div>
      </header>
      {rule.explain && (
        <section className={desk.part}>
          <p className={classes.prose}>
            <bdi>{rule.explain}</bdi>
          </p>
        </section>
      )}
      <section className={desk.part}>
        <dl className={classes.facts}>
          {facts
            .filter(([, value]) => value)
            .map(([name, value]) => (
              <div key={name}>
                <dt>{t(`rules.facts.${name}`)}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
      </section>
      <section className={desk.part}>
        <div className={desk.partHead}>
          <h3>{t('rules.expression')}</h3>
          <span>{t('rules.cel')}</span>
        </div>
        <pre className={classes.expression} dir="ltr" tabIndex={0}>
          <Expression text={rule.expression ?? ''} />
        </pre>
      </section>
      <section className={desk.part}>
        <div className={desk.partHead}>
          <h3>{t('rules.examples')}</h3>
          <span>{t('rules.passed', { count: (rule.examples ?? []).filter((one) => one.passed).length, of: (rule.examples ?? []).length })}</span>
        </div>
        <ul className={classes.examples}>
          {(rule.examples ?? []).map((example) => (
            <li key={example.name}>
              <Severity level={example.passed ? 'trusted' : 'critical'} />
              <bdi>{example.name}</bdi>
              <span className={classes.want}>{t(example.want ? 'rules.wantsHit' : 'rules.wantsNone')}</span>
              <span>{t(example.passed ? 'rules.asWanted' : 'rules.notAsWanted')}</span>
            </li>
          ))}
        </ul>
      </section>
    </section>
  )
}

const grammar = /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\b(true|false|null|in|\d+)\b|(&&|\|\||==|!=|<=|>=|[<>!?:])/g

/** Text, figures and connectives of an expression, told apart quietly. */
function Expression({ text }: { text: string }) {
  const pieces: React.ReactNode[] = []
  let last = 0
  for (const found of text.matchAll(grammar)) {
    pieces.push(text.slice(last, found.index))
    pieces.push(
      <span key={found.index} className={found[1] ? classes.text : found[2] ? classes.value : classes.sign}>
        {found[0]}
      </span>,
    )
    last = found.index + found[0].length
  }
  pieces.push(text.slice(last))
  return <>{pieces}</>
}
