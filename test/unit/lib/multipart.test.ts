/** Forms in pieces of any size come out whole, whatever is in them (API-5). */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundaryOf, MultipartParser, type MultipartEvent } from '../../../src/lib/multipart.ts'
import { bytesOf, formBytes, type FormPart } from '../../support/file-samples.ts'

const boundary = '----WebKitFormBoundaryX'

type Part = { name: string; filename: string | undefined; content: Uint8Array }
type Read = { parts: Part[]; last: MultipartEvent | undefined }

const read = (chunks: readonly Uint8Array[], of: string = boundary): Read => {
  const parser = new MultipartParser(of)
  const parts: Part[] = []
  let last: MultipartEvent | undefined
  const take = (events: Iterable<MultipartEvent>) => {
    for (const event of events) {
      last = event
      if (event.kind === 'part') {
        const { name, filename } = event
        parts.push({ name, filename, content: new Uint8Array() })
      }
      const part = parts.at(-1)
      if (event.kind === 'bytes' && part) part.content = bytesOf(part.content, event.bytes)
    }
  }
  for (const chunk of chunks) take(parser.push(chunk))
  take(parser.end())
  return { parts, last }
}

/** In pieces that end at these places. */
const cutAt = (bytes: Uint8Array, places: readonly number[]): Uint8Array[] => {
  const ends = [...new Set(places.map((place) => place % bytes.length)), bytes.length]
  let from = 0
  return ends
    .toSorted((one, other) => one - other)
    .map((end) => {
      const piece = bytes.subarray(from, end)
      from = end
      return piece
    })
}

/** Content made to look like boundaries and their beginnings. */
const nastyContent = `\r\n--${boundary}X\r\n\r--\r\n--\r\n--${boundary.slice(0, -1)}\r\n\r\n--${boundary} x`
const form: FormPart[] = [
  { name: 'note', content: 'first' },
  { filename: '壓力表 (1).png', content: nastyContent },
  { filename: '', content: '' },
]
const expected: Part[] = [
  { name: 'note', filename: undefined, content: bytesOf('first') },
  { name: 'file', filename: '壓力表 (1).png', content: bytesOf(nastyContent) },
  { name: 'file', filename: '', content: new Uint8Array() },
]

test('[API-5] control: the form in one piece', () => {
  expect(read([formBytes(boundary, form)])).toEqual({ parts: expected, last: { kind: 'end' } })
})

test('[API-5] cut in two at every place, it is the same form', () => {
  const bytes = formBytes(boundary, form)
  for (let place = 0; place <= bytes.length; place += 1)
    expect(read([bytes.subarray(0, place), bytes.subarray(place)]), `at ${place}`).toEqual({
      parts: expected,
      last: { kind: 'end' },
    })
})

test('[API-5] byte by byte, it is the same form', () => {
  const bytes = formBytes(boundary, form)
  const { parts } = read(Array.from(bytes, (byte) => new Uint8Array([byte])))
  expect(parts).toEqual(expected)
})

test('[API-5] any content, cut anywhere, comes out as it went in', () => {
  const delimiter = fc.constantFrom('\r', '\n', '-', '--', `\r\n--${boundary}`, `--${boundary}--`)
  const content = fc
    .array(fc.oneof(delimiter, fc.uint8Array({ maxLength: 40 })), { maxLength: 12 })
    .map((pieces) => bytesOf(...pieces))
    // What may not be in a form with this boundary: a line that is one.
    .filter((bytes) => !/\r\n--+WebKitFormBoundaryX(--|[ \t]*(\r|$))/.test(latin(bytes)))
  fc.assert(
    fc.property(
      fc.array(content, { minLength: 1, maxLength: 3 }),
      fc.array(fc.nat(2_000), { maxLength: 30 }),
      (contents, places) => {
        const bytes = formBytes(
          boundary,
          contents.map((one) => ({ filename: 'x', content: one })),
        )
        const { parts, last } = read(cutAt(bytes, places))
        expect(parts.map((part) => part.content)).toEqual(contents)
        expect(last).toEqual({ kind: 'end' })
      },
    ),
    { numRuns: 400 },
  )
})

const latin = (bytes: Uint8Array) => String.fromCharCode(...bytes)

test('[API-5] whatever the bytes are, it says that they are no form, and never throws', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (chunks) => {
      expect(read(chunks).last).toMatchObject({ kind: 'broken' })
    }),
  )
})

test('[API-5] a form that was cut off is broken, wherever it was cut', () => {
  const bytes = formBytes(boundary, form)
  for (let place = 0; place < bytes.length - '--\r\n'.length; place += 1)
    expect(read([bytes.subarray(0, place)]).last, `at ${place}`).toMatchObject({ kind: 'broken' })
})

test('[API-5] blanks behind a boundary, words before the first and after the last mean nothing', () => {
  const bytes = bytesOf(
    'This is a form.\r\n',
    `--${boundary} \t\r\ncontent-disposition: form-data; name=a\r\n\r\nb\r\n--${boundary}--`,
    'That was a form.',
  )
  expect(read([bytes])).toEqual({
    parts: [{ name: 'a', filename: undefined, content: bytesOf('b') }],
    last: { kind: 'end' },
  })
})

test('[LIM-4] a head without end is broken, and not held', () => {
  const parser = new MultipartParser(boundary)
  const start = bytesOf(`--${boundary}\r\ncontent-disposition: form-data; name="`)
  const chunks = [start, ...Array.from({ length: 9 }, () => bytesOf('x'.repeat(1_000)))]
  const events = chunks.flatMap((chunk) => [...parser.push(chunk)])
  expect(events).toEqual([{ kind: 'broken', why: 'the head of a part is too long' }])
})

describe('[API-5] the name of the file', () => {
  test.each([
    ['filename="a.png"', 'a.png'],
    ['filename=a.png', 'a.png'],
    ['filename="事故報告.pdf"', '事故報告.pdf'],
    // Browsers escape three characters, and curl two others.
    ['filename="a%22b.png"', 'a"b.png'],
    ['filename="a%0D%0Ab.png"', 'a\r\nb.png'],
    ['filename="100%.png"', '100%.png'],
    [String.raw`filename="a\"b\\c.png"`, String.raw`a"b\c.png`],
    ['filename="a;b=c.png"', 'a;b=c.png'],
    [String.raw`filename="C:\temp\"`, String.raw`C:\temp` + '\\'],
    ['filename="x"; filename*=UTF-8\'\'%E5%9C%96.png', '圖.png'],
    ['filename="x"; filename*=UTF-8\'\'%E5%9', 'x'],
    ['filename="x"; filename*=big5\'\'%A4%A4', 'x'],
  ])('%s', (parameter, filename) => {
    const head = `content-disposition: form-data; name="file"; ${parameter}`
    const bytes = bytesOf(`--${boundary}\r\n${head}\r\n\r\nx\r\n--${boundary}--\r\n`)
    expect(read([bytes]).parts).toMatchObject([{ name: 'file', filename }])
  })

  test('is read in linear time, whatever it is', () => {
    const head = `content-disposition: form-data; name="file"; filename="${'\\'.repeat(7_001)}`
    const bytes = bytesOf(`--${boundary}\r\n${head}\r\n\r\nx\r\n--${boundary}--\r\n`)
    expect(read([bytes]).parts).toHaveLength(1)
  })
})

test.each([
  ['a part without a name', 'content-disposition: form-data'],
  ['a part that is no field', 'content-disposition: attachment; name="file"'],
  ['a part without a head', 'content-type: text/plain'],
])('[API-5] %s is broken', (_, head) => {
  const bytes = bytesOf(`--${boundary}\r\n${head}\r\n\r\nx\r\n--${boundary}--\r\n`)
  expect(read([bytes]).last).toEqual({ kind: 'broken', why: 'a part has no name' })
})

test.each([
  ['multipart/form-data; boundary=abc', 'abc'],
  ['Multipart/Form-Data;boundary="a b:c"; charset=utf-8', 'a b:c'],
  ['multipart/form-data', undefined],
  ['multipart/form-data; boundary=""', undefined],
  [`multipart/form-data; boundary=${'x'.repeat(71)}`, undefined],
  ['multipart/mixed; boundary=abc', undefined],
  ['application/json', undefined],
  [undefined, undefined],
])('[API-5] the boundary in %s', (content_type, expectedBoundary) => {
  expect(boundaryOf(content_type)).toBe(expectedBoundary)
})
