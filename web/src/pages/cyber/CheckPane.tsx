import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchIndicators } from '../../api/cyber'
import { useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { valuesOf } from '../../format/cyber'
import { number } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { ActFailed } from '../../ui/Faces'
import { Act, Code } from '../../ui/parts'
import classes from './cyber.module.css'
import { IndicatorTag } from './parts'

/** A pasted lot of values, disarmed or not: which of them are known, and what lies around them. */
export function CheckPane({ onClose, onOpen }: { onClose: () => void; onOpen: (id: string) => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const [text, setText] = useState('')
  const check = useSearchIndicators()
  const values = valuesOf(text)
  const send = () => {
    if (values.length > 0 && !check.isPending) check.mutate(values)
  }
  useKeys({ 'case.send': send })
  const known = (check.data ?? []).filter((one) => one.indicator)
  return (
    <>
      <header className={desk.paneHead}>
        <h2>{t('cyber.check')}</h2>
        <span className={desk.push} />
        <Act icon="cross" onClick={onClose} aria-label={t('cyber.close')} />
      </header>
      <div className={desk.scroll} data-test="check">
        <Textarea label={t('cyber.paste', { number: number(1000, speech) })} rows={6} value={text} dir="ltr" onChange={(event) => setText(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} data-test="check-values" />
        <div className={classes.acts}>
          <Act primary act="case.send" disabled={values.length === 0 || check.isPending} onClick={send} data-test="check-send">
            {t('cyber.checkValues', { count: values.length })}
          </Act>
        </div>
        <ActFailed error={check.error} />
        {check.data && (
          <>
            <p className={classes.note}>{t('cyber.knownOf', { count: known.length, of: number(check.data.length, speech) })}</p>
            <table className={classes.table} data-test="checked">
              <tbody>
                {[...known, ...check.data.filter((one) => !one.indicator)].map((one, at) => (
                  <tr key={at}>
                    <td><Code>{one.asked}</Code></td>
                    <td>
                      {one.indicator ? (
                        <button type="button" className={classes.open} onClick={() => onOpen(one.indicator?.id ?? '')}>
                          <IndicatorTag state={one.indicator.state} /> <bdi>{one.indicator.names?.[0]}</bdi>
                        </button>
                      ) : one.refused ? (
                        <span className={classes.quiet}>{t(`cyber.refused.${one.refused.rule}`, { defaultValue: one.refused.message })}</span>
                      ) : (
                        <span className={classes.quiet}>{t('cyber.unknown')}</span>
                      )}
                      {!!one.around?.length && (
                        <div className={classes.said}>
                          {t('cyber.around')} <Code>{one.around.map((near) => near.display).join(' ')}</Code>
                        </div>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
      </div>
    </>
  )
}
