// Browser tests of networks: indicators, the incident board, one incident, and what may never leave. They run as those of
// e2e.test.mjs do.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { serious } from './browser.mjs'
import { by, stage } from './stage.mjs'

const on = stage()
const { withPage, goTo } = on
const get = (page, path) => page.evaluate((of) => fetch(`/api/v1${of}`).then((answer) => answer.json()), path)
const row = `${by('grid')} [data-key]`
const some = Math.random().toString(36).slice(2, 8)

/** Adds an indicator by hand and opens it; it is there once its report was read. */
async function added(page, value, light) {
  await goTo(page, '/cyber/indicators?act=new')
  await page.locator(by('indicator-value')).fill(value)
  await page.locator(by('indicator-tlp')).selectOption(light)
  await page.locator(by('indicator-name')).fill(`Invented ${some}`)
  await page.locator(by('indicator-send')).click()
  await page.waitForURL(/\/cyber\/indicators\/[^/?]+/)
  const id = new URL(page.url()).pathname.split('/').at(-1)
  await page.waitForFunction((of) => fetch(`/api/v1/cyber/indicators/${of}`).then((answer) => answer.ok), id, { polling: 250 })
  await goTo(page, `/cyber/indicators/${id}`)
  await page.locator(`${by('claims')} tr`).first().waitFor()
  return id
}

describe('indicators', () => {
  it('are added by hand, taken out with a reason, and put back', () =>
    withPage({ as: 'responder' }, async (page) => {
      const id = await added(page, `gate-${some}[.]example`, 'TLP:GREEN')
      await page.locator(by('act-false-positive')).click()
      assert.ok(await page.locator(by('act-send')).isDisabled())
      await page.locator(by('act-reason')).fill('It is the sandbox of our own laboratory.')
      await page.locator(by('act-send')).click()
      await page.locator(by('act-restored')).waitFor()
      assert.equal((await get(page, `/cyber/indicators/${id}`)).state, 'false-positive')
    }))

  it('that would match everybody are refused where they are typed', () =>
    withPage({ as: 'responder' }, async (page) => {
      await goTo(page, '/cyber/indicators?act=new')
      await page.locator(by('indicator-value')).fill('8.8.8.8')
      await page.locator(by('indicator-send')).click()
      await page.locator(`${by('indicator-form')} [id$=-error]`).waitFor()
      assert.match(page.url(), /act=new/)
    }))

  it('are looked up many at once, disarmed or not', () =>
    withPage({ as: 'responder' }, async (page) => {
      await page.keyboard.press('g')
      await page.keyboard.press('i')
      await page.waitForURL('**/cyber/indicators*')
      await page.locator(row).first().waitFor()
      const { items } = await get(page, '/cyber/indicators?limit=5')
      await page.locator(by('check-open')).click()
      await page.locator(by('check-values')).fill(`${items[0].display}\nnever-${some}.example`)
      await page.locator(by('check-send')).click()
      await page.locator(`${by('checked')} button`).first().waitFor()
      assert.equal(await page.locator(`${by('checked')} tr`).count(), 2)
    }))

  it('marked red never leave', () =>
    withPage({ as: 'responder' }, async (page) => {
      if (on.node.real) await added(page, `red-${some}[.]example`, 'TLP:RED')
      else await goTo(page, '/cyber/indicators/in-4')
      await page.locator(by('share')).click()
      await page.locator(by('share-forbidden')).waitFor()
      assert.ok(await page.locator(by('share-ask')).isDisabled())
    }))

  it('leave only in words, field by field', () =>
    withPage({ as: 'responder' }, async (page) => {
      await added(page, `amber-${some}[.]example`, 'TLP:AMBER')
      await page.locator(by('share')).click()
      await page.locator(`${by('leaves')} tr`).first().waitFor()
      await page.locator(`${by('share-ask')}:enabled`).click()
      await page.locator(by('share-confirm')).waitFor()
      await page.keyboard.press('Escape')
      await page.locator(by('share-confirm')).waitFor({ state: 'detached' })
      await page.keyboard.press('Control+Enter')
      await page.locator(by('share-confirm')).click()
      await page.locator(by('shared')).waitFor()
    }))
})

describe('incidents', () => {
  it('are typed in, with what is wrong said in its field, and go their way', () =>
    withPage({ as: 'responder' }, async (page) => {
      await goTo(page, '/cyber/incidents') // by its address: keys pressed while the first page still finds its place are lost
      await page.locator(by('new-incident')).click()
      assert.ok(await page.locator(by('incident-send')).isDisabled())
      await page.locator(by('incident-title')).fill(`Servers locked ${some}`)
      await page.locator(by('incident-description')).fill('Two file servers answer with a note that asks for money.')
      await page.locator(by('incident-contact')).fill('duty@invented.example')
      const aware = new Date(Date.now() - 3_600_000).toISOString().slice(0, 16)
      await page.locator(by('incident-aware')).fill(aware)
      await page.locator(by('incident-sector')).selectOption('transport')
      await page.locator(by('incident-send')).click()
      await page.waitForURL(/\/cyber\/incidents\/[^/?]+/)
      const id = new URL(page.url()).pathname.split('/').at(-1)
      await page.waitForFunction((of) => fetch(`/api/v1/cyber/incidents/${of}`).then((answer) => answer.ok), id, { polling: 250 })
      await goTo(page, `/cyber/incidents/${id}`)
      await page.locator(by('clock')).first().waitFor()
      await page.locator(by('entry-text')).fill(`Called the operator (${some}).`)
      await page.locator(by('entry-send')).click()
      await page.locator(`${by('timeline')} li`).filter({ hasText: some }).waitFor()
      await page.locator(by('task-title')).fill(`Cut the line (${some})`)
      await page.locator(by('task-send')).click()
      await page.locator(by('task')).filter({ hasText: some }).waitFor()
      const { next } = await get(page, `/cyber/incidents/${id}`)
      await page.locator(by(`to-${next[0]}`)).click()
      assert.ok(await page.locator(by('state-send')).isDisabled())
      await page.locator(by('state-reason')).fill('Looked at it with the operator.')
      await page.locator(by('state-send')).click()
      await page.waitForFunction(([of, state]) => fetch(`/api/v1/cyber/incidents/${of}`).then((answer) => answer.json()).then((one) => one.state === state), [id, next[0]], { polling: 250 })
      await goTo(page, '/cyber/incidents')
      await page.locator(by('incident-card')).first().waitFor()
    }))
})

describe('everyone can use it', () => {
  for (const [language, scheme] of [['en', 'light'], ['ar', 'dark']])
    it(`axe finds nothing serious, ${language} ${scheme}`, () =>
      withPage({ language, scheme, as: 'responder' }, async (page) => {
        const { items: indicators } = await get(page, '/cyber/indicators?limit=5')
        const { items: incidents } = await get(page, '/cyber/incidents?open=true')
        const wrong = []
        for (const path of ['/cyber/indicators', `/cyber/indicators/${indicators[0].id}`, '/cyber/indicators?act=new', '/cyber/incidents', `/cyber/incidents/${incidents[0].id}`, '/cyber/incidents?act=new']) {
          await goTo(page, path)
          await page.locator('[data-face=loading]').first().waitFor({ state: 'detached' })
          await page.waitForTimeout(500)
          wrong.push(...(await serious(page, path)))
        }
        assert.deepEqual(wrong, [])
      }))
})
