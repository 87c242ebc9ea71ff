import { useTranslation } from 'react-i18next'
import { useVersions } from '../../api/queries'
import type { EntryChange, List, ListVersion } from '../../api/types'
import { useSpeech } from '../../app/home'
import { number } from '../../format/time'
import { Answer, Empty } from '../../ui/Faces'
import { Code, Instant, version } from '../../ui/parts'
import classes from './panes.module.css'

/** What each version added, changed and removed, newest first. */
export function Versions({ list }: { list: List }) {
  const { t } = useTranslation()
  const versions = useVersions(list.name)
  return (
    <div className={classes.pane} data-test="versions">
      <Answer of={versions} rows={6}>
        {(all) => (all.length === 0 ? <Empty>{t('lists.noVersions')}</Empty> : all.map((one, index) => <Version key={one.generation} one={one} open={index === 0} />))}
      </Answer>
    </div>
  )
}

function Version({ one, open }: { one: ListVersion; open: boolean }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const moved = one.added + one.changed + one.removed
  return (
    <details className={classes.version} open={open && moved > 0 && moved < 200} data-test="version">
      <summary>
        <Instant at={one.loaded} dateToo />
        <Code quiet>{version(one.version)}</Code>
        <span className={classes.moved}>
          <span className={one.added ? classes.add : undefined}>{t('lists.moved.add', { count: one.added })}</span>
          <span className={one.changed ? classes.change : undefined}>{t('lists.moved.change', { count: one.changed })}</span>
          <span className={one.removed ? classes.remove : undefined}>{t('lists.moved.remove', { count: one.removed })}</span>
        </span>
        <bdi>{one.by}</bdi>
      </summary>
      {!!one.items?.length && (
        <table className={classes.changes}>
          <thead>
            <tr>
              <th scope="col">{t('lists.action')}</th>
              <th scope="col">{t('lists.id')}</th>
              <th scope="col">{t('lists.names')}</th>
              <th scope="col">{t('lists.fieldsChanged')}</th>
            </tr>
          </thead>
          <tbody>
            {one.items.map((item) => (
              <Change key={`${item.action} ${item.id}`} item={item} />
            ))}
          </tbody>
        </table>
      )}
      {one.truncated && <p className={classes.note}>{t('lists.truncated', { shown: number(one.items?.length ?? 0, speech), of: number(moved, speech) })}</p>}
    </details>
  )
}

function Change({ item }: { item: EntryChange }) {
  const { t } = useTranslation()
  return (
    <tr>
      <td className={classes[item.action]}>{t(`lists.actions.${item.action}`, { defaultValue: item.action })}</td>
      <td>
        <Code quiet>{item.id}</Code>
      </td>
      <td>
        <bdi>{item.name}</bdi>
      </td>
      <td>{(item.fields ?? []).map((field) => t(`lists.field.${field}`, { defaultValue: field })).join(t('list.comma'))}</td>
    </tr>
  )
}
