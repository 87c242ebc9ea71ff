import { useTranslation } from 'react-i18next'
import type { Subject as Person } from '../../api/exchange'
import { useSpeech } from '../../app/home'
import { country } from '../../format/exchange'
import { Code, Day, Name } from '../../ui/parts'

export const subjectName = (one: Person | undefined): string => [one?.family_name, one?.given_names].filter(Boolean).join(', ') || one?.document?.number || '–'

/** Whom a request is about: the name, and on one line what else was said of them. */
export function Subject({ of }: { of: Person }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const parts = [
    of.dob && <span key="dob">{t('passenger.born')} <Day of={of.dob} /></span>,
    of.nationality && <bdi key="nationality" title={of.nationality}>{country(of.nationality, language)}</bdi>,
    of.sex && <span key="sex">{t(`sex.${of.sex}`, { defaultValue: of.sex })}</span>,
    of.document?.number && <Code key="document">{[of.document.type, of.document.number, of.document.issuer].filter(Boolean).join(' ')}</Code>,
  ].filter(Boolean)
  return (
    <>
      <Name>{subjectName(of)}</Name>{' '}
      <span>
        {parts.map((part, at) => (
          <span key={at}>
            {at > 0 && t('list.comma')}
            {part}
          </span>
        ))}
      </span>
    </>
  )
}
