import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../api/client'
import { useKeys } from '../app/keys'
import classes from './Faces.module.css'
import { Act } from './parts'

/* The five faces of every view, at the place of its first row. */

// A wait too short to notice is not worth announcing.
const patienceMs = 150

export function Loading({ rows = 12 }: { rows?: number }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), patienceMs)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className={classes.loading} role="status" data-face="loading">
      <span className="unseen">{t('face.loading')}</span>
      {shown &&
        Array.from({ length: rows }, (_, index) => (
          <div key={index} className={classes.skeleton} aria-hidden="true">
            <span />
            <span />
            <span />
          </div>
        ))}
    </div>
  )
}

export const Empty = ({ children, act }: { children: ReactNode; act?: ReactNode }) => (
  <div className={classes.face} data-face="empty">
    <p>{children}</p>
    {act}
  </div>
)

export function NoMatch({ filters, onClear }: { filters: string[]; onClear: () => void }) {
  const { t } = useTranslation()
  useKeys({ 'list.back': onClear }, { quiet: true })
  return (
    <div className={classes.face} data-face="no-match">
      <p>{t('face.noMatch')}</p>
      <p className={classes.chips}>
        {filters.map((filter) => (
          <bdi key={filter} className={classes.chip}>
            {filter}
          </bdi>
        ))}
      </p>
      <Act act="list.back" onClick={onClear}>
        {t('face.clear')}
      </Act>
    </div>
  )
}

export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation()
  const failure = error instanceof Failure ? error : undefined
  const kind = failure?.kind ?? 'broken'
  const denied = kind === 'denied'
  return (
    <div className={classes.face} role="alert" data-face={denied ? 'denied' : 'failed'}>
      <p className={classes.strong}>{t(`failure.${kind}`)}</p>
      <p>{t(denied ? 'failure.deniedWho' : kind === 'missing' ? 'failure.missingWhy' : 'failure.stillWorks')}</p>
      {failure?.problem.detail && (
        <p className={classes.detail}>
          <bdi>{failure.problem.detail}</bdi>
        </p>
      )}
      {failure?.problem.instance && (
        <p className={classes.detail}>
          {t('failure.reference')} <bdi dir="ltr">{failure.problem.instance}</bdi>
        </p>
      )}
      {!denied && kind !== 'missing' && onRetry && <Act onClick={onRetry}>{t('failure.retry')}</Act>}
    </div>
  )
}

type Asked<T> = { data: T | undefined; error: unknown; isPending: boolean; refetch: () => unknown; dataUpdatedAt: number }

/** Shows the right face of a question; old data stays visible behind a failed refresh. */
export function Answer<T>({ of, rows, children }: { of: Asked<T>; rows?: number; children: (data: T) => ReactNode }) {
  if (of.data !== undefined)
    return (
      <>
        {of.error !== null && <Stale error={of.error} since={of.dataUpdatedAt} onRetry={() => void of.refetch()} />}
        {children(of.data)}
      </>
    )
  if (of.error) return <Failed error={of.error} onRetry={() => void of.refetch()} />
  return <Loading rows={rows} />
}

function Stale({ error, since, onRetry }: { error: unknown; since: number; onRetry: () => void }) {
  const { t } = useTranslation()
  const kind = error instanceof Failure ? error.kind : 'broken'
  const minutes = Math.floor((Date.now() - since) / 60_000)
  return (
    <div className={classes.stale} role="alert">
      <span>
        {t(`failure.${kind}`)} {t('failure.age', { count: minutes })}
      </span>
      <button type="button" onClick={onRetry}>
        {t('failure.retry')}
      </button>
    </div>
  )
}

/** A failed act, said where it was tried. */
export function ActFailed({ error }: { error: unknown }) {
  const { t } = useTranslation()
  if (!error) return null
  const failure = error instanceof Failure ? error : undefined
  return (
    <p className={classes.actFailed} role="alert">
      {t(`failure.${failure?.kind ?? 'broken'}`)} {failure?.problem.detail && <bdi>{failure.problem.detail}</bdi>}
    </p>
  )
}
