// What the files of browser tests share: one browser and one node a file, and a signed-in page for each test.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { launch, open, signIn, target } from './browser.mjs'

export const by = (name) => `[data-test=${name}]`

/**
 * Waits until something is so. Playwright takes a promise for a yes, whatever it comes to; here a question to the node is
 * waited for, and asked again.
 */
async function until(page, predicate, arg, { polling = 250, timeout = 60_000 } = {}) {
  const end = Date.now() + timeout
  for (;;) {
    const found = await page.evaluate(predicate, arg).catch((error) => {
      if (/context was destroyed/.test(error.message)) return undefined // the page moved on while it was asked
      throw error
    })
    if (found) return { jsonValue: async () => found }
    if (Date.now() > end) throw new Error(`not so within ${timeout / 1000} s: ${predicate}`)
    await page.waitForTimeout(polling)
  }
}

export function stage() {
  const at = {}
  before(async () => {
    at.node = await target()
    at.browser = await launch()
  })
  after(async () => {
    await at.browser?.close()
    await at.node?.close()
  })
  return {
    /** The node looked at; known once the tests run. */
    get node() {
      return at.node
    },
    /** A signed-in page, closed afterwards; nothing may have gone wrong in its console. */
    async withPage(options, run) {
      const seat = await open(at.browser, at.node, options)
      seat.page.setDefaultTimeout(60_000) // a busy machine is no fault; what never comes is
      try {
        seat.page.waitForFunction = (...asked) => until(seat.page, ...asked)
        if (options.signedIn !== false) await signIn(seat.page, at.node, options.as)
        await run(seat.page)
        assert.deepEqual(seat.faults, [])
      } finally {
        await seat.context.close()
      }
    },
    async goTo(page, path) {
      await page.goto(at.node.url + path)
      await page.locator(by('status')).waitFor()
    },
  }
}
