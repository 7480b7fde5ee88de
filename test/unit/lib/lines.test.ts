/** Lines out of bytes that come in pieces (DISP-1). */
import { describe, expect, test } from 'vitest'
import { LineReader, type Line } from '../../../src/lib/lines.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const textOf = (line: Line): string =>
  line.kind === 'too_long' ? 'TOO LONG' : decoder.decode(line.bytes)

/** What is read of a text that comes in pieces of so many bytes. */
const read = (text: string, size: number, max_bytes = 100): string[] => {
  const lines = new LineReader(max_bytes)
  const bytes = encoder.encode(text)
  const seen: string[] = []
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.slice(at, at + size)
    for (const line of lines.push(piece)) seen.push(textOf(line))
    // Whoever gave the piece may use its memory again.
    piece.fill(0)
  }
  const rest = lines.rest()
  return rest ? [...seen, textOf(rest)] : seen
}

const text = 'one\n\n三\r\nfour and more\n\nlast 🎉'

describe.each([1, 2, 3, 5, 7, 1_000])('[DISP-1] in pieces of %i bytes', (size) => {
  test('a text comes out as its lines', () => {
    expect(read(text, size)).toEqual(text.split('\n'))
    expect(read(`${text}\n`, size)).toEqual(text.split('\n'))
  })

  test('a line that is too long is one, and takes no other with it', () => {
    const long = 'x'.repeat(11)
    expect(read(`a\n${long}\nb\n${long}`, size, 10)).toEqual(['a', 'TOO LONG', 'b', 'TOO LONG'])
    expect(read(`${'x'.repeat(10)}\n`, size, 10)).toEqual(['x'.repeat(10)])
  })

  test('nothing is no line', () => expect(read('', size)).toEqual([]))
})
