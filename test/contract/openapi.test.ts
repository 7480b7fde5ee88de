/** The OpenAPI document as it is served: valid, and showing each thing that goes in or comes out. */
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, describe, expect, test } from 'vitest'
import { operationsOf, successesOf } from '../support/contract/operation.ts'
import { schemasOf, type Json } from '../support/json-schemas.ts'
import { startTestWorker } from '../support/worker.ts'

/** Before the tests: their names come out of the document. */
const worker = await startTestWorker()
afterAll(() => worker.stop())

const openApi = (await (await fetch(`${worker.served.url}/openapi.json`)).json()) as Json & {
  components: { schemas: Record<string, { examples?: unknown[] }> }
}
const operations = operationsOf(openApi).map((operation) => [operation.name, operation] as const)
const schemas = schemasOf(openApi, { dialect: '2020-12', closed: true })

test('is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  expect(await validator.validate(structuredClone(openApi))).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
})

test('control: the validator finds a parameter without a place', async () => {
  const broken = { ...openApi, paths: { '/a': { get: { parameters: [{ name: 'a' }] } } } }
  expect(await new Validator().validate(broken)).toMatchObject({ valid: false })
})

test.each(Object.entries(openApi.components.schemas))('shows a true %s', (name, { examples }) => {
  expect(examples ?? []).not.toEqual([])
  for (const example of examples ?? [])
    expect(schemas.problemWith(`#/components/schemas/${name}`, example)).toBeUndefined()
})

test('control: an example that is not true is found', () => {
  const { problemWith } = schemas
  expect(problemWith('#/components/schemas/ChangeMember', { role: 'boss' })).toMatch(/allowed/)
  expect(problemWith('#/components/schemas/ChangeMember', { role: 'owner', a: 1 })).toMatch(/addit/)
})

describe.each(operations)('%s', (_, operation) => {
  const { parameters, body, responses, is_public, pointer } = operation

  test('shows a true value of each parameter', () => {
    for (const [index, { name, example }] of parameters.entries()) {
      expect(example, name).toBeDefined()
      const schema = `${pointer}/parameters/${index}/schema`
      expect(schemas.problemWith(schema, example), name).toBeUndefined()
    }
  })

  test('shows what goes in and what comes out', () => {
    const answers = successesOf(operation)
    expect(answers).not.toEqual([])
    for (const content of [body, ...answers.map(([, { content: shown }]) => shown)])
      for (const [type, { schema, examples = {} }] of Object.entries(content ?? {})) {
        expect(schema, type).toBeDefined()
        // Bytes cannot be shown.
        if (/json$|^text\//.test(type)) expect(Object.keys(examples), type).not.toEqual([])
      }
  })

  test('[API-7] shows each problem that it may answer', () => {
    const shown = Object.entries(responses).flatMap(([status, { content }]) =>
      Object.entries(content?.['application/problem+json']?.examples ?? {}).map(
        ([code, { value }]) => {
          expect(value).toMatchObject({ code, status: Number(status) })
          expect(schemas.problemWith('#/components/schemas/Problem', value)).toBeUndefined()
          return code
        },
      ),
    )
    const always = ['internal', 'unavailable', ...(is_public ? [] : ['unauthenticated'])]
    expect(shown).toEqual(expect.arrayContaining(always))
  })
})
