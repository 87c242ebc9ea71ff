import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApplicationItem, type ApplicationKind, applicationKinds, useApplications, useFigures, useInterviews } from '../../api/facilitation'
import { type Place, placePath, useHome, useNow, useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { useRested } from '../../app/rested'
import { applicationsRoute, authorisationsRoute, membersRoute, redressRoute } from '../../app/router'
import { number, relative } from '../../format/time'
import { Choose, Find, Push, Toolbar } from '../../ui/bars'
import desk from '../../ui/desk.module.css'
import { Answer, Empty, NoMatch } from '../../ui/Faces'
import { Fresh } from '../../ui/Fresh'
import { useHeld } from '../../ui/held'
import { Icon } from '../../ui/Icon'
import { Code, Cut, Day } from '../../ui/parts'
import { Severity } from '../../ui/Severity'
import { Part } from '../queue/CaseDesk'
import { ApplicationFile } from './ApplicationFile'
import classes from './facilitation.module.css'

type Shelf = { place: Place; kind?: ApplicationKind; states: readonly string[]; none: string }
type Search = { kind?: string; state?: string; q?: string }

const shelves = {
  applications: { place: 'applications', states: ['submitted', 'in_check', 'partner_vetting', 'conditional', 'interview_booked', 'enrolled', 'in_review', 'pending'], none: 'facilitation.none.applications' },
  members: { place: 'members', kind: 'membership', states: ['active', 'suspended', 'in_review', 'expired', 'revoked', 'refused', 'withdrawn'], none: 'facilitation.none.members' },
  authorisations: { place: 'authorisations', kind: 'authorisation', states: ['pending', 'granted', 'in_review', 'refused', 'cancelled', 'expired', 'withdrawn'], none: 'facilitation.none.authorisations' },
  redress: { place: 'redress', kind: 'redress', states: ['in_check', 'answered', 'withdrawn'], none: 'facilitation.none.redress' },
} satisfies Record<string, Shelf>

export function ApplicationsPage() {
  const { id } = applicationsRoute.useParams()
  return <Desk shelf={shelves.applications} id={id} search={applicationsRoute.useSearch()} />
}
export function MembersPage() {
  const { id } = membersRoute.useParams()
  return <Desk shelf={shelves.members} id={id} search={membersRoute.useSearch()} />
}
export function AuthorisationsPage() {
  const { id } = authorisationsRoute.useParams()
  return <Desk shelf={shelves.authorisations} id={id} search={authorisationsRoute.useSearch()} />
}
export function RedressPage() {
  const { id } = redressRoute.useParams()
  return <Desk shelf={shelves.redress} id={id} search={redressRoute.useSearch()} />
}

const idOf = (one: ApplicationItem) => one.id

/** One shelf of applications and what became of them: what waits for somebody here first, all of it by state or by search. */
function Desk({ shelf, id, search }: { shelf: Shelf; id?: string; search: Search }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const navigate = useNavigate()
  const path = placePath[shelf.place]
  const go = (next: string | undefined, change: Search = {}, replace = true) => {
    const given = Object.entries({ ...search, ...change }).filter((entry): entry is [string, string] => !!entry[1])
    void navigate({ to: `${path}${next ? `/${next}` : ''}`, search: Object.fromEntries(given), replace })
  }
  const [text, setText] = useState(search.q ?? '')
  const q = useRested(text.trim())
  const every = shelf.place === 'applications'
  const state = shelf.states.find((one) => one === search.state) ?? (search.state === 'all' || !every ? 'all' : 'waiting')
  const kind = shelf.kind ?? applicationKinds.find((one) => one === search.kind)
  const asked = useApplications({ kind, state: state === 'waiting' || state === 'all' ? undefined : state, waiting: state === 'waiting' && !q ? true : undefined, q: q || undefined })
  const figures = useFigures()
  const held = useHeld(asked.data, idOf, JSON.stringify({ kind, state, q, place: shelf.place }))
  const { shown } = held
  const at = shown.findIndex((one) => one.id === id)
  const open = (next: string | undefined) => go(next, {}, id !== undefined && next !== undefined)
  const move = (step: 1 | -1) => () => {
    const next = shown[at < 0 ? (step > 0 ? 0 : shown.length - 1) : Math.min(Math.max(at + step, 0), shown.length - 1)]
    if (next) open(next.id)
  }
  useKeys({ 'list.next': move(1), 'list.previous': move(-1), 'list.back': () => (id ? open(undefined) : void navigate({ to: '/' })) })
  useEffect(() => {
    document.title = `${t(`place.${shelf.place}`)} · Rihla`
  }, [t, shelf.place])
  const count = (of: string) => (figures.data?.counts ?? []).filter((one) => (!kind || one.kind === kind) && one.state === of).reduce((sum, one) => sum + one.n, 0)
  const filters = [search.state && state !== 'all' ? t(`application.state.${state}`, { defaultValue: state }) : undefined, q].filter((one): one is string => !!one)
  const states = [...(every ? ['waiting'] : []), 'all', ...shelf.states]
  return (
    <div className={`${desk.desk} ${classes.desk}`} data-item={id !== undefined || undefined} data-open={id !== undefined || undefined}>
      <section className={desk.list} aria-label={t(`place.${shelf.place}`)}>
        <Toolbar title={t(`place.${shelf.place}`)}>
          <span className={desk.count}>{number(shown.length, speech)}</span>
          <Push />
          <Fresh count={held.fresh} onRelease={held.release} />
          <Choose
            label={t('reports.state')}
            value={state}
            active={state !== (every ? 'waiting' : 'all')}
            onChange={(value) => go(id, { state: value === (every ? 'waiting' : 'all') ? undefined : value })}
            options={states.map((value) => ({ value, label: value === 'waiting' ? t('facilitation.waiting') : value === 'all' ? t('facilitation.all') : `${t(`application.state.${value}`)}${count(value) ? ` (${number(count(value), speech)})` : ''}` }))}
          />
        </Toolbar>
        <Toolbar>
          {every && <Choose label={t('facilitation.kindLabel')} value={kind ?? ''} active={!!kind} onChange={(value) => go(id, { kind: value || undefined })} options={[{ value: '', label: t('facilitation.anyKind') }, ...applicationKinds.map((value) => ({ value, label: t(`application.kind.${value}`) }))]} />}
          <Find label={t('facilitation.find')} value={text} onChange={setText} />
        </Toolbar>
        <Answer of={asked} rows={8}>
          {() =>
            shown.length > 0 ? (
              <ul className={desk.items} data-test="applications">
                {shown.map((one) => (
                  <Item key={one.id} one={one} href={`${path}/${one.id}`} chosen={one.id === id} onOpen={() => open(one.id)} kinds={!shelf.kind} />
                ))}
              </ul>
            ) : filters.length === 0 ? (
              <Empty>{t(shelf.none)}</Empty>
            ) : (
              <NoMatch
                filters={filters}
                onClear={() => {
                  setText('')
                  go(id, { state: undefined, kind: undefined, q: undefined })
                }}
              />
            )
          }
        </Answer>
      </section>
      {id === undefined ? (
        <section className={desk.middle}>
          <Empty>{t('facilitation.choose')}</Empty>
          {every && <Interviews />}
        </section>
      ) : (
        <ApplicationFile key={id} id={id} />
      )}
    </div>
  )
}

/** Who comes to an interview, on which day. */
function Interviews() {
  const { t } = useTranslation()
  const { zone } = useHome()
  const now = useNow(60_000)
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(now)
  const [day, setDay] = useState(today)
  const asked = useInterviews(day)
  return (
    <Part
      title={
        <label>
          {t('facilitation.interviews')} <input type="date" className={classes.day} dir="ltr" value={day} onChange={(event) => event.target.value && setDay(event.target.value)} />
        </label>
      }
    >
      <Answer of={asked} rows={2}>
        {(all) =>
          all.length === 0 ? (
            <p className={classes.quiet}>{t('facilitation.noInterviews')}</p>
          ) : (
            <table className={classes.table} data-test="interviews">
              <tbody>
                {all.map((one) => (
                  <tr key={one.application}>
                    <td>
                      <Link to="/facilitation/applications/{-$id}" params={{ id: one.application }} className={classes.link}>
                        <Cut>{one.name}</Cut>
                      </Link>
                    </td>
                    <td>
                      <Code quiet>{one.reference}</Code>
                    </td>
                    <td>
                      <bdi>{one.hall}</bdi>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Answer>
    </Part>
  )
}

function Item({ one, href, chosen, onOpen, kinds }: { one: ApplicationItem; href: string; chosen: boolean; onOpen: () => void; kinds: boolean }) {
  const { t } = useTranslation()
  const now = useNow(60_000)
  const element = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <li ref={element}>
      <a
        className={desk.item}
        href={href}
        data-chosen={chosen || undefined}
        aria-current={chosen || undefined}
        data-test="application"
        data-key={one.id}
        data-state={one.state}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey) return
          event.preventDefault()
          onOpen()
        }}
      >
        {one.severity ? <Severity level={one.severity} /> : <span />}
        <span className={desk.lines}>
          <span className={desk.line}>
            <span className={desk.title}>
              <Cut>{one.name}</Cut>
            </span>
            {one.proposal ? <span className={desk.link}>{t('facilitation.second')}</span> : <span className={desk.faint}>{relative(Date.parse(one.filed), now, t)}</span>}
          </span>
          <span className={desk.line}>
            <span className={desk.detail}>
              {kinds && <>{t(`application.kind.${one.kind}`, { defaultValue: one.kind })} </>}
              <Code quiet>{one.number ?? one.reference}</Code>
            </span>
            <span className={one.overdue ? classes.late : desk.faint}>{one.overdue ? t('facilitation.overdue') : t(`application.state.${one.state}`, { defaultValue: one.state })}</span>
          </span>
          <span className={desk.line}>
            <span className={desk.detail}>
              {one.reasons?.length ? (
                one.reasons.map((code) => t(`application.reason.${code}`, { defaultValue: code })).join(t('list.comma'))
              ) : (
                <>
                  <Code quiet>{one.nationality}</Code> <Code quiet>{one.document}</Code>
                </>
              )}
            </span>
            {one.until && (
              <span className={desk.faint}>
                <Icon name="clock" size={11} /> <Day of={one.until.slice(0, 10)} />
              </span>
            )}
          </span>
        </span>
      </a>
    </li>
  )
}
