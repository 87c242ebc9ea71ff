import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../api/client'
import { type AgreementFile, type Request, type Share, useAgreement, useAgreements, useAsk, useAskOn, useLead, useThread } from '../../api/exchange'
import { usePassenger } from '../../api/queries'
import { useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { askable, counted, country, lacking, type Lack, lasting, ownParty, partsOf, plain, shortest, subjectOfPassenger } from '../../format/exchange'
import { number } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer, Empty } from '../../ui/Faces'
import { Act, Code } from '../../ui/parts'
import classes from './NewRequest.module.css'
import panes from './panes.module.css'

type Search = { agreement?: string; share?: string; prior?: string; run?: string; person?: string }
type Props = { search: Search; onSent: (id: string) => void; onClose: () => void; onChange: (change: Search) => void }

/** A request written: only what the share has room for, held against the agreement while it is typed. */
export function NewRequest(props: Props) {
  const { t } = useTranslation()
  const agreements = useAgreements()
  const chosen = props.search.agreement ?? agreements.data?.find((one) => plain(one.state) === 'in_force')?.id ?? agreements.data?.[0]?.id
  const file = useAgreement(chosen)
  if (agreements.data?.length === 0) return <section className={desk.middle}><Empty>{t('agreement.empty')}</Empty></section>
  return (
    <Answer of={file}>
      {(known) => {
        const shares = askable(known.document, ownParty(known), known.suspended)
        const share = shares.find((one) => one.id === props.search.share) ?? shares[0]
        if (!share) return <section className={desk.middle}><Empty act={<Act onClick={props.onClose}>{t('rules.notNow')}</Act>}>{t('request.noShare')}</Empty></section>
        return <Form key={`${known.id}/${share.id}/${props.search.prior ?? ''}`} {...props} file={known} shares={shares} share={share} />
      }}
    </Answer>
  )
}

const blank: Request = { share: '', purpose: '', subject: {}, human_confirmed: false }

function Form({ file, shares, share, search, onSent, onClose, onChange }: Props & { file: AgreementFile; shares: Share[]; share: Share }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const agreements = useAgreements()
  const ask = useAsk()
  const prior = useThread(search.prior)
  const person = usePassenger(search.run ? undefined : search.person)
  const lead = useLead(search.run, search.person)
  const askOn = useAskOn(search.run ?? '', search.person ?? '')
  const [request, setRequest] = useState<Request>({ ...blank, share: share.id, purpose: share.purposes.length === 1 ? (share.purposes[0] ?? '') : '' })
  const set = (change: Partial<Request>) => setRequest((was) => ({ ...was, ...change }))
  const setSubject = (change: Partial<Request['subject']>) => setRequest((was) => ({ ...was, subject: { ...was.subject, ...change } }))
  const setDocument = (change: Partial<NonNullable<Request['subject']['document']>>) => setRequest((was) => ({ ...was, subject: { ...was.subject, document: { number: '', ...was.subject.document, ...change } } }))

  // What is asked on from an earlier answer, or about a traveller, is filled in once; a person may change it.
  useEffect(() => {
    const before = prior.data
    if (before)
      setRequest((was) => ({
        ...was,
        purpose: share.purposes.includes(before.purpose) ? before.purpose : was.purpose,
        case_ref: before.case_ref ?? before.request?.case_ref,
        offence_code: before.request?.offence_code,
        prior_reference: before.reference,
        justification: before.request?.justification,
        subject: before.request?.subject ?? was.subject,
      }))
  }, [prior.data, share.purposes])
  useEffect(() => {
    const data = lead.data
    if (data) setRequest((was) => ({ ...was, ...data, share: share.id, purpose: data.purpose && share.purposes.includes(data.purpose) ? data.purpose : was.purpose, subject: data.subject ?? was.subject, human_confirmed: false }))
  }, [lead.data, share.id, share.purposes])
  useEffect(() => {
    if (person.data) setRequest((was) => ({ ...was, subject: subjectOfPassenger(person.data) }))
  }, [person.data])

  const lacks = lacking(share, request)
  const parts = partsOf(share)
  const words = file.words[speech.language].shares?.find((one) => one.id === share.id)
  const own = ownParty(file)
  const other = file.document.parties.find((party) => party.id !== own)
  const partner = `\u2068${other?.authorities?.find((one) => !one.domains.includes('oversight'))?.[speech.language === 'ar' ? 'name_ar' : 'name'] ?? country(other?.country, speech.language)}\u2069`
  const purpose = file.document.purposes.find((one) => one.id === request.purpose)
  const purposeWords = purpose && (file.words[speech.language].purposes?.[file.document.purposes.indexOf(purpose)] ?? purpose.text)
  const ready = lacks.length === 0 && !ask.isPending && !askOn.isPending
  const send = () => {
    const sent = { onSuccess: (thread: { id: string }) => onSent(thread.id) }
    const whole = { ...request, share: share.id }
    if (!ready) return
    if (search.run && search.person) askOn.mutate(whole, sent)
    else ask.mutate({ agreement: file.id, request: whole }, sent)
  }
  useKeys({ 'case.send': send, 'list.back': onClose })
  const styles = { label: classes.label, input: classes.input, error: classes.error }
  const text = (name: 'case_ref' | 'offence_code' | 'prior_reference' | 'application_ref') => ({ label: t(`requestPart.${name}`), value: request[name] ?? '', dir: 'ltr' as const, classNames: styles, onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }), 'data-test': `request-${name}` })
  const failed = ask.error ?? askOn.error
  const refused = failed instanceof Failure ? failed.problem : undefined
  return (
    <>
      <section className={desk.middle} data-test="request-form">
        <header className={desk.head}>
          <div className={desk.headLine}>
            <h1>{t('request.title')}</h1>
            <span className={desk.push} />
            {(agreements.data?.length ?? 0) > 1 && (
              <NativeSelect aria-label={t('place.agreements')} value={file.id} onChange={(event) => onChange({ agreement: event.currentTarget.value, share: undefined })} data={(agreements.data ?? []).map((one) => ({ value: one.id, label: speech.language === 'ar' ? (one.title_ar ?? one.title) : one.title }))} classNames={styles} />
            )}
          </div>
        </header>
        <div className={desk.part}>
          <fieldset className={`${panes.options} ${classes.shares}`}>
            <legend>{t('request.share')}</legend>
            {shares.map((one) => (
              <label key={one.id} data-chosen={one.id === share.id || undefined}>
                <input type="radio" name="share" checked={one.id === share.id} onChange={() => onChange({ share: one.id })} data-test={`share-${one.id}`} />
                <span>
                  <Code>{one.id}</Code> <bdi>{file.words[speech.language].shares?.find((said) => said.id === one.id)?.title ?? one.title}</bdi>
                </span>
              </label>
            ))}
          </fieldset>
        </div>
        <div className={desk.part}>
          <div className={desk.partHead}>
            <h3>{t('request.about')}</h3>
            <span>{t('request.aboutNote')}</span>
          </div>
          <div className={classes.fields}>
            <TextInput label={t('exchangeField.person_family_name')} value={request.subject.family_name ?? ''} dir="auto" onChange={(event) => setSubject({ family_name: event.currentTarget.value })} classNames={styles} data-test="request-family_name" />
            <TextInput label={t('exchangeField.person_given_names')} value={request.subject.given_names ?? ''} dir="auto" onChange={(event) => setSubject({ given_names: event.currentTarget.value })} classNames={styles} data-test="request-given_names" />
            <TextInput label={t('exchangeField.person_dob')} value={request.subject.dob ?? ''} placeholder="1981-03-14" dir="ltr" onChange={(event) => setSubject({ dob: event.currentTarget.value })} classNames={styles} data-test="request-dob" />
            <TextInput label={t('exchangeField.document_number')} value={request.subject.document?.number ?? ''} dir="ltr" onChange={(event) => setDocument({ number: event.currentTarget.value.toUpperCase() })} classNames={styles} data-test="request-number" />
            <TextInput label={t('exchangeField.document_issuer')} value={request.subject.document?.issuer ?? ''} placeholder="JOR" maxLength={3} dir="ltr" onChange={(event) => setDocument({ issuer: event.currentTarget.value.toUpperCase() })} classNames={styles} />
            <TextInput label={t('exchangeField.person_nationality')} value={request.subject.nationality ?? ''} placeholder="JOR" maxLength={3} dir="ltr" onChange={(event) => setSubject({ nationality: event.currentTarget.value.toUpperCase() })} classNames={styles} />
            {['pnr', 'api'].includes(share.category) && (
              <>
                <TextInput label={t('request.flight')} value={`${request.journey?.carrier ?? ''}${request.journey?.number ?? ''}`} placeholder="ZZ431" dir="ltr" onChange={(event) => set({ journey: { ...request.journey, ...flightOf(event.currentTarget.value) } })} classNames={styles} />
                <TextInput label={t('request.flightDay')} type="date" value={request.journey?.date ?? ''} dir="ltr" onChange={(event) => set({ journey: { ...request.journey, date: event.currentTarget.value } })} classNames={styles} />
              </>
            )}
          </div>
        </div>
        <div className={desk.part}>
          <div className={desk.partHead}>
            <h3>{t('request.why')}</h3>
            <span>{t('request.whyNote')}</span>
          </div>
          <div className={classes.fields}>
            <NativeSelect label={t('requestPart.purpose')} value={request.purpose} onChange={(event) => set({ purpose: event.currentTarget.value })} data={[{ value: '', label: t('request.choosePurpose') }, ...share.purposes.map((value) => ({ value, label: t(`exchangePurpose.${value}`, { defaultValue: value }) }))]} classNames={{ ...styles, root: classes.wide }} data-test="request-purpose" />
            {purpose && <p className={`${classes.note} ${classes.wide}`}><bdi>{purposeWords}</bdi></p>}
            {parts.filter((one) => one.name !== 'justification' && one.name !== 'facts' && one.name !== 'urgency_reason').map(({ name }) => <TextInput key={name} {...text(name as 'case_ref')} />)}
            {(purpose?.min_penalty_years !== undefined || /offence_penalty_years/.test(share.when ?? '')) && (
              <TextInput label={t('request.penalty')} type="number" min={0} max={60} value={request.offence_penalty_years ?? ''} dir="ltr" onChange={(event) => set({ offence_penalty_years: Number(event.currentTarget.value) || undefined })} classNames={styles} data-test="request-penalty" />
            )}
            {/consent_ref/.test(share.when ?? '') && <TextInput label={t('request.consent')} value={request.consent_ref ?? ''} dir="ltr" onChange={(event) => set({ consent_ref: event.currentTarget.value })} classNames={styles} />}
            {/req\.program/.test(share.when ?? '') && <TextInput label={t('request.program')} value={request.program ?? ''} dir="ltr" onChange={(event) => set({ program: event.currentTarget.value })} classNames={styles} />}
            {parts.some((one) => one.name === 'justification') && <Long name="justification" share={share} value={request.justification ?? ''} other={request.facts} onChange={(justification) => set({ justification })} />}
            {parts.some((one) => one.name === 'facts') && <Long name="facts" share={share} value={request.facts ?? ''} onChange={(facts) => set({ facts })} />}
            {share.urgent_reply_within && (
              <label className={`${classes.check} ${classes.wide}`}>
                <input type="checkbox" checked={request.urgent ?? false} onChange={(event) => set({ urgent: event.target.checked || undefined })} data-test="request-urgent" /> {t('request.urgent', { urgent: lasting(share.urgent_reply_within, t), ordinary: lasting(share.reply_within, t) })}
              </label>
            )}
            {request.urgent && <TextInput label={t('requestPart.urgency_reason')} value={request.urgency_reason ?? ''} dir="auto" onChange={(event) => set({ urgency_reason: event.currentTarget.value })} classNames={{ ...styles, root: classes.wide }} />}
          </div>
          {['both_sides', 'sending_side'].includes(share.human_confirmation ?? '') && (
            <label className={classes.check}>
              <input type="checkbox" checked={request.human_confirmed} onChange={(event) => set({ human_confirmed: event.target.checked })} data-test="request-confirmed" /> {t('request.confirmed')}
            </label>
          )}
        </div>
      </section>
      <aside className={desk.last} data-test="clause">
        <header className={desk.paneHead}>
          <h2>{t('request.clause')}</h2>
          <Code quiet>{`${file.id} v${file.version} ${share.id}`}</Code>
        </header>
        <div className={desk.scroll}>
          <Said title={t('share.permits')} lines={words?.permits} />
          <Said title={t('share.requires')} lines={words?.requires} />
          <Said title={t('share.forbids')} lines={words?.forbids} />
          <h3 className={panes.will}>{t('decision.will')}</h3>
          <ol className={panes.list}>
            {(t('request.will', { returnObjects: true, partner }) as string[]).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ol>
        </div>
        <footer className={desk.foot}>
          {lacks.length > 0 && (
            <p className={classes.lacks} data-test="lacks">
              {t('request.lacks')} {lacks.map((one: Lack) => t(`requestLack.${one}`)).join(t('list.comma'))}
              {'.'}
            </p>
          )}
          {refused?.code && (
            <p className={classes.refused} role="alert">
              {t(`refusal.${refused.code}`, { defaultValue: refused.reason ?? refused.code })} {refused.clause && <Code>{refused.clause}</Code>}
            </p>
          )}
          <ActFailed error={failed} />
          <div className={panes.buttons}>
            <Act primary act="case.send" disabled={!ready} onClick={send} data-test="request-send">
              {t('request.send')}
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

/** "ZZ431" or "ZZ 431" as a carrier and a number. */
const flightOf = (text: string) => {
  const found = /^\s*([A-Z0-9]{2})\s*0*(\d{0,4}[A-Z]?)\s*$/i.exec(text)
  return found ? { carrier: found[1]?.toUpperCase(), number: found[2]?.toUpperCase() } : { carrier: text.toUpperCase(), number: '' }
}

function Long({ name, share, value, other, onChange }: { name: 'justification' | 'facts'; share: Share; value: string; other?: string; onChange: (text: string) => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const needed = shortest(share, name)
  const length = name === 'justification' && counted(other ?? '') > counted(value) && !/size\(req\.justification\)/.test(share.when ?? '') ? Math.max(counted(value), counted(other ?? '')) : counted(value)
  return (
    <div className={classes.wide}>
      <p className={classes.labelLine}>
        <label htmlFor={`request-${name}`} className={classes.label}>
          {t(`requestPart.${name}`)}
        </label>
        {needed > 0 && (
          <span className={length >= needed ? classes.enough : classes.short} data-test={`length-${name}`}>
            {t('request.length', { count: counted(value), shortest: number(needed, speech) })}
          </span>
        )}
      </p>
      <Textarea id={`request-${name}`} rows={4} value={value} dir="auto" onChange={(event) => onChange(event.currentTarget.value)} classNames={{ input: classes.input }} data-test={`request-${name}`} />
    </div>
  )
}

function Said({ title, lines = [] }: { title: string; lines?: string[] }) {
  if (lines.length === 0) return null
  return (
    <>
      <h3 className={panes.will}>{title}</h3>
      <ul className={panes.list}>
        {lines.map((line) => (
          <li key={line}>
            <bdi>{line}</bdi>
          </li>
        ))}
      </ul>
    </>
  )
}
