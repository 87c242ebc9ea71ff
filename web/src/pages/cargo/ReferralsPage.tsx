import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Consignment, type Referred, useConsignment, useReferrals } from '../../api/cargo'
import { useCase, useClaim } from '../../api/queries'
import { useHome, useNow, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { referralsRoute } from '../../app/router'
import { caseNumber } from '../../format/finding'
import { number } from '../../format/time'
import { Choose, Push, Toggle, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { Answer, Empty, NoMatch } from '../../ui/Faces'
import { Fresh } from '../../ui/Fresh'
import { StatusNote } from '../../ui/Grid'
import { useHeld } from '../../ui/held'
import { Icon } from '../../ui/Icon'
import { Act, Code, Cut } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import { Part } from '../queue/CaseDesk'
import { DecisionPane } from '../queue/DecisionPane'
import { SharePane } from '../exchange/SharePane'
import classes from './cargo.module.css'
import { ConsignmentHead } from './ConsignmentPage'
import { Goods } from './Goods'
import { OwnFindings, Parties } from './Parties'
import { Cutoff, StateTag, Waybill } from './parts'
import { useQuestion } from './Question'
import { ReferralThread } from './ReferralThread'

const states = ['referred', 'rfi', 'rfs', 'dnl-proposed', 'dnl'] as const
const idOf = (one: { id: string }) => one.id

/** The referral desk: one row a consignment, the least time to cut-off first; what was found and asked, and the decision. */
export function ReferralsPage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { id } = referralsRoute.useParams()
  const search = referralsRoute.useSearch()
  const navigate = useNavigate({ from: '/cargo/referrals/{-$id}' })
  const set = (change: Partial<typeof search>) => void navigate({ search: (was) => ({ ...was, ...change }), replace: true })
  const open = (next: string | undefined) => void navigate({ params: { id: next }, search: (was) => was, replace: id !== undefined && next !== undefined })
  const asked = useReferrals({ state: search.state, departure: search.departure, mine: search.mine ? true : undefined })
  const rules = useMemo(() => [...new Set((asked.data ?? []).flatMap((one) => (one.reasons ?? []).map((reason) => reason.rule ?? reason.code)))].sort(), [asked.data])
  const narrowed = useMemo(() => asked.data?.filter((one) => !search.rule || one.reasons?.some((reason) => (reason.rule ?? reason.code) === search.rule)), [asked.data, search.rule])
  const held = useHeld(narrowed, idOf, JSON.stringify(search))
  const shown = held.shown
  const at = shown.findIndex((one) => one.id === id)
  const move = (step: 1 | -1) => () => {
    const next = shown[at < 0 ? (step > 0 ? 0 : shown.length - 1) : Math.min(Math.max(at + step, 0), shown.length - 1)]
    if (next) open(next.id)
  }
  useKeys({ 'list.next': move(1), 'list.previous': move(-1), 'list.back': () => (id ? open(undefined) : void navigate({ to: '/cargo/departures' })) })
  useEffect(() => {
    document.title = `${t('place.referrals')} · Rihla`
  }, [t])
  const filters = [search.state && t(`cargo.state.${search.state}`), search.rule, search.mine && t('cargo.mine'), search.departure?.replace('.', ' ')].filter((one): one is string => !!one)
  return (
    <div className={`${desk.desk} ${classes.refer}`} data-item={id !== undefined || undefined} data-open={id !== undefined || undefined}>
      <section className={desk.list} aria-label={t('place.referrals')}>
        <Toolbar title={t('place.referrals')}>
          <span className={desk.count}>{number(shown.length, speech)}</span>
          <Push />
          <Fresh count={held.fresh} onRelease={held.release} />
          <Toggle pressed={!!search.mine} onChange={(on) => set({ mine: on ? '1' : undefined })}>
            {t('cargo.mine')}
          </Toggle>
        </Toolbar>
        <Toolbar>
          <Choose label={t('cargo.stateLabel')} value={search.state ?? ''} active={!!search.state} onChange={(state) => set({ state: state || undefined })} options={[{ value: '', label: t('cargo.anyState') }, ...states.map((value) => ({ value, label: t(`cargo.state.${value}`) }))]} />
          {rules.length > 1 && <Choose label={t('finding.rule_hit')} value={search.rule ?? ''} active={!!search.rule} onChange={(rule) => set({ rule: rule || undefined })} options={[{ value: '', label: t('cargo.anyRule') }, ...rules.map((value) => ({ value, label: t(`finding.${value}`, { defaultValue: value }) }))]} />}
        </Toolbar>
        <Answer of={asked} rows={8}>
          {(all) =>
            shown.length > 0 ? (
              <ul className={desk.items} data-test="referrals">
                {shown.map((one) => (
                  <Item key={one.id} one={one} chosen={one.id === id} onOpen={() => open(one.id)} />
                ))}
              </ul>
            ) : all.length === 0 && filters.length === 0 ? (
              <Empty>{t('cargo.noReferrals')}</Empty>
            ) : (
              <NoMatch filters={filters} onClear={() => set({ state: undefined, rule: undefined, mine: undefined, departure: undefined })} />
            )
          }
        </Answer>
      </section>
      {id === undefined ? (
        <section className={desk.middle}>
          <Empty>{t('cargo.choose')}</Empty>
        </section>
      ) : (
        <ReferralDesk key={id} id={id} row={shown.find((one) => one.id === id)} />
      )}
    </div>
  )
}

function Item({ one, chosen, onOpen }: { one: Referred; chosen: boolean; onOpen: () => void }) {
  const { t } = useTranslation()
  const now = useNow()
  const { me } = useHome()
  const element = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const [first] = one.reasons ?? []
  return (
    <li ref={element}>
      <a
        className={desk.item}
        href={`/cargo/referrals/${one.id}`}
        data-chosen={chosen || undefined}
        aria-current={chosen || undefined}
        data-test="referral"
        data-key={one.id}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey) return
          event.preventDefault()
          onOpen()
        }}
      >
        {one.severity ? <Severity level={one.severity} /> : <span />}
        <span className={desk.lines}>
          <span className={desk.line}>
            <span className={desk.title}>
              <Waybill of={one} strong />
            </span>
            <Cutoff at={one.cutoff} now={now} gone={one.state === 'departed' || one.state === 'arrived'} />
          </span>
          <span className={desk.line}>
            <span className={desk.detail}>
              <Cut title={one.goods}>
                {one.consignor && one.consignee ? (
                  <>
                    <bdi>{one.consignor.name}</bdi> <Icon name="arrow" size={11} /> <bdi>{one.consignee.name}</bdi>
                  </>
                ) : (
                  one.goods
                )}
              </Cut>
            </span>
            <StateTag state={one.state} />
          </span>
          <span className={desk.line}>
            <span className={desk.detail}>
              {first ? <Cut title={first.title}>{first.title ?? t(`finding.${first.code}`, { defaultValue: first.code })}</Cut> : (one.kinds ?? []).map((kind) => t(`finding.${kind}`, { defaultValue: kind })).join(t('list.comma'))}
            </span>
            <span className={one.held_by === me ? desk.strong : one.held_by ? desk.faint : desk.link}>{one.held_by === me ? t('queue.you') : one.held_by ? <bdi>{one.held_by}</bdi> : one.flight ? <Code quiet>{one.flight}</Code> : null}</span>
          </span>
        </span>
      </a>
    </li>
  )
}

function ReferralDesk({ id, row }: { id: string; row?: Referred }) {
  const { t } = useTranslation()
  const file = useConsignment(id)
  const known = file.data
  const [sharing, setSharing] = useState(false)
  const [chosen, setChosen] = useState<string>()
  const cases = known?.cases ?? []
  const open = cases.filter((one) => one.state !== 'closed')
  const at = chosen ?? row?.case ?? open[0]?.id ?? cases[0]?.id
  return (
    <>
      <section className={desk.middle} data-test="referral-desk">
        <Answer of={file}>{(one) => <Middle one={one} at={at} onCase={setChosen} onShare={() => setSharing(true)} />}</Answer>
      </section>
      <aside className={desk.last}>
        {known &&
          (sharing ? (
            <SharePane item={id} title={known.house ?? known.master} categories={['security-referral', 'consignment']} caseRef={cases[0] && caseNumber(cases[0].number)} onClose={() => setSharing(false)} />
          ) : at ? (
            <Decide key={at} consignment={known} id={at} />
          ) : (
            <div className={desk.scroll}>
              <p className={classes.quiet}>{t('cargo.noCase')}</p>
            </div>
          ))}
      </aside>
      <StatusNote>{t('case.audited')}</StatusNote>
    </>
  )
}

function Middle({ one, at, onCase, onShare }: { one: Consignment; at?: string; onCase: (id: string) => void; onShare: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const last = one.referrals?.at(-1)
  return (
    <>
      <ConsignmentHead one={one}>
        <Act className={classes.whole} onClick={() => void navigate({ to: '/cargo/consignments/$id', params: { id: one.id } })} data-test="open-consignment">
          {t('cargo.whole')}
        </Act>
        <Act icon="send" className={classes.whole} onClick={onShare} data-test="share">
          {t('give.share')}
        </Act>
      </ConsignmentHead>
      {(one.cases?.length ?? 0) > 1 && (
        <Part title={t('cargo.cases')}>
          <div className={classes.cases}>
            {one.cases?.map((known) => (
              <button key={known.id} type="button" aria-pressed={known.id === at} onClick={() => onCase(known.id)}>
                <Code>{caseNumber(known.number)}</Code> <bdi>{known.title}</bdi>
                {t('list.comma')}
                {t(`caseState.${known.state}`)}
              </button>
            ))}
          </div>
        </Part>
      )}
      <OwnFindings of={one} />
      {last && <ReferralThread key={last.id} id={last.id} consignment={one} />}
      <Part title={t('cargo.parties')} note={t('cargo.asFiled')}>
        <Parties of={one} />
      </Part>
      <Part title={t('cargo.goods')}>
        <Goods of={one} />
      </Part>
    </>
  )
}

/** The decision, as on every case; a request needs to be said first, and a do-not-load whom one has called. */
function Decide({ consignment, id }: { consignment: Consignment; id: string }) {
  const file = useCase(id)
  const claim = useClaim()
  const { me } = useHome()
  const more = useQuestion(consignment)
  const one = file.data?.case
  useKeys(one && (one.state === 'open' || one.state === 'claimed') ? { 'case.claim': () => claim.mutate({ id, given: one.claimed_by !== me }) } : {})
  return <Answer of={file}>{(known) => <DecisionPane key={known.case.state} file={known} claim={claim} more={more} />}</Answer>
}
