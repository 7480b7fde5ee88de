import { expect, test } from 'vitest'
import type { DownFrame } from '../../../src/protocol/down.ts'
import {
  CONNECT_TIMEOUT_MS,
  Connection,
  SILENCE_AFTER_PING_MS,
  SILENCE_BEFORE_PING_MS,
  STABLE_AFTER_MS,
  type Admission,
  type ConnectionState,
} from '../../../web/src/sync/connection.ts'
import { roomWire } from '../../../web/src/sync/room-wire.ts'
import { aWelcome, room_id } from './builders.ts'
import { FakeClock, FakeNetwork, FakeSurroundings, settle } from './fakes.ts'

const setUp = (given: { online?: boolean; admission?: Admission } = {}) => {
  const clock = new FakeClock()
  const network = new FakeNetwork()
  const surroundings = new FakeSurroundings()
  surroundings.is_online = given.online ?? true
  const states: ConnectionState[] = []
  const frames: DownFrame[] = []
  const position: { revision: number | undefined } = { revision: undefined }
  const connection = new Connection({
    wire: roomWire(room_id, () => position.revision),
    clock,
    random: () => 1,
    openSocket: network.openSocket,
    surroundings,
    askAdmission: async () => given.admission ?? 'open',
    onFrame: (frame) => frames.push(frame),
    onState: (state) => states.push(state),
  })
  connection.start()
  return { clock, network, surroundings, states, frames, position, connection }
}

test('[CONN-3] live once welcomed, and not before', () => {
  const { connection, network } = setUp()
  expect(network.latest.path).toBe(`/ws/${room_id}?batch=1`)
  expect(connection.state).toEqual({ kind: 'connecting' })
  network.latest.deliver(aWelcome())
  expect(connection.state).toEqual({ kind: 'live' })
})

test('[CONN-5] a reconnect names the last applied revision and is live after the replay', () => {
  const { connection, network, position, clock } = setUp()
  network.latest.deliver(aWelcome())
  position.revision = 7
  network.latest.end(1006)
  clock.advance(500)
  expect(network.latest.since_revision).toBe(7)
  network.latest.deliver(aWelcome())
  expect(connection.state.kind).toBe('connecting')
  network.latest.deliver({ type: 'resumed', recovered: true, from_revision: 7, to_revision: 9 })
  expect(connection.state.kind).toBe('live')
})

test('[CONN-5] not recovered: live only with the snapshot', () => {
  const { connection, network, position, clock } = setUp()
  position.revision = 7
  network.latest.end(1006)
  return settle().then(() => {
    clock.advance(500)
    network.latest.deliver(aWelcome())
    network.latest.deliver({ type: 'resumed', recovered: false, from_revision: 7, to_revision: 7 })
    expect(connection.state.kind).toBe('connecting')
    const { room } = aWelcome()
    network.latest.deliver({ type: 'snapshot', revision: 900, room, members: [], messages: [] })
    expect(connection.state.kind).toBe('live')
  })
})

test('[CONN-6] answers a ping, and passes neither ping nor pong on', () => {
  const { network, frames } = setUp()
  network.latest.deliver(aWelcome(), { type: 'ping' }, { type: 'pong' })
  expect(network.latest.sent).toEqual([{ type: 'pong' }])
  expect(frames.map((frame) => frame.type)).toEqual(['welcome'])
})

test('[CONN-6] asks after 25 s of silence and gives the socket up 10 s later', () => {
  const { connection, network, clock } = setUp()
  network.latest.deliver(aWelcome())
  clock.advance(SILENCE_BEFORE_PING_MS - 1)
  expect(network.latest.sent).toEqual([])
  clock.advance(1)
  expect(network.latest.sent).toEqual([{ type: 'ping' }])
  clock.advance(SILENCE_AFTER_PING_MS)
  expect(connection.state.kind).toBe('waiting')
  expect(network.latest.is_closed_by_page).toBe(true)
})

test('[CONN-6] control: a pong in time keeps the socket', () => {
  const { connection, network, clock } = setUp()
  network.latest.deliver(aWelcome())
  for (let beat = 0; beat < 5; beat += 1) {
    clock.advance(SILENCE_BEFORE_PING_MS + SILENCE_AFTER_PING_MS - 1)
    network.latest.deliver({ type: 'pong' })
  }
  expect(connection.state.kind).toBe('live')
  expect(network.sockets).toHaveLength(1)
})

test('[WEB-11] a handshake without an answer is given up', async () => {
  const { connection, clock } = setUp()
  clock.advance(CONNECT_TIMEOUT_MS)
  await settle()
  expect(connection.state.kind).toBe('waiting')
})

test('[WEB-11] waits longer after each failure, tells until when, and forgets once stable', async () => {
  const { connection, network, clock } = setUp()
  const waits: number[] = []
  for (let failure = 0; failure < 4; failure += 1) {
    network.latest.end(1006)
    await settle()
    if (connection.state.kind !== 'waiting') throw new Error(connection.state.kind)
    waits.push(connection.state.retry_at - clock.now())
    clock.advance(waits.at(-1) ?? 0)
  }
  expect(waits).toEqual([500, 1000, 2000, 4000])
  network.latest.deliver(aWelcome())
  clock.advance(STABLE_AFTER_MS)
  network.latest.end(1012)
  expect(connection.state).toEqual({ kind: 'waiting', retry_at: clock.now() + 500 })
})

test('[WEB-11] a server that welcomes and hangs up at once does not reset the backoff', () => {
  const { connection, network, clock } = setUp()
  const waits = [0, 1, 2].map(() => {
    network.latest.deliver(aWelcome())
    network.latest.end(4409)
    if (connection.state.kind !== 'waiting') throw new Error(connection.state.kind)
    const wait_ms = connection.state.retry_at - clock.now()
    clock.advance(wait_ms)
    return wait_ms
  })
  expect(waits).toEqual([500, 1000, 2000])
})

test('[WEB-11] Retry now skips the countdown', () => {
  const { connection, network } = setUp()
  network.latest.deliver(aWelcome())
  network.latest.end(1006)
  connection.retryNow()
  expect(connection.state.kind).toBe('connecting')
  expect(network.sockets).toHaveLength(2)
})

test('[WEB-11] a resync comes back at once, and a second one soon after waits', () => {
  const { connection, network } = setUp()
  network.latest.deliver(aWelcome())
  connection.resync()
  expect(network.sockets).toHaveLength(2)
  network.latest.deliver(aWelcome())
  connection.resync()
  expect(network.sockets).toHaveLength(2)
  expect(connection.state.kind).toBe('waiting')
})

test('[WEB-11] a tab that comes back retries at once', () => {
  const { network, surroundings } = setUp()
  network.latest.deliver(aWelcome())
  network.latest.end(1006)
  surroundings.show()
  expect(network.sockets).toHaveLength(2)
})

test('[WEB-11] offline: no tries until the network is back, then at once', () => {
  const { connection, network, surroundings, clock } = setUp()
  network.latest.deliver(aWelcome())
  surroundings.goOffline()
  expect(connection.state).toEqual({ kind: 'offline' })
  clock.advance(600_000)
  expect(network.sockets).toHaveLength(1)
  surroundings.goOnline()
  expect(connection.state.kind).toBe('connecting')
  expect(network.sockets).toHaveLength(2)
})

test('[WEB-11] starts offline without trying', () => {
  const { connection, network } = setUp({ online: false })
  expect(connection.state.kind).toBe('offline')
  expect(network.sockets).toHaveLength(0)
})

test.each([
  [4400, 'abuse'],
  [4403, 'removed'],
  [4404, 'room_gone'],
] as const)('[CONN-7] code %i stops it for good: %s', (code, reason) => {
  const { connection, network, clock, surroundings } = setUp()
  network.latest.deliver(aWelcome())
  network.latest.end(code)
  expect(connection.state).toEqual({ kind: 'stopped', reason })
  clock.advance(600_000)
  surroundings.goOffline()
  surroundings.goOnline()
  connection.retryNow()
  expect(network.sockets).toHaveLength(1)
})

test.each([1001, 1006, 1011, 1012, 4408, 4409])('[CONN-7] code %i means come back', (code) => {
  const { connection, network } = setUp()
  network.latest.deliver(aWelcome())
  network.latest.end(code)
  expect(connection.state.kind).toBe('waiting')
})

test('[CONN-7] an expired token asks first, and comes back if the session lives', async () => {
  const { connection, network } = setUp({ admission: 'open' })
  network.latest.deliver(aWelcome())
  network.latest.end(4401)
  expect(connection.state.kind).toBe('connecting')
  await settle()
  expect(connection.state.kind).toBe('waiting')
})

test.each([
  ['signed_out', { kind: 'signed_out' }],
  ['removed', { kind: 'stopped', reason: 'removed' }],
  ['room_gone', { kind: 'stopped', reason: 'room_gone' }],
] as const)('[CONN-2] a refused handshake, asked why: %s', async (admission, expected) => {
  const { connection, network } = setUp({ admission })
  network.latest.end(1006)
  await settle()
  expect(connection.state).toEqual(expected)
})

test('[CONN-9] events of a superseded socket change nothing', () => {
  const { connection, network, frames, clock } = setUp()
  const old = network.latest
  old.deliver(aWelcome())
  old.end(1006)
  clock.advance(500)
  network.latest.deliver(aWelcome())
  const heard = frames.length
  old.deliver({ type: 'typing', user_ids: ['late'] })
  old.end(4403)
  expect(frames).toHaveLength(heard)
  expect(connection.state.kind).toBe('live')
})

test('[WEB-11] frames that are not JSON, or unknown, do not hurt', () => {
  const { connection, network } = setUp()
  network.latest.deliver(aWelcome(), { type: 'of the future' } as unknown as DownFrame)
  expect(connection.state.kind).toBe('live')
})

test('[WEB-11] closed by the page: silent, and no further tries', async () => {
  const { connection, network, clock, states } = setUp()
  network.latest.end(1006)
  connection.close()
  const count = states.length
  await settle()
  clock.advance(600_000)
  expect(states).toHaveLength(count)
  expect(network.sockets).toHaveLength(1)
})
