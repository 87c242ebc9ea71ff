// Browser tests of freight: departures, one consignment, the referral desk. They run as those of e2e.test.mjs do.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { serious } from './browser.mjs'
import { by, stage } from './stage.mjs'

const on = stage()
const { withPage, goTo } = on
const get = (page, path) => page.evaluate((of) => fetch(`/api/v1${of}`).then((answer) => answer.json()), path)
const row = `${by('grid')} [data-key]`

describe('departures', () => {
  it('are read by time to cut-off, and open to their consignments', () =>
    withPage({ as: 'targeter' }, async (page) => {
      await page.keyboard.press('g')
      await page.keyboard.press('c')
      await page.waitForURL('**/cargo/departures*')
      await page.locator(row).first().waitFor()
      await page.keyboard.press('j')
      await page.keyboard.press('Enter')
      await page.waitForURL('**departure=*')
      await page.locator(row).first().waitFor()
      await page.keyboard.press('j')
      await page.keyboard.press('Enter')
      await page.waitForURL('**/cargo/consignments/*')
      await page.locator(`${by('consignment')} h1`).waitFor()
      await page.keyboard.press('Escape')
      await page.waitForURL('**/cargo/departures*')
    }))

  it('are closed to whoever does not work with freight', () =>
    withPage({ as: 'fiu' }, async (page) => {
      assert.equal(await page.locator(by('domain-cargo')).count(), 0)
      await goTo(page, '/cargo/departures')
      await page.locator('[data-face=denied]').waitFor()
    }))
})

describe('a consignment', () => {
  it('shows who sends what to whom, what was filed and sent, and where it hangs', () =>
    withPage({ as: 'targeter' }, async (page) => {
      const { items } = await get(page, '/cargo/consignments?limit=200')
      const house = items.find((one) => one.kind === 'house' && one.consignee)
      assert.ok(house, 'no house was filed')
      await goTo(page, `/cargo/consignments/${house.id}`)
      await page.locator(by('party-consignor')).waitFor()
      await page.locator(by('party-consignee')).waitFor()
      await page.locator(`${by('tree')} ${by('house')}`).first().waitFor()
      assert.ok((await page.locator(`${by('filings')} li`).count()) >= 1)
    }))
})

describe('the referral desk', () => {
  it('asks only in codes, and only once it is said what', () =>
    withPage({ as: 'targeter' }, async (page) => {
      await page.keyboard.press('g')
      await page.keyboard.press('h')
      await page.waitForURL('**/cargo/referrals*')
      await page.locator(by('referral')).first().waitFor()
      await page.keyboard.press('j')
      await page.locator(by('referral-desk')).waitFor()
      const claim = page.locator(by('claim'))
      await page.locator('input[name=outcome]').first().waitFor()
      if (await claim.count()) await claim.click()
      await page.locator('input[name=outcome][value=rfi]:enabled').check()
      await page.locator(by('reason')).fill('The one word says nothing of what is inside.')
      assert.ok(await page.locator(by('decide')).isDisabled())
      await page.locator(by('ask-goods-description')).check()
      await page.locator(`${by('decide')}:enabled`).waitFor()
      await page.locator('input[name=outcome][value=dnl]').check()
      assert.ok(await page.locator(by('decide')).isDisabled())
      await page.locator('input[name=outcome][value=rfi]').check()
      await page.locator(by('decide')).click()
      await page.locator(by('decide')).waitFor()
      await page.locator('text=/waits for an answer/').first().waitFor()
    }))
})

describe('everyone can use it', () => {
  for (const [language, scheme] of [['en', 'light'], ['ar', 'dark']])
    it(`axe finds nothing serious, ${language} ${scheme}`, () =>
      withPage({ language, scheme, as: 'targeter' }, async (page) => {
        const { items } = await get(page, '/cargo/referrals')
        const wrong = []
        for (const path of ['/cargo/departures', `/cargo/consignments/${items[0].id}`, `/cargo/referrals/${items[0].id}`]) {
          await goTo(page, path)
          await page.locator('[data-face=loading]').first().waitFor({ state: 'detached' })
          await page.waitForTimeout(500)
          wrong.push(...(await serious(page, path)))
        }
        assert.deepEqual(wrong, [])
      }))
})
