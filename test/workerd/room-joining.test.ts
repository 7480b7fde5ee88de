/** The way into a room: who may, what comes first, and how a client that was away catches up. */
import { describe, expect, test } from 'vitest'
import {
  addMember,
  callerWith,
  crowdInto,
  makeAdmin,
  openRoom,
  say,
  signIn,
} from './http-client.ts'
import { evict, type Eviction } from './support/bindings.ts'
import { connect, join, revisionsOf, sequencesOf, upgrade } from './support/socket.ts'

const oneTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const twins: Eviction[] = ['none', 'hibernate', 'close']

describe('who may come in', () => {
  test('[CONN-2] a member; an admin who is none; nobody else', async () => {
    const [ann, eve, root] = [await signIn('ann'), await signIn('eve'), await signIn('root')]
    const { room_id } = await openRoom(ann)
    await makeAdmin(root.user_id)
    const socket = await connect(ann, room_id)
    expect(await socket.next('welcome')).toMatchObject({ role: 'owner' })
    const above = await connect(root, room_id)
    expect(await above.next('welcome')).toMatchObject({ role: null })
    const refused = await upgrade(eve, room_id)
    expect(refused.status).toBe(403)
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    expect(await refused.json()).toMatchObject({ code: 'forbidden' })
  })

  test('[CONN-2] no such room 404, no or a bad token 401, no upgrade 426', async () => {
    const ann = await signIn('ann')
    const { room_id } = await openRoom(ann)
    expect((await upgrade(ann, crypto.randomUUID())).status).toBe(404)
    expect((await upgrade(ann, 'lobby')).status).toBe(404)
    expect((await upgrade(undefined, room_id)).status).toBe(401)
    expect((await upgrade(callerWith(ann.user_id, 'not.a.token'), room_id)).status).toBe(401)
    expect((await ann.get(`/ws/${room_id}`)).status).toBe(426)
  })

  test('[CONN-2] the identity header of a stranger is not believed', async () => {
    const [ann, eve] = [await signIn('ann'), await signIn('eve')]
    const { room_id } = await openRoom(ann)
    const forged = { user_id: ann.user_id, token_expires_at: Date.now() + 60_000 }
    const headers = { 'x-muster-user': encodeURIComponent(JSON.stringify(forged)) }
    expect((await upgrade(undefined, room_id, { headers })).status).toBe(401)
    expect((await upgrade(eve, room_id, { headers })).status).toBe(403)
  })

  test('[CONN-2] the token may travel as a subprotocol; only the version is answered', async () => {
    const ann = await signIn('ann')
    const { room_id } = await openRoom(ann)
    const headers = { 'sec-websocket-protocol': `muster.v1, bearer.${ann.token}` }
    const response = await upgrade(undefined, room_id, { headers })
    expect(response.status).toBe(101)
    expect(response.headers.get('sec-websocket-protocol')).toBe('muster.v1')
    response.webSocket?.accept()
    response.webSocket?.close()
  })
})

describe('the welcome', () => {
  test('[CONN-3] is the first frame, in a silent room too, and says where the room stands', async () => {
    const ann = await signIn('ann')
    const { room_id } = await openRoom(ann)
    const silent = await connect(ann, room_id)
    const welcome = await silent.next('welcome')
    expect(silent.frames[0]).toBe(welcome)
    expect(welcome).toMatchObject({
      ...{
        protocol_version: 1,
        role: 'owner',
        last_sequence: 0,
        last_revision: 1,
        online_count: 1,
      },
      room: { room_id, title: 'Press 4', status: 'active', last_sequence: 0, last_revision: 1 },
      online: [{ user_id: ann.user_id, display_name: ann.display_name, state: 'active' }],
    })
    expect(Math.abs(Date.parse(welcome.server_time) - Date.now())).toBeLessThan(5_000)
    await say(ann, room_id, 'one')
    const later = await connect(ann, room_id)
    expect(await later.next('welcome')).toMatchObject({ last_sequence: 1, last_revision: 2 })
  })
})

describe.each(twins)('coming back (eviction: %s)', (eviction) => {
  const roomWithHistory = async () => {
    const ann = await signIn('ann')
    const ben = await signIn('ben')
    const { room_id } = await openRoom(ann)
    await say(ann, room_id, 'one')
    await addMember(ann, room_id, { user_id: ben.user_id, role: 'editor' })
    await ann.patch(`/api/rooms/${room_id}`, { status: 'resolved' })
    await say(ben, room_id, 'two')
    await evict(room_id, eviction)
    return { ann, ben, room_id }
  }

  test('[CONN-5] over the URL: every kind of change after the revision, then resumed, then live', async () => {
    const { ann, room_id } = await roomWithHistory()
    const socket = await connect(ann, room_id, { query: '?since_revision=1' })
    const resumed = await socket.next('resumed')
    expect(resumed).toMatchObject({ recovered: true, from_revision: 1, to_revision: 6 })
    expect(revisionsOf(socket)).toEqual([2, 3, 4, 5, 6])
    expect(socket.frames.map((frame) => ('event' in frame ? frame.event : frame.type))).toEqual([
      ...['welcome', 'message', 'member_added', 'room_updated', 'message', 'message', 'resumed'],
    ])
    await say(ann, room_id, 'live')
    expect(await socket.next('message', (frame) => frame.revision === 7)).toBeDefined()
    expect(revisionsOf(socket)).toEqual([2, 3, 4, 5, 6, 7])
  })

  test('[CONN-5] as the first frame, after the welcome', async () => {
    const { ann, room_id } = await roomWithHistory()
    const socket = await connect(ann, room_id)
    await socket.next('welcome')
    socket.send({ type: 'resume', since_revision: 4 })
    expect(await socket.next('resumed')).toMatchObject({ recovered: true, from_revision: 4 })
    expect(revisionsOf(socket)).toEqual([5, 6])
  })

  test('[CONN-5] with nothing missed: resumed at once, and nothing else', async () => {
    const { ann, room_id } = await roomWithHistory()
    const socket = await connect(ann, room_id, { query: '?since_revision=6' })
    expect(await socket.next('resumed')).toMatchObject({ recovered: true, to_revision: 6 })
    expect(revisionsOf(socket)).toEqual([])
  })

  test('[CONN-5] over the bound, or from the future: a snapshot of the room as it is, then live', async () => {
    const { ann, ben, room_id } = await roomWithHistory()
    await crowdInto(room_id, ann.user_id, 1_001)
    // The room hears of a writer that is not its actor when it next writes.
    await say(ben, room_id, 'last')
    for (const since of [1, 9_999]) {
      const socket = await connect(ben, room_id, { query: `?since_revision=${since}` })
      expect(await socket.next('resumed')).toMatchObject({ recovered: false })
      const snapshot = await socket.next('snapshot')
      expect(snapshot).toMatchObject({ revision: 1_008, room: { status: 'resolved' } })
      expect(snapshot.messages).toHaveLength(50)
      expect(snapshot.messages[0]).toMatchObject({ content: 'last', sequence_number: 1_005 })
      expect(snapshot.members.map((member) => member.user_id)).toContain(ben.user_id)
      expect(sequencesOf(socket)).toEqual([])
    }
  })

  test('[CONN-4] joining while others talk: each revision once and in order, from wherever it began', async () => {
    const { ann, ben, room_id } = await roomWithHistory()
    const talker = await join(ann, room_id)
    const arriving = oneTo(120).map(async (number) => {
      talker.say(String(number))
      if (number % 10 !== 0) return undefined
      return connect(ben, room_id, { query: '?since_revision=1' })
    })
    const sockets = (await Promise.all(arriving)).filter((socket) => socket !== undefined)
    expect(sockets).toHaveLength(12)
    for (const socket of sockets) {
      await socket.next('message', (frame) => frame.message.content === '120')
      expect(revisionsOf(socket)).toEqual(oneTo(126).slice(1))
    }
  })
})

describe('frames that cannot be read', () => {
  test('[CONN-11] are refused with a code and the reference; the room goes on', async () => {
    const ann = await signIn('ann')
    const { room_id } = await openRoom(ann)
    const socket = await join(ann, room_id)
    const bad: [unknown, object][] = [
      ['{"type":', { code: 'bad_request' }],
      [
        { type: 'poem', ref: 'p' },
        { code: 'bad_request', ref: 'p' },
      ],
      [
        { type: 'message', content: 7, client_message_id: 'm' },
        { code: 'bad_request', ref: 'm' },
      ],
      [
        { type: 'message', content: '', ref: 'r' },
        { code: 'bad_request', ref: 'r' },
      ],
      [
        { type: 'message', content: 'a\u0000b', ref: 'n' },
        { code: 'bad_request', ref: 'n' },
      ],
      [{ type: 'message', content: 'x'.repeat(131_072) }, { code: 'too_large' }],
    ]
    for (const [frame, error] of bad) {
      socket.send(frame)
      expect(await socket.next('error')).toMatchObject(error)
    }
    socket.say('still here')
    expect((await socket.next('message')).message.sequence_number).toBe(1)
  })

  test('[CONN-11] on and on close the socket with 4400, and only that one', async () => {
    const ann = await signIn('ann')
    const { room_id } = await openRoom(ann)
    const [abuser, other] = [await join(ann, room_id), await join(ann, room_id)]
    for (const _ of oneTo(25)) abuser.send('}')
    expect(await abuser.closed).toMatchObject({ code: 4400 })
    other.say('still here')
    expect((await other.next('message')).message.sequence_number).toBe(1)
  })
})
