import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Checked, type Proof, useCheckDocument, useTrust } from '../../api/documents'
import { useNow, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { base64, type ChipPart, chipPart } from '../../format/chip'
import { countryName } from '../../format/countries'
import { number } from '../../format/time'
import { Push, Toolbar } from '../../ui/bars'
import { ActFailed, Empty } from '../../ui/Faces'
import { Icon, type IconName } from '../../ui/Icon'
import { Act, Code, Day, Instant, Name } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import classes from './facilitation.module.css'
import { MrzField } from './MrzField'

type Files = Partial<Record<ChipPart, { name: string; bytes: Uint8Array }>>

/** A travel document checked by what is printed, sealed and stored in it: each result said by itself, in words. */
export function DocumentsPage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const now = useNow(60_000)
  const check = useCheckDocument()
  const trust = useTrust()
  const [mrz, setMrz] = useState('')
  const [seal, setSeal] = useState('')
  const [files, setFiles] = useState<Files>({})
  const [unknown, setUnknown] = useState<string[]>([])
  const parts = Object.entries(files) as [ChipPart, { name: string; bytes: Uint8Array }][]
  const ready = (mrz.trim() !== '' || seal.trim() !== '' || parts.length > 0) && !check.isPending
  useEffect(() => {
    document.title = `${t('place.documents')} · Rihla`
  }, [t])
  const send = () => {
    if (!ready) return
    const groups = Object.fromEntries(parts.filter(([part]) => /^\d/.test(part)).map(([part, { bytes }]) => [part, base64(bytes)]))
    check.mutate({
      ...(mrz.trim() ? { mrz: mrz.trim() } : {}),
      ...(seal.trim() ? { seal: seal.trim() } : {}),
      ...(parts.length > 0 ? { chip: { ...(files.sod ? { sod: base64(files.sod.bytes) } : {}), ...(files.com ? { com: base64(files.com.bytes) } : {}), ...(Object.keys(groups).length > 0 ? { groups } : {}) } } : {}),
    })
  }
  const clear = () => {
    setMrz('')
    setSeal('')
    setFiles({})
    setUnknown([])
    check.reset()
  }
  useKeys({ 'case.send': send })
  const take = async (list: FileList | null) => {
    const found: Files = { ...files }
    const not: string[] = []
    for (const file of [...(list ?? [])]) {
      const part = chipPart(file.name)
      if (part) found[part] = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
      else not.push(file.name)
    }
    setFiles(found)
    setUnknown(not)
  }
  return (
    <>
      <Toolbar title={t('place.documents')}>
        <Push />
        {trust.data && <span className={classes.quiet}>{t('document.trust', { version: number(trust.data.version, speech), csca: number(trust.data.counts?.csca ?? 0, speech) })}</span>}
      </Toolbar>
      <div className={classes.twoSides}>
        <form
          className={classes.side}
          onSubmit={(event) => {
            event.preventDefault()
            send()
          }}
        >
          <MrzField label={t('document.mrz')} hint={t('document.mrzHint')} value={mrz} onChange={setMrz} today={new Date(now).toISOString().slice(0, 10)} />
          <label className={classes.block}>
            <span className={classes.label}>{t('document.seal')}</span>
            <textarea className={classes.area} dir="ltr" rows={4} value={seal} onChange={(event) => setSeal(event.target.value)} spellCheck={false} data-test="seal" />
            <span className={classes.note}>{t('document.sealHint')}</span>
          </label>
          <label className={classes.block}>
            <span className={classes.label}>{t('document.chip')}</span>
            <input type="file" multiple onChange={(event) => void take(event.target.files)} data-test="chip" />
            <span className={classes.note}>{t('document.chipHint')}</span>
          </label>
          {parts.length > 0 && (
            <ul className={classes.facts}>
              {parts.map(([part, file]) => (
                <li key={part}>
                  <span>
                    <Code>{/^\d/.test(part) ? `DG${part}` : `EF.${part.toUpperCase()}`}</Code>
                  </span>{' '}
                  <bdi>{file.name}</bdi>
                </li>
              ))}
            </ul>
          )}
          {unknown.length > 0 && (
            <p className={classes.wrong} role="alert">
              {t('document.unknownFile')} <bdi>{unknown.join(t('list.comma'))}</bdi>
            </p>
          )}
          <ActFailed error={check.error} />
          <div className={classes.acts}>
            <Act primary act="case.send" type="submit" disabled={!ready} data-test="check-document">
              {t('document.check')}
            </Act>
            <Act onClick={clear}>{t('document.clear')}</Act>
          </div>
          <p className={classes.note}>{t('document.kept')}</p>
        </form>
        <section className={classes.results} aria-live="polite" aria-label={t('document.result')}>
          {check.data ? <Result of={check.data} /> : <Empty>{t('document.none')}</Empty>}
        </section>
      </div>
    </>
  )
}

const faces: Record<string, { tone: string; icon: IconName }> = {
  authentic: { tone: 'good', icon: 'check' },
  consistent: { tone: 'plain', icon: 'check' },
  cannot_check: { tone: 'plain', icon: 'warn' },
  read_again: { tone: 'doubt', icon: 'warn' },
  unreadable: { tone: 'doubt', icon: 'warn' },
  expired: { tone: 'doubt', icon: 'clock' },
  not_authentic: { tone: 'bad', icon: 'cross' },
  stolen: { tone: 'bad', icon: 'cross' },
}

function Result({ of }: { of: Checked }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  const speech = useSpeech()
  const face = faces[of.verdict] ?? { tone: 'plain', icon: 'warn' as const }
  const who = of.document
  return (
    <div data-test="document-result" data-verdict={of.verdict}>
      <header className={classes.verdict} data-tone={face.tone}>
        <Icon name={face.icon} size={20} />
        <div>
          <h2>{t(`document.verdict.${of.verdict}`, { defaultValue: of.verdict })}</h2>
          <p>{t(`document.does.${of.verdict}`, { defaultValue: '' })}</p>
        </div>
      </header>
      {who && (
        <Part title={t('document.whose')}>
          <ul className={classes.facts}>
            <li>
              <Name>{[who.surname, who.given].filter(Boolean).join(', ')}</Name>
            </li>
            <li>
              <span>{t('mrz.field.number')}</span> <Code>{[who.type, who.number].filter(Boolean).join(' ')}</Code>
            </li>
            {who.issuer && (
              <li>
                <span>{t('mrz.field.issuer')}</span> <bdi>{countryName(who.issuer, language)}</bdi> <Code quiet>{who.issuer}</Code>
              </li>
            )}
            {who.nationality && (
              <li>
                <span>{t('mrz.field.nationality')}</span> <bdi>{countryName(who.nationality, language)}</bdi>
              </li>
            )}
            {who.born && (
              <li>
                <span>{t('mrz.field.born')}</span> <Day of={who.born} />
              </li>
            )}
            {who.expires && (
              <li>
                <span>{t('mrz.field.expires')}</span> <Day of={who.expires} />
              </li>
            )}
          </ul>
        </Part>
      )}
      {!!of.lists?.length && (
        <Part title={t('document.lists')}>
          {of.lists.map((one) => (
            <p key={`${one.list} ${one.entry}`} className={classes.wrong}>
              <Icon name="warn" size={14} /> {t(`finding.${one.code}`, { defaultValue: one.code })}
              {t('list.comma')}
              <bdi>{one.list}</bdi> <Code>{one.entry}</Code>
            </p>
          ))}
        </Part>
      )}
      {of.chip && (
        <Part title={t('document.chipTitle')} note={of.chip.algorithm && <bdi dir="ltr">{of.chip.algorithm}</bdi>}>
          <Proofs of={of.chip} what="chip" />
          {!!of.chip.groups?.length && (
            <ul className={classes.facts}>
              {of.chip.groups.map((group) => (
                <li key={group.number}>
                  <Code>{`DG${group.number}`}</Code> <span className={group.state === 'differs' ? classes.wrong : undefined}>{t(`document.group.${group.state}`)}</span>
                </li>
              ))}
            </ul>
          )}
          <Signer name={of.chip.signer} country={of.chip.country} at={of.chip.signed_at} />
        </Part>
      )}
      {of.seal && (
        <Part title={t('document.sealTitle')} note={of.seal.type && <bdi>{of.seal.type}</bdi>}>
          <Proofs of={of.seal} what="seal" />
          {!!of.seal.features?.length && (
            <ul className={classes.facts}>
              {of.seal.features.map((one) => (
                <li key={one.name}>
                  <span>
                    <bdi>{one.name}</bdi>
                  </span>{' '}
                  <Code>{one.value}</Code>
                </li>
              ))}
            </ul>
          )}
          <Signer name={of.seal.signer} country={of.seal.country} at={of.seal.signed} />
        </Part>
      )}
      {of.mrz && (
        <Part title={t('document.mrzTitle')} note={of.mrz.kind && <Code quiet>{of.mrz.kind}</Code>}>
          <ul className={classes.checks}>
            {(of.mrz.checks ?? []).map((one, at) => (
              <li key={at} data-ok={one.ok}>
                <Icon name={one.ok ? 'check' : 'cross'} size={14} /> {t(`document.digit.${one.field}`, { defaultValue: one.field })}
                {!one.ok && (
                  <span className={classes.quiet}>
                    {t('document.digitWrong', { digit: `\u2066${one.digit}\u2069`, want: `\u2066${one.want}\u2069`, line: number(one.line, speech), column: number(one.column, speech) })}
                  </span>
                )}
              </li>
            ))}
            {(of.mrz.corrections ?? []).map((one, at) => (
              <li key={`c${at}`}>
                <Icon name="pen" size={14} /> {t('document.corrected', { was: `\u2066${one.was}\u2069`, read: `\u2066${one.read}\u2069` })}
              </li>
            ))}
            {(of.mrz.faults ?? []).map((one, at) => (
              <li key={`f${at}`} data-ok={false}>
                <Icon name="cross" size={14} /> {t('document.line', { line: number(one.line, speech) })} <bdi>{[one.message, one.mend].filter(Boolean).join(' ')}</bdi>
              </li>
            ))}
          </ul>
        </Part>
      )}
      {!!of.remarks?.length && (
        <Part title={t('document.remarks')}>
          <ul className={classes.checks} data-test="remarks">
            {of.remarks.map((one, at) => (
              <li key={at} data-severity={one.severity}>
                <Icon name={one.severity === 'bad' ? 'cross' : 'warn'} size={14} /> {t(`document.remark.${one.code}`, { ...one.values, country: countryName(one.values?.country ?? '', language), defaultValue: one.code })}
              </li>
            ))}
          </ul>
        </Part>
      )}
    </div>
  )
}

const asked = ['hash_ok', 'signature_ok', 'chain_ok', 'revoked', 'expired'] as const

/** Five questions, each answered yes, no, or not to be answered. */
function Proofs({ of, what }: { of: Proof; what: 'chip' | 'seal' }) {
  const { t } = useTranslation()
  return (
    <ul className={classes.checks} data-test={`proofs-${what}`}>
      {asked
        .filter((name) => what === 'chip' || name !== 'hash_ok')
        .map((name) => {
          const said = of[name]
          const good = said === undefined ? undefined : name === 'revoked' || name === 'expired' ? !said : said
          return (
            <li key={name} data-ok={good ?? 'unknown'}>
              <Icon name={good === undefined ? 'warn' : good ? 'check' : 'cross'} size={14} /> {t(`document.proof.${name}.${good === undefined ? 'unknown' : good ? 'good' : 'bad'}`)}
            </li>
          )
        })}
    </ul>
  )
}

function Signer({ name, country, at }: { name?: string; country?: string; at?: string }) {
  const { t } = useTranslation()
  const { language } = useSpeech()
  if (!name && !country) return null
  return (
    <p className={classes.note}>
      {t('document.signer')} <bdi dir="ltr">{name}</bdi> {country && <bdi>{countryName(country, language)}</bdi>} {at && (at.length > 10 ? <Instant at={at} dateToo /> : <Day of={at} />)}
    </p>
  )
}
