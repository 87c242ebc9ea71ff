import { useTranslation } from 'react-i18next'
import type { Leg } from '../api/types'
import { useSpeech } from '../app/home'
import { day, localClock } from '../format/time'
import classes from './Journey.module.css'
import { Code } from './parts'

/** Stops on a line that runs with the language; this leg in the accent, what is not flown yet dashed. */
export function Journey({ legs }: { legs: Leg[] }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const when = (local: string | undefined) => [day(local, speech).replace(/ \d{4}$/, ''), localClock(local, speech)].filter(Boolean).join(' ')
  return (
    <ol className={classes.journey}>
      {legs.map((leg, index) => (
        <li key={`${leg.carrier}${leg.number}${leg.departure_local ?? index}`} data-this={leg.this || undefined} data-past={leg.status === 'boarded' || leg.status === 'flown' || undefined}>
          <span className={classes.stop}>
            <Code strong>{leg.from}</Code>
            <small>{when((index > 0 && legs[index - 1]?.arrival_local) || leg.departure_local)}</small>
          </span>
          <span className={classes.leg}>
            <Code>
              {leg.carrier}
              {leg.number?.padStart(3, '0')}
            </Code>
            <small>{leg.status ? t(`status.${leg.status}`, { defaultValue: leg.status }) : ''}</small>
          </span>
          {index === legs.length - 1 && (
            <span className={`${classes.stop} ${classes.last}`}>
              <Code strong>{leg.to}</Code>
              <small>{when(leg.arrival_local)}</small>
            </span>
          )}
        </li>
      ))}
    </ol>
  )
}
