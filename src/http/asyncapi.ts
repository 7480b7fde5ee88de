/**
 * `/asyncapi.json`: AsyncAPI 3 of the sockets, made from the unions that read and write the frames.
 * The application is the server: it receives what clients send, and sends what they hear.
 */
import { SESSION_COOKIE } from '../identity/credentials.ts'
import { afterClose, closeCodes } from '../protocol/close-codes.ts'
import { BEARER_SUBPROTOCOL_PREFIX, PROTOCOL_VERSION, SUBPROTOCOL } from '../protocol/version.ts'
import type { Channel } from './asyncapi-channel.ts'
import { channelSchemas, type FrameSchemas } from './asyncapi-schemas.ts'
import { parametersOf } from './openapi-parameters.ts'

type Json = Record<string, unknown>

export const asyncApiDocument = (channels: readonly Channel[]): Json => {
  const { schemas, frames } = channelSchemas(channels)
  return {
    asyncapi: '3.0.0',
    id: 'urn:muster',
    info: {
      title: 'Muster, the sockets',
      version: `${PROTOCOL_VERSION}.0.0`,
      description:
        'JSON text frames in snake_case; times are RFC 3339 in UTC, ids are UUIDv7. New fields ' +
        'and new `system` events may appear within a version: pass over what you do not know. ' +
        'REST is described at `/openapi.json`.\n\n' +
        closingTable(),
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: serversAt(new URL('http://localhost:8000')),
    channels: Object.fromEntries(channels.map((channel) => [channel.name, channelItem(channel)])),
    operations: Object.fromEntries(channels.flatMap(operationsOf)),
    components: {
      schemas,
      messages: Object.fromEntries(
        channels.flatMap((channel) => messagesOf(channel, frames.get(channel.name))),
      ),
      securitySchemes,
    },
  }
}

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  subprotocol: {
    type: 'httpApiKey',
    in: 'header',
    name: 'Sec-WebSocket-Protocol',
    description: `\`${SUBPROTOCOL}, ${BEARER_SUBPROTOCOL_PREFIX}<token>\`, for pages elsewhere.`,
  },
  cookie: {
    type: 'httpApiKey',
    in: 'cookie',
    name: SESSION_COOKIE,
    description: 'Set by signing in; only with an Origin equal to our own.',
  },
}

/** The document names the server that was asked for it. */
export const serversAt = ({ host, protocol }: URL): Json => ({
  here: {
    host,
    protocol: protocol === 'https:' ? 'wss' : 'ws',
    description: 'Where this document came from.',
    security: Object.keys(securitySchemes).map((name) => ({
      $ref: `#/components/securitySchemes/${name}`,
    })),
  },
})

const channelItem = (channel: Channel): Json => ({
  address: channel.address,
  title: channel.title,
  description: channel.description,
  servers: [{ $ref: '#/servers/here' }],
  parameters: Object.fromEntries(
    parametersOf(channel.params).map(({ name, description, example }) => [
      name,
      { description, examples: [String(example)] },
    ]),
  ),
  messages: Object.fromEntries(
    messageKeys(channel).map((key) => [
      key,
      { $ref: `#/components/messages/${channel.name}.${key}` },
    ]),
  ),
  bindings: {
    ws: {
      method: 'GET',
      query: {
        type: 'object',
        properties: Object.fromEntries(
          parametersOf(channel.query).map(({ name, description, schema, example }) => [
            name,
            { ...schema, description, examples: [example] },
          ]),
        ),
      },
      headers: {
        type: 'object',
        properties: {
          'Sec-WebSocket-Protocol': {
            type: 'string',
            description: 'Names the version, and carries the token where no header can.',
            examples: [SUBPROTOCOL, `${SUBPROTOCOL}, ${BEARER_SUBPROTOCOL_PREFIX}eyJhbGciOi…`],
          },
        },
      },
      bindingVersion: '0.1.0',
    },
  },
  'x-close-codes': closings,
})

const messageKeys = ({ up_notes, down_notes }: Channel): string[] => [
  ...Object.keys(up_notes).map((name) => `up.${name}`),
  ...Object.keys(down_notes).map((name) => `down.${name}`),
]

/** One operation for each frame up, one for all that is said down, one for each question down. */
const operationsOf = (channel: Channel): [string, Json][] => {
  const { name: place, up_notes, down_notes } = channel
  const here = { $ref: `#/channels/${place}` }
  const refTo = (key: string) => ({ $ref: `#/channels/${place}/messages/${key}` })
  const replyWith = (keys: string[]): Json =>
    keys.length === 0 ? {} : { reply: { channel: here, messages: keys.map(refTo) } }

  const received = Object.entries(up_notes).map(([name, notes]): [string, Json] => [
    `${place}.receive.${name}`,
    {
      action: 'receive',
      channel: here,
      summary: notes.summary,
      messages: [refTo(`up.${name}`)],
      ...replyWith(notes.answers.map((answer) => `down.${answer}`)),
      'x-told-to-others': notes.told.map((told) => refTo(`down.${told}`)),
    },
  ])
  const questions = Object.entries(down_notes).filter(([, { answers = [] }]) => answers.length > 0)
  const asked = questions.map(([name, { summary, answers = [] }]): [string, Json] => [
    `${place}.send.${name}`,
    {
      action: 'send',
      channel: here,
      summary,
      messages: [refTo(`down.${name}`)],
      ...replyWith(answers.map((answer) => `up.${answer}`)),
    },
  ])
  const sent: [string, Json] = [
    `${place}.send`,
    {
      action: 'send',
      channel: here,
      summary: 'Everything that a client may hear.',
      messages: Object.keys(down_notes).map((name) => refTo(`down.${name}`)),
    },
  ]
  return [...received, sent, ...asked]
}

/** @throws Error for a frame without a note, and for a note without a frame. */
const messagesOf = (
  { name: place, up_notes, down_notes }: Channel,
  frames: { up: FrameSchemas; down: FrameSchemas } | undefined,
): [string, Json][] =>
  (['up', 'down'] as const).flatMap((direction) => {
    const notes = direction === 'up' ? up_notes : down_notes
    const schemas = frames?.[direction] ?? new Map<string, Json>()
    for (const name of new Set([...Object.keys(notes), ...schemas.keys()]))
      if (!(name in notes) || !schemas.has(name))
        throw new Error(`the ${place}'s frame ${direction} “${name}” lacks a note or a schema`)
    return [...schemas].map(([name, payload]): [string, Json] => [
      `${place}.${direction}.${name}`,
      {
        name,
        title: `${name} (${direction})`,
        summary: notes[name]?.summary,
        contentType: 'application/json',
        payload,
        examples: notes[name]?.examples.map((example) => ({ payload: example })),
      },
    ])
  })

const meanings: Readonly<Record<keyof typeof closeCodes, string>> = {
  abuse: 'repeated abuse',
  token_expired: 'the token expired',
  removed: 'not a member any more',
  room_gone: 'the room does not exist any more',
  unresponsive: 'no `pong` in time, or too far behind',
  restart: 'the room moved, restarted, or could not serve this socket just now',
}

const closings = Object.entries(closeCodes).map(([name, code]) => ({
  code,
  name,
  meaning: meanings[name as keyof typeof closeCodes],
  next: afterClose(code),
}))

const closingTable = (): string =>
  [
    'Closing codes. The range alone tells what to do (CONN-7); codes below 4000 mean reconnect.',
    '',
    '| code | meaning | next |',
    '| ---- | ------- | ---- |',
    ...closings.map(({ code, meaning, next }) => `| ${code} | ${meaning} | ${next} |`),
  ].join('\n')
