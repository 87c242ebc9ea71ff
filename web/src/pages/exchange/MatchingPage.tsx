import { NativeSelect, TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Agreement, type MatchHit, type MatchRun, useAgreement, useAgreements, useMatch, useMatchAudit, useMatches } from '../../api/exchange'
import { useFlights } from '../../api/queries'
import { useHome, useNow, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { matchingRoute } from '../../app/router'
import { askable, ownParty, plain, wayOf } from '../../format/exchange'
import { number } from '../../format/time'
import { Push, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer, Empty } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { Act, Code, Instant, Name, Tag } from '../../ui/parts'
import classes from './MatchingPage.module.css'
import panes from './panes.module.css'

const day = 24 * 3600_000
// A flight is asked about once at each.
const stages = ['booked', 'check-in', 'closed'] as const

/** Private matching: a flight's passengers against the partner's list, where neither sees the other's names. */
export function MatchingPage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const search = matchingRoute.useSearch()
  const navigate = useNavigate({ from: '/matching' })
  const runs = useMatches()
  const agreements = useAgreements()
  const all = [...(runs.data ?? [])].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  const one = all.find((run) => run.id === search.run) ?? (search.run ? undefined : all[0])
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  const at = one ? all.indexOf(one) : -1
  const move = (step: 1 | -1) => () => {
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)]
    if (next) set({ run: next.id })
  }
  useKeys({ 'list.next': move(1), 'list.previous': move(-1) })
  useEffect(() => {
    document.title = `${t('place.matching')} · Rihla`
  }, [t])
  return (
    <div className={`${desk.desk} ${classes.desk}`} data-item>
      <section className={desk.list} aria-label={t('place.matching')}>
        <Toolbar title={t('place.matching')}>
          <span className={desk.count}>{number(all.length, speech)}</span>
          <Push />
        </Toolbar>
        {['analyst', 'supervisor'].includes(role) && <Run agreements={(agreements.data ?? []).filter((one) => plain(one.state) === 'in_force')} flight={search.flight} onRun={(run) => set({ run: run.id, flight: undefined })} />}
        <Answer of={runs} rows={6}>
          {() =>
            all.length === 0 ? (
              <Empty>{t('match.empty')}</Empty>
            ) : (
              <ul className={desk.items} data-test="runs">
                {all.map((run) => (
                  <Item key={run.id} run={run} chosen={run === one} onOpen={() => set({ run: run.id })} />
                ))}
              </ul>
            )
          }
        </Answer>
      </section>
      {one ? <Sheet key={one.id} run={one} /> : <section className={desk.middle}>{runs.data && <Empty>{t('match.choose')}</Empty>}</section>}
    </div>
  )
}

/** Asking about a flight: which, under which agreement, and what the other side learns. */
function Run({ agreements, flight, onRun }: { agreements: Agreement[]; flight?: string; onRun: (run: MatchRun) => void }) {
  const { t } = useTranslation()
  const now = useNow(60_000)
  const match = useMatch()
  const flights = useFlights({ from: new Date(now - day).toISOString().slice(0, 10), to: new Date(now + 2 * day).toISOString().slice(0, 10) })
  const [text, setText] = useState(flight ?? '')
  const [stage, setStage] = useState<string>(stages[0])
  const typed = text.trim().toUpperCase().replace(/\s/g, '')
  const found = (flights.data ?? []).filter((one) => one.id === text.trim() || (typed !== '' && `${one.carrier}${one.number}` === typed)).sort((a, b) => Date.parse(a.departure ?? '') - Date.parse(b.departure ?? ''))
  const chosen = found.find((one) => Date.parse(one.departure ?? '') > now) ?? found[0]
  const [agreement] = agreements
  const run = () => {
    if (chosen && agreement) match.mutate({ agreement: agreement.id, flight: chosen.id, stage }, { onSuccess: onRun })
  }
  if (!agreement) return null
  return (
    <form
      className={classes.run}
      onSubmit={(event) => {
        event.preventDefault()
        run()
      }}
    >
      <TextInput label={t('match.flight')} placeholder="ZZ431" value={text} dir="ltr" onChange={(event) => setText(event.currentTarget.value)} list="match-flights" classNames={{ label: panes.label, input: panes.input }} data-test="match-flight" />
      <datalist id="match-flights">
        {(flights.data ?? []).slice(0, 200).map((one) => (
          <option key={one.id} value={`${one.carrier}${one.number}`}>{`${one.from}-${one.to} ${one.date}`}</option>
        ))}
      </datalist>
      <NativeSelect label={t('match.stage')} value={stage} onChange={(event) => setStage(event.currentTarget.value)} data={stages.map((value) => ({ value, label: t(`matchStage.${value}`) }))} classNames={{ root: panes.whole, label: panes.label, input: panes.input }} />
      <p className={panes.note}>
        {chosen ? (
          <>
            <Code>{`${chosen.carrier}${chosen.number}`}</Code> <Code quiet>{`${chosen.from}-${chosen.to}`}</Code> <Code quiet>{chosen.date}</Code>
            {t('list.comma')}
            {t('match.passengers', { count: chosen.passengers })}
          </>
        ) : (
          t('match.learns')
        )}
      </p>
      <Act primary icon="send" type="submit" disabled={!chosen || match.isPending} data-test="match-run">
        {t('match.do')}
      </Act>
      <ActFailed error={match.error} />
    </form>
  )
}

function Item({ run, chosen, onOpen }: { run: MatchRun; chosen: boolean; onOpen: () => void }) {
  const { t } = useTranslation()
  const hits = run.hits ? run.hits.filter((hit) => hit.lead !== false).length : run.hit_count
  return (
    <li>
      <a
        className={`${desk.item} ${classes.item}`}
        href={`/matching?run=${encodeURIComponent(run.id)}`}
        data-chosen={chosen || undefined}
        aria-current={chosen || undefined}
        data-test="run"
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey) return
          event.preventDefault()
          onOpen()
        }}
      >
        <span className={desk.lines}>
          <span className={desk.line}>
            <span className={desk.title}>
              <Code strong>{run.journey}</Code>
            </span>
            <Instant at={run.at} dateToo />
          </span>
          <span className={desk.line}>
            <span className={desk.faint}>
              {t(`thread.ways.${run.direction}`)}
              {t('list.comma')}
              {t(`matchState.${run.state}`, { defaultValue: run.state })}
            </span>
            {run.state === 'done' && run.direction === 'out' && <span className={hits > 0 ? desk.strong : desk.faint}>{t('match.leads', { count: hits })}</span>}
          </span>
        </span>
      </a>
    </li>
  )
}

function Sheet({ run }: { run: MatchRun }) {
  const { t } = useTranslation()
  const { role } = useHome()
  const speech = useSpeech()
  const agreement = useAgreement(run.agreement)
  // What only a weak key met stands last: it may not be asked on.
  const hits = [...(run.hits ?? [])].sort((a, b) => Number(b.lead ?? true) - Number(a.lead ?? true))
  const leads = hits.filter((hit) => hit.lead !== false).length
  // A hit is asked on by the share that answers yes or no about one person.
  const share = agreement.data ? askable(agreement.data.document, ownParty(agreement.data), agreement.data.suspended).find((one) => one.mode === 'hit_no_hit' && wayOf(one, ownParty(agreement.data)) !== 'gives') : undefined
  return (
    <section className={desk.middle} data-test="run-sheet">
      <header className={desk.head}>
        <div className={desk.headLine}>
          <h1>
            <Code>{run.journey}</Code>
          </h1>
          <Tag tone={run.state === 'done' ? 'trusted' : 'plain'}>{t(`matchState.${run.state}`, { defaultValue: run.state })}</Tag>
          <Push />
          <Instant at={run.at} dateToo /> {run.requester && <bdi>{run.requester}</bdi>}
        </div>
        <div className={desk.headLine}>
          <Code quiet>{run.agreement}</Code>
          <span>{t(`matchStage.${run.stage}`, { defaultValue: run.stage })}</span>
          {run.epoch && (
            <span>
              {t('match.epoch')} <Code quiet>{run.epoch.split('/')[0]}</Code>
            </span>
          )}
          <Push />
          {run.took_ms !== undefined && <span>{t('match.took', { seconds: (run.took_ms / 1000).toFixed(1) })}</span>}
        </div>
      </header>
      {run.reason && <p className={classes.failed}>{run.code ? t(`refusal.${run.code}`, { defaultValue: run.reason }) : run.reason}</p>}
      <div className={desk.part}>
        <dl className={classes.figures}>
          <div>
            <dt>{t('match.people')}</dt>
            <dd>{number(run.passengers, speech)}</dd>
          </div>
          <div>
            <dt>{t('match.asked')}</dt>
            <dd>{number(run.asked, speech)}</dd>
          </div>
          <div>
            <dt>{t('match.padded')}</dt>
            <dd>{number(run.padded, speech)}</dd>
          </div>
          <div>
            <dt>{t('match.hits')}</dt>
            <dd>{number(run.hits ? leads : run.hit_count, speech)}</dd>
          </div>
        </dl>
        <p className={classes.prose}>{t(run.direction === 'out' ? 'match.about' : 'match.aboutIn')}</p>
      </div>
      {run.direction === 'out' && <div className={desk.part}>
        <div className={desk.partHead}>
          <h3>{t('match.leads', { count: leads })}</h3>
          <span>{t('match.leadOnly')}</span>
        </div>
        {run.state === 'done' && hits.length === 0 && <p className={classes.quiet}>{t('match.none')}</p>}
        <ul className={classes.hits}>
          {hits.map((hit) => (
            <Hit key={hit.passenger} hit={hit} run={run.id} agreement={run.agreement} share={share?.id} />
          ))}
        </ul>
      </div>}
      {role === 'auditor' && run.direction === 'out' && <Held run={run.id} />}
    </section>
  )
}

/** For who watches: the batch held against the flight it was bound to. */
function Held({ run }: { run: string }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const audit = useMatchAudit(run, true)
  return (
    <div className={desk.part} data-test="match-audit">
      <div className={desk.partHead}>
        <h3>{t('match.audit.title')}</h3>
      </div>
      <Answer of={audit} rows={2}>
        {(known) => (
          <>
            <p className={classes.verdict} data-holds={known.holds}>
              <Icon name={known.holds ? 'check' : 'warn'} size={14} /> {t(known.holds ? 'match.audit.holds' : 'match.audit.breaks')} <Code quiet>{known.root.slice(0, 16)}</Code>
            </p>
            <dl className={classes.figures}>
              {(['aboard', 'committed', 'strangers'] as const).map((name) => (
                <div key={name}>
                  <dt>{t(`match.audit.${name}`)}</dt>
                  <dd>{number(known[name], speech)}</dd>
                </div>
              ))}
              <div>
                <dt>{t('match.audit.notAsked')}</dt>
                <dd>{number((known.not_asked ?? []).length, speech)}</dd>
              </div>
            </dl>
          </>
        )}
      </Answer>
    </div>
  )
}

function Hit({ hit, run, agreement, share }: { hit: MatchHit; run: string; agreement: string; share?: string }) {
  const { t } = useTranslation()
  return (
    <li data-test="lead">
      <Icon name="people" size={14} />
      <Link to="/people/$id" params={{ id: hit.passenger }} className={classes.name}>
        <Name>{hit.name || hit.passenger}</Name>
      </Link>
      <span className={classes.families}>
        {hit.families.map((family) => (
          <Tag key={family}>{t(`matchFamily.${family}`, { defaultValue: family })}</Tag>
        ))}
      </span>
      {hit.thread ? (
        <Link to="/requests/{-$id}" params={{ id: hit.thread }} className={classes.link}>
          {t('match.openRequest')}
        </Link>
      ) : (
        hit.lead === false ? <span className={classes.quiet}>{t('match.weak')}</span> : share && (
          <Link to="/requests/{-$id}" params={{ id: 'new' }} search={{ agreement, share, run, person: hit.passenger }} className={panes.primaryLink} data-test="ask-hit">
            {t('match.ask')}
          </Link>
        )
      )}
    </li>
  )
}
