import { Textarea } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Dismissal, dismissalStates, useDismissals, useRevoke } from '../../api/dismissals'
import type { List } from '../../api/types'
import { useHome } from '../../app/home'
import { Segments } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer, Empty } from '../../ui/Faces'
import { Act, Code, Instant, Name, Tag } from '../../ui/parts'
import classes from './panes.module.css'

// A reason shorter than this is no reason.
const shortest = 10

/** Whom people decided not to be an entry of this list: what is left alone because of it, until when, and the way back. */
export function Dismissals({ list }: { list: List }) {
  const { t } = useTranslation()
  const dismissals = useDismissals(list.name)
  const [state, setState] = useState<Dismissal['state']>('holds')
  return (
    <div className={classes.pane} data-test="dismissals">
      <Answer of={dismissals} rows={6}>
        {(all) =>
          all.length === 0 ? (
            <Empty>{t('dismissals.none')}</Empty>
          ) : (
            <>
              <div className={desk.part}>
                <Segments label={t('lists.show')} value={state} onChange={setState} options={dismissalStates.map((value) => ({ value, label: t(`dismissals.state.${value}`), count: all.filter((one) => one.state === value).length }))} />
              </div>
              {!all.some((one) => one.state === state) && <Empty>{t('dismissals.noneSuch')}</Empty>}
              {all
                .filter((one) => one.state === state)
                .map((one) => (
                  <One key={one.id} one={one} list={list.name} />
                ))}
            </>
          )
        }
      </Answer>
    </div>
  )
}

function One({ one, list }: { one: Dismissal; list: string }) {
  const { t } = useTranslation()
  const { role } = useHome()
  const revoke = useRevoke(list)
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const ready = reason.trim().length >= shortest && !revoke.isPending
  return (
    <article className={classes.proposal} data-test="dismissal" data-state={one.state}>
      <div className={classes.proposalHead}>
        <strong>
          {t('dismissals.not')} <Name>{one.name || one.entry}</Name>
        </strong>
        <Code quiet>{one.entry}</Code>
        <Tag tone={one.state === 'holds' ? 'trusted' : 'plain'}>{t(`dismissals.state.${one.state}`)}</Tag>
        <span className={classes.push}>
          <bdi>{one.by}</bdi> <Instant at={one.decided} dateToo />
        </span>
      </div>
      <p className={classes.said}>
        <bdi>{one.reason}</bdi>
      </p>
      <p>
        {t('dismissals.until')} <Instant at={one.until} dateToo />
        {t('list.comma')}
        <Link to="/people/$id" params={{ id: one.subject }} className={desk.link}>
          {t('dismissals.whom')}
        </Link>
      </p>
      {one.revoked_by && (
        <p>
          <bdi>{one.revoked_by}</bdi> <Instant at={one.revoked} dateToo /> <bdi className={classes.was}>{one.revocation_reason}</bdi>
        </p>
      )}
      {one.state === 'holds' && role === 'supervisor' && !asking && (
        <div className={classes.acts}>
          <Act onClick={() => setAsking(true)} data-test="revoke">
            {t('dismissals.revoke')}
          </Act>
        </div>
      )}
      {asking && one.state === 'holds' && (
        <>
          <p className={classes.note}>{t('dismissals.will')}</p>
          <Textarea label={t('dismissals.why')} rows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} dir="auto" autoFocus classNames={{ label: classes.label, input: classes.input }} data-test="revoke-reason" />
          <ActFailed error={revoke.error} />
          <div className={classes.acts}>
            <Act primary disabled={!ready} onClick={() => revoke.mutate({ id: one.id, reason: reason.trim() })} data-test="revoke-send">
              {t('dismissals.revoke')}
            </Act>
            <Act onClick={() => setAsking(false)}>{t('rules.notNow')}</Act>
          </div>
        </>
      )}
    </article>
  )
}
