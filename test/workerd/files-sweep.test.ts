/** What nobody refers to is cleared away, and nothing else (API-5). */
import { createScheduledController } from 'cloudflare:test'
import { describe, expect, test, vi } from 'vitest'
import type { Env } from '../../src/env.ts'
import type { Problem } from '../../src/protocol/errors.ts'
import type { Message } from '../../src/protocol/message.ts'
import { sweepFiles } from '../../src/files/sweep.ts'
import worker from '../../src/worker.ts'
import { openRoom, signIn } from './http-client.ts'
import { bindings } from './support/bindings.ts'
import {
  fileRow,
  hasObject,
  isUnclaimed,
  referTo,
  statusOf,
  streamOf,
  post,
  upload,
  bucket,
} from './support/files.ts'
import { inSession } from './support/sql.ts'

const agedBy = (file_id: string, hours: number): Promise<unknown> =>
  inSession((client) =>
    client.query(
      `UPDATE files SET created_at = now() - make_interval(hours => $2) WHERE file_id = $1`,
      [file_id, hours],
    ),
  )

/** As the platform would, by the clock. */
const sweep = (env: Env = bindings) => worker.scheduled(createScheduledController(), env)

test('[API-5] uploads that were not sent within a day go, row and bytes', async () => {
  const sender = await signIn()
  const { room_id } = await openRoom(sender)
  const [old, sent, young] = [
    await upload(sender, room_id),
    await upload(sender, room_id),
    await upload(sender, room_id),
  ]
  await referTo(sender, room_id, sent.file_id)
  await agedBy(old.file_id, 25)
  await agedBy(sent.file_id, 1_000)
  await agedBy(young.file_id, 23)
  await sweep()

  expect(await fileRow(old.file_id)).toBeUndefined()
  expect(await hasObject(old.file_id)).toBe(false)
  expect(await isUnclaimed(old.file_id)).toBe(false)
  expect(await statusOf(sender, old.file_id)).toBe(404)
  for (const { file_id } of [sent, young]) {
    expect(await hasObject(file_id)).toBe(true)
    expect(await statusOf(sender, file_id)).toBe(200)
  }
})

test('[API-5] bytes of an upload that came to nothing go once nobody can finish it', async () => {
  const file_id = crypto.randomUUID()
  await bucket().put(`files/${file_id}`, 'left behind')
  const remembered = (interval: string) =>
    inSession((client) =>
      client.query(
        `INSERT INTO unclaimed_objects VALUES ($1, now() + $2::interval)
          ON CONFLICT (file_id) DO UPDATE SET remove_after = excluded.remove_after`,
        [file_id, interval],
      ),
    )
  await remembered('1 hour')
  await sweep()
  expect(await hasObject(file_id)).toBe(true)
  await remembered('-1 second')
  await sweep()
  expect(await hasObject(file_id)).toBe(false)
  expect(await isUnclaimed(file_id)).toBe(false)
})

/** Of all uploads that are under way or came to nothing. */
const unclaimedNow = () =>
  inSession(async (client) => {
    const { rows } = await client.query<{ file_id: string }>(
      'SELECT file_id FROM unclaimed_objects',
    )
    return rows.map((row) => row.file_id)
  })

test('[API-5] an upload under way is remembered before its first byte, and no longer once it is a file', async () => {
  const sender = await signIn()
  const { room_id } = await openRoom(sender)
  const before = new Set(await unclaimedNow())
  let during: string[] = []
  const { stream } = streamOf(1, async () => {
    during = (await unclaimedNow()).filter((file_id) => !before.has(file_id))
    return new Uint8Array(10)
  })
  const { body } = await post(sender, room_id, stream, { query: '?name=a' })
  expect(during).toContain(body.file_id)
  expect(await isUnclaimed(body.file_id)).toBe(false)
})

test('[API-5] nothing is forgotten while the store does not answer', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const sender = await signIn()
  const { room_id } = await openRoom(sender)
  const { file_id } = await upload(sender, room_id)
  await agedBy(file_id, 25)
  const { FILES: _, ...without } = bindings
  const failing = { delete: () => Promise.reject(new Error('down')) } as unknown as R2Bucket
  for (const env of [without, { ...bindings, FILES: failing }]) {
    await sweep(env)
    // No reader finds a file without bytes, and the bytes are not forgotten.
    expect(await statusOf(sender, file_id)).toBe(404)
    expect(await hasObject(file_id)).toBe(true)
    expect(await isUnclaimed(file_id)).toBe(true)
  }
  await sweep()
  expect(await hasObject(file_id)).toBe(false)
  expect(await isUnclaimed(file_id)).toBe(false)
  logged.mockRestore()
})

test('[API-5] whoever removes a row, a whole room even, its bytes go too', async () => {
  const sender = await signIn()
  const { room_id } = await openRoom(sender)
  const { file_id } = await upload(sender, room_id)
  await inSession((client) =>
    client.query('DELETE FROM incident_rooms WHERE room_id = $1', [room_id]),
  )
  expect(await isUnclaimed(file_id)).toBe(true)
  await sweep()
  expect(await hasObject(file_id)).toBe(false)
})

/** Resolves when some session waits for the lock of another. */
const somebodyWaits = () =>
  vi.waitFor(
    () =>
      inSession(async (client) => {
        const { rows } = await client.query('SELECT FROM pg_locks WHERE NOT granted')
        expect(rows.length).toBeGreaterThan(0)
      }),
    { timeout: 15_000, interval: 50 },
  )

/** That a sweep would take, and a message that refers to it. */
const oldFile = async () => {
  const sender = await signIn()
  const { room_id } = await openRoom(sender)
  const { file_id } = await upload(sender, room_id)
  await agedBy(file_id, 25)
  const say = () =>
    sender.post<Message & Problem>(`/api/rooms/${room_id}/messages`, {
      message_type: 'file_ref',
      file_id,
    })
  return { file_id, say }
}

describe('[API-5] a message that refers to a file at the very moment of the sweep', () => {
  test('keeps it, where it comes first', async () => {
    const { file_id } = await oldFile()
    await inSession(async (client) => {
      await client.query('BEGIN')
      await client.query('UPDATE files SET referenced_at = now() WHERE file_id = $1', [file_id])
      await sweep()
      await client.query('COMMIT')
    })
    await sweep()
    expect(await fileRow(file_id)).toBeDefined()
    expect(await hasObject(file_id)).toBe(true)
  })

  test('is refused, where it comes second', async () => {
    const { file_id, say } = await oldFile()
    const said = await inSession(async (client) => {
      await client.query('BEGIN')
      await client.query('DELETE FROM files WHERE file_id = $1', [file_id])
      const saying = say()
      await somebodyWaits()
      await client.query('COMMIT')
      return saying
    })
    expect(said).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })
})

test('[LIM-4] more than one batch goes in one run', async () => {
  const sender = await signIn()
  const { room_id } = await openRoom(sender)
  await inSession((client) =>
    client.query(
      `INSERT INTO files (file_id, room_id, uploaded_by, name, content_type, size_bytes, created_at)
        SELECT gen_random_uuid(), $1, $2, 'a', 'text/plain', 1, now() - interval '2 days'
        FROM generate_series(1, 450)`,
      [room_id, sender.user_id],
    ),
  )
  const { expired, removed } = await sweepFiles(bindings)
  expect(expired).toBeGreaterThanOrEqual(450)
  expect(removed).toBeGreaterThanOrEqual(450)
})
