/**
 * Bursts of one-way messages: all are accepted, all arrive, in order and once, with people in the
 * rooms who watch and talk; also while things break (DISP).
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { pause } from '../../tools/dev/child-process.ts'
import { chanceOf } from '../support/chance.ts'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import { Scene } from '../support/one-way/scene.ts'
import type { Posted } from '../support/one-way/poster.ts'
import { within } from '../support/wait.ts'

const burst = 10_000

describe('with room for all', () => {
  let deployment: Deployment
  beforeAll(async () => {
    deployment = await startDeployment()
  })
  afterAll(() => deployment.stop())
  afterEach(() => deployment.proxy.refuse(false))

  test(`[DISP-2] [DISP-7] [SEQ-1] ${burst} concurrent requests: all accepted, all arrive in order`, async () => {
    const chance = chanceOf('burst')
    const scene = await Scene.open({
      ...{ ...deployment, chance, rooms: 4, posters: 10 },
      connections: 2_000,
    })
    const posted = await postAll(scene, burst)
    expect(answersOf(posted)).toEqual({ 202: burst })
    await scene.judge()
  })

  test('[DISP-2] [DISP-11] workerd is killed three times in the middle of it', async () => {
    const chance = chanceOf('burst with kills')
    const scene = await Scene.open({ ...deployment, chance, rooms: 4, posters: 10 })
    const posting = postAll(scene, burst)
    for (let time = 0; time < 3; time += 1) {
      const so_far = scene.poster.posted.filter(isAccepted).length
      await within(30_000, () => scene.poster.posted.filter(isAccepted).length > so_far + 500)
      await deployment.restartWorker()
    }
    const posted = await posting
    expect(posted.filter(isAccepted)).toHaveLength(burst)
    expect(answersOf(posted)[0], 'some got no answer and came back').toBeGreaterThan(0)
    await scene.judge()
  })

  test('[DISP-7] [DISP-11] [DISP-5] one bad message in 500 takes no other with it', async () => {
    const chance = chanceOf('poison')
    const scene = await Scene.open({ ...deployment, chance, rooms: 2, posters: 4 })
    const bad = [
      // Found by the validation, by the transaction, and by the room.
      { content: ' \n ' },
      { reply_to: '0198d7f0-5c3e-7a41-9d52-3f1f6f0c8a11' },
      {
        message_type: 'incident_data',
        content: { deep: { deep: { deep: { deep: { deep: 1 } } } } },
      },
    ]
    const posted = await postAll(scene, 6_000, (number) =>
      number % 500 === 250 ? bad[Math.floor(number / 500) % bad.length] : {},
    )
    expect(answersOf(posted)).toEqual({ 202: 6_000 })
    await scene.judge()
    const rejected = posted.filter(({ outcome }) => outcome?.status === 'rejected')
    expect(rejected).toHaveLength(12)
    expect(new Set(rejected.map(({ outcome }) => outcome?.reason?.code))).toEqual(
      new Set(['bad_request', 'not_found']),
    )
  })

  test('[DISP-1] [DISP-7] one batch of 10,000 lines keeps its order', async () => {
    const chance = chanceOf('batch')
    const scene = await Scene.open({ ...deployment, chance, rooms: 1, posters: 1 })
    const turns = Array.from({ length: burst }, (_, number) => scene.turn(number))
    const [first] = turns
    if (!first) throw new Error('nothing to post')
    const posted = await scene.poster.postBatch(
      first.person,
      turns.map(({ wish }) => wish),
    )
    expect(posted.filter(isAccepted)).toHaveLength(burst)
    const [rows] = await scene.judge({ order: 'posted' })
    expect(rows?.messages.length).toBeGreaterThanOrEqual(burst)
  })

  test('[DISP-11] [DB-4] [LIM-3] the database is away for some seconds: accepted all the same', async () => {
    const chance = chanceOf('database away')
    const scene = await Scene.open({ ...deployment, chance, rooms: 2, posters: 4 })
    const posting = postAll(scene, 3_000)
    await pause(200)
    deployment.proxy.refuse(true)
    deployment.proxy.cutAll()
    const posted = await posting
    expect(posted.filter(isAccepted)).toHaveLength(3_000)
    await pause(3_000)
    deployment.proxy.refuse(false)
    await scene.judge()
  })

  test('[DISP-8] the number of shards changes under traffic: nothing lost, nobody out of order', async () => {
    const chance = chanceOf('shards')
    const scene = await Scene.open({ ...deployment, chance, rooms: 3, posters: 6 })
    const admin = await adminOf(deployment, scene)
    const over = new AbortController()
    // Each posts one at a time, so that what is in order is known.
    const streams = scene.gatherings.flatMap((gathering) =>
      scene.machinesOf(gathering).map(async (person) => {
        const recipient = { type: 'room', id: gathering.room_id } as const
        for (let number = 0; !over.signal.aborted; number += 1)
          await scene.poster.post(person, { recipient, content: `reading ${number}` })
      }),
    )
    for (const shards of [7, 2]) {
      const effective_at = await changeShards(deployment, { token: admin.token, shards })
      await pause(Math.max(0, effective_at - Date.now()) + 1_500)
    }
    over.abort()
    await Promise.all(streams)
    const used = new Set(scene.poster.posted.map(({ tracking_id }) => tracking_id?.slice(-3)))
    expect(used.size, 'shards that took some').toBeGreaterThan(4)
    await scene.judge({ order: 'posted' })
  })
})

describe('with little room', () => {
  let deployment: Deployment
  const capacity = 200
  beforeAll(async () => {
    deployment = await startDeployment({
      vars: { DISPATCH_SHARDS: '1', DISPATCH_BUFFER_MAX_COUNT: String(capacity) },
    })
  })
  afterAll(() => deployment.stop())

  test('[DISP-3] [DISP-4] a full buffer slows, then refuses; who comes back as told is served', async () => {
    const chance = chanceOf('full buffer')
    const scene = await Scene.open({ ...deployment, chance, rooms: 2, posters: 4 })
    deployment.proxy.refuse(true)
    deployment.proxy.cutAll()
    const priorities = ['low', 'normal', 'high'] as const
    const once = await Promise.all(
      Array.from({ length: 600 }, (_, number) => {
        const { person, wish } = scene.turn(number)
        const priority = priorities[Math.floor(number / 8) % 3] ?? 'normal'
        return scene.poster.postOnce(person, { ...wish, priority })
      }),
    )
    const answers = answersOf(once)
    // Sent = accepted + slowed + refused, to one.
    expect((answers[202] ?? 0) + (answers[429] ?? 0) + (answers[503] ?? 0)).toBe(600)
    expect(answers[202]).toBe(capacity)
    expect(answers[429]).toBeGreaterThan(0)
    expect(answers[503]).toBeGreaterThan(0)
    const accepted = Object.groupBy(once.filter(isAccepted), ({ priority }) => priority)
    expect(accepted.low?.length ?? 0).toBeLessThanOrEqual(capacity * 0.8)
    expect(accepted.high?.length ?? 0).toBeGreaterThan(accepted.normal?.length ?? 0)

    const later = postAll(scene, 1_000)
    await pause(1_000)
    deployment.proxy.refuse(false)
    const posted = await later
    expect(posted.filter(isAccepted)).toHaveLength(1_000)
    await scene.judge()
  })
})

/** At the same time. */
function postAll(
  scene: Scene,
  count: number,
  changes: (number: number) => object | undefined = () => ({}),
): Promise<Posted[]> {
  return Promise.all(
    Array.from({ length: count }, (_, number) => {
      const { person, wish } = scene.turn(number)
      return scene.poster.post(person, { ...wish, ...changes(number) })
    }),
  )
}

const isAccepted = ({ tracking_id }: Posted): boolean => tracking_id !== undefined

function answersOf(posted: readonly Posted[]): Record<number, number> {
  const sum: Record<number, number> = {}
  for (const { answers } of posted)
    for (const [status, count] of Object.entries(answers))
      sum[Number(status)] = (sum[Number(status)] ?? 0) + count
  return sum
}

async function adminOf({ pool }: Deployment, scene: Scene) {
  const [admin] = scene.gatherings[0]?.people ?? []
  if (!admin) throw new Error('nobody came')
  await pool.query('UPDATE tr_users SET is_admin = true WHERE user_id = $1', [admin.user_id])
  return admin
}

/** @returns from when on it holds, in ms since the epoch */
async function changeShards(
  { url }: Deployment,
  { token, shards }: { readonly token: string; readonly shards: number },
): Promise<number> {
  const response = await fetch(`${url}/api/admin/dispatch`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ shards }),
  })
  expect(response.status).toBe(200)
  const { effective_at } = (await response.json()) as { effective_at: string }
  return Date.parse(effective_at)
}
