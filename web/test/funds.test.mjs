// Browser tests of money: the declaration desk and its form, report triage, a party's money over time, what is passed on.
// They run as those of e2e.test.mjs do.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { serious } from './browser.mjs'
import { by, stage } from './stage.mjs'

const on = stage()
const { withPage, goTo } = on
const get = (page, path) => page.evaluate((of) => fetch(`/api/v1${of}`).then((answer) => answer.json()), path)
const row = `${by('grid')} [data-key]`
const some = Math.random().toString(36).slice(2, 8).toUpperCase()

async function fill(page, amount) {
  await page.locator(by('declaration-family')).fill(`WAYFARER${some}`)
  await page.locator(by('declaration-given')).fill('INVENTED')
  await page.locator(by('declaration-dob')).fill('1984-07-12')
  await page.locator(by('declaration-number')).fill(`T${some}`)
  await page.locator(by('declaration-issuer')).fill('JOR')
  await page.locator(by('declaration-nationality')).fill('JOR')
  await page.locator(by('declaration-flight')).fill('ZZ431')
  await page.locator(by('declaration-date')).fill(new Date().toISOString().slice(0, 10))
  await page.locator(by('declaration-provenance')).fill('savings')
  await page.locator(by('cash-amount')).fill(amount)
}

describe('the declaration desk', () => {
  for (const language of ['en', 'ar'])
    it(`says what is wrong in its field, and takes the declaration, ${language}`, () =>
      withPage({ as: 'fiu', language }, async (page) => {
        await page.keyboard.press('g')
        await page.keyboard.press('u')
        await page.waitForURL('**/funds/declarations*')
        await page.locator(by('new-declaration')).first().click()
        assert.ok(await page.locator(by('declaration-send')).isDisabled())
        await fill(page, 'twelve')
        await page.locator(`${by('declaration-send')}:enabled`).click()
        await page.locator(`${by('cash-item')} [id$=-error]`).first().waitFor()
        await page.locator(by('cash-amount')).fill(language === 'ar' ? '٩٨٠٠٫٥٠' : '9,800.50')
        await page.locator(by('declaration-send')).click()
        await page.waitForURL(/\/funds\/declarations\/[^/?]+/)
        const id = new URL(page.url()).pathname.split('/').at(-1)
        await page.waitForFunction((of) => fetch(`/api/v1/funds/declarations/${of}`).then((answer) => answer.ok), id, { polling: 250 })
        await goTo(page, `/funds/declarations/${id}`)
        await page.locator(by('amounts')).waitFor()
        assert.match(await page.locator(by('amounts')).innerText(), /9,800\.50/)
      }))
})

describe('report triage', () => {
  it('shows one report whole, and the decision beside it', () =>
    withPage({ as: 'fiu' }, async (page) => {
      await page.keyboard.press('g')
      await page.keyboard.press('t')
      await page.waitForURL('**/funds/reports*')
      await page.locator(by('funds-report')).first().waitFor()
      await page.keyboard.press('j')
      await page.locator(by('funds-report-file')).waitFor()
      await page.locator(`${by('movements')} tr`).first().waitFor()
      await page.locator('input[name=outcome][value=analysis]').waitFor()
    }))

  it('is closed to everybody else, and does not say whether there is a report', () =>
    withPage({ as: 'supervisor' }, async (page) => {
      assert.equal(await page.locator(by('domain-funds')).count(), 0)
      await goTo(page, '/funds/reports')
      await page.locator('[data-face=denied]').waitFor()
    }))
})

/** A party that moved money: whoever a report is about. */
async function mover(page) {
  const { items } = await get(page, '/funds/reports?limit=50')
  for (const report of items) {
    const { movements } = await get(page, `/funds/reports/${report.id}`)
    const found = (movements ?? []).flatMap((one) => [one.from, one.to]).find((one) => one?.id)
    if (found) return found.id
  }
  throw new Error('no report names a party with an id')
}

describe('money over time', () => {
  it('is a picture and a table that say the same, and a window of days narrows both', () =>
    withPage({ as: 'fiu' }, async (page) => {
      const id = await mover(page)
      await goTo(page, `/funds/parties/${id}`)
      await page.locator(by('money-graph')).waitFor()
      await page.locator(row).first().waitFor()
      const { edges } = await get(page, `/funds/parties/${id}/money?depth=1`)
      const last = edges.map((edge) => edge.day).sort().at(-1)
      await page.locator(by('window-from')).fill(last)
      await page.waitForURL('**from=*')
      const of = edges.filter((edge) => edge.day === last)
      await page.waitForFunction((many) => document.querySelectorAll('[data-test=grid] [data-key]').length === many, Math.min(of.length, 20), { polling: 250 })
      await page.locator(by('window-from')).blur()
      await page.keyboard.press('j')
      await page.waitForURL('**at=*')
      await page.keyboard.press('Escape')
      await page.waitForURL((url) => !url.search.includes('from='))
    }))
})

describe('what is passed on', () => {
  it('gets a number, and reads as it is printed', () =>
    withPage({ as: 'fiu' }, async (page) => {
      await goTo(page, `/funds/disseminations?act=new&of=${await mover(page)}`)
      await page.locator(by('recipient')).fill('Public prosecution')
      await page.locator(by('caveat')).fill('Not to be shown to the persons named.')
      assert.ok(await page.locator(by('disseminate-send')).isDisabled())
      await page.locator(by('summary')).fill(`Cash brought in below the line was paid in and left in one transfer (${some}).`)
      await page.locator(by('disseminate-send')).click()
      await page.locator(by('paper')).filter({ hasText: some }).waitFor()
      await page.locator(by('print-view')).waitFor()
    }))
})

describe('everyone can use it', () => {
  for (const [language, scheme] of [['en', 'light'], ['ar', 'dark']])
    it(`axe finds nothing serious, ${language} ${scheme}`, () =>
      withPage({ language, scheme, as: 'fiu' }, async (page) => {
        const { items } = await get(page, '/funds/declarations?limit=5')
        const { items: reports } = await get(page, '/funds/reports?limit=5')
        const wrong = []
        for (const path of [`/funds/declarations/${items[0].id}`, '/funds/declarations?act=new', `/funds/reports/${reports[0].id}`, `/funds/parties/${await mover(page)}`, '/funds/disseminations']) {
          await goTo(page, path)
          await page.locator('[data-face=loading]').first().waitFor({ state: 'detached' })
          await page.waitForTimeout(600)
          wrong.push(...(await serious(page, path)))
        }
        assert.deepEqual(wrong, [])
      }))
})
