// What the browser tests and the screenshots share: a browser, a node to look at, a way in.
import { execFileSync } from 'node:child_process'
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

/** A real node when RIHLA_URL, RIHLA_NAME and RIHLA_PASSWORD name one; the invented world otherwise. */
export async function target() {
  const { RIHLA_URL: url, RIHLA_NAME: name, RIHLA_PASSWORD: secret } = process.env
  if (url) return { real: true, url: url.replace(/\/$/, ''), name, password: secret, close: async () => {} }
  const fixture = await startFixture()
  return { real: false, ...fixture, name: 'n.haddad', password }
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

export async function signIn(page, node, as = {}) {
  await page.goto(`${node.url}/`)
  await page.locator('input[name=username]').fill(as.name ?? node.name)
  await page.locator('input[name=password]').fill(as.password ?? node.password)
  await page.locator('[data-test=sign-in]').click()
  await page.locator('[data-test=status]').waitFor()
}
