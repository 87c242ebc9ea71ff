import { useTranslation } from 'react-i18next'
import type { AgreementFile, Share, ShareWords, Thread } from '../../api/exchange'
import { useNow, useSpeech } from '../../app/home'
import { dueOf, isHeld, isOver, lasting, ownParty, wayOf } from '../../format/exchange'
import { number } from '../../format/time'
import { Icon } from '../../ui/Icon'
import { Code, Dot } from '../../ui/parts'
import classes from './ShareTable.module.css'

const day = 24 * 3600_000
const bars = 15

/** What may be shared, one row each: what it permits, what it requires first, what it forbids, and what it did of late. */
export function ShareTable({ file, threads, marked, onMark }: { file: AgreementFile; threads: Thread[]; marked?: string; onMark: (share: string) => void }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const words = new Map((file.words[language].shares ?? []).map((one) => [one.id, one]))
  return (
    <table className={classes.table} data-test="shares">
      <thead>
        <tr>
          <th scope="col">
            <span className="unseen">{t('share.id')}</span>
          </th>
          <th scope="col">{t('share.what')}</th>
          <th scope="col">{t('share.requires')}</th>
          <th scope="col">{t('share.forbids')}</th>
          <th scope="col">{t('share.month')}</th>
        </tr>
      </thead>
      <tbody>
        {file.document.shares.map((share) => (
          <Row key={share.id} file={file} share={share} words={words.get(share.id)} threads={threads.filter((one) => one.share === share.id)} marked={share.id === marked} onMark={() => onMark(share.id)} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ file, share, words, threads, marked, onMark }: { file: AgreementFile; share: Share; words?: ShareWords; threads: Thread[]; marked: boolean; onMark: () => void }) {
  const { t } = useTranslation()
  const held = isHeld(file.suspended, share.id)
  const own = ownParty(file)
  return (
    <tr data-marked={marked || undefined} data-held={held || undefined} data-test="share" data-key={share.id}>
      <th scope="row">
        <button type="button" className={classes.id} aria-pressed={marked} onClick={onMark} aria-label={t('share.mark', { share: share.id })}>
          <Code>{share.id}</Code>
        </button>
      </th>
      <td>
        <strong className={classes.title}>
          <bdi>{words?.title ?? share.title}</bdi>
        </strong>
        <span className={classes.way}>
          <Way file={file} way={wayOf(share, own)} />
          {held && <span className={classes.held}>{t('share.held')}</span>}
        </span>
        {(words?.permits ?? []).map((line) => (
          <p key={line}>
            <bdi>{line}</bdi>
          </p>
        ))}
      </td>
      <td>
        <Lines of={words?.requires} />
      </td>
      <td>
        <Lines of={[...(words?.forbids ?? []), ...(words?.duties ?? [])]} />
      </td>
      <td>
        <Month threads={threads} replyWithin={share.reply_within} />
      </td>
    </tr>
  )
}

function Lines({ of = [] }: { of?: string[] }) {
  return (
    <ul className={classes.lines}>
      {of.map((line) => (
        <li key={line}>
          <bdi>{line}</bdi>
        </li>
      ))}
    </ul>
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
