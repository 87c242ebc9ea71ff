import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { type Agreement, useAgreement, useAgreements, useThreads } from '../../api/exchange'
import { useHome, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { agreementsRoute } from '../../app/router'
import { country, ownParty, waitsHere } from '../../format/exchange'
import { number } from '../../format/time'
import { Push, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { Answer, Empty } from '../../ui/Faces'
import { Act, Code } from '../../ui/parts'
import { AgreementPane } from './AgreementPane'
import { AgreementSheet } from './AgreementSheet'
import classes from './AgreementsPage.module.css'
import { Partners } from './Partners'
import { ProposeSheet } from './ProposeSheet'
import { StateTag } from './StateTag'

/** What two states agreed on: every agreement, one of them in full, and what can be done about it. */
export function AgreementsPage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const { id } = agreementsRoute.useParams()
  const search = agreementsRoute.useSearch()
  const navigate = useNavigate({ from: '/agreements/{-$id}' })
  const agreements = useAgreements()
  const threads = useThreads({})
  const all = agreements.data ?? []
  const open = id ?? (search.act === 'propose' ? undefined : all[0]?.id)
  const go = (next: string | undefined, change: Partial<typeof search> = {}) =>
    void navigate({ params: { id: next }, search: (was) => ({ ...(next === open ? was : {}), ...change }), replace: true })
  const at = all.findIndex((one) => one.id === open)
  const move = (step: 1 | -1) => () => {
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)]
    if (next && next.id !== open) go(next.id)
  }
  useKeys({ 'list.next': move(1), 'list.previous': move(-1), ...(search.act ? { 'list.back': () => go(open, { act: undefined }) } : {}) })
  useEffect(() => {
    document.title = `${t('place.agreements')} · Rihla`
  }, [t])
  return (
    <div className={`${desk.desk} ${classes.desk}`} data-item data-open={search.act || search.thread ? true : undefined}>
      <section className={desk.list} aria-label={t('place.agreements')}>
        <Toolbar title={t('place.agreements')}>
          <span className={desk.count}>{number(all.length, speech)}</span>
          <Push />
          {role === 'supervisor' && (
            <Act icon="plus" onClick={() => void navigate({ params: { id: undefined }, search: { act: 'propose' } })} data-test="propose">
              {t('agreement.propose')}
            </Act>
          )}
        </Toolbar>
        <Answer of={agreements} rows={5}>
          {(known) =>
            known.length === 0 ? (
              <Empty>{t('agreement.empty')}</Empty>
            ) : (
              <ul className={desk.items}>
                {known.map((one) => (
                  <Item key={one.id} one={one} chosen={one.id === open} waiting={(threads.data ?? []).filter((thread) => thread.agreement === one.id && waitsHere(thread)).length} onOpen={() => go(one.id, { act: undefined, tab: undefined, thread: undefined })} />
                ))}
              </ul>
            )
          }
        </Answer>
        <Partners />
      </section>
      {search.act === 'propose' && !id ? (
        <ProposeSheet onClose={() => go(undefined, { act: undefined })} onSent={(sent) => go(sent, { act: undefined, tab: 'versions' })} />
      ) : open ? (
        <Opened key={open} id={open} search={search} onChange={(change) => go(open, change)} />
      ) : (
        <section className={desk.middle} />
      )}
    </div>
  )
}

type Search = { v?: string; tab?: string; act?: string; thread?: string; share?: string; purpose?: string }

function Opened({ id, search, onChange }: { id: string; search: Search; onChange: (change: Search) => void }) {
  const file = useAgreement(id, search.v)
  const threads = useThreads({ agreement: id })
  return (
    <>
      <section className={desk.middle} data-test="agreement">
        <Answer of={file}>{(known) => <AgreementSheet file={known} threads={threads.data ?? []} search={search} onChange={onChange} />}</Answer>
      </section>
      <aside className={desk.last}>{file.data && <AgreementPane file={file.data} threads={threads.data ?? []} search={search} onChange={onChange} />}</aside>
    </>
  )
}

function Item({ one, chosen, waiting, onOpen }: { one: Agreement; chosen: boolean; waiting: number; onOpen: () => void }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const own = ownParty(one)
  const other = one.parties.find((party) => party.id !== own)
  const suspended = [...new Set((one.suspended ?? []).map((held) => held.share))].filter((share) => share !== 'all')
  return (
    <li>
      <a
        className={`${desk.item} ${classes.item}`}
        href={`/agreements/${encodeURIComponent(one.id)}`}
        data-chosen={chosen || undefined}
        aria-current={chosen || undefined}
        data-test="agreement-item"
        data-key={one.id}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey) return
          event.preventDefault()
          onOpen()
        }}
      >
        <span className={classes.title}>
          <bdi>{language === 'ar' ? (one.title_ar ?? one.title) : one.title}</bdi>
        </span>
        <span className={desk.line}>
          <span className={desk.faint}>{country(other?.country, language)}</span>
          <Code quiet>{`v${one.version}`}</Code>
        </span>
        <span className={desk.line}>
          <span className={classes.states}>
            <StateTag state={one.state} />
            {suspended.length > 0 && <span className={classes.held}>{t('agreement.heldShares', { shares: suspended.join(' ') })}</span>}
          </span>
          {waiting > 0 && <strong className={desk.strong}>{t('agreement.waiting', { count: waiting })}</strong>}
        </span>
        {one.proposal && (
          <span className={desk.line}>
            <span className={desk.link}>{t('agreement.proposed', { version: one.proposal.version, by: country(one.parties.find((party) => party.id === one.proposal?.proposed_by)?.country, language) || one.proposal.proposed_by })}</span>
          </span>
        )}
      </a>
    </li>
  )
}
