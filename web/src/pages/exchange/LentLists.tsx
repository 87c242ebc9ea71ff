import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type AgreementFile, useLend, useLentLists } from '../../api/exchange'
import { useLists } from '../../api/queries'
import { useHome, useSpeech } from '../../app/home'
import { giveable, ownParty } from '../../format/exchange'
import { number } from '../../format/time'
import { ActFailed, Answer, Empty } from '../../ui/Faces'
import { Act, Code, Instant, Name } from '../../ui/parts'
import classes from './AgreementSheet.module.css'

export const listCategories = ['list-entry', 'lost-document'] as const

/** Which of this state's lists the partner may be given entries of: a supervisor opens each, and lost documents then leave by themselves. */
export function LentLists({ file }: { file: AgreementFile }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const lent = useLentLists(file.id)
  const lists = useLists()
  const lend = useLend(file.id)
  const shares = giveable(file.document, ownParty(file), listCategories)
  const [share, setShare] = useState(shares[0]?.id ?? '')
  const [list, setList] = useState('')
  const own = (lists.data ?? []).map((one) => one.name).filter((name) => !name.startsWith('partner.'))
  const titleOf = (id: string) => file.words[speech.language].shares?.find((one) => one.id === id)?.title ?? id
  const change = (on: boolean, which: { share: string; list: string }) => lend.mutate({ ...which, on }, { onSuccess: () => setList('') })
  return (
    <section className={classes.lent} data-test="lent-lists">
      <p>{t('lent.about')}</p>
      <Answer of={lent} rows={3}>
        {(found) =>
          found.length === 0 ? (
            <Empty>{t('lent.none')}</Empty>
          ) : (
            <ul>
              {found.map((one) => (
                <li key={`${one.share} ${one.list}`} data-test="lent-list">
                  <strong>
                    <Name>{one.list}</Name>
                  </strong>
                  <span>
                    <Code>{one.share}</Code> <bdi>{titleOf(one.share)}</bdi>
                  </span>
                  <span>{t(one.standing ? 'lent.byItself' : 'lent.byPeople', { given: number(one.given, speech) })}</span>
                  <span className={classes.faint}>
                    <bdi>{one.by}</bdi> <Instant at={one.at} dateToo />
                  </span>
                  {role === 'supervisor' && (
                    <Act disabled={lend.isPending} onClick={() => change(false, one)} data-test="unlend">
                      {t('lent.close')}
                    </Act>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      {role === 'supervisor' && (
        <div className={classes.lentForm}>
          <NativeSelect label={t('lent.list')} value={list} onChange={(event) => setList(event.currentTarget.value)} data={[{ value: '', label: '–' }, ...own]} data-test="lend-list" />
          <NativeSelect label={t('give.under')} value={share} onChange={(event) => setShare(event.currentTarget.value)} data={shares.map((one) => ({ value: one.id, label: `${one.id} ${titleOf(one.id)}` }))} data-test="lend-share" />
          <Act primary disabled={!list || !share || lend.isPending} onClick={() => change(true, { share, list })} data-test="lend">
            {t('lent.open')}
          </Act>
        </div>
      )}
      <ActFailed error={lend.error} />
    </section>
  )
}
