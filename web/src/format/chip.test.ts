import { describe, expect, it } from 'vitest'
import { base64, chipPart } from './chip'

describe('files of a chip', () => {
  it('are told apart by their names', () =>
    expect(['EF.SOD', 'EF_SOD.bin', 'sod.der', 'EF.DG1', 'dg1.bin', 'DG14.dat', 'DataGroup2', 'EF.COM', 'com.bin', 'photo.jpg', 'DG17'].map(chipPart)).toEqual(['sod', 'sod', 'sod', '1', '1', '14', '2', 'com', 'com', undefined, undefined]))
  it('are sent as they are', () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => at % 256)
    expect(Uint8Array.from(atob(base64(bytes)), (one) => one.charCodeAt(0))).toEqual(bytes)
  })
})
