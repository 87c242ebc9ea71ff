import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'

/** What an outcome is called, in the words of its domain where the domain has its own: to clear a traveller is not to clear a parcel. */
export function useOutcomeWords(domain: string) {
  const { t } = useTranslation()
  const name = useCallback((code: string) => t([`outcome.${domain}.${code}`, `outcome.${code}`], { defaultValue: code }), [t, domain])
  const effect = useCallback((code: string) => t([`outcomeEffect.${domain}.${code}`, `outcomeEffect.${code}`], { defaultValue: '' }), [t, domain])
  const will = useCallback(
    (code: string): string[] => {
      const said: unknown = t([`will.${domain}.${code}`, `will.${code}`], { returnObjects: true, defaultValue: [] })
      return Array.isArray(said) ? (said as string[]) : []
    },
    [t, domain],
  )
  return { name, effect, will }
}
