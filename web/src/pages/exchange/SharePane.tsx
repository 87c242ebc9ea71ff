import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../api/client'
import { type AgreementFile, type Gift, type Share, useAgreementFiles, useAgreements, useGiftPreview, useGive } from '../../api/exchange'
import { useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { useRested } from '../../app/rested'
import { counted, country, giveable, ownParty, plain } from '../../format/exchange'
import { day, number } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer, Empty, Loading } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { Act, Code, Name } from '../../ui/parts'
import { useFieldName } from './FieldValue'
import classes from './panes.module.css'
import { Keys } from './ReleasePane'
import { Sides } from './Sides'
import own from './SharePane.module.css'

/** An item may go by another id under another category: a party by itself, its freeze by its case. */
type Props = { item: string | ((category: string) => string); title: string; categories: readonly string[]; caseRef?: string; onClose: () => void }
type Way = { file: AgreementFile; share: Share }

/** Giving an item to the partner unasked: under which clause, exactly what leaves and what stays, and who else must say yes. */
export function SharePane(props: Props) {
  const { t } = useTranslation()
  const agreements = useAgreements()
  const files = useAgreementFiles((agreements.data ?? []).filter((one) => plain(one.state) === 'in_force').map((one) => one.id))
  const ways = files.flatMap(({ data }): Way[] => (data ? giveable(data.document, ownParty(data), props.categories, data.suspended).map((share) => ({ file: data, share })) : []))
  const waiting = agreements.isPending || files.some((one) => one.isPending)
  useKeys({ 'list.back': props.onClose })
  return (
    <>
      <header className={desk.paneHead}>
        <h2>{t('give.title')}</h2>
        <span className={desk.push} />
        <Act icon="cross" onClick={props.onClose} aria-label={t('give.close')} data-test="share-close" />
      </header>
      {ways.length > 0 ? (
        <Form {...props} ways={ways} />
      ) : waiting ? (
        <Loading rows={6} />
      ) : (
        <Answer of={agreements}>{() => <Empty>{t('give.none')}</Empty>}</Answer>
      )}
    </>
  )
}

const nameOf = ({ file, share }: Way) => `${file.id}/${share.id}`

function Form({ item, title, caseRef, ways, onClose }: Props & { ways: Way[] }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const fieldName = useFieldName()
  const give = useGive()
  const [chosen, setChosen] = useState<string>()
  const [purpose, setPurpose] = useState('')
  const [reason, setReason] = useState('')
  const [reference, setReference] = useState(caseRef ?? '')
  const [looked, setLooked] = useState(false)
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set())
  const [asked, setAsked] = useState(false)
  const yes = useRef<HTMLDivElement>(null)
  const way = ways.find((one) => nameOf(one) === chosen) ?? ways[0]
  const { file, share } = way as Way
  const purposes = share.purposes
  const why = purposes.includes(purpose) ? purpose : (purposes[0] ?? '')
  const needsReason = !!share.justification?.required
  const shortest = share.justification?.min_chars ?? 0
  const needsCase = share.justification?.case_ref === 'required'
  const confirms = ['both_sides', 'sending_side'].includes(share.human_confirmation)
  const fields = kept.size > 0 ? share.fields.filter((one) => !kept.has(one)) : undefined
  const gift: Gift = {
    share: share.id,
    purpose: why,
    item: typeof item === 'string' ? item : item(share.category),
    ...(fields ? { fields } : {}),
    ...(reason.trim() ? { justification: reason.trim() } : {}),
    ...(reference.trim() ? { case_ref: reference.trim() } : {}),
    ...(looked ? { human_confirmed: true } : {}),
  }
  const preview = useGiftPreview(file.id, useRested(gift))
  const other = file.document.parties.find((party) => party.id !== ownParty(file))
  const partner = `\u2068${country(other?.country, speech.language)}\u2069`
  const leaves = preview.data?.leaves ?? []
  const held = (preview.data?.withheld ?? []).filter((one) => !kept.has(one.field))
  const needs = preview.data?.needs ?? []
  // The officer's own yes is given by sending; what is left after it waits for others.
  const second = needs.some((one) => one.kind !== 'confirmation' && one.have + 1 < one.count) || needs.filter((one) => one.kind !== 'confirmation' && one.have < one.count).length > 1
  const lacks = [needsReason && counted(reason) < shortest && t('give.lack.reason'), needsCase && !reference.trim() && t('give.lack.case'), confirms && !looked && t('give.lack.looked'), fields?.length === 0 && t('give.lack.fields')].filter((one): one is string => !!one)
  const ready = lacks.length === 0 && preview.data !== undefined && !preview.data.forbidden && leaves.length > 0 && !give.isPending
  const does = t(second ? 'give.do.second' : 'give.do.leaves', { count: leaves.length, partner })
  const send = () => {
    if (ready) give.mutate({ agreement: file.id, gift }, { onSettled: () => setAsked(false) })
  }
  const ask = () => {
    if (!ready) return
    setAsked(true)
    setTimeout(() => yes.current?.querySelector('button')?.focus(), 0)
  }
  useKeys(asked ? { 'case.send': send, 'list.back': () => setAsked(false) } : { 'case.send': ask })
  const toggle = (field: string) =>
    setKept((was) => {
      const next = new Set(was)
      if (!next.delete(field)) next.add(field)
      return next
    })
  if (give.data)
    return (
      <div className={desk.scroll} data-test="shared">
        <div className={classes.about}>
          <h3>
            <Icon name="check" size={15} /> {t(second ? 'give.waits' : 'give.left', { partner })}
          </h3>
          <p>
            <Link to="/requests/{-$id}" params={{ id: give.data.id }} className={classes.link}>
              {t('give.follow')}
            </Link>
          </p>
        </div>
        <Act onClick={onClose}>{t('give.close')}</Act>
      </div>
    )
  const refused = give.error instanceof Failure ? give.error.problem : undefined
  return (
    <>
      <div className={desk.scroll} data-test="share-pane">
        <div className={classes.about}>
          <h3>
            <Name>{title}</Name>
          </h3>
        </div>
        <fieldset className={classes.options}>
          <legend>{t('give.under')}</legend>
          {ways.map((one) => (
            <label key={nameOf(one)} data-chosen={one === way || undefined}>
              <input
                type="radio"
                name="way"
                checked={one === way}
                onChange={() => {
                  setChosen(nameOf(one))
                  setKept(new Set())
                }}
                data-test={`way-${one.share.id}`}
              />
              <span>
                <Code>{one.share.id}</Code> <bdi>{one.file.words[speech.language].shares?.find((said) => said.id === one.share.id)?.title ?? one.share.title}</bdi>
              </span>
            </label>
          ))}
        </fieldset>
        <NativeSelect label={t('requestPart.purpose')} value={why} onChange={(event) => setPurpose(event.currentTarget.value)} data={purposes.map((value) => ({ value, label: t(`exchangePurpose.${value}`, { defaultValue: value }) }))} classNames={{ label: classes.label, input: classes.input }} />
        <Textarea
          label={
            <span className={classes.labelLine}>
              <span>{t('give.reason')}</span>
              {shortest > 0 && <span className={classes.quiet}>{t('decision.length', { count: counted(reason), shortest: number(shortest, speech) })}</span>}
            </span>
          }
          rows={3}
          value={reason}
          dir="auto"
          onChange={(event) => setReason(event.currentTarget.value)}
          classNames={{ label: classes.label, input: classes.input }}
          data-test="share-reason"
        />
        {(needsCase || share.justification?.case_ref) && <TextInput label={t('requestPart.case_ref')} value={reference} dir="ltr" onChange={(event) => setReference(event.currentTarget.value)} classNames={{ label: classes.label, input: classes.input }} data-test="share-case" />}
        {confirms && (
          <label className={own.check}>
            <input type="checkbox" checked={looked} onChange={(event) => setLooked(event.target.checked)} data-test="share-looked" /> {t('request.confirmed')}
          </label>
        )}
        <div className={classes.preview}>
          <Answer of={preview} rows={5}>
            {(known) =>
              known.forbidden ? (
                <p className={classes.stopped} role="alert" data-test="share-forbidden">
                  {t('release.stopped')} {t(`refusal.${known.forbidden.code}`, { defaultValue: known.forbidden.reason ?? known.forbidden.code })} {known.forbidden.clause && <Code>{known.forbidden.clause}</Code>}
                </p>
              ) : (
                <Sides preview={{ ...known, leaves, withheld: held }} to={partner} />
              )
            }
          </Answer>
        </div>
        {leaves.length + kept.size > 0 && (
          <div className={own.fields} role="group" aria-label={t('give.leaveOut')}>
            <span>{t('give.leaveOut')}</span>
            {share.fields
              .filter((field) => kept.has(field) || leaves.some((one) => one.field === field))
              .map((field) => (
                <button key={field} type="button" aria-pressed={kept.has(field)} onClick={() => toggle(field)}>
                  {fieldName(field)}
                </button>
              ))}
          </div>
        )}
        {needs.length > 0 && <Keys needs={needs} have={[]} />}
        {refused?.code && (
          <p className={classes.stopped} role="alert">
            {t(`refusal.${refused.code}`, { defaultValue: refused.reason ?? refused.code })} {refused.clause && <Code>{refused.clause}</Code>}
          </p>
        )}
        <ActFailed error={give.error} />
      </div>
      <footer className={desk.foot}>
        {lacks.length > 0 && (
          <p className={classes.note} data-test="share-lacks">
            {t('request.lacks')} {lacks.join(t('list.comma'))}
            {'.'}
          </p>
        )}
        {asked && ready ? (
          <div className={classes.confirm} role="alertdialog" aria-label={t('release.sure')} ref={yes}>
            <p>
              {t(second ? 'release.will.second' : 'release.will.leaves', { count: leaves.length, partner, name: `\u2068${title}\u2069` })} {preview.data?.handling?.erase_at && t('release.will.erase', { day: day(preview.data.handling.erase_at.slice(0, 10), speech) })}
            </p>
            <div className={classes.buttons}>
              <Act primary act="case.send" disabled={!ready} onClick={send} data-test="share-confirm">
                {does}
              </Act>
              <Act act="list.back" onClick={() => setAsked(false)}>
                {t('rules.notNow')}
              </Act>
            </div>
          </div>
        ) : (
          <div className={classes.buttons}>
            <Act primary act="case.send" disabled={!ready} onClick={ask} data-test="share-ask">
              {t('release.next', { what: does })}
            </Act>
          </div>
        )}
      </footer>
    </>
  )
}
