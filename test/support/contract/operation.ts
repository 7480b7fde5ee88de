/** The REST calls of the OpenAPI document, and the requests that its examples make of them. */
import { pointerPart, type Json } from '../json-schemas.ts'
import type { Role, World } from './world.ts'

type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly example: unknown
}
type Example = {
  readonly value: unknown
  readonly 'x-request'?: { readonly body?: unknown; readonly query?: Record<string, string> }
}
export type Content = Readonly<
  Record<string, { readonly schema?: Json; readonly examples?: Readonly<Record<string, Example>> }>
>
type Answer = { readonly content?: Content }

export type Operation = {
  /** `get /api/rooms/{room_id}` */
  readonly name: string
  readonly method: string
  readonly path: string
  readonly is_public: boolean
  readonly parameters: readonly Parameter[]
  readonly body?: Content
  readonly responses: Readonly<Record<string, Answer>>
  /** Of the operation in the document. */
  readonly pointer: string
}

export type Sent = {
  readonly who?: Role | 'nobody'
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** Also without what is required of it. */
  readonly has_bare_query?: boolean
  /** Documented or broken; a string or a form goes as it is. */
  readonly body?: unknown
}

type Described = {
  parameters: Parameter[]
  requestBody?: { content: Content }
  responses: Record<string, Answer>
  security?: unknown[]
}

export const operationsOf = (openApi: Json): readonly Operation[] =>
  Object.entries(openApi['paths'] as Record<string, Record<string, Described>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, described]) => ({
        name: `${method} ${path}`,
        method,
        path,
        is_public: described.security?.length === 0,
        parameters: described.parameters,
        ...(described.requestBody ? { body: described.requestBody.content } : {}),
        responses: described.responses,
        pointer: `#/paths/${pointerPart(path)}/${method}`,
      })),
  )

/** The documented successes; some calls have several, such as a file and a part of it. */
export const successesOf = ({ responses }: Operation): [status: string, Answer][] =>
  Object.entries(responses).filter(([status]) => Number(status) < 400)

/** Every documented example: each body, and each parameter that may be left out, one at a time. */
export const examplesOf = ({ parameters, body }: Operation): [label: string, Sent][] => {
  const bodies = Object.entries(body?.['application/json']?.examples ?? {})
  const first = bodies[0]?.[1].value
  const whole = bodies.length === 0 ? [['as documented', {}] as [string, Sent]] : []
  return [
    ...whole,
    ...bodies.map(([label, { value }]): [string, Sent] => [`body “${label}”`, withBody(value)]),
    ...parameters
      .filter((one) => !one.required)
      .map(({ name, in: place, example }): [string, Sent] => [
        `${place} “${name}”`,
        {
          ...withBody(first),
          [place === 'header' ? 'headers' : 'query']: { [oneOf(name)]: String(example) },
        },
      ]),
  ]
}

/** Of a family of parameters, such as `data.{field}`, one for the documented readings. */
const oneOf = (name: string): string => name.replace('{field}', 'temperature')

export const isForAdmins = ({ path }: Operation): boolean =>
  path.startsWith('/api/admin/') || path === '/metrics'

const withBody = (value: unknown): Sent => (value === undefined ? {} : { body: value })

export const requestOf = (world: World, operation: Operation, sent: Sent): Request => {
  const { method, path, parameters } = operation
  const given = (place: Parameter['in'], wanted: Readonly<Record<string, string>> = {}) => ({
    ...Object.fromEntries(
      parameters
        .filter((one) => one.in === place && one.required)
        .map(({ name, example }) => [name, String(world.real(example))]),
    ),
    ...world.real(wanted),
  })
  const inPath = given('path', sent.path)
  const url = new URL(
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(inPath[name] ?? '')),
    world.url,
  )
  const inQuery = sent.has_bare_query === true ? sent.query : given('query', sent.query)
  for (const [name, value] of Object.entries(inQuery ?? {})) url.searchParams.set(name, value)
  const { who = isForAdmins(operation) ? 'admin' : 'mei', body } = sent
  const headers = new Headers(given('header', sent.headers))
  if (!operation.is_public && who !== 'nobody')
    headers.set('authorization', `Bearer ${world.tokens[who]}`)
  if (body === undefined) return new Request(url, { method: method.toUpperCase(), headers })
  if (body instanceof FormData)
    return new Request(url, { method: method.toUpperCase(), headers, body })
  headers.set('content-type', 'application/json')
  const text = typeof body === 'string' ? body : JSON.stringify(world.real(body))
  return new Request(url, { method: method.toUpperCase(), headers, body: text })
}
