import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgreementFile, Share, ShareWords, Thread } from '../../api/exchange'
import { useNow, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { dueOf, isHeld, isOver, lasting, ownParty, shortest, wayOf } from '../../format/exchange'
import { number } from '../../format/time'
import { Icon } from '../../ui/Icon'
import { Code, Day, Dot } from '../../ui/parts'
import { Lines } from './Lines'
import classes from './ShareTable.module.css'

const day = 24 * 3600_000
const bars = 15

/** What may be shared, one row each, short enough to compare; the row that is marked says all of it in full sentences. */
export function ShareTable({ file, threads, marked, onMark }: { file: AgreementFile; threads: Thread[]; marked?: string; onMark: (share: string) => void }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const words = new Map((file.words[language].shares ?? []).map((one) => [one.id, one]))
  const { shares } = file.document
  useKeys({
    'case.explain': () => {
      const next = shares[(shares.findIndex((one) => one.id === marked) + 1) % Math.max(1, shares.length)]
      if (next) onMark(next.id)
    },
  })
  return (
    <table className={classes.table} data-test="shares">
      <thead>
        <tr>
          <th scope="col">
            <span className="unseen">{t('share.id')}</span>
          </th>
          <th scope="col">{t('share.what')}</th>
          <th scope="col">{t('share.for')}</th>
          <th scope="col">{t('share.requires')}</th>
          <th scope="col">{t('share.releases')}</th>
          <th scope="col">{t('share.kept')}</th>
          <th scope="col">{t('share.month')}</th>
        </tr>
      </thead>
      <tbody>
        {shares.map((share) => (
          <Row key={share.id} file={file} share={share} words={words.get(share.id)} threads={threads.filter((one) => one.share === share.id)} marked={share.id === marked} onMark={() => onMark(share.id)} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ file, share, words, threads, marked, onMark }: { file: AgreementFile; share: Share; words?: ShareWords; threads: Thread[]; marked: boolean; onMark: () => void }) {
  const { t } = useTranslation()
  const held = isHeld(file.suspended, share.id)
  return (
    <Fragment>
      <tr data-marked={marked || undefined} data-held={held || undefined} data-test="share" data-key={share.id} onClick={onMark}>
        <th scope="row">
          <button
            type="button"
            className={classes.id}
            aria-expanded={marked}
            aria-label={t('share.mark', { share: share.id })}
            onClick={(event) => {
              event.stopPropagation()
              onMark()
            }}
          >
            <Code>{share.id}</Code>
          </button>
        </th>
        <td>
          <strong className={classes.title}>
            <bdi>{words?.title ?? share.title}</bdi>
          </strong>
          <Way file={file} way={wayOf(share, ownParty(file))} /> {held && <span className={classes.held}>{t('share.held')}</span>}
        </td>
        <td>{share.purposes.map((one) => t(`exchangePurpose.${one}`, { defaultValue: one })).join(t('list.comma'))}</td>
        <td>
          <Conditions share={share} />
        </td>
        <td>
          <Releases share={share} />
        </td>
        <td>
          <Kept share={share} />
        </td>
        <td>
          <Month threads={threads} replyWithin={share.reply_within} />
        </td>
      </tr>
      <tr className={classes.full} data-open={marked || undefined}>
        <td colSpan={7}>
          <div>
            <Lines level="h4" className={classes.lines} title={t('share.permits')} lines={words?.permits} />
            <Lines level="h4" className={classes.lines} title={t('share.requires')} lines={words?.requires} />
            <Lines level="h4" className={classes.lines} title={t('share.forbids')} lines={[...(words?.forbids ?? []), ...(words?.duties ?? [])]} />
          </div>
        </td>
      </tr>
    </Fragment>
  )
}

/** What must be there before anything is asked, in few words. */
function Conditions({ share }: { share: Share }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const rule = share.justification ?? {}
  const facts = shortest(share, 'facts')
  const least = shortest(share, 'justification')
  const said = [
    rule.case_ref ? t('share.if.case') : '',
    rule.prior_reference ? t('share.if.prior') : '',
    rule.application_ref ? t('share.if.application') : '',
    /consent_ref/.test(share.when ?? '') ? t('share.if.consent') : '',
    facts ? t('share.if.facts', { shortest: number(facts, speech) }) : least ? t('share.if.reason', { shortest: number(least, speech) }) : '',
    share.human_confirmation === 'both_sides' ? t('share.if.both') : share.human_confirmation === 'replying_side' ? t('share.if.replying') : share.human_confirmation === 'sending_side' ? t('share.if.sending') : '',
    share.quota?.requests ? t('share.if.quota', { requests: number(share.quota.requests, speech), span: lasting(share.quota.window, t) }) : '',
  ].filter(Boolean)
  return <>{said.join(t('list.semicolon'))}</>
}

/** Who lets it out: people by their role here, or a standing approval and its last day. */
function Releases({ share }: { share: Share }) {
  const { t } = useTranslation()
  const approval = share.approval ?? {}
  if (approval.release === 'standing')
    return (
      <>
        {t('share.standing')} {approval.standing_until && <Day of={approval.standing_until} />}
      </>
    )
  const role = (name: string | undefined) => t([`role.${name}`, `agreementRole.${name}`], { defaultValue: name ?? '' })
  return (
    <>
      {t('share.people', { count: approval.count ?? 1, role: role(approval.role) })}
      {approval.second_when && <>{t('list.semicolon')}{t('share.second', { role: role(approval.second_role ?? approval.role) })}</>}
    </>
  )
}

function Kept({ share }: { share: Share }) {
  const { t } = useTranslation()
  const { max, on_no_hit: noHit, review_every: review, depersonalise_after: masked } = share.retention ?? {}
  return (
    <>
      {lasting(max, t)}
      {noHit && <>{t('list.semicolon')}{t('share.noHit', { span: lasting(noHit, t) })}</>}
      {masked && <>{t('list.semicolon')}{t('share.masked', { span: lasting(masked, t) })}</>}
      {review && <>{t('list.semicolon')}{t('share.review', { span: lasting(review, t) })}</>}
    </>
  )
}

/** Which state gives to which; the arrow follows the line of reading, this state stands first. */
function Way({ file, way }: { file: AgreementFile; way: ReturnType<typeof wayOf> }) {
  const { t } = useTranslation()
  const own = ownParty(file)
  const us = file.parties.find((party) => party.id === own)?.country ?? own
  const them = file.parties.find((party) => party.id !== own)?.country ?? ''
  const [from, to] = way === 'gets' ? [them, us] : [us, them]
  return (
    <span className={classes.countries} title={t(`share.way.${way}`)}>
      <Code>{from}</Code>
      <Icon name={way === 'both' ? 'both' : 'arrow'} size={12} label={t(`share.way.${way}`)} />
      <Code>{to}</Code>
    </span>
  )
}

/** The last thirty days: how many, a bar each two days, what is open and the clock it has. */
function Month({ threads, replyWithin }: { threads: Thread[]; replyWithin?: string }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const now = useNow(60_000)
  const since = now - bars * 2 * day
  const recent = threads.filter((one) => Date.parse(one.asked_at) > since)
  const counts = Array.from({ length: bars }, (_, at) => recent.filter((one) => Math.floor((Date.parse(one.asked_at) - since) / (2 * day)) === at).length)
  const most = Math.max(1, ...counts)
  const hits = recent.filter((one) => one.result === 'hit').length
  const open = threads.filter((one) => !isOver(one)).length
  const late = threads.filter((one) => dueOf(one, now).state === 'late').length
  return (
    <div className={classes.month}>
      <span className={classes.count}>
        {recent.length > 0 ? <strong>{number(recent.length, speech)}</strong> : <Dot />}
        {recent.length > 0 && (
          <svg width={bars * 4} height="12" aria-hidden="true" className={classes.bars}>
            {counts.map((count, at) => (
              <rect key={at} x={at * 4} width="3" y={count ? 12 - Math.max(2, (count / most) * 12) : 11} height={count ? Math.max(2, (count / most) * 12) : 1} />
            ))}
          </svg>
        )}
      </span>
      {hits > 0 && <span>{t('share.hits', { count: hits })}</span>}
      {open > 0 && <span className={late > 0 ? classes.late : undefined}>{late > 0 ? t('share.openLate', { count: open, late: number(late, speech) }) : t('share.open', { count: open })}</span>}
      {replyWithin && <span className={classes.faint}>{t('share.within', { span: lasting(replyWithin, t) })}</span>}
    </div>
  )
}
