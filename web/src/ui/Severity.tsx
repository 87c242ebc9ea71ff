import { useTranslation } from 'react-i18next'
import type { Severity as Level } from '../api/types'
import classes from './Severity.module.css'

/** Shape, colour and word. Where a column head says the word, the cell shows the shape alone and tells it to readers only. */
export function Severity({ level, word = false, children }: { level: Level | 'trusted'; word?: boolean; children?: React.ReactNode }) {
  const { t } = useTranslation()
  const name = t(`severityTitle.${level}`)
  return (
    <span className={`${classes.mark} ${classes[level]}`} title={word ? undefined : name}>
      <Shape level={level} />
      {word ? <span>{name}</span> : <span className="unseen">{name}</span>}
      {children !== undefined && <span>{children}</span>}
    </span>
  )
}

function Shape({ level }: { level: Level | 'trusted' }) {
  const common = { width: 12, height: 12, viewBox: '0 0 12 12', 'aria-hidden': true, focusable: false, className: classes.shape } as const
  switch (level) {
    case 'critical':
      return (
        <svg {...common}>
          <path d="M3.700.5h4.600l3.200 3.200v4.600l-3.200 3.200H3.700L.5 8.300V3.700z" fill="currentColor" />
          <path d="M5.200 2.600h1.600v4.200H5.200zM5.200 7.900h1.600v1.500H5.200z" className={classes.bar} />
        </svg>
      )
    case 'high':
      return (
        <svg {...common}>
          <path d="M6 1l5.500 10H.5z" fill="currentColor" />
        </svg>
      )
    case 'medium':
      return (
        <svg {...common}>
          <path d="M6 1l5 5-5 5-5-5z" fill="none" stroke="currentColor" strokeWidth="1.300" />
          <path d="M6 .5v11L.5 6z" fill="currentColor" />
        </svg>
      )
    case 'low':
      return (
        <svg {...common}>
          <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.600" />
        </svg>
      )
    case 'trusted':
      return (
        <svg {...common}>
          <path d="M1.500 6.500l3 3L10.500 3" fill="none" stroke="currentColor" strokeWidth="1.600" />
        </svg>
      )
  }
}
