import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type DeskItem, useSetStation } from '../../api/desk'
import { useHome } from '../../app/home'
import { usePrefs } from '../../app/prefs'
import { Segments } from '../../ui/bars'
import { ActFailed } from '../../ui/Faces'
import { Act } from '../../ui/parts'
import classes from './desk.module.css'

/** Whom to call and what to say, in the language that is spoken on the line. It never gives a reason. */
export function PhoneScript({ one }: { one: DeskItem }) {
  const { t } = useTranslation()
  const { language } = usePrefs()
  const { state, role } = useHome()
  const setStation = useSetStation()
  const [spoken, setSpoken] = useState<'en' | 'ar'>(language)
  const [phone, setPhone] = useState('')
  const station = one.station
  const key = one.script?.key ?? one.why
  // What a carrier is told about stays whole inside a sentence that runs the other way.
  const values = Object.fromEntries(Object.entries({ name: one.passenger.name, flight: `${one.flight.carrier}${one.flight.number}`, document: one.passenger.documents?.[0]?.number ?? '', reference: one.reference, lacking: one.answer?.lacking ?? '', carrier_reference: one.passenger.carrier_reference ?? '', reservation: one.passenger.reservation ?? '', ...one.script?.values, desk: t(`country.${state}`, { lng: spoken, defaultValue: state }) }).map(([name, value]) => [name, `\u2068${value}\u2069`]))
  const lines: unknown = t([`script.${key}`, 'script.referred'], { lng: spoken, returnObjects: true, ...values })
  return (
    <section className={classes.script} data-test="phone-script">
      <div className={classes.scriptHead}>
        <h3>{t('desk.phoneTitle')}</h3>
        <Segments
          label={t('desk.spoken')}
          value={spoken}
          onChange={setSpoken}
          options={[
            { value: 'en', label: <span lang="en">English</span> },
            { value: 'ar', label: <span lang="ar">العربية</span> },
          ]}
        />
      </div>
      <p className={classes.dial}>
        {station?.phone ? (
          <a href={`tel:${station.phone.replace(/[^+\d]/g, '')}`} dir="ltr" data-test="dial">
            {station.phone}
          </a>
        ) : (
          <span>{t('desk.noPhone')}</span>
        )}
        <span>
          <bdi dir="ltr">{[station?.carrier ?? one.flight.carrier, station?.airport ?? one.flight.from].join(' ')}</bdi> {station?.note && <bdi>{station.note}</bdi>}
        </span>
      </p>
      {!station?.phone && role !== 'analyst' && (
        <form
          className={classes.acts}
          onSubmit={(event) => {
            event.preventDefault()
            if (phone.trim()) setStation.mutate({ carrier: station?.carrier ?? one.flight.carrier, airport: station?.airport ?? one.flight.from, phone: phone.trim() })
          }}
        >
          <input className={classes.input} dir="ltr" inputMode="tel" aria-label={t('desk.phoneLabel')} placeholder="+973 …" value={phone} onChange={(event) => setPhone(event.target.value)} />
          <Act type="submit" disabled={phone.trim() === '' || setStation.isPending}>
            {t('desk.savePhone')}
          </Act>
          <ActFailed error={setStation.error} />
        </form>
      )}
      <p className={classes.dial}>
        <span>{t('desk.reference')}</span> <strong dir="ltr" data-test="desk-reference">{one.reference}</strong>
      </p>
      <ol lang={spoken} dir={spoken === 'ar' ? 'rtl' : 'ltr'}>
        {(Array.isArray(lines) ? (lines as string[]) : [String(lines)]).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
    </section>
  )
}
