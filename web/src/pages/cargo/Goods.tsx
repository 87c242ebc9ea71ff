import { useTranslation } from 'react-i18next'
import type { Consignment, Hint } from '../../api/cargo'
import { useSpeech } from '../../app/home'
import { country } from '../../format/exchange'
import { number } from '../../format/time'
import { Icon } from '../../ui/Icon'
import { Code, Figure } from '../../ui/parts'
import classes from './cargo.module.css'
import { Weight } from './parts'

/** What is said to be inside, what that may mean, and whether the figures fit. */
export function Goods({ of }: { of: Consignment }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const figure = (value: number | undefined, places = 1) => (value === undefined ? undefined : number(Number(value.toFixed(places)), speech))
  const facts: [string, React.ReactNode][] = [
    ['pieces', number(of.pieces, speech)],
    ['weight', <Weight key="kg" kg={of.kg} />],
    ['inner', of.shippers_count ? number(of.shippers_count, speech) : undefined],
    ['volume', of.volume_m3 ? t('cargo.m3', { m3: figure(of.volume_m3, 2) }) : undefined],
    ['value', of.value ? <Figure key="value">{`${of.value} ${of.currency ?? ''}`.trim()}</Figure> : undefined],
    ['perPiece', of.ratios?.kg_per_piece ? t('cargo.kg', { kg: figure(of.ratios.kg_per_piece) }) : undefined],
    ['perVolume', of.ratios?.kg_per_m3 ? t('cargo.kg', { kg: figure(of.ratios.kg_per_m3, 0) }) : undefined],
    ['perKg', of.ratios?.value_per_kg ? <Figure key="perKg">{`${figure(of.ratios.value_per_kg, 2)} ${of.currency ?? ''}`.trim()}</Figure> : undefined],
    ['madeIn', of.made_in ? <bdi key="made">{country(of.made_in, speech.language)}</bdi> : undefined],
    ['handling', of.handling?.length ? <Code key="handling">{of.handling.join(' ')}</Code> : undefined],
    ['route', of.route?.length ? <Code key="route">{of.route.join(' ')}</Code> : undefined],
  ]
  return (
    <>
      <p className={classes.goods}>
        <bdi>{of.goods || t('cargo.nothingSaid')}</bdi>
      </p>
      <ul className={classes.facts}>
        {(of.hs_codes?.length ? of.hs_codes : (of.hs ?? []).map((code) => ({ code, title: undefined, title_ar: undefined }))).map((one) => (
          <li key={one.code}>
            <span>{t('cargo.hs')}</span> <Code>{one.code}</Code> {one.title && <bdi>{(speech.language === 'ar' && one.title_ar) || one.title}</bdi>}
          </li>
        ))}
        {facts
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => (
            <li key={name}>
              <span>{t(`cargo.fact.${name}`)}</span> {value}
            </li>
          ))}
        {(of.security ?? []).map((one, at) => (
          <li key={at}>
            <span>{t('cargo.fact.security')}</span> <Code>{[one.whom, one.what, one.text].filter(Boolean).join(' ')}</Code>
          </li>
        ))}
      </ul>
      <ul className={classes.warns} data-test="goods-warnings">
        {(of.missing ?? []).map((code) => (
          <Warn key={code}>{t(`cargo.missing.${code}`, { defaultValue: code })}</Warn>
        ))}
        {of.goods_verdict?.rule && (
          <Warn>
            {t(of.goods_verdict.weak ? 'cargo.vagueWeak' : 'cargo.vague')} {!!of.goods_verdict.words?.length && <Words of={of.goods_verdict.words} />}
          </Warn>
        )}
        {(of.hints ?? []).map((hint) => (
          <Warn key={hint.id}>
            <HintText of={hint} />
          </Warn>
        ))}
        {(of.contradictions ?? []).map((one) => (
          <Warn key={one.word}>
            {t('cargo.contradiction', { word: `\u2068${one.word}\u2069` })} <Code>{one.got}</Code>
            {!!one.expected?.length && <> {t('cargo.expected')} <Code>{one.expected.join(' ')}</Code></>}
          </Warn>
        ))}
      </ul>
    </>
  )
}

const Warn = ({ children }: { children: React.ReactNode }) => (
  <li>
    <Icon name="warn" size={14} /> <span>{children}</span>
  </li>
)

function Words({ of }: { of: readonly string[] }) {
  const { t } = useTranslation()
  return <bdi>{of.map((word) => t('quote', { text: word })).join(t('list.comma'))}</bdi>
}

function HintText({ of }: { of: Hint }) {
  const { t } = useTranslation()
  return (
    <>
      {t(`cargo.hint.${of.kind}`)} {!!of.words?.length && <Words of={of.words} />} {of.un && <Code>{`UN ${of.un}`}</Code>} {of.class && <>{t('cargo.class')} <Code>{of.class}</Code></>}
      {!!of.wants?.length && <>{t('list.semicolon')}{t(of.answered ? 'cargo.wantsMet' : 'cargo.wants')} <Code>{of.wants.join(' ')}</Code></>}
    </>
  )
}
