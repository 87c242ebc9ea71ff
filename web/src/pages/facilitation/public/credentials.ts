import type { Filed } from '../../../api/facilitation'

/* What was just given is handed from one page to the next, in memory only: it is in no address and no storage. */

let given: Filed | undefined

export function hand(filed: Filed): void {
  given = filed
}

/** The secret of a reference, if it was given on this page a moment ago. */
export const handed = (reference: string | undefined): string => (given && given.reference === reference ? given.secret : '')
