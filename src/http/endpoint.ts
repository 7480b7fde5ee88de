/**
 * One REST call: what it takes, what it answers, and what it does. The same record is mounted on
 * the app and described in `/openapi.json`, so the two cannot differ. Everything before the handler
 * (who is it, is the input well-formed) and after it (status, problem) happens here.
 */
import type { Hono } from 'hono'
import type * as z from 'zod/mini'
import type { Env } from '../env.ts'
import { isForeign, tokenOf } from '../identity/credentials.ts'
import { verifyToken, type Identity } from '../identity/tokens.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal, type ErrorCode } from '../protocol/errors.ts'
import { budgetHeaders } from './budget-headers.ts'
import type { HttpContext, HttpEnv } from './context.ts'
import { readJson } from './json-body.ts'
import { parse, type Parsed } from './parse.ts'
import { refuse } from './refuse.ts'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

export type Description = {
  readonly method: Method
  /** As OpenAPI writes it: `/api/rooms/{room_id}`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** Whether it costs the caller one of their writes; headers say how many are left (LIM-1). */
  readonly is_paid?: true
  /** Codes of the problems it may answer, besides those that every call may. */
  readonly refuses: readonly ErrorCode[]
  /** For the document's examples: how it puts a problem, where that is not the usual way. */
  readonly says?: Readonly<Partial<Record<ErrorCode, string>>>
}

/** What OpenAPI says of a body by its media type, where it is not JSON of one of our schemas. */
export type Content = Readonly<
  Record<
    string,
    {
      readonly schema: Record<string, unknown>
      readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
    }
  >
>

export type Success<Answer> =
  | {
      readonly status: 200 | 201 | 202
      readonly description: string
      readonly schema: z.ZodMiniType<Answer>
    }
  /** Bytes, or text that is no JSON; the endpoint's own `run` answers them. */
  | { readonly status: 200; readonly description: string; readonly content: Content }
  /** Without a body. */
  | { readonly status: 101 | 204; readonly description: string }

/** An endpoint as the app and the OpenAPI document see it. */
export type Endpoint = Description & {
  readonly is_public: boolean
  readonly params?: z.ZodMiniType | undefined
  readonly query?: z.ZodMiniType | undefined
  readonly headers?: z.ZodMiniType | undefined
  readonly body?: z.ZodMiniType | undefined
  /** In place of `body`, for what is not JSON. */
  readonly requestContent?: Content
  readonly success: Success<unknown>
  /** Other answers that are no problem, by their status. */
  readonly others?: Readonly<
    Record<number, { readonly description: string; readonly content?: Content }>
  >
  readonly run: (context: HttpContext) => Promise<Response>
}

type Call<Params, Query, Body> = {
  readonly context: HttpContext
  readonly env: Env
  readonly params: Params
  readonly query: Query
  readonly body: Body
}

type SignedInCall<Params, Query, Body> = Call<Params, Query, Body> & { readonly caller: Identity }

type Inputs<Params, Query, Body> = {
  readonly params?: z.ZodMiniType<Params>
  readonly query?: z.ZodMiniType<Query>
  readonly body?: z.ZodMiniType<Body>
  /** Where it is another bound than that of most bodies. */
  readonly body_max_bytes?: number
}

type Definition<Params, Query, Body, Answer, Given> = Description &
  Inputs<Params, Query, Body> & {
    /** Only for the document; a handler reads both from the context. */
    readonly headers?: z.ZodMiniType
    readonly requestContent?: Content
    readonly success: Success<Answer>
    readonly handle: (call: Given) => Promise<Outcome<Answer>>
  }

/** For those who have a valid token. */
export const endpoint = <Params = null, Query = null, Body = null, Answer = null>(
  definition: Definition<Params, Query, Body, Answer, SignedInCall<Params, Query, Body>>,
): Endpoint => ({
  ...definition,
  is_public: false,
  run: async (context) => {
    const caller = await identify(context)
    if (!caller.ok) return refuse(context, caller.refusal)
    const call = await callOf(context, definition)
    if (!call.ok) return refuse(context, call.refusal, { field: call.field })
    const outcome = await definition.handle({ ...call.value, caller: caller.value })
    return answer(context, definition.success, outcome)
  },
})

/** For everybody, signed in or not. */
export const publicEndpoint = <Params = null, Query = null, Body = null, Answer = null>(
  definition: Definition<Params, Query, Body, Answer, Call<Params, Query, Body>>,
): Endpoint => ({
  ...definition,
  is_public: true,
  run: async (context) => {
    if (definition.method !== 'get' && isForeign(context.req.raw))
      return refuse(context, refusal('forbidden', 'the request does not come from this origin'))
    const call = await callOf(context, definition)
    if (!call.ok) return refuse(context, call.refusal, { field: call.field })
    return answer(context, definition.success, await definition.handle(call.value))
  },
})

export const mount = (app: Hono<HttpEnv>, endpoints: readonly Endpoint[]): void => {
  for (const { method, path, run } of endpoints)
    app.on(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1'), (context) => {
      context.set('route', path)
      return run(context)
    })
}

export const identify = async (context: HttpContext): Promise<Outcome<Identity>> => {
  const token = tokenOf(context.req.raw)
  if (!token.ok) return token
  const identity = await verifyToken(context.env, token.value)
  if (identity.ok) context.set('user_id', identity.value.user_id)
  return identity
}

const callOf = async <Params, Query, Body>(
  context: HttpContext,
  inputs: Inputs<Params, Query, Body>,
): Promise<Parsed<Call<Params, Query, Body>>> => {
  const params = parseIfAsked(inputs.params, context.req.param())
  // What cannot be an id names nothing.
  if (!params.ok) return failure(refusal('not_found', 'there is no such thing'))
  const query = parseIfAsked(inputs.query, queryOf(context.req.queries()))
  if (!query.ok) return query
  const json = inputs.body
    ? await readJson(context.req.raw, inputs.body_max_bytes)
    : success(undefined)
  if (!json.ok) return json
  const body = parseIfAsked(inputs.body, json.value)
  if (!body.ok) return body
  return success({
    context,
    env: context.env,
    params: params.value,
    query: query.value,
    body: body.value,
  })
}

/**
 * The first value of each parameter. Those with a dot in their name are a family, gathered with
 * all their values: `data.line=eq:3` is `{ data: { line: ['eq:3'] } }`.
 */
const queryOf = (all: Readonly<Record<string, readonly string[]>>): Record<string, unknown> => {
  const query = new Map<string, unknown>()
  const families = new Map<string, [string, readonly string[]][]>()
  for (const [name, values] of Object.entries(all)) {
    const [family = '', ...path] = name.split('.')
    if (path.length === 0) query.set(name, values[0])
    else families.set(family, [...(families.get(family) ?? []), [path.join('.'), values]])
  }
  for (const [family, members] of families) query.set(family, Object.fromEntries(members))
  return Object.fromEntries(query)
}

/** What no schema asks for is null, and so is its type. */
const parseIfAsked = <Value>(
  schema: z.ZodMiniType<Value> | undefined,
  input: unknown,
): Parsed<Value> => (schema ? parse(schema, input) : { ok: true, value: null as Value })

const answer = <Answer>(
  context: HttpContext,
  successful: Success<Answer>,
  outcome: Outcome<Answer>,
): Response => {
  if (!outcome.ok) return refuse(context, outcome.refusal)
  const paid = budgetHeaders(context)
  if (!('schema' in successful)) return context.body(null, successful.status, paid)
  const headers = { 'content-type': 'application/json', ...paid }
  return context.body(JSON.stringify(outcome.value), successful.status, headers)
}
