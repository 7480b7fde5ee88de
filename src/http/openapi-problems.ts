/**
 * The problems that an endpoint may answer, with examples. Where the refusal is made by a schema
 * the example is what that schema says; the others say what their code says most often.
 */
import * as z from 'zod/mini'
import { problemOf } from '../lib/problem.ts'
import { refusal, type ErrorCode, type Problem, type Refusal } from '../protocol/errors.ts'
import type { Endpoint } from './endpoint.ts'
import { BODY_MAX_BYTES } from './json-body.ts'
import { parse } from './parse.ts'

/** Those it names, and those that come with what it takes. */
export const problemCodes = ({
  is_public,
  is_paid,
  refuses,
  params,
  body,
}: Endpoint): ErrorCode[] => [
  ...new Set<ErrorCode>([
    ...refuses,
    ...(is_paid ? (['rate_limited'] as const) : []),
    ...(is_public ? [] : (['unauthenticated'] as const)),
    ...(params ? (['not_found'] as const) : []),
    ...(body ? (['bad_request', 'too_large'] as const) : []),
    'internal',
    'unavailable',
  ]),
]

/** As OpenAPI has it; `x-request` is a malformed part of a request that is answered so. */
type ProblemExample = {
  readonly value: Problem
  readonly 'x-request'?: { readonly [Place in 'body' | 'query']?: unknown }
}

export const problemExample = (endpoint: Endpoint, code: ErrorCode): ProblemExample => {
  const request_id = '3f0c7a52-14f5-4c7e-9a0e-5c3f7b1e8d21'
  const bad = code === 'bad_request' ? malformed(endpoint) : undefined
  if (bad)
    return {
      value: problemOf(bad.refused, { field: bad.field, request_id }),
      'x-request': { [bad.place]: bad.input },
    }
  const said = endpoint.says?.[code]
  const refused = said === undefined ? usual[code](endpoint) : refusal(code, said)
  return { value: problemOf(refused, { request_id }) }
}

type Malformed = {
  readonly place: 'body' | 'query'
  readonly input: unknown
  readonly refused: Refusal
  readonly field?: string | undefined
}

/**
 * A body without its fields, or else a query with a value that no parameter takes, and what is
 * said to it. Undefined where only the handler finds something bad.
 */
const malformed = ({ body, query }: Endpoint): Malformed | undefined => {
  const attempts = [
    { place: 'body', schema: body, input: {} },
    { place: 'body', schema: body, input: null },
    { place: 'query', schema: query, input: {} },
    ...namesOf(query).map((name) => ({
      place: 'query' as const,
      schema: query,
      input: { [name]: UNREADABLE },
    })),
  ] as const
  for (const { place, schema, input } of attempts) {
    const parsed = schema ? parse(schema, input) : undefined
    if (parsed?.ok === false) return { place, input, refused: parsed.refusal, field: parsed.field }
  }
  return undefined
}

/** Neither a number, nor a time, nor an id, nor one of a list. */
const UNREADABLE = '\u0000'

const namesOf = (query: z.ZodMiniType | undefined): string[] =>
  query ? Object.keys(z.toJSONSchema(query, { io: 'input' }).properties ?? {}) : []

const usual: Record<ErrorCode, (endpoint: Endpoint) => Refusal> = {
  bad_request: () => refusal('bad_request', 'the request cannot be read'),
  unauthenticated: () => refusal('unauthenticated', 'there is no token with this request'),
  forbidden: ({ is_public }) =>
    refusal(
      'forbidden',
      is_public
        ? 'the request does not come from this origin'
        : 'you are not a member of this room',
    ),
  not_found: ({ path }) => refusal('not_found', missing(path)),
  conflict: () => refusal('conflict', 'it was changed in the meantime'),
  too_late: () => refusal('too_late', 'the time for it is over'),
  too_large: () => refusal('too_large', `a body may have ${BODY_MAX_BYTES} bytes`),
  rate_limited: () => refusal('rate_limited', 'too much at once', 2_000),
  database_busy: () => refusal('database_busy', 'all database connections are busy', 1_000),
  unavailable: () => refusal('unavailable', 'the database cannot be reached', 2_000),
  internal: () => refusal('internal', 'something went wrong here'),
}

const missing = (path: string): string => {
  if (path.includes('{message_id}')) return 'there is no such message in this room'
  if (path.includes('{file_id}')) return 'no such file'
  return path.includes('{room_id}') ? 'no such room' : 'there is nothing at this address'
}
