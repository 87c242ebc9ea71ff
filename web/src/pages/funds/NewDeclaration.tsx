import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type NewDeclaration as Given, useDeclare, useFormRules } from '../../api/funds'
import { useKeys } from '../../app/keys'
import { elsewhere, faultsOf } from '../../format/faults'
import { Push, Toolbar } from '../../ui/bars'
import { ActFailed } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { Act, Code } from '../../ui/parts'
import classes from './funds.module.css'

const kinds = ['banknotes', 'coins', 'travellers_cheques', 'bearer_cheque', 'money_order', 'promissory_note', 'gold_coin', 'gold_bullion', 'prepaid_card', 'other_bni'] as const
type Item = { kind: string; currency: string; amount: string; counted: string }
const blank = { direction: 'in', port: 'BAH', family: '', given: '', dob: '', birthplace: '', nationality: '', docType: 'P', number: '', issuer: '', street: '', city: '', country: '', own: true, owner: '', flight: '', date: '', route: '', provenance: '', use: '', checked: false, outcome: 'agrees', officer: '', note: '' }
const row: Item = { kind: 'banknotes', currency: 'USD', amount: '', counted: '' }

/** Latin digits and one point: amounts are texts, and stay what was typed. */
const plainAmount = (text: string) => text.replace(/[٠-٩]/g, (one) => String(one.charCodeAt(0) - 0x660)).replace(/[,\s٬]/g, '').replace('٫', '.')

/** What a traveller declares, or is asked, typed in; what is wrong is said in its field, in the reader's language. */
export function NewDeclaration() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const rules = useFormRules()
  const declare = useDeclare()
  const [form, setForm] = useState(blank)
  const [items, setItems] = useState<Item[]>([row])
  const set = (change: Partial<typeof blank>) => setForm((was) => ({ ...was, ...change }))
  const setItem = (at: number, change: Partial<Item>) => setItems((was) => was.map((one, index) => (index === at ? { ...one, ...change } : one)))
  const back = () => void navigate({ to: '/funds/declarations/{-$id}' })
  const faults = faultsOf(declare.error)
  const shown = ['/direction', '/port', '/by/family_name', '/by/given_names', '/by/dob', '/by/place_of_birth', '/by/nationality', '/by/document', '/by/document/type', '/by/document/number', '/by/document/issuer', '/by/address', '/owner', '/owner/name', '/journey', '/journey/flight', '/journey/date', '/journey/route', '/provenance', '/intended_use', '/result/outcome', '/result/officer', '/items', ...items.flatMap((_one, at) => [`/items/${at}`, `/items/${at}/kind`, `/items/${at}/currency`, `/items/${at}/amount`])]
  const wrong = (...pointers: string[]) => {
    const fault = pointers.map((pointer) => faults.get(pointer)).find((one) => one !== undefined)
    return fault && <bdi>{[t(`funds.rule.${fault.rule}`, { defaultValue: fault.message }), fault.mend].filter(Boolean).join(' ')}</bdi>
  }
  const given = items.filter((one) => one.amount.trim() !== '')
  const lacks = [!form.family.trim() && t('funds.form.family'), !form.number.trim() && t('funds.form.number'), !form.provenance.trim() && t('funds.provenance'), given.length === 0 && t('funds.amount')].filter((one): one is string => !!one)
  const ready = lacks.length === 0 && !declare.isPending
  const submit = () => {
    if (!ready) return
    const body: Given = {
      direction: form.direction,
      port: form.port.trim().toUpperCase(),
      by: {
        family_name: form.family.trim(),
        ...(form.given.trim() ? { given_names: form.given.trim() } : {}),
        ...(form.dob ? { dob: form.dob } : {}),
        ...(form.birthplace.trim() ? { place_of_birth: form.birthplace.trim() } : {}),
        ...(form.nationality.trim() ? { nationality: form.nationality.trim().toUpperCase() } : {}),
        document: { type: form.docType, number: form.number.trim().toUpperCase(), ...(form.issuer.trim() ? { issuer: form.issuer.trim().toUpperCase() } : {}) },
        ...(form.street.trim() || form.city.trim() ? { address: { ...(form.street.trim() ? { lines: [form.street.trim()] } : {}), ...(form.city.trim() ? { city: form.city.trim() } : {}), ...(form.country.trim() ? { country: form.country.trim().toUpperCase() } : {}) } } : {}),
      },
      owner: form.own ? { same_as: 'by' } : { name: form.owner.trim() },
      items: given.map(({ kind, currency, amount }) => ({ kind, currency: currency.trim().toUpperCase(), amount: plainAmount(amount) })),
      provenance: form.provenance.trim(),
      ...(form.use.trim() ? { intended_use: form.use.trim() } : {}),
      journey: { ...(form.flight.trim() ? { flight: form.flight.trim().toUpperCase().replace(/\s+/g, '') } : {}), ...(form.date ? { date: form.date } : {}), ...(form.route.trim() ? { route: form.route.trim().toUpperCase().split(/[\s,-]+/) } : {}), means: 'air' },
      result: form.checked ? { checked: true, outcome: form.outcome, counted: given.filter((one) => one.counted.trim() !== '').map(({ kind, currency, counted }) => ({ kind, currency: currency.trim().toUpperCase(), amount: plainAmount(counted) })), ...(form.officer.trim() ? { officer: form.officer.trim() } : {}) } : { checked: false },
      ...(form.note.trim() ? { note: form.note.trim() } : {}),
    }
    declare.mutate(body, { onSuccess: ({ id }) => void navigate({ to: '/funds/declarations/{-$id}', params: { id } }) })
  }
  useKeys({ 'case.send': submit, 'list.back': back })
  const styles = { label: classes.label, input: classes.input, error: classes.error }
  const field = (name: keyof typeof blank, pointers: string[], more: Record<string, unknown> = {}) => ({ label: t(`funds.form.${name}`), value: String(form[name]), error: wrong(...pointers), classNames: styles, dir: 'auto' as const, onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }), 'data-test': `declaration-${name}`, ...more })
  const offered = rules.data?.kinds?.length ? rules.data.kinds : kinds
  const loose = elsewhere(faults, shown)
  return (
    <>
      <Toolbar title={t('funds.newDeclaration')}>
        <Push />
        <Act act="list.back" onClick={back}>{t('rules.notNow')}</Act>
        <Act primary act="case.send" disabled={!ready} onClick={submit} data-test="declaration-send">
          {t('funds.declare')}
        </Act>
      </Toolbar>
      <div className={classes.sheet}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            submit()
          }}
          data-test="declaration-form"
        >
          <p className={classes.call}>
            {t('funds.form.call')} <Code quiet>{rules.data?.home}</Code>
          </p>
          <h2 className={classes.section}>{t('funds.form.person')}</h2>
          <div className={classes.form}>
            <TextInput {...field('family', ['/by/family_name', '/by'])} required />
            <TextInput {...field('given', ['/by/given_names'])} />
            <TextInput {...field('dob', ['/by/dob'], { type: 'date', dir: 'ltr' })} />
            <TextInput {...field('number', ['/by/document/number', '/by/document'], { dir: 'ltr' })} required />
            <TextInput {...field('issuer', ['/by/document/issuer'], { dir: 'ltr', maxLength: 3, placeholder: 'BHR' })} />
            <TextInput {...field('nationality', ['/by/nationality'], { dir: 'ltr', maxLength: 3, placeholder: 'BHR' })} />
            <TextInput {...field('street', ['/by/address'])} />
            <TextInput {...field('city', ['/by/address/city'])} />
            <TextInput {...field('country', ['/by/address/country'], { dir: 'ltr', maxLength: 3 })} />
          </div>
          <label className={classes.check}>
            <input type="checkbox" checked={form.own} onChange={(event) => set({ own: event.target.checked })} /> {t('funds.form.own')}
          </label>
          {!form.own && <TextInput {...field('owner', ['/owner/name', '/owner'])} />}
          <h2 className={classes.section}>{t('funds.form.journey')}</h2>
          <div className={classes.form}>
            <NativeSelect label={t('flights.way')} value={form.direction} onChange={(event) => set({ direction: event.currentTarget.value })} data={(['in', 'out'] as const).map((value) => ({ value, label: t(`funds.direction.${value}`) }))} classNames={styles} data-test="declaration-direction" />
            <TextInput {...field('port', ['/port'], { dir: 'ltr', maxLength: 5 })} />
            <TextInput {...field('flight', ['/journey/flight', '/journey'], { dir: 'ltr', placeholder: 'ZZ431' })} />
            <TextInput {...field('date', ['/journey/date'], { type: 'date', dir: 'ltr' })} />
            <TextInput {...field('route', ['/journey/route'], { dir: 'ltr', placeholder: 'BAH LHR' })} />
          </div>
          <h2 className={classes.section}>{t('funds.form.money')}</h2>
          {items.map((item, at) => (
            <div key={at} className={classes.item} data-test="cash-item">
              <NativeSelect label={t('funds.kindLabel')} value={item.kind} error={wrong(`/items/${at}/kind`, `/items/${at}`)} onChange={(event) => setItem(at, { kind: event.currentTarget.value })} data={offered.map((value) => ({ value, label: t(`funds.cash.${value}`, { defaultValue: value }) }))} classNames={styles} />
              <TextInput label={t('funds.currency')} value={item.currency} maxLength={3} dir="ltr" error={wrong(`/items/${at}/currency`)} onChange={(event) => setItem(at, { currency: event.currentTarget.value })} classNames={styles} />
              <TextInput label={t('funds.amount')} value={item.amount} inputMode="decimal" dir="ltr" error={wrong(`/items/${at}/amount`)} onChange={(event) => setItem(at, { amount: event.currentTarget.value })} classNames={styles} data-test="cash-amount" />
              {items.length > 1 ? (
                <button type="button" className={classes.remove} onClick={() => setItems((was) => was.filter((_one, index) => index !== at))} aria-label={t('funds.form.drop')}>
                  <Icon name="cross" size={14} />
                </button>
              ) : (
                <span />
              )}
              {form.checked && <TextInput label={t('funds.counted')} value={item.counted} inputMode="decimal" dir="ltr" onChange={(event) => setItem(at, { counted: event.currentTarget.value })} classNames={styles} data-test="cash-counted" />}
            </div>
          ))}
          {wrong('/items') && <p className={classes.error}>{wrong('/items')}</p>}
          <div className={classes.acts}>
            <Act icon="plus" onClick={() => setItems((was) => [...was, row])}>{t('funds.form.another')}</Act>
          </div>
          <div className={classes.form}>
            <TextInput {...field('provenance', ['/provenance'])} label={t('funds.provenance')} required classNames={{ ...styles, root: classes.wide }} />
            <TextInput {...field('use', ['/intended_use'])} label={t('funds.use')} classNames={{ ...styles, root: classes.wide }} />
          </div>
          <h2 className={classes.section}>{t('funds.form.check')}</h2>
          <label className={classes.check}>
            <input type="checkbox" checked={form.checked} onChange={(event) => set({ checked: event.target.checked })} data-test="declaration-checked" /> {t('funds.form.checked')}
          </label>
          {form.checked && (
            <div className={classes.form}>
              <NativeSelect label={t('funds.form.outcome')} value={form.outcome} error={wrong('/result/outcome')} onChange={(event) => set({ outcome: event.currentTarget.value })} data={(['agrees', 'difference', 'refused'] as const).map((value) => ({ value, label: t(`funds.outcome.${value}`) }))} classNames={styles} />
              <TextInput {...field('officer', ['/result/officer'])} label={t('funds.officer')} />
            </div>
          )}
          <Textarea {...field('note', ['/note'], { rows: 2 })} label={t('funds.noteLabel')} />
          {loose.map((fault) => (
            <p key={fault.pointer} className={classes.refused} role="alert">
              <bdi dir="ltr">{fault.pointer}</bdi> <bdi>{[t(`funds.rule.${fault.rule}`, { defaultValue: fault.message }), fault.mend].filter(Boolean).join(' ')}</bdi>
            </p>
          ))}
          {faults.size === 0 && <ActFailed error={declare.error} />}
          {lacks.length > 0 && (
            <p className={classes.note} data-test="declaration-lacks">
              {t('request.lacks')} {lacks.join(t('list.comma'))}
              {'.'}
            </p>
          )}
          <div className={classes.acts}>
            <Act primary type="submit" disabled={!ready}>{t('funds.declare')}</Act>
          </div>
        </form>
      </div>
    </>
  )
}
