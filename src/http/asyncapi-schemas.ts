/**
 * The JSON Schemas of the sockets' frames: each union taken apart by frame, and what several frames
 * share under a name of its own. Draft 7, the dialect of AsyncAPI.
 */
import * as z from 'zod/mini'
import { ErrorCode } from '../protocol/errors.ts'
import { FileDetails } from '../protocol/file.ts'
import { Member } from '../protocol/member.ts'
import { Message, Pin, Reaction } from '../protocol/message.ts'
import { OnlineUser } from '../protocol/presence.ts'
import { RoomDetails } from '../protocol/room.ts'
import type { Channel } from './asyncapi-channel.ts'
import { readably } from './readable-schema.ts'

type Json = Record<string, unknown>
type JsonSchema = z.core.JSONSchema.BaseSchema

/** By the frame's name: its type, and its event where it has one. */
export type FrameSchemas = ReadonlyMap<string, Json>

export type ChannelSchemas = {
  readonly schemas: Json
  /** By the channel's name. */
  readonly frames: ReadonlyMap<string, { readonly up: FrameSchemas; readonly down: FrameSchemas }>
}

const shared = { ErrorCode, FileDetails, Member, Message, OnlineUser, Pin, Reaction, RoomDetails }

export const channelSchemas = (channels: readonly Channel[]): ChannelSchemas => {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(shared)) registry.add(schema, { id })
  for (const { name, up, down } of channels) {
    registry.add(up, { id: `${name}.up` })
    registry.add(down, { id: `${name}.down` })
  }
  const { schemas } = z.toJSONSchema(registry, {
    uri: (id) => `#/components/schemas/${id}`,
    target: 'draft-7',
    io: 'input',
    override: readably,
  })
  const plain = (id: string): JsonSchema => {
    const { $schema: _, $id: __, ...schema } = schemas[id] ?? {}
    return schema
  }
  return {
    schemas: Object.fromEntries(Object.keys(shared).map((id) => [id, plain(id)])),
    frames: new Map(
      channels.map(({ name }) => [
        name,
        { up: framesOf(plain(`${name}.up`)), down: framesOf(plain(`${name}.down`)) },
      ]),
    ),
  }
}

/** A frame of several forms, such as the kinds of messages, is one of them. */
const framesOf = (union: JsonSchema): FrameSchemas => {
  const forms = Map.groupBy(variantsOf(union).flatMap(namedForms), ({ name }) => name)
  return new Map(
    [...forms].map(([name, schemas]): [string, Json] => {
      const [only = {}, ...others] = schemas.map(({ schema }) => schema)
      return [name, others.length === 0 ? only : { oneOf: [only, ...others] }]
    }),
  )
}

const variantsOf = (schema: JsonSchema): JsonSchema[] => {
  const variants = schema.anyOf ?? schema.oneOf
  return variants ? variants.flatMap(variantsOf) : [schema]
}

/** A variant that stands for several events is one form for each. */
const namedForms = (schema: JsonSchema): { readonly name: string; readonly schema: Json }[] => {
  const { type, event, ...properties } = schema.properties ?? {}
  const [name = ''] = constantsOf(type)
  const events = constantsOf(event)
  if (events.length === 0) return [{ name, schema: schema as Json }]
  return events.map((each) => ({
    name: `${name}.${each}`,
    schema: {
      ...schema,
      properties: { type, event: { type: 'string', const: each }, ...properties },
    },
  }))
}

const constantsOf = (schema: JsonSchema | boolean | undefined): string[] =>
  typeof schema === 'object'
    ? [schema.const, ...(schema.enum ?? [])].filter((value) => typeof value === 'string')
    : []
