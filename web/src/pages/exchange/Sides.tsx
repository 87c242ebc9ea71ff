import { useTranslation } from 'react-i18next'
import type { Handling, Preview } from '../../api/exchange'
import { useSpeech } from '../../app/home'
import { clauseName, withheldWhy } from '../../format/exchange'
import { number } from '../../format/time'
import { Icon } from '../../ui/Icon'
import { Code, Day } from '../../ui/parts'
import { FieldValue, useFieldName } from './FieldValue'
import classes from './panes.module.css'

/** Both complete lists: what leaves, field by field, and what is withheld, each with the clause that says so. */
export function Sides({ preview, to }: { preview: Pick<Preview, 'leaves' | 'withheld' | 'handling'> & Partial<Preview>; to: string }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const name = useFieldName()
  const { leaves, withheld } = preview
  return (
    <>
      <table className={`${classes.sides} ${classes.leaves}`} data-test="leaves">
        <caption>
          <span>
            <Icon name="leaves" size={14} /> {t('release.leaves', { to })} <small>{t('release.fields', { count: leaves.length })}</small>
          </span>
        </caption>
        <tbody>
          {leaves.map((one) => (
            <tr key={one.field}>
              <th scope="row">{name(one.field)}</th>
              <td>
                <FieldValue field={one.field} value={one.value} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {withheld.length > 0 && (
        <table className={classes.sides} data-test="withheld">
          <caption>
            <span>
              <Icon name="hidden" size={14} /> {t('release.withheld')} <small>{t('release.fields', { count: withheld.length })}</small>
            </span>
          </caption>
          <tbody>
            {withheld.map((one) => (
              <tr key={one.field}>
                <th scope="row">{name(one.field)}</th>
                <td>{t(`withheld.${withheldWhy(one.clause)}`, { defaultValue: one.why ?? '' })}</td>
                <td className={classes.clause}>{one.clause && <Code quiet>{clauseName(one.clause)}</Code>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className={classes.note}>
        <Marks handling={preview.handling} />
        {preview.message_bytes !== undefined && <> {t('release.bytes', { bytes: number(preview.message_bytes, speech) })}</>}
      </p>
    </>
  )
}

/** How data is marked: the traffic light, the caveats in words, and when it must be gone. */
export function Marks({ handling }: { handling?: Handling }) {
  const { t } = useTranslation()
  const at = handling?.erase_at
  if (!handling?.tlp && !handling?.caveats?.length && !at) return null
  return (
    <>
      {handling?.tlp && <><Code strong>{handling.tlp}</Code>{t('list.comma')}</>}
      {(handling?.caveats ?? []).map((one) => t(`caveat.${one}`, { defaultValue: one })).join(t('list.comma'))}
      {at && <>{t('list.semicolon')}{t('release.erased')} <Day of={at.slice(0, 10)} /></>}
      {handling?.review_at && <>{t('list.semicolon')}{t('release.reviewed')} <Day of={handling.review_at.slice(0, 10)} /></>}
      {'.'}
    </>
  )
}
