import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'

/** What people can share, in the order an analyst asks; other kinds may come and are called by their code. */
export const kinds = ['phone', 'email', 'card', 'document', 'address', 'booking', 'bag', 'frequent_flyer', 'onward', 'booked', 'agency', 'cotravel'] as const

export function useKindWord() {
  const { t } = useTranslation()
  return useCallback((kind: string) => t(`links.kind.${kind}`, { defaultValue: kind }), [t])
}
