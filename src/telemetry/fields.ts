/**
 * Every field that a line of the log may have, besides `event`, `level` and `at` (OPS-5). What is
 * not named here is not logged: there is none for what people write, for files' names, for
 * addresses of recipients, and for secrets.
 *
 * `uuid`: an id made by Muster. `id`: a person's, a request's, a shard's. `reference`: an id that a
 * client chose, the `client_message_id` of a message; or that of any other change. `word`: a word of
 * the code's own, or a host. `number`: a figure. `text`, `texts` and `stack`: what a machine said,
 * with all taken out that looks like a secret or an address (`scrub.ts`).
 */
export const fields = {
  alert_id: 'uuid',
  file_id: 'uuid',
  notice_id: 'uuid',
  room_id: 'uuid',
  call_id: 'uuid',
  tracking_id: 'uuid',

  by: 'id',
  key: 'id',
  request_id: 'id',
  sender_id: 'id',
  user_id: 'id',

  item_id: 'reference',
  items: 'references',

  code: 'word',
  database: 'word',
  from: 'word',
  host: 'word',
  kind: 'word',
  lane: 'word',
  method: 'word',
  operation: 'word',
  rule: 'word',
  service: 'word',
  severity: 'word',
  since: 'word',
  sqlstate: 'word',
  statement: 'word',
  to: 'word',
  unit: 'word',
  why: 'word',

  attempts: 'number',
  before: 'number',
  calls: 'number',
  first_revision: 'number',
  last_revision: 'number',
  max_ms: 'number',
  count: 'number',
  delivered: 'number',
  duration_ms: 'number',
  epoch: 'number',
  expired: 'number',
  given_up: 'number',
  gone: 'number',
  known_revision: 'number',
  later: 'number',
  degradation: 'number',
  ms: 'number',
  open_ms: 'number',
  openings: 'number',
  pause_ms: 'number',
  refused: 'number',
  removed: 'number',
  rest_ms: 'number',
  shard: 'number',
  shards: 'number',
  status: 'number',
  threshold: 'number',
  trial_in_ms: 'number',
  value: 'number',
  version: 'number',
  worst: 'number',

  destination: 'text',
  error: 'text',
  message: 'text',
  names: 'texts',
  path: 'text',
  problems: 'texts',
  stack: 'stack',
} as const satisfies Readonly<Record<string, FieldKind>>

export type FieldKind =
  'uuid' | 'id' | 'reference' | 'references' | 'word' | 'number' | 'text' | 'texts' | 'stack'

export type FieldName = keyof typeof fields
