import { Textarea } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ReportFile, type ReportItem, useFeedback, useFundsReport, useTriage } from '../../api/funds'
import { useCase, useClaim } from '../../api/queries'
import { useHome, useNow, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { useRested } from '../../app/rested'
import { triageRoute } from '../../app/router'
import { standing } from '../../format/finding'
import { number, relative } from '../../format/time'
import { Choose, Find, Push, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer, Empty, NoMatch } from '../../ui/Faces'
import { FindingCard } from '../../ui/FindingCard'
import { Fresh } from '../../ui/Fresh'
import { StatusNote } from '../../ui/Grid'
import { useHeld } from '../../ui/held'
import { Icon } from '../../ui/Icon'
import { useOutcomeWords } from '../../ui/outcomeWords'
import { Act, Code, Cut, Day, Instant, Tag } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import { DecisionPane } from '../queue/DecisionPane'
import classes from './funds.module.css'
import { Amount, Movements, PartyLink } from './parts'

const idOf = (one: { id: string }) => one.id
const states = ['open', 'decided', 'refused'] as const
const codes = ['STR', 'SAR', 'AIF', 'AIFT'] as const

/** Report triage: what banks and others found suspicious, the oldest that waits first; one whole; and the decision. */
export function TriagePage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { id } = triageRoute.useParams()
  const search = triageRoute.useSearch()
  const navigate = useNavigate({ from: '/funds/reports/{-$id}' })
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  const open = (next: string | undefined) => void navigate({ params: { id: next }, search: (was) => was, replace: id !== undefined && next !== undefined })
  const [text, setText] = useState(search.q ?? '')
  const q = useRested(text.trim())
  const state = (states as readonly string[]).includes(search.state ?? '') ? search.state : 'open'
  const asked = useTriage({ state, code: search.code, q: q || undefined })
  const held = useHeld(asked.data, idOf, JSON.stringify({ state, code: search.code, q }))
  const { shown } = held
  const at = shown.findIndex((one) => one.id === id)
  const move = (step: 1 | -1) => () => {
    const next = shown[at < 0 ? (step > 0 ? 0 : shown.length - 1) : Math.min(Math.max(at + step, 0), shown.length - 1)]
    if (next) open(next.id)
  }
  useKeys({ 'list.next': move(1), 'list.previous': move(-1), 'list.back': () => (id ? open(undefined) : void navigate({ to: '/' })) })
  useEffect(() => {
    document.title = `${t('place.triage')} · Rihla`
  }, [t])
  const filters = [search.code, q].filter((one): one is string => !!one)
  return (
    <div className={`${desk.desk} ${classes.desk}`} data-item={id !== undefined || undefined} data-open={id !== undefined || undefined}>
      <section className={desk.list} aria-label={t('place.triage')}>
        <Toolbar title={t('place.triage')}>
          <span className={desk.count}>{number(shown.length, speech)}</span>
          <Push />
          <Fresh count={held.fresh} onRelease={held.release} />
          <Choose label={t('reports.state')} value={state ?? 'open'} active={state !== 'open'} onChange={(value) => set({ state: value === 'open' ? undefined : value })} options={states.map((value) => ({ value, label: t(`funds.triageState.${value}`) }))} />
        </Toolbar>
        <Toolbar>
          <Choose label={t('funds.code')} value={search.code ?? ''} active={!!search.code} onChange={(code) => set({ code: code || undefined })} options={[{ value: '', label: t('funds.anyCode') }, ...codes.map((value) => ({ value, label: `${value} · ${t(`funds.codes.${value}`)}` }))]} />
          <Find label={t('funds.findReport')} value={text} onChange={setText} />
        </Toolbar>
        <Answer of={asked} rows={8}>
          {() =>
            shown.length > 0 ? (
              <ul className={desk.items} data-test="triage">
                {shown.map((one) => (
                  <Item key={one.id} one={one} chosen={one.id === id} onOpen={() => open(one.id)} />
                ))}
              </ul>
            ) : filters.length === 0 ? (
              <Empty>{t(state === 'open' ? 'funds.noReports' : 'funds.noneSuch')}</Empty>
            ) : (
              <NoMatch filters={filters} onClear={() => { setText(''); set({ code: undefined, q: undefined }) }} />
            )
          }
        </Answer>
        <p className={desk.footNote}>
          <strong>{t('funds.tipping')}</strong>
          {t('funds.tippingNote')}
        </p>
      </section>
      {id === undefined ? (
        <section className={desk.middle}>
          <Empty>{t('funds.choose')}</Empty>
        </section>
      ) : (
        <ReportDesk key={id} id={id} />
      )}
    </div>
  )
}

function Item({ one, chosen, onOpen }: { one: ReportItem; chosen: boolean; onOpen: () => void }) {
  const { t } = useTranslation()
  const now = useNow()
  const said = useOutcomeWords('funds')
  const element = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const [first, ...rest] = one.suspects ?? []
  return (
    <li ref={element}>
      <a
        className={desk.item}
        href={`/funds/reports/${one.id}`}
        data-chosen={chosen || undefined}
        aria-current={chosen || undefined}
        data-test="funds-report"
        data-key={one.id}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey) return
          event.preventDefault()
          onOpen()
        }}
      >
        <span />
        <span className={desk.lines}>
          <span className={desk.line}>
            <span className={desk.title}>
              <Cut>{first?.name ?? one.ref}</Cut>
            </span>
            <span className={desk.faint}>{relative(Date.parse(one.received), now, t)}</span>
          </span>
          <span className={desk.line}>
            <span className={desk.detail}>
              <Code>{one.code}</Code> <Code quiet>{one.ref}</Code>
              {rest.length > 0 && <> {t('lists.more', { count: rest.length })}</>}
            </span>
            <Amount of={one.total} currency={one.currency} />
          </span>
          <span className={desk.line}>
            <span className={desk.detail}>{t('funds.transactions', { count: one.transactions })}</span>
            <span className={one.case_state === 'open' ? desk.link : desk.faint}>{one.state === 'refused' ? t('funds.triageState.refused') : one.outcome ? said.name(one.outcome) : one.case_state ? t(`caseState.${one.case_state}`, { defaultValue: one.case_state }) : ''}</span>
          </span>
        </span>
      </a>
    </li>
  )
}

function ReportDesk({ id }: { id: string }) {
  const { t } = useTranslation()
  const file = useFundsReport(id)
  return (
    <>
      <section className={desk.middle} data-test="funds-report-file">
        <Answer of={file}>{(one) => <Sheet one={one} />}</Answer>
      </section>
      <aside className={desk.last}>
        {file.data?.case ? (
          <Decide key={file.data.case} id={file.data.case} />
        ) : (
          file.data && (
            <div className={desk.scroll}>
              <p className={classes.quiet}>{t(file.data.state === 'refused' ? 'funds.refusedNote' : 'funds.noCase')}</p>
            </div>
          )
        )}
      </aside>
      <StatusNote>{t('case.audited')}</StatusNote>
    </>
  )
}

function Decide({ id }: { id: string }) {
  const file = useCase(id)
  const claim = useClaim()
  const { me } = useHome()
  const one = file.data?.case
  useKeys(one && (one.state === 'open' || one.state === 'claimed') ? { 'case.claim': () => claim.mutate({ id, given: one.claimed_by !== me }) } : {})
  return <Answer of={file}>{(known) => <DecisionPane key={known.case.state} file={known} claim={claim} />}</Answer>
}

function Sheet({ one }: { one: ReportFile }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const findings = standing(one.findings ?? [])
  return (
    <>
      <header className={desk.head}>
        <div className={desk.headLine}>
          <h1>
            <Code>{one.code}</Code> <Code>{one.ref}</Code>
          </h1>
          {one.stage === 'business' && <Tag tone="medium">{t('funds.stage.business')}</Tag>}
          <span className={desk.push} />
          <Act icon="send" className={classes.whole} onClick={() => void navigate({ to: '/funds/disseminations/{-$id}', search: { act: 'new', of: one.id } })} data-test="disseminate">
            {t('funds.disseminate')}
          </Act>
        </div>
        <div className={desk.headLine}>
          <span>
            {t('report.from')} <bdi>{one.filer}</bdi>
          </span>
          <span>
            {t('report.received')} <Instant at={one.received} dateToo />
          </span>
          {one.submitted && (
            <span>
              {t('funds.submitted')} <Day of={one.submitted.slice(0, 10)} />
            </span>
          )}
          <strong><Amount of={one.total} currency={one.currency} /></strong>
          <span className={desk.push} />
          <Link to="/reports/{-$id}" params={{ id: one.report }} className={classes.link}>
            {t('funds.filedReport')}
          </Link>
        </div>
      </header>
      <Part title={t('funds.suspects')}>
        <div className={classes.parties} data-test="suspects">
          {(one.suspects?.length ? one.suspects : (one.parties ?? [])).map((party, at) => (
            <PartyLink key={party.id ?? at} of={party} role />
          ))}
        </div>
      </Part>
      {(one.reason || one.action) && (
        <Part title={t('funds.reason')}>
          <p className={classes.prose}>
            <bdi>{one.reason}</bdi>
          </p>
          {one.action && <p className={classes.note}>{t('funds.action')} <bdi>{one.action}</bdi></p>}
          {!!one.indicators?.length && <p className={classes.note}>{t('funds.indicators')} <Code>{one.indicators.join(' ')}</Code></p>}
        </Part>
      )}
      {findings.length > 0 && (
        <Part title={t('passenger.findings')}>
          {findings.map((finding) => (
            <FindingCard key={`${finding.engine}-${finding.matched}`} finding={finding} />
          ))}
        </Part>
      )}
      <Part title={t('funds.movements')} note={t('funds.transactions', { count: one.movements?.length ?? 0 })}>
        <Movements of={one.movements ?? []} />
      </Part>
      <Part title={t('funds.allParties')}>
        <div className={classes.parties}>
          {(one.parties ?? []).map((party, at) => (
            <PartyLink key={party.id ?? at} of={party} role />
          ))}
        </div>
      </Part>
      {(!!one.same_story?.length || one.corrects) && (
        <Part title={t('funds.sameStory')}>
          <ul className={classes.facts}>
            {(one.same_story ?? []).map((other) => (
              <li key={other.id}>
                <Link to="/funds/reports/{-$id}" params={{ id: other.id }} className={classes.link}>
                  <Code>{other.ref}</Code>
                </Link>
              </li>
            ))}
            {one.corrects && <li><span>{t('funds.corrects')}</span> <Code>{one.corrects}</Code></li>}
          </ul>
        </Part>
      )}
      {!!one.faults?.length && (
        <Part title={t('report.notes')}>
          {one.faults.map((fault, at) => (
            <p key={at} className={classes.note}>
              <Icon name="warn" size={12} /> <bdi>{fault.message}</bdi> <Code quiet>{fault.rule}</Code>
            </p>
          ))}
        </Part>
      )}
      <Feedback one={one} />
    </>
  )
}

const shortest = 20

/** The only thing a filer ever hears beyond the receipt, and a human says it. */
function Feedback({ one }: { one: ReportFile }) {
  const { t } = useTranslation()
  const say = useFeedback(one.id)
  const [text, setText] = useState('')
  return (
    <Part title={t('funds.feedback')} note={t('funds.feedbackNote')}>
      {(one.feedback ?? []).map((said) => (
        <p key={said.id} className={classes.note}>
          <bdi>{said.by}</bdi>
          {t('list.comma')}
          <Instant at={said.at} dateToo />: <bdi>{said.text}</bdi>
        </p>
      ))}
      <Textarea aria-label={t('funds.feedback')} rows={2} value={text} dir="auto" onChange={(event) => setText(event.currentTarget.value)} classNames={{ input: classes.input }} data-test="feedback" />
      {text.trim() && (
        <div className={classes.acts}>
          <Act disabled={[...text.trim()].length < shortest || say.isPending} onClick={() => say.mutate(text.trim(), { onSuccess: () => setText('') })}>
            {t('funds.feedbackSend')}
          </Act>
        </div>
      )}
      <ActFailed error={say.error} />
    </Part>
  )
}
