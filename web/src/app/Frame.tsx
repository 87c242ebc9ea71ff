import { Menu } from '@mantine/core'
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useThreads } from '../api/exchange'
import { useLive, useLiveState } from '../api/live'
import { useCases, useReports, useSignOut } from '../api/queries'
import { waitsHere } from '../format/exchange'
import { clock, number, span } from '../format/time'
import { Icon, type IconName } from '../ui/Icon'
import { Key } from '../ui/parts'
import classes from './Frame.module.css'
import { type Domain, domainAt, domainsOf, type Place, placeAct, placePath, placesOf, tabsOf, useHome, useNow, useSpeech, within } from './home'
import { KeysSheet } from './KeysSheet'
import { type Act as KeyAct, startKeys, useKeys, useShownActs } from './keys'
import { Palette } from './Palette'
import { setPrefs, usePrefs } from './prefs'

// Agreements and all that goes under them are one domain; the talk about them has a door of its own on the rail.
const between: Place[] = ['agreements', 'requests', 'matching', 'exchange', 'dialogue']
const rail: { place: Place; icon: IconName; pages?: Place[] }[] = [
  { place: 'lists', icon: 'list' },
  { place: 'rules', icon: 'rules' },
  { place: 'agreements', icon: 'both', pages: ['agreements', 'requests', 'matching', 'exchange'] },
  { place: 'dialogue', icon: 'talk' },
  { place: 'audit', icon: 'audit' },
  { place: 'retention', icon: 'clock' },
]
// What is opened from a page belongs to its tab.
const under: Partial<Record<Place, Place[]>> = { departures: ['consignments'], triage: ['money'], indicators: ['hosts'] }
const iconOf: Record<Domain, IconName> = { travel: 'plane', facilitation: 'pass', cargo: 'box', funds: 'money', cyber: 'shield' }

/** The domain that is open, for the rail and the tabs alike. */
function useDomain(): Domain | undefined {
  const { pathname, search } = useLocation()
  const { role } = useHome()
  return domainAt(pathname, (search as { domain?: string }).domain, role)
}

/** The one frame around every page: rail, top bar, page, status bar. */
export function Frame() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { role } = useHome()
  const [palette, setPalette] = useState<'search' | 'all'>()
  const [sheet, setSheet] = useState(false)
  useLive(true)
  useEffect(startKeys, [])

  const places = placesOf(role)
  const go = (place: Place) => () => {
    if (places.includes(place)) void navigate({ to: placePath[place] })
  }
  useKeys(
    {
      'go.search': () => setPalette('search'),
      'go.palette': () => setPalette('all'),
      ...Object.fromEntries(Object.entries(placeAct).map(([place, act]) => [act, go(place as Place)])),
      'go.keys': () => setSheet(true),
    },
    { quiet: true },
  )

  return (
    <div className={classes.frame}>
      <a className="skip" href="#page">
        {t('frame.skip')}
      </a>
      <Rail places={places} onKeys={() => setSheet(true)} />
      <TopBar places={places} onSearch={() => setPalette('search')} />
      <main id="page" className={classes.page} tabIndex={-1}>
        <Outlet />
      </main>
      <StatusBar />
      {palette && <Palette mode={palette} places={places} onClose={() => setPalette(undefined)} onKeys={() => setSheet(true)} />}
      {sheet && <KeysSheet onClose={() => setSheet(false)} />}
    </div>
  )
}

function Rail({ places, onKeys }: { places: readonly Place[]; onKeys: () => void }) {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  const { role } = useHome()
  const open = useDomain()
  const own = domainsOf(role)
  // Whoever works in no domain may still read what was filed.
  const alone = own.length === 0 && places.includes('reports')
  return (
    <nav className={classes.rail} aria-label={t('frame.domains')}>
      <Link to="/" className={classes.logo} aria-label={t('frame.home')}>
        <span lang="ar">رحلة</span>
      </Link>
      {own.map((domain) => {
        const first = tabsOf(domain).find((place) => places.includes(place))
        return first ? (
          <Link key={domain} to={placePath[first]} className={classes.railItem} data-active={open === domain || undefined} aria-current={open === domain ? 'true' : undefined} data-test={`domain-${domain}`}>
            <Icon name={iconOf[domain]} size={18} />
            {t(`place.${domain}`)}
          </Link>
        ) : null
      })}
      {alone && (
        <Link to={placePath.reports} className={classes.railItem} data-active={within(pathname, ['reports']) || undefined}>
          <Icon name="box" size={18} />
          {t('place.reports')}
        </Link>
      )}
      {(own.length > 0 || alone) && rail.some(({ place }) => places.includes(place)) && <hr className={classes.railLine} />}
      {rail
        .filter(({ place }) => places.includes(place))
        .map(({ place, icon, pages }) => {
          const active = within(pathname, pages ?? [place])
          return (
            <Link key={place} to={placePath[place]} className={classes.railItem} data-active={active || undefined} aria-current={active ? 'page' : undefined}>
              <Icon name={icon} size={18} />
              {t(pages ? 'place.between' : `place.${place}`)}
            </Link>
          )
        })}
      <button type="button" className={`${classes.railItem} ${classes.railEnd}`} onClick={onKeys}>
        <Icon name="keys" size={18} />
        {t('place.keys')}
      </button>
    </nav>
  )
}

function TopBar({ places, onSearch }: { places: readonly Place[]; onSearch: () => void }) {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { pathname } = useLocation()
  const { zone, state, node } = useHome()
  const now = useNow()
  const domain = useDomain()
  const { role } = useHome()
  const several = domainsOf(role).length > 1
  const queue = useCases('waiting', places.includes('queue'))
  const quarantined = useReports({ state: 'quarantined' }, places.includes('reports'))
  const inBetween = within(pathname, between)
  const threads = useThreads({}, inBetween && places.includes('requests'))
  const ofDomain = (one: { domain?: string }) => !several || !one.domain || one.domain === domain
  const counts: Partial<Record<Place, number>> = { queue: queue.data?.filter(ofDomain).length, reports: quarantined.data?.filter(ofDomain).length, requests: threads.data?.filter(waitsHere).length }
  const here = rail.find(({ place }) => within(pathname, [place]))?.place
  const pages = inBetween ? between : here ? [] : domain ? tabsOf(domain) : []
  const narrowed = (place: Place) => (several && domain && (place === 'queue' || place === 'reports') ? { domain } : {})
  return (
    <header className={classes.bar}>
      <span className={classes.domain}>{t(inBetween ? 'place.between' : `place.${here ?? domain ?? 'reports'}`)}</span>
      <nav className={classes.tabs} aria-label={t('frame.pages')}>
        {pages
          .filter((place) => places.includes(place))
          .map((place) => {
            const active = within(pathname, [place, ...(under[place] ?? [])])
            return (
              <Link key={place} to={placePath[place]} search={narrowed(place)} className={classes.tab} data-active={active || undefined} aria-current={active ? 'page' : undefined} data-test={`tab-${place}`}>
                {t(`place.${place}`)}
                {!!counts[place] && <span className={classes.count}>{number(counts[place] ?? 0, speech)}</span>}
              </Link>
            )
          })}
      </nav>
      {domainsOf(role).length > 0 ? (
        <button type="button" className={classes.search} onClick={onSearch} data-test="search">
          <Icon name="search" />
          <span>{t('frame.search')}</span>
          <Key act="go.search" />
          <Key act="go.palette" />
        </button>
      ) : (
        <span className={classes.grow} />
      )}
      <div className={classes.where}>
        <span className={classes.state}>
          <strong>{t(`country.${state}`, { defaultValue: state })}</strong> {node && node !== state && <bdi>{node}</bdi>}
        </span>
        <span className={classes.clock}>
          <strong>{clock(now, zone, speech)}</strong> {t('frame.local')} <span className={classes.utc}>{t('frame.utc', { time: clock(now, 'UTC', speech) })}</span>
        </span>
        <Who />
      </div>
    </header>
  )
}

export function initials(name: string): string {
  const parts = name.split(/[\s.@_-]+/).filter(Boolean)
  return parts.slice(0, 2).map((part) => [...part][0]?.toUpperCase()).join('')
}

function Who() {
  const { t } = useTranslation()
  const { me, role } = useHome()
  const prefs = usePrefs()
  const signOut = useSignOut()
  const other = prefs.language === 'ar' ? 'en' : 'ar'
  const seat = t(`role.${role}`, { defaultValue: role })
  const choice = <K extends 'scheme' | 'rows' | 'digits' | 'singleKeys'>(name: K, value: (typeof prefs)[K], label: string) => (
    <Menu.Item
      key={String(value)}
      onClick={() => setPrefs({ [name]: value })}
      leftSection={prefs[name] === value ? <Icon name="check" size={14} /> : <span className={classes.blank} />}
      aria-current={prefs[name] === value || undefined}
    >
      {label}
    </Menu.Item>
  )
  return (
    <Menu position="bottom-end" withinPortal width={232} classNames={{ dropdown: classes.menu, item: classes.menuItem, label: classes.menuLabel }}>
      <Menu.Target>
        <button type="button" className={classes.who} data-test="who" aria-label={[`${me} ${seat}`, t('frame.menuOf')].join(t('list.comma'))}>
          <span className={classes.avatar} data-initials={initials(me)} />
          <span className={classes.whoText}>
            <bdi>{me}</bdi> <small>{seat}</small>
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Icon name="globe" size={14} />} onClick={() => setPrefs({ language: other })} data-test="language">
          <span lang={other}>{other === 'ar' ? 'العربية' : 'English'}</span>
        </Menu.Item>
        <Menu.Label>{t('prefs.scheme')}</Menu.Label>
        {(['auto', 'light', 'dark'] as const).map((scheme) => choice('scheme', scheme, t(`prefs.scheme_${scheme}`)))}
        <Menu.Label>{t('prefs.rows')}</Menu.Label>
        {(['compact', 'comfortable'] as const).map((rows) => choice('rows', rows, t(`prefs.rows_${rows}`)))}
        {prefs.language === 'ar' && <Menu.Label>{t('prefs.digits')}</Menu.Label>}
        {prefs.language === 'ar' && (['latn', 'arab'] as const).map((digits) => choice('digits', digits, t(`prefs.digits_${digits}`)))}
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="exit" size={14} />} onClick={() => signOut.mutate()} data-test="sign-out">
          {t('frame.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

// The keys that work here, the most used first; j and k are one thing to a person.
const order: KeyAct[] = ['list.next', 'list.open', 'list.select', 'list.new', 'case.claim', 'case.decide', 'case.note', 'case.explain', 'report.nextProblem', 'report.send', 'list.filter', 'list.back']
const pairs: Partial<Record<KeyAct, KeyAct>> = { 'list.next': 'list.previous', 'report.nextProblem': 'report.previousProblem' }

function StatusBar() {
  const { t } = useTranslation()
  const acts = useShownActs()
  const live = useLiveState()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  const ago = Math.max(0, Math.floor((now - live.last) / 1000))
  const since = ago < 60 ? t('time.seconds', { count: ago }) : span(now - live.last, t)
  return (
    <footer className={classes.status} data-test="status">
      <span className={classes.statusKeys}>
        {order
          .filter((act) => acts.includes(act))
          .map((act) => {
            const other = pairs[act]
            return (
              <span key={act}>
                <Key act={act} />
                {other && <Key act={other} />} {t(act === 'list.next' ? 'act.list.move' : act === 'report.nextProblem' ? 'act.report.problems' : `act.${act}`)}
              </span>
            )
          })}
        <span>
          <Key act="go.keys" /> {t('act.go.keys')}
        </span>
      </span>
      <span className={classes.notes} id="status-notes" />
      <span className={live.connected ? classes.live : classes.down} data-live={live.connected}>
        <span className={classes.pulse} aria-hidden="true" />
        {live.connected ? (ago < 600 ? t('frame.liveSince', { since }) : t('frame.live')) : live.last ? t('frame.downSince', { since }) : t('frame.down')}
      </span>
    </footer>
  )
}

