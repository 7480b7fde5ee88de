/** What became of one-way messages: one, a list, and dead ones sent again (DISP-6). */
import * as z from 'zod/mini'
import type { Tracked } from '../domain/dispatch/buffered.ts'
import { shardOfTracking } from '../domain/dispatch/tracking-id.ts'
import { askDatabase } from '../durable/ask-database.ts'
import { dispatchLayout } from '../durable/dispatch-layout.ts'
import { dispatchStub } from '../durable/stubs.ts'
import type { Env } from '../env.ts'
import type { Identity } from '../identity/tokens.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import { refusal } from '../protocol/errors.ts'
import { DISPATCH_SHARDS_MAX_COUNT, USER_ID_MAX_LENGTH } from '../protocol/limits.ts'
import { OneWayPage, OneWayStatus, OneWayTracking, RecipientType } from '../protocol/one-way.ts'
import { text, Uuid } from '../protocol/scalars.ts'
import { log } from '../telemetry/log.ts'
import { cast } from './documented-cast.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { TrackingParams } from './params.ts'
import { pageLimit } from './query-values.ts'

const tag = 'one-way messages'
const path = '/api/messages/one-way/{tracking_id}'
const says = { not_found: 'you have posted no such message' }
const notDead = 'only a dead message is sent again'
const noSuch = failure(refusal('not_found', says.not_found))

const track = endpoint({
  method: 'get',
  path,
  tag,
  summary: 'What became of a message that I posted',
  description: 'Its sender and admins see it; for others there is none.',
  params: TrackingParams,
  success: { status: 200, description: 'Where it stands', schema: OneWayTracking },
  refuses: ['database_busy'],
  says,
  handle: async ({ env, caller, params: { tracking_id } }) => {
    const tracked = await visible(env, caller, tracking_id)
    return tracked.ok ? success(shown(tracked.value)) : tracked
  },
})

const retry = endpoint({
  method: 'post',
  path: `${path}/retry`,
  tag,
  summary: 'Send a dead message again',
  description: 'With all its attempts before it. What is not dead is a `conflict`.',
  params: TrackingParams,
  success: { status: 200, description: 'Where it stands now', schema: OneWayTracking },
  refuses: ['conflict', 'rate_limited', 'database_busy'],
  says: { ...says, conflict: notDead },
  handle: async ({ env, caller, params: { tracking_id } }) => {
    const tracked = await visible(env, caller, tracking_id)
    if (!tracked.ok) return tracked
    if (tracked.value.status !== 'dead') return failure(refusal('conflict', notDead))
    const again = await fromShard(async () =>
      dispatchStub(env, shardOfTracking(tracking_id)).retry(tracking_id),
    )
    if (!again.ok) return again
    const retried = again.value as Outcome<Tracked>
    return retried.ok ? success(shown(retried.value)) : retried
  },
})

const TrackingQuery = z.object({
  status: z
    .optional(OneWayStatus)
    .check(z.meta({ examples: ['rejected'] }), z.describe('Only those that stand so.')),
  recipient_type: z.optional(RecipientType).check(z.meta({ examples: ['room'] })),
  recipient_id: z
    .optional(text(1, USER_ID_MAX_LENGTH))
    .check(z.meta({ examples: ['quality@example.com'] })),
  before: z
    .optional(Uuid)
    .check(
      z.meta({ examples: [cast.tracking_id] }),
      z.describe('Messages with tracking ids below this one: `next_before` of the page before.'),
    ),
  limit: pageLimit,
})

const list = endpoint({
  method: 'get',
  path: '/api/messages/one-way',
  tag,
  summary: 'Messages that I posted, newest first',
  query: TrackingQuery,
  success: { status: 200, description: 'A page of them', schema: OneWayPage },
  refuses: ['bad_request'],
  handle: async ({ env, caller: { user_id }, query: { limit, ...filter } }) => {
    const found = await fromShard(async () => {
      const { known_shards } = await dispatchLayout(env)
      const asked = { ...filter, sender_id: user_id, limit: limit + 1 }
      return Promise.all(
        Array.from({ length: known_shards }, async (_, shard) =>
          dispatchStub(env, shard).list(asked),
        ),
      )
    })
    if (!found.ok) return found
    const all = (found.value as Tracked[][]).flat().toSorted(newestFirst)
    const messages = all.slice(0, limit).map(shown)
    const has_more = all.length > limit
    const next_before = has_more ? (messages.at(-1)?.tracking_id ?? null) : null
    return success({ messages, pagination: { has_more, next_before } })
  },
})

/** A part of a list would look like the whole: a shard that does not answer fails the request. */
const fromShard = async <Value>(ask: () => Promise<Value>): Promise<Outcome<Value>> => {
  try {
    return success(await ask())
  } catch {
    log.error('dispatch_reset')
    return failure(refusal('unavailable', 'the buffer does not answer', 1_000))
  }
}

/** For its sender and for admins; others do not learn whether there is one. */
const visible = async (
  env: Env,
  { user_id }: Identity,
  tracking_id: string,
): Promise<Outcome<Tracked>> => {
  const shard = shardOfTracking(tracking_id)
  if (shard >= DISPATCH_SHARDS_MAX_COUNT) return noSuch
  const found = await fromShard(async () => dispatchStub(env, shard).track(tracking_id))
  if (!found.ok) return found
  const tracked = found.value as Tracked | undefined
  if (!tracked) return noSuch
  if (tracked.sender_id === user_id) return success(tracked)
  const person = await askDatabase(env, user_id, 'readUser', { user_id })
  if (!person.ok) return person
  return person.value?.is_admin ? success(tracked) : noSuch
}

const newestFirst = (one: Tracked, other: Tracked): number =>
  one.tracking_id < other.tracking_id ? 1 : -1

const shown = (tracked: Tracked): OneWayTracking => {
  const { sender_id: _, ...tracking } = tracked
  return tracking
}

export const oneWayTrackingEndpoints: readonly Endpoint[] = [list, track, retry]
