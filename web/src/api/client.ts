import type { Page, Problem } from './types'

/** Why a call failed, in terms a page can act on. The problem's own text is for the curious. */
export type FailureKind = 'signedOut' | 'denied' | 'missing' | 'conflict' | 'refused' | 'tooMany' | 'broken' | 'unreachable'

export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.detail ?? problem.title ?? kind)
    this.name = 'Failure'
  }
}

function kindOf(status: number): FailureKind {
  if (status === 401) return 'signedOut'
  if (status === 403) return 'denied'
  if (status === 404 || status === 410) return 'missing'
  if (status === 409 || status === 412) return 'conflict'
  if (status === 429) return 'tooMany'
  if (status >= 500) return 'broken'
  return 'refused'
}

export type Query = Record<string, string | number | boolean | undefined>

const base = '/api/v1'

export function address(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return base + path + (text ? `?${text}` : '')
}

type Options = { method?: string; query?: Query; body?: unknown; bytes?: Uint8Array; type?: string; signal?: AbortSignal }

async function send(path: string, { method = 'GET', query, body, bytes, type = 'application/octet-stream', signal }: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  let payload: BodyInit | undefined
  if (bytes !== undefined) {
    headers['Content-Type'] = type
    payload = new Uint8Array(bytes)
  } else if (body !== undefined) {
    headers['Content-Type'] = 'application/json'
    payload = JSON.stringify(body)
  }
  let answer: Response
  try {
    answer = await fetch(address(path, query), { method, headers, body: payload, signal, credentials: 'same-origin' })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new Failure('unreachable', 0, {})
  }
  if (answer.ok) return answer
  const problem: Problem = await answer.json().catch(() => ({}))
  throw new Failure(kindOf(answer.status), answer.status, problem)
}

/** The one door to the node: JSON in, JSON out, a Failure otherwise. */
export async function call<T>(path: string, options: Options = {}): Promise<T> {
  const answer = await send(path, options)
  if (answer.status === 204) return undefined as T
  const text = await answer.text()
  return (text ? JSON.parse(text) : undefined) as T
}

export async function callBytes(path: string, options: Options = {}): Promise<Uint8Array> {
  const answer = await send(path, options)
  return new Uint8Array(await answer.arrayBuffer())
}

// What the node gives at most in one answer.
const most = 1000

// A page shows at most this many rows of anything; beyond it a person must narrow the search.
const mostPages = 10

/** Every item of a list, following its cursor. */
export async function callAll<T>(path: string, query: Query = {}, signal?: AbortSignal, pages = mostPages): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  for (let page = 0; page < pages; page++) {
    const got: Page<T> = await call(path, { query: { limit: most, ...query, cursor }, signal })
    items.push(...(got.items ?? []))
    if (!got.next) break
    cursor = got.next
  }
  return items
}
