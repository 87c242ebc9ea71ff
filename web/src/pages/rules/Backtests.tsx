import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useBacktestPeople, useBacktests, useTry } from '../../api/queries'
import type { Backtest, Rule } from '../../api/types'
import { useHome, useSpeech } from '../../app/home'
import { day, number } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer } from '../../ui/Faces'
import { Act, Code, Day, Figure, Instant, Tag } from '../../ui/parts'
import classes from './Backtests.module.css'
import { writes } from './life'
import { People } from './RuleSheet'

/** What a rule would have done: tried on the past before anybody is asked to approve it. */
export function Backtests({ rule }: { rule: Rule }) {
  const { t } = useTranslation()
  const { role } = useHome()
  const all = useBacktests(rule.id)
  const tryIt = useTry(rule.id)
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const mine = (all.data ?? []).filter((one) => one.version === rule.version)
  const last = mine[0]
  const runs = last?.state === 'waiting' || last?.state === 'running'
  return (
    <section className={desk.part} data-test="backtests">
      <div className={desk.partHead}>
        <h3>{t('rules.backtest.title')}</h3>
        <span>{t('rules.backtest.note')}</span>
      </div>
      {writes(role) && rule.state !== 'retired' && (
        <div className={classes.ask}>
          <label>
            {t('rules.backtest.from')} <input type="date" value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
          </label>
          <label>
            {t('rules.backtest.to')} <input type="date" value={to} onChange={(event) => setTo(event.currentTarget.value)} />
          </label>
          <Act disabled={runs || tryIt.isPending} onClick={() => tryIt.mutate({ version: rule.version, from: from || undefined, to: to || undefined })} data-test="backtest">
            {t('rules.backtest.run')}
          </Act>
          {!from && <span className={classes.hint}>{t('rules.backtest.span')}</span>}
        </div>
      )}
      <ActFailed error={tryIt.error} />
      <Answer of={all} rows={2}>
        {() => (last ? <Result one={last} /> : <p className={classes.hint}>{t('rules.backtest.none')}</p>)}
      </Answer>
    </section>
  )
}

function Result({ one }: { one: Backtest }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const [asked, setAsked] = useState<string>()
  const people = useBacktestPeople(one.rule, one.id, asked === one.id)
  if (one.state === 'failed')
    return (
      <p className={classes.bad} role="alert">
        {t('rules.backtest.failed')} <bdi>{one.error}</bdi>
      </p>
    )
  const every = one.hits > 0 ? Math.round(one.looked / one.hits) : 0
  return (
    <div className={classes.result} data-test="backtest-result" data-state={one.state} aria-busy={one.state !== 'done'}>
      <dl className={classes.figures}>
        <div>
          <dt>{t('rules.backtest.hits')}</dt>
          <dd className={classes.figure}>{number(one.hits, speech)}</dd>
        </div>
        <div>
          <dt>{t('rules.backtest.looked')}</dt>
          <dd>{number(one.looked, speech)}</dd>
        </div>
        <div>
          <dt>{t('rules.backtest.rate')}</dt>
          <dd>{one.hits > 0 ? t('rules.backtest.oneIn', { every: number(every, speech) }) : t('rules.backtest.noHit')}</dd>
        </div>
        <div>
          <dt>{t('rules.backtest.days')}</dt>
          <dd>
            <Day of={one.from} /> – <Day of={one.to} />
          </dd>
        </div>
        <div>
          <dt>{t('rules.backtest.by')}</dt>
          <dd>
            <bdi>{one.by}</bdi> <Instant at={one.ended ?? one.asked} dateToo />
          </dd>
        </div>
        {one.failures > 0 && (
          <div>
            <dt>{t('rules.backtest.failures')}</dt>
            <dd className={classes.bad}>
              {number(one.failures, speech)} <bdi>{one.failure}</bdi>
            </dd>
          </div>
        )}
        <div className={classes.state}>
          <Tag tone={one.state === 'done' && one.current ? 'trusted' : 'plain'}>{one.state === 'done' ? t(one.current ? 'rules.backtest.current' : 'rules.backtest.older') : t(`rules.backtest.states.${one.state}`)}</Tag>
        </div>
      </dl>
      {one.days.length > 0 && <Days days={one.days} />}
      {one.overlap.length > 0 && (
        <table className={classes.overlap}>
          <caption>{t('rules.backtest.overlap')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('case.rule')}</th>
              <th scope="col" className={classes.number}>{t('rules.backtest.both')}</th>
              <th scope="col" className={classes.number}>{t('rules.backtest.theirs')}</th>
              <th scope="col">{t('rules.backtest.alike')}</th>
            </tr>
          </thead>
          <tbody>
            {one.overlap.map((other) => (
              <tr key={other.rule}>
                <td>
                  <bdi>{other.title}</bdi> <Code quiet>{other.rule}</Code>
                </td>
                <td className={classes.number}>{number(other.both, speech)}</td>
                <td className={classes.number}>{number(other.theirs, speech)}</td>
                <td>
                  <svg width="80" height="6" aria-hidden="true" focusable="false" className={classes.bar}>
                    <rect width="80" height="6" className={classes.hollow} />
                    <rect width={80 * other.jaccard} height="6" className={classes.solid} />
                  </svg>{' '}
                  <Figure>{other.jaccard.toFixed(2)}</Figure>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {one.state === 'done' && one.people > 0 && (asked === one.id ? <Answer of={people} rows={4}>{(all) => <People people={all} />}</Answer> : (
        <Act icon="eye" onClick={() => setAsked(one.id)} data-test="backtest-people">
          {t('rules.showPeople', { people: number(one.people, speech) })}
        </Act>
      ))}
    </div>
  )
}

const height = 64

/** Hits a day; the axis runs with the language, and a table says the same to whoever cannot see it. */
function Days({ days }: { days: Backtest['days'] }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const most = Math.max(1, ...days.map((one) => one.hits))
  const step = Math.max(3, Math.min(14, Math.floor(720 / days.length)))
  return (
    <figure className={classes.days}>
      <figcaption>{t('rules.backtest.perDay', { most: number(most, speech) })}</figcaption>
      <svg width={days.length * step} height={height} aria-hidden="true" focusable="false" className={classes.bars}>
        {days.map((one, index) => {
          const tall = (one.hits / most) * (height - 4)
          return (
            <g key={one.day}>
              <title>{`${day(one.day, speech)}: ${one.hits} / ${one.looked}`}</title>
              <rect x={index * step} y={0} width={step - 1} height={height} className={classes.ground} />
              <rect x={index * step} y={height - Math.max(one.hits ? 2 : 0, tall)} width={step - 1} height={Math.max(one.hits ? 2 : 0, tall)} className={classes.solid} />
            </g>
          )
        })}
      </svg>
      <div className={classes.ends} style={{ inlineSize: Math.max(180, days.length * step) }}>
        <Day of={days[0]?.day} />
        {days.length > 1 && <Day of={days.at(-1)?.day} />}
      </div>
      <table className="unseen">
        <tbody>
          {days.map((one) => (
            <tr key={one.day}>
              <th scope="row">{day(one.day, speech)}</th>
              <td>{one.hits}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  )
}
