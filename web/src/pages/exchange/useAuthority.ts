import { useTranslation } from 'react-i18next'
import { type Thread, useAgreements } from '../../api/exchange'
import { useSpeech } from '../../app/home'
import { country } from '../../format/exchange'

/** What an authority is called in a sentence: its own name where the agreement says it in this language, else its country. */
export function useAuthority(): (id: string) => string {
  const { language } = useSpeech()
  const agreements = useAgreements()
  return (id) => {
    for (const { parties } of agreements.data ?? [])
      for (const party of parties) {
        if (party.id === id) return `\u2068${country(party.country, language)}\u2069`
        for (const one of party.authorities ?? [])
          if (one.id === id) return `\u2068${language === 'ar' ? (one.name_ar ?? country(party.country, language)) : one.name}\u2069`
      }
    return `\u2068${id}\u2069`
  }
}

/** What a thread is about: the clause's own title in English; in Arabic, where documents seldom have one, the words of its category. */
export function useThreadTitle(): (thread: Pick<Thread, 'title' | 'title_ar' | 'category' | 'mode'>) => string {
  const { t } = useTranslation()
  const { language } = useSpeech()
  return (thread) => (language === 'ar' ? (thread.title_ar ?? t(`exchangeCategory.${thread.category}`, { defaultValue: thread.title })) : thread.title)
}
