import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useSpeech } from '../../app/home'
import { type MrzFault, readMrz } from '../../format/mrz'
import { number } from '../../format/time'
import { Icon } from '../../ui/Icon'
import classes from './MrzField.module.css'

// One wrong digit makes the digit over the whole line wrong too: to say both says nothing more.
const worth = (faults: readonly MrzFault[]) => (faults.some((fault) => fault.code !== 'composite') ? faults.filter((fault) => fault.code !== 'composite') : faults)

type Props = { value: string; onChange: (text: string) => void; today: string; label: ReactNode; hint?: ReactNode; error?: ReactNode; id?: string; big?: boolean; required?: boolean }

/** The two lines at the foot of a passport's page, read and checked while they are typed or pasted. */
export function MrzField({ value, onChange, today, label, hint, error, id, big = false, required = false }: Props) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const own = useId()
  const field = id ?? own
  const read = readMrz(value, today)
  const faults = worth(read.faults)
  const line = Math.max(0, Math.min(read.lines.length, read.wanted.rows) - 1)
  const marked = new Map(faults.filter((fault) => fault.at !== undefined).map((fault) => [`${fault.line} ${fault.at}`, true]))
  return (
    <div className={`${classes.field} ${big ? classes.big : ''}`}>
      <label htmlFor={field} className={classes.label}>
        {label}
      </label>
      {hint && (
        <p className={classes.hint} id={`${field}-hint`}>
          {hint}
        </p>
      )}
      <textarea
        id={field}
        className={classes.area}
        dir="ltr"
        rows={read.wanted.rows}
        value={value}
        required={required}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="characters"
        autoCorrect="off"
        aria-invalid={faults.length > 0 || !!error || undefined}
        aria-describedby={`${hint ? `${field}-hint ` : ''}${field}-said`}
        onChange={(event) => onChange(event.target.value)}
        data-test="mrz"
      />
      {faults.some((fault) => fault.at !== undefined) && (
        <div className={classes.echo} dir="ltr" aria-hidden="true">
          {read.lines.slice(0, 3).map((text, row) => (
            <div key={row}>
              {[...text].map((letter, at) => (
                <span key={at} data-wrong={marked.has(`${row} ${at}`) || undefined}>
                  {letter}
                </span>
              ))}
            </div>
          ))}
        </div>
      )}
      <div id={`${field}-said`} className={classes.said} aria-live="polite" data-test="mrz-said">
        {error && (
          <p className={classes.wrong}>
            <Icon name="warn" size={14} /> {error}
          </p>
        )}
        {faults.map((fault, at) => (
          <p key={at} className={classes.wrong}>
            <Icon name="warn" size={14} /> {fault.code === 'check' || fault.code === 'date' || fault.code === 'letter' ? t(`mrz.fault.${fault.code}`, { field: t(`mrz.field.${fault.field}`), line: number(fault.line + 1, speech) }) : t(`mrz.fault.${fault.code}`, { field: '', line: number(fault.line + 1, speech) })}
          </p>
        ))}
        {faults.length === 0 && read.typing && value.trim() !== '' && <p>{t('mrz.typing', { line: number(line + 1, speech), typed: number(read.lines[line]?.length ?? 0, speech), of: number(read.wanted.columns, speech) })}</p>}
        {read.mrz && (
          <p className={classes.good}>
            <Icon name="check" size={14} /> {t('mrz.good')} <bdi>{[read.mrz.family, read.mrz.given].filter(Boolean).join(', ')}</bdi> <bdi dir="ltr">{read.mrz.number}</bdi>
          </p>
        )}
      </div>
    </div>
  )
}
