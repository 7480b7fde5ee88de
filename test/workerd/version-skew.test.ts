/**
 * Worker, objects and pages of different days (RUN-3): during a deploy, and with a page left open for
 * a week. What older and newer gateways answer stands in for the real one.
 */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { DatabaseGateway } from '../../src/durable/database-gateway.ts'
import { gatewayStub } from '../../src/durable/stubs.ts'
import { uuidv7 } from 'uuidv7'
import { addMember, openRoom, signIn } from './http-client.ts'
import { bindings } from './support/bindings.ts'
import { connect, upgrade } from './support/socket.ts'

type Commit = DatabaseGateway['commit']

const commit: Commit = DatabaseGateway.prototype.commit

afterEach(() => vi.restoreAllMocks())

const world = async () => {
  const [ann, ben] = [await signIn('ann'), await signIn()]
  const { room_id } = await openRoom(ann)
  await addMember(ann, room_id, { user_id: ben.user_id, role: 'editor' })
  return { room_id, ann, hers: await connect(ann, room_id), his: await connect(ben, room_id) }
}

const saysAndIsHeard = async ({ hers, his }: Awaited<ReturnType<typeof world>>) => {
  hers.say('hello', 'c1')
  const ack = await hers.next('ack', ({ client_message_id }) => client_message_id === 'c1')
  const { message } = await his.next('message', (frame) => frame.message.content === 'hello')
  expect(message.revision).toBe(ack.revision)
  expect(
    his.frames.filter((frame) => frame.type === 'message' && frame.message.content === 'hello'),
  ).toHaveLength(1)
}

describe('[RUN-3] a room and a gateway of different days', () => {
  test('an older gateway says nothing of pressure', async () => {
    const there = await world()
    vi.spyOn(DatabaseGateway.prototype, 'commit').mockImplementation(async function (
      this: DatabaseGateway,
      ...args: Parameters<Commit>
    ) {
      const { level: _, ...older } = { level: 0, ...(await commit.apply(this, args)) }
      return older
    })
    await saysAndIsHeard(there)
  })

  test('a newer one says more than the room knows', async () => {
    const there = await world()
    vi.spyOn(DatabaseGateway.prototype, 'commit').mockImplementation(async function (
      this: DatabaseGateway,
      ...args: Parameters<Commit>
    ) {
      const outcome = await commit.apply(this, args)
      if (outcome.kind !== 'answered') return outcome
      const results = outcome.results.map((result) => ({ ...result, tomorrow: { at: [1] } }))
      return { ...outcome, results, tomorrow: true }
    })
    await saysAndIsHeard(there)
  })

  test('one that cannot do what is asked of it, as for the moment of a deploy: written once, later', async () => {
    const there = await world()
    vi.spyOn(DatabaseGateway.prototype, 'commit').mockRejectedValueOnce(
      new TypeError('The RPC receiver does not implement the method "commit".'),
    )
    await saysAndIsHeard(there)
  })

  test('a newer room asks for more than the gateway knows', async () => {
    const { room_id, ann } = await world()
    const message_id = uuidv7()
    const outcome = await gatewayStub(bindings, room_id).commit({
      ...{ room_id, owner: 'newer', claim: true, expected_revision: 2, in_group: false },
      ...{ tomorrow: { at: 'all' } },
      items: [
        {
          ...{ kind: 'message', change_id: message_id, actor_id: ann.user_id },
          ...{ client_message_id: 'c1', content: 'hello', data: null, message_type: 'text' },
          ...{ mentions: [], reply_to: null, file_id: null, search: null, tomorrow: 1 },
        },
      ],
    })
    expect(outcome).toMatchObject({ kind: 'answered', results: [{ status: 'committed' }] })
  })
})

describe('[RUN-3] a page that is newer than the server', () => {
  test.each([
    ['muster.v2, muster.v1, bearer.', 'muster.v1'],
    ['bearer., muster.v1, muster.v2', 'muster.v1'],
  ])('offers %s and is answered %s', async (offered, answered) => {
    const ann = await signIn('ann')
    const { room_id } = await openRoom(ann)
    const protocols = offered.replace('bearer.', `bearer.${ann.token}`)
    const headers = { 'sec-websocket-protocol': protocols }
    const response = await upgrade(undefined, room_id, { headers })
    expect(response.status).toBe(101)
    expect(response.headers.get('sec-websocket-protocol')).toBe(answered)
    response.webSocket?.accept()
    response.webSocket?.close()
  })

  test('that speaks no v1 is told so by the answer: 401 where the token came that way', async () => {
    const ann = await signIn('ann')
    const { room_id } = await openRoom(ann)
    const headers = { 'sec-websocket-protocol': `muster.v2, bearer.${ann.token}` }
    expect((await upgrade(undefined, room_id, { headers })).status).toBe(401)
    // With a cookie or a header it opens without a subprotocol, which browsers refuse by themselves.
    const bare = await upgrade(ann, room_id, { headers: { 'sec-websocket-protocol': 'muster.v2' } })
    expect(bare.status).toBe(101)
    expect(bare.headers.get('sec-websocket-protocol')).toBeNull()
    bare.webSocket?.accept()
    bare.webSocket?.close()
  })

  test('a frame that nobody knows costs an answer and nothing else', async () => {
    const there = await world()
    there.hers.send({ type: 'tomorrow', ref: 'r1', anything: 1 })
    const error = await there.hers.next('error')
    expect(error).toMatchObject({ code: 'bad_request', ref: 'r1' })
    await saysAndIsHeard(there)
  })
})
