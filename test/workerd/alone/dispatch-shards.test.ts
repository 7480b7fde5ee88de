/** The number of shards changes while messages come in (DISP-8). Real time passes: a change is known before it is in force. */
import { expect, test, vi } from 'vitest'
import { inForce, orderKey, shardFor, type Layout } from '../../../src/domain/dispatch/layout.ts'
import { shardOfTracking } from '../../../src/domain/dispatch/tracking-id.ts'
import { controlStub, dispatchStub } from '../../../src/durable/stubs.ts'
import { addMember, openRoom, readPage, signIn } from '../http-client.ts'
import { bindings } from '../support/bindings.ts'
import { acceptedIds, oneWay, post } from '../support/dispatch.ts'

const layoutNow = async (): Promise<Layout> => (await controlStub(bindings).layout()) as Layout

test('[DISP-8] from 4 shards to 7 to 2 under traffic: nothing is lost, repeated or reordered for any sender', async () => {
  const ann = await signIn('ann')
  const { room_id } = await openRoom(ann)
  const recipient = { type: 'room', id: room_id } as const
  const others = await Promise.all(['bob', 'cid', 'dee', 'eli', 'fay'].map((name) => signIn(name)))
  for (const { user_id } of others) await addMember(ann, room_id, { user_id, role: 'editor' })
  const senders = [ann, ...others].map(({ user_id }) => user_id)
  const used = new Set<number>()
  const over = new AbortController()
  let layout = await layoutNow()
  expect(layout).toMatchObject({ epoch: 1, shards: 4, former: [] })
  const posted = senders.map(() => 0)
  const sender = async (index: number): Promise<void> => {
    const sender_id = senders[index] ?? ''
    while (!over.signal.aborted) {
      const messages = Array.from({ length: 5 }, (_, number) =>
        oneWay({ recipient, content: `${index} ${(posted[index] ?? 0) + number}` }),
      )
      const { epoch, shards } = inForce(layout, Date.now())
      const stub = dispatchStub(bindings, shardFor(shards, orderKey(sender_id, recipient)))
      const answer = await post(stub, sender_id, messages, { epoch })
      const ids = acceptedIds(answer)
      if (answer.kind === 'moved') layout = await layoutNow()
      posted[index] = (posted[index] ?? 0) + ids.length
      for (const id of ids) used.add(shardOfTracking(id))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const traffic = senders.map((_, index) => sender(index))
  const change = async (shards: number) => {
    layout = (await controlStub(bindings).changeShards(shards)) as Layout
    expect(layout).toMatchObject({ shards })
    expect(layout.effective_at - Date.now()).toBeGreaterThan(9_000)
    await vi.waitUntil(() => Date.now() > layout.effective_at + 500, { timeout: 15_000 })
  }
  await change(7)
  await change(2)
  over.abort()
  await Promise.all(traffic)
  expect(Math.max(...used)).toBeGreaterThan(3)
  const total = posted.reduce((sum, count) => sum + count, 0)
  expect(total).toBeGreaterThan(senders.length * 100)
  await vi.waitUntil(
    async () => (await readPage(ann, room_id, '?limit=1')).messages[0]?.sequence_number === total,
    { timeout: 20_000, interval: 200 },
  )
  const heard: string[] = []
  for (let before = total + 1; before > 1; before -= 200) {
    const page = await readPage(ann, room_id, `?limit=200&before_sequence=${before}`)
    heard.push(...page.messages.map(({ content }) => String(content)))
  }
  heard.reverse()
  for (const index of senders.keys()) {
    const own = heard.filter((content) => content.startsWith(`${index} `))
    const expected = Array.from({ length: posted[index] ?? 0 }, (_, number) => `${index} ${number}`)
    expect(own).toEqual(expected)
  }
  // What is empty is forgotten.
  await vi.waitUntil(async () => (await layoutNow()).former.length === 0, {
    timeout: 15_000,
    interval: 500,
  })
  expect(await layoutNow()).toMatchObject({ epoch: 3, shards: 2, known_shards: 7 })
}, 120_000)
