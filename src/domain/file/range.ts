/** Which part of a file a reader asks for (RFC 9110, 14): one range of bytes, or all of it. */

export type ByteRange = {
  /** The first byte, from 0. */
  readonly offset: number
  readonly length: number
}

export type RangeAsked = ByteRange | 'whole' | 'unsatisfiable'

/**
 * Several ranges at once, other units and what makes no sense are answered with the whole, as the
 * RFC allows.
 */
export const rangeOf = (header: string | undefined, size: number): RangeAsked => {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.trim() ?? '') ?? []
  if (from === undefined || to === undefined || (from === '' && to === '')) return 'whole'
  if (from === '') {
    const length = Math.min(Number(to), size)
    return length === 0 ? 'unsatisfiable' : { offset: size - length, length }
  }
  const offset = Number(from)
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (to !== '' && Number(to) < offset) return 'whole'
  return offset >= size ? 'unsatisfiable' : { offset, length: last - offset + 1 }
}

/** Whether one of the tags in `if-none-match` is this one; weakly, as for reading (RFC 9110, 13). */
export const matchesTag = (header: string | undefined, tag: string): boolean =>
  header !== undefined &&
  (header.trim() === '*' ||
    header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === tag))
