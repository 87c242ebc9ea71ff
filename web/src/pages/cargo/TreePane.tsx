import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { House, Tree } from '../../api/cargo'
import { useSpeech } from '../../app/home'
import { number } from '../../format/time'
import { Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { Code, Cut } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import classes from './cargo.module.css'
import { Weight } from './parts'

/** Master, houses, and what hangs under them: pieces and weight rolled up, and what is still missing. */
export function TreePane({ tree, at }: { tree: Tree; at: string }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const missing = (tree.pieces ?? 0) - tree.pieces_filed
  const master = (
    <>
      <Code strong>{tree.master}</Code>
      <small>{t(tree.filed ? 'cargo.kind.master' : 'cargo.masterMissing')}</small>
    </>
  )
  return (
    <>
      <Toolbar title={t('cargo.tree')} />
      <div className={desk.items} data-test="tree">
        {(tree.parents ?? []).map((parent) => (
          <Link key={parent.id} to="/cargo/consignments/$id" params={{ id: parent.id }} className={classes.master}>
            <span>{t('cargo.under')} <Code>{parent.master}</Code> {parent.house && <Code quiet>{parent.house}</Code>}</span>
          </Link>
        ))}
        <div className={classes.tree}>
          {tree.master_id ? (
            <Link to="/cargo/consignments/$id" params={{ id: tree.master_id }} data-chosen={tree.master_id === at || undefined} aria-current={tree.master_id === at || undefined}>
              {master}
            </Link>
          ) : (
            <p className={classes.missing}>{master}</p>
          )}
        </div>
        {tree.houses_filed > 0 && (
          <p className={classes.sum}>
            {t('cargo.housesFiled', { count: tree.houses_filed })}
            {t('list.comma')}
            <strong>
              <bdi dir="ltr">{tree.pieces ? `${number(tree.pieces_filed, speech)}/${number(tree.pieces, speech)}` : number(tree.pieces_filed, speech)}</bdi>
            </strong>{' '}
            {t('cargo.piecesWord')}
            {t('list.comma')}
            <strong>
              <Weight kg={tree.kg_filed} />
            </strong>
            {tree.kg !== undefined && tree.kg > 0 && <> {t('cargo.ofAll')} <Weight kg={tree.kg} /></>}
            {t('list.comma')}
            {t('cargo.completeHouses', { count: tree.complete_houses })}
          </p>
        )}
        <Houses of={tree.houses ?? []} at={at} />
        {!tree.whole && missing > 0 && tree.filed && tree.houses_filed > 0 && <p className={classes.missing}>{t('cargo.stillMissing', { count: missing })}</p>}
        {!tree.whole && missing < 0 && tree.filed && <p className={`${classes.missing} ${classes.short}`}>{t('cargo.tooMany', { count: -missing })}</p>}
      </div>
    </>
  )
}

function Houses({ of, at }: { of: readonly House[]; at: string }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  if (of.length === 0) return null
  return (
    <ul className={classes.tree}>
      {of.map((one) => (
        <li key={one.id}>
          <Link to="/cargo/consignments/$id" params={{ id: one.id }} data-chosen={one.id === at || undefined} aria-current={one.id === at || undefined} data-test="house">
            <span>
              {one.severity && <Severity level={one.severity} />} <Code strong>{one.house ?? one.master}</Code>
            </span>
            <span className={classes.quiet}>{t(`cargo.state.${one.state}`)}</span>
            <small>
              <Cut title={one.goods}>{one.goods}</Cut>
              <span>
                {number(one.pieces, speech)} {t('cargo.piecesWord')}
                {t('list.comma')}
                <Weight kg={one.kg} />
              </span>
            </small>
          </Link>
          {one.under?.houses && <Houses of={one.under.houses} at={at} />}
        </li>
      ))}
    </ul>
  )
}
