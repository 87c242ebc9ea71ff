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
  audit: { path: '/audit', ready: '[data-test=grid] [data-key]', as: 'auditor' },
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
    for (const [name, { path, ready, as, after }] of Object.entries(pages)) {
      if (only && !only.includes(name)) continue
      const who = as ?? 'analyst'
      if (!seats.has(who)) {
        const seat = await open(browser, node, { language, scheme, width: Number(process.env.WIDTH ?? 1440) })
        if (only?.includes('signin')) {
          await seat.page.goto(node.url)
          await seat.page.locator('[data-test=sign-in]').waitFor()
          await seat.page.screenshot({ path: join(folder, `signin-${look}.png`) })
        }
        await signIn(seat.page, node, who)
        seats.set(who, seat)
      }
      const { page, faults } = seats.get(who)
      await page.goto(node.url + path)
      await page.locator(ready).first().waitFor({ timeout: 15_000 })
      await after?.(page)
      await page.evaluate(() => document.fonts.ready)
      await page.waitForTimeout(250)
      await page.screenshot({ path: join(folder, `${name}-${look}.png`) })
      for (const fault of faults.splice(0)) console.error(name, look, fault)
    }
    for (const { context } of seats.values()) await context.close()
  }
} finally {
  await browser.close()
  await node.close()
}
