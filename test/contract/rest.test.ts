/**
 * The OpenAPI document keeps its word: every documented example is sent to the built Worker and
 * gets the documented answer, and the documented problems come when they should.
 */
import { afterAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Problem } from '../../src/protocol/errors.ts'
import {
  examplesOf,
  operationsOf,
  requestOf,
  successesOf,
  type Operation,
  type Sent,
} from '../support/contract/operation.ts'
import { documentedProblem, provocationsOf } from '../support/contract/provocation.ts'
import { restParticulars } from '../support/contract/rest-particulars.ts'
import { createWorld, type World } from '../support/contract/world.ts'
import { startDeployment } from '../support/deployment.ts'
import { pointerPart, schemasOf, type Json } from '../support/json-schemas.ts'

/** Before the tests: their names come out of the document. */
const deployment = await startDeployment()
afterAll(() => deployment.stop())

const openApi = (await (await fetch(`${deployment.url}/openapi.json`)).json()) as Json
const operations = operationsOf(openApi)

/** Closed: an answer with a field that is not documented is a wrong answer. */
const schemas = schemasOf(openApi, { dialect: '2020-12', closed: true })

test('there is a particular for no call that does not exist', () => {
  const names = operations.map(({ name }) => name)
  expect(Object.keys(restParticulars).filter((name) => !names.includes(name))).toEqual([])
})

describe.each(operations.map((operation) => [operation.name, operation] as const))(
  '%s',
  (name, operation) => {
    const { before, sent: always = {}, success_beyond } = restParticulars[name] ?? {}

    test.skipIf(success_beyond !== undefined).each(examplesOf(operation))(
      '[API-7] answers as documented: %s',
      async (_, sent) => {
        const world = await createWorld(deployment)
        await before?.(world)
        const response = await send(world, operation, { ...always, ...sent })
        await expectDocumented(
          operation,
          response,
          successesOf(operation).map(([status]) => status),
        )
      },
    )

    test.each(provocationsOf(operation))(
      '[API-7] refuses as documented: %s',
      async (code, provocation) => {
        if (provocation === undefined)
          throw new Error(`how is it provoked? Say so in rest-particulars.ts, or why not`)
        const world = await createWorld(deployment)
        await provocation.before?.(world)
        const response = await send(world, operation, { ...always, ...provocation })
        const documented = documentedProblem(operation, code)?.value as Problem
        const body = await expectDocumented(operation, response, [String(documented.status)])
        expect(body).toMatchObject({ code })
        // These the document takes from the schemas themselves.
        if (code === 'bad_request' || code === 'unauthenticated' || code === 'too_large')
          expect(body).toMatchObject({ detail: documented.detail })
      },
    )
  },
)

/** @returns the body, which is what the document says of its status, one of these */
const expectDocumented = async (
  { pointer, responses }: Operation,
  response: Answered,
  statuses: readonly string[],
): Promise<unknown> => {
  const text = await response.text()
  const status = String(response.status)
  expect(statuses, text).toContain(status)
  const { content } = responses[status] ?? {}
  if (content === undefined) {
    expect(text).toBe('')
    return undefined
  }
  const type = response.headers.get('content-type')?.split(';')[0] ?? ''
  const documented = Object.keys(content)
  if (!documented.includes('*/*')) expect(documented).toContain(type)
  if (!type.endsWith('json')) return text
  const body: unknown = JSON.parse(text)
  const schema = `${pointer}/responses/${status}/content/${pointerPart(type)}/schema`
  expect(schemas.problemWith(schema, body), text).toBeUndefined()
  return body
}

type Answered = Pick<Response, 'status' | 'headers' | 'text'>

const send = async (world: World, operation: Operation, sent: Sent): Promise<Answered> => {
  const request = requestOf(world, operation, sent)
  return '101' in operation.responses ? upgrade(request) : fetch(request)
}

/** What fetch cannot do. */
const upgrade = ({ url, headers }: Request): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const address = url.replace(/^http/, 'ws')
    const socket = new WebSocket(address, { headers: Object.fromEntries(headers) })
    socket.on('upgrade', () => resolve(opened))
    socket.on('open', () => socket.close(1000))
    socket.on('unexpected-response', (_request, answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        const type = answer.headers['content-type'] ?? ''
        resolve({
          status: answer.statusCode ?? 0,
          headers: new Headers({ 'content-type': type }),
          text: () => Promise.resolve(Buffer.concat(chunks).toString()),
        })
      })
    })
    socket.on('error', reject)
  })

const opened: Answered = {
  status: 101,
  headers: new Headers(),
  text: () => Promise.resolve(''),
}
