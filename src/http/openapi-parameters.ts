/** The parameters of addresses in the documents, each with an example that a test tries out. */
import * as z from 'zod/mini'
import { cast } from './documented-cast.ts'
import { readably } from './readable-schema.ts'

export type Parameter = {
  readonly name: string
  readonly description?: string
  readonly required: boolean
  readonly schema: Readonly<Record<string, unknown>>
  readonly example: unknown
}

/** By name, for those whose schema gives none: a name means the same wherever it appears. */
const examples: Readonly<Record<string, unknown>> = {
  after_sequence: 1,
  alert_id: cast.alert_id,
  around: 1,
  batch: '1',
  before: '2026-11-22T09:32:42.123456Z',
  before_sequence: 2,
  emoji: '👍',
  file_id: cast.image_id,
  download: '1',
  from: '2026-11-22T00:00:00.000000Z',
  has_file: false,
  'idempotency-key': cast.client_message_id,
  notice_id: cast.notice_id,
  'if-none-match': '"0198d7f3-0a11-7e21-9f31-0b41c51d61e8"',
  'if-range': '"0198d7f3-0a11-7e21-9f31-0b41c51d61e8"',
  lang: 'en',
  limit: 50,
  message_id: cast.message_id,
  message_type: 'text',
  name: 'log.txt',
  q: 'pressure',
  range: 'bytes=0-3',
  receipt: cast.receipt,
  room_status: 'active',
  room_id: cast.room_id,
  sender_id: cast.mei,
  since_revision: 1,
  time_zone: 'Asia/Taipei',
  to: '2100-01-01T00:00:00.000000Z',
  tracking_id: cast.tracking_id,
  transcript: true,
  user_id: cast.lin,
}

type Described = z.core.JSONSchema.BaseSchema & {
  readonly parameter?: {
    readonly name: string
    readonly schema: { readonly examples?: readonly unknown[] }
  }
}

export const parametersOf = (schema?: z.ZodMiniType): Parameter[] => {
  if (schema === undefined) return []
  // What comes out of a parameter is what it means: a number, though it travels as text.
  const { properties = {} } = z.toJSONSchema(schema, { io: 'output', override: readably })
  const { required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return Object.entries(properties).map(([name, property]) => {
    // A family of parameters says itself how one of it is named and looks.
    const { description, parameter, ...rest } = property as Described
    const [example = examples[name]] = rest.examples ?? parameter?.schema.examples ?? []
    return {
      name,
      ...(description === undefined ? {} : { description }),
      required: required.includes(name),
      schema: rest,
      example,
      ...parameter,
    }
  })
}
