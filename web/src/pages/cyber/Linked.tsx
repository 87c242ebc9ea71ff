import { TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type IncidentFile, useIncidentAct, useSearchIndicators } from '../../api/cyber'
import { useSpeech } from '../../app/home'
import { number } from '../../format/time'
import { ActFailed } from '../../ui/Faces'
import { Act, Code } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import classes from './cyber.module.css'
import { IndicatorTag } from './parts'

/** The indicators of an incident, and where else they were seen. */
export function Linked({ one, may }: { one: IncidentFile; may: boolean }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const find = useSearchIndicators()
  const add = useIncidentAct<{ indicator: string }>(one.id, 'POST', 'indicators')
  const [value, setValue] = useState('')
  const [unknown, setUnknown] = useState(false)
  const link = async () => {
    setUnknown(false)
    const [found] = await find.mutateAsync([value.trim()])
    if (!found?.indicator) return setUnknown(true)
    add.mutate({ indicator: found.indicator.id }, { onSuccess: () => setValue('') })
  }
  return (
    <Part title={t('place.indicators')}>
      <ul className={classes.tasks} data-test="linked">
        {(one.linked ?? []).map((indicator) => (
          <li key={indicator.id}>
            <Link to="/cyber/indicators/{-$id}" params={{ id: indicator.id }} className={classes.link}>
              <Code>{indicator.display}</Code>
            </Link>{' '}
            <IndicatorTag state={indicator.state} />{' '}
            <span className={classes.quiet}>
              {indicator.sightings > 0 && t('cyber.seenAt', { count: indicator.places, lines: number(indicator.sightings, speech) })}
              {indicator.why && <> {t(`cyber.why.${indicator.why}`, { defaultValue: indicator.why })}</>}
            </span>
          </li>
        ))}
      </ul>
      {(one.linked?.length ?? 0) === 0 && <p className={classes.quiet}>{t('cyber.noLinked')}</p>}
      {may && (
        <>
          <TextInput label={t('cyber.linkValue')} value={value} dir="ltr" onChange={(event) => setValue(event.currentTarget.value)} error={unknown ? t('cyber.unknown') : undefined} classNames={{ label: classes.label, input: classes.input, error: classes.error }} data-test="link-value" />
          {value.trim() && (
            <div className={classes.acts}>
              <Act primary disabled={find.isPending || add.isPending} onClick={() => void link().catch(() => undefined)}>
                {t('cyber.link')}
              </Act>
            </div>
          )}
          <ActFailed error={find.error ?? add.error} />
        </>
      )}
    </Part>
  )
}
