import { Link } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../../api/client'
import { type Filed, type FormFault, useApply, useTerms } from '../../../api/facilitation'
import { usePrefs } from '../../../app/prefs'
import { applyRoute } from '../../../app/router'
import { fieldFor, pointerOf, type Values } from '../../../format/form'
import { readMrz } from '../../../format/mrz'
import { isoNow, today } from './clock'
import { hand } from './credentials'
import { type Form, FormOf, Summary } from './fields'
import { FiledPage } from './FiledPage'
import { AuthorisationParts, MembershipParts, RedressParts } from './parts'
import classes from './public.module.css'

export const asked = ['authorisation', 'traveller', 'redress'] as const
export type Asked = (typeof asked)[number]

const schema: Record<Asked, string> = { authorisation: 'rihla.eta-application/v1', traveller: 'rihla.tt-application/v1', redress: 'rihla.redress-application/v1' }

/** What a traveller may ask for: entry allowed in advance, the fast lane, or not to be taken for somebody else again. */
export function ApplyPage() {
  const { t } = useTranslation()
  const { what } = applyRoute.useParams()
  const kind = asked.find((one) => one === what)
  useEffect(() => {
    document.title = `${t(kind ? `apply.kind.${kind}` : 'apply.title')} · Rihla`
  }, [t, kind])
  if (kind) return <Application key={kind} kind={kind} />
  return (
    <>
      <h1 className={classes.h1}>{t('apply.title')}</h1>
      <p className={classes.lead}>{t('apply.lead')}</p>
      <ul className={classes.choices}>
        {asked.map((one) => (
          <li key={one}>
            <Link to="/apply/{-$what}" params={{ what: one }} data-test={`apply-${one}`}>
              <strong>{t(`apply.kind.${one}`)}</strong>
              <span>{t(`apply.about.${one}`)}</span>
            </Link>
          </li>
        ))}
      </ul>
      <p>
        {t('apply.already')}{' '}
        <Link to="/status" className={classes.link}>
          {t('own.title')}
        </Link>
      </p>
    </>
  )
}

const paper = '/applicant/document'
// What a passport's lines say is written into the form, to be looked over.
const fromMrz = (mrz: NonNullable<ReturnType<typeof readMrz>['mrz']>): Values => ({
  '/applicant/family_name': mrz.family,
  '/applicant/given_names': mrz.given,
  '/applicant/dob': mrz.born.length === 10 ? mrz.born : undefined,
  '/applicant/sex': mrz.sex,
  '/applicant/nationality': mrz.nationality,
  [`${paper}/type`]: mrz.type.slice(0, 1) || 'P',
  [`${paper}/number`]: mrz.number,
  [`${paper}/issuer`]: mrz.issuer,
  [`${paper}/expiry`]: mrz.expires,
})

const needed: Record<Asked, string[]> = {
  authorisation: ['/purpose', '/arrival', '/contact/email', '/declarations/convictions', '/declarations/overstay'],
  traveller: ['/program', '/contact/email', '/addresses/0/from', '/addresses/0/city', '/addresses/0/country', '/declarations/convictions', '/declarations/customs_penalty', '/declarations/visa_refused'],
  redress: ['/contact/email', '/account'],
}
const who = ['/applicant/family_name', '/applicant/dob', '/applicant/nationality', `${paper}/number`, `${paper}/issuer`]

function Application({ kind }: { kind: Asked }) {
  const { t } = useTranslation()
  const { language } = usePrefs()
  const apply = useApply()
  const terms = useTerms()
  const [values, setValues] = useState<Values>({ [`${paper}/type`]: 'P' })
  const [mrz, setMrz] = useState('')
  const [wrong, setWrong] = useState<ReadonlyMap<string, string>>(new Map())
  const [loose, setLoose] = useState<string[]>([])
  const [filed, setFiled] = useState<Filed>()
  const shown = useRef(new Map<string, string>()).current
  const day = today()
  const minor = useMemo(() => {
    const born = values['/applicant/dob']
    return kind === 'traveller' && typeof born === 'string' && /^\d{4}-\d\d-\d\d$/.test(born) && born > `${Number(day.slice(0, 4)) - 18}${day.slice(4)}`
  }, [values, kind, day])

  const set = (change: Values) => {
    setValues((was) => ({ ...was, ...change }))
    // What was mended is no longer called wrong; whether it is right is said when it is sent.
    setWrong((was) => (Object.keys(change).some((at) => was.has(at)) ? new Map([...was].filter(([at]) => !(at in change))) : was))
  }
  const typeMrz = (text: string) => {
    setMrz(text)
    const { mrz: read } = readMrz(text, day)
    if (read) set(fromMrz(read))
    setWrong((was) => (was.has(`${paper}/mrz`) ? new Map([...was].filter(([at]) => at !== `${paper}/mrz`)) : was))
  }

  const body = (): Values => {
    const read = readMrz(mrz, day)
    const lines = Object.fromEntries(read.lines.map((line, at) => [`${paper}/mrz/${at}`, line]))
    const consent = values.consent === true ? { '/consent/text_version': terms.data?.consent_version ?? '', '/consent/language': language, '/consent/given_at': isoNow(), '/consent/allows/0': 'own_state_checks', '/consent/allows/1': 'partner_vetting', ...(minor ? { '/consent/given_by': 'guardian' } : {}) } : {}
    const programme = terms.data?.programs?.find((one) => one.code === values['/program'])
    return { '/schema': schema[kind], ...values, ...lines, '/contact/language': language, ...(programme ? { '/host': programme.host } : {}), ...(kind === 'traveller' ? consent : {}), ...(values['/payment/ref'] && programme?.fee ? { '/payment/amount': programme.fee, '/payment/currency': programme.currency } : {}) }
  }

  const place = (faults: readonly { at: string; text: string }[]) => {
    const fields = new Set(shown.keys())
    const found = new Map<string, string>()
    const rest: string[] = []
    for (const { at, text } of faults) {
      const field = fieldFor(at, fields)
      if (!field) rest.push(text)
      else if (!found.has(field)) found.set(field, text)
    }
    setWrong(found)
    setLoose([...new Set(rest)])
  }
  const say = ({ code, why, field }: FormFault) => t(`apply.fault.${code}`, { field: field ? t(`apply.faultField.${field}`, { defaultValue: field }) : '', defaultValue: why })

  const send = () => {
    // While the lines are not right, the fields that they fill are not asked for besides.
    const unread = kind !== 'redress' && !readMrz(mrz, day).mrz
    const lacks = [...(unread ? [] : who), ...(kind === 'redress' || unread ? [] : [`${paper}/expiry`]), ...needed[kind], ...(minor ? ['/guardian/relation'] : [])]
      .filter((at) => values[at] === undefined || (typeof values[at] === 'string' && values[at].trim() === ''))
      .map((at) => ({ at, text: t('apply.fault.E-FAC-MISSING') }))
    if (kind !== 'redress' && !mrz.trim()) lacks.unshift({ at: `${paper}/mrz`, text: t('apply.fault.E-FAC-MISSING') })
    else if (mrz.trim() && !readMrz(mrz, day).mrz) lacks.unshift({ at: `${paper}/mrz`, text: t('apply.mrzWrong') })
    if (kind === 'traveller' && values.consent !== true) lacks.push({ at: 'consent', text: t('apply.fault.E-FAC-CONSENT') })
    apply.reset()
    if (lacks.length > 0) return place(lacks)
    place([])
    apply.mutate(body(), {
      onSuccess: (made) => {
        hand(made)
        setFiled(made)
      },
      onError: (error) => {
        const problem = error instanceof Failure ? (error.problem as { faults?: FormFault[]; errors?: FormFault[] }) : {}
        const faults = problem.faults ?? problem.errors ?? []
        if (faults.length > 0) place(faults.map((fault) => ({ at: pointerOf(fault.path).replace(/^\/consent$/, 'consent'), text: say(fault) })))
        else setLoose([t(`failure.${error instanceof Failure ? error.kind : 'broken'}`)])
      },
    })
  }

  if (filed) return <FiledPage filed={filed} kind={kind} />
  const form: Form = { values, set, wrong, shown }
  const Parts = { authorisation: AuthorisationParts, traveller: MembershipParts, redress: RedressParts }[kind]
  return (
    <FormOf value={form}>
      <h1 className={classes.h1}>{t(`apply.kind.${kind}`)}</h1>
      <p className={classes.lead}>{t(`apply.before.${kind}`)}</p>
      <form
        className={classes.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
        data-test="apply-form"
      >
        <Summary wrong={[...wrong].map(([at, text]) => ({ at, text, label: shown.get(at) ?? '' }))} loose={loose} />
        <Parts mrz={mrz} onMrz={typeMrz} today={day} minor={minor} terms={terms.data} />
        <p className={classes.note}>{t('apply.truth')}</p>
        <div className={classes.acts}>
          <button type="submit" className={`${classes.button} ${classes.primary}`} disabled={apply.isPending} data-test="apply-send">
            {t(apply.isPending ? 'apply.sending' : `apply.send.${kind}`)}
          </button>
        </div>
      </form>
    </FormOf>
  )
}
