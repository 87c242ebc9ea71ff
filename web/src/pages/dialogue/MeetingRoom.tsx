import { useTranslation } from 'react-i18next'
import type { AgendaItem, MeetingFile } from '../../api/dialogue'
import { useAgreements } from '../../api/exchange'
import { useSpeech } from '../../app/home'
import { country } from '../../format/exchange'
import desk from '../../ui/desk.module.css'
import { Icon } from '../../ui/Icon'
import { Code, Day, Instant, Tag } from '../../ui/parts'
import { Developments } from './Developments'
import type { Search } from './DialoguePage'
import { DueActions } from './ActionList'
import { MinuteEditor } from './MinuteEditor'
import classes from './MeetingRoom.module.css'
import { OutcomePane } from './OutcomePane'
import { Proposals } from './Proposals'
import { ReportSheet } from './ReportSheet'

/** One meeting: the agenda down the middle, the item at hand open, and beside it what was decided and must be done. */
export function MeetingRoom({ file, search, onChange }: { file: MeetingFile; search: Search; onChange: (change: Search) => void }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const { meeting } = file
  const agenda = file.agenda ?? []
  const open = agenda.find((one) => one.id === search.item) ?? agenda.find((one) => !one.minute?.en && !one.minute?.ar) ?? agenda[0]
  const parties = new Map((useAgreements().data ?? []).flatMap((one) => one.parties.map((party) => [party.id, party.country])))
  const land = (party: string) => country(parties.get(party) ?? party, language)
  const title = (language === 'ar' ? meeting.title_ar : undefined) ?? meeting.title ?? t('dialogue.with', { partner: land(meeting.partner) })
  return (
    <>
      <section className={desk.middle} data-test="meeting">
        <header className={desk.head}>
          <div className={desk.headLine}>
            <h1>
              <bdi>{title}</bdi>
            </h1>
            <Tag tone={meeting.state === 'closed' ? 'trusted' : 'plain'}>{t(`meetingState.${meeting.state}`)}</Tag>
            {meeting.urgent && <Tag tone="high">{t('dialogue.urgent')}</Tag>}
            <span className={desk.push} />
            {(['en', 'ar'] as const).map((lang) => (
              <a key={lang} className={classes.print} href={`/api/v1/dialogue/meetings/${encodeURIComponent(meeting.id)}/print?lang=${lang}`} target="_blank" rel="noreferrer" lang={lang} data-test={`print-${lang}`}>
                {t(lang === 'en' ? 'dialogue.printEn' : 'dialogue.printAr')}
              </a>
            ))}
          </div>
          <div className={desk.headLine}>
            <Code quiet>{meeting.number}</Code>
            <strong>
              <Instant at={meeting.starts} dateToo />
            </strong>
            {meeting.place && <bdi>{meeting.place}</bdi>}
            {meeting.call && (
              <a className={classes.call} href={meeting.call} target="_blank" rel="noreferrer noopener">
                {t('dialogue.call')}
              </a>
            )}
            <span className={desk.push} />
            <span>
              {t('dialogue.period')} <Day of={meeting.from} /> {t('agreement.until')} <Day of={meeting.to} />
            </span>
          </div>
          <div className={`${desk.headLine} ${classes.people}`}>
            {[meeting.own, meeting.partner].map((party) => (
              <span key={party}>
                <strong>{land(party)}</strong>{' '}
                {(meeting.delegations?.find((one) => one.party === party)?.people ?? []).map((one, at) => (
                  <span key={one.name}>
                    {at > 0 && t('list.semicolon')}
                    <bdi>{[one.name, one.post].filter(Boolean).join(t('list.comma'))}</bdi>
                  </span>
                ))}
                {!meeting.delegations?.some((one) => one.party === party && one.people?.length) && meeting.chairs?.[party] && <Code quiet>{meeting.chairs[party]}</Code>}
              </span>
            ))}
          </div>
        </header>
        {meeting.objection && (
          <p className={classes.objection} role="status">
            <Icon name="warn" size={14} /> <span>{t('dialogue.objected', { party: land(meeting.objection.party) })} <bdi>{meeting.objection.reason}</bdi></span>
          </p>
        )}
        <ol className={classes.agenda} data-test="agenda">
          {agenda.map((item, at) => (
            <Item key={item.id} at={at + 1} item={item} file={file} open={item === open} onOpen={() => onChange({ item: item.id })} land={land} />
          ))}
        </ol>
      </section>
      <aside className={desk.last}>
        <OutcomePane file={file} item={open} land={land} />
      </aside>
    </>
  )
}

/** What an item is called: its own title, else the words of its kind, with the agreement a report is of. */
export function useItemTitle() {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const agreements = useAgreements().data ?? []
  return (item: AgendaItem) => {
    const own = (language === 'ar' ? item.title_ar : undefined) ?? item.title
    if (own) return own
    const of = agreements.find((one) => one.id === item.agreement)
    const agreement = of ? ((language === 'ar' ? of.title_ar : undefined) ?? of.title) : item.agreement
    return item.kind === 'report' && agreement ? t('agendaItem.reportOf', { agreement }) : t(`agendaItem.${item.kind}`, { defaultValue: item.kind })
  }
}

function Item({ at, item, file, open, onOpen, land }: { at: number; item: AgendaItem; file: MeetingFile; open: boolean; onOpen: () => void; land: (party: string) => string }) {
  const { t } = useTranslation()
  const title = useItemTitle()
  const { meeting } = file
  const done = !!item.minute?.en || !!item.minute?.ar
  const incidents = (file.developments ?? []).filter((one) => ['breach', 'undelivered', 'witness_disagreement', 'conflict', 'suspended', 'resumed'].includes(one.kind))
  return (
    <li data-open={open || undefined} data-test="agenda-item" data-kind={item.kind}>
      <button type="button" className={classes.itemHead} aria-expanded={open} onClick={onOpen}>
        <span className={classes.number}>{at}</span>
        <span>{title(item)}</span>
        {done && <Icon name="check" size={13} label={t('dialogue.minuted')} />}
      </button>
      {open && (
        <div className={classes.item}>
          {item.kind === 'report' && item.agreement && <ReportSheet agreement={item.agreement} from={meeting.from} to={meeting.to} shared={false} within />}
          {item.kind === 'actions' && <DueActions file={file} />}
          {item.kind === 'incidents' && <Developments of={incidents} empty={t('dialogue.noIncidents')} />}
          {item.kind === 'opening' && <Developments of={file.developments ?? []} empty={t('dialogue.noDevelopments')} />}
          {item.kind === 'proposals' && <Proposals of={file.proposals ?? []} />}
          <MinuteEditor key={`${item.id} ${item.minute?.at ?? ''}`} item={item} meeting={meeting} land={land} />
        </div>
      )}
    </li>
  )
}
