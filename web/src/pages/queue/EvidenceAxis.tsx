import { useTranslation } from 'react-i18next'
import type { Evidence } from '../../api/types'
import { useSpeech } from '../../app/home'
import { day, signed } from '../../format/time'
import { Code, Figure } from '../../ui/parts'
import classes from './EvidenceAxis.module.css'

const signs: Record<string, string> = {
  birth_equal: '=', birth_swapped: '≈', birth_year: '≈', birth_near: '≈', birth_day: '≈', birth_differs: '≠',
  nationality_equal: '=', nationality_differs: '≠', sex_equal: '=', sex_differs: '≠', document_equal: '=', document_differs: '≠', document_other_country: '≈', document_like: '≈',
}

/** Every piece of evidence on one axis: solid raises, hollow lowers. The axis runs with the language. */
export function EvidenceAxis({ evidence, sum }: { evidence: Evidence[]; sum: number }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const low = Math.min(0, ...evidence.map((one) => one.weight))
  const high = Math.max(0, ...evidence.map((one) => one.weight))
  const width = 128
  const scale = (width - 4) / Math.max(1, high - low)
  const zero = 2 - low * scale
  const say = (code: string, text: string | undefined) => {
    if (!text) return null
    if (code.startsWith('birth')) return <bdi>{day(text, speech)}</bdi>
    if (code === 'document_status') {
      const [status, ...when] = text.split(' ')
      return <span>{t(`topic.${status}`, { defaultValue: status })} <bdi>{day(when.join(' '), speech)}</bdi></span>
    }
    if (code.startsWith('sex')) return <span>{t(`sex.${text}`, { defaultValue: text })}</span>
    return code === 'name' || code === 'prior' ? <bdi>{text}</bdi> : <Code>{text}</Code>
  }
  return (
    <div className={classes.axis} role="table" aria-label={t('case.evidence')}>
      {evidence.map((one, index) => (
        <div key={index} className={classes.row} role="row">
          <strong role="rowheader">{t(`evidence.${one.code}`, { defaultValue: one.code })}</strong>
          <span role="cell" className={classes.what}>
            {t(`evidenceHow.${one.code}`, { defaultValue: '' })}
          </span>
          <span role="cell" className={classes.value}>{one.code === 'name' ? null : say(one.code, one.subject)}</span>
          <span role="cell" className={classes.value}>
            {one.code !== 'name' && one.listed && (
              <>
                <span className={signs[one.code] === '≠' ? classes.unlike : undefined} aria-hidden="true">{signs[one.code]}</span> {say(one.code, one.listed)}
              </>
            )}
          </span>
          <span role="cell" className={classes.bar}>
            <svg width={width} height="14" aria-hidden="true" focusable="false">
              <line x1={zero} x2={zero} y1="0" y2="14" className={classes.zero} />
              {one.weight >= 0 ? (
                <rect x={zero} y="2.500" width={Math.max(1.500, one.weight * scale)} height="9" className={classes.solid} />
              ) : (
                <rect x={zero + one.weight * scale} y="2.500" width={Math.max(2, -one.weight * scale)} height="9" className={classes.hollow} />
              )}
            </svg>
          </span>
          <span role="cell" className={`${classes.number} ${one.weight > 0 ? classes.for : ''}`}>
            <Figure>{signed(one.weight)}</Figure>
          </span>
        </div>
      ))}
      <div className={`${classes.row} ${classes.sum}`} role="row">
        <strong role="rowheader">{t('evidence.sum')}</strong>
        <span role="cell" className={classes.number}>
          <Figure>{signed(sum)}</Figure>
        </span>
      </div>
    </div>
  )
}
