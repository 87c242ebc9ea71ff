// Pictures of every page, in both languages and both schemes: SHOTS=folder npm run shots
// ONLY=flights,case names some of them; LOOKS=en-light,ar-dark some of the looks.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launch, open, signIn, target } from './browser.mjs'

const folder = process.env.SHOTS ?? 'test/shots'
const only = process.env.ONLY?.split(',')
const looks = process.env.LOOKS?.split(',') ?? ['en-light', 'en-dark', 'ar-light', 'ar-dark']
mkdirSync(folder, { recursive: true })

const pages = {
  flights: { path: '/flights?at=f-ZZ431', ready: '[data-test=grid] [data-key]' },
  flight: { path: '/flights/f-ZZ431?p=f-ZZ431-p0', ready: '[data-test=passenger]' },
  people: { path: '/people?q=el', ready: '[data-test=grid] [data-key]' },
  queue: { path: '/queue', ready: '[data-test=case]' },
  case: { path: '/queue/c-2291', ready: '[data-test=case-file] table' },
  reports: { path: '/reports/r-1', ready: '[data-test=raw]' },
  mend: { path: '/reports/r-3', ready: '[data-test=opening-reason]', as: 'supervisor', after: opened },
  lists: { path: '/lists', ready: '[data-test=grid] [data-key]' },
  versions: { path: '/lists?tab=versions', ready: '[data-test=version]', as: 'supervisor' },
  source: { path: '/lists?tab=source', ready: '[data-test=source-urls]', as: 'supervisor' },
  proposals: { path: '/lists?name=by-hand&tab=proposals', ready: '[data-test=proposal]', as: 'supervisor' },
  thresholds: { path: '/lists?tab=thresholds', ready: '[data-test=slider-alert]', as: 'supervisor' },
  rules: { path: '/rules', ready: '[data-test=rule-detail]' },
  editor: { path: '/rules?rule=R-088&edit=copy', ready: '[data-test=expression]' },
  links: { path: '/people/f-ZZ431-p0/links?at=f-ZZ431-p6', ready: '[data-test=chosen]' },
  agreement: { path: '/agreements/bh-us-travel', ready: '[data-test=share]', as: 'supervisor' },
  'agreement-clause': { path: '/agreements/bh-us-travel?share=T3&thread=0199aa00-0000-7000-8000-000000000419', ready: '[data-test=release]', as: 'supervisor', after: (page) => chosen(page, 'data') },
  'agreement-versions': { path: '/agreements/bh-us-travel?tab=versions', ready: '[data-test=edition]', as: 'supervisor' },
  'agreement-changes': { path: '/agreements/bh-us-travel?tab=changes', ready: '[data-test=changes]', as: 'supervisor' },
  'agreement-text': { path: '/agreements/bh-us-travel?tab=text', ready: '[data-test=text]' },
  suspend: { path: '/agreements/bh-us-travel?act=suspend', ready: '[data-test=suspend-form]', as: 'supervisor' },
  propose: { path: '/agreements?act=propose', ready: '[data-test=propose-form]', as: 'supervisor' },
  requests: { path: '/requests', ready: '[data-test=thread-item]' },
  release: { path: '/requests/0199aa00-0000-7000-8000-000000000420', ready: '[data-test=release]', as: 'supervisor', after: (page) => chosen(page, 'hit') },
  approve: { path: '/requests/0199aa00-0000-7000-8000-000000000501', ready: '[data-test=approve]', as: 'supervisor' },
  received: { path: '/requests/0199aa00-0000-7000-8000-000000000504', ready: '[data-test=received]' },
  given: { path: '/requests/0199aa00-0000-7000-8000-000000000506', ready: '[data-test=given]', as: 'supervisor' },
  'request-form': { path: '/requests/new?agreement=bh-us-travel&share=T2', ready: '[data-test=request-form]' },
  matching: { path: '/matching', ready: '[data-test=lead]' },
  exchange: { path: '/exchange', ready: '[data-test=grid] [data-key]', as: 'supervisor' },
  dialogue: { path: '/dialogue/mt-2?item=i1', ready: '[data-test=minute]', as: 'supervisor' },
  'dialogue-report': { path: '/dialogue/mt-2?item=i4', ready: '[data-test=report] table', as: 'supervisor' },
  report: { path: '/dialogue?report=bh-us-travel', ready: '[data-test=report] table', as: 'supervisor' },
  'meeting-form': { path: '/dialogue?act=new', ready: '[data-test=meeting-form]', as: 'supervisor' },
  departures: { path: '/cargo/departures', ready: '[data-test=grid] [data-key]', as: 'targeter' },
  consignments: { path: '/cargo/departures?departure=9X201.any', ready: '[data-test=grid] [data-key]', as: 'targeter' },
  consignment: { path: '/cargo/consignments/co-1', ready: '[data-test=consignment] h1', as: 'targeter' },
  referrals: { path: '/cargo/referrals/co-1', ready: '[data-test=thread] li', as: 'targeter', after: (page) => picked(page, 'rfi') },
  indicators: { path: '/cyber/indicators', ready: '[data-test=grid] [data-key]', as: 'responder' },
  indicator: { path: '/cyber/indicators/in-1', ready: '[data-test=claims] tr', as: 'responder' },
  'indicator-form': { path: '/cyber/indicators?act=new', ready: '[data-test=indicator-form]', as: 'responder' },
  'indicator-share': { path: '/cyber/indicators/in-1', ready: '[data-test=claims] tr', as: 'responder', after: shared },
  incidents: { path: '/cyber/incidents?at=ic-1', ready: '[data-test=incident-card]', as: 'responder' },
  incident: { path: '/cyber/incidents/ic-1', ready: '[data-test=timeline] li', as: 'responder' },
  'incident-form': { path: '/cyber/incidents?act=new', ready: '[data-test=incident-form]', as: 'responder' },
  declarations: { path: '/funds/declarations/d-2', ready: '[data-test=amounts] tr', as: 'fiu' },
  'declaration-form': { path: '/funds/declarations?act=new', ready: '[data-test=declaration-form]', as: 'fiu' },
  triage: { path: '/funds/reports/r-f0', ready: '[data-test=movements] tr', as: 'fiu' },
  money: { path: '/funds/parties/p-1?at=d1', ready: '[data-test=money-graph]', as: 'fiu' },
  dissemination: { path: '/funds/disseminations/di-1', ready: '[data-test=paper]', as: 'fiu' },
  desk: { path: '/desk/f-ZZ431-p0', ready: '[data-test=desk-decision]', as: 'officer', after: (page) => page.keyboard.press('r') },
  'desk-member': { path: '/desk/f-ZZ431-p1', ready: '[data-test=desk-decision]', as: 'officer', after: (page) => page.keyboard.press('b') },
  overrides: { path: '/desk?view=overrides', ready: '[data-test=rates]', as: 'officer' },
  outages: { path: '/desk?view=outages&act=declare', ready: '[data-test=outage-form]', as: 'officer', after: declared },
  applications: { path: '/facilitation/applications/ap-1', ready: '[data-test=deeds]', as: 'officer' },
  pending: { path: '/facilitation/authorisations/ap-2', ready: '[data-test=deeds]', as: 'officer' },
  member: { path: '/facilitation/members/ap-6', ready: '[data-test=proposal-second]', as: 'supervisor' },
  redress: { path: '/facilitation/redress/ap-3', ready: '[data-test=compare]', as: 'officer' },
  lanes: { path: '/facilitation/lanes', ready: '[data-test=by-quarter]', as: 'supervisor', after: (page) => page.locator('[data-test=hall-flight]').first().click() },
  document: { path: '/facilitation/documents', ready: '[data-test=mrz]', as: 'officer', after: checked },
  dismissals: { path: '/lists?name=national&tab=dismissals', ready: '[data-test=dismissal]', as: 'supervisor' },
  apply: { path: '/apply', ready: '[data-test=apply-redress]', open: true },
  'apply-authorisation': { path: '/apply/authorisation', ready: '[data-test=apply-form]', open: true, after: applied },
  'apply-traveller': { path: '/apply/traveller', ready: '[data-test=apply-form]', open: true },
  'apply-redress': { path: '/apply/redress', ready: '[data-test=apply-form]', open: true },
  status: { path: '/status', ready: '[data-test=status-form]', open: true, after: followed },
  audit: { path: '/audit', ready: '[data-test=grid] [data-key]', as: 'auditor' },
}

async function chosen(page, answer) {
  await page.locator(`[data-test=answer-${answer}]`).check()
  if (answer === 'hit') await page.locator('[data-test=candidates-choice] input').first().check()
  await page.locator('[data-test=leaves]').waitFor()
}

async function picked(page, outcome) {
  await page.locator(`input[name=outcome][value=${outcome}]`).check()
}

async function shared(page) {
  await page.locator('[data-test=share]').click()
  await page.locator('[data-test=leaves] tr').first().waitFor()
}

const zone = 'P<BHRALSAMPLE<<LAYLA<<<<<<<<<<<<<<<<<<<<<<<<\nP2233445<1BHR9104026F3103315<<<<<<<<<<<<<<<4'

async function declared(page) {
  await page.locator('[data-test=outage-note]').fill('Line to the exchange cut')
  await page.locator('[data-test=outage-send]').click()
  await page.locator('[data-test=outage]').waitFor()
}

async function checked(page) {
  await page.locator('[data-test=mrz]').fill(zone.replace('<1BHR', '<0BHR'))
  await page.locator('[data-test=chip]').setInputFiles([{ name: 'EF.SOD', mimeType: 'application/octet-stream', buffer: Buffer.from('x') }, { name: 'EF.DG1', mimeType: 'application/octet-stream', buffer: Buffer.from('x') }])
  await page.locator('[data-test=check-document]').click()
  await page.locator('[data-test=document-result]').waitFor()
}

async function applied(page) {
  await page.locator('[data-test=mrz]').fill(zone)
  await page.locator('[data-test=apply-send]').click()
  await page.locator('[data-test=apply-wrong]').waitFor()
}

async function followed(page) {
  await page.evaluate(async () => {
    const made = await fetch('/api/v1/applications', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ schema: 'rihla.tt-application/v1', applicant: { family_name: 'ALSAMPLE', given_names: 'LAYLA', document: { number: 'P2233445' } }, addresses: [{ from: '2019-01' }] }) }).then((answer) => answer.json())
    globalThis.made = made
  })
  const made = await page.evaluate(() => globalThis.made)
  await page.locator('[data-test=status-reference]').fill(made.reference)
  await page.locator('[data-test=status-secret]').fill(made.secret)
  await page.locator('[data-test=status-open]').click()
  await page.locator('[data-test=own-interview]').click()
  await page.locator('[data-test=interview-day] option').nth(1).waitFor({ state: 'attached' })
}

async function opened(page) {
  await page.locator('[data-test=opening-reason]').fill('mend for ZZ431')
  await page.locator('[data-test=open-sealed]').click()
  await page.locator('[data-test=mend-text]').fill("DTM+189:2611241220:201'")
}

const node = await target()
const browser = await launch()
try {
  for (const look of looks) {
    const [language, scheme] = look.split('-')
    const seats = new Map()
    for (const [name, { path, ready, as, after, open: anybody }] of Object.entries(pages)) {
      if (only && !only.includes(name)) continue
      const who = anybody ? 'anybody' : (as ?? 'analyst')
      if (!seats.has(who)) {
        const seat = await open(browser, node, { language, scheme, width: Number(process.env.WIDTH ?? 1440) })
        if (only?.includes('signin')) {
          await seat.page.goto(node.url)
          await seat.page.locator('[data-test=sign-in]').waitFor()
          await seat.page.screenshot({ path: join(folder, `signin-${look}.png`) })
        }
        if (!anybody) await signIn(seat.page, node, who)
        seats.set(who, seat)
      }
      const { page, faults } = seats.get(who)
      await page.goto(node.url + path)
      await page.locator(ready).first().waitFor({ timeout: 60_000 })
      await after?.(page)
      await page.evaluate(() => document.fonts.ready)
      await page.waitForTimeout(250)
      await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: !!process.env.WHOLE })
      for (const fault of faults.splice(0)) console.error(name, look, fault)
    }
    for (const { context } of seats.values()) await context.close()
  }
} finally {
  await browser.close()
  await node.close()
}
