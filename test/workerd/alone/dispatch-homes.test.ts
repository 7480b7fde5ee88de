/** A key has moved to another shard while its old one still holds a message of it (DISP-8). */
import { runInDurableObject } from 'cloudflare:test'
import { expect, test, vi } from 'vitest'
import { orderKey, shardFor, type Layout } from '../../../src/domain/dispatch/layout.ts'
import { controlStub, dispatchStub } from '../../../src/durable/stubs.ts'
import { addMember, openRoom, readPage, signIn, type Caller } from '../http-client.ts'
import { bindings, reset } from '../support/bindings.ts'
import { acceptedIds, call, oneWay, post } from '../support/dispatch.ts'

const heldMs = 4_000

test('[DISP-8] its new home waits for the old one, which takes nothing more; others do not wait', async () => {
  const ann = await signIn('ann')
  const { room_id } = await openRoom(ann)
  const recipient = { type: 'room', id: room_id } as const
  const homeOf = (shards: number, { user_id }: Caller) =>
    shardFor(shards, orderKey(user_id, recipient))
  // Somebody whose messages move from one shard to another, and somebody who never posted before.
  let mover = ann
  while (homeOf(4, mover) === homeOf(5, mover)) mover = await signIn('mover')
  const newcomer = await signIn('newcomer')
  for (const { user_id } of [mover, newcomer])
    if (user_id !== ann.user_id) await addMember(ann, room_id, { user_id, role: 'editor' })

  await controlStub(bindings).layout()
  const layout = (await controlStub(bindings).changeShards(5)) as Layout
  const old_home = dispatchStub(bindings, homeOf(4, mover))
  const new_home = dispatchStub(bindings, homeOf(5, mover))
  // As if its first attempt had failed.
  await runInDurableObject(old_home, (instance, { storage }) => {
    instance.accept(call(mover.user_id, [oneWay({ recipient, content: 'first' })]))
    const due_at = layout.effective_at + heldMs
    storage.sql.exec(`UPDATE messages SET next_attempt_at = ? WHERE finished_at IS NULL`, due_at)
  })
  await vi.waitUntil(() => Date.now() > layout.effective_at, { timeout: 15_000 })
  await post(new_home, mover.user_id, [oneWay({ recipient, content: 'second' })], { epoch: 2 })
  await reset(new_home)
  const other = dispatchStub(bindings, homeOf(5, newcomer))
  await post(other, newcomer.user_id, [oneWay({ recipient, content: 'other' })], { epoch: 2 })
  const heard = async () =>
    (await readPage(ann, room_id)).messages.map(({ content }) => content).toReversed()
  await vi.waitUntil(async () => (await heard()).length === 3, { timeout: 30_000, interval: 100 })
  expect(await heard()).toEqual(['other', 'first', 'second'])
  const late = await post(old_home, mover.user_id, [oneWay({ recipient })], { epoch: 1 })
  expect(late).toEqual({ kind: 'moved', epoch: 2 })
  expect(acceptedIds(late)).toEqual([])
}, 60_000)
