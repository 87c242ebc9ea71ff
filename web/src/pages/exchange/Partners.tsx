import { useTranslation } from 'react-i18next'
import { type Partner, useAgreements, usePartners } from '../../api/exchange'
import { useNow, useSpeech } from '../../app/home'
import { country } from '../../format/exchange'
import { number, relative } from '../../format/time'
import { Instant } from '../../ui/parts'
import classes from './Partners.module.css'

// A partner who has been away this long is said to be away.
const awayMs = 30 * 60_000

/** Each partner: reachable or not, what waits for it and since when, and how far both logs are known to agree. */
export function Partners() {
  const partners = usePartners()
  const agreements = useAgreements()
  const parties = new Map((agreements.data ?? []).flatMap((one) => one.parties.map((party) => [party.id, party.country])))
  if (!partners.data?.length) return null
  return (
    <footer className={classes.partners} data-test="partners">
      {partners.data.map((one) => (
        <One key={one.party} one={one} land={parties.get(one.party) ?? one.party} />
      ))}
    </footer>
  )
}

function One({ one, land }: { one: Partner; land: string }) {
  const { t } = useTranslation()
  const now = useNow()
  const speech = useSpeech()
  const seen = Date.parse(one.last_seen ?? '')
  const oldest = Date.parse(one.oldest_waiting ?? '')
  const away = !one.online && now - (Number.isNaN(seen) ? 0 : seen) > awayMs
  return (
    <div className={classes.one} data-online={one.online}>
      <p className={classes.name}>
        <span className={classes.pulse} aria-hidden="true" />
        <strong>{country(land, speech.language)}</strong>
        <span className={one.online ? classes.on : classes.off}>{t(one.online ? 'partner.online' : 'partner.offline')}</span>
      </p>
      {!one.online && !Number.isNaN(seen) && <p>{t('partner.seen', { when: relative(seen, now, t) })}</p>}
      {!!one.waiting && <p className={away ? classes.late : undefined}>{t('partner.waiting', { count: one.waiting })}{!Number.isNaN(oldest) && <>{t('list.comma')}{t('partner.oldest', { when: relative(oldest, now, t) })}</>}</p>}
      {one.disagrees && <p className={classes.late} role="alert">{t('partner.disagrees')}</p>}
      {one.last_head?.size ? (
        <p>
          {t('partner.head', { entry: number(one.last_head.size, speech) })} {one.last_head.at && <Instant at={one.last_head.at} dateToo />}
        </p>
      ) : (
        <p>{t('partner.noHead')}</p>
      )}
    </div>
  )
}
