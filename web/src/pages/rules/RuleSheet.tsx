import { Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useBacktests, useMoveRule, useShadow } from '../../api/queries'
import type { HitPerson, Rule, RuleFile } from '../../api/types'
import { useHome, useSpeech } from '../../app/home'
import { number } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { Act, Code, Day, Figure, FlightContext, Instant, Name, Tag } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import { Backtests } from './Backtests'
import { Examples } from './Examples'
import { Expression } from './Expression'
import { type Move, moves, writes } from './life'
import classes from './RulesPage.module.css'

type Props = { file: RuleFile; rule: Rule; onVersion: (version: string) => void; onEdit: () => void; onCopy: () => void }

/** One version of a rule: what it says, whether it holds, what has come of it, and what can be done with it. */
export function RuleSheet({ file, rule, onVersion, onEdit, onCopy }: Props) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const facts: [string, ReactNode][] = [
    ['owner', rule.owner && <bdi>{rule.owner}</bdi>],
    ['basis', rule.basis && <bdi>{rule.basis}</bdi>],
    ['expires', rule.expires && <Day of={rule.expires} />],
    ['author', rule.origin === 'operator' ? t('rules.operatorRule') : <bdi>{(rule.authors?.length ? rule.authors : [rule.author]).join(t('list.comma'))}</bdi>],
    ['approver', rule.approver && <bdi>{rule.approver}</bdi>],
    ['hits', rule.state === 'draft' ? undefined : number(rule.hits, speech)],
    ['shadowHits', rule.shadow_hits !== undefined && number(rule.shadow_hits, speech)],
    [
      'precision',
      rule.precision && (
        <>
          <Figure>{`${rule.precision.upheld}/${rule.precision.decided}`}</Figure> {t('rules.precisionOf', { share: number(Math.round(rule.precision.share * 10), speech) })}
        </>
      ),
    ],
  ]
  return (
    <section className={desk.middle} data-test="rule-detail">
      <header className={desk.head}>
        <div className={desk.headLine}>
          <Severity level={rule.severity} word />
          <h1 title={rule.title}>
            <Name>{rule.title || rule.id}</Name>
          </h1>
          <Tag>
            <Code>{`${rule.id} v${rule.version}`}</Code>
          </Tag>
          <Tag tone={rule.state === 'live' ? 'trusted' : 'plain'}>{t(`ruleState.${rule.state}`, { defaultValue: rule.state })}</Tag>
          <span className={desk.push} />
          {rule.origin === 'desk' && rule.state === 'draft' && writes(role) && (
            <Act primary icon="pen" onClick={onEdit} data-test="edit-rule">
              {t('rules.edit')}
            </Act>
          )}
          {writes(role) && !file.versions.some((one) => ['draft', 'shadow', 'approved'].includes(one.state)) && (
            <Act icon="pen" onClick={onCopy} data-test="copy-rule">
              {t(rule.origin === 'operator' ? 'rules.copy' : 'rules.next')}
            </Act>
          )}
        </div>
        {file.versions.length > 1 && (
          <div className={desk.headLine}>
            <span className={classes.versions} role="group" aria-label={t('rules.versions')}>
              {file.versions.map((one) => (
                <button key={one.version} type="button" className={classes.version} aria-pressed={one.version === rule.version} onClick={() => onVersion(one.version)}>
                  <Code>{`v${one.version}`}</Code> {t(`ruleState.${one.state}`, { defaultValue: one.state })}
                </button>
              ))}
            </span>
          </div>
        )}
      </header>
      {!!rule.failures && (
        <p className={classes.alarm} role="alert">
          <Icon name="warn" size={14} />
          <span>
            {t('rules.failures', { times: number(rule.failures, speech) })} <bdi>{rule.failure}</bdi>
          </span>
        </p>
      )}
      {rule.errors?.map((one, index) => (
        <p key={index} className={classes.alarm} role="alert">
          <Icon name="warn" size={14} />
          <span>
            {one.line !== undefined && t('rules.at', { line: one.line, column: one.column ?? 1 })} <bdi>{one.message}</bdi> <bdi>{one.mend}</bdi>
          </span>
        </p>
      ))}
      {(rule.explain || rule.advice) && (
        <section className={desk.part}>
          <p className={classes.prose}>
            <bdi>{rule.explain}</bdi>
          </p>
          {rule.advice && (
            <p className={classes.advice}>
              <bdi>{rule.advice}</bdi>
            </p>
          )}
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
      <LifeCycle rule={rule} />
      <section className={desk.part}>
        <div className={desk.partHead}>
          <h3>{t('rules.expression')}</h3>
          <span>{t('rules.cel')}</span>
        </div>
        <pre className={classes.expression} dir="ltr" tabIndex={0} aria-label={t('rules.expression')}>
          <Expression text={rule.expression} />
        </pre>
      </section>
      <section className={desk.part}>
        <div className={desk.partHead}>
          <h3>{t('rules.examples')}</h3>
          <span>{t('rules.passed', { count: (rule.examples ?? []).filter((one) => one.passed).length, of: (rule.examples ?? []).length })}</span>
        </div>
        <Examples examples={rule.examples ?? []} told={rule.examples ?? []} />
      </section>
      <Backtests rule={rule} />
      {(rule.state === 'shadow' || !!rule.shadow_hits) && <Shadow rule={rule} />}
      {file.history.length > 0 && (
        <section className={desk.part}>
          <div className={desk.partHead}>
            <h3>{t('case.history')}</h3>
          </div>
          <ol className={classes.history}>
            {file.history.map((one, index) => (
              <li key={index}>
                <span className={classes.when}>
                  <Instant at={one.at} dateToo />
                </span>
                <Code quiet>{`v${one.version}`}</Code>
                <span>{t(`ruleState.${one.to}`, { defaultValue: one.to })}</span>
                <bdi className={classes.quiet}>{one.reason}</bdi>
                <bdi>{one.by}</bdi>
              </li>
            ))}
          </ol>
        </section>
      )}
    </section>
  )
}

const road = ['draft', 'shadow', 'approved', 'live', 'retired'] as const

// A reason shorter than this is no reason.
const shortest = 10

function LifeCycle({ rule }: { rule: Rule }) {
  const { t } = useTranslation()
  const { me, role } = useHome()
  const tried = useBacktests(rule.id).data?.some((one) => one.version === rule.version && one.current && one.state === 'done') ?? false
  const act = useMoveRule(rule.id)
  const [chosen, setChosen] = useState<Move>()
  const [reason, setReason] = useState('')
  const ways = moves(rule, me, role, tried)
  if (rule.origin === 'operator')
    return (
      <section className={desk.part}>
        <p className={classes.quiet}>{t('rules.operatorNote')}</p>
      </section>
    )
  const here = road.indexOf(rule.state as (typeof road)[number])
  const enough = !chosen?.reasoned || reason.trim().length >= shortest
  const word = (move: Move) => t(`rules.move.${rule.state === 'live' || move.to !== 'retired' ? move.to : 'givenUp'}`)
  const go = () => {
    if (!chosen || !enough) return
    act.mutate({ to: chosen.to, reason: reason.trim() || undefined, version: rule.version, revision: rule.revision || undefined }, { onSuccess: () => { setChosen(undefined); setReason('') } })
  }
  return (
    <section className={desk.part} data-test="life">
      <ol className={classes.steps} aria-label={t('rules.life')}>
        {road.map((state, index) => (
          <li key={state} data-here={state === rule.state || undefined} data-done={index < here || undefined} aria-current={state === rule.state ? 'step' : undefined}>
            {t(`ruleState.${state}`)}
          </li>
        ))}
      </ol>
      <div className={classes.moves}>
        {ways.map((move) => (
          <Act key={move.to} primary={ways[0] === move && !move.hinder} disabled={!!move.hinder || act.isPending} aria-pressed={chosen?.to === move.to} onClick={() => setChosen(move)} data-test={`move-${move.to}`}>
            {word(move)}
          </Act>
        ))}
      </div>
      {ways.some((move) => move.hinder) && (
        <ul className={classes.hinders}>
          {ways
            .filter((move) => move.hinder)
            .map((move) => (
              <li key={move.to}>
                {word(move)}: {t(`rules.hinder.${move.hinder}`)}
              </li>
            ))}
        </ul>
      )}
      {chosen && (
        <div className={classes.confirm} role="group" aria-label={word(chosen)}>
          <p>{t(`rules.will.${chosen.to}`)}</p>
          {chosen.reasoned && <Textarea label={t('decision.yourReason')} rows={2} value={reason} dir="auto" onChange={(event) => setReason(event.currentTarget.value)} data-test="move-reason" />}
          <ActFailed error={act.error} />
          <div className={classes.moves}>
            <Act primary disabled={!enough || act.isPending} onClick={go} data-test="move-confirm">
              {`${word(chosen)} ${rule.id} v${rule.version}`}
            </Act>
            <Act onClick={() => setChosen(undefined)}>{t('rules.notNow')}</Act>
          </div>
        </div>
      )}
    </section>
  )
}

/** Whom a version in shadow would have hit; nothing came of it for them. Opened by asking, since it shows people. */
function Shadow({ rule }: { rule: Rule }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const [asked, setAsked] = useState(false)
  const people = useShadow(rule.id, rule.version, asked)
  return (
    <section className={desk.part} data-test="shadow">
      <div className={desk.partHead}>
        <h3>{t('rules.shadow')}</h3>
        <span>{t('rules.shadowNote')}</span>
      </div>
      {asked ? (
        <Answer of={people} rows={3}>
          {(all) => <People people={all} />}
        </Answer>
      ) : (
        <Act icon="eye" disabled={!rule.shadow_hits} onClick={() => setAsked(true)}>
          {t('rules.showPeople', { people: number(rule.shadow_hits ?? 0, speech) })}
        </Act>
      )}
    </section>
  )
}

export function People({ people }: { people: HitPerson[] }) {
  const { t } = useTranslation()
  if (people.length === 0) return <p className={classes.quiet}>{t('rules.nobody')}</p>
  return (
    <ul className={classes.history}>
      {people.map((one) => (
        <li key={one.subject} className={classes.person}>
          <Link to="/people/$id" params={{ id: one.subject }}>
            <Name>{one.name}</Name>
          </Link>
          <FlightContext of={one.context} />
          <span className={classes.values}>
            {one.values?.map((value) => (
              <span key={value.name}>
                <span className={classes.quiet}>{t(`fact.${value.name}`, { defaultValue: value.name })}</span> <Code>{value.value}</Code>
              </span>
            ))}
          </span>
        </li>
      ))}
    </ul>
  )
}
