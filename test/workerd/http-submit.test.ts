/** What becomes of a write when the platform takes the room away under it (SEQ-4, MSG-3). */
import { expect, test } from 'vitest'
import type { MessageItem } from '../../src/domain/room/commit.ts'
import type { Reply } from '../../src/domain/room/state.ts'
import type { Env } from '../../src/env.ts'
import { submit } from '../../src/http/submit.ts'

const room_id = '01a202c5-0000-7000-8000-000000000000'

const item: MessageItem = {
  kind: 'message',
  change_id: '01a202c5-0000-7000-8000-000000000001',
  actor_id: 'mei@example.com',
  client_message_id: 'key-1',
  content: 'x',
  data: null,
  message_type: 'text',
  mentions: [],
  reply_to: null,
  file_id: null,
  search: null,
}

/** A namespace whose stubs answer once each, in this order, and what they were asked. */
const rooms = (answers: (() => Promise<Reply>)[]) => {
  const asked: unknown[] = []
  const ROOM = {
    idFromName: (name: string) => name,
    get: () => {
      const answer = answers.shift()
      return {
        submit: (submitted: unknown) => {
          asked.push(submitted)
          return answer?.()
        },
      }
    },
  }
  return { env: { ROOM } as unknown as Env, asked }
}

const done: Reply = {
  ok: true,
  result: { status: 'changed' },
  message: undefined,
  dropped_mentions: [],
}
const answered = () => Promise.resolve(done)
const reset = () => Promise.reject(new Error('the object was reset'))
const overloaded = () => Promise.reject(Object.assign(new Error('too much'), { overloaded: true }))

test('[MSG-3] a room that was reset is asked once more, with the same ids', async () => {
  const { env, asked } = rooms([reset, answered])
  expect(await submit(env, room_id, item)).toEqual(done)
  expect(asked).toEqual([item, item])
})

test('a room that keeps failing is unavailable', async () => {
  const { env, asked } = rooms([reset, reset, answered])
  const reply = await submit(env, room_id, item)
  expect(reply).toMatchObject({
    ok: false,
    refusal: { code: 'unavailable', retry_after_ms: 1_000 },
  })
  expect(asked).toHaveLength(2)
})

test('a room with too much to do is not asked again', async () => {
  const { env, asked } = rooms([overloaded, answered])
  const reply = await submit(env, room_id, item)
  expect(reply).toMatchObject({ ok: false, refusal: { code: 'unavailable' } })
  expect(asked).toHaveLength(1)
})
