import { useTranslation } from 'react-i18next'
import type { Token } from '../../api/types'
import { signed } from '../../format/time'
import { Figure } from '../../ui/parts'
import classes from './TokenTable.module.css'

const lines: Record<string, string | undefined> = { initial: classes.thin, cut: classes.thin, close: classes.thin, unmatched: classes.absent, differs: classes.absent }

// Arabic letters are taller and finer: beside Latin ones they need a little more size.
const Word = ({ children }: { children: string }) => (
  <bdi dir="auto" className={/[\u0600-\u06ff]/.test(children) ? classes.arabic : undefined}>
    {children}
  </bdi>
)

/** Name against name, part by part; the line between says how they meet: thick same, thin nearly or in part, dashed absent or another. */
export function TokenTable({ tokens }: { tokens: Token[] }) {
  const { t } = useTranslation()
  return (
    <table className={classes.tokens}>
      <thead>
        <tr>
          <th scope="col">{t('tokens.report')}</th>
          <th scope="col">
            <span className="unseen">{t('tokens.line')}</span>
          </th>
          <th scope="col">{t('tokens.listed')}</th>
          <th scope="col">{t('tokens.how')}</th>
          <th scope="col" className={classes.number}>
            {t('tokens.weight')}
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token, index) => (
          <tr key={index}>
            <td className={classes.token}>{token.subject ? <Word>{token.subject}</Word> : <span className={classes.none}>{t('tokens.none')}</span>}</td>
            <td aria-hidden="true">
              <hr className={`${classes.line} ${lines[token.relation] ?? ''}`} />
            </td>
            <td className={classes.token}>{token.listed ? <Word>{token.listed}</Word> : <span className={classes.none}>{t('tokens.none')}</span>}</td>
            <td>{t(`relation.${token.relation}`, { defaultValue: token.relation })}</td>
            <td className={`${classes.number} ${token.weight > 0 ? classes.for : classes.against}`}>
              <Figure>{signed(token.weight, 2)}</Figure>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
