// Browser tests of what screening is made of: rules, lists, links. They run as those of e2e.test.mjs do.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { serious } from './browser.mjs'
import { by, stage } from './stage.mjs'

const on = stage()
const { withPage, goTo } = on
const some = Math.random().toString(36).slice(2, 8)

describe('a rule', () => {
  const id = `no-bags-${some}`

  it('is built and written side by side, its examples tried, and saved as a draft', () =>
    withPage({}, async (page) => {
      await goTo(page, '/rules')
      await page.locator(by('rule')).first().waitFor()
      await page.locator(by('new-rule')).click()
      await page.locator(by('rule-id')).fill(id)
      await page.locator(by('rule-title')).fill('Nothing checked in')
      await page.locator(by('rule-owner')).fill('Targeting desk')
      await page.locator(by('rule-basis')).fill('Passenger data act, section 9')
      await page.locator(by('rule-expires')).fill('2031-12-31')
      await page.locator(by('rule-explain')).fill('Nothing was checked in.')
      const text = page.locator(by('expression'))
      await text.fill('traveller.bags == 0')
      const condition = page.locator(by('condition'))
      await condition.waitFor()
      assert.equal(await condition.count(), 1)
      // What is built is written down.
      await condition.locator(by('value')).fill('1')
      await page.waitForFunction(() => document.querySelector('[data-test=expression]').innerText.includes('== 1'))
      await page.locator(by('add-test')).click()
      await page.waitForFunction(() => document.querySelector('[data-test=expression]').innerText.includes('&&'))
      assert.equal(await condition.count(), 2)
      // What is written is built: the second condition goes again.
      await text.fill('traveller.bags == 0')
      await page.waitForFunction(() => document.querySelectorAll('[data-test=condition]').length === 1)
      await page.locator(by('add-hit')).click()
      await page.locator(by('example-given')).first().fill('{"bags": 0}')
      await page.locator(by('add-none')).click()
      await page.locator(by('example-given')).last().fill('{"bags": 2}')
      await page.locator(`${by('verdict')}[data-ok]:not([data-busy])`).waitFor()
      await page.locator(by('save-rule')).click()
      await page.waitForURL(`**rule=${id}*`)
      await page.locator(`${by('rule')}[data-key="${id}"]`).waitFor()
    }))

  it('that names a sensitive attribute is refused where it is named', () =>
    withPage({}, async (page) => {
      await goTo(page, `/rules?rule=${id}&edit=1`)
      await page.locator(by('expression')).fill('traveller.bags == 0 && traveller.religion == "any"')
      const complaint = page.locator(`${by('complaints')} li`).filter({ hasText: 'religion' })
      await complaint.first().waitFor()
      assert.match(await complaint.first().innerText(), /1/)
      await page.locator('.cm-lintRange-error').first().waitFor()
    }))

  it('offers what can be written, as it is written', () =>
    withPage({}, async (page) => {
      await goTo(page, `/rules?rule=${id}&edit=1`)
      await page.locator(by('expression')).fill('')
      await page.keyboard.type('trav')
      await page.locator('.cm-tooltip-autocomplete li').filter({ hasText: 'traveller.bags' }).first().waitFor()
      await page.keyboard.press('Escape')
    }))

  it('goes to shadow, is tried on the past, and is approved by someone else', async () => {
    await withPage({}, async (page) => {
      await goTo(page, `/rules?rule=${id}`)
      await page.locator(by('move-shadow')).click()
      await page.locator(by('move-confirm')).click()
      await page.locator(by('move-approved')).waitFor()
      assert.ok(await page.locator(by('move-approved')).isDisabled())
      await page.locator(by('backtest')).click()
      await page.locator(`${by('backtest-result')}[data-state=done]`).waitFor({ timeout: 90_000 })
    })
    await withPage({ as: 'supervisor' }, async (page) => {
      await goTo(page, `/rules?rule=${id}`)
      await page.locator(by('move-approved')).click()
      await page.locator(by('move-reason')).fill('Tried on three months; the hits are what was meant.')
      await page.locator(by('move-confirm')).click()
      await page.locator(by('move-live')).click()
      await page.locator(by('move-confirm')).click()
      await page.locator(by('move-retired')).waitFor()
      await page.waitForFunction((key) => fetch(`/api/v1/rules/${key}`).then((answer) => answer.json()).then((rule) => rule.state === 'live'), id)
      // It hits nearly everybody, so it does not stay.
      await page.locator(by('move-retired')).click()
      await page.locator(by('move-reason')).fill('Was only tried; it is far too wide.')
      await page.locator(by('move-confirm')).click()
      await page.waitForFunction((key) => fetch(`/api/v1/rules/${key}`).then((answer) => answer.json()).then((rule) => rule.state === 'retired'), id)
    })
  })
})

describe('a list kept by hand', () => {
  it('takes an entry from one person and the yes of another', async () => {
    const list = on.node.real ? `hand-${some}` : 'by-hand'
    const name = `INVENTED, Person ${some}`
    await withPage({}, async (page) => {
      await goTo(page, '/lists?tab=new')
      await page.locator(by('entry-list')).fill(list)
      await page.locator(by('entry-names')).fill(name)
      await page.locator(by('entry-births')).fill('1981')
      await page.locator(by('entry-basis')).fill('Court order 12/2026')
      await page.locator(by('entry-owner')).fill('State security')
      await page.locator(by('entry-review')).fill('2027-06-01')
      await page.locator(by('entry-until')).fill('2027-12-01')
      assert.ok(await page.locator(by('send-proposal')).isDisabled())
      await page.locator(by('entry-why')).fill('The court has ordered it today.')
      await page.locator(by('send-proposal')).click()
      const own = page.locator(by('proposal')).filter({ hasText: name })
      await own.waitFor()
      assert.equal(await own.locator(by('approve')).count(), 0)
    })
    await withPage({ as: 'supervisor' }, async (page) => {
      await goTo(page, `/lists?name=${list}&tab=proposals`)
      const one = page.locator(by('proposal')).filter({ hasText: name })
      await one.locator(by('judge-reason')).fill('I have read the order.')
      await one.locator(by('approve')).click()
      await page.locator(`${by('proposal')}[data-state=approved]`).filter({ hasText: name }).waitFor()
    })
  })
})

describe('a list', () => {
  it('shows what its versions changed, where it comes from, and what a threshold costs', () =>
    withPage({ as: 'supervisor' }, async (page) => {
      await goTo(page, `/lists?name=${on.node.real ? 'national-watchlist' : 'national'}`)
      await page.locator(by('segment-versions')).click()
      await page.locator(by('version')).first().waitFor()
      await page.locator(by('segment-source')).click()
      await page.locator(by('source-urls')).fill('https://lists.example/list.csv')
      await page.locator(by('segment-thresholds')).click()
      await page.locator('svg[role=img][aria-label]').last().waitFor()
      await page.locator(by('slider-alert')).press('ArrowRight')
      await page.locator(`${by('preview')} dd`).first().waitFor()
      assert.ok(await page.locator(by('save-thresholds')).isDisabled())
      await page.locator(by('threshold-reason')).fill('Too many of the middle band were dismissed.')
      assert.ok(await page.locator(by('save-thresholds')).isEnabled())
    }))

  it('says a broken file line by line and keeps the old list', () =>
    withPage({ as: 'supervisor' }, async (page) => {
      const list = on.node.real ? 'national-watchlist' : 'national'
      const entries = () => page.evaluate((name) => fetch('/api/v1/lists').then((answer) => answer.json()).then(({ items }) => items.find((one) => one.name === name).entries), list)
      const held = await entries()
      await goTo(page, `/lists?name=${list}&tab=source`)
      await page.locator(by('list-file')).setInputFiles({ name: 'broken.csv', mimeType: 'text/csv', buffer: Buffer.from('id,surname,given,born\n1,,,not a date\n') })
      await page.locator(by('load-list')).click()
      await page.locator(`${by('faults')} li`).first().waitFor()
      assert.equal(await entries(), held)
    }))
})

describe('links', () => {
  it('are a picture and a table that say the same; the way to each is drawn', () =>
    withPage({}, async (page) => {
      const id = on.node.real ? await linked(page) : 'f-ZZ431-p0'
      await goTo(page, `/people/${id}`)
      await page.locator(by('open-links')).click()
      await page.waitForURL('**/links*')
      await page.locator(`${by('graph')} canvas`).first().waitFor()
      await page.locator(`${by('grid')} [data-key]`).first().waitFor()
      await page.keyboard.press('j')
      await page.locator(by('chosen')).waitFor()
      assert.match(page.url(), /[?&]at=/)
      assert.ok((await page.locator(`${by('chosen')} li`).count()) >= 2)
      await page.locator(by('find-way')).click()
      await page.locator(by('path')).waitFor()
      await page.locator(by('segment-1')).click()
      await page.waitForURL('**depth=1*')
      await page.locator(by('segment-table')).click()
      await page.locator(by('graph')).waitFor({ state: 'detached' })
    }))

  /** Somebody who shares something uncommon with somebody. */
  async function linked(page) {
    return page.evaluate(async () => {
      const get = (path) => fetch(`/api/v1${path}`).then((answer) => answer.json())
      const { items } = await get('/flights')
      for (const flight of items) {
        const people = (await get(`/flights/${flight.id}/passengers?limit=40`)).items ?? []
        for (const one of people.slice(0, 12)) if (((await get(`/subjects/${one.id}/links?depth=1`)).nodes ?? []).filter((node) => node.kind === 'person').length > 1) return one.id
      }
      throw new Error('nobody shares anything with anybody')
    })
  }
})

describe('everyone can use it', () => {
  for (const [language, scheme] of [['en', 'light'], ['ar', 'dark']])
    it(`axe finds nothing serious, ${language} ${scheme}`, () =>
      withPage({ language, scheme, as: 'supervisor' }, async (page) => {
        const first = await page.evaluate(async () => (await fetch('/api/v1/flights').then((answer) => answer.json()).then(({ items }) => fetch(`/api/v1/flights/${items.toSorted((a, b) => b.findings - a.findings)[0].id}/passengers`)).then((answer) => answer.json())).items[0].id)
        const rule = await page.evaluate(() => fetch('/api/v1/rules').then((answer) => answer.json()).then(({ items }) => items[0].id))
        const paths = ['/rules', `/rules?rule=${rule}&edit=copy`, '/lists?tab=versions', '/lists?tab=source', '/lists?tab=thresholds', '/lists?tab=new', `/people/${on.node.real ? first : 'f-ZZ431-p0'}/links`]
        const wrong = []
        for (const path of paths) {
          await goTo(page, path)
          await page.locator('[data-face=loading]').first().waitFor({ state: 'detached' })
          await page.waitForTimeout(600)
          wrong.push(...(await serious(page, path)))
        }
        assert.deepEqual(wrong, [])
      }))
})
