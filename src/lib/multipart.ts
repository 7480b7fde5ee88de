/**
 * Reads multipart/form-data (RFC 7578) piece by piece: what it was given it gives on at once, and
 * it holds back only what may be the beginning of a boundary, or the head of a part. The parsers
 * that are to be had hold whole parts in memory, or want Node's streams.
 */

export type MultipartEvent =
  /** A part begins. `filename` is undefined for a plain field. */
  | { readonly kind: 'part'; readonly name: string; readonly filename: string | undefined }
  /** More of the part that began last. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** The form is complete; what may follow means nothing. */
  | { readonly kind: 'end' }
  /** It is not what it says, and cannot be read on. */
  | { readonly kind: 'broken'; readonly why: string }

/** The head of a part: a name, a file's name, a type. */
const HEAD_MAX_BYTES = 8_192

/** Blanks that some gateway might put behind a boundary. */
const PADDING_MAX_BYTES = 64

const CR = 0x0d
const LF = 0x0a
const DASH = 0x2d
const crlf = new Uint8Array([CR, LF])
const headEnd = new Uint8Array([CR, LF, CR, LF])

/** The boundary that `content-type` names; undefined for what is no form. */
export const boundaryOf = (content_type: string | undefined): string | undefined => {
  if (content_type === undefined || !/^multipart\/form-data\s*(;|$)/i.test(content_type.trim()))
    return undefined
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]*)"|([^\s;"]+))/i.exec(content_type) ?? []
  const boundary = quoted ?? bare
  return boundary !== undefined && /^[\x20-\x7e]{1,70}$/.test(boundary) ? boundary : undefined
}

type State = 'before' | 'head' | 'content' | 'over'

export class MultipartParser {
  readonly #delimiter: Uint8Array
  #state: State = 'before'
  /** What was not given on yet. The first boundary may stand at the very beginning. */
  #rest: Uint8Array = crlf

  constructor(boundary: string) {
    this.#delimiter = new TextEncoder().encode(`\r\n--${boundary}`)
  }

  /** Bytes that are given on are views of `chunk` or of a copy; nothing writes to them again. */
  *push(chunk: Uint8Array): Generator<MultipartEvent> {
    if (this.#state === 'over' || chunk.length === 0) return
    this.#rest = this.#rest.length === 0 ? chunk : joined(this.#rest, chunk)
    let hasMore = true
    while (hasMore) hasMore = this.#state === 'head' ? yield* this.#head() : yield* this.#content()
  }

  /** No more will come. */
  *end(): Generator<MultipartEvent> {
    if (this.#state !== 'over') yield* this.#broken('the form ends before its last boundary')
  }

  /** Up to the next boundary. @returns whether something else comes behind it */
  *#content(): Generator<MultipartEvent, boolean> {
    const found = findDelimiter(this.#rest, this.#delimiter)
    if (found.at > 0 && this.#state === 'content')
      yield { kind: 'bytes', bytes: this.#rest.subarray(0, found.at) }
    if (found.kind === 'none') {
      this.#rest = this.#rest.subarray(found.at)
      return false
    }
    this.#rest = this.#rest.subarray(found.end)
    if (found.kind === 'last') {
      this.#state = 'over'
      yield { kind: 'end' }
      return false
    }
    this.#state = 'head'
    return true
  }

  /** The head of a part begins with the line break behind the boundary. */
  *#head(): Generator<MultipartEvent, boolean> {
    const end = indexOf(this.#rest, headEnd)
    if (end > HEAD_MAX_BYTES || (end === -1 && this.#rest.length > HEAD_MAX_BYTES))
      return yield* this.#broken('the head of a part is too long')
    if (end === -1) return false
    const head = partHead(this.#rest.subarray(0, end))
    if (head === undefined) return yield* this.#broken('a part has no name')
    this.#rest = this.#rest.subarray(end + headEnd.length)
    this.#state = 'content'
    yield { kind: 'part', ...head }
    return true
  }

  *#broken(why: string): Generator<MultipartEvent, false> {
    this.#state = 'over'
    yield { kind: 'broken', why }
    return false
  }
}

type Found =
  /** Up to `at` there is none; from there on there may be. */
  | { readonly kind: 'none'; readonly at: number }
  /** Begins at `at`; what it parts goes on at `end`. */
  | { readonly kind: 'next' | 'last'; readonly at: number; readonly end: number }

const findDelimiter = (bytes: Uint8Array, delimiter: Uint8Array): Found => {
  for (let at = bytes.indexOf(CR); at !== -1; at = bytes.indexOf(CR, at + 1)) {
    const comparable = bytes.subarray(at, at + delimiter.length)
    if (!comparable.every((byte, index) => byte === delimiter[index])) continue
    if (comparable.length < delimiter.length) return { kind: 'none', at }
    const found = behind(bytes, at, at + delimiter.length)
    if (found !== undefined) return found
  }
  return { kind: 'none', at: bytes.length }
}

/** What stands behind a delimiter tells its kind; undefined where it was no delimiter after all. */
const behind = (bytes: Uint8Array, at: number, from: number): Found | undefined => {
  if (bytes[from] === DASH) {
    if (from + 1 === bytes.length) return { kind: 'none', at }
    return bytes[from + 1] === DASH ? { kind: 'last', at, end: from + 2 } : undefined
  }
  let end = from
  while (end < from + PADDING_MAX_BYTES && (bytes[end] === 0x20 || bytes[end] === 0x09)) end += 1
  if (end === bytes.length || (bytes[end] === CR && end + 1 === bytes.length))
    return { kind: 'none', at }
  return bytes[end] === CR && bytes[end + 1] === LF ? { kind: 'next', at, end } : undefined
}

const indexOf = (bytes: Uint8Array, wanted: Uint8Array): number => {
  for (let at = bytes.indexOf(CR); at !== -1; at = bytes.indexOf(CR, at + 1))
    if (wanted.every((byte, index) => byte === bytes[at + index])) return at
  return -1
}

const joined = (one: Uint8Array, other: Uint8Array): Uint8Array => {
  const both = new Uint8Array(one.length + other.length)
  both.set(one)
  both.set(other, one.length)
  return both
}

type Head = { readonly name: string; readonly filename: string | undefined }

const partHead = (bytes: Uint8Array): Head | undefined => {
  // Browsers write names in UTF-8 as they are.
  const lines = new TextDecoder().decode(bytes).split('\r\n')
  const line = lines.find((candidate) => /^content-disposition\s*:/i.test(candidate))
  if (line === undefined || !/^[^:]*:\s*form-data\s*(;|$)/i.test(line)) return undefined
  const found = new Map<string, string>()
  for (const [, key = '', quoted, unclosed, bare] of line.matchAll(parameter))
    found.set(key.toLowerCase(), quoted?.replaceAll(escaped, '$1') ?? unclosed ?? bare ?? '')
  const name = found.get('name')
  if (name === undefined) return undefined
  return { name: plain(name), filename: extended(found.get('filename*')) ?? filenameOf(found) }
}

/**
 * A parameter, its value in quotes or bare. Browsers do not escape backslashes, so a value may end
 * with one: then it is read up to the next quote.
 */
const parameter = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|"([^"]*)"|([^\s;"]*))/g
const escaped = /\\(["\\])/g

const filenameOf = (found: ReadonlyMap<string, string>): string | undefined => {
  const filename = found.get('filename')
  return filename === undefined ? undefined : plain(filename)
}

/** The three characters that browsers escape in names. */
const plain = (value: string): string =>
  value.replaceAll(/%(0[da]|22)/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))

/** `UTF-8''%E5%9C%96.png`; undefined where there is none that can be read. */
const extended = (value: string | undefined): string | undefined => {
  const [, encoded] = /^utf-8'[^']*'(.*)$/i.exec(value ?? '') ?? []
  if (encoded === undefined) return undefined
  try {
    return decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}
