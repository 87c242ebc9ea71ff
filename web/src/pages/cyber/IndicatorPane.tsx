import { NativeSelect, Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { address } from '../../api/client'
import { type IndicatorFile, useIndicator, useIndicatorAct } from '../../api/cyber'
import { useSpeech } from '../../app/home'
import { number } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { Act, Code, Day, Instant } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import { SharePane } from '../exchange/SharePane'
import classes from './cyber.module.css'
import { incidentName, IndicatorTag, Light } from './parts'

/** One indicator: who says so, where it was seen, until when it counts, and what may be done with it. */
export function IndicatorPane({ id, may, onClose }: { id: string; may: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const file = useIndicator(id)
  const [sharing, setSharing] = useState(false)
  if (sharing && file.data) return <SharePane item={id} title={file.data.display} categories={['indicator']} onClose={() => setSharing(false)} />
  return (
    <>
      <header className={desk.paneHead}>
        <h2>{file.data ? t(`cyber.kind.${file.data.kind}`, { defaultValue: file.data.kind }) : t('place.indicators')}</h2>
        {file.data && <IndicatorTag state={file.data.state} />}
        <span className={desk.push} />
        {may && (
          <Act icon="send" onClick={() => setSharing(true)} data-test="share">
            {t('give.share')}
          </Act>
        )}
        <Act icon="cross" onClick={onClose} aria-label={t('cyber.close')} />
      </header>
      <div className={classes.body} data-test="indicator">
        <Answer of={file}>{(one) => <Sheet one={one} may={may} />}</Answer>
      </div>
    </>
  )
}

function Sheet({ one, may }: { one: IndicatorFile; may: boolean }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  return (
    <>
      <section className={desk.part}>
        <p className={classes.value}>
          <Code>{one.display}</Code>
        </p>
        <ul className={classes.facts}>
          <li><span>{t('cyber.confidence')}</span> {number(one.confidence, speech)}</li>
          <li><span>{t('cyber.scoreNow')}</span> {number(one.score, speech)}</li>
          <li><Light of={one.tlp} /></li>
          {one.valid_from && <li><span>{t('cyber.from')}</span> <Day of={one.valid_from.slice(0, 10)} /></li>}
          {one.valid_until && <li><span>{t('cyber.until')}</span> <Day of={one.valid_until.slice(0, 10)} /></li>}
          {!!one.names?.length && <li><span>{t('cyber.name')}</span> <bdi>{one.names.join(t('list.comma'))}</bdi></li>}
          {!!one.types?.length && <li><span>{t('cyber.types')}</span> <Code>{one.types.join(' ')}</Code></li>}
          {!!one.kill_chain?.length && <li><span>{t('cyber.killChain')}</span> <Code>{one.kill_chain.join(' ')}</Code></li>}
          {!!one.labels?.length && <li><span>{t('cyber.labels')}</span> <bdi>{one.labels.join(t('list.comma'))}</bdi></li>}
          {one.case && (
            <li>
              <Link to="/queue/{-$id}" params={{ id: one.case }} search={{ domain: 'cyber' }} className={classes.link}>
                {t('passenger.openCase')}
              </Link>
            </li>
          )}
        </ul>
        {one.rule && (
          <p className={classes.refused} data-test="indicator-refused">
            <Icon name="warn" size={13} /> {t(`cyber.refused.${one.rule}`, { defaultValue: one.rule })} {one.reason && <bdi>{one.reason}</bdi>}
          </p>
        )}
        {one.pattern && <pre className={classes.pattern} dir="ltr">{one.pattern}</pre>}
        <p className={classes.note}>
          <a href={address(`/cyber/indicators/${one.id}/export`)} download={`${one.id}.json`} className={classes.link}>
            <Icon name="download" size={13} /> {t('cyber.export')}
          </a>{' '}
          <a href={address(`/cyber/indicators/${one.id}/export`, { format: 'misp' })} download={`${one.id}.misp.json`} className={classes.link}>
            <Icon name="download" size={13} /> {t('cyber.exportMisp')}
          </a>
        </p>
      </section>
      {may && one.state !== 'refused' && <Acts one={one} />}
      <Part title={t('cyber.sightingsTitle')} note={one.sightings > 0 ? t('cyber.lines', { count: one.sightings }) : undefined}>
        {(one.sightings_at?.length ?? 0) === 0 && <p className={classes.quiet}>{t('cyber.neverSighted')}</p>}
        {!!one.sightings_at?.length && (
          <table className={classes.table} data-test="sightings">
            <thead>
              <tr>
                <th scope="col">{t('cyber.place')}</th>
                <th scope="col">{t('cyber.seen')}</th>
                <th scope="col">{t('cyber.last')}</th>
                <th scope="col" className={classes.num}>{t('cyber.count')}</th>
              </tr>
            </thead>
            <tbody>
              {one.sightings_at.map((at) => (
                <tr key={`${at.host}${at.report}`}>
                  <td>
                    <Link to="/cyber/hosts/$id" params={{ id: at.host }} className={classes.link}><bdi>{at.place}</bdi></Link>
                    <div className={classes.quiet}><bdi>{at.source}</bdi></div>
                  </td>
                  <td><Code quiet>{at.seen}</Code></td>
                  <td>
                    <Instant at={at.last} dateToo />
                    {at.told && <div className={classes.quiet}>{t('cyber.told')}</div>}
                  </td>
                  <td className={classes.num}>{number(at.count, speech)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {(one.others ?? []).map((other) => (
          <p key={other.ref} className={classes.note}>
            {t(other.denied ? 'cyber.deniedBy' : 'cyber.alsoSeen', { count: other.count, source: `\u2068${other.source}\u2069` })} <Instant at={other.last} dateToo />
          </p>
        ))}
      </Part>
      <Part title={t('cyber.claims')} note={t('cyber.sources', { count: one.sources?.length ?? 0 })}>
        <table className={classes.table} data-test="claims">
          <tbody>
            {(one.claims ?? []).map((claim) => (
              <tr key={claim.ref}>
                <td>
                  <bdi>{claim.source}</bdi> {claim.revoked && <strong>{t('cyber.indicatorState.revoked')}</strong>} {claim.denied && <strong>{t('cyber.denied')}</strong>}
                  {(claim.name || claim.text) && <div className={classes.said}><bdi>{[claim.name, claim.text].filter(Boolean).join(': ')}</bdi></div>}
                  {claim.report && (
                    <Link to="/reports/{-$id}" params={{ id: claim.report }} search={{ domain: 'cyber' }} className={classes.link}>
                      {t('kind.report')}
                    </Link>
                  )}{' '}
                  {claim.agreement && (
                    <Link to="/agreements/{-$id}" params={{ id: claim.agreement }} className={classes.link}>
                      <Code>{claim.agreement}</Code>
                    </Link>
                  )}
                </td>
                <td>
                  <Instant at={claim.said} dateToo />
                  <div className={classes.quiet}>
                    {claim.confidence >= 0 && `${t('cyber.confidence')} ${number(claim.confidence, speech)}`}
                    {claim.valid_until && <>{t('list.comma')}{t('cyber.until')} <Day of={claim.valid_until.slice(0, 10)} /></>}
                  </div>
                </td>
                <td><Light of={claim.tlp} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      </Part>
      {!!one.incidents?.length && (
        <Part title={t('place.incidents')}>
          <ul className={classes.tasks}>
            {one.incidents.map((incident) => (
              <li key={incident.id}>
                <Link to="/cyber/incidents/$id" params={{ id: incident.id }} className={classes.link}>
                  <Code>{incidentName(incident.number)}</Code> <bdi>{incident.title}</bdi>
                </Link>{' '}
                <span className={classes.quiet}>{t(`cyber.state.${incident.state}`)}</span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {!!one.acts?.length && (
        <Part title={t('case.history')}>
          <ul className={classes.tasks}>
            {one.acts.map((act) => (
              <li key={act.at}>
                {t(`cyber.act.${act.what}`, { defaultValue: act.what })}
                {t('list.comma')}
                <bdi>{act.by}</bdi>
                {t('list.comma')}
                <Instant at={act.at} dateToo />
                <div className={classes.said}><bdi>{act.reason}</bdi></div>
              </li>
            ))}
          </ul>
        </Part>
      )}
    </>
  )
}

const shortest = 10

/** Taking an indicator out, or back in: with a reason, which stays. */
function Acts({ one }: { one: IndicatorFile }) {
  const { t } = useTranslation()
  const act = useIndicatorAct(one.id)
  const offered = one.state === 'false-positive' || one.state === 'expired' ? (['restored'] as const) : (['false-positive', 'expired'] as const)
  const [what, setWhat] = useState<string>(offered[0])
  const [reason, setReason] = useState('')
  const chosen = (offered as readonly string[]).includes(what) ? what : offered[0]
  const [open, setOpen] = useState(false)
  if (!open)
    return (
      <section className={desk.part}>
        <div className={classes.acts}>
          {offered.map((code) => (
            <Act
              key={code}
              onClick={() => {
                setWhat(code)
                setOpen(true)
              }}
              data-test={`act-${code}`}
            >
              {t(`cyber.act.${code}`)}…
            </Act>
          ))}
        </div>
      </section>
    )
  return (
    <section className={desk.part}>
      {offered.length > 1 && <NativeSelect label={t('cyber.what')} value={chosen} onChange={(event) => setWhat(event.currentTarget.value)} data={offered.map((value) => ({ value, label: t(`cyber.act.${value}`) }))} classNames={{ label: classes.label, input: classes.input }} />}
      <Textarea label={t('decision.yourReason')} rows={2} value={reason} dir="auto" onChange={(event) => setReason(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} data-test="act-reason" />
      <p className={classes.note}>{t(`cyber.actWill.${chosen}`)}</p>
      <div className={classes.acts}>
        <Act primary disabled={[...reason.trim()].length < shortest || act.isPending} onClick={() => act.mutate({ what: chosen, reason: reason.trim() }, { onSuccess: () => setOpen(false) })} data-test="act-send">
          {t(`cyber.act.${chosen}`)}
        </Act>
        <Act onClick={() => setOpen(false)}>{t('rules.notNow')}</Act>
      </div>
      <ActFailed error={act.error} />
    </section>
  )
}
