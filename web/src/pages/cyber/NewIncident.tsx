import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type IncidentReport, useReportIncident } from '../../api/cyber'
import { useHome, useNow, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { lights, valuesOf } from '../../format/cyber'
import { elsewhere, faultsOf } from '../../format/faults'
import { Push, Toolbar } from '../../ui/bars'
import { ActFailed } from '../../ui/Faces'
import { Act } from '../../ui/parts'
import classes from './cyber.module.css'

const stages = ['early-warning', 'notification', 'intermediate', 'final', 'voluntary'] as const
const sectors = ['energy', 'transport', 'banking', 'financial-market', 'health', 'drinking-water', 'waste-water', 'digital-infrastructure', 'ict-service-management', 'telecommunications', 'trust-services', 'public-administration', 'space', 'other'] as const
const answers = ['unknown', 'yes', 'no'] as const
const impacts = ['unknown', 'none', 'low', 'medium', 'high'] as const

const blank = { stage: 'early-warning', title: '', description: '', aware: '', detected: '', type: '', malicious: 'unknown', crossBorder: 'unknown', sector: '', services: '', users: '', countries: '', availability: 'unknown', confidentiality: 'unknown', integrity: 'unknown', indicators: '', tlp: 'AMBER', contact: '', filer: '', previous: '' }

/** An incident as somebody tells it: the same report that a filer sends, typed. Its clocks run from when they became aware. */
export function NewIncident() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const navigate = useNavigate()
  const now = useNow()
  const { me, zone } = useHome()
  const send = useReportIncident()
  const [form, setForm] = useState(blank)
  const set = (change: Partial<typeof blank>) => setForm((was) => ({ ...was, ...change }))
  const [id] = useState(() => `DESK-${new Date(now).toISOString().slice(0, 16).replace(/\D/g, '')}-${Math.random().toString(36).slice(2, 6).toUpperCase()}`)
  const back = () => void navigate({ to: '/cyber/incidents' })
  const instant = (text: string) => new Date(`${text}Z`).toISOString().replace('.000Z', 'Z')
  const faults = faultsOf(send.error)
  const shown = ['/title', '/description', '/aware_at', '/detected_at', '/type', '/filer/name', '/filer/contact', '/affected/sector', '/affected/services', '/affected/countries', '/affected/users_estimate', '/indicators', '/tlp', '/previous_report_id']
  const wrong = (pointer: string) => {
    const fault = faults.get(pointer)
    return fault && <bdi>{[fault.message, fault.mend].filter(Boolean).join('. ')}</bdi>
  }
  const ready = form.title.trim() !== '' && form.description.trim() !== '' && form.aware !== '' && form.contact.trim() !== '' && !send.isPending
  const submit = () => {
    if (!ready) return
    const list = (text: string) => text.split(/[,;،\n]+/).map((one) => one.trim()).filter(Boolean)
    const report: IncidentReport = {
      schema: 'rihla.incident-report/1',
      report_id: id,
      filer: { name: form.filer.trim() || me, contact: form.contact.trim() },
      stage: form.stage,
      aware_at: instant(form.aware),
      title: form.title.trim(),
      description: form.description.trim(),
      ...(form.detected ? { detected_at: instant(form.detected) } : {}),
      ...(form.type.trim() ? { type: form.type.trim() } : {}),
      suspected_malicious: form.malicious,
      cross_border: form.crossBorder,
      affected: { ...(form.sector ? { sector: form.sector } : {}), ...(form.services.trim() ? { services: list(form.services) } : {}), ...(Number(form.users) > 0 ? { users_estimate: Number(form.users) } : {}), ...(form.countries.trim() ? { countries: list(form.countries.toUpperCase()) } : {}) },
      impact: { availability: form.availability, confidentiality: form.confidentiality, integrity: form.integrity },
      ...(form.indicators.trim() ? { indicators: valuesOf(form.indicators).map((value) => ({ value })) } : {}),
      ...(form.previous.trim() ? { previous_report_id: form.previous.trim() } : {}),
      tlp: form.tlp,
    }
    send.mutate(report, { onSuccess: ({ incident }) => void navigate({ to: '/cyber/incidents/$id', params: { id: incident } }) })
  }
  useKeys({ 'case.send': submit, 'list.back': back })
  const styles = { label: classes.label, input: classes.input, error: classes.error }
  const field = (name: keyof typeof blank, pointer: string, more: Record<string, unknown> = {}) => ({ label: t(`cyber.form.${name}`), value: form[name], error: wrong(pointer), classNames: styles, dir: 'auto' as const, onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }), 'data-test': `incident-${name}`, ...more })
  const choice = (name: keyof typeof blank, values: readonly string[], word: (value: string) => string, none?: string) => ({ label: t(`cyber.form.${name}`), value: form[name], classNames: styles, onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }), data: [...(none === undefined ? [] : [{ value: '', label: none }]), ...values.map((value) => ({ value, label: word(value) }))], 'data-test': `incident-${name}` })
  const said = (value: string) => t(`cyber.said.${value}`)
  const loose = elsewhere(faults, shown)
  return (
    <>
      <Toolbar title={t('cyber.newIncident')}>
        <Push />
        <Act act="list.back" onClick={back}>{t('rules.notNow')}</Act>
        <Act primary act="case.send" disabled={!ready} onClick={submit} data-test="incident-send">
          {t('cyber.report')}
        </Act>
      </Toolbar>
      <div className={classes.sheet}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            submit()
          }}
          data-test="incident-form"
        >
          <h2 className={classes.section}>{t('cyber.form.what')}</h2>
          <div className={classes.form}>
            <TextInput {...field('title', '/title')} required classNames={{ ...styles, root: classes.wide }} />
            <Textarea {...field('description', '/description')} required rows={4} classNames={{ ...styles, root: classes.wide }} />
            <NativeSelect {...choice('stage', stages, (value) => t(`cyber.stage.${value}`))} />
            <NativeSelect {...choice('tlp', lights.map((one) => one.slice(4)), (value) => `TLP:${value}`)} />
            <TextInput {...field('type', '/type', { placeholder: 'malicious-code/ransomware', dir: 'ltr' })} />
            <TextInput {...field('previous', '/previous_report_id', { dir: 'ltr' })} />
          </div>
          <h2 className={classes.section}>{t('cyber.form.when')}</h2>
          <p className={classes.note}>{t('cyber.form.whenNote', { zone: `\u2068${zone}\u2069` })}</p>
          <div className={classes.form}>
            <TextInput {...field('aware', '/aware_at', { type: 'datetime-local', dir: 'ltr' })} required />
            <TextInput {...field('detected', '/detected_at', { type: 'datetime-local', dir: 'ltr' })} />
          </div>
          <h2 className={classes.section}>{t('cyber.form.who')}</h2>
          <div className={classes.form}>
            <TextInput {...field('filer', '/filer/name', { placeholder: me })} />
            <TextInput {...field('contact', '/filer/contact')} required />
            <NativeSelect {...choice('sector', sectors, (value) => t(`cyber.sector.${value}`), t('lists.unknown'))} />
            <TextInput {...field('services', '/affected/services')} />
            <TextInput {...field('users', '/affected/users_estimate', { type: 'number', dir: 'ltr' })} />
            <TextInput {...field('countries', '/affected/countries', { placeholder: 'BH, US', dir: 'ltr' })} />
          </div>
          <h2 className={classes.section}>{t('cyber.form.bad')}</h2>
          <div className={classes.form}>
            <NativeSelect {...choice('malicious', answers, said)} />
            <NativeSelect {...choice('crossBorder', answers, said)} />
            <NativeSelect {...choice('availability', impacts, said)} />
            <NativeSelect {...choice('confidentiality', impacts, said)} />
            <NativeSelect {...choice('integrity', impacts, said)} />
          </div>
          <h2 className={classes.section}>{t('place.indicators')}</h2>
          <Textarea {...field('indicators', '/indicators', { dir: 'ltr', rows: 3 })} label={t('cyber.paste', { number: speech.language === 'ar' ? '1000' : '1,000' })} />
          {loose.map((fault) => (
            <p key={fault.pointer} className={classes.refused} role="alert">
              <bdi dir="ltr">{fault.pointer}</bdi> <bdi>{[fault.message, fault.mend].filter(Boolean).join('. ')}</bdi>
            </p>
          ))}
          <ActFailed error={send.error} />
          <p className={classes.note}>{t('cyber.form.will')}</p>
          <div className={classes.acts}>
            <Act primary type="submit" disabled={!ready}>
              {t('cyber.report')}
            </Act>
          </div>
        </form>
      </div>
    </>
  )
}
