import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCase, useClaim, usePassenger } from '../../api/queries'
import type { CaseFile, Evidence, Finding } from '../../api/types'
import { useHome, useNow } from '../../app/home'
import { useKeys } from '../../app/keys'
import { band, bands, caseNumber, codeOf, fallen, standing } from '../../format/finding'
import { designatorOf } from '../../format/flight'
import { relative } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { Answer } from '../../ui/Faces'
import { StatusNote } from '../../ui/Grid'
import { FindingCard, useFindingTitle, Withdrawn } from '../../ui/FindingCard'
import { Icon } from '../../ui/Icon'
import { Journey } from '../../ui/Journey'
import { useOutcomeWords } from '../../ui/outcomeWords'
import { Code, Day, Figure, FlightContext, goTo, Instant, Name, Tag, version } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import classes from './CaseDesk.module.css'
import { DecisionPane } from './DecisionPane'
import { EvidenceAxis } from './EvidenceAxis'
import { TokenTable } from './TokenTable'

/** A case: what met what, how sure, how to dismiss it; and beside it, always in reach, the decision. */
export function CaseDesk({ id }: { id: string }) {
  const file = useCase(id)
  const claim = useClaim()
  const { me } = useHome()
  const one = file.data?.case
  const mine = one?.claimed_by === me
  useKeys(
    one && (one.state === 'open' || one.state === 'claimed')
      ? { 'case.claim': () => claim.mutate({ id, given: !mine }) }
      : {},
  )
  return (
    <>
      <section className={desk.middle} data-test="case-file">
        <Answer of={file}>{(known) => <Sheet file={known} />}</Answer>
      </section>
      <aside className={desk.last}>{file.data && <DecisionPane key={file.data.case.state} file={file.data} claim={claim} />}</aside>
    </>
  )
}

function Sheet({ file }: { file: CaseFile }) {
  const { t } = useTranslation()
  const now = useNow()
  const { me } = useHome()
  const one = file.case
  const findings = standing(file.findings ?? [])
  const gone = fallen(file.findings ?? [])
  const [main, ...others] = findings
  const [opened, setOpened] = useState<string>()
  const shown = findings.find((finding) => finding.matched === opened) ?? main
  const traveller = usePassenger(one.domain === 'travel' ? one.subject : undefined)
  useKeys({
    'case.explain': () => {
      const next = findings[(findings.findIndex((finding) => finding === shown) + 1) % Math.max(1, findings.length)]
      setOpened(next?.matched)
    },
  })
  const until = file.sheet?.until ?? one.until
  return (
    <>
      <header className={desk.head}>
        <div className={desk.headLine}>
          <Severity level={one.severity} word />
          <h1>
            <Name>{file.sheet?.title ?? one.title}</Name>
          </h1>
          {one.claimed_by && (
            <Tag>
              {one.claimed_by === me ? t('case.claimedByYou') : <>{t('case.claimedBy')} <bdi>{one.claimed_by}</bdi></>}
              {one.claimed_at && <>{t('list.comma')}<Instant at={one.claimed_at} /></>}
            </Tag>
          )}
          {(one.state === 'pending' || one.state === 'waiting' || one.state === 'closed') && <Tag>{t(`caseState.${one.state}`)}</Tag>}
          <span className={desk.push} />
          <span>
            {t('case.case')} <Code>{caseNumber(one.number)}</Code>
          </span>
        </div>
        <div className={desk.headLine}>
          <FlightContext of={file.sheet?.context ?? one.context} />
          {one.domain !== 'travel' && file.sheet?.path && (
            <a
              href={file.sheet.path}
              className={classes.link}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey) return
                event.preventDefault()
                goTo(file.sheet?.path ?? '/')
              }}
              data-test="open-item"
            >
              {t('case.whole')}
            </a>
          )}
          {traveller.data && (
            <>
              <Link to="/people/$id" params={{ id: traveller.data.id }} className={classes.link}>
                {t('case.everything')}
              </Link>
              <Link to="/people/$id/links" params={{ id: traveller.data.id }} className={classes.link} data-test="open-links">
                {t('links.title')}
              </Link>
            </>
          )}
          <span className={desk.push} />
          {until && one.state !== 'closed' && (
            <span className={classes.until}>
              <Icon name="clock" size={13} /> {t(Date.parse(until) > now ? 'case.until' : 'case.late', { relative: relative(Date.parse(until), now, t) })} <strong><Instant at={until} /></strong>
            </span>
          )}
        </div>
      </header>

      {shown && <FindingInFull finding={shown} at={findings.indexOf(shown) + 1} of={findings.length} />}

      {others.length > 0 && (
        <Part title={t('case.others')}>
          {findings
            .filter((finding) => finding !== shown)
            .map((finding) => (
              <OtherFinding key={`${finding.engine}-${finding.matched}`} finding={finding} onOpen={() => setOpened(finding.matched)} />
            ))}
        </Part>
      )}

      {gone.length > 0 && (
        <Part title={t('finding.withdrawn')}>
          <Withdrawn findings={gone} />
        </Part>
      )}

      {!!file.sheet?.lines?.length && (
        <Part title={t('case.about')}>
          <ul className={classes.lines}>
            {file.sheet.lines.map((line, index) => (
              <li key={index}>
                {typeof line === 'string' ? (
                  <bdi>{line}</bdi>
                ) : (
                  <>
                    <span>{t(`field.${line.label}`, { defaultValue: line.label ?? '' })}</span> <LineValue label={line.label ?? ''} value={line.value ?? ''} />
                  </>
                )}
              </li>
            ))}
          </ul>
        </Part>
      )}

      {!!traveller.data?.journey?.length && (
        <Part title={t('passenger.journey')}>
          <Journey legs={traveller.data.journey} />
        </Part>
      )}

      {!!file.earlier?.length && (
        <Part title={t('case.earlier')}>
          <Decisions domain={one.domain} of={file.earlier} />
        </Part>
      )}
      {!!file.decisions?.length && (
        <Part title={t('case.decisions')}>
          <Decisions domain={one.domain} of={file.decisions} />
        </Part>
      )}
      {!!file.history?.length && (
        <Part title={t('case.history')}>
          <History domain={one.domain} of={file.history} />
        </Part>
      )}
      <StatusNote>{t('case.audited')}</StatusNote>
    </>
  )
}

/** A line of the sheet: codes as codes, days and states as words. */
function LineValue({ label, value }: { label: string; value: string }) {
  const { t } = useTranslation()
  if (label === 'born') return <Day of={value} />
  if (label === 'departure_local') return <><Day of={value.slice(0, 10)} /> <bdi dir="ltr">{value.slice(11, 16)}</bdi></>
  if (label === 'sex' || label === 'status') return <span>{t(`${label}.${value}`, { defaultValue: value })}</span>
  if (label === 'flight') return <Code>{designatorOf(value)}</Code>
  return label === 'address' || label === 'email' ? <bdi>{value}</bdi> : <Code>{value}</Code>
}

export const Part = ({ title, note, children }: { title: ReactNode; note?: ReactNode; children: ReactNode }) => (
  <section className={desk.part}>
    <div className={desk.partHead}>
      <h3>{title}</h3>
      {note && <span>{note}</span>}
    </div>
    {children}
  </section>
)

export function FindingInFull({ finding, at, of }: { finding: Finding; at: number; of: number }) {
  const { t } = useTranslation()
  const title = useFindingTitle()
  const why = finding.explanation
  const score = finding.score
  const tokens = why?.tokens ?? []
  const evidence = why?.evidence ?? []
  // What rules and the domains’ own engines looked at are values; only a comparison of names has weights.
  const rule = codeOf(finding) === 'rule_hit' || finding.engine === 'funds' || finding.engine === 'cyber' || finding.engine === 'cargo'
  const sum = evidence.reduce((total, one) => total + one.weight, 0)
  return (
    <>
      <Part
        title={<>{t('case.finding', { at, of, title: '' })}<bdi>{title(finding)}</bdi></>}
        note={
          finding.rule ? (
            <>
              {t('case.rule')} <Code>{`${finding.rule ?? ''} v${finding.rule_version ?? ''}`}</Code>
            </>
          ) : (
            finding.list && (
              <>
                <bdi>{finding.list}</bdi> {finding.list_version !== undefined && <Code>{version(finding.list_version)}</Code>}{t('list.comma')}{t('case.entry')} <Code>{finding.entry}</Code>
              </>
            )
          )
        }
      >
        {score !== undefined && codeOf(finding) === 'name_match' ? <HowSure score={score} finding={finding} /> : <FindingCard finding={finding} titled={false} />}
        {tokens.length > 0 && <TokenTable tokens={tokens} />}
        {!!why?.settle?.length && (
          <p className={classes.settle}>
            <strong>{t('case.settle')}</strong>
            {why.settle.map((code) => (
              <span key={code}>{t(`settle.${code}`, { defaultValue: code })}</span>
            ))}
          </p>
        )}
      </Part>
      {rule && evidence.length > 0 && (
        <Part title={t('case.seen')}>
          <Facts of={evidence} />
        </Part>
      )}
      {!rule && evidence.length > 0 && (
        <Part title={t('case.evidence')} note={<>{t('case.evidenceNote')}{score !== undefined && <>{t('list.semicolon')}{t('case.together')} <Figure>{score.toFixed(2)}</Figure></>}</>}>
          <EvidenceAxis evidence={evidence} sum={sum} />
        </Part>
      )}
    </>
  )
}

/** What a rule looked at: values, none of which weighs by itself. */
function Facts({ of }: { of: Evidence[] }) {
  const { t } = useTranslation()
  const say = (name: string, value: string) => {
    if (value === 'true' || value === 'false') return t(value === 'true' ? 'case.yes' : 'case.no')
    if (name === 'born') return <Day of={value} />
    if (name === 'sex' || name === 'status') return t(`${name}.${value}`, { defaultValue: value })
    if (name === 'role') return t(`travels.${value}`, { defaultValue: value })
    return <Code>{value}</Code>
  }
  return (
    <ul className={classes.lines}>
      {of.map((one) => (
        <li key={`${one.code}${one.listed ?? ''}`}>
          {one.code.startsWith('parameter_') ? (
            <>
              <span>{one.code.slice(10).replace(/_/g, ' ')}</span> <Code>{one.subject}</Code> <span>{t('case.asked')}</span> <Code>{one.listed}</Code>
            </>
          ) : (
            <>
              <span>{t(`fact.${one.code}`, { defaultValue: one.code })}</span> {say(one.code, one.subject ?? '')}
            </>
          )}
        </li>
      ))}
    </ul>
  )
}

/** A figure, its band, a mark on the scale, and a sentence in frequencies. */
function HowSure({ score, finding }: { score: number; finding: Finding }) {
  const { t } = useTranslation()
  const of10 = Math.max(1, Math.min(9, Math.round(score * 10)))
  return (
    <div className={classes.sure}>
      <strong className={classes.figure}>
        <Figure>{score.toFixed(2)}</Figure>
      </strong>
      <div className={classes.scale} role="img" aria-label={t('case.scaleLabel', { score: score.toFixed(2), band: t(`band.${band(score)}`) })}>
        <svg viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true" focusable="false">
          <rect x="0" y="4" width={bands.possible * 100 - 0.6} height="8" className={classes.unlikely} />
          <rect x={bands.possible * 100} y="4" width={(bands.likely - bands.possible) * 100 - 0.6} height="8" className={classes.possible} />
          <rect x={bands.likely * 100} y="4" width={(1 - bands.likely) * 100} height="8" className={classes.likely} />
          <rect x={score * 100 - 0.7} y="0" width="1.4" height="16" className={classes.here} />
        </svg>
        <div className={classes.words} aria-hidden="true">
          <span>{t('band.unlikely')}</span>
          <span>{t('band.possible')}</span>
          <span>{t('band.likely')}</span>
        </div>
      </div>
      <p>
        {t('case.frequency', { count: of10 })} {finding.explanation?.advice && <bdi className={classes.advice}>{finding.explanation.advice}</bdi>}
      </p>
    </div>
  )
}

export function OtherFinding({ finding, onOpen }: { finding: Finding; onOpen: () => void }) {
  const title = useFindingTitle()
  return (
    <button type="button" className={classes.other} onClick={onOpen}>
      <Severity level={finding.severity} word />
      <bdi className={classes.otherTitle}>{title(finding)}</bdi>
      <span className={classes.quiet}>
        {finding.rule ? <Code>{`${finding.rule} v${finding.rule_version ?? ''}`}</Code> : <bdi>{[finding.list, finding.entry].filter(Boolean).join(' ')}</bdi>}
      </span>
    </button>
  )
}

/** What happened to a case, oldest first. */
export function History({ domain, of }: { domain: string; of: NonNullable<CaseFile['history']> }) {
  const { t } = useTranslation()
  const said = useOutcomeWords(domain)
  const detail = (text: string) => (/^[a-z-]+$/.test(text) ? t(`caseEvent.${text}`, { defaultValue: said.name(text) }) : text)
  return (
    <ol className={classes.history}>
      {of.map((moment, index) => (
        <li key={index}>
          <span className={classes.when}>
            <Instant at={moment.at} dateToo />
          </span>
          <span>{t(`caseEvent.${moment.what}`, { defaultValue: moment.what })}</span>
          <bdi className={classes.quiet}>{moment.detail && detail(moment.detail)}</bdi>
          <bdi className={classes.who}>{moment.by}</bdi>
        </li>
      ))}
    </ol>
  )
}

export function Decisions({ domain, of }: { domain: string; of: NonNullable<CaseFile['decisions']> }) {
  const { t } = useTranslation()
  const said = useOutcomeWords(domain)
  return (
    <ol className={classes.history}>
      {of.map((decision, index) => (
        <li key={decision.id ?? index}>
          <span className={classes.when}>
            <Instant at={decision.at} dateToo />
          </span>
          <span>
            {said.name(decision.outcome)}
            {decision.pending && <> {t('case.waitingSecond')}</>}
          </span>
          <bdi className={classes.quiet}>{decision.reason}</bdi>
          <bdi className={classes.who}>{[decision.by, decision.confirmed_by].filter(Boolean).join(t('list.comma'))}</bdi>
        </li>
      ))}
    </ol>
  )
}
