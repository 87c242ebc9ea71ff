import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Terms } from '../../../api/facilitation'
import { useSpeech } from '../../../app/home'
import { countryName } from '../../../format/countries'
import { number } from '../../../format/time'
import { MrzField } from '../MrzField'
import { Choice, Country, idOf, Rows, Text, Tick, useForm, YesNo } from './fields'
import classes from './public.module.css'

/* The parts of a traveller's forms: in plain words, one question at a time, the passport first. */

type Props = { mrz: string; onMrz: (text: string) => void; today: string; minor: boolean; terms?: Terms }

const document = '/applicant/document'
const usualPurposes = ['tourism', 'business', 'family', 'transit', 'study', 'official']

function Section({ title, lead, children }: { title: string; lead?: string; children: React.ReactNode }) {
  const id = useId()
  return (
    <section className={classes.section} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {lead && <p className={classes.hint}>{lead}</p>}
      {children}
    </section>
  )
}

function Passport({ mrz, onMrz, today, needed }: Props & { needed: boolean }) {
  const { t } = useTranslation()
  const form = useForm()
  const at = `${document}/mrz`
  // The lines are no field of their own kind, so that they are told of here.
  form.shown.set(at, t('apply.mrz'))
  return (
    <Section title={t('apply.passport')} lead={t('apply.passportLead')}>
      <MrzField big id={idOf(at)} label={needed ? t('apply.mrz') : `${t('apply.mrz')} ${t('apply.optional')}`} hint={t('apply.mrzHint')} value={mrz} onChange={onMrz} today={today} error={form.wrong.get(at)} required={needed} />
      <div className={classes.pair}>
        <Text at="/applicant/family_name" label={t('apply.family')} needed complete="family-name" max={120} />
        <Text at="/applicant/given_names" label={t('apply.given')} complete="given-name" max={120} />
      </div>
      <div className={classes.pair}>
        <Text at="/applicant/dob" label={t('mrz.field.born')} type="date" needed complete="bday" />
        <Choice at="/applicant/sex" label={t('apply.sex')} options={(['F', 'M', 'X'] as const).map((value) => ({ value, label: t(`sex.${value}`) }))} />
      </div>
      <Country at="/applicant/nationality" label={t('mrz.field.nationality')} needed />
      <div className={classes.pair}>
        <Text at={`${document}/number`} label={t('mrz.field.number')} code needed max={40} />
        <Text at={`${document}/expiry`} label={t('mrz.field.expires')} type="date" needed={needed} />
      </div>
      <Country at={`${document}/issuer`} label={t('mrz.field.issuer')} needed />
    </Section>
  )
}

function Reach() {
  const { t } = useTranslation()
  return (
    <Section title={t('apply.reach')}>
      <Text at="/contact/email" label={t('apply.email')} type="email" needed complete="email" hint={t('apply.emailHint')} max={254} />
      <Text at="/contact/phone" label={t('apply.phone')} type="tel" complete="tel" short max={30} />
    </Section>
  )
}

export function AuthorisationParts(props: Props) {
  const { t } = useTranslation()
  return (
    <>
      <Passport {...props} needed />
      <Section title={t('apply.journey')}>
        <Choice at="/purpose" label={t('apply.purpose')} needed options={(props.terms?.purposes ?? usualPurposes).map((value) => ({ value, label: t(`apply.purposes.${value}`, { defaultValue: value }) }))} />
        <Text at="/arrival" label={t('apply.arrival')} type="date" needed short />
        <div className={classes.pair}>
          <Text at="/host_address/name" label={t('apply.stayName')} max={120} />
          <Text at="/host_address/city" label={t('apply.city')} max={120} />
        </div>
      </Section>
      <Reach />
      <Section title={t('apply.questions')} lead={t('apply.questionsLead')}>
        <YesNo at="/declarations/convictions" label={t('apply.declare.convictions')} />
        <YesNo at="/declarations/overstay" label={t('apply.declare.overstay')} />
        <YesNo at="/declarations/entry_refused" label={t('apply.declare.entry_refused')} />
      </Section>
    </>
  )
}

export function MembershipParts(props: Props) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const form = useForm()
  const { terms, minor } = props
  const programmes = terms?.programs ?? []
  const programme = programmes.find((one) => one.code === form.values['/program'])
  return (
    <>
      <Section title={t('apply.programme')}>
        <Choice at="/program" label={t('apply.whichProgramme')} needed options={programmes.map((one) => ({ value: one.code, label: t('apply.programmeOf', { country: countryName(one.host, speech.language) }) }))} />
        {programme?.fee && <p className={classes.note}>{t('apply.fee', { amount: `\u2066${programme.fee} ${programme.currency ?? ''}\u2069` })}</p>}
        {!!programme?.minimum_age && <p className={classes.hint}>{t('apply.minimumAge', { count: programme.minimum_age, years: number(programme.minimum_age, speech) })}</p>}
      </Section>
      <Passport {...props} needed />
      {minor && (
        <Section title={t('apply.guardian')} lead={t('apply.guardianLead')}>
          <Choice at="/guardian/relation" label={t('apply.relation')} needed options={(['mother', 'father', 'guardian'] as const).map((value) => ({ value, label: t(`apply.relations.${value}`) }))} />
          <Text at="/guardian/application" label={t('apply.guardianApplication')} code short />
        </Section>
      )}
      <Reach />
      <Section title={t('apply.addresses')} lead={t('apply.addressesLead')}>
        <Rows at="/addresses" title={(index) => t('apply.address', { number: number(index, speech) })} another={t('apply.anotherAddress')} names={['from', 'to', 'lines/0', 'city', 'country']}>
          {(at) => (
            <>
              <div className={classes.pair}>
                <Text at={`${at}/from`} label={t('apply.from')} type="month" needed short placeholder="2021-04" />
                <Text at={`${at}/to`} label={t('apply.to')} type="month" hint={t('apply.toHint')} short placeholder="2023-09" />
              </div>
              <Text at={`${at}/lines/0`} label={t('apply.street')} max={120} />
              <div className={classes.pair}>
                <Text at={`${at}/city`} label={t('apply.city')} needed max={120} />
                <Country at={`${at}/country`} label={t('apply.country')} needed />
              </div>
            </>
          )}
        </Rows>
      </Section>
      <Section title={t('apply.work')} lead={t('apply.workLead')}>
        <Rows at="/work" title={(index) => t('apply.job', { number: number(index, speech) })} another={t('apply.anotherJob')} names={['from', 'to', 'employer', 'role', 'country']}>
          {(at) => (
            <>
              <Text at={`${at}/employer`} label={t('apply.employer')} max={120} />
              <Text at={`${at}/role`} label={t('apply.jobTitle')} max={120} />
              <div className={classes.pair}>
                <Text at={`${at}/from`} label={t('apply.from')} type="month" short placeholder="2021-04" />
                <Text at={`${at}/to`} label={t('apply.to')} type="month" hint={t('apply.toHint')} short placeholder="2023-09" />
              </div>
              <Country at={`${at}/country`} label={t('apply.country')} />
            </>
          )}
        </Rows>
      </Section>
      <Section title={t('apply.questions')} lead={t('apply.questionsLead')}>
        <YesNo at="/declarations/convictions" label={t('apply.declare.convictions')} />
        <YesNo at="/declarations/customs_penalty" label={t('apply.declare.customs_penalty')} />
        <YesNo at="/declarations/visa_refused" label={t('apply.declare.visa_refused')} />
      </Section>
      <Section title={t('apply.consent')}>
        <p>{t('apply.consentText')}</p>
        <Tick at="consent" label={t('apply.consent')}>
          {t(minor ? 'apply.consentTickMinor' : 'apply.consentTick')}
        </Tick>
        <Text at="/payment/ref" label={t('apply.receipt')} hint={t('apply.receiptHint')} code short />
      </Section>
    </>
  )
}

export function RedressParts(props: Props) {
  const { t } = useTranslation()
  const speech = useSpeech()
  return (
    <>
      <Passport {...props} needed={false} />
      <Reach />
      <Section title={t('apply.stops')} lead={t('apply.stopsLead')}>
        <Rows at="/stops" title={(index) => t('apply.stop', { number: number(index, speech) })} another={t('apply.anotherStop')} names={['date', 'place', 'flight']}>
          {(at) => (
            <>
              <div className={classes.pair}>
                <Text at={`${at}/date`} label={t('apply.when')} type="date" />
                <Text at={`${at}/flight`} label={t('apply.flight')} code max={10} placeholder="ZZ431" />
              </div>
              <Text at={`${at}/place`} label={t('apply.where')} max={120} />
            </>
          )}
        </Rows>
        <Text at="/account" label={t('apply.account')} hint={t('apply.accountHint')} rows={6} needed max={4000} />
      </Section>
    </>
  )
}

