// Browser tests of what goes between two states: agreements, requests, private matching, the dialogue. They run as those
// of e2e.test.mjs do; against a real node the other state of the demonstration is the partner who asks.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { serious } from './browser.mjs'
import { ask } from './filing.mjs'
import { by, stage } from './stage.mjs'

const on = stage()
const { withPage, goTo } = on

const get = (page, path) => page.evaluate((of) => fetch(`/api/v1${of}`).then((answer) => answer.json()), path)
const agreement = async (page) => {
  const { items } = await get(page, '/agreements')
  return (items.find((one) => one.id.endsWith('travel')) ?? items[0]).id
}
const some = Math.random().toString(36).slice(2, 8)
const justification = `Named in the invented inquiry ${some} as having booked for others; it must be known before he boards whether he is known.`

/** A request of the partner's that waits here: asked and approved over there, or one of the stand-in's. */
async function asked(page, standIn) {
  if (!on.node.real) return standIn
  const { partner } = on.node
  const id = await agreement(page)
  const post = (role, path, body) => ask(partner, partner.seat(role), path, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } })
  const subject = { family_name: `NOBODY${some}`.toUpperCase(), given_names: 'INVENTED', dob: '1971-01-31' }
  const made = await post('analyst', `/exchange/${id}/requests`, { share: 'T2', purpose: 'terrorism', case_ref: `X-${some}`, offence_code: '0201', justification, human_confirmed: true, subject })
  await post('supervisor', `/exchange/threads/${made.id}/approval`, { approve: true, reason: 'asked for by a browser test' })
  await page.waitForFunction((thread) => fetch(`/api/v1/exchange/threads/${thread}`).then((answer) => answer.ok), made.id, { polling: 250 })
  return made.id
}

const thread = (end) => `0199aa00-0000-7000-8000-0000000${end}`

describe('an agreement', () => {
  it('says each clause in few words and in full, and is the document that runs', () =>
    withPage({}, async (page) => {
      await page.keyboard.press('g')
      await page.keyboard.press('x')
      await page.waitForURL('**/agreements*')
      await page.locator(by('share')).first().waitFor()
      assert.equal(await page.locator('tr[data-open]').count(), 0)
      await page.keyboard.press('e')
      await page.locator('tr[data-open]').waitFor()
      await page.waitForURL('**share=*')
      assert.ok((await page.locator('tr[data-open] li').count()) > 5)
      await page.locator(by('segment-text')).click()
      assert.ok((await page.locator(`${by('text')} li`).count()) > 40)
      await page.locator(by('segment-versions')).click()
      await page.locator(by('edition')).first().waitFor()
      await page.locator(by('partners')).waitFor()
    }))

  it('is suspended clause by clause, in words, and resumed', () =>
    withPage({ as: 'supervisor' }, async (page) => {
      await goTo(page, `/agreements/${await agreement(page)}`)
      await page.locator(by('suspend')).click()
      const form = page.locator(by('suspend-form'))
      await form.locator('input[type=radio]').last().check()
      assert.ok(await page.locator(by('suspend-confirm')).isDisabled())
      await page.locator(by('suspend-reason')).fill('Tried by a browser test, resumed at once.')
      await page.locator(by('suspend-confirm')).click()
      await page.locator(`${by('share')}[data-held]`).waitFor()
      await page.locator(by('resume')).click()
      await page.locator(by('resume-confirm')).click()
      await page.locator(`${by('share')}[data-held]`).waitFor({ state: 'detached' })
    }))

  it('is refused with line and mend when something is wrong with a proposal', () =>
    withPage({ as: 'supervisor' }, async (page) => {
      await goTo(page, '/agreements?act=propose')
      await page.locator(by('propose-text')).fill('kind: Agreement\n')
      await page.locator(by('propose-send')).click()
      await page.locator(`${by('problems')} li`).first().waitFor()
    }))
})

describe('a request', () => {
  it('says what it still lacks, and leaves only after somebody else’s yes', async () => {
    let path
    await withPage({}, async (page) => {
      await goTo(page, `/requests/new?agreement=${await agreement(page)}&share=T2`)
      const send = page.locator(by('request-send'))
      await send.waitFor()
      assert.ok(await send.isDisabled())
      const lacks = page.locator(by('lacks'))
      const before = (await lacks.innerText()).length
      await page.locator(by('request-family_name')).fill(`SOMEBODY${some}`)
      await page.locator(by('request-given_names')).fill('INVENTED')
      await page.locator(by('request-dob')).fill('1980-02-29')
      await page.locator(by('request-purpose')).selectOption('terrorism')
      await page.locator(by('request-case_ref')).fill(`C-${some}`)
      await page.locator(by('request-offence_code')).fill('0201')
      assert.ok((await lacks.innerText()).length < before)
      await page.locator(by('request-justification')).fill('too short')
      assert.ok(await send.isDisabled())
      await page.locator(by('request-justification')).fill(justification)
      await page.locator(by('request-confirmed')).check()
      await lacks.waitFor({ state: 'detached' })
      await send.click()
      await page.locator(by('approve')).waitFor()
      path = new URL(page.url()).pathname
      assert.equal(await page.locator(by('approve-yes')).count(), 0)
    })
    await withPage({ as: 'supervisor' }, async (page) => {
      await goTo(page, path)
      await page.locator(by('reason')).fill('The case is open and the reason bears it.')
      await page.locator(by('approve-yes')).click()
      await page.locator(by('approve')).waitFor({ state: 'detached' })
      const { state } = await get(page, `/exchange/threads/${path.split('/').at(-1)}`)
      assert.ok(['asked', 'answered'].includes(state), state)
    })
  })

  it('is answered only in words: what leaves and what stays is shown first', () =>
    withPage({ as: 'supervisor' }, async (page) => {
      const id = await asked(page, thread('00421'))
      await goTo(page, `/requests/${id}`)
      await page.locator(by('release')).waitFor()
      await page.locator(by('release-ask')).waitFor()
      assert.ok(await page.locator(by('release-ask')).isDisabled())
      await page.keyboard.press('2')
      await page.locator(`${by('leaves')} tr`).first().waitFor()
      await page.locator(`${by('release-ask')}:enabled`).waitFor()
      await page.keyboard.press('d')
      await page.locator(by('confirm-words')).waitFor()
      await page.keyboard.press('Escape')
      await page.locator(by('confirm-words')).waitFor({ state: 'detached' })
      assert.equal((await get(page, `/exchange/threads/${id}`)).state, 'asked')
      await page.keyboard.press('d')
      await page.locator(by('release-confirm')).waitFor()
      await page.keyboard.press('Control+Enter')
      await page.locator(by('release')).waitFor({ state: 'detached' })
      const after = await get(page, `/exchange/threads/${id}`)
      assert.deepEqual([after.state, after.result], ['answered', 'no_hit'])
    }))

  it('is refused with a code, and a reason unless it is secret', () =>
    withPage({ as: 'supervisor' }, async (page) => {
      const id = await asked(page, thread('00420'))
      await goTo(page, `/requests/${id}`)
      await page.locator(by('answer-refuse')).check()
      await page.locator(by('refusal-code')).selectOption('NOT_PROPORTIONATE')
      assert.ok(await page.locator(by('release-ask')).isDisabled())
      await page.locator(by('reason')).fill('The facts given do not bear it.')
      await page.locator(by('release-ask')).click()
      await page.locator(by('release-confirm')).click()
      await page.locator(by('release')).waitFor({ state: 'detached' })
      const after = await get(page, `/exchange/threads/${id}`)
      assert.deepEqual([after.state, after.code], ['refused', 'NOT_PROPORTIONATE'])
    }))
})

describe('private matching', () => {
  it('gives leads, and a lead begins a request', () =>
    withPage({}, async (page) => {
      await goTo(page, '/matching')
      await page.locator(by('run')).first().waitFor()
      const { items } = await get(page, '/exchange/matches')
      const run = items.find((one) => one.hits?.some((hit) => hit.lead && !hit.thread))
      assert.ok(run, 'no run has a lead that was not asked on')
      await goTo(page, `/matching?run=${run.id}`)
      await page.locator(by('ask-hit')).first().click()
      await page.waitForURL('**/requests/new*')
      await page.waitForFunction(() => document.querySelector('[data-test=request-family_name]')?.value, undefined, { polling: 250 })
    }))
})

describe('the exchange log', () => {
  it('is for those who watch', async () => {
    await withPage({ as: 'auditor' }, async (page) => {
      await goTo(page, '/exchange')
      await page.locator(`${by('grid')} [data-key]`).first().waitFor()
    })
    await withPage({}, async (page) => {
      await goTo(page, '/exchange')
      await page.locator('[data-face=denied]').waitFor()
    })
  })
})

describe('the dialogue', () => {
  it('keeps minutes in both languages, decisions and actions, and both sides’ figures', () =>
    withPage({ as: 'supervisor' }, async (page) => {
      await page.keyboard.press('g')
      await page.keyboard.press('d')
      await page.waitForURL('**/dialogue*')
      const { items } = await get(page, '/dialogue/meetings')
      const draft = items.find((one) => one.state === 'draft' && one.host === one.own)
      assert.ok(draft, 'no meeting is in preparation here')
      await goTo(page, `/dialogue/${draft.id}`)
      await page.locator(`${by('agenda-item')}[data-kind=training] button`).first().click()
      await page.locator(by('minute-en')).fill(`Two visits were agreed (${some}).`)
      await page.locator(by('minute-ar')).fill(`اتُّفق على زيارتين (${some}).`)
      await page.locator(by('minute-save')).click()
      await page.locator(`${by('minute-save')}:disabled`).waitFor()
      await page.locator(by('add-decision')).click()
      await page.locator(by('decision-text')).fill(`Both desks change contacts (${some}).`)
      await page.locator(by('decision-save')).click()
      await page.locator(`${by('decisions')} li`).filter({ hasText: some }).waitFor()
      await page.locator(by('add-action')).click()
      await page.locator(by('action-text')).fill(`Send the new contacts (${some}).`)
      await page.locator(by('action-due')).fill('2031-01-31')
      await page.locator(by('action-save')).click()
      await page.locator(by('action')).filter({ hasText: some }).waitFor()
      await page.locator(`${by('agenda-item')}[data-kind=report] button`).first().click()
      await page.locator(`${by('report')} tr[data-figure]`).first().waitFor()
      await page.locator(by('close-meeting')).waitFor()
    }))
})

describe('everyone can use it', () => {
  for (const [language, scheme] of [['en', 'light'], ['ar', 'dark']])
    it(`axe finds nothing serious, ${language} ${scheme}`, () =>
      withPage({ language, scheme, as: 'supervisor' }, async (page) => {
        const id = await agreement(page)
        const { items: threads } = await get(page, '/exchange/threads')
        const { items: meetings } = await get(page, '/dialogue/meetings')
        const share = (await get(page, `/agreements/${id}`)).document.shares[1].id
        const paths = [`/agreements/${id}?share=${share}`, `/agreements/${id}?act=suspend`, `/agreements/${id}?tab=text`, '/agreements?act=propose', ...threads.slice(0, 2).map((one) => `/requests/${one.id}`), `/requests/new?agreement=${id}`, '/matching', '/exchange', `/dialogue/${meetings[0].id}`, `/dialogue?report=${id}`, '/dialogue?act=new']
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
