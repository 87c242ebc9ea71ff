import { useTranslation } from 'react-i18next'
import type { Consignment, Party } from '../../api/cargo'
import { useSpeech } from '../../app/home'
import { country } from '../../format/exchange'
import { fallen, standing } from '../../format/finding'
import { number } from '../../format/time'
import { FindingCard, Withdrawn } from '../../ui/FindingCard'
import { Icon } from '../../ui/Icon'
import { Code, Day, Name } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import classes from './cargo.module.css'

/** Who sends and who receives, exactly as filed, and beside each what it met. */
export function Parties({ of }: { of: Consignment }) {
  return (
    <div className={classes.parties} data-test="parties">
      {(of.parties ?? []).map((one) => (
        <PartyCard key={`${one.role}-${one.subject}`} one={one} />
      ))}
    </div>
  )
}

function PartyCard({ one }: { one: Party }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const found = standing(one.findings ?? [])
  const place = [one.street, one.place, one.state, one.postcode].filter(Boolean).join(', ')
  return (
    <article className={classes.party} data-test={`party-${one.role}`}>
      <h4>
        {t(`cargo.role.${one.role}`)}
        {one.form && <span>{t(`cargo.form.${one.form}`)}</span>}
      </h4>
      <p className={classes.title}>
        <Name>{one.name}</Name>
        {one.truncated && <span className={classes.quiet} title={t('cargo.truncated')}> …</span>}
      </p>
      {place && <p><bdi>{place}</bdi></p>}
      {one.country && <p><bdi>{country(one.country, speech.language)}</bdi></p>}
      {(one.contacts ?? []).map((contact) => (
        <p key={contact.kind + contact.value}><Code>{contact.value}</Code></p>
      ))}
      {(one.account || one.tax_id) && (
        <p>
          {one.account && <>{t('cargo.account')} <Code>{one.account}</Code> </>}
          {one.tax_id && <>{t('cargo.taxId')} <Code>{one.tax_id}</Code></>}
        </p>
      )}
      {one.known && (
        <p className={classes.known}>
          {one.known.consignments > 0 ? (
            <>
              {t('cargo.seenBefore', { count: one.known.consignments })}
              {one.known.first_seen && <>{t('list.comma')}{t('cargo.since')} <Day of={one.known.first_seen.slice(0, 10)} /></>}
            </>
          ) : (
            t('cargo.seenFirst')
          )}
          {one.known.firms_at_address > 1 && <>{t('list.comma')}{t('cargo.firmsAt', { count: one.known.firms_at_address, firms: number(one.known.firms_at_address, speech) })}</>}
        </p>
      )}
      {(one.doubts ?? []).map((doubt) => (
        <p key={doubt.rule + (doubt.field ?? '')} className={classes.doubt}>
          <Icon name="warn" size={13} /> <bdi>{doubt.message}</bdi>
        </p>
      ))}
      {found.map((finding) => (
        <FindingCard key={`${finding.engine}-${finding.matched}`} finding={finding} />
      ))}
    </article>
  )
}

/** What rules and alarms say of the consignment itself. */
export function OwnFindings({ of }: { of: Consignment }) {
  const { t } = useTranslation()
  const found = standing(of.own_findings ?? [])
  const gone = fallen(of.own_findings ?? [])
  return (
    <>
      <Part title={t('passenger.findings')}>
        {found.length === 0 ? <p className={classes.quiet}>{t('cargo.noFindings')}</p> : found.map((finding) => <FindingCard key={`${finding.engine}-${finding.matched}`} finding={finding} />)}
      </Part>
      {gone.length > 0 && (
        <Part title={t('finding.withdrawn')}>
          <Withdrawn findings={gone} />
        </Part>
      )}
    </>
  )
}
