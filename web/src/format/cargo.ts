/* What a filer can be asked, in the order of the form: what is missing, what is not clear, what papers are wanted. */

export const askGroups = [
  { group: 'consignor', codes: ['consignor-name', 'consignor-address', 'consignor-contact', 'clarify-consignor'] },
  { group: 'consignee', codes: ['consignee-name', 'consignee-address', 'consignee-contact', 'clarify-consignee'] },
  { group: 'goods', codes: ['goods-description', 'hs-code', 'pieces', 'weight', 'value', 'clarify-goods'] },
  { group: 'papers', codes: ['clarify-relation', 'clarify-end-use', 'licence', 'dangerous-goods-papers', 'master-number', 'missing-houses'] },
] as const

/** Ways to screen that a request may name. */
export const methods = ['HRCM', 'XRY', 'EDS', 'ETD', 'EDD', 'PHS', 'VCK', 'CMD', 'AOM'] as const
export const results = ['clear', 'alarm', 'not-done'] as const
