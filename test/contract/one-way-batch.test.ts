/** A batch as a real sender sends it: over a socket of its own that is slow, or breaks (DISP-1, DISP-2). */
import { connect, type Socket } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import type { OneWayPage } from '../../src/protocol/one-way.ts'
import { startDeployment } from '../support/deployment.ts'
import { createWorld, type World } from '../support/contract/world.ts'
import { within } from '../support/wait.ts'

const deployment = await startDeployment()
afterAll(() => deployment.stop())

const until = async (isTrue: () => Promise<boolean>): Promise<void> => {
  expect(await within(20_000, isTrue)).toBe(true)
}

const line = (content: string): string =>
  `${JSON.stringify({ recipient: { type: 'email', id: 'quality@example.com' }, content })}\n`

/** A request whose body is written piece by piece. */
const posting = (world: World) => {
  const { hostname, port } = new URL(world.url)
  const socket: Socket = connect(Number(port), hostname)
  let answer = ''
  socket.on('data', (data) => (answer += data.toString()))
  socket.on('error', () => {})
  socket.write(
    [
      'POST /api/messages/one-way/batch HTTP/1.1',
      `host: ${hostname}:${port}`,
      `authorization: Bearer ${world.tokens.mei}`,
      'content-type: application/x-ndjson',
      'transfer-encoding: chunked',
      '',
      '',
    ].join('\r\n'),
  )
  return {
    write: (text: string) => socket.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`),
    end: () => socket.write('0\r\n\r\n'),
    breakOff: () => socket.destroy(),
    answer: () => answer,
  }
}

const contentsCount = async (world: World): Promise<number> => {
  const page = (await world.prepare('mei', 'GET', '/api/messages/one-way')) as OneWayPage
  return page.messages.length
}

test('[DISP-1] lines are kept as they come, while the rest of the body is still to come', async () => {
  const world = await createWorld(deployment)
  const request = posting(world)
  request.write(line('one') + line('two') + line('three').slice(0, 20))
  await until(async () => (await contentsCount(world)) === 2)
  expect(request.answer()).toBe('')
  request.write(line('three').slice(20) + line('four'))
  await until(async () => (await contentsCount(world)) === 4)
  expect(request.answer()).toBe('')
  request.end()
  await until(async () => request.answer().includes('"accepted":4'))
  expect(request.answer()).toMatch(/^HTTP\/1.1 202 /)
})

test('[DISP-2] where the sender is gone in the middle, what was accepted stays, and half a line is none', async () => {
  const world = await createWorld(deployment)
  const request = posting(world)
  // Without its end the last one is whole only to the eye.
  request.write(line('one') + line('two') + line('three').trimEnd())
  await until(async () => (await contentsCount(world)) === 2)
  request.breakOff()
  // Control: another sender's batch, started after it, has come to its end.
  const other = posting(world)
  other.write(line('four'))
  other.end()
  await until(async () => other.answer().includes('"accepted":1'))
  expect(await contentsCount(world)).toBe(3)
})
