import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MoneyGraph } from '../../api/funds'
import { barsOf } from '../../format/money'
import { Act, Day } from '../../ui/parts'
import classes from './funds.module.css'

const height = 100
const middle = 50
const leastDays = 28

type Props = { graph: MoneyGraph; from?: string; to?: string; chosen?: string; onWindow: (from: string | undefined, to: string | undefined) => void }

/** Days along the line of reading; what came above it, what left below. Drag over it, or give two days, to look at a part. */
export function TimeAxis({ graph, from, to, chosen, onWindow }: Props) {
  const { t } = useTranslation()
  const bars = useMemo(() => barsOf(graph, leastDays), [graph])
  const picture = useRef<SVGSVGElement>(null)
  const [drag, setDrag] = useState<{ start: number; now: number }>()
  const most = Math.max(1, ...bars.map((bar) => Math.max(bar.in, bar.out)))
  const wide = 1000 / Math.max(1, bars.length)
  // A small sum beside a large one is still to be seen.
  const tall = (worth: number) => (worth > 0 ? Math.max(2, Math.sqrt(worth / most) * (middle - 4)) : 0)
  const dayAt = (clientX: number) => {
    const box = picture.current?.getBoundingClientRect()
    if (!box) return 0
    const along = (clientX - box.left) / box.width
    // The picture is mirrored where the page is read from the right.
    const share = document.documentElement.dir === 'rtl' ? 1 - along : along
    return Math.min(bars.length - 1, Math.max(0, Math.floor(share * bars.length)))
  }
  const indexOf = (day: string | undefined, otherwise: number) => {
    const at = bars.findIndex((bar) => bar.day === day)
    return at < 0 ? otherwise : at
  }
  const window = drag ? [Math.min(drag.start, drag.now), Math.max(drag.start, drag.now)] : from || to ? [indexOf(from, 0), indexOf(to, bars.length - 1)] : undefined
  const first = bars[0]?.day
  const last = bars.at(-1)?.day
  return (
    <div className={classes.axis} data-test="time-axis">
      <svg
        ref={picture}
        viewBox={`0 0 1000 ${height}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        onPointerDown={(event) => {
          const at = dayAt(event.clientX)
          event.currentTarget.setPointerCapture(event.pointerId)
          setDrag({ start: at, now: at })
        }}
        onPointerMove={(event) => drag && setDrag({ ...drag, now: dayAt(event.clientX) })}
        onPointerUp={() => {
          if (drag && drag.start !== drag.now) onWindow(bars[Math.min(drag.start, drag.now)]?.day, bars[Math.max(drag.start, drag.now)]?.day)
          else if (drag) onWindow(undefined, undefined)
          setDrag(undefined)
        }}
      >
        {window && <rect x={(window[0] ?? 0) * wide} y="0" width={((window[1] ?? 0) - (window[0] ?? 0) + 1) * wide} height={height} className={classes.windowBox} />}
        {bars.map((bar, at) => {
          const outside = (window && (at < (window[0] ?? 0) || at > (window[1] ?? 0))) || (chosen !== undefined && bar.day !== chosen)
          const gap = wide > 4 ? 1 : 0
          return (
            <g key={bar.day} className={outside ? classes.dim : undefined}>
              {bar.in > 0 && <rect x={at * wide} y={middle - tall(bar.in)} width={Math.max(1, wide - gap)} height={tall(bar.in)} className={classes.in} />}
              {bar.out > 0 && <rect x={at * wide} y={middle} width={Math.max(1, wide - gap)} height={tall(bar.out)} className={classes.out} />}
            </g>
          )
        })}
        <line x1="0" x2="1000" y1={middle} y2={middle} className={classes.mid} />
      </svg>
      <div className={classes.axisLine}>
        <span><i data-way="in" /> {t('funds.cameIn')}</span>
        <span><i data-way="out" /> {t('funds.wentOut')}</span>
        <span>
          <Day of={first} /> – <Day of={last} />
        </span>
        <label>
          {t('funds.windowFrom')} <input type="date" value={from ?? ''} min={first} max={last} onChange={(event) => onWindow(event.target.value || undefined, to)} dir="ltr" data-test="window-from" />
        </label>
        <label>
          {t('funds.windowTo')} <input type="date" value={to ?? ''} min={first} max={last} onChange={(event) => onWindow(from, event.target.value || undefined)} dir="ltr" data-test="window-to" />
        </label>
        {(from || to) && <Act onClick={() => onWindow(undefined, undefined)}>{t('funds.wholeSpan')}</Act>}
      </div>
    </div>
  )
}
