/**
 * A quiet room falls asleep by itself, holds nothing while it sleeps, and wakes as if it had not
 * slept. Real time passes here: the platform puts an object to sleep after ten idle seconds.
 */
import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import { openRoom, signIn } from '../http-client.ts'
import { allFigures, roomOf, timesRun } from '../support/bindings.ts'
import { join } from '../support/socket.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Longer than the platform waits, shorter than the heartbeat. */
const asleepAfterMs = 16_000

/** Only this instance knows of it; a room that slept is another instance. */
const mark = (room_id: string): Promise<void> =>
  runInDurableObject(roomOf(room_id), (instance) => {
    Object.assign(instance, { isMarked: true })
  })

const isMarked = (room_id: string): Promise<boolean> =>
  runInDurableObject(roomOf(room_id), (instance) => 'isMarked' in instance)

const roomWithSocket = async (answersPings = true) => {
  const ann = await signIn('ann')
  const { room_id } = await openRoom(ann)
  const socket = await join(ann, room_id, { answersPings })
  const joined_at = Date.now()
  socket.say('before it sleeps')
  await socket.next('message')
  return { room_id, socket, joined_at }
}

const connectionsInUse = async (): Promise<number> =>
  (await allFigures()).reduce((sum, { pool }) => sum + (pool?.in_use ?? 0), 0)

describe.concurrent('a quiet room', () => {
  test('[DB-1] [PRES-4] sleeps with its socket open, holds no connection, and wakes with all it knew', async () => {
    const { room_id, socket } = await roomWithSocket()
    await mark(room_id)
    await pause(asleepAfterMs)
    expect(await connectionsInUse()).toBe(0)
    expect(await isMarked(room_id)).toBe(false)
    socket.say('after')
    expect(await socket.next('ack', (frame) => frame.sequence_number === 2)).toBeDefined()
    expect((await socket.next('message')).revision).toBe(3)
  }, 40_000)

  test('[CONN-6] control: a room that a timer holds awake does not sleep', async () => {
    const { room_id } = await roomWithSocket()
    await runInDurableObject(roomOf(room_id), () => {
      setTimeout(() => {}, asleepAfterMs + 10_000)
    })
    await mark(room_id)
    await pause(asleepAfterMs)
    expect(await isMarked(room_id)).toBe(true)
  }, 40_000)

  test('[CONN-6] a client’s own pings are answered and do not wake it', async () => {
    const { room_id, socket } = await roomWithSocket()
    await mark(room_id)
    for (let count = 0; count < 6; count += 1) {
      await pause(asleepAfterMs / 6)
      socket.send('{"type":"ping"}')
      await socket.next('pong')
    }
    expect(await isMarked(room_id)).toBe(false)
  }, 40_000)

  test('[CONN-6] the heartbeat comes on time though the room slept, asks no database, and lets it sleep again', async () => {
    const { room_id, socket, joined_at } = await roomWithSocket()
    await pause(25_000)
    const reads = await timesRun('readRoomSnapshot')
    await socket.next('ping')
    expect(Date.now() - joined_at).toBeGreaterThan(28_000)
    expect(Date.now() - joined_at).toBeLessThan(33_000)
    expect(await timesRun('readRoomSnapshot')).toBe(reads)
    await mark(room_id)
    await pause(asleepAfterMs)
    expect(await isMarked(room_id)).toBe(false)
    expect(socket.frames.filter((frame) => frame.type === 'ping')).toHaveLength(1)
  }, 80_000)

  test('[CONN-6] who does not answer is closed with 4408 ten seconds after the ping', async () => {
    const { socket, joined_at } = await roomWithSocket(false)
    expect(await socket.closed).toMatchObject({ code: 4408, reason: 'no pong' })
    const closed_after = Date.now() - joined_at
    expect(closed_after).toBeGreaterThan(38_000)
    expect(closed_after).toBeLessThan(45_000)
    expect(socket.frames.filter((frame) => frame.type === 'ping')).toHaveLength(1)
  }, 80_000)
})
