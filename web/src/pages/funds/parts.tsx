import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Cash, Movement, PartyRef } from '../../api/funds'
import { useSpeech } from '../../app/home'
import { amount } from '../../format/money'
import { Icon } from '../../ui/Icon'
import { Code, Day, Tag } from '../../ui/parts'
import classes from './funds.module.css'

/** An amount with its currency, whole in Arabic too, with the decimals it came with. */
export function Amount({ of, currency }: { of?: string; currency?: string }) {
  const speech = useSpeech()
  if (!of) return null
  return (
    <bdi dir="ltr">
      {amount(of, speech)} {currency}
    </bdi>
  )
}

/** A party by name, leading to its money where it is known here. */
export function PartyLink({ of, role = false }: { of?: PartyRef; role?: boolean }) {
  const { t } = useTranslation()
  if (!of) return null
  const name = <bdi>{of.name || t('links.nameless')}</bdi>
  return (
    <span>
      {of.id ? (
        <Link to="/funds/parties/$id" params={{ id: of.id }} className={classes.link}>
          {name}
        </Link>
      ) : (
        name
      )}
      {role && of.role && <span className={classes.quiet}> {t(`funds.role.${of.role}`, { defaultValue: of.role })}</span>}
    </span>
  )
}

export function CashList({ of }: { of?: Cash[] }) {
  const { t } = useTranslation()
  return (
    <>
      {(of ?? []).map((one, at) => (
        <span key={at}>
          {at > 0 && t('list.comma')}
          {one.amount ? <Amount of={one.amount} currency={one.currency} /> : t('funds.grams', { grams: one.weight_g })}
        </span>
      ))}
    </>
  )
}

export function ClassTag({ of, differs = false }: { of: string; differs?: boolean }) {
  const { t } = useTranslation()
  return (
    <>
      <Tag tone={of === 'above' ? 'high' : of === 'below_with_indications' ? 'medium' : 'plain'}>{t(`funds.class.${of}`, { defaultValue: of })}</Tag>
      {differs && <Tag tone="critical" icon="differs">{t('funds.differs')}</Tag>}
    </>
  )
}

/** Movements as they stand in a report: who gave, who got, how much, when. */
export function Movements({ of }: { of: readonly Movement[] }) {
  const { t } = useTranslation()
  return (
    <table className={classes.table} data-test="movements">
      <thead>
        <tr>
          <th scope="col">{t('funds.day')}</th>
          <th scope="col">{t('funds.kindLabel')}</th>
          <th scope="col">{t('funds.from')}</th>
          <th scope="col">{t('funds.to')}</th>
          <th scope="col" className={classes.num}>{t('funds.amount')}</th>
        </tr>
      </thead>
      <tbody>
        {of.map((one) => (
          <tr key={one.id}>
            <td><Day of={one.day} /></td>
            <td>
              {t(`funds.movement.${one.kind}`, { defaultValue: one.kind })}
              {one.description && <div className={classes.quiet}><bdi>{one.description}</bdi></div>}
              {one.flight && <div><Code quiet>{one.flight}</Code></div>}
            </td>
            <td><PartyLink of={one.from} /></td>
            <td>
              <PartyLink of={one.to} />
              {!!one.hidden?.length && (
                <div className={classes.late}>
                  <Icon name="warn" size={12} /> {t('funds.hidden')} <bdi>{one.hidden.join(t('list.comma'))}</bdi>
                </div>
              )}
              {!!one.gaps?.length && <div className={classes.quiet}>{t('funds.gaps')} {one.gaps.map((gap) => t(`funds.gap.${gap}`, { defaultValue: gap })).join(t('list.comma'))}</div>}
            </td>
            <td className={classes.num}>
              <Amount of={one.amount} currency={one.currency} />
              {one.usd && one.currency !== 'USD' && <div className={classes.quiet}><Amount of={one.usd} currency="USD" /></div>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
