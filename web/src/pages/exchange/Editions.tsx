import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type AgreementFile, useSign } from '../../api/exchange'
import { useHome, useSpeech } from '../../app/home'
import { country, countryIn, lasting, looser, ownParty, plain, stricter } from '../../format/exchange'
import { number } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { ActFailed, Empty } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { Act, Code, Day, Instant } from '../../ui/parts'
import classes from './Editions.module.css'
import { StateTag } from './StateTag'

/** The document itself, as it was signed: byte for byte what the node runs. */
export function Text({ file }: { file: AgreementFile }) {
  const { t } = useTranslation()
  const lines = useMemo(() => file.text.replace(/\n$/, '').split('\n'), [file.text])
  return (
    <section className={classes.text} data-test="text">
      <p className={classes.note}>
        {t('agreement.textNote', { count: lines.length })} <Code quiet>{file.digest}</Code>
      </p>
      <ol className={classes.lines} dir="ltr" lang="en">
        {lines.map((line, at) => (
          <li key={at} data-comment={/^\s*#/.test(line) || undefined}>
            <code>{line || ' '}</code>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Every version there was, who signed it and when; a proposal is signed here. */
export function Versions({ file, shown, onOpen }: { file: AgreementFile; shown?: string; onOpen: (v: string | undefined) => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { role } = useHome()
  const sign = useSign(file.id)
  const own = ownParty(file)
  const versions = file.versions ?? []
  if (versions.length === 0) return <Empty>{t('agreement.noVersions')}</Empty>
  return (
    <ol className={classes.versions} data-test="versions">
      {versions.map((one) => {
        const signed = one.signatures ?? []
        const ours = signed.some((by) => by.party === own)
        const open = String(one.version) === shown || (!shown && one.version === file.version)
        const proposal = plain(one.state) === 'proposed'
        return (
          <li key={one.digest} data-open={open || undefined} data-test="edition">
            <p className={classes.head}>
              <strong>{t('agreement.version', { version: number(one.version, speech) })}</strong>
              <StateTag state={one.state} />
              {one.effective && (
                <span className={classes.faint}>
                  {t('agreement.from')} <Day of={one.effective} />
                </span>
              )}
              <span className={desk.push} />
              {open ? <span className={classes.faint}>{t('agreement.shown')}</span> : <Act onClick={() => onOpen(String(one.version))}>{t('agreement.show', { version: number(one.version, speech) })}</Act>}
            </p>
            <ul className={classes.signatures}>
              {file.parties.map((party) => {
                const by = signed.find((one) => one.party === party.id)
                return (
                  <li key={party.id}>
                    <Icon name={by ? 'check' : 'clock'} size={13} /> {country(party.country, speech.language)}
                    {t('list.comma')}
                    {by ? (
                      <>
                        {by.authority && <><bdi>{file.document.parties.flatMap((one) => one.authorities ?? []).find((one) => one.id === by.authority)?.name ?? by.authority}</bdi> </>}
                        <Instant at={by.at} dateToo />
                      </>
                    ) : (
                      <span className={classes.faint}>{t('agreement.notSigned')}</span>
                    )}
                  </li>
                )
              })}
            </ul>
            <p className={classes.note}>
              <Code quiet>{one.digest}</Code>
            </p>
            {proposal && !ours && role === 'supervisor' && (
              <div className={classes.sign}>
                <p>{t('agreement.sign.will', { version: number(one.version, speech), partner: countryIn(file.parties.find((party) => party.id !== own)?.country, speech.language) })}</p>
                <Act primary icon="pen" disabled={sign.isPending} onClick={() => sign.mutate({ digest: one.digest })} data-test="sign">
                  {t('agreement.sign.do', { version: number(one.version, speech) })}
                </Act>
                <ActFailed error={sign.error} />
              </div>
            )}
          </li>
        )
      })}
    </ol>
  )
}

/** One side of a change: durations and days in words, everything else as it is written. */
function Put({ text }: { text?: string }) {
  const { t } = useTranslation()
  if (!text) return <>{t('agreement.changes.absent')}</>
  if (/^P[\dT]/.test(text)) return <>{lasting(text, t)}</>
  return /^\d{4}-\d\d-\d\d$/.test(text) ? <Day of={text} /> : <bdi>{text}</bdi>
}

/** What a proposed version changes, clause by clause, and whether it protects more or less. */
export function Changes({ file }: { file: AgreementFile }) {
  const { t } = useTranslation()
  const changes = file.changes ?? []
  return (
    <section className={classes.changes} data-test="changes">
      <p className={classes.summary}>
        {t('agreement.changes.stricter', { count: stricter(changes) })}
        {t('list.semicolon')}
        {t('agreement.changes.looser', { count: looser(changes) })}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('agreement.changes.where')}</th>
            <th scope="col">{t('agreement.changes.was')}</th>
            <th scope="col">{t('agreement.changes.becomes')}</th>
            <th scope="col">{t('agreement.changes.effect')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((one) => (
            <tr key={`${one.path} ${one.was} ${one.becomes}`} data-effect={one.effect}>
              <th scope="row">
                <Code>{one.path}</Code>
              </th>
              <td className={classes.was}>
                <Put text={one.was} />
              </td>
              <td className={classes.now}>
                <Put text={one.becomes} />
              </td>
              <td>
                <span className={classes.effect}>
                  <Icon name={one.effect === 'stricter' ? 'lock' : one.effect === 'looser' ? 'unlock' : 'differs'} size={13} /> {t(`agreementEffect.${one.effect ?? 'other'}`, { defaultValue: t('agreementEffect.other') })}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
