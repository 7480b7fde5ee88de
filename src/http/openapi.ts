/**
 * `/openapi.json`: OpenAPI 3.1, made from the very records that the app mounts and the schemas
 * that check what comes in.
 */
import type { Handler } from 'hono'
import * as z from 'zod/mini'
import { SESSION_COOKIE } from '../identity/credentials.ts'
import { httpStatusOf } from '../protocol/errors.ts'
import { PROTOCOL_VERSION } from '../protocol/version.ts'
import { describedHeaders, retryAfterHeader } from './budget-headers.ts'
import type { HttpEnv } from './context.ts'
import type { Endpoint } from './endpoint.ts'
import { components, examplesOf } from './openapi-components.ts'
import { parametersOf } from './openapi-parameters.ts'
import { problemCodes, problemExample } from './openapi-problems.ts'
import { readably } from './readable-schema.ts'

type Json = Record<string, unknown>

/** Made at the first request for it, and kept. */
export const openApi = (endpoints: readonly Endpoint[]): Handler<HttpEnv> => {
  let document: Json | undefined
  return (context) => context.json((document ??= openApiDocument(endpoints)))
}

export const openApiDocument = (endpoints: readonly Endpoint[]): Json => {
  const paths: Record<string, Json> = {}
  for (const endpoint of endpoints)
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operation(endpoint) }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Muster',
      version: `${PROTOCOL_VERSION}.0.0`,
      description:
        'Rooms for incidents: talk, decide, keep the record. Times are RFC 3339 in UTC, ids are ' +
        'UUIDv7, errors are problem+json with a stable `code`. The sockets are described at ' +
        '`/asyncapi.json`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'Where this document came from.' }],
    security: [{ bearer: [] }, { cookie: [] }],
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: SESSION_COOKIE,
          description: 'Set by signing in. Writing with it takes an Origin equal to our own.',
        },
      },
    },
  }
}

const operation = (endpoint: Endpoint): Json => {
  const { method, path, tag, summary, description, is_public, success } = endpoint
  const content = requestContent(endpoint)
  return {
    operationId: operationId(method, path),
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(is_public ? { security: [] } : {}),
    parameters: [
      ...parameters('path', endpoint.params),
      ...parameters('query', endpoint.query),
      ...parameters('header', endpoint.headers),
    ],
    ...(content ? { requestBody: { required: true, content } } : {}),
    responses: {
      [success.status]: {
        description: success.description,
        ...(endpoint.is_paid ? { headers: describedHeaders } : {}),
        ...('schema' in success ? { content: jsonContent(success.schema) } : {}),
        ...('content' in success ? { content: success.content } : {}),
      },
      ...endpoint.others,
      ...problems(endpoint),
    },
  }
}

const requestContent = ({ body, requestContent: other }: Endpoint): Json | undefined =>
  body ? jsonContent(body) : other

/** `post /api/rooms/{room_id}/members` → `post_rooms_room_id_members` */
const operationId = (method: string, path: string): string =>
  [method, ...path.replace('/api/', '/').matchAll(/\w+/g)].join('_')

const parameters = (place: 'path' | 'query' | 'header', schema?: z.ZodMiniType): Json[] =>
  parametersOf(schema).map((parameter) => ({
    ...parameter,
    in: place,
  }))

const problems = (endpoint: Endpoint): Record<string, Json> => {
  const byStatus = Map.groupBy(problemCodes(endpoint), (code) => httpStatusOf[code])
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\``).join(' or '),
        ...(status === httpStatusOf.rate_limited
          ? { headers: { ...(endpoint.is_paid ? describedHeaders : {}), ...retryAfterHeader } }
          : {}),
        content: {
          'application/problem+json': {
            schema: { $ref: refOf('Problem') },
            examples: Object.fromEntries(
              codes.map((code) => [code, problemExample(endpoint, code)]),
            ),
          },
        },
      },
    ]),
  )
}

/** @throws Error for a schema without a name: add it to the components. */
const jsonContent = (schema: z.ZodMiniType): Json => {
  for (const [name, component] of Object.entries(components))
    if (component.schema === schema) {
      const examples = Object.entries(examplesOf(component))
      return {
        'application/json': {
          schema: { $ref: refOf(name) },
          examples: Object.fromEntries(examples.map(([key, value]) => [key, { value }])),
        },
      }
    }
  throw new Error('a body has a schema that is not among the components')
}

const componentSchemas = (): Json => {
  const registry = z.registry<{ id: string }>()
  for (const [id, { schema }] of Object.entries(components)) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, { uri: refOf, io: 'input', override: readably })
  return Object.fromEntries(
    Object.entries(components).map(([name, component]) => {
      // References by our own addresses need no identity of their own.
      const { $schema: _, $id: __, ...schema } = schemas[name] ?? {}
      return [name, { ...schema, examples: Object.values(examplesOf(component)) }]
    }),
  )
}

const refOf = (name: string): string => `#/components/schemas/${name}`
