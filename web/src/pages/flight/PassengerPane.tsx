import { Link, useNavigate } from '@tanstack/react-router'
import { Fragment, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { usePassenger } from '../../api/queries'
import type { Origin, Passenger, Value } from '../../api/types'
import { useKeys } from '../../app/keys'
import { useSpeech } from '../../app/home'
import { designator } from '../../format/flight'
import { byField, caseNumber, difference, fallen, standing } from '../../format/finding'
import { age, day, number } from '../../format/time'
import { Answer } from '../../ui/Faces'
import { FindingCard, Withdrawn } from '../../ui/FindingCard'
import { Icon } from '../../ui/Icon'
import { Journey } from '../../ui/Journey'
import { Act, Code, Day, Instant, Name, Provenance, Route, Tag } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import { OverrideLine, StandingLine } from '../desk/parts'
import classes from './PassengerPane.module.css'

type Props = { id: string; place?: { at: number; of: number }; withFlight?: boolean; onClose?: () => void }

export function PassengerPane({ id, place, withFlight = false, onClose }: Props) {
  const passenger = usePassenger(id)
  return <Answer of={passenger}>{(known) => <Person key={known.id} passenger={known} place={place} withFlight={withFlight} onClose={onClose} />}</Answer>
}

export function first(passenger: Passenger, field: string): string | undefined {
  const said = passenger.values?.filter((value) => value.field === field) ?? []
  return (said.find((value) => value.agrees !== false) ?? said[0])?.value
}

function Person({ passenger, place, withFlight, onClose }: Omit<Props, 'id'> & { passenger: Passenger }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const navigate = useNavigate()
  const findings = standing(passenger.findings ?? [])
  const gone = fallen(passenger.findings ?? [])
  const level = findings[0]?.severity
  const one = passenger.cases?.[0]
  const openCase = () => {
    if (one) void navigate({ to: '/queue/{-$id}', params: { id: one.id } })
  }
  useKeys(one ? { 'case.decide': openCase } : {})
  const born = first(passenger, 'born')
  const years = age(born, passenger.flight.date)
  const values = byField(passenger.values ?? [])
  return (
    <article className={classes.person} data-test="passenger">
      <header className={classes.head}>
        <div className={classes.line}>
          {level && <Severity level={level} />}
          <h2>
            <Name>{[first(passenger, 'surname'), first(passenger, 'given')].filter(Boolean).join(', ')}</Name>
          </h2>
          <span className={classes.push} />
          {place && place.at > 0 && <span className={classes.quiet}>{t('flight.nth', { at: number(place.at, speech), of: number(place.of, speech) })}</span>}
          {onClose && (
            <button type="button" className={classes.close} onClick={onClose} aria-label={t('flight.close')}>
              <Icon name="close" size={15} />
            </button>
          )}
        </div>
        <div className={classes.line}>
          {first(passenger, 'sex') && <span>{t(`sexShort.${first(passenger, 'sex')}`, { defaultValue: first(passenger, 'sex') })}</span>}
          {born && (
            <span>
              {t('passenger.born')} <Day of={born} />
              {years !== undefined && ` (${number(years, speech)})`}
            </span>
          )}
          <Code>{first(passenger, 'nationality')}</Code>
          {first(passenger, 'seat') && (
            <span>
              {t('passenger.seat')} <Code>{first(passenger, 'seat')}</Code>
            </span>
          )}
          {passenger.status && <span>{t(`status.${passenger.status}`, { defaultValue: passenger.status })}</span>}
          <span className={classes.push} />
          <Link to="/people/$id/links" params={{ id: passenger.id }} className={classes.links} data-test="open-links">
            <Icon name="links" size={14} /> {t('links.title')}
          </Link>
          {one && (
            <>
              <Tag>
                {t('passenger.case')} <Code>{caseNumber(one.number)}</Code>
                {t('list.comma')}
                {t(`caseState.${one.state}`)}
              </Tag>
              <Act primary act="case.decide" onClick={openCase}>
                {t(one.state === 'closed' ? 'passenger.openCase' : 'passenger.decide')}
              </Act>
            </>
          )}
        </div>
        {withFlight && (
          <div className={classes.line}>
            <Link to="/flights/$id" params={{ id: passenger.flight.id }} search={{ p: passenger.id }} className={classes.link}>
              <Code>{designator(passenger.flight)}</Code> <Route from={passenger.flight.from} to={passenger.flight.to} /> <Day of={passenger.flight.date} />
            </Link>
          </div>
        )}
      </header>

      <Section title={t('passenger.known')}>
        <dl className={classes.values}>
          {values.map(({ field, values: rows }) => (
            <Fragment key={field}>
              {rows.map((value, index) => (
                <ValueRow key={`${field}-${index}`} field={index === 0 ? field : undefined} value={value} main={rows[0]} named={field} />
              ))}
            </Fragment>
          ))}
        </dl>
      </Section>

      <Section title={t('passenger.findings')} count={findings.length}>
        {findings.length === 0 ? <p className={classes.none}>{t('passenger.noFindings')}</p> : findings.map((finding) => <FindingCard key={`${finding.engine}-${finding.matched}`} finding={finding} />)}
      </Section>

      {!!passenger.standings?.length && (
        <Section title={t('standing.title')} count={passenger.standings.length}>
          {passenger.standings.map((each, at) => (
            <StandingLine key={at} of={each} />
          ))}
        </Section>
      )}

      {!!passenger.overrides?.length && (
        <Section title={t('desk.overridesTitle')} count={passenger.overrides.length}>
          {passenger.overrides.map((each) => (
            <OverrideLine key={each.id} one={each} />
          ))}
        </Section>
      )}

      {passenger.answer && (
        <Section title={t('passenger.answer.title')}>
          <LastAnswer answer={passenger.answer} />
        </Section>
      )}

      {gone.length > 0 && (
        <Section title={t('finding.withdrawn')} count={gone.length}>
          <Withdrawn findings={gone} />
        </Section>
      )}

      {!!passenger.journey?.length && (
        <Section title={t('passenger.journey')}>
          <Journey legs={passenger.journey} />
        </Section>
      )}

      {!!passenger.companions?.length && (
        <Section title={t('passenger.companions')} count={passenger.companions.length}>
          <ul className={classes.companions}>
            {passenger.companions.map((companion) => (
              <li key={companion.id}>
                <Link to="/flights/$id" params={{ id: passenger.flight.id }} search={{ p: companion.id }} className={classes.link}>
                  <bdi>{companion.name}</bdi>
                </Link>
                <Code quiet>{companion.reservation}</Code>
                <Code quiet>{companion.seat}</Code>
              </li>
            ))}
          </ul>
        </Section>
      )}

      {!!passenger.reports?.length && (
        <Section title={t('passenger.reports')}>
          <ul className={classes.companions}>
            {passenger.reports.map((report) => (
              <li key={report}>
                <Link to="/reports/{-$id}" params={{ id: report }} className={classes.link}>
                  <Code>{report.slice(0, 8)}</Code>
                </Link>
                <span className={classes.quiet}><Seen passenger={passenger} report={report} /></span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <p className={classes.dropped}>
        <Icon name="hidden" size={13} /> {t('passenger.sensitive')}
      </p>
    </article>
  )
}

/** What the carrier was last told, when, and whether it has it. */
function LastAnswer({ answer }: { answer: NonNullable<Passenger['answer']> }) {
  const { t } = useTranslation()
  return (
    <p className={classes.told} data-test="last-answer">
      <Tag>{t(`passenger.answer.${answer.verdict}`)}</Tag>
      <bdi>{answer.filer}</bdi>
      <Link to="/reports/{-$id}" params={{ id: answer.report }} className={classes.link}>
        <Instant at={answer.at} dateToo />
      </Link>
      {answer.lacking && answer.verdict === 'insufficient-data' && <Code quiet>{answer.lacking}</Code>}
      {answer.unasked && (
        <span className={classes.quiet}>
          {answer.acknowledged ? (
            <>
              {t('passenger.answer.acknowledged')} <Instant at={answer.acknowledged} />
            </>
          ) : (
            t('passenger.answer.unacknowledged')
          )}
        </span>
      )}
      <span className={classes.quiet}>
        {t('passenger.answer.until')} <Instant at={answer.until} dateToo />
      </span>
    </p>
  )
}

/** What a report said of this person, in the words of the rows above. */
function Seen({ passenger, report }: { passenger: Passenger; report: string }) {
  const { t } = useTranslation()
  const mine = (passenger.values ?? []).flatMap((value) => (value.sources ?? []).filter((source) => source.report === report))
  if (!mine[0]) return <>{t('passenger.replaced')}</>
  return (
    <>
      {t(`source.${mine[0].source}`, { defaultValue: mine[0].source })} <Instant at={mine[0].at} dateToo />
    </>
  )
}

/** A document as one line holds it: type, number, issuer, last day. */
function DocumentText({ text }: { text: string }) {
  const { t } = useTranslation()
  const found = /^(?:[A-Z]{1,2} )?(\S+(?: [A-Z]{3})?)(?: (\d{4}-\d\d-\d\d))?$/.exec(text)
  if (!found?.[2]) return <Code>{found?.[1] ?? text}</Code>
  return (
    <>
      <Code>{found[1]}</Code> <span className={classes.how}>{t('passenger.until')} <Day of={found[2]} /></span>
    </>
  )
}

export function Section({ title, count, note, children }: { title: ReactNode; count?: number; note?: ReactNode; children: ReactNode }) {
  const speech = useSpeech()
  return (
    <section className={classes.section}>
      <h3>
        {title}
        {count !== undefined && count > 0 && <span className={classes.count}>{number(count, speech)}</span>}
        {note && <span className={classes.note}>{note}</span>}
      </h3>
      {children}
    </section>
  )
}

const codes = new Set(['nationality', 'residence', 'document', 'seat', 'bag', 'reservation', 'ticket', 'frequent_flyer', 'carrier_reference', 'phone', 'birthplace'])

function ValueRow({ field, named, value, main }: { field?: string; named: string; value: Value; main?: Value }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const differs = value.agrees === false && main !== undefined && main !== value
  const text =
    named === 'sex'
      ? t(`sex.${value.value}`, { defaultValue: value.value })
      : named === 'status'
        ? t(`status.${value.value}`, { defaultValue: value.value })
        : named === 'verified'
          ? t(`verified.${value.value}`, { defaultValue: value.value })
          : named === 'born'
            ? day(value.value, speech)
            : value.value
  const where = value.sources?.[0]?.source ?? ''
  return (
    <div className={classes.value} data-differs={differs || undefined}>
      <dt>{field ? t(`field.${field}`, { defaultValue: field }) : <span className="unseen">{t('passenger.another', { field: t(`field.${named}`, { defaultValue: named }) })}</span>}</dt>
      <dd>
        {differs && <Icon name="differs" size={13} />}
        {named === 'document' ? <DocumentText text={value.value} /> : named === 'booked' ? <Instant at={value.value} dateToo /> : codes.has(named) ? <Code>{text}</Code> : <bdi>{text}</bdi>}
        {differs && main && (
          <span className={classes.how}>
            {t('passenger.differs', { where: t(`sourceIn.${where}`, { defaultValue: where }), how: t(`difference.${difference(main.value, value.value)}`) })}
          </span>
        )}
      </dd>
      <dd className={classes.marks}>
        <Marks sources={value.sources ?? []} differs={differs} />
      </dd>
    </div>
  )
}

/** Sources form columns, so a gap in one is seen as a gap. */
function Marks({ sources, differs }: { sources: Origin[]; differs: boolean }) {
  const latest = (name: string) => sources.filter((one) => one.source === name).at(-1)
  const others = sources.filter((one) => !['api', 'crew', 'pnr'].includes(one.source))
  const [api, pnr] = [latest('api') ?? latest('crew'), latest('pnr')]
  return (
    <>
      {others.map((one) => (
        <Provenance key={`${one.report}-${one.offset}`} of={one} differs={differs} />
      ))}
      <span className={classes.slot}>{api && <Provenance of={api} differs={differs} />}</span>
      <span className={classes.slot}>{pnr && <Provenance of={pnr} differs={differs} />}</span>
    </>
  )
}
