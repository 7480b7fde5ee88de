/** The little that must be read of containers to tell what is in them. */

/** Each byte as the character of that number. */
export const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

/** The brands of an MPEG-4 container, the major one first; none of any other file. */
export const boxBrands = (bytes: Uint8Array): string[] => {
  if (latin(bytes.subarray(4, 8)) !== 'ftyp') return []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = Math.min(view.getUint32(0), bytes.length, brandsEnd)
  // Between the major brand and the compatible ones stands a version.
  const offsets = [8, ...Array.from({ length: Math.max(0, (end - 16) >> 2) }, (_, n) => 16 + 4 * n)]
  return offsets.map((offset) => latin(bytes.subarray(offset, offset + 4)))
}

/** Nobody lists more brands than fit before this. */
const brandsEnd = 256

/**
 * Names of the entries in a zip whose headers are among these bytes. Looked for by their
 * signature: who wrote the zip in one go did not know the sizes that would lead to the next one.
 */
export const zipNames = (bytes: Uint8Array): string[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const names: string[] = []
  for (
    let at = bytes.indexOf(0x50);
    at !== -1 && at + headerLength <= bytes.length && names.length < namesMaxCount;
    at = bytes.indexOf(0x50, at + 1)
  ) {
    if (view.getUint32(at) !== entrySignature) continue
    const length = Math.min(view.getUint16(at + 26, true), nameMaxLength)
    names.push(latin(bytes.subarray(at + headerLength, at + headerLength + length)))
  }
  return names
}

const entrySignature = 0x504b0304
const headerLength = 30
const namesMaxCount = 1_000
const nameMaxLength = 64
