/** `/asyncapi.json`. */
import type { Handler } from 'hono'
import { asyncApiDocument, serversAt } from './asyncapi.ts'
import type { Channel } from './asyncapi-channel.ts'
import type { HttpEnv } from './context.ts'

/** Made at the first request for it, and kept; the server it names is the one that was asked. */
export const asyncApi = (channels: readonly Channel[]): Handler<HttpEnv> => {
  let document: Record<string, unknown> | undefined
  return (context) => {
    document ??= asyncApiDocument(channels)
    return context.json({ ...document, servers: serversAt(new URL(context.req.url)) })
  }
}
