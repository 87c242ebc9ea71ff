import { createContext, type ReactNode, useContext, useEffect, useId, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { usePrefs } from '../../../app/prefs'
import { countries, countryName } from '../../../format/countries'
import { latin, type Values } from '../../../format/form'
import { Icon } from '../../../ui/Icon'
import classes from './public.module.css'

/* Fields of a traveller's form. Each is known by its place in what is sent; what is wrong with it is said in it. */

export type Form = {
  values: Values
  set: (change: Values) => void
  wrong: ReadonlyMap<string, string>
  /** Fields tell where they are and what they are called, for the list of what is wrong. */
  shown: Map<string, string>
}
const Current = createContext<Form | undefined>(undefined)
export const FormOf = Current.Provider

export function useForm(): Form {
  const form = useContext(Current)
  if (!form) throw new Error('a field stands outside of a form')
  return form
}

export const idOf = (at: string) => `field${at.replace(/\//g, '-')}`

type Common = { at: string; label: string; hint?: ReactNode; needed?: boolean }

/** Says that a field is here, for as long as it is. */
function useShown(form: Form, at: string, label: string) {
  const { shown } = form
  useEffect(() => {
    shown.set(at, label)
    return () => void shown.delete(at)
  }, [shown, at, label])
}

function useField({ at, label }: Common) {
  const form = useForm()
  useShown(form, at, label)
  const value = form.values[at]
  return { form, id: idOf(at), value: typeof value === 'string' ? value : '', wrong: form.wrong.get(at) }
}

function Around({ id, label, hint, needed, wrong, children }: { id: string; label: string; hint?: ReactNode; needed?: boolean; wrong?: string; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div className={classes.field}>
      <label className={classes.label} htmlFor={id}>
        {label} {!needed && <span className={classes.optional}>{t('apply.optional')}</span>}
      </label>
      {hint && (
        <p className={classes.hint} id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {wrong && <Wrong id={`${id}-wrong`}>{wrong}</Wrong>}
      {children}
    </div>
  )
}

export const Wrong = ({ id, children }: { id?: string; children: ReactNode }) => (
  <p className={classes.wrong} id={id}>
    <Icon name="warn" size={15} /> <span>{children}</span>
  </p>
)

const described = (id: string, hint: ReactNode, wrong: string | undefined) => [hint ? `${id}-hint` : '', wrong ? `${id}-wrong` : ''].filter(Boolean).join(' ') || undefined

type TextProps = Common & { type?: 'text' | 'email' | 'tel' | 'date' | 'month'; rows?: number; short?: boolean; code?: boolean; max?: number; complete?: string; placeholder?: string }

export function Text({ type = 'text', rows, short = false, code = false, max, complete = 'off', placeholder, ...field }: TextProps) {
  const { form, id, value, wrong } = useField(field)
  const common = {
    id,
    className: `${classes.input} ${short ? classes.short : ''}`,
    value,
    dir: code || type !== 'text' ? ('ltr' as const) : ('auto' as const),
    maxLength: max,
    required: field.needed,
    placeholder,
    autoComplete: complete,
    'aria-invalid': wrong ? true : undefined,
    'aria-describedby': described(id, field.hint, wrong),
    'data-test': id,
    onChange: (event: { target: { value: string } }) => form.set({ [field.at]: code ? latin(event.target.value).toUpperCase() : type === 'text' ? event.target.value : latin(event.target.value) }),
  }
  return (
    <Around id={id} {...field} wrong={wrong}>
      {rows ? <textarea {...common} rows={rows} /> : <input {...common} type={type} spellCheck={false} autoCapitalize={code ? 'characters' : undefined} />}
    </Around>
  )
}

export function Choice({ options, ...field }: Common & { options: { value: string; label: string }[] }) {
  const { t } = useTranslation()
  const { form, id, value, wrong } = useField(field)
  return (
    <Around id={id} {...field} wrong={wrong}>
      <select id={id} className={classes.input} value={value} required={field.needed} aria-invalid={wrong ? true : undefined} aria-describedby={described(id, field.hint, wrong)} onChange={(event) => form.set({ [field.at]: event.target.value })} data-test={id}>
        <option value="">{t('apply.choose')}</option>
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
    </Around>
  )
}

/** A country by its name in the reader's language. A document may name what is no country; that stays as it was read. */
export function Country(field: Common) {
  const { language } = usePrefs()
  const { values } = useForm()
  const value = values[field.at]
  const options = useMemo(() => {
    const all = countries(language)
    return typeof value === 'string' && value !== '' && !all.some((one) => one.value === value) ? [{ value, label: countryName(value, language) }, ...all] : all
  }, [language, value])
  return <Choice {...field} options={options} />
}

export function YesNo(field: Common) {
  const { t } = useTranslation()
  const form = useForm()
  const id = idOf(field.at)
  useShown(form, field.at, field.label)
  const value = form.values[field.at]
  const wrong = form.wrong.get(field.at)
  return (
    <fieldset className={classes.field} id={id} tabIndex={-1} aria-describedby={described(id, field.hint, wrong)}>
      <legend className={classes.label}>{field.label}</legend>
      {field.hint && (
        <p className={classes.hint} id={`${id}-hint`}>
          {field.hint}
        </p>
      )}
      {wrong && <Wrong id={`${id}-wrong`}>{wrong}</Wrong>}
      <div className={classes.radios}>
        {[true, false].map((said) => (
          <label key={String(said)}>
            <input type="radio" name={id} checked={value === said} onChange={() => form.set({ [field.at]: said })} data-test={`${id}-${said ? 'yes' : 'no'}`} /> {t(said ? 'apply.yes' : 'apply.no')}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

export function Tick({ at, label, children }: { at: string; label: string; children: ReactNode }) {
  const form = useForm()
  const id = idOf(at)
  useShown(form, at, label)
  const wrong = form.wrong.get(at)
  return (
    <div className={classes.field}>
      {wrong && <Wrong id={`${id}-wrong`}>{wrong}</Wrong>}
      <label className={classes.tick}>
        <input id={id} type="checkbox" checked={form.values[at] === true} aria-invalid={wrong ? true : undefined} aria-describedby={wrong ? `${id}-wrong` : undefined} onChange={(event) => form.set({ [at]: event.target.checked })} data-test={id} />
        <span>{children}</span>
      </label>
    </div>
  )
}

/** Several of a kind, one after another; there is always one to fill in. */
export function Rows({ at, title, another, names, children }: { at: string; title: (index: number) => string; another: string; names: readonly string[]; children: (at: string, index: number) => ReactNode }) {
  const { t } = useTranslation()
  const form = useForm()
  const id = idOf(at)
  useShown(form, at, title(1))
  const counts = Object.keys(form.values).flatMap((key) => (key.startsWith(`${at}/`) && form.values[key] !== undefined ? [Number(key.slice(at.length + 1).split('/')[0])] : []))
  const many = Math.max(1, ...counts.map((one) => one + 1))
  const wrong = form.wrong.get(at)
  const last = useRef(many)
  useEffect(() => {
    // Whoever asked for another goes on in it.
    if (many > last.current) document.querySelector<HTMLElement>(`#${CSS.escape(id)} > :nth-child(${many}) :is(input, select)`)?.focus()
    last.current = many
  }, [many, id])
  const drop = (index: number) => {
    const change: Record<string, string | boolean | undefined> = {}
    for (let row = index; row < many; row++) for (const name of names) change[`${at}/${row}/${name}`] = row + 1 < many ? form.values[`${at}/${row + 1}/${name}`] : undefined
    form.set(change)
  }
  return (
    <div className={classes.field}>
      {wrong && <Wrong id={`${id}-wrong`}>{wrong}</Wrong>}
      <div id={id} tabIndex={-1} className={classes.form}>
        {Array.from({ length: many }, (_, index) => (
          <div key={index} className={classes.row} role="group" aria-label={title(index + 1)}>
            <div className={classes.rowHead}>
              <h3>{title(index + 1)}</h3>
              {many > 1 && (
                <button type="button" className={classes.plain} onClick={() => drop(index)}>
                  {t('apply.drop')}
                </button>
              )}
            </div>
            {children(`${at}/${index}`, index)}
          </div>
        ))}
      </div>
      <div className={classes.acts}>
        <button type="button" className={classes.button} onClick={() => form.set({ [`${at}/${many}/${names[0]}`]: '' })} data-test={`${id}-another`}>
          <Icon name="plus" size={16} /> {another}
        </button>
      </div>
    </div>
  )
}

/** What is wrong, all of it, where the eye and the screen reader are after sending; each line leads to its field. */
export function Summary({ wrong, loose }: { wrong: readonly { at: string; label: string; text: string }[]; loose: readonly string[] }) {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const id = useId()
  const key = [...wrong.map(({ at, text }) => at + text), ...loose].join('\n')
  useEffect(() => {
    if (key) box.current?.focus()
  }, [key])
  if (wrong.length + loose.length === 0) return null
  return (
    <div className={classes.summary} role="alert" tabIndex={-1} ref={box} aria-labelledby={id} data-test="apply-wrong">
      <h2 id={id}>{t('apply.mend', { count: wrong.length + loose.length })}</h2>
      <ul>
        {wrong.map(({ at, label, text }) => (
          <li key={at}>
            <a
              href={`#${idOf(at)}`}
              onClick={(event) => {
                event.preventDefault()
                const field = document.getElementById(idOf(at))
                field?.scrollIntoView({ block: 'center' })
                field?.focus()
              }}
            >
              {/[?؟]$/.test(label) ? `${label} ${text}` : `${label}: ${text}`}
            </a>
          </li>
        ))}
        {loose.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  )
}
