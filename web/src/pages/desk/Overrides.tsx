import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Override, overrideCodes, useOverride, useOverrides, useRates } from '../../api/desk'
import { Failure } from '../../api/client'
import { useHome, useNow, useSpeech } from '../../app/home'
import { designator } from '../../format/flight'
import { number } from '../../format/time'
import { ActFailed, Answer, Empty } from '../../ui/Faces'
import { type Column, Grid } from '../../ui/Grid'
import { Act, Code, Instant, Name } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import classes from './desk.module.css'
import { VerdictWord } from './parts'

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)

/** What was done beside the answers, by whom and on which word; and how often, by carrier and station. */
export function Overrides() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const today = dayOf(useNow(60_000))
  const [from, setFrom] = useState(today)
  const [to, setTo] = useState(today)
  const [at, setAt] = useState<string>()
  const overrides = useOverrides(from, to)
  const rates = useRates(from, to, role !== 'analyst')
  const columns: Column<Override>[] = [
    { id: 'at', head: t('audit.at'), cell: (one) => <Instant at={one.at} dateToo /> },
    { id: 'code', head: t('desk.code'), cell: (one) => <Code strong>{one.code}</Code> },
    { id: 'flight', head: t('lanes.flight'), cell: (one) => <Code>{designator(one.flight)}</Code> },
    { id: 'name', head: t('lanes.passenger'), cell: (one) => <Name>{one.name}</Name> },
    { id: 'verdict', head: t('desk.toldThen'), cell: (one) => <VerdictWord of={one.verdict} /> },
    { id: 'reference', head: t('desk.word'), cell: (one) => <Code quiet>{one.reference ?? one.outage}</Code> },
    { id: 'text', head: t('desk.text'), cell: (one) => <bdi title={one.text}>{one.text}</bdi> },
    { id: 'by', head: t('desk.by'), cell: (one) => <span><bdi>{one.agent ?? one.by}</bdi> <Code quiet>{[one.carrier, one.station].filter(Boolean).join(' ')}</Code></span> },
  ]
  return (
    <div className={classes.pane} data-test="overrides">
      <Part title={t('desk.overridesTitle')} note={t('desk.overrideNote')}>
        <div className={classes.acts}>
          <label>
            {t('desk.from')} <input className={classes.input} type="date" dir="ltr" value={from} max={to} onChange={(event) => event.target.value && setFrom(event.target.value)} />
          </label>
          <label>
            {t('desk.to')} <input className={classes.input} type="date" dir="ltr" value={to} min={from} onChange={(event) => event.target.value && setTo(event.target.value)} />
          </label>
        </div>
      </Part>
      {!!rates.data?.length && (
        <Part title={t('desk.rates')}>
          <table className={classes.table} data-test="rates">
            <thead>
              <tr>
                <th scope="col">{t('desk.carrier')}</th>
                <th scope="col">{t('desk.station')}</th>
                <th scope="col">{t('desk.questions')}</th>
                <th scope="col">{t('desk.overridesTitle')}</th>
                <th scope="col">{t('desk.share')}</th>
                <th scope="col">{t('desk.code')}</th>
              </tr>
            </thead>
            <tbody>
              {rates.data.map((one) => (
                <tr key={`${one.carrier} ${one.station}`}>
                  <td><Code>{one.carrier}</Code></td>
                  <td><Code>{one.station}</Code></td>
                  <td>{number(one.questions, speech)}</td>
                  <td>{number(one.overrides, speech)}</td>
                  <td><bdi dir="ltr">{`${(one.rate * 100).toFixed(1)} %`}</bdi></td>
                  <td>{Object.entries(one.by_code ?? {}).map(([code, count]) => <span key={code}><Code>{code}</Code> {number(count, speech)} </span>)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Part>
      )}
      <Answer of={overrides} rows={6}>
        {(all) => (all.length === 0 ? <Empty>{t('desk.noOverrides')}</Empty> : <div className={classes.list}><Grid label={t('desk.overridesTitle')} className={classes.rows} lines={all.map((row) => ({ kind: 'row' as const, key: row.id, row }))} columns={columns} selected={at} onSelect={setAt} wide /></div>)}
      </Answer>
    </div>
  )
}

/** An override is a fact beside the answer: what was done on whose word. The answer stays what it is. */
export function OverrideForm({ passenger, reference, onDone }: { passenger: string; reference: string; onDone: () => void }) {
  const { t } = useTranslation()
  const override = useOverride()
  const [code, setCode] = useState<string>('GOV')
  const [outage, setOutage] = useState('')
  const [text, setText] = useState('')
  const rule = override.error instanceof Failure ? (override.error.problem as { rule?: string }).rule : undefined
  const ready = text.trim() !== '' && (code !== 'OUT' || outage.trim() !== '') && !override.isPending
  return (
    <form
      data-test="override-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) override.mutate({ code, passenger, text: text.trim(), ...(code === 'OUT' ? { outage: outage.trim() } : { reference }) }, { onSuccess: onDone })
      }}
    >
      <div className={classes.form}>
        <label>
          <span className={classes.label}>{t('desk.code')}</span>
          <select className={classes.input} value={code} onChange={(event) => setCode(event.target.value)}>
            {overrideCodes.map((one) => (
              <option key={one} value={one}>{`${one} · ${t(`desk.override.${one}`)}`}</option>
            ))}
          </select>
        </label>
        {code === 'OUT' && (
          <label>
            <span className={classes.label}>{t('desk.outageNumber')}</span>
            <input className={classes.input} dir="ltr" value={outage} onChange={(event) => setOutage(event.target.value)} placeholder="OUT-2026-014" />
          </label>
        )}
        <label className={classes.wide}>
          <span className={classes.label}>{t('desk.text')}</span>
          <input className={classes.input} dir="auto" value={text} onChange={(event) => setText(event.target.value)} data-test="override-text" />
        </label>
      </div>
      {rule ? <p className={classes.bad} role="alert">{t(`desk.overrideRule.${rule}`, { defaultValue: rule })}</p> : <ActFailed error={override.error} />}
      <div className={classes.acts}>
        <Act primary type="submit" disabled={!ready} data-test="override-send">{t('desk.recordOverride')}</Act>
        <Act onClick={onDone}>{t('rules.notNow')}</Act>
      </div>
    </form>
  )
}
