/** The sockets of the AsyncAPI document: the frames that go up, and what they are answered with. */
import { asyncApiDocument } from '../../../src/http/asyncapi.ts'
import { channels as described } from '../../../src/http/channels.ts'
import type { Json } from '../json-schemas.ts'

type Ref = { readonly $ref: string }
type Described = {
  channels: Record<
    string,
    { address: string; parameters: Record<string, { examples: string[] }>; messages: Json }
  >
  operations: Record<
    string,
    {
      action: 'send' | 'receive'
      channel: Ref
      messages: Ref[]
      reply?: { messages: Ref[] }
      'x-told-to-others'?: Ref[]
    }
  >
  components: { messages: Record<string, { examples: { payload: Json }[] }> }
}

export type SocketChannel = {
  readonly name: string
  /** As documented: with the example of each parameter. */
  readonly path: string
  /** Names of all frames down. */
  readonly down: readonly string[]
}

/** A frame up, one of its examples, and who hears what. */
export type Exchange = {
  /** `room.receive.message`, and the number of the example where there are several. */
  readonly name: string
  readonly channel: SocketChannel
  readonly example: Json
  /** Names of the frames down that answer it, `error` left out. Empty: nothing answers. */
  readonly answers: readonly string[]
  readonly told: readonly string[]
}

export const asyncApi: Json = asyncApiDocument(described)
const document = asyncApi as unknown as Described

const frameOf = ({ $ref }: Ref): string => $ref.replace(/^.*\/messages\/(up|down)\./, '')

export const socketChannels: readonly SocketChannel[] = Object.entries(document.channels).map(
  ([name, { address, parameters, messages }]) => ({
    name,
    path: address.replaceAll(
      /\{(\w+)\}/g,
      (_, parameter: string) => parameters[parameter]?.examples[0] ?? '',
    ),
    down: Object.keys(messages).flatMap((key) => /^down\.(.*)$/.exec(key)?.[1] ?? []),
  }),
)

export const exchanges: readonly Exchange[] = Object.entries(document.operations).flatMap(
  ([operation, { action, channel: at, messages, reply, 'x-told-to-others': told = [] }]) => {
    const channel = socketChannels.find(({ name }) => at.$ref === `#/channels/${name}`)
    if (channel === undefined) throw new Error(`${operation} is of no channel`)
    if (action !== 'receive') return []
    const examples = messages.flatMap(
      (message) =>
        document.components.messages[`${channel.name}.up.${frameOf(message)}`]?.examples ?? [],
    )
    return examples.map(({ payload }, index) => ({
      name: examples.length === 1 ? operation : `${operation}/${index}`,
      channel,
      example: payload,
      answers: (reply?.messages ?? []).map(frameOf).filter((frame) => frame !== 'error'),
      told: told.map(frameOf),
    }))
  },
)

/** Pointer to the schema of a frame down. */
export const payloadOf = ({ name }: SocketChannel, frame: string): string =>
  `#/components/messages/${name}.down.${frame}/payload`
