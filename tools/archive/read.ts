/** An archive's lines, and whether they are all there as they were written. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { LineReader } from '../../src/lib/lines.ts'
import {
  LINE_MAX_BYTES,
  parseManifest,
  parseRow,
  parseSeal,
  type Manifest,
  type Row,
  type Seal,
} from './format.ts'

/** @throws Error with one line that says what is wrong with the file */
export async function checkArchive(file: string): Promise<{ manifest: Manifest; seal: Seal }> {
  const hash = createHash('sha256')
  let manifest: Manifest | undefined
  let seal: Seal | undefined
  const rows: Record<string, number> = {}
  for await (const line of linesOf(file)) {
    if (seal) throw new Error('The archive goes on after its seal.')
    if (manifest === undefined) manifest = parseManifest(line)
    else {
      seal = parseSeal(line)
      if (seal) continue
      const { table } = parseRow(line)
      rows[table] = (rows[table] ?? 0) + 1
    }
    hash.update(line)
    hash.update('\n')
  }
  if (manifest === undefined) throw new Error('The archive is empty.')
  if (seal === undefined) throw new Error('The archive has no seal: its end is missing.')
  if (hash.digest('hex') !== seal.sha256)
    throw new Error('The archive is not as it was written: its checksum differs.')
  for (const [table, count] of Object.entries(seal.rows))
    if ((rows[table] ?? 0) !== count) throw new Error(`The archive lacks rows of ${table}.`)
  return { manifest, seal }
}

/** The rows of an archive that was checked. */
export async function* rowsOf(file: string): AsyncIterable<Row> {
  let isFirst = true
  for await (const line of linesOf(file)) {
    if (!isFirst && !parseSeal(line)) yield parseRow(line)
    isFirst = false
  }
}

/** Ended by newlines alone: words of people may hold other line separators. */
async function* linesOf(file: string): AsyncIterable<string> {
  const reader = new LineReader(LINE_MAX_BYTES)
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  for await (const piece of createReadStream(file)) {
    for (const line of reader.push(piece as Uint8Array)) {
      if (line.kind === 'too_long') throw new Error('The archive has a line that is too long.')
      yield decoder.decode(line.bytes)
    }
  }
  if (reader.rest()) throw new Error('The archive ends in the middle of a line.')
}
