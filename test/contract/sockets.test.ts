/**
 * The AsyncAPI document keeps its word: every example of a frame is sent over a real socket and
 * gets the documented answer, others are told what is documented, and nothing else is ever heard.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { asyncApi, exchanges, socketChannels } from '../support/contract/frames.ts'
import { connect, nameOf, type ContractSocket } from '../support/contract/socket.ts'
import {
  firstFrames,
  framesBefore,
  scenes,
  type Stage,
} from '../support/contract/socket-particulars.ts'
import { createWorld } from '../support/contract/world.ts'
import { startDeployment, type Deployment } from '../support/deployment.ts'
import type { Json } from '../support/json-schemas.ts'

let deployment: Deployment
beforeAll(async () => {
  deployment = await startDeployment()
})
afterAll(() => deployment.stop())

let sockets: ContractSocket[] = []
afterEach(() => {
  const used = sockets
  sockets = []
  for (const socket of used) socket.close()
  for (const socket of used) expect(socket.undocumented).toEqual([])
})

const stageOf = async (channel: (typeof socketChannels)[number]): Promise<Stage> => {
  const world = await createWorld(deployment)
  return {
    world,
    join: async (who, query) => {
      const token = typeof who === 'string' ? world.tokens[who] : who.token
      const socket = await connect(world, channel, token, query)
      sockets.push(socket)
      return socket
    },
  }
}

test('the document at /asyncapi.json is the one that is tested, and names this server', async () => {
  const response = await fetch(`${deployment.url}/asyncapi.json`)
  const { servers, ...served } = (await response.json()) as { servers: unknown }
  const { servers: _, ...tested } = asyncApi
  expect(served).toEqual(JSON.parse(JSON.stringify(tested)))
  expect(servers).toMatchObject({ here: { host: new URL(deployment.url).host, protocol: 'ws' } })
  expect(await (await fetch(`${deployment.url}/docs`)).text()).toContain('href="/asyncapi.json"')
})

test('there is a particular for no frame that does not exist', () => {
  const ups = exchanges.map(({ name }) => name)
  const downs = socketChannels.flatMap(({ name, down }) => down.map((frame) => `${name}.${frame}`))
  expect(Object.keys(framesBefore).filter((name) => !ups.includes(name))).toEqual([])
  expect(Object.keys(scenes).filter((name) => !downs.includes(name))).toEqual([])
})

/** Unreadable: answered by its `ref`, behind whatever an earlier frame was refused with. */
const fence = { type: 'no such frame', ref: 'fence' }

describe('[CONN-11] a frame up is answered as documented', () => {
  test.each(exchanges.map((exchange) => [exchange.name, exchange] as const))(
    '%s',
    async (name, { channel, example, answers, told }) => {
      const { world, join } = await stageOf(channel)
      const [sender, other] = [await join('mei'), await join('lin')]
      const first = firstFrames[channel.name]
      if (first) other.send(first)
      const before = framesBefore[name]
      if (before) {
        sender.send(before.frame)
        await other.next([before.heard])
      }
      sender.send(example)
      if (answers.length === 0) {
        sender.send(fence)
        expect(await sender.next(['error'])).toMatchObject({ ref: 'fence' })
      } else {
        const answer = await sender.next([...answers, 'error'], isAnswerTo(world.real(example)))
        expect(answers, JSON.stringify(answer)).toContain(nameOf(answer))
      }
      for (const heard of told) await other.next([heard])
    },
  )
})

const isAnswerTo =
  ({ ref, client_message_id }: Json) =>
  (frame: Json): boolean =>
    frame['ref'] === (ref ?? client_message_id) || frame['client_message_id'] === client_message_id

/** Frames that no exchange brings about. */
const unasked = socketChannels.flatMap((channel) => {
  const heard = exchanges.flatMap((one) =>
    one.channel === channel ? [...one.answers, ...one.told] : [],
  )
  return channel.down
    .filter((frame) => !heard.includes(frame))
    .map((frame) => [`${channel.name}.${frame}`, channel, frame] as const)
})

describe('a frame down comes as documented', () => {
  test.each(unasked)('%s', async (name, channel, frame) => {
    const scene = scenes[name]
    if (scene === undefined) throw new Error('when does it come? Say so in socket-particulars.ts')
    const socket = await scene(await stageOf(channel))
    await socket.next([frame])
  })
})
