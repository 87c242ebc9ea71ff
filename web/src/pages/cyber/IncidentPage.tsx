import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { address } from '../../api/client'
import { type IncidentFile, useIncident, useIncidentAct } from '../../api/cyber'
import { useHome, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { incidentRoute } from '../../app/router'
import { levelOf } from '../../format/cyber'
import { country } from '../../format/exchange'
import { number } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer } from '../../ui/Faces'
import { StatusNote } from '../../ui/Grid'
import { Icon } from '../../ui/Icon'
import { Act, Code, Instant, Name, Tag } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import { Part } from '../queue/CaseDesk'
import { SharePane } from '../exchange/SharePane'
import { Clocks } from './Clocks'
import classes from './cyber.module.css'
import { EvidencePart } from './EvidencePart'
import { Linked } from './Linked'
import { incidentName, Light } from './parts'
import { SeverityPart } from './SeverityPart'
import { StatePart } from './StatePart'
import { Tasks } from './Tasks'
import { Timeline } from './Timeline'

/** One incident: its clocks and weight, what happened when, and who does what. */
export function IncidentPage() {
  const { t } = useTranslation()
  const { id } = incidentRoute.useParams()
  const navigate = useNavigate()
  const { role } = useHome()
  const file = useIncident(id)
  const [sharing, setSharing] = useState(false)
  const may = role === 'responder' || role === 'supervisor'
  useKeys({ 'list.back': () => void navigate({ to: '/cyber/incidents', search: { at: id } }) })
  const known = file.data
  useEffect(() => {
    document.title = `${known ? incidentName(known.number) : t('place.incidents')} · Rihla`
  }, [known, t])
  return (
    <Answer of={file}>
      {(one) => (
        <>
          <Head one={one} may={may} onShare={() => setSharing(true)} />
          <div className={classes.incident} data-test="incident">
            <div className={classes.first}>
              <StatePart one={one} may={may} />
              <Clocks one={one} may={may} />
              <SeverityPart one={one} may={may} />
              <Facts one={one} />
            </div>
            <div className={desk.middle}>
              <Part title={t('cyber.description')}>
                <p className={classes.prose}>
                  {(one.description ?? '').split('\n').map((line, at) => (
                    <bdi key={at}>{line}</bdi>
                  ))}
                </p>
              </Part>
              <Timeline one={one} may={may} />
            </div>
            <aside className={desk.last}>
              {sharing ? (
                <SharePane item={id} title={one.title} categories={['incident', 'indicator']} caseRef={incidentName(one.number)} onClose={() => setSharing(false)} />
              ) : (
                <div className={classes.body}>
                  <Tasks one={one} may={may} />
                  <Linked one={one} may={may} />
                  <EvidencePart one={one} may={may} />
                  <Shared one={one} />
                  <Filed one={one} />
                </div>
              )}
            </aside>
          </div>
          <StatusNote>{t('case.audited')}</StatusNote>
        </>
      )}
    </Answer>
  )
}

function Head({ one, may, onShare }: { one: IncidentFile; may: boolean; onShare: () => void }) {
  const { t } = useTranslation()
  const { me } = useHome()
  const owner = useIncidentAct<{ owner?: string; release?: boolean }>(one.id, 'PUT', 'owner')
  const mine = one.owner === me
  useKeys(may ? { 'case.claim': () => owner.mutate(mine ? { release: true } : { owner: '' }) } : {})
  return (
    <header className={desk.head}>
      <div className={desk.headLine}>
        <Severity level={levelOf(one.severity.level)} />
        <h1>
          <Name>{one.title}</Name>
        </h1>
        <Code quiet>{incidentName(one.number)}</Code>
        <Tag>{t(`cyber.state.${one.state}`)}</Tag>
        <Light of={one.tlp} />
        {one.joint && <Tag icon="both">{t('cyber.joint')}</Tag>}
        {one.significant && <Tag tone="high">{t('cyber.significant')}</Tag>}
        <span className={desk.push} />
        <a href={address(`/cyber/incidents/${one.id}/export`)} download={`${incidentName(one.number)}.json`} className={classes.link}>
          <Icon name="download" size={13} /> STIX
        </a>{' '}
        <a href={address(`/cyber/incidents/${one.id}/export`, { format: 'misp' })} download={`${incidentName(one.number)}.misp.json`} className={classes.link}>
          <Icon name="download" size={13} /> STIX
        </a>
        {may && (
          <>
            <Act icon="send" className={classes.whole} onClick={onShare} data-test="share">
              {t('give.share')}
            </Act>
            <Act act="case.claim" className={classes.whole} disabled={owner.isPending} onClick={() => owner.mutate(mine ? { release: true } : { owner: '' })} data-test="owner">
              {t(mine ? 'cyber.release' : 'cyber.take')}
            </Act>
          </>
        )}
      </div>
      <div className={desk.headLine}>
        <span>
          {t('report.from')} <bdi>{one.filer}</bdi>
        </span>
        <span>
          {t('cyber.aware')} <Instant at={one.aware} dateToo />
        </span>
        {one.occurred && (
          <span>
            {t('cyber.began')} <Instant at={one.occurred} dateToo />
          </span>
        )}
        <span>
          {t('cyber.owner')} {one.owner ? <bdi>{one.owner}</bdi> : t('cyber.nobody')}
        </span>
        {one.duplicate_of && (
          <Link to="/cyber/incidents/$id" params={{ id: one.duplicate_of }} className={classes.link}>
            {t('cyber.duplicateOf')}
          </Link>
        )}
        {one.case && (
          <Link to="/queue/{-$id}" params={{ id: one.case }} search={{ domain: 'cyber' }} className={classes.link}>
            {t('passenger.openCase')}
          </Link>
        )}
        <ActFailed error={owner.error} />
      </div>
    </header>
  )
}

function Facts({ one }: { one: IncidentFile }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const said = (value: string | undefined) => value && t(`cyber.said.${value}`, { defaultValue: value })
  const facts: [string, React.ReactNode][] = [
    ['type', one.type && <Code>{one.type}</Code>],
    ['sector', one.sector && <bdi>{t(`cyber.sector.${one.sector}`, { defaultValue: one.sector })}</bdi>],
    ['services', one.services?.length ? <bdi>{one.services.join(t('list.comma'))}</bdi> : undefined],
    ['countries', one.countries?.length ? one.countries.map((code) => country(code, speech.language)).join(t('list.comma')) : undefined],
    ['users', one.users_estimate ? number(one.users_estimate, speech) : undefined],
    ['malicious', said(one.suspected_malicious)],
    ['crossBorder', said(one.cross_border)],
    ['determination', one.determination && t(`cyber.determination.${one.determination}`, { defaultValue: one.determination })],
    ['availability', said(one.impact?.availability)],
    ['confidentiality', said(one.impact?.confidentiality)],
    ['integrity', said(one.impact?.integrity)],
    ['vulnerabilities', one.vulnerabilities?.length ? <Code>{one.vulnerabilities.join(' ')}</Code> : undefined],
    ['rootCause', one.root_cause && <bdi>{one.root_cause}</bdi>],
    ['measures', one.measures?.length ? <bdi>{one.measures.join(t('list.semicolon'))}</bdi> : undefined],
    ['contact', one.contact && <bdi>{[one.contact.name, one.contact.contact].filter(Boolean).join(t('list.comma'))}</bdi>],
  ]
  return (
    <Part title={t('cyber.facts')}>
      <ul className={classes.facts}>
        {facts
          .filter(([, value]) => value !== undefined && value !== '' && value !== null)
          .map(([name, value]) => (
            <li key={name}>
              <span>{t(`cyber.fact.${name}`)}</span> {value}
            </li>
          ))}
      </ul>
    </Part>
  )
}

/** What of it went to the partner, or came. */
function Shared({ one }: { one: IncidentFile }) {
  const { t } = useTranslation()
  if (!one.shared?.length) return null
  return (
    <Part title={t('cyber.shared')}>
      <ul className={classes.tasks} data-test="shared-notes">
        {one.shared.map((note, at) => (
          <li key={at}>
            <Icon name={note.direction === 'out' ? 'leaves' : 'came'} size={13} label={t(`cyber.direction.${note.direction}`)} /> <Code>{note.agreement}</Code> <Instant at={note.at} dateToo />{' '}
            {note.thread && (
              <Link to="/requests/{-$id}" params={{ id: note.thread }} className={classes.link}>
                {t('give.follow')}
              </Link>
            )}
            {!!note.fields?.length && <div className={classes.said}>{note.fields.map((field) => t(`exchangeField.${field.replace(/[.-]/g, '_')}`, { defaultValue: field })).join(t('list.comma'))}</div>}
          </li>
        ))}
      </ul>
    </Part>
  )
}

function Filed({ one }: { one: IncidentFile }) {
  const { t } = useTranslation()
  return (
    <Part title={t('cyber.filed')}>
      <ul className={classes.tasks}>
        {(one.filed ?? []).map((report) => (
          <li key={report.report}>
            <Link to="/reports/{-$id}" params={{ id: report.report }} search={{ domain: 'cyber' }} className={classes.link}>
              {t(`cyber.stage.${report.stage}`, { defaultValue: report.stage })}
            </Link>{' '}
            <Code quiet>{report.report_id}</Code> <Instant at={report.received} dateToo />
          </li>
        ))}
      </ul>
    </Part>
  )
}
