// Browser tests of entry: travellers' own pages, the border desk, applications, lanes, documents. They run as those of e2e.test.mjs do.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { serious } from './browser.mjs'
import { ask, question } from './filing.mjs'
import { by, stage } from './stage.mjs'

const on = stage()
const { withPage, goTo } = on
const get = (page, path) => page.evaluate((of) => fetch(`/api/v1${of}`).then((answer) => answer.json()), path)
const some = Math.random().toString(36).slice(2, 7).toUpperCase()

/** The lines of an invented passport; no two tests use the same number. */
function passport(name, number) {
  const value = (letter) => (letter === '<' ? 0 : letter >= 'A' ? letter.charCodeAt(0) - 55 : Number(letter))
  const digit = (text) => String([...text].reduce((sum, letter, at) => sum + value(letter) * [7, 3, 1][at % 3], 0) % 10)
  const padded = number.padEnd(9, '<')
  const body = `${padded}${digit(padded)}BHR910402${digit('910402')}F340331${digit('340331')}${'<'.repeat(14)}<`
  return [`P<BHR${name}<<LAYLA`.padEnd(44, '<'), body + digit(body.slice(0, 10) + body.slice(13, 20) + body.slice(21, 43))].join('\n')
}
const id = (pointer) => by(`field${pointer.replace(/\//g, '-')}`)

async function openly(page, path) {
  await page.goto(on.node.url + path)
  await page.locator(by('public')).waitFor()
}

/** Applies for an authorisation as anybody may, and gives back the reference and the secret. */
async function applyForAuthorisation(page, number) {
  await openly(page, '/apply/authorisation')
  await page.locator(by('mrz')).fill(passport(`WAYFARER${some}`.replace(/\d/g, 'X'), number))
  await page.locator(id('/purpose')).selectOption('tourism')
  await page.locator(id('/arrival')).fill(new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10))
  await page.locator(id('/contact/email')).fill('invented@mail.example')
  for (const name of ['convictions', 'overstay', 'entry_refused']) await page.locator(by(`field-declarations-${name}-no`)).check()
  await page.locator(by('apply-send')).click()
  await page.locator(by('filed')).waitFor()
  return { reference: await page.locator(by('reference')).innerText(), secret: await page.locator(by('secret')).innerText() }
}

describe('a traveller without an account', () => {
  for (const language of ['en', 'ar'])
    it(`is told what is wrong while typing, applies, and follows it, ${language}`, () =>
      withPage({ language, signedIn: false, width: 390, height: 844 }, async (page) => {
        await openly(page, '/apply')
        await page.locator(by('apply-authorisation')).click()
        await page.waitForURL('**/apply/authorisation')
        const number = `W${some}${language === 'en' ? 1 : 2}`
        const right = passport('WAYFARER', number)
        await page.locator(by('mrz')).fill(right.slice(0, 54) + String((Number(right[54]) + 1) % 10) + right.slice(55))
        await page.locator(`${by('mrz')}[aria-invalid]`).waitFor()
        await page.locator(by('apply-send')).click()
        await page.locator(by('apply-wrong')).waitFor()
        assert.ok(await page.evaluate(() => document.activeElement?.getAttribute('data-test') === 'apply-wrong'))
        const { reference, secret } = await applyForAuthorisation(page, number)
        await page.locator(by('to-status')).click()
        await page.locator(by('status-open')).click()
        await page.locator(by('own-page')).waitFor({ timeout: 90_000 })
        assert.ok((await page.locator(by('own-page')).innerText()).includes(reference))
        // Neither is in an address, nor kept by the browser.
        assert.ok(!page.url().includes(secret))
        assert.ok(!(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, history.state]))).includes(secret))
        await page.locator(by('own-close')).click()
        await page.locator(by('status-secret')).fill(`${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`)
        await page.locator(by('status-open')).click()
        await page.locator(by('status-wrong')).waitFor()
        await page.locator(by('status-way')).click()
        await page.locator(by('status-document')).fill(number)
        await page.locator(by('status-open')).click()
        await page.locator(by('own-page')).waitFor()
        assert.equal(await page.locator(by('own-withdrawal')).count(), 0)
      }))

  it('is asked for five years of addresses, and keeps what was typed', () =>
    withPage({ signedIn: false }, async (page) => {
      await openly(page, '/apply/traveller')
      await page.locator(id('/program')).selectOption({ index: 1 })
      await page.locator(by('mrz')).fill(passport('WAYFARER', `T${some}`))
      await page.locator(id('/contact/email')).fill('invented@mail.example')
      await page.locator(id('/addresses/0/from')).fill('2024-01')
      await page.locator(id('/addresses/0/city')).fill('Muharraq')
      await page.locator(id('/addresses/0/country')).selectOption('BHR')
      for (const name of ['convictions', 'customs_penalty', 'visa_refused']) await page.locator(by(`field-declarations-${name}-no`)).check()
      await page.locator(by('fieldconsent')).check()
      await page.locator(by('apply-send')).click()
      await page.locator(by('apply-wrong')).waitFor()
      await page.locator(`${by('apply-wrong')} a`).first().click()
      await page.locator(by('field-addresses-another')).click()
      await page.locator(id('/addresses/1/from')).fill('2018-01')
      await page.locator(id('/addresses/1/to')).fill('2024-01')
      await page.locator(id('/addresses/1/city')).fill('Riffa')
      await page.locator(id('/addresses/1/country')).selectOption('BHR')
      await page.locator(id('/addresses/0/from')).fill(on.node.real ? '2024-01' : '2018-01')
      await page.locator(by('apply-send')).click()
      await page.locator(by('filed')).waitFor()
    }))
})

describe('the border desk', () => {
  /** Somebody a carrier waits about: of the invented world, or asked about here, with a document that was reported stolen. */
  async function waiting(page, letter) {
    if (!on.node.real) return (await get(page, '/desk')).items.find((one) => one.why === (letter === 'C' ? 'referred' : 'fact')).passenger.id
    const number = `SL${some}${letter}`
    await ask(on.node, on.node.seat('supervisor'), `/lists/stolen-${some.toLowerCase()}${letter.toLowerCase()}`, { method: 'PUT', body: `document_type,document_number,issuer,status,reported,note\nP,${number},BHR,stolen,2026-01-02,invented\n`, headers: { 'Content-Type': 'text/csv' } })
    await question(on.node, { number: `7${letter.charCodeAt(0)}`, document: number, leaves: Date.now() + 40 * 60_000, reference: `E${some}${letter}` })
    return page
      .waitForFunction((of) => fetch('/api/v1/desk').then((answer) => answer.json()).then((desk) => desk.items.find((one) => one.case && one.passenger.documents?.some((document) => document.number === of))?.passenger.id), number, { polling: 500, timeout: 60_000 })
      .then((found) => found.jsonValue())
  }
  const leaves = (page, who) => page.waitForFunction((of) => fetch('/api/v1/desk').then((answer) => answer.json()).then((desk) => !desk.items.some((one) => one.passenger.id === of && ['fact', 'referred'].includes(one.why) && one.case?.state !== 'closed')), who, { polling: 250, timeout: 60_000 })

  for (const language of ['en', 'ar'])
    it(`lets an officer confirm a prepared refusal with two keys, ${language}`, () =>
      withPage({ as: 'officer', language }, async (page) => {
        await page.keyboard.press('g')
        await page.keyboard.press('b')
        await page.waitForURL('**/desk*')
        const who = await waiting(page, language === 'en' ? 'A' : 'B')
        await goTo(page, `/desk/${who}`)
        await page.locator(by('desk-decision')).waitFor()
        assert.ok((await page.locator(by('desk-reference')).innerText()).length > 4)
        await page.locator(by('countdown')).first().waitFor()
        await page.keyboard.press('r')
        await page.locator(`${by('desk-send')}:enabled`).waitFor()
        await page.keyboard.press('Control+Enter')
        await leaves(page, who)
      }))

  it('asks for a reason before anybody may board', () =>
    withPage({ as: 'officer' }, async (page) => {
      const who = await waiting(page, 'C')
      await goTo(page, `/desk/${who}`)
      await page.locator(by('desk-decision')).waitFor()
      await page.keyboard.press('b')
      await page.locator(by('desk-reason')).fill('too short')
      assert.ok(await page.locator(by('desk-send')).isDisabled())
      await page.locator(by('desk-reason')).fill('The carrier has the document in hand: it is another one, by number and issuer.')
      await page.locator(by('desk-send')).click()
      await leaves(page, who)
    }))

  it('declares an outage with a number, and ends it', () =>
    withPage({ as: 'officer' }, async (page) => {
      await goTo(page, '/desk?view=outages&act=declare')
      await page.locator(by('outage-note')).fill(`Invented outage ${some}`)
      await page.locator(by('outage-send')).click()
      const mine = page.locator(by('outage')).filter({ hasText: some })
      await mine.waitFor()
      const number = await mine.getAttribute('data-number')
      await page.locator(by('outage-banner')).filter({ hasText: number }).waitFor()
      await mine.locator('xpath=..').locator(by('outage-end')).click()
      await page.waitForFunction((of) => fetch('/api/v1/outages?limit=100').then((answer) => answer.json()).then((all) => all.items.some((one) => one.number === of && one.to)), number, { polling: 250 })
    }))
})

describe('applications', () => {
  it('come to the officer, who opens one and reads what was checked', () =>
    withPage({ as: 'officer' }, async (page) => {
      if (on.node.real) {
        await applyForAuthorisation(page, `D${some}`)
        await goTo(page, '/facilitation/authorisations')
        await page.waitForFunction((of) => fetch(`/api/v1/facilitation/applications?q=${of}`).then((answer) => answer.json()).then((all) => all.items?.length > 0), `D${some}`, { polling: 500, timeout: 60_000 })
        const { items } = await get(page, `/facilitation/applications?q=D${some}`)
        await goTo(page, `/facilitation/authorisations/${items[0].id}`)
      } else await goTo(page, '/facilitation/authorisations/ap-2')
      await page.locator(by('checks')).waitFor()
      await page.locator(`${by('application-history')} tr`).first().waitFor()
    }))

  it('are refused by two people', async () => {
    let of = 'ap-1'
    await withPage({ as: 'officer' }, async (page) => {
      if (on.node.real) {
        const made = await page.evaluate(
          async (lines) => {
            const body = { schema: 'rihla.eta-application/v1', purpose: 'tourism', arrival: '2027-03-01', declarations: { convictions: true, overstay: false }, contact: { email: 'invented@mail.example', language: 'en' }, applicant: { family_name: 'WAYFARER', given_names: 'LAYLA', dob: '1991-04-02', sex: 'F', nationality: 'BHR', document: { type: 'P', number: lines[1].slice(0, 9).replace(/<+$/, ''), issuer: 'BHR', expiry: '2034-03-31', mrz: lines } } }
            return fetch('/api/v1/applications', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }).then((answer) => answer.json())
          },
          passport('WAYFARER', `R${some}`).split('\n'),
        )
        await page.waitForFunction((reference) => fetch(`/api/v1/facilitation/applications?q=${reference}`).then((answer) => answer.json()).then((all) => all.items?.[0]?.state === 'pending'), made.reference, { polling: 500, timeout: 60_000 })
        of = (await get(page, `/facilitation/applications?q=${made.reference}`)).items[0].id
      }
      await goTo(page, `/facilitation/applications/${of}`)
      await page.locator(`${by('deeds')} input[value=refused]`).check()
      await page.locator(by('deed-reason')).fill('The answer to the first question was looked into, and it stands against entry.')
      await page.locator(by('deed-send')).click()
      await page.locator(by('proposal-second')).waitFor()
      assert.equal(await page.locator(by('second-yes')).count(), 0)
    })
    await withPage({ as: 'supervisor' }, async (page) => {
      await goTo(page, `/facilitation/applications/${of}`)
      await page.locator(by('second-reason')).fill('I have read it and agree.')
      await page.locator(by('second-yes')).click()
      await page.waitForFunction((one) => fetch(`/api/v1/facilitation/applications/${one}`).then((answer) => answer.json()).then((file) => file.state === 'refused'), of, { polling: 250 })
    })
  })
})

describe('halls', () => {
  it('show their day, and say so where nothing is known of it', () =>
    withPage({ as: 'supervisor' }, async (page) => {
      await page.keyboard.press('g')
      await page.keyboard.press('y')
      await page.waitForURL('**/facilitation/lanes*')
      await page.locator(`${by('saved')}, ${by('saved-none')}`).first().waitFor()
      await page.locator(`${by('by-quarter')}, [data-face=empty]`).first().waitFor()
      await page.locator(by('lanes-day')).fill('2020-01-01')
      await page.waitForURL('**day=2020-01-01*')
    }))
})

describe('a document', () => {
  it('is checked by its lines, digit by digit', () =>
    withPage({ as: 'officer' }, async (page) => {
      await goTo(page, '/facilitation/documents')
      await page.locator(by('mrz')).fill(passport('WAYFARER', `X${some}`))
      await page.locator(by('check-document')).click()
      await page.locator(by('document-result')).waitFor()
      assert.equal(await page.locator(by('document-result')).getAttribute('data-verdict'), 'consistent')
    }))
})

describe('everyone can use it', () => {
  for (const [language, scheme] of [['en', 'light'], ['ar', 'dark']]) {
    it(`axe finds nothing serious in a traveller’s own pages, ${language} ${scheme}`, () =>
      withPage({ language, scheme, signedIn: false, width: 390, height: 844 }, async (page) => {
        const wrong = []
        for (const path of ['/apply', '/apply/authorisation', '/apply/traveller', '/apply/redress', '/status']) {
          await openly(page, path)
          if (path.startsWith('/apply/')) {
            await page.locator(by('apply-send')).click()
            await page.locator(by('apply-wrong')).waitFor()
          }
          wrong.push(...(await serious(page, path)))
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.querySelector('[data-test=public]').scrollWidth <= innerWidth), `${path} is wider than a phone`)
        }
        assert.deepEqual(wrong, [])
      }))

    it(`axe finds nothing serious at the desks, ${language} ${scheme}`, () =>
      withPage({ language, scheme, as: 'officer' }, async (page) => {
        const { items } = await get(page, '/desk')
        const { items: applications } = await get(page, '/facilitation/applications?limit=5')
        const wrong = []
        for (const path of [`/desk${items[0] ? `/${items[0].passenger.id}` : ''}`, '/desk?view=overrides', '/desk?view=outages&act=declare', `/facilitation/applications${applications[0] ? `/${applications[0].id}` : ''}`, '/facilitation/lanes', '/facilitation/documents']) {
          await goTo(page, path)
          await page.locator('[data-face=loading]').first().waitFor({ state: 'detached' })
          wrong.push(...(await serious(page, path)))
        }
        assert.deepEqual(wrong, [])
      }))
  }
})
