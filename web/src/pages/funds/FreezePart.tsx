import { NativeSelect, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Freeze, useFreezeAnswer } from '../../api/funds'
import { useNow } from '../../app/home'
import { relative } from '../../format/time'
import { ActFailed } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { Act, Instant } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import classes from './funds.module.css'
import { Amount } from './parts'

const answers = ['frozen', 'nothing', 'false_name'] as const

/** A designation met: until when it must be settled, what was ordered, and what each institution answered. */
export function FreezePart({ of, party }: { of: Freeze; party: string }) {
  const { t } = useTranslation()
  const now = useNow(1000)
  const add = useFreezeAnswer(of.case, party)
  const [entity, setEntity] = useState('')
  const [answer, setAnswer] = useState<string>('frozen')
  const [sum, setSum] = useState('')
  const [currency, setCurrency] = useState('USD')
  const due = Date.parse(of.due)
  const styles = { label: classes.label, input: classes.input }
  return (
    <Part
      title={t('funds.freeze')}
      note={
        of.state === 'pending' ? (
          <span className={due < now ? classes.late : undefined}>
            <Icon name="clock" size={12} /> {t(due < now ? 'funds.freezeLate' : 'funds.freezeDue', { when: relative(due, now, t) })}
          </span>
        ) : (
          t(`funds.freezeState.${of.state}`)
        )
      }
    >
      <ul className={classes.facts} data-test="freeze">
        <li><span>{t('funds.freezeStarted')}</span> <Instant at={of.started} dateToo /></li>
        {of.ordered_at && <li><span>{t('funds.ordered')}</span> <Instant at={of.ordered_at} dateToo /></li>}
        {(of.totals ?? []).map((total) => (
          <li key={total.currency}><span>{t('funds.frozenTotal')}</span> <Amount of={total.amount} currency={total.currency} /></li>
        ))}
        <li>
          <Link to="/queue/{-$id}" params={{ id: of.case }} className={classes.link}>
            {t('passenger.openCase')}
          </Link>
        </li>
      </ul>
      {(of.answers ?? []).map((said) => (
        <p key={said.id} className={classes.note}>
          <bdi>{said.entity}</bdi>: {t(`funds.freezeAnswer.${said.answer}`)} <Amount of={said.amount} currency={said.currency} />
          {t('list.comma')}
          <Instant at={said.at} dateToo />
        </p>
      ))}
      {(of.state === 'frozen' || of.state === 'licensed') && (
        <>
          <div className={classes.form}>
            <TextInput label={t('funds.entity')} value={entity} dir="auto" onChange={(event) => setEntity(event.currentTarget.value)} classNames={styles} />
            <NativeSelect label={t('funds.itsAnswer')} value={answer} onChange={(event) => setAnswer(event.currentTarget.value)} data={answers.map((value) => ({ value, label: t(`funds.freezeAnswer.${value}`) }))} classNames={styles} />
            {answer === 'frozen' && <TextInput label={t('funds.amount')} value={sum} inputMode="decimal" dir="ltr" onChange={(event) => setSum(event.currentTarget.value)} classNames={styles} />}
            {answer === 'frozen' && <TextInput label={t('funds.currency')} value={currency} maxLength={3} dir="ltr" onChange={(event) => setCurrency(event.currentTarget.value)} classNames={styles} />}
          </div>
          <div className={classes.acts}>
            <Act disabled={!entity.trim() || (answer === 'frozen' && !sum) || add.isPending} onClick={() => add.mutate({ entity: entity.trim(), answer, ...(answer === 'frozen' ? { amount: sum, currency: currency.toUpperCase() } : {}) }, { onSuccess: () => { setEntity(''); setSum('') } })}>
              {t('funds.takeAnswer')}
            </Act>
          </div>
          <ActFailed error={add.error} />
        </>
      )}
    </Part>
  )
}
