// What the browser tests and the screenshots share: a browser, a node to look at, a way in.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import { password, startFixture } from './fixture/server.mjs'

function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim()
    } catch {
      continue
    }
  }
  throw new Error('no Chromium found: install it (apt-get install chromium) or name it in CHROMIUM')
}

export const launch = () =>
  chromium.launch({
    executablePath: findChromium(),
    args: ['--disable-gpu', '--disable-dev-shm-usage', '--force-color-profile=srgb', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  })

/** A real node when RIHLA_SIGNINS names a file of its sign-ins, as `rihla demo --json` prints them; the invented world otherwise. */
export async function target() {
  const { RIHLA_SIGNINS: signIns } = process.env
  if (!signIns) {
    const fixture = await startFixture()
    const seats = { analyst: 'n.haddad', supervisor: 'm.sayegh', officer: 'k.isa', auditor: 'a.watch', targeter: 'r.salman', fiu: 's.noor', responder: 'f.amin' }
    return { real: false, ...fixture, seat: (role) => ({ name: seats[role], password }) }
  }
  const seats = readFileSync(signIns, 'utf8').trim().split('\n').map((line) => JSON.parse(line))
  // The first state named is the one looked at; another, where there is one, is its partner.
  const nodeOf = (of) => ({
    url: of[0]?.url,
    seat: (role) => {
      const found = of.find((one) => one.role === role)
      if (!found) throw new Error(`${signIns} names nobody of role ${role}`)
      return found
    },
  })
  const home = seats.filter((one) => one.url === seats[0].url)
  return { real: true, ...nodeOf(home), partner: nodeOf(seats.filter((one) => !home.includes(one))), close: async () => {} }
}

export async function open(browser, node, { language = 'en', scheme = 'light', width = 1440, height = 900, rows = 'compact' } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: language === 'ar' ? 'ar-BH' : 'en-GB', timezoneId: 'Asia/Bahrain', reducedMotion: 'reduce' })
  await context.addInitScript(
    (prefs) => {
      if (!localStorage.getItem('rihla.prefs')) localStorage.setItem('rihla.prefs', JSON.stringify(prefs))
    },
    { language, scheme, rows },
  )
  const page = await context.newPage()
  const faults = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    // A refused sign-in and a closed door are part of the tests; everything else said as an error is one.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) faults.push(message.text())
  })
  return { context, page, faults, node }
}

export async function signIn(page, node, role = 'analyst') {
  const { name, password: secret } = node.seat(role)
  await page.goto(`${node.url}/`)
  await page.locator('input[name=username]').fill(name)
  await page.locator('input[name=password]').fill(secret)
  await page.locator('[data-test=sign-in]').click()
  await page.locator('[data-test=status]').waitFor()
}

export const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds serious or worse on the page as it stands, a line each. */
export async function serious(page, path) {
  // Over the debugger, so that the page's own security policy stays in force.
  await page.evaluate(axe)
  const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
  return result.violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .map((violation) => `${path} ${violation.id}: ${violation.nodes.slice(0, 3).map((one) => `${one.html.slice(0, 160)} ${one.any[0]?.message ?? one.all[0]?.message ?? ''}`).join(' | ')}`)
}
