/* The files of a passport's chip as readers save them, told apart by their names. */

export type ChipPart = 'sod' | 'com' | `${number}`

/** "EF_SOD.bin", "dg1.dat", "EF.COM", "DataGroup14": which file of the chip a name means. */
export function chipPart(name: string): ChipPart | undefined {
  const plain = name.toLowerCase()
  if (/(^|[^a-z])(ef[._-]?)?sod([^a-z]|$)/.test(plain)) return 'sod'
  const group = /(?:^|[^a-z])(?:ef[._-]?)?(?:dg|datagroup)[._-]?0*([1-9]|1[0-6])(?!\d)/.exec(plain)?.[1]
  if (group) return group as ChipPart
  // Last, since many files are called something.com.
  return /(^|[^a-z])(ef[._-]?)?com([^a-z]|$)/.test(plain) ? 'com' : undefined
}

export function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}
