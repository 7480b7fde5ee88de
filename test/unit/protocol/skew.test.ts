/**
 * Pages and servers of different days (RUN-3): each wire that was ever frozen in test/golden against
 * the wire of today, both ways. Whoever breaks one of these needs another PROTOCOL_VERSION.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decodeDown } from '../../../src/protocol/decode-down.ts'
import { decodeUp, encode } from '../../../src/protocol/codec.ts'
import { DownFrame } from '../../../src/protocol/down.ts'
import type { UpFrame } from '../../../src/protocol/up.ts'
import { PROTOCOL_VERSION, SCHEMA_HASH } from '../../../src/protocol/version.ts'
import { schemasOf, type Json } from '../../support/json-schemas.ts'
import { downFrames, nameOf, upFrames } from './samples.ts'

type Frozen = {
  readonly schema_hash: string
  readonly schemas: Json
  readonly frames: { readonly up: UpFrame[]; readonly down: DownFrame[] }
}

const folder = join(import.meta.dirname, `../../golden/protocol-${PROTOCOL_VERSION}`)
const all = readdirSync(folder).map(
  (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Frozen,
)

/** As a reader that passes over fields it does not know: the page, and the server's schemas. */
const opened = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(opened)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => key !== 'additionalProperties' || inner !== false)
      .map(([key, inner]) => [key, opened(inner)]),
  )
}

test('[RUN-3] the wire of today is frozen', () => {
  expect(
    all.map(({ schema_hash }) => schema_hash),
    'The wire has changed: node test/golden/freeze-protocol.ts, and keep the older files.',
  ).toContain(SCHEMA_HASH)
  expect(all.length, 'with one before it').toBeGreaterThan(1)
})

describe.each(all)('[RUN-3] the wire $schema_hash', ({ frames, schemas }) => {
  const document = schemasOf(opened({ schemas }) as Json, { dialect: '2020-12' })
  const problemWith = (way: 'up' | 'down', frame: unknown) =>
    document.problemWith(`#/schemas/${way}`, frame)
  const knownUp = new Set(frames.up.map(nameOf))
  const knownDown = new Set(frames.down.map(nameOf))

  test.each(downFrames.filter((frame) => knownDown.has(nameOf(frame))).map(named))(
    'an older page understands %s of today',
    (_, frame) => {
      expect(problemWith('down', frame)).toBeUndefined()
    },
  )

  test.each(frames.up.map(named))('an older page’s %s is understood today', (_, frame) => {
    expect(decodeUp(JSON.stringify(frame))).toEqual({ ok: true, frame })
  })

  test.each(frames.down.map(named))(
    'a page of today understands %s of an older server',
    (_, frame) => {
      expect(DownFrame.safeParse(frame).error?.issues).toBeUndefined()
      expect(decodeDown(JSON.stringify(frame))).toEqual([frame])
    },
  )

  test.each(upFrames.filter((frame) => knownUp.has(nameOf(frame))).map(named))(
    'an older server understands %s of today’s page',
    (_, frame) => {
      expect(problemWith('up', frame)).toBeUndefined()
    },
  )

  test('control: what is missing or of another type would be found', () => {
    expect(problemWith('down', { type: 'typing' })).toBeDefined()
    expect(problemWith('up', { type: 'edit_message', content: 5 })).toBeDefined()
  })
})

describe('[RUN-3] a page that is newer than the server', () => {
  test.each(upFrames.map(named))(
    '%s with a field that nobody knows is taken without it',
    (_, frame) => {
      const newer = { ...frame, tomorrow: { anything: [1] } }
      expect(decodeUp(JSON.stringify(newer))).toEqual({ ok: true, frame })
    },
  )

  test('a frame that nobody knows is refused by its reference, so that the page can say so', () => {
    expect(decodeUp('{"type":"tomorrow","ref":"r1"}')).toMatchObject({
      ok: false,
      ref: 'r1',
      refusal: { code: 'bad_request' },
    })
  })
})

describe('[RUN-3] a server that is newer than the page', () => {
  test('frames that nobody knows come through one by one, and batches are not lost with them', () => {
    const text = `[{"type":"tomorrow","x":1},${encode({ type: 'ping' })},{"no":"type"}]`
    expect(decodeDown(text)).toEqual([{ type: 'tomorrow', x: 1 }, { type: 'ping' }])
  })
})

function named<Frame extends UpFrame | DownFrame>(frame: Frame): [string, Frame] {
  return [nameOf(frame), frame]
}
