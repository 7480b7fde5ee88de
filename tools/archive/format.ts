/**
 * An archive as text: NDJSON, one row a line, between a manifest and a seal. Rows are the text that
 * Postgres made of them and go back as that text: JavaScript never reads a number in one.
 *
 *   {"manifest":{"format":"muster-room","version":1,"room_id":"…","made_at":"…","columns":{…}}}
 *   {"table":"messages","row":{…}}
 *   …
 *   {"seal":{"rows":{"messages":7,…},"head":{…},"sha256":"… of every byte before this line"}}
 */
import * as z from 'zod/mini'

export const FORMAT = 'muster-room'
/** Raised where an older `npm run restore` would misread an archive. */
export const VERSION = 1
/** Far above the longest message with all its columns. */
export const LINE_MAX_BYTES = 33_554_432

const Manifest = z.object({
  manifest: z.object({
    format: z.literal(FORMAT),
    version: z.literal(VERSION),
    room_id: z.uuid(),
    made_at: z.string(),
    columns: z.record(z.string(), z.array(z.string())),
  }),
})
export type Manifest = z.infer<typeof Manifest>['manifest']

const Seal = z.object({
  seal: z.object({
    rows: z.record(z.string(), z.int()),
    head: z.object({ revision: z.int(), hash: z.string() }),
    messages: z.int(),
    sha256: z.string(),
  }),
})
export type Seal = z.infer<typeof Seal>['seal']

export type Row = { readonly table: string; readonly text: string }

export const manifestLine = (manifest: Manifest): string => `${JSON.stringify({ manifest })}\n`

export const rowLine = ({ table, text }: Row): string => `{"table":"${table}","row":${text}}\n`

export const sealLine = (seal: Seal): string => `${JSON.stringify({ seal })}\n`

/** @throws Error where it is none of this version */
export const parseManifest = (line: string): Manifest => {
  const read = Manifest.safeParse(jsonOf(line))
  if (read.success) return read.data.manifest
  throw new Error(`This is no archive of a room that this version reads (${FORMAT} ${VERSION}).`)
}

/** @returns undefined for a row */
export const parseSeal = (line: string): Seal | undefined => {
  if (!line.startsWith('{"seal":')) return undefined
  const read = Seal.safeParse(jsonOf(line))
  return read.success ? read.data.seal : undefined
}

/** @throws Error where the line is no row */
export const parseRow = (line: string): Row => {
  const found = /^\{"table":"([a-z_]+)","row":(\{.*\})\}$/s.exec(line)
  if (!found?.[1] || !found[2]) throw new Error('The archive has a line that is no row.')
  return { table: found[1], text: found[2] }
}

const jsonOf = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
