import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { type Meeting, useMeeting, useMeetings, useSchedule } from '../../api/dialogue'
import { useAgreements } from '../../api/exchange'
import { useHome, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { dialogueRoute } from '../../app/router'
import { country } from '../../format/exchange'
import { number } from '../../format/time'
import { Push, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { Answer, Empty } from '../../ui/Faces'
import { Act, Code, Day, Instant } from '../../ui/parts'
import classes from './DialoguePage.module.css'
import { MeetingRoom } from './MeetingRoom'
import { NewMeeting } from './NewMeeting'
import { ReportSheet } from './ReportSheet'

/** The talk between two states: every meeting, one of them as a room to work in, and the figures both bring. */
export function DialoguePage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const { id } = dialogueRoute.useParams()
  const search = dialogueRoute.useSearch()
  const navigate = useNavigate({ from: '/dialogue/{-$id}' })
  const meetings = useMeetings()
  const agreements = useAgreements()
  const schedule = useSchedule()
  const all = meetings.data ?? []
  const shown = id ?? (search.act || search.report ? undefined : all[0]?.id)
  const go = (next: string | undefined, change: Partial<typeof search> = {}) => void navigate({ params: { id: next }, search: change, replace: true })
  const set = (change: Partial<typeof search>) => void navigate({ params: { id: shown }, search: (was) => ({ ...was, ...change }), replace: true })
  const at = all.findIndex((one) => one.id === shown)
  const move = (step: 1 | -1) => () => {
    const next = all[Math.min(Math.max(at + step, 0), all.length - 1)]
    if (next && next.id !== shown) go(next.id)
  }
  useKeys({ 'list.next': move(1), 'list.previous': move(-1), ...(search.act || search.report ? { 'list.back': () => go(undefined) } : {}) })
  useEffect(() => {
    document.title = `${t('place.dialogue')} · Rihla`
  }, [t])
  const parties = new Map((agreements.data ?? []).flatMap((one) => one.parties.map((party) => [party.id, party.country])))
  return (
    <div className={`${desk.desk} ${classes.desk}`} data-item>
      <section className={desk.list} aria-label={t('place.dialogue')}>
        <Toolbar title={t('place.dialogue')}>
          <span className={desk.count}>{number(all.length, speech)}</span>
          <Push />
          {role === 'supervisor' && (
            <Act icon="plus" onClick={() => go(undefined, { act: 'new' })} data-test="new-meeting">
              {t('dialogue.new')}
            </Act>
          )}
        </Toolbar>
        <ul className={classes.schedule} data-test="schedule">
          {(schedule.data ?? [])
            .filter((one) => one.next && !one.planned)
            .map((one) => (
              <li key={one.agreement} className={one.overdue ? classes.late : undefined}>
                {t(one.overdue ? 'dialogue.reviewOverdue' : 'dialogue.reviewDue')} <Day of={one.next} /> <Code quiet>{one.agreement}</Code>
              </li>
            ))}
        </ul>
        <Answer of={meetings} rows={5}>
          {() =>
            all.length === 0 ? (
              <Empty>{t('dialogue.empty')}</Empty>
            ) : (
              <ul className={desk.items} data-test="meetings">
                {all.map((one) => (
                  <Item key={one.id} one={one} land={parties.get(one.partner) ?? one.partner} chosen={one.id === shown} onOpen={() => go(one.id)} />
                ))}
              </ul>
            )
          }
        </Answer>
        <nav className={classes.reports} aria-label={t('dialogue.reports')}>
          <h2>{t('dialogue.reports')}</h2>
          {(agreements.data ?? []).map((one) => (
            <button key={one.id} type="button" aria-current={search.report === one.id && !id ? 'page' : undefined} onClick={() => go(undefined, { report: one.id })} data-test="open-report">
              <bdi>{speech.language === 'ar' ? (one.title_ar ?? one.title) : one.title}</bdi>
            </button>
          ))}
        </nav>
      </section>
      {search.act === 'new' && !id ? (
        <NewMeeting onMade={(made) => go(made)} onClose={() => go(undefined)} />
      ) : search.report && !id ? (
        <section className={`${desk.middle} ${classes.wide}`}>
          <ReportSheet agreement={search.report} from={search.from} to={search.to} shared={search.shared === '1'} onChange={(change) => go(undefined, { report: search.report, from: search.from, to: search.to, shared: search.shared, ...change })} />
        </section>
      ) : shown ? (
        <Opened key={shown} id={shown} search={search} onChange={set} />
      ) : (
        <section className={desk.middle} />
      )}
    </div>
  )
}

export type Search = { tab?: string; item?: string; report?: string; from?: string; to?: string; shared?: string; act?: string }

function Opened({ id, search, onChange }: { id: string; search: Search; onChange: (change: Search) => void }) {
  const file = useMeeting(id)
  return <Answer of={file}>{(known) => <MeetingRoom file={known} search={search} onChange={onChange} />}</Answer>
}

function Item({ one, land, chosen, onOpen }: { one: Meeting; land: string; chosen: boolean; onOpen: () => void }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const title = (language === 'ar' ? one.title_ar : undefined) ?? one.title
  return (
    <li>
      <a
        className={`${desk.item} ${classes.item}`}
        href={`/dialogue/${encodeURIComponent(one.id)}`}
        data-chosen={chosen || undefined}
        aria-current={chosen || undefined}
        data-test="meeting-item"
        data-key={one.id}
        data-state={one.state}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey) return
          event.preventDefault()
          onOpen()
        }}
      >
        <span className={desk.lines}>
          <span className={desk.line}>
            <span className={desk.title}>{title ? <bdi>{title}</bdi> : t('dialogue.with', { partner: country(land, language) })}</span>
            <Code quiet>{one.number}</Code>
          </span>
          <span className={desk.line}>
            <span className={desk.detail}>
              <Instant at={one.starts} dateToo />
            </span>
            <span className={one.state === 'offered' ? desk.strong : desk.faint}>{t(`meetingState.${one.state}`)}</span>
          </span>
          <span className={desk.line}>
            <span className={desk.faint}>
              {one.urgent && <strong className={classes.late}>{t('dialogue.urgent')} </strong>}
              {t('dialogue.decided', { count: one.decisions ?? 0 })}
            </span>
            {one.actions_late ? <span className={classes.late}>{t('dialogue.actionsLate', { count: one.actions_late })}</span> : one.actions_open ? <span className={desk.faint}>{t('dialogue.actionsOpen', { count: one.actions_open })}</span> : null}
          </span>
        </span>
      </a>
    </li>
  )
}
