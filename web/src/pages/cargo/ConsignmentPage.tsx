import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Consignment, useConsignment } from '../../api/cargo'
import { useHome, useNow } from '../../app/home'
import { useKeys } from '../../app/keys'
import { consignmentRoute } from '../../app/router'
import { caseNumber } from '../../format/finding'
import desk from '../../ui/desk.module.css'
import { Answer } from '../../ui/Faces'
import { StatusNote } from '../../ui/Grid'
import { Act, Code, Day, Route, Tag } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import { SharePane } from '../exchange/SharePane'
import classes from './cargo.module.css'
import { Filings } from './Filings'
import { Goods } from './Goods'
import { OwnFindings, Parties } from './Parties'
import { Cutoff, StateTag } from './parts'
import { TreePane } from './TreePane'

/** One consignment: where it hangs, who sends what to whom as it was filed, and everything that was filed and sent about it. */
export function ConsignmentPage() {
  const { id } = consignmentRoute.useParams()
  const file = useConsignment(id)
  const navigate = useNavigate()
  const [sharing, setSharing] = useState(false)
  const { t } = useTranslation()
  const { role } = useHome()
  const known = file.data
  useKeys({
    'list.back': () => void navigate({ to: '/cargo/departures', search: { departure: known?.flight && known.date ? `${known.flight}.${known.date}` : undefined, at: id } }),
    ...(known?.cases?.length ? { 'case.decide': () => void navigate({ to: '/cargo/referrals/{-$id}', params: { id } }) } : {}),
  })
  useEffect(() => {
    document.title = `${known?.house ?? known?.master ?? t('place.consignments')} · Rihla`
  }, [known, t])
  return (
    <div className={`${desk.desk} ${classes.desk}`} data-item data-open={sharing || undefined}>
      <section className={desk.list} aria-label={t('cargo.tree')}>
        {known?.tree && <TreePane tree={known.tree} at={id} />}
      </section>
      <section className={desk.middle} data-test="consignment">
        <Answer of={file}>{(one) => <Sheet one={one} onShare={role === 'targeter' || role === 'supervisor' ? () => setSharing(true) : undefined} />}</Answer>
      </section>
      <aside className={desk.last}>
        {known &&
          (sharing ? (
            <SharePane item={id} title={known.house ?? known.master} categories={['security-referral', 'consignment']} caseRef={known.cases?.[0] && caseNumber(known.cases[0].number)} onClose={() => setSharing(false)} />
          ) : (
            <Filings of={known} />
          ))}
      </aside>
      <StatusNote>{t('case.audited')}</StatusNote>
    </div>
  )
}

function Sheet({ one, onShare }: { one: Consignment; onShare?: () => void }) {
  const { t } = useTranslation()
  return (
    <>
      <ConsignmentHead one={one}>
        {!!one.cases?.length && (
          <Link to="/cargo/referrals/{-$id}" params={{ id: one.id }} className={classes.link} data-test="to-referral">
            {t('cargo.toReferral')}
          </Link>
        )}
        {onShare && (
          <Act icon="send" className={classes.whole} onClick={onShare} data-test="share">
            {t('give.share')}
          </Act>
        )}
      </ConsignmentHead>
      <Part title={t('cargo.parties')} note={t('cargo.asFiled')}>
        <Parties of={one} />
      </Part>
      <Part title={t('cargo.goods')}>
        <Goods of={one} />
      </Part>
      <OwnFindings of={one} />
    </>
  )
}

/** What it is, where it stands, and when it can no longer be stopped. */
export function ConsignmentHead({ one, children }: { one: Consignment; children?: React.ReactNode }) {
  const { t } = useTranslation()
  const now = useNow()
  const gone = one.state === 'departed' || one.state === 'arrived' || one.state === 'cancelled'
  return (
    <header className={desk.head}>
      <div className={desk.headLine}>
        <h1>
          <Code strong>{one.house ?? one.master}</Code>
        </h1>
        <span>{t(`cargo.kind.${one.kind}`)}</span>
        <StateTag state={one.state} hold={one.hold} />
        {one.answered && <Tag tone="trusted">{t('cargo.answered')}</Tag>}
        <span className={desk.push} />
        {children}
      </div>
      <div className={desk.headLine}>
        {one.house && (
          <span>
            {t('cargo.under')} <Code>{one.master}</Code>
          </span>
        )}
        {one.origin && one.destination && <Route from={one.origin} to={one.destination} strong="both" />}
        {one.flight && (
          <Link to="/cargo/departures" search={{ departure: `${one.flight}.${one.date ?? ''}`, at: one.id }} className={classes.link}>
            <Code>{one.flight}</Code> <Day of={one.date} />
          </Link>
        )}
        {one.part && <Tag>{t('cargo.part')}</Tag>}
        {(one.flags ?? []).map((flag) => (
          <Tag key={flag} tone="medium" icon="warn">
            {t(`cargo.flag.${flag}`, { defaultValue: flag })}
          </Tag>
        ))}
        <span className={desk.push} />
        {one.cutoff && (
          <span>
            {t('cargo.cutoff')} <Cutoff at={one.cutoff} now={now} gone={gone} />
          </span>
        )}
      </div>
    </header>
  )
}
