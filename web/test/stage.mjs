// What the files of browser tests share: one browser and one node a file, and a signed-in page for each test.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { launch, open, signIn, target } from './browser.mjs'

export const by = (name) => `[data-test=${name}]`

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
