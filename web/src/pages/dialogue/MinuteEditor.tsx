import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AgendaItem, type Meeting, type Reservation, useMinute } from '../../api/dialogue'
import { useHome } from '../../app/home'
import { ActFailed } from '../../ui/Faces'
import { Act, Instant, Tag } from '../../ui/parts'
import classes from './MinuteEditor.module.css'

const languages = ['en', 'ar'] as const

/** The agreed words of an item in both languages side by side, one of them authentic, and what each side reserves. */
export function MinuteEditor({ item, meeting, land }: { item: AgendaItem; meeting: Meeting; land: (party: string) => string }) {
  const { t } = useTranslation()
  const { role } = useHome()
  const minute = useMinute(meeting.id)
  const writes = role === 'supervisor' && meeting.state === 'draft' && meeting.host === meeting.own
  const [texts, setTexts] = useState({ en: item.minute?.en ?? '', ar: item.minute?.ar ?? '' })
  const [reservations, setReservations] = useState<Reservation[]>(item.minute?.reservations ?? [])
  const changed = texts.en !== (item.minute?.en ?? '') || texts.ar !== (item.minute?.ar ?? '') || JSON.stringify(reservations) !== JSON.stringify(item.minute?.reservations ?? [])
  const save = () => minute.mutate({ item: item.id, en: texts.en.trim(), ar: texts.ar.trim(), reservations: reservations.filter((one) => one.en?.trim() || one.ar?.trim()), version: meeting.version })
  const reserve = (at: number, change: Partial<Reservation>) => setReservations((was) => was.map((one, place) => (place === at ? { ...one, ...change } : one)))
  if (!writes)
    return item.minute?.en || item.minute?.ar ? (
      <div className={classes.read}>
        {languages.map(
          (language) =>
            item.minute?.[language] && (
              <p key={language} lang={language} dir={language === 'ar' ? 'rtl' : 'ltr'}>
                {item.minute[language]}
              </p>
            ),
        )}
        {(item.minute?.reservations ?? []).map((one) => (
          <p key={one.party} className={classes.quiet}>
            {t('minute.reserves', { party: land(one.party) })} <bdi>{one.en}</bdi> <bdi lang="ar">{one.ar}</bdi>
          </p>
        ))}
      </div>
    ) : (
      <p className={classes.none}>{t('minute.none')}</p>
    )
  return (
    <div className={classes.write} data-test="minute">
      <div className={classes.pair}>
        {languages.map((language) => (
          <div key={language}>
            <p className={classes.label}>
              <label htmlFor={`minute-${language}-${item.id}`}>{t(`minute.${language}`)}</label> {meeting.authentic === language && <Tag>{t('minute.authentic')}</Tag>}
            </p>
            <Textarea id={`minute-${language}-${item.id}`} lang={language} dir={language === 'ar' ? 'rtl' : 'ltr'} rows={4} value={texts[language]} onChange={(event) => setTexts({ ...texts, [language]: event.currentTarget.value })} classNames={{ input: classes.input }} data-test={`minute-${language}`} />
          </div>
        ))}
      </div>
      {reservations.map((one, at) => (
        <div key={one.party} className={classes.pair}>
          {languages.map((language) => (
            <div key={language}>
              <p className={classes.label}>
                <label htmlFor={`reserve-${one.party}-${language}-${item.id}`}>{t('minute.reserves', { party: land(one.party) })}</label>
              </p>
              <Textarea id={`reserve-${one.party}-${language}-${item.id}`} lang={language} dir={language === 'ar' ? 'rtl' : 'ltr'} rows={2} value={one[language] ?? ''} onChange={(event) => reserve(at, { [language]: event.currentTarget.value })} classNames={{ input: classes.input }} />
            </div>
          ))}
        </div>
      ))}
      <div className={classes.acts}>
        <Act primary disabled={!changed || minute.isPending} onClick={save} data-test="minute-save">
          {t('minute.save')}
        </Act>
        {[meeting.own, meeting.partner]
          .filter((party) => !reservations.some((one) => one.party === party))
          .map((party) => (
            <Act key={party} onClick={() => setReservations((was) => [...was, { party }])}>
              {t('minute.reserve', { party: land(party) })}
            </Act>
          ))}
        {item.minute?.at && (
          <span className={classes.quiet}>
            {t('minute.saved')} <Instant at={item.minute.at} dateToo /> <bdi>{item.minute.by}</bdi>
          </span>
        )}
      </div>
      <ActFailed error={minute.error} />
    </div>
  )
}
