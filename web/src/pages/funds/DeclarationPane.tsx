import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Declaration, useDeclaration } from '../../api/funds'
import { useHome } from '../../app/home'
import desk from '../../ui/desk.module.css'
import { Answer } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { Act, Code, Day, goTo, Instant } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import { SharePane } from '../exchange/SharePane'
import classes from './funds.module.css'
import { Amount, ClassTag, PartyLink } from './parts'

/** One declaration: what was said and what was counted, beside each other; who, on which flight; what the partner told. */
export function DeclarationPane({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { role } = useHome()
  const file = useDeclaration(id)
  const [sharing, setSharing] = useState(false)
  if (sharing && file.data) return <SharePane item={id} title={file.data.ref} categories={['cash-declaration']} onClose={() => setSharing(false)} />
  return (
    <>
      <header className={desk.paneHead}>
        <h2>{file.data ? <Code>{file.data.ref}</Code> : t('place.declarations')}</h2>
        {file.data && <ClassTag of={file.data.class} differs={file.data.differs} />}
        <span className={desk.push} />
        {role === 'fiu' && (
          <Act icon="send" onClick={() => setSharing(true)} data-test="share">
            {t('give.share')}
          </Act>
        )}
        <Act icon="cross" onClick={onClose} aria-label={t('funds.close')} />
      </header>
      <div className={classes.body} data-test="declaration">
        <Answer of={file}>{(one) => <Sheet one={one} />}</Answer>
      </div>
    </>
  )
}

function Sheet({ one }: { one: Declaration }) {
  const { t } = useTranslation()
  const rows = Math.max(one.items?.length ?? 0, one.counted?.length ?? 0)
  return (
    <>
      <Part title={t('funds.saidAndCounted')} note={one.checked ? (one.outcome && one.outcome !== 'none' ? t(`funds.outcome.${one.outcome}`, { defaultValue: one.outcome }) : t('funds.checked')) : t('funds.notChecked')}>
        <table className={classes.table} data-test="amounts">
          <thead>
            <tr>
              <th scope="col">{t('funds.kindLabel')}</th>
              <th scope="col" className={classes.num}>{t('funds.said')}</th>
              <th scope="col" className={classes.num}>{t('funds.counted')}</th>
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: rows }, (_, at) => {
              const [said, counted] = [one.items?.[at], one.counted?.[at]]
              return (
                <tr key={at}>
                  <td>{t(`funds.cash.${said?.kind ?? counted?.kind ?? 'banknotes'}`, { defaultValue: said?.kind })}</td>
                  <td className={classes.num}>{said && (said.amount ? <Amount of={said.amount} currency={said.currency} /> : t('funds.grams', { grams: said.weight_g }))}</td>
                  <td className={classes.num}>{counted ? <Amount of={counted.amount} currency={counted.currency} /> : '–'}</td>
                </tr>
              )
            })}
            <tr>
              <td><strong>{t('funds.together')}</strong></td>
              <td className={classes.num}><strong><Amount of={one.value_usd} currency="USD" /></strong></td>
              <td className={classes.num}>{one.counted_usd ? <strong className={one.differs ? classes.late : undefined}><Amount of={one.counted_usd} currency="USD" /></strong> : '–'}</td>
            </tr>
          </tbody>
        </table>
        {(one.rates ?? []).map((rate) => (
          <p key={`${rate.from}${rate.day}`} className={classes.note}>
            <bdi dir="ltr">{`1 ${rate.from} = ${rate.value} ${rate.to}`}</bdi>
            {t('list.comma')}
            <bdi>{rate.source}</bdi>
            {t('list.comma')}
            <Day of={rate.day} />
          </p>
        ))}
        {one.threshold && (
          <p className={classes.note}>
            {one.threshold.amount ? <>{t(`funds.line.${one.threshold.op === '>=' ? 'from' : 'above'}`)} <Amount of={one.threshold.amount} currency={one.threshold.currency} /></> : t('funds.line.asked')}
            {one.duty && <>{t('list.comma')}<strong>{t('funds.duty')}</strong></>}
          </p>
        )}
      </Part>
      <Part title={t('funds.who')}>
        <div className={classes.parties}>
          {(one.parties?.length ? one.parties : [one.by]).map((party, at) => (
            <PartyLink key={at} of={party} role />
          ))}
        </div>
        <ul className={classes.facts}>
          <li><span>{t('funds.made')}</span> <Instant at={one.made_at} dateToo /></li>
          <li><span>{t(`funds.direction.${one.direction}`)}</span> <Code>{one.port}</Code></li>
          {one.flight && <li><span>{t('flights.flight')}</span> <Code>{one.flight}</Code> <Day of={one.flight_date} /></li>}
          {!!one.route?.length && <li><span>{t('flights.route')}</span> <Code>{one.route.join(' ')}</Code></li>}
          {one.provenance && <li><span>{t('funds.provenance')}</span> <bdi>{one.provenance}</bdi></li>}
          {one.intended_use && <li><span>{t('funds.use')}</span> <bdi>{one.intended_use}</bdi></li>}
          {one.officer && <li><span>{t('funds.officer')}</span> <bdi>{one.officer}</bdi></li>}
          {one.seizure_ref && <li><span>{t('funds.seizure')}</span> <Code>{one.seizure_ref}</Code></li>}
          {one.note && <li><span>{t('funds.noteLabel')}</span> <bdi>{one.note}</bdi></li>}
        </ul>
      </Part>
      {!!one.journeys?.length && (
        <Part title={t('funds.journeys')}>
          <ul className={classes.facts}>
            {one.journeys.map((journey) => (
              <li key={journey.subject}>
                {journey.path ? (
                  <a
                    href={journey.path}
                    className={classes.link}
                    onClick={(event) => {
                      if (event.metaKey || event.ctrlKey) return
                      event.preventDefault()
                      goTo(journey.path ?? '/')
                    }}
                  >
                    <bdi>{journey.title}</bdi>
                  </a>
                ) : (
                  <bdi>{journey.title}</bdi>
                )}{' '}
                <bdi className={classes.quiet}>{journey.context}</bdi> {t(`funds.strength.${journey.strength}`, { defaultValue: journey.strength })}
              </li>
            ))}
          </ul>
        </Part>
      )}
      {!!one.partner?.length && (
        <Part title={t('funds.partner')}>
          {one.partner.map((told) => (
            <p key={told.id}>
              <strong className={told.result === 'agreed' ? undefined : classes.late}>{t(`funds.reconciled.${told.result}`)}</strong> <Amount of={told.value_usd} currency="USD" /> <Day of={told.day} /> <Code quiet>{told.flight}</Code>
            </p>
          ))}
        </Part>
      )}
      {!!one.warnings?.length && (
        <Part title={t('report.notes')}>
          {one.warnings.map((warning, at) => (
            <p key={at} className={classes.note}>
              <Icon name="warn" size={12} /> <bdi>{t(`funds.rule.${warning.rule}`, { defaultValue: warning.message })}</bdi>
            </p>
          ))}
        </Part>
      )}
      <Part title={t('cargo.cases')}>
        <ul className={classes.facts}>
          {(one.cases ?? []).map((known) => (
            <li key={known}>
              <Link to="/queue/{-$id}" params={{ id: known }} className={classes.link}>
                {t('passenger.openCase')}
              </Link>
            </li>
          ))}
          {one.report && (
            <li>
              <Link to="/reports/{-$id}" params={{ id: one.report }} className={classes.link}>
                {t('funds.filedReport')}
              </Link>
            </li>
          )}
        </ul>
      </Part>
    </>
  )
}
