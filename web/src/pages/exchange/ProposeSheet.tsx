import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../api/client'
import { type DocumentProblem, usePropose } from '../../api/exchange'
import desk from '../../ui/desk.module.css'
import { ActFailed } from '../../ui/Faces'
import { Act, Code, Tag } from '../../ui/parts'
import panes from './panes.module.css'
import classes from './ProposeSheet.module.css'

/** A new version, as a document: it is checked whole, and goes to the partner only when nothing is wrong with it. */
export function ProposeSheet({ onClose, onSent }: { onClose: () => void; onSent: (id: string | undefined) => void }) {
  const { t } = useTranslation()
  const propose = usePropose()
  const [text, setText] = useState('')
  const problems = propose.error instanceof Failure ? ((propose.error.problem.problems ?? []) as DocumentProblem[]) : []
  return (
    <>
      <section className={desk.middle} data-test="propose-form">
        <header className={desk.head}>
          <div className={desk.headLine}>
            <h1>{t('propose.title')}</h1>
          </div>
        </header>
        <div className={classes.body}>
          <input
            type="file"
            accept=".yaml,.yml,application/yaml,text/yaml"
            aria-label={t('propose.file')}
            className={classes.file}
            onChange={(event) => void event.target.files?.[0]?.text().then(setText)}
            data-test="propose-file"
          />
          <Textarea label={t('propose.text')} value={text} rows={24} dir="ltr" spellCheck={false} onChange={(event) => setText(event.currentTarget.value)} classNames={{ label: panes.label, input: classes.text }} data-test="propose-text" />
        </div>
      </section>
      <aside className={desk.last}>
        <header className={desk.paneHead}>
          <h2>{t('propose.check')}</h2>
        </header>
        <div className={desk.scroll}>
          {problems.length === 0 && <p className={panes.note}>{t('propose.note')}</p>}
          <ol className={classes.problems} data-test="problems">
            {problems.map((one) => (
              <li key={`${one.code} ${one.path} ${one.line}`}>
                <p>
                  <Code strong>{one.code}</Code> {one.share && <Tag>{one.share}</Tag>} {one.warning && <Tag tone="medium">{t('propose.warning')}</Tag>}
                </p>
                <p className={classes.place}>
                  {one.line ? t('propose.line', { line: one.line }) : ''} <Code quiet>{one.path}</Code>
                </p>
                <p>
                  <bdi>{one.why}</bdi>
                </p>
                {one.mend && (
                  <p className={classes.mend}>
                    <bdi>{one.mend}</bdi>
                  </p>
                )}
              </li>
            ))}
          </ol>
          <h3 className={panes.will}>{t('decision.will')}</h3>
          <ol className={panes.list}>
            {(t('propose.will', { returnObjects: true }) as string[]).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ol>
        </div>
        <footer className={desk.foot}>
          <ActFailed error={propose.error} />
          <div className={panes.buttons}>
            <Act primary icon="send" disabled={text.trim() === '' || propose.isPending} onClick={() => propose.mutate(text, { onSuccess: (sent) => onSent(sent?.id) })} data-test="propose-send">
              {t('propose.send')}
            </Act>
            <Act act="list.back" onClick={onClose}>
              {t('rules.notNow')}
            </Act>
          </div>
        </footer>
      </aside>
    </>
  )
}
