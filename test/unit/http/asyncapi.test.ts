/** The AsyncAPI document leaves nothing out, its examples are true, and the official parser reads it. */
import { Parser } from '@asyncapi/parser'
import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { asyncApiDocument } from '../../../src/http/asyncapi.ts'
import { channels } from '../../../src/http/channels.ts'
import { closeCodes } from '../../../src/protocol/close-codes.ts'
import { schemasOf, type Json } from '../../support/json-schemas.ts'
import { frameNames } from '../protocol/schema-names.ts'

type Message = { payload: Json; examples: { payload: unknown }[] }
type Document = {
  channels: Record<string, { 'x-close-codes': { code: number }[]; parameters: Json }>
  components: { messages: Record<string, Message> }
}

const made = asyncApiDocument(channels)
const document = made as unknown as Document
const messages = Object.entries(document.components.messages)

/** The parser takes its time, and machines are busy. */
const timeout = 60_000

const errorsIn = async (candidate: Json): Promise<string[]> => {
  const diagnostics = await new Parser().validate(JSON.stringify(candidate))
  return diagnostics
    .filter(({ code }) => code !== 'asyncapi-latest-version')
    .map(({ path, message }) => `${path.join('/')}: ${message}`)
}

test('the official parser finds nothing wrong with it', { timeout }, async () => {
  expect(await errorsIn(made)).toEqual([])
})

test(
  'control: the parser finds a reply that does not exist, and a missing address',
  { timeout },
  async () => {
    const broken = structuredClone(made) as Json & { operations: Record<string, Json> }
    broken.operations['room.receive.ping'] = {
      ...broken.operations['room.receive.ping'],
      reply: { messages: [{ $ref: '#/channels/room/messages/down.nothing' }] },
    }
    expect(await errorsIn(broken)).not.toEqual([])
    expect(await errorsIn({ ...made, channels: { room: { address: 7 } } })).not.toEqual([])
  },
)

describe.each(channels)('the socket at $address', ({ name, address, up, down, ...channel }) => {
  test.each([
    ['up', up],
    ['down', down],
  ] as const)('has each frame %s, and no other', (direction, schema) => {
    const named = new Set(frameNames(schema).map((frame) => frame.replace(' ', '.')))
    expect(named.size).toBeGreaterThan(0)
    const described = messages
      .map(([key]) => key)
      .filter((key) => key.startsWith(`${name}.${direction}.`))
    expect(described.toSorted()).toEqual(
      [...named].map((frame) => `${name}.${direction}.${frame}`).toSorted(),
    )
  })

  test.each([
    ...Object.entries(channel.up_notes).map(([frame, notes]) => ['up', frame, notes, up] as const),
    ...Object.entries(channel.down_notes).map(
      ([frame, notes]) => ['down', frame, notes, down] as const,
    ),
  ])('has true examples of %s %s', (_, frame, { examples }, schema) => {
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) {
      expect(z.safeParse(schema, example)).toMatchObject({ success: true })
      const { type, event } = example as { type: string; event?: string }
      expect(event === undefined ? type : `${type}.${event}`).toBe(frame)
    }
  })

  test('names its parameters, with examples', () => {
    const parameters = [...address.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter ?? '')
    const described = document.channels[name]?.parameters ?? {}
    expect(Object.keys(described)).toEqual(parameters)
    for (const parameter of Object.values(described))
      expect(parameter).toMatchObject({ examples: [expect.any(String)] })
  })

  test('[CONN-7] names every closing code', () => {
    const codes = document.channels[name]?.['x-close-codes'].map(({ code }) => code)
    expect(codes).toEqual(Object.values(closeCodes))
  })
})

describe('the schemas', () => {
  const open = schemasOf(made, { dialect: 'draft-7' })
  const closed = schemasOf(made, { dialect: 'draft-7', closed: true })

  test.each(messages)('of %s hold its examples, and each of its forms has one', (key, message) => {
    const payload = `#/components/messages/${key}/payload`
    for (const example of message.examples)
      expect(closed.problemWith(payload, example.payload)).toBeUndefined()
    const forms = (message.payload['oneOf'] ?? []) as unknown[]
    for (const form of forms.keys()) {
      const fits = ({ payload: example }: Message['examples'][number]) =>
        open.problemWith(`${payload}/oneOf/${form}`, example) === undefined
      expect(message.examples.some(fits), `form ${form}`).toBe(true)
    }
  })

  test('control: what is no such frame is found, also where a field is new', () => {
    const payload = '#/components/messages/room.up.typing/payload'
    expect(open.problemWith(payload, { type: 'typing', is_typing: 'yes' })).toMatch(/boolean/)
    expect(open.problemWith(payload, { type: 'typing', new: 1 })).toBeUndefined()
    expect(closed.problemWith(payload, { type: 'typing', new: 1 })).toMatch(/additional/)
  })
})

test('control: a frame without a note, and a note without a frame, are not described', () => {
  const [room] = channels
  if (room === undefined) throw new Error('there is no channel')
  const { ping: _, ...others } = room.up_notes
  expect(() => asyncApiDocument([{ ...room, up_notes: others }])).toThrow(/“ping”/)
  const nothing = { summary: '', examples: [], answers: [], told: [] }
  const more = { ...room.up_notes, nothing }
  expect(() => asyncApiDocument([{ ...room, up_notes: more }])).toThrow(/“nothing”/)
})
