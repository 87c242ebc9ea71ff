import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { address } from '../../api/client'
import { type Dissemination, useDisseminate, useDissemination, useDisseminations } from '../../api/funds'
import { useHome, useNow, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { disseminationsRoute } from '../../app/router'
import { moment } from '../../format/time'
import { Push, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { ActFailed, Answer, Empty } from '../../ui/Faces'
import { Icon } from '../../ui/Icon'
import { Act, Code, Cut, Day, Instant, Name } from '../../ui/parts'
import classes from './funds.module.css'
import { Amount, Movements } from './parts'

/** What was passed on: numbered, graded, with its caveat; as it is printed, and as goAML. */
export function DisseminationsPage() {
  const { t } = useTranslation()
  const { id } = disseminationsRoute.useParams()
  const search = disseminationsRoute.useSearch()
  const navigate = useNavigate({ from: '/funds/disseminations/{-$id}' })
  const all = useDisseminations()
  const open = (next: string | undefined) => void navigate({ params: { id: next }, search: {}, replace: id !== undefined && next !== undefined })
  const shown = all.data ?? []
  const at = shown.findIndex((one) => one.id === id)
  const move = (step: 1 | -1) => () => {
    const next = shown[at < 0 ? (step > 0 ? 0 : shown.length - 1) : Math.min(Math.max(at + step, 0), shown.length - 1)]
    if (next) open(next.id)
  }
  useKeys({ 'list.next': move(1), 'list.previous': move(-1), 'list.back': () => (id || search.act ? open(undefined) : void navigate({ to: '/funds/reports/{-$id}' })) })
  useEffect(() => {
    document.title = `${t('place.disseminations')} · Rihla`
  }, [t])
  return (
    <div className={`${desk.desk} ${classes.papers}`} data-item={id !== undefined || search.act !== undefined || undefined}>
      <section className={desk.list} aria-label={t('place.disseminations')}>
        <Toolbar title={t('place.disseminations')} />
        <Answer of={all} rows={8}>
          {(list) =>
            list.length === 0 ? (
              <Empty>{t('funds.noneDisseminated')}</Empty>
            ) : (
              <ul className={desk.items} data-test="disseminations">
                {list.map((one) => (
                  <li key={one.id}>
                    <a
                      className={desk.item}
                      href={`/funds/disseminations/${one.id}`}
                      data-chosen={one.id === id || undefined}
                      onClick={(event) => {
                        if (event.metaKey || event.ctrlKey) return
                        event.preventDefault()
                        open(one.id)
                      }}
                    >
                      <span />
                      <span className={desk.lines}>
                        <span className={desk.line}>
                          <span className={desk.title}><Code strong>{one.number}</Code></span>
                          <Instant at={one.at} dateToo />
                        </span>
                        <span className={desk.line}>
                          <span className={desk.detail}><Cut>{one.recipient}</Cut></span>
                          <Code quiet>{one.grade}</Code>
                        </span>
                        <span className={desk.line}>
                          <span className={desk.detail}><Cut title={one.summary}>{one.summary}</Cut></span>
                        </span>
                      </span>
                    </a>
                  </li>
                ))}
              </ul>
            )
          }
        </Answer>
      </section>
      <section className={desk.middle}>
        {search.act === 'new' && search.of ? <NewDissemination of={search.of} onDone={open} /> : id !== undefined ? <Paper id={id} /> : <Empty>{t('funds.chooseDissemination')}</Empty>}
      </section>
    </div>
  )
}

/** The report as it is read on paper: what stands here is what is printed. */
function Paper({ id }: { id: string }) {
  const { t } = useTranslation()
  const file = useDissemination(id)
  return (
    <>
      <div className={classes.noPrint}>
        <Toolbar>
          <Push />
          <a className={classes.link} href={address(`/funds/disseminations/${id}/goaml`)} download={`${id}.xml`}>
            <Icon name="download" size={13} /> goAML
          </a>
          <a className={classes.link} href={address(`/funds/disseminations/${id}/print`)} target="_blank" rel="noreferrer" data-test="print-view">
            {t('funds.printView')}
          </a>
          <Act icon="audit" onClick={() => window.print()} data-test="print">
            {t('agreement.print')}
          </Act>
        </Toolbar>
      </div>
      <Answer of={file}>{(one) => <Printed one={one} />}</Answer>
    </>
  )
}

function Printed({ one }: { one: Dissemination }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const now = useNow()
  const { me, zone, node } = useHome()
  return (
    <article className={classes.paper} data-test="paper">
      <h2>
        {t('funds.disseminationTitle')} <Code>{one.number}</Code>
      </h2>
      <ul className={classes.facts}>
        <li><span>{t('funds.recipient')}</span> <bdi>{one.recipient}</bdi></li>
        <li><span>{t('funds.purpose')}</span> <bdi>{t(`exchangePurpose.${one.purpose}`, { defaultValue: one.purpose })}</bdi></li>
        <li><span>{t('funds.grade')}</span> <Code strong>{one.grade}</Code></li>
        <li><span>{t('funds.given')}</span> <Instant at={one.at} dateToo /></li>
        {one.until && <li><span>{t('funds.useUntil')}</span> <Day of={one.until.slice(0, 10)} /></li>}
      </ul>
      {one.caveat && (
        <p className={classes.call}>
          <strong>{t('funds.caveat')}</strong> <bdi>{one.caveat}</bdi>
        </p>
      )}
      <h3>{t('funds.summaryTitle')}</h3>
      <p className={classes.prose}><bdi>{one.summary}</bdi></p>
      <h3>{t('funds.suspects')}</h3>
      <table className={classes.table}>
        <tbody>
          {(one.subjects ?? []).map((subject) => (
            <tr key={subject.id}>
              <td><Name>{subject.name}</Name></td>
              <td>{t(`funds.party.${subject.kind}`)}</td>
              <td>{(subject.births ?? []).map((born) => <Day key={born} of={born} />)}</td>
              <td><Code>{[subject.account, ...(subject.documents ?? []).map((document) => [document.issuer, document.number].filter(Boolean).join(' '))].filter(Boolean).join(' · ')}</Code></td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{t('funds.movements')}</h3>
      <Movements of={one.movements ?? []} />
      <p className={classes.facts}>
        {(one.totals ?? []).map((total) => (
          <span key={total.currency}>
            {t('funds.cameIn')} <Amount of={total.in} currency={total.currency} /> {t('funds.wentOut')} <Amount of={total.out} currency={total.currency} />
          </span>
        ))}
      </p>
      <p className={classes.note}>
        {t('funds.fingerprint')} <Code quiet>{one.sha256}</Code>
      </p>
      <p className={classes.note}>{t('funds.printed', { name: `\u2068${me}\u2069`, node: `\u2068${node}\u2069`, at: moment(new Date(now).toISOString(), zone, speech), utc: `${moment(new Date(now).toISOString(), 'UTC', speech)} UTC` })}</p>
    </article>
  )
}

const purposes = ['money-laundering', 'terrorist-financing', 'sanctions-freeze'] as const
const shortest = 40
const shortestCaveat = 5

function NewDissemination({ of, onDone }: { of: string; onDone: (id: string | undefined) => void }) {
  const { t } = useTranslation()
  const give = useDisseminate()
  const [form, setForm] = useState({ recipient: '', purpose: 'money-laundering', source: 'B', information: '2', caveat: '', summary: '', until: '' })
  const set = (change: Partial<typeof form>) => setForm((was) => ({ ...was, ...change }))
  const styles = { label: classes.label, input: classes.input }
  const ready = form.recipient.trim() !== '' && [...form.caveat.trim()].length >= shortestCaveat && [...form.summary.trim()].length >= shortest && !give.isPending
  const send = () => {
    if (ready) give.mutate({ subjects: [of], recipient: form.recipient.trim(), purpose: form.purpose, source: form.source, information: form.information, caveat: form.caveat.trim(), summary: form.summary.trim(), ...(form.until ? { until: form.until } : {}) }, { onSuccess: ({ id }) => onDone(id) })
  }
  useKeys({ 'case.send': send })
  return (
    <>
      <Toolbar title={t('funds.disseminate')}>
        <Push />
        <Act act="list.back" onClick={() => onDone(undefined)}>{t('rules.notNow')}</Act>
        <Act primary act="case.send" disabled={!ready} onClick={send} data-test="disseminate-send">{t('funds.disseminate')}</Act>
      </Toolbar>
      <div className={classes.sheet}>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            send()
          }}
          data-test="dissemination-form"
        >
          <div className={classes.form}>
            <TextInput label={t('funds.recipient')} required value={form.recipient} dir="auto" onChange={(event) => set({ recipient: event.currentTarget.value })} classNames={{ ...styles, root: classes.two }} data-test="recipient" />
            <NativeSelect label={t('funds.purpose')} value={form.purpose} onChange={(event) => set({ purpose: event.currentTarget.value })} data={purposes.map((value) => ({ value, label: t(`exchangePurpose.${value}`) }))} classNames={styles} />
            <NativeSelect label={t('funds.sourceGrade')} value={form.source} onChange={(event) => set({ source: event.currentTarget.value })} data={(['A', 'B', 'C', 'D'] as const).map((value) => ({ value, label: `${value} · ${t(`funds.sources.${value}`)}` }))} classNames={styles} />
            <NativeSelect label={t('funds.informationGrade')} value={form.information} onChange={(event) => set({ information: event.currentTarget.value })} data={(['1', '2', '3', '4'] as const).map((value) => ({ value, label: `${value} · ${t(`funds.informations.${value}`)}` }))} classNames={styles} />
            <TextInput label={t('funds.useUntil')} type="date" value={form.until} dir="ltr" onChange={(event) => set({ until: event.currentTarget.value })} classNames={styles} />
            <TextInput label={t('funds.caveat')} required value={form.caveat} dir="auto" onChange={(event) => set({ caveat: event.currentTarget.value })} classNames={{ ...styles, root: classes.wide }} data-test="caveat" />
            <Textarea label={t('funds.summary')} required rows={6} value={form.summary} dir="auto" onChange={(event) => set({ summary: event.currentTarget.value })} classNames={{ ...styles, root: classes.wide }} data-test="summary" />
          </div>
          <p className={classes.note}>{t('funds.disseminateWill')}</p>
          <ActFailed error={give.error} />
        </form>
      </div>
    </>
  )
}
