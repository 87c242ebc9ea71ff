import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../api/client'
import { type Outage, outageCauses, outageScopes, useDeclareOutage, useEndOutage, useOutage, useOutages } from '../../api/desk'
import { useHome, useSpeech } from '../../app/home'
import { designator } from '../../format/flight'
import { number } from '../../format/time'
import { ActFailed, Answer, Empty } from '../../ui/Faces'
import { Act, Code, Instant, Route, Tag } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import classes from './desk.module.css'

/** Outages: declared with a number that carriers quote, ended, and caught up with, flights in the air first. */
export function Outages({ declaring, onDeclared }: { declaring: boolean; onDeclared: () => void }) {
  const { t } = useTranslation()
  const { role } = useHome()
  const outages = useOutages()
  const [form, setForm] = useState(declaring)
  const [open, setOpen] = useState<string>()
  const may = role === 'officer' || role === 'supervisor'
  return (
    <div className={classes.pane} data-test="outages">
      {may && (
        <Part title={t('desk.declare')}>
          {form ? (
            <Declare
              onDone={(number) => {
                setForm(false)
                setOpen(number)
                if (number) onDeclared()
              }}
            />
          ) : (
            <Act icon="warn" onClick={() => setForm(true)} data-test="declare">
              {t('desk.declare')}
            </Act>
          )}
        </Part>
      )}
      <Answer of={outages} rows={4}>
        {(all) => (all.length === 0 ? <Empty>{t('desk.noOutages')}</Empty> : all.map((one) => <One key={one.number} one={one} open={one.number === open} onOpen={() => setOpen(one.number === open ? undefined : one.number)} may={may} />))}
      </Answer>
    </div>
  )
}

function Declare({ onDone }: { onDone: (number?: string) => void }) {
  const { t } = useTranslation()
  const declare = useDeclareOutage()
  const [cause, setCause] = useState<string>('state')
  const [scope, setScope] = useState<string>('iapi')
  const [note, setNote] = useState('')
  const rule = declare.error instanceof Failure ? (declare.error.problem as { rule?: string }).rule : undefined
  return (
    <form
      data-test="outage-form"
      onSubmit={(event) => {
        event.preventDefault()
        declare.mutate({ cause, scope, ...(note.trim() ? { note: note.trim() } : {}) }, { onSuccess: ({ number }) => onDone(number) })
      }}
    >
      <div className={classes.form}>
        <label>
          <span className={classes.label}>{t('desk.causeLabel')}</span>
          <select className={classes.input} value={cause} onChange={(event) => setCause(event.target.value)}>
            {outageCauses.map((one) => (
              <option key={one} value={one}>{t(`desk.cause.${one}`)}</option>
            ))}
          </select>
        </label>
        <label>
          <span className={classes.label}>{t('desk.scopeLabel')}</span>
          <select className={classes.input} value={scope} onChange={(event) => setScope(event.target.value)}>
            {outageScopes.map((one) => (
              <option key={one} value={one}>{t(`desk.scope.${one}`)}</option>
            ))}
          </select>
        </label>
        <label className={classes.wide}>
          <span className={classes.label}>{t('desk.noteLabel')}</span>
          <input className={classes.input} dir="auto" value={note} onChange={(event) => setNote(event.target.value)} data-test="outage-note" />
        </label>
      </div>
      <p className={classes.note}>{t('desk.declareWill')}</p>
      {rule ? <p className={classes.bad} role="alert">{t(`desk.outageRule.${rule}`, { defaultValue: rule })}</p> : <ActFailed error={declare.error} />}
      <div className={classes.acts}>
        <Act primary type="submit" disabled={declare.isPending} data-test="outage-send">{t('desk.declareSend')}</Act>
        <Act onClick={() => onDone()}>{t('rules.notNow')}</Act>
      </div>
    </form>
  )
}

function One({ one, open, onOpen, may }: { one: Outage; open: boolean; onOpen: () => void; may: boolean }) {
  const { t } = useTranslation()
  const end = useEndOutage()
  return (
    <Part
      title={
        <>
          <Code strong>{one.number}</Code> {t(`desk.cause.${one.cause}`)}
          {one.carrier && <> <Code>{one.carrier}</Code></>}
        </>
      }
      note={t(`desk.scope.${one.scope}`, { defaultValue: one.scope })}
    >
      <div className={classes.said} data-test="outage" data-number={one.number} data-open={!one.to || undefined}>
        <span>
          <Instant at={one.from} dateToo /> – {one.to ? <Instant at={one.to} dateToo /> : <Tag tone="high">{t('desk.lasts')}</Tag>}
        </span>
        {one.grace_until && (
          <span className={classes.quiet}>
            {t('desk.grace')} <Instant at={one.grace_until} dateToo />
          </span>
        )}
        <span>
          {t('desk.declaredBy')} <bdi>{one.declared_by}</bdi>
        </span>
        {one.note && <bdi className={classes.quiet}>{one.note}</bdi>}
      </div>
      <ActFailed error={end.error} />
      <div className={classes.acts}>
        {!one.to && may && (
          <Act disabled={end.isPending} onClick={() => end.mutate(one.number)} data-test="outage-end">
            {t('desk.end', { number: `\u2066${one.number}\u2069` })}
          </Act>
        )}
        <Act aria-pressed={open} onClick={onOpen}>{t('desk.caughtUp')}</Act>
      </div>
      {open && <CaughtUp number={one.number} />}
    </Part>
  )
}

function CaughtUp({ number: of }: { number: string }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const file = useOutage(of)
  return (
    <Answer of={file} rows={3}>
      {(known) => (
        <>
          <p className={classes.said}>
            <span>{t(known.caught_up ? 'desk.allIn' : 'desk.notAllIn')}</span>
            <span>{t('desk.overridesCount', { count: known.overrides ?? 0, many: number(known.overrides ?? 0, speech) })}</span>
            <span>{t('desk.provisionalCount', { count: known.provisional ?? 0, many: number(known.provisional ?? 0, speech) })}</span>
          </p>
          {!!known.flights?.length && (
            <table className={classes.table}>
              <thead>
                <tr>
                  <th scope="col">{t('lanes.flight')}</th>
                  <th scope="col">{t('desk.due')}</th>
                  <th scope="col">{t('desk.received')}</th>
                  <th scope="col">{t('desk.timely')}</th>
                </tr>
              </thead>
              <tbody>
                {known.flights.map((flight) => (
                  <tr key={flight.id}>
                    <td>
                      <Code>{designator(flight)}</Code> <Route from={flight.from} to={flight.to} /> {flight.airborne && <Tag tone="medium">{t('phase.airborne')}</Tag>}
                    </td>
                    <td><Instant at={flight.due} dateToo /></td>
                    <td><Instant at={flight.received} dateToo /></td>
                    <td className={flight.timely ? classes.good : classes.bad}>{t(`desk.timeliness.${flight.why ?? (flight.timely ? 'in_time' : 'missing')}`)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </>
      )}
    </Answer>
  )
}
