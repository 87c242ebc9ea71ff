import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeskItem } from '../../api/desk'
import { useCase, useClaim } from '../../api/queries'
import { useHome, useNow, useSpeech } from '../../app/home'
import { caseNumber, fallen, standing } from '../../format/finding'
import { age, number } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { Answer, Empty } from '../../ui/Faces'
import { FindingCard, Withdrawn } from '../../ui/FindingCard'
import { StatusNote } from '../../ui/Grid'
import { useOutcomeWords } from '../../ui/outcomeWords'
import { Act, Code, Day, Instant, Name, Tag } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import { DecisionPane } from '../queue/DecisionPane'
import { DeskDecision } from './DeskDecision'
import classes from './desk.module.css'
import { OverrideForm } from './Overrides'
import { Countdown, FlightLine, OverrideLine, StandingLine, VerdictWord } from './parts'
import { PhoneScript } from './PhoneScript'

export type Made = { name: string; outcome: string; pending: boolean; carrier: string }

/** One person a carrier waits about: who, what was found, what was told, and the two answers. */
export function DeskFile({ id, item, onNext, more }: { id: string; item?: DeskItem; onNext: () => void; more: boolean }) {
  const { t } = useTranslation()
  const [made, setMade] = useState<Made>()
  const said = useOutcomeWords('travel')
  const outcome = made && (
    <div className={made.pending ? classes.waits : classes.done} data-outcome={made.outcome} role="status" data-test="desk-done">
      {t(made.pending ? 'desk.donePending' : 'desk.done', { outcome: said.name(made.outcome), name: `\u2068${made.name}\u2069`, carrier: `\u2066${made.carrier}\u2069` })}
    </div>
  )
  if (!item)
    return (
      <>
        <section className={desk.middle}>
          <Empty act={more ? <Act primary act="list.next" onClick={onNext}>{t('desk.next')}</Act> : undefined}>{made ? outcome : t('desk.gone')}</Empty>
          {!made && (
            <p className={classes.note}>
              <Link to="/people/$id" params={{ id }} className={classes.link}>
                {t('case.everything')}
              </Link>
            </p>
          )}
        </section>
        <aside className={desk.last} />
      </>
    )
  return (
    <>
      <section className={desk.middle} data-test="desk-file">
        <Sheet one={item} />
      </section>
      <aside className={desk.last}>
        {item.case?.state === 'pending' ? (
          <Pending id={item.case.id} />
        ) : (
          <div className={desk.scroll}>
            {outcome}
            <DeskDecision one={item} onMade={setMade} />
            <PhoneScript one={item} />
          </div>
        )}
      </aside>
      <StatusNote>{t('case.audited')}</StatusNote>
    </>
  )
}

/** Where a second person must agree, the case’s own pane asks them. */
function Pending({ id }: { id: string }) {
  const file = useCase(id)
  const claim = useClaim()
  return <Answer of={file}>{(known) => <DecisionPane key={known.case.state} file={known} claim={claim} />}</Answer>
}

function Sheet({ one }: { one: DeskItem }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const now = useNow(1000)
  const [overriding, setOverriding] = useState(false)
  const { passenger, answer } = one
  const findings = standing(one.findings ?? [])
  const gone = fallen(one.findings ?? [])
  const lived = age(passenger.born, one.flight.date)
  return (
    <>
      <header className={desk.head}>
        <div className={desk.headLine}>
          <h1>
            <Name>{passenger.name}</Name>
          </h1>
          {passenger.role !== 'passenger' && <Tag>{t(`travels.${passenger.role}`)}</Tag>}
          {passenger.infant && <Tag>{t('desk.infant')}</Tag>}
          <span className={desk.push} />
          <span className={classes.big}>
            {one.departs && <span>{t('desk.departs')}</span>}
            <Countdown departs={one.departs} now={now} />
          </span>
        </div>
        <div className={desk.headLine}>
          <FlightLine of={one.flight} />
          {one.departs && (
            <span>
              {t('desk.leaves')} <strong><Instant at={one.departs} /></strong>
            </span>
          )}
          <span className={classes.why} data-why={one.why}>
            {t(`desk.why.${one.why}`)}
          </span>
          <span className={desk.push} />
          {one.case && (
            <Link to="/queue/{-$id}" params={{ id: one.case.id }} className={classes.link}>
              {t('case.case')} <Code>{caseNumber(one.case.number)}</Code>
            </Link>
          )}
          <Link to="/people/$id" params={{ id: passenger.id }} className={classes.link}>
            {t('case.everything')}
          </Link>
        </div>
      </header>
      <Part title={t('desk.who')}>
        <dl className={classes.facts}>
          {(passenger.documents ?? []).map((document) => (
            <div key={document.number}>
              <dt>{t('desk.document')}</dt>
              <dd>
                <Code strong>{[document.type, document.number].filter(Boolean).join(' ')}</Code> <Code quiet>{document.issuer}</Code>
                {document.expires && (
                  <div className={document.expires < one.flight.date ? classes.bad : classes.quiet}>
                    {t('desk.expires')} <Day of={document.expires} />
                  </div>
                )}
              </dd>
            </div>
          ))}
          {passenger.born && (
            <div>
              <dt>{t('lists.born')}</dt>
              <dd>
                <Day of={passenger.born} /> {lived !== undefined && <span className={classes.quiet}>{t('desk.age', { count: lived, years: number(lived, speech) })}</span>}
              </dd>
            </div>
          )}
          {passenger.nationality && (
            <div>
              <dt>{t('field.nationality')}</dt>
              <dd>
                <Code>{passenger.nationality}</Code> {passenger.sex && t(`sex.${passenger.sex}`, { defaultValue: passenger.sex })}
              </dd>
            </div>
          )}
          {passenger.reservation && (
            <div>
              <dt>{t('desk.booking')}</dt>
              <dd>
                <Code>{passenger.reservation}</Code> {passenger.carrier_reference && <Code quiet>{passenger.carrier_reference}</Code>}
              </dd>
            </div>
          )}
          {passenger.seat && (
            <div>
              <dt>{t('passenger.seat')}</dt>
              <dd>
                <Code>{passenger.seat}</Code>
              </dd>
            </div>
          )}
        </dl>
      </Part>
      {!!one.standings?.length && (
        <Part title={t('standing.title')}>
          {one.standings.map((each, at) => (
            <StandingLine key={at} of={each} />
          ))}
        </Part>
      )}
      {findings.length > 0 && (
        <Part title={t('passenger.findings')}>
          {findings.map((finding) => (
            <FindingCard key={`${finding.engine}-${finding.matched}`} finding={finding} />
          ))}
        </Part>
      )}
      {gone.length > 0 && (
        <Part title={t('finding.withdrawn')}>
          <Withdrawn findings={gone} />
        </Part>
      )}
      {answer && (
        <Part title={t('desk.told')}>
          <p className={classes.said} data-test="desk-told">
            <VerdictWord of={answer.verdict} />
            <span>
              <Instant at={answer.at} dateToo /> <bdi>{answer.filer}</bdi>
            </span>
            {answer.lacking && (
              <span>
                {t('desk.lacking')} <bdi dir="ltr">{answer.lacking}</bdi>
              </span>
            )}
            {answer.provisional && <Tag tone="medium">{t('desk.provisional')}</Tag>}
            {answer.void && <Tag tone="high">{t('desk.void')}</Tag>}
            {answer.unasked && <span>{t('desk.unasked')}</span>}
            {answer.acknowledged ? (
              <span className={classes.good}>
                {t('desk.acknowledged')} <Instant at={answer.acknowledged} />
              </span>
            ) : (
              answer.unasked && <span className={classes.bad}>{t('desk.notAcknowledged')}</span>
            )}
            {answer.until && (
              <span className={classes.quiet}>
                {t('desk.goodUntil')} <Instant at={answer.until} dateToo />
              </span>
            )}
          </p>
          {answer.decided && (
            <p className={classes.said}>
              <bdi>{[answer.decided.by, answer.decided.confirmed_by].filter(Boolean).join(t('list.comma'))}</bdi> <Instant at={answer.decided.at} dateToo />
              {answer.decided.fact && <span>{t(`desk.fact.${answer.decided.fact}`, { defaultValue: answer.decided.fact })}</span>}
            </p>
          )}
        </Part>
      )}
      {!!one.companions?.length && (
        <Part title={t('desk.companions')}>
          {one.companions.map((other) => (
            <p key={other.id} className={classes.said}>
              <Link to="/people/$id" params={{ id: other.id }} className={classes.link}>
                <bdi>{other.name}</bdi>
              </Link>
              <VerdictWord of={other.verdict} />
            </p>
          ))}
        </Part>
      )}
      <Part title={t('desk.overridesTitle')} note={t('desk.overrideNote')}>
        {(one.overrides ?? []).map((each) => (
          <OverrideLine key={each.id} one={each} />
        ))}
        {role !== 'analyst' && (overriding ? <OverrideForm passenger={passenger.id} reference={one.reference} onDone={() => setOverriding(false)} /> : <Act icon="plus" onClick={() => setOverriding(true)} data-test="new-override">{t('desk.newOverride')}</Act>)}
      </Part>
    </>
  )
}
