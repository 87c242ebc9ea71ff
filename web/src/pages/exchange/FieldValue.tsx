import { useTranslation } from 'react-i18next'
import { useSpeech } from '../../app/home'
import { country } from '../../format/exchange'
import { Code, Day, Instant } from '../../ui/parts'

/** The name of a field of the catalogue; its words are kept under one form. */
export function useFieldName() {
  const { t } = useTranslation()
  return (field: string) => t(`exchangeField.${field.replace(/[.-]/g, '_')}`, { defaultValue: field })
}

const coded = /(^|[._])(number|issuer|reference|locator|ticket|seat|key_index|list_key_index|id|prior|case_ref)$/

/** A value as it leaves or came: days and countries in words, codes whole, everything else in its own direction. */
export function FieldValue({ field, value }: { field: string; value: unknown }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  if (value === null || value === undefined || value === '') return <span>–</span>
  if (typeof value === 'boolean') return <span>{t(value ? 'case.yes' : 'case.no')}</span>
  if (Array.isArray(value))
    return (
      <>
        {value.map((one, at) => (
          <span key={at}>
            {at > 0 && t('list.comma')}
            <FieldValue field={field} value={one} />
          </span>
        ))}
      </>
    )
  if (typeof value === 'object')
    return (
      <>
        {Object.entries(value).map(([name, one], at) => (
          <span key={name}>
            {at > 0 && t('list.comma')}
            <FieldValue field={`${field}.${name}`} value={one} />
          </span>
        ))}
      </>
    )
  const text = String(value)
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return <Instant at={text} dateToo />
  if (/^\d{4}-\d\d(-\d\d)?$/.test(text)) return <Day of={text} />
  if (/sex$/.test(field)) return <span>{t(`sex.${text}`, { defaultValue: text })}</span>
  if (/confidence_band$/.test(field)) return <span>{t(`confidence.${text}`, { defaultValue: text })}</span>
  if (/(nationality|issuer|country|place_of_birth)$/.test(field) && /^[A-Z]{2,3}$/.test(text)) return <bdi title={text}>{country(text, language)}</bdi>
  if (coded.test(field)) return <Code>{text}</Code>
  return <bdi>{text}</bdi>
}
