import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Hall } from '../../api/facilitation'
import { useSpeech } from '../../app/home'
import { evenly, tallest } from '../../format/hall'
import { clock, number } from '../../format/time'
import classes from './facilitation.module.css'

const wide = 1000
const high = 200
const left = 34
const foot = 20

/** Expected as a line within its band, came as bars, quarter by quarter along the line of reading. The table beside it says the same. */
export function HallPicture({ hall, zone, now, chosen, onChoose }: { hall: Hall; zone: string; now: number; chosen?: string; onChoose: (quarter: string | undefined) => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const quarters = useMemo(() => evenly(hall.quarters), [hall.quarters])
  if (quarters.length === 0) return null
  const most = tallest(quarters)
  const step = (wide - left) / quarters.length
  const x = (at: number) => left + at * step
  const y = (people: number) => high - foot - (people / most) * (high - foot - 12)
  const middle = (at: number) => x(at) + step / 2
  const line = quarters.map((one, at) => `${middle(at)},${y(one.expected.total)}`).join(' ')
  const band = [...quarters.map((one, at) => `${middle(at)},${y(one.expected.high)}`), ...quarters.map((one, at) => `${middle(at)},${y(one.expected.low)}`).reverse()].join(' ')
  const start = Date.parse(quarters[0]?.quarter ?? '')
  const nowAt = left + ((now - start) / (15 * 60_000)) * step
  // About twelve hours are written under the picture, on the hour.
  const hours = quarters.flatMap((one, at) => (Date.parse(one.quarter) % 3_600_000 === 0 ? [{ at, text: clock(one.quarter, zone, speech) }] : []))
  const every = Math.max(1, Math.ceil(hours.length / 12))
  return (
    <>
      <svg className={classes.chart} viewBox={`0 0 ${wide} ${high}`} preserveAspectRatio="none" role="img" aria-label={t('lanes.picture', { expected: number(Math.round(hall.expected), speech), came: number(hall.came, speech), most: number(Math.round(most), speech) })} data-test="hall-picture">
        {quarters.map((one, at) => (
          <g key={one.quarter} onClick={() => onChoose(one.quarter === chosen ? undefined : one.quarter)}>
            <rect x={x(at)} y={0} width={step} height={high - foot} className={one.quarter === chosen ? classes.chosen : undefined} fill={one.quarter === chosen ? undefined : 'transparent'} />
            {one.came > 0 && <rect x={x(at) + step * 0.15} y={y(one.came)} width={step * 0.7} height={high - foot - y(one.came)} className={classes.came} />}
          </g>
        ))}
        <polygon points={band} className={classes.band} pointerEvents="none" />
        <polyline points={line} className={classes.expected} pointerEvents="none" />
        <line x1={left} x2={wide} y1={high - foot} y2={high - foot} className={classes.axis} />
        {nowAt > left && nowAt < wide && <line x1={nowAt} x2={nowAt} y1={0} y2={high - foot} className={classes.now} />}
      </svg>
      <div className={classes.ticks} aria-hidden="true">
        <span className={classes.most}>{number(Math.round(most), speech)}</span>
        {hours
          .filter((_one, index) => index % every === 0)
          .map(({ at, text }) => (
            <span key={at} ref={(element) => void element?.style.setProperty('inset-inline-start', `${(x(at) / wide) * 100}%`)}>
              <bdi dir="ltr">{text}</bdi>
            </span>
          ))}
      </div>
      <div className={classes.legend}>
        <span><i data-what="came" /> {t('lanes.came')}</span>
        <span><i data-what="expected" /> {t('lanes.expected')}</span>
        <span><i data-what="band" /> {t('lanes.nineOfTen')}</span>
      </div>
    </>
  )
}
