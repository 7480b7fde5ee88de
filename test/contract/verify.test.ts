/** `npm run verify` without a URL: the database of DATA_DIR, whether Muster runs there or not. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDataDir } from '../../tools/dev/data-dir.ts'
import { startLocalDatabase } from '../../tools/dev/local-database.ts'
import { verifyCommand } from '../support/verify-command.ts'

let DATA_DIR: string
const before = process.env['DATA_DIR']
beforeAll(async () => {
  DATA_DIR = await mkdtemp(join(tmpdir(), 'muster-verify-'))
  process.env['DATA_DIR'] = DATA_DIR
})
afterAll(async () => {
  if (before === undefined) delete process.env['DATA_DIR']
  else process.env['DATA_DIR'] = before
  await rm(DATA_DIR, { recursive: true, force: true })
})

test('[API-9] where there is no database it says so', async () => {
  const { code, errors } = await verifyCommand(['--all'], { DATA_DIR })
  expect({ code, errors }).toMatchObject({
    code: 1,
    errors: expect.stringContaining(`There is no database in ${DATA_DIR}.`),
  })
})

test('[API-9] the demo rooms are whole, while Muster runs and after it was stopped', async () => {
  const dataDir = await openDataDir()
  const database = await startLocalDatabase({ dataDir })
  try {
    const running = await verifyCommand(['--all'], { DATA_DIR })
    expect(running).toMatchObject({ code: 0, errors: '' })
    expect(running.output.match(/is whole/g)).toHaveLength(3)
  } finally {
    await database.stop()
    await dataDir.release()
  }
  const stopped = await verifyCommand(['--all'], { DATA_DIR })
  expect(stopped).toMatchObject({ code: 0, errors: '' })
  expect(stopped.output.match(/is whole/g)).toHaveLength(3)
  // It gave the folder back.
  await (await openDataDir()).release()
})
