import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { AgreementFile, Party, Thread } from '../../api/exchange'
import { useHome, useNow, useSpeech } from '../../app/home'
import { country, dueOf, giveable, isOver, lasting, ownParty, plain, shareOfClause } from '../../format/exchange'
import { number } from '../../format/time'
import { Push, Segments } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { Icon } from '../../ui/Icon'
import { Act, Code, Day, Instant, Tag } from '../../ui/parts'
import classes from './AgreementSheet.module.css'
import { Changes, Text, Versions } from './Editions'
import { LentLists, listCategories } from './LentLists'
import { ReceivedFor } from './ReceivedFor'
import { ShareTable } from './ShareTable'
import { Lines } from './Lines'
import { StateTag } from './StateTag'

const tabs = ['terms', 'received', 'lists', 'text', 'versions', 'changes'] as const
type Tab = (typeof tabs)[number]
type Search = { v?: string; tab?: string; act?: string; thread?: string; share?: string; purpose?: string }

/** One agreement: first what it says in words anybody reads, which is what runs; then its text, versions and changes. */
export function AgreementSheet({ file, threads, search, onChange }: { file: AgreementFile; threads: Thread[]; search: Search; onChange: (change: Search) => void }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const words = file.words[language]
  const own = ownParty(file)
  const parties = [...file.document.parties].sort((a, b) => Number(b.id === own) - Number(a.id === own))
  // An authority is called by its name where the document says it in this language.
  const speaks = (party: Party) => {
    const one = party.authorities?.find((authority) => !authority.domains.includes('oversight'))
    return language === 'ar' ? one?.name_ar : one?.name
  }
  const offered = tabs.filter((tab) => (tab === 'changes' ? !!file.changes?.length : tab === 'lists' ? giveable(file.document, own, listCategories).length > 0 : true))
  const tab: Tab = offered.find((one) => one === search.tab) ?? 'terms'
  return (
    <>
      <header className={desk.head}>
        <div className={`${desk.headLine} ${classes.headLine}`}>
          <h1>
            <bdi>{words.title || file.title}</bdi>
          </h1>
          <Tag tone={plain(file.state) === 'in_force' ? 'trusted' : 'plain'}>
            <StateTag state={file.state} />
          </Tag>
          <Push />
          <span className={classes.noPrint}>
            <Act onClick={() => window.print()}>{t('agreement.print')}</Act>
          </span>
        </div>
        <div className={desk.headLine}>
          {parties.map((party, at) => (
            <span key={party.id} className={classes.party}>
              {at > 0 && <Icon name="both" size={14} />}
              <span>
                <strong>{country(party.country, language)}</strong> <bdi>{speaks(party)}</bdi>
              </span>
            </span>
          ))}
          <Push />
          <Code quiet>{`${file.id} v${file.version}`}</Code>
          <span>
            <Day of={file.effective} /> {t('agreement.until')} <Day of={file.expires} />
          </span>
        </div>
        <div className={`${desk.headLine} ${classes.noPrint}`}>
          <Segments label={t('lists.show')} value={tab} onChange={(next) => onChange({ tab: next === 'terms' ? undefined : next })} options={offered.map((value) => ({ value, label: t(`agreement.tabs.${value}`), count: value === 'changes' ? file.changes?.length : undefined }))} />
        </div>
      </header>
      {tab === 'terms' && <Terms file={file} threads={threads} search={search} onChange={onChange} />}
      {tab === 'received' && <ReceivedFor file={file} purpose={search.purpose} onPurpose={(purpose) => onChange({ purpose: purpose || undefined })} />}
      {tab === 'lists' && <LentLists file={file} />}
      {tab === 'text' && <Text file={file} />}
      {tab === 'versions' && <Versions file={file} shown={search.v} onOpen={(v) => onChange({ v, tab: 'versions' })} />}
      {tab === 'changes' && <Changes file={file} />}
    </>
  )
}

function Terms({ file, threads, search, onChange }: { file: AgreementFile; threads: Thread[]; search: Search; onChange: (change: Search) => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const now = useNow()
  const { role } = useHome()
  const words = file.words[speech.language]
  const thread = threads.find((one) => one.id === search.thread)
  const marked = search.share ?? thread?.share ?? shareOfClause(thread?.clause, file.document.shares)
  const month = now - 30 * 24 * 3600_000
  const recent = threads.filter((one) => Date.parse(one.asked_at) > month)
  const answered = recent.filter((one) => one.state === 'answered').length
  const refused = recent.filter((one) => one.state === 'refused').length
  const late = threads.filter((one) => ['late', 'missed'].includes(dueOf(one, now).state) && Date.parse(one.asked_at) > month).length
  const open = threads.filter((one) => !isOver(one)).length
  const { notice, immediate_for: atOnce = [] } = file.document.suspension ?? {}
  return (
    <>
      <div className={classes.summary}>
        <h3>{t('agreement.purposes')}</h3>
        <ul>
          {(words.purposes ?? file.document.purposes.map((one) => one.text)).map((line) => (
            <li key={line}>
              <bdi>{line}</bdi>
            </li>
          ))}
        </ul>
      </div>
      <p className={classes.figures}>
        <span className={classes.faint}>{t('agreement.month')}</span>
        <Stat of={recent.length} words={t('agreement.figure.requests', { count: recent.length })} />
        <Stat of={answered} words={t('agreement.figure.answered', { count: answered })} />
        <Stat of={refused} words={t('agreement.figure.refused', { count: refused })} />
        <Stat of={open} words={t('agreement.figure.open', { count: open })} />
        <Stat of={late} words={t('agreement.figure.late', { count: late })} late />
        <Push />
        {file.document.review?.cadence && <span>{t('agreement.reviewed', { cadence: lasting(file.document.review.cadence, t) })}</span>}
      </p>
      {file.suspended?.map((one) => (
        <p key={`${one.share} ${one.party}`} className={classes.held} role="status">
          <Icon name="pause" size={14} />
          <span>
            {t('agreement.suspendedBy', { what: one.share === 'all' ? t('agreement.suspend.whole') : one.share, party: country(file.parties.find((party) => party.id === one.party)?.country, speech.language) || one.party, cause: t(`suspendCause.${one.cause}`, { defaultValue: one.cause }) })} <Instant at={one.at} dateToo />{' '}
            <bdi>{one.reason}</bdi>
          </span>
        </p>
      ))}
      <ShareTable file={file} threads={threads} marked={marked} onMark={(share) => onChange({ share: share === search.share ? undefined : share })} />
      <div className={classes.pair}>
        <Lines level="h3" className={classes.lines} title={t('agreement.never')} lines={words.never} />
        <Lines level="h3" className={classes.lines} title={t('agreement.duties')} lines={words.duties} />
      </div>
      <div className={classes.pair}>
        <Lines level="h3" className={classes.lines} title={t('agreement.basis')} lines={words.basis ?? file.document.legal_basis.map((one) => one.ref)} />
        <Lines level="h3" className={classes.lines} title={t('agreement.review')} lines={words.review} />
      </div>
      <div className={classes.pair}>
        <Lines level="h3" className={classes.lines} title={t('agreement.stops')} lines={words.suspension} />
        <Lines level="h3" className={classes.lines} title={t('agreement.parties')} lines={words.parties} />
      </div>
      <section className={`${classes.suspend} ${classes.noPrint}`}>
        <div>
          <h3>{t('agreement.suspend.title')}</h3>
          <p>{t('agreement.suspend.about', { count: threads.filter((one) => !isOver(one)).length, notice: lasting(notice, t), causes: atOnce.map((cause) => t(`suspendCause.${cause}`, { defaultValue: cause })).join(t('list.or')) })}</p>
        </div>
        {role === 'supervisor' && ['in_force', 'suspended'].includes(plain(file.state)) && (
          <span className={classes.acts}>
            <Act onClick={() => onChange({ act: 'protect' })} data-test="protect">
              {t('protect.open')}
            </Act>
            <Act onClick={() => onChange({ act: 'breach' })} data-test="breach">
              {t('breach.open')}
            </Act>
            {!!file.suspended?.some((one) => one.party === ownParty(file)) && (
              <Act onClick={() => onChange({ act: 'resume' })} data-test="resume">
                {t('agreement.resume.open')}
              </Act>
            )}
            {!file.suspended?.some((one) => one.share === 'all' && one.party === ownParty(file)) && (
              <Act className={classes.grave} icon="pause" onClick={() => onChange({ act: 'suspend' })} data-test="suspend">
                {t('agreement.suspend.open')}
              </Act>
            )}
          </span>
        )}
      </section>
      <p className={classes.digest}>
        {t('agreement.runs')} <Code quiet>{file.digest}</Code>{' '}
        <Link to="/exchange" search={{ agreement: file.id }} className={classes.link}>
          {t('agreement.toLog')}
        </Link>
      </p>
    </>
  )
}

const Stat = ({ of, words, late = false }: { of: number; words: string; late?: boolean }) => {
  const speech = useSpeech()
  return (
    <span className={late && of > 0 ? classes.late : undefined}>
      <strong>{number(of, speech)}</strong> {words}
    </span>
  )
}
