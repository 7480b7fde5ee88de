/**
 * The life of an inbox's socket: heartbeat, renewal, and sleep. Real time passes here: the platform
 * puts an object to sleep after ten idle seconds.
 */
import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import { signToken } from '../../../src/identity/tokens.ts'
import { invite, openRoom, say, signIn, type Caller } from '../http-client.ts'
import {
  bindings,
  evictInbox,
  inboxOf,
  roomOf,
  timesRun,
  type Eviction,
} from '../support/bindings.ts'
import { connectInbox } from '../support/socket.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Longer than the platform waits, shorter than the heartbeat. */
const asleepAfterMs = 16_000

type Stub = ReturnType<typeof inboxOf> | ReturnType<typeof roomOf>

/** Only this instance knows of it; an object that slept is another instance. */
const mark = (stub: Stub): Promise<void> =>
  runInDurableObject(stub, (instance) => {
    Object.assign(instance, { isMarked: true })
  })

const isMarked = (stub: Stub): Promise<boolean> =>
  runInDurableObject(stub, (instance) => 'isMarked' in instance)

/** A token of this person that ends so many milliseconds from now. */
const tokenFor = async (person: Caller, lifetime_ms: number): Promise<string> => {
  const issued_at = Date.now() + lifetime_ms - 12 * 3_600_000
  return (await signToken(bindings, person, issued_at)).token
}

const reads = ['readInboxes', 'readInboxParts', 'readRoomSnapshot'] as const

const readsSoFar = async (): Promise<number> =>
  (await Promise.all(reads.map((name) => timesRun(name)))).reduce((sum, count) => sum + count, 0)

test('[INBOX-1] an idle room and an idle inbox sleep with the socket open, read nothing, and wake as if they had not slept', async () => {
  const [ann, bob] = [await signIn('ann'), await signIn('bob')]
  const { room_id } = await openRoom(ann)
  await invite(ann, room_id, { user_id: bob.user_id, role: 'editor' })
  const inbox = await connectInbox(bob)
  await inbox.next('inbox_welcome')
  await say(ann, room_id, 'before they sleep')
  await say(ann, room_id, 'and once more')
  await inbox.next('activity', ({ unread_count }) => unread_count === 2)
  // The quiet window after the burst.
  await pause(3_000)
  const objects = [inboxOf(bob.user_id), roomOf(room_id)]
  for (const object of objects) await mark(object)
  const readsBefore = await readsSoFar()
  await pause(asleepAfterMs)
  expect(await readsSoFar()).toBe(readsBefore)
  for (const object of objects) expect(await isMarked(object)).toBe(false)
  await say(ann, room_id, 'after')
  await inbox.next(
    'activity',
    ({ last_sequence, unread_count }) => last_sequence === 4 && unread_count === 3,
  )
  // The heartbeat comes and asks nobody anything.
  const readsAwake = await readsSoFar()
  await pause(10_000)
  await inbox.next('ping')
  expect(await readsSoFar()).toBe(readsAwake)
}, 80_000)

test('[CONN-6] who does not answer is closed with 4408', async () => {
  const inbox = await connectInbox(await signIn('ann'), { answersPings: false })
  await inbox.next('inbox_welcome')
  expect(await inbox.closed).toMatchObject({ code: 4408, reason: 'no pong' })
}, 80_000)

describe.each<Eviction>(['none', 'hibernate'])('tokens (eviction: %s)', (eviction) => {
  test('[CONN-8] a token that ends soon: auth_required, a renewal in place, and the socket lives on', async () => {
    const ann = await signIn('ann')
    const inbox = await connectInbox({ ...ann, token: await tokenFor(ann, 6_000) })
    await inbox.next('inbox_welcome')
    const { expires_at } = await inbox.next('auth_required')
    await evictInbox(ann.user_id, eviction)
    inbox.send({ type: 'auth', token: ann.token })
    await inbox.next('authenticated')
    await pause(Date.parse(expires_at) + 500 - Date.now())
    const room = await openRoom(ann)
    expect((await inbox.next('room_added')).room.room_id).toBe(room.room_id)
  }, 40_000)

  test('[CONN-8] a token that is not renewed: 4401; a bad one renews nothing', async () => {
    const [ann, eve] = [await signIn('ann'), await signIn('eve')]
    const inbox = await connectInbox({ ...ann, token: await tokenFor(ann, 5_000) })
    await inbox.next('auth_required')
    await evictInbox(ann.user_id, eviction)
    inbox.send({ type: 'auth', token: 'x.y.z', ref: 'a' })
    expect(await inbox.next('error')).toMatchObject({ code: 'unauthenticated', ref: 'a' })
    inbox.send({ type: 'auth', token: eve.token, ref: 'b' })
    expect(await inbox.next('error')).toMatchObject({ code: 'forbidden', ref: 'b' })
    expect(await inbox.closed).toMatchObject({ code: 4401 })
  }, 40_000)
})
