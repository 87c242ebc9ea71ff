import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Complaint, Example } from '../../api/types'
import { Icon } from '../../ui/Icon'
import { Act } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import { spaced } from './condition'
import classes from './Examples.module.css'

export type Written = { name: string; want: boolean; given?: Record<string, unknown> }

/** What a rule must hit and what it must not, and how it does. Its examples are tried by the node as they are written. */
export function Examples({ examples, told, complaint, onChange }: { examples: Written[]; told: readonly Example[]; complaint?: Complaint; onChange?: (examples: Written[]) => void }) {
  const { t } = useTranslation()
  const set = (at: number, change: Partial<Written>) => onChange?.(examples.map((one, index) => (index === at ? { ...one, ...change } : one)))
  return (
    <>
      {examples.length > 0 && (
        <table className={classes.examples}>
          <thead>
            <tr>
              <th scope="col">{t('rules.example.name')}</th>
              <th scope="col">{t('rules.example.given')}</th>
              <th scope="col">{t('rules.example.want')}</th>
              <th scope="col">{t('rules.example.got')}</th>
              {onChange && (
                <th scope="col">
                  <span className="unseen">{t('rules.build.drop')}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {examples.map((example, at) => {
              const result = told[at]?.name === example.name ? told[at] : told.find((one) => one.name === example.name)
              return (
                <tr key={`${at}/${examples.length}`} data-test="example">
                  <td>{onChange ? <input value={example.name} aria-label={t('rules.example.name')} dir="auto" onChange={(event) => set(at, { name: event.currentTarget.value })} /> : <bdi>{example.name}</bdi>}</td>
                  <td>
                    {onChange ? <Given value={example.given} onChange={(given) => set(at, { given })} /> : <code dir="ltr">{spaced(example.given ?? {})}</code>}
                  </td>
                  <td>
                    {onChange ? (
                      <select value={String(example.want)} aria-label={t('rules.example.want')} onChange={(event) => set(at, { want: event.currentTarget.value === 'true' })}>
                        <option value="true">{t('rules.wantsHit')}</option>
                        <option value="false">{t('rules.wantsNone')}</option>
                      </select>
                    ) : (
                      t(example.want ? 'rules.wantsHit' : 'rules.wantsNone')
                    )}
                  </td>
                  <td className={classes.got} data-test="example-result">
                    {result && (
                      <>
                        <Severity level={result.passed ? 'trusted' : 'critical'} />
                        <span>{result.error ? <bdi>{result.error}</bdi> : t(outcome(result))}</span>
                      </>
                    )}
                  </td>
                  {onChange && (
                    <td>
                      <button type="button" className={classes.gone} aria-label={t('rules.example.drop', { name: example.name })} onClick={() => onChange(examples.filter((_, index) => index !== at))}>
                        <Icon name="cross" size={13} />
                      </button>
                    </td>
                  )}
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
      {complaint && <p className={classes.complaint}><bdi>{complaint.message}</bdi> {complaint.mend && <bdi>{complaint.mend}</bdi>}</p>}
      {onChange && (
        <div className={classes.adds}>
          <Act icon="plus" onClick={() => onChange([...examples, { name: t('rules.example.hit', { at: examples.length + 1 }), want: true, given: {} }])} data-test="add-hit">
            {t('rules.example.addHit')}
          </Act>
          <Act icon="plus" onClick={() => onChange([...examples, { name: t('rules.example.none', { at: examples.length + 1 }), want: false, given: {} }])} data-test="add-none">
            {t('rules.example.addNone')}
          </Act>
        </div>
      )}
    </>
  )
}

/** A condition that cannot be read tries nothing. */
const outcome = (one: Example) => (one.passed ? 'rules.asWanted' : one.got === one.want ? 'rules.notTried' : one.got ? 'rules.gotHit' : 'rules.gotNone')

/** A journey in part, as JSON; what does not read is kept as typed and said to be wrong. */
function Given({ value, onChange }: { value?: Record<string, unknown>; onChange: (value: Record<string, unknown>) => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState(() => spaced(value ?? {}))
  const [wrong, setWrong] = useState(false)
  return (
    <textarea
      value={text}
      rows={Math.min(6, Math.max(1, Math.ceil(text.length / 52)))}
      dir="ltr"
      spellCheck={false}
      aria-label={t('rules.example.given')}
      aria-invalid={wrong || undefined}
      data-test="example-given"
      onChange={(event) => {
        setText(event.currentTarget.value)
        try {
          const read: unknown = JSON.parse(event.currentTarget.value)
          const good = typeof read === 'object' && read !== null && !Array.isArray(read)
          setWrong(!good)
          if (good) onChange(read as Record<string, unknown>)
        } catch {
          setWrong(true)
        }
      }}
    />
  )
}
