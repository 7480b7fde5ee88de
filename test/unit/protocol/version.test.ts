import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { DownFrame } from '../../../src/protocol/down.ts'
import { InboxDownFrame, InboxUpFrame } from '../../../src/protocol/inbox.ts'
import { UpFrame } from '../../../src/protocol/up.ts'
import { PROTOCOL_VERSION, SCHEMA_HASH, SUBPROTOCOL } from '../../../src/protocol/version.ts'

test('the wire does not change by accident', () => {
  const schemas = [
    z.toJSONSchema(UpFrame, { io: 'input' }),
    z.toJSONSchema(DownFrame),
    z.toJSONSchema(InboxUpFrame, { io: 'input' }),
    z.toJSONSchema(InboxDownFrame),
  ]
  const hash = createHash('sha256').update(JSON.stringify(schemas)).digest('hex').slice(0, 16)
  expect(
    hash,
    `The schemas of the wire have changed: their hash is ${hash}. If an older peer would misread ` +
      'the change, raise PROTOCOL_VERSION. In any case set SCHEMA_HASH in src/protocol/version.ts, ' +
      'and say in src/protocol/PROTOCOL.md what is new.',
  ).toBe(SCHEMA_HASH)
})

test('the subprotocol names the version', () => {
  expect(SUBPROTOCOL).toBe(`muster.v${PROTOCOL_VERSION}`)
})
