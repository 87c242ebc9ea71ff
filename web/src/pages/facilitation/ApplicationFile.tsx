import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApplicationFile as File, useApplication } from '../../api/facilitation'
import { useNow, useSpeech } from '../../app/home'
import { countryName } from '../../format/countries'
import { fallen, standing } from '../../format/finding'
import { age, relative } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { Answer } from '../../ui/Faces'
import { FindingCard, Withdrawn } from '../../ui/FindingCard'
import { StatusNote } from '../../ui/Grid'
import { Icon } from '../../ui/Icon'
import { Code, Day, Instant, Name, Tag } from '../../ui/parts'
import { FindingInFull, Part } from '../queue/CaseDesk'
import { Deeds } from './Deeds'
import classes from './facilitation.module.css'

/** One application whole: who, what was checked and found, what was done; and beside it what can be done now. */
export function ApplicationFile({ id }: { id: string }) {
  const { t } = useTranslation()
  const file = useApplication(id)
  // Of a redress: whom the officer holds to be another person; ticked beside the comparison, sent from the pane.
  const [notSame, setNotSame] = useState<readonly string[]>([])
  return (
    <>
      <section className={desk.middle} data-test="application-file">
        <Answer of={file}>{(one) => <Sheet one={one} notSame={notSame} onNotSame={setNotSame} />}</Answer>
      </section>
      <aside className={desk.last}>{file.data && <Deeds key={`${file.data.state} ${file.data.version}`} one={file.data} notSame={notSame} />}</aside>
      <StatusNote>{t('facilitation.audited')}</StatusNote>
    </>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

type Choosing = { notSame: readonly string[]; onNotSame: (matched: readonly string[]) => void }

function Sheet({ one, notSame, onNotSame }: { one: File } & Choosing) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const now = useNow(60_000)
  const { applicant } = one.form
  const { document } = applicant
  const chip = document.chip?.passive_authentication
  const lived = age(applicant.dob, new Date(now).toISOString().slice(0, 10))
  return (
    <>
      <header className={desk.head}>
        <div className={desk.headLine}>
          <h1>
            <Name>{one.name}</Name>
          </h1>
          <Tag>{t(`application.kind.${one.kind}`, { defaultValue: one.kind })}</Tag>
          <Tag tone={['active', 'granted', 'answered'].includes(one.state) ? 'trusted' : ['refused', 'revoked', 'cancelled', 'suspended'].includes(one.state) ? 'high' : 'plain'}>{t(`application.state.${one.state}`, { defaultValue: one.state })}</Tag>
          <span className={desk.push} />
          <Code strong>{one.number ?? one.reference}</Code>
        </div>
        <div className={desk.headLine}>
          <Code quiet>{one.reference}</Code>
          <span>
            {t('facilitation.filed')} <Instant at={one.filed} dateToo />
          </span>
          {one.until && (
            <span>
              {t('standing.until')} <Day of={one.until.slice(0, 10)} />
            </span>
          )}
          {one.due && (
            <span className={one.overdue ? classes.late : undefined}>
              <Icon name="clock" size={13} /> {t('facilitation.due')} {relative(Date.parse(one.due), now, t)}
            </span>
          )}
          <span className={desk.push} />
          {(one.cases ?? []).map((id) => (
            <Link key={id} to="/queue/{-$id}" params={{ id }} search={{ domain: 'facilitation' }} className={classes.link}>
              {t('case.case')}
            </Link>
          ))}
          {one.report && (
            <Link to="/reports/{-$id}" params={{ id: one.report }} className={classes.link}>
              {t('facilitation.report')}
            </Link>
          )}
        </div>
      </header>
      {!!one.reasons?.length && (
        <Part title={t('facilitation.why')}>
          <ul className={classes.checks} data-test="reasons">
            {one.reasons.map((code) => (
              <li key={code}>
                <Icon name="warn" size={14} /> {t(`application.reason.${code}`, { defaultValue: code })}
              </li>
            ))}
          </ul>
        </Part>
      )}
      {!!one.eligibility?.length && (
        <Part title={t('facilitation.eligibility')}>
          <ul className={classes.checks}>
            {one.eligibility.map(({ code, bars }) => (
              <li key={code} data-ok={bars ? false : undefined}>
                <Icon name={bars ? 'cross' : 'warn'} size={14} /> {t(`application.reason.${code}`, { defaultValue: code })} {bars && <span className={classes.quiet}>{t('facilitation.bars')}</span>}
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Findings one={one} notSame={notSame} onNotSame={onNotSame} />
      <Part title={t('facilitation.applicant')}>
        <dl className={classes.grid}>
          <Fact label={t('apply.family')}>
            <bdi>{applicant.family_name}</bdi>
          </Fact>
          <Fact label={t('apply.given')}>
            <bdi>{applicant.given_names}</bdi>
          </Fact>
          <Fact label={t('mrz.field.born')}>
            <Day of={applicant.dob} /> {lived !== undefined && <span className={classes.quiet}>({lived})</span>}
          </Fact>
          <Fact label={t('mrz.field.nationality')}>
            <bdi>{countryName(applicant.nationality, language)}</bdi> {applicant.sex && t(`sex.${applicant.sex}`, { defaultValue: applicant.sex })}
          </Fact>
          <Fact label={t('mrz.field.number')}>
            <Code strong>{[document.type, document.number].filter(Boolean).join(' ')}</Code> <Code quiet>{document.issuer}</Code>
          </Fact>
          {document.expiry && (
            <Fact label={t('mrz.field.expires')}>
              <Day of={document.expiry} />
            </Fact>
          )}
          {one.form.program && (
            <Fact label={t('apply.programme')}>
              <Code>{one.form.program}</Code>
            </Fact>
          )}
          {one.form.purpose && <Fact label={t('apply.purpose')}>{t(`apply.purposes.${one.form.purpose}`, { defaultValue: one.form.purpose })}</Fact>}
          {one.form.arrival && (
            <Fact label={t('apply.arrival')}>
              <Day of={one.form.arrival} />
            </Fact>
          )}
          {one.form.host_address && (
            <Fact label={t('apply.stayName')}>
              <bdi>{[one.form.host_address.name, one.form.host_address.city].filter(Boolean).join(t('list.comma'))}</bdi>
            </Fact>
          )}
          {one.form.contact?.email && (
            <Fact label={t('apply.email')}>
              <bdi dir="ltr">{one.form.contact.email}</bdi>
            </Fact>
          )}
          {one.form.contact?.phone && (
            <Fact label={t('apply.phone')}>
              <bdi dir="ltr">{one.form.contact.phone}</bdi>
            </Fact>
          )}
          {one.form.guardian && (
            <Fact label={t('apply.guardian')}>
              {t(`apply.relations.${one.form.guardian.relation}`, { defaultValue: one.form.guardian.relation })} <Code quiet>{one.form.guardian.application}</Code>
            </Fact>
          )}
          {one.form.payment && (
            <Fact label={t('facilitation.paid')}>
              <bdi dir="ltr">{`${one.form.payment.amount} ${one.form.payment.currency}`}</bdi> <Code quiet>{one.form.payment.ref}</Code>
            </Fact>
          )}
        </dl>
      </Part>
      <Part title={t('facilitation.checks')}>
        <ul className={classes.checks} data-test="checks">
          <li data-ok={!!document.mrz?.length}>
            <Icon name={document.mrz?.length ? 'check' : 'warn'} size={14} /> {t(document.mrz?.length ? 'facilitation.mrzRight' : 'facilitation.mrzNone')}
          </li>
          <li data-ok={chip ? chip.hash_ok && chip.signature_ok && chip.chain_ok && !chip.revoked : undefined}>
            <Icon name={chip && chip.hash_ok && chip.signature_ok && chip.chain_ok && !chip.revoked ? 'check' : chip ? 'cross' : 'warn'} size={14} /> {t(chip ? (chip.hash_ok && chip.signature_ok && chip.chain_ok && !chip.revoked ? 'facilitation.chipRight' : 'facilitation.chipWrong') : 'facilitation.chipNone')}
          </li>
          {Object.entries(one.form.declarations ?? {}).map(([name, yes]) => (
            <li key={name} data-ok={!yes}>
              <Icon name={yes ? 'warn' : 'check'} size={14} /> {t(`apply.declare.${name}`, { defaultValue: name })} <strong>{t(yes ? 'apply.yes' : 'apply.no')}</strong>
            </li>
          ))}
          {one.form.consent && (
            <li data-ok>
              <Icon name="check" size={14} /> {t('facilitation.consented')} <Instant at={one.form.consent.given_at} dateToo /> <Code quiet>{[one.form.consent.text_version, one.form.consent.ref].filter(Boolean).join(' ')}</Code>
            </li>
          )}
        </ul>
      </Part>
      {one.partner && (
        <Part title={t('facilitation.partner')} note={one.partner.agreement && <Code>{one.partner.agreement}</Code>}>
          <p className={classes.facts} data-test="partner">
            <span>
              {t('facilitation.askedBy')} <bdi>{one.partner.by}</bdi> <Instant at={one.partner.at} dateToo />
            </span>
            {one.partner.outcome ? (
              <span className={one.partner.outcome === 'green' ? classes.good : classes.late}>
                {t(`application.outcome.${one.partner.outcome}`)} <Code quiet>{one.partner.reference}</Code>{' '}
                {one.partner.valid_until && (
                  <>
                    {t('standing.until')} <Day of={one.partner.valid_until} />
                  </>
                )}
              </span>
            ) : (
              <span className={one.partner.late ? classes.late : classes.quiet}>{t(one.partner.late ? 'facilitation.partnerLate' : 'facilitation.partnerWaits')}</span>
            )}
            {one.partner.thread && (
              <Link to="/requests/{-$id}" params={{ id: one.partner.thread }} className={classes.link}>
                {t('facilitation.thread')}
              </Link>
            )}
          </p>
          {one.partner.outcome === 'not_green' && <p className={classes.note}>{t('facilitation.notGreen')}</p>}
        </Part>
      )}
      {one.interview && (
        <Part title={t('own.interview')}>
          <p className={classes.facts}>
            <span>
              <Day of={one.interview.day} weekday />
            </span>
            <bdi>{one.interview.hall}</bdi>
          </p>
        </Part>
      )}
      {(one.form.account || one.form.stops?.length) && (
        <Part title={t('apply.account')}>
          {(one.form.stops ?? []).map((stop, at) => (
            <p key={at} className={classes.facts}>
              <span>
                <Day of={stop.date} />
              </span>
              <Code>{stop.flight}</Code>
              <bdi>{stop.place}</bdi>
            </p>
          ))}
          <p className={classes.prose}>
            <bdi>{one.form.account}</bdi>
          </p>
        </Part>
      )}
      {one.review && (
        <Part title={t('facilitation.review')} note={<Instant at={one.review.at} dateToo />}>
          <p className={classes.prose}>
            <bdi>{one.review.words}</bdi>
          </p>
          {!!one.review.not_by?.length && (
            <p className={classes.note}>
              {t('facilitation.notBy')} <bdi>{one.review.not_by.join(t('list.comma'))}</bdi>
            </p>
          )}
        </Part>
      )}
      {!!one.cleared?.length && (
        <Part title={t('facilitation.cleared')}>
          <ul className={classes.checks} data-test="cleared">
            {one.cleared.map((entry) => (
              <li key={`${entry.list} ${entry.entry}`} data-ok>
                <Icon name="check" size={14} /> <Name>{entry.name || entry.entry}</Name> <bdi className={classes.quiet}>{entry.list}</bdi> <Code quiet>{entry.entry}</Code>{' '}
                <span className={classes.quiet}>
                  <bdi>{[entry.decided_by, entry.confirmed_by].filter(Boolean).join(t('list.comma'))}</bdi> <Instant at={entry.at} dateToo />
                </span>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {one.answer && (
        <Part title={t('facilitation.answer')}>
          <p className={classes.facts}>
            <strong>{t(`application.outcome.${one.answer.outcome}`)}</strong> <Code quiet>{one.answer.reference}</Code> <bdi>{one.answer.by}</bdi> <Instant at={one.answer.at} dateToo /> <bdi className={classes.quiet}>{one.answer.reason}</bdi>
          </p>
        </Part>
      )}
      {(!!one.form.addresses?.length || !!one.form.work?.length || !!one.form.travel_5y?.length) && (
        <Part title={t('facilitation.past')}>
          <table className={classes.table}>
            <tbody>
              {(one.form.addresses ?? []).map((place, at) => (
                <tr key={`a${at}`}>
                  <td>{t('facilitation.lived')}</td>
                  <td>
                    <bdi dir="ltr">{`${place.from} – ${place.to ?? ''}`}</bdi>
                  </td>
                  <td>
                    <bdi>{[...(place.lines ?? []), place.city, countryName(place.country, language)].join(t('list.comma'))}</bdi>
                  </td>
                </tr>
              ))}
              {(one.form.work ?? []).map((job, at) => (
                <tr key={`w${at}`}>
                  <td>{t('facilitation.worked')}</td>
                  <td>
                    <bdi dir="ltr">{`${job.from} – ${job.to ?? ''}`}</bdi>
                  </td>
                  <td>
                    <bdi>{[job.employer, job.role, job.country && countryName(job.country, language)].filter(Boolean).join(t('list.comma'))}</bdi>
                  </td>
                </tr>
              ))}
              {!!one.form.travel_5y?.length && (
                <tr>
                  <td>{t('facilitation.travelled')}</td>
                  <td />
                  <td>
                    <bdi>{one.form.travel_5y.map((code) => countryName(code, language)).join(t('list.comma'))}</bdi>
                  </td>
                </tr>
              )}
            </tbody>
          </table>
        </Part>
      )}
      {!!one.alike?.length && (
        <Part title={t('facilitation.alike')}>
          {one.alike.map((other) => (
            <p key={other.id} className={classes.facts}>
              <Link to="/facilitation/applications/{-$id}" params={{ id: other.id }} className={classes.link}>
                {t(`application.kind.${other.kind}`, { defaultValue: other.kind })} <Code>{other.reference}</Code>
              </Link>
              <span>{t(`application.state.${other.state}`, { defaultValue: other.state })}</span>
            </p>
          ))}
        </Part>
      )}
      {!!one.letters?.length && (
        <Part title={t('facilitation.letters')} note={t('facilitation.lettersNote')}>
          {one.letters.map((letter) => (
            <details key={letter.at + letter.kind} className={classes.letter} data-test="letter">
              <summary>
                {t(`application.letter.${letter.kind}`, { defaultValue: letter.kind })} <Instant at={letter.at} dateToo />
              </summary>
              <bdi>{letter.text}</bdi>
            </details>
          ))}
        </Part>
      )}
      {!!one.history?.length && (
        <Part title={t('case.history')}>
          <table className={classes.table} data-test="application-history">
            <tbody>
              {one.history.map((step, at) => (
                <tr key={at}>
                  <td>
                    <Instant at={step.at} dateToo />
                  </td>
                  <td>{t(`application.state.${step.to}`, { defaultValue: step.to })}</td>
                  <td>
                    <bdi>{[step.by, step.second].filter((by): by is string => !!by).map((by) => (by === 'applicant' ? t('facilitation.byApplicant') : by === 'system' ? t('role.system') : by)).join(t('list.comma'))}</bdi>
                  </td>
                  <td className={classes.quiet}>
                    <bdi>{step.reason}</bdi>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Part>
      )}
    </>
  )
}

/** What was found. Of a redress each is compared in full, and ticked where it is another person. */
function Findings({ one, notSame, onNotSame }: { one: File } & Choosing) {
  const { t } = useTranslation()
  const findings = standing(one.findings ?? [])
  const gone = fallen(one.findings ?? [])
  const choosing = one.kind === 'redress' && (one.acts ?? []).includes('examination') && !one.proposal
  const listed = one.proposal?.not_same
  if (findings.length + gone.length === 0) return one.kind === 'redress' && one.state === 'in_check' ? <Part title={t('passenger.findings')}>{t('facilitation.nothingFound')}</Part> : null
  return (
    <>
      {one.kind === 'redress' && findings.length > 0 ? (
        findings.map((finding, at) => (
          <div key={finding.matched} data-test="compare">
            <FindingInFull finding={finding} at={at + 1} of={findings.length} />
            {choosing && finding.list && (
              <label className={classes.compare}>
                <input type="checkbox" checked={notSame.includes(finding.matched)} onChange={(event) => onNotSame(event.target.checked ? [...notSame, finding.matched] : notSame.filter((matched) => matched !== finding.matched))} data-test="not-same" />
                <span>
                  {t('facilitation.notSame')} <Name>{finding.explanation?.listed ?? finding.entry}</Name> <Code quiet>{finding.entry}</Code>
                </span>
              </label>
            )}
            {listed?.includes(finding.matched) && (
              <p className={classes.compare}>
                <Icon name="check" size={14} /> {t('facilitation.proposedNotSame')}
              </p>
            )}
          </div>
        ))
      ) : findings.length > 0 ? (
        <Part title={t('passenger.findings')}>
          {findings.map((finding) => (
            <FindingCard key={`${finding.engine}-${finding.matched}`} finding={finding} />
          ))}
        </Part>
      ) : null}
      {gone.length > 0 && (
        <Part title={t('finding.withdrawn')}>
          <Withdrawn findings={gone} />
        </Part>
      )}
    </>
  )
}
