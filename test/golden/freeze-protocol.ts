/**
 * Freezes the wire as it is now: `node test/golden/freeze-protocol.ts`, whenever SCHEMA_HASH has
 * changed. The file is named by that hash, is never edited, and stands for pages and servers of that
 * day in the tests of version skew.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { DownFrame } from '../../src/protocol/down.ts'
import { InboxDownFrame, InboxUpFrame } from '../../src/protocol/inbox.ts'
import { UpFrame } from '../../src/protocol/up.ts'
import { PROTOCOL_VERSION, SCHEMA_HASH } from '../../src/protocol/version.ts'
import { downFrames, upFrames } from '../unit/protocol/samples.ts'

const frozen = {
  protocol_version: PROTOCOL_VERSION,
  schema_hash: SCHEMA_HASH,
  schemas: {
    up: z.toJSONSchema(UpFrame, { io: 'input' }),
    down: z.toJSONSchema(DownFrame),
    inbox_up: z.toJSONSchema(InboxUpFrame, { io: 'input' }),
    inbox_down: z.toJSONSchema(InboxDownFrame),
  },
  frames: { up: upFrames, down: downFrames },
}
const folder = join(import.meta.dirname, `protocol-${PROTOCOL_VERSION}`)
await writeFile(join(folder, `${SCHEMA_HASH}.json`), `${JSON.stringify(frozen, null, 2)}\n`)
