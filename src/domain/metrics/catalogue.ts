/**
 * Every metric there is (OPS-1): its kind, its labels, what it means. What is exposed at `/metrics`,
 * charted, alerted upon and drawn by `ops/` is named here and nowhere else.
 */

export type MetricDefinition = {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels?: readonly string[]
  /** Of a gauge that several objects report: what they say together. */
  readonly combine?: 'sum' | 'max'
  /** Upper bounds of a histogram, in seconds, ascending. */
  readonly buckets?: readonly number[]
  /** Different label sets that one reporter keeps; what comes beyond goes to the label `other`. */
  readonly series_max_count: number
}

/** From what a cached read takes to what Postgres ends by itself. */
const latency = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const

const counter = (help: string, labels: readonly string[] = [], series_max_count = 16) =>
  ({ type: 'counter', help, labels, series_max_count }) as const

const summed = (help: string, labels: readonly string[] = [], series_max_count = 16) =>
  ({ type: 'gauge', combine: 'sum', help, labels, series_max_count }) as const

const worst = (help: string, labels: readonly string[] = [], series_max_count = 16) =>
  ({ type: 'gauge', combine: 'max', help, labels, series_max_count }) as const

const histogram = (help: string, labels: readonly string[] = [], series_max_count = 16) =>
  ({ type: 'histogram', help, labels, series_max_count, buckets: latency }) as const

const SHARDS = 256
const ROUTES = 200
const STATEMENTS = 200

export const catalogue = {
  // The Worker.
  muster_http_requests_total: counter(
    'Requests answered, by route and class of status.',
    ['method', 'route', 'status'],
    ROUTES * 3,
  ),
  muster_http_request_duration_seconds: histogram(
    'From a request to its answer, without upgrades.',
    ['method', 'route'],
    ROUTES,
  ),
  muster_errors_total: counter(
    'Refusals told to clients, over HTTP and sockets, by code.',
    ['way', 'code'],
    64,
  ),

  // Sockets and rooms.
  muster_sockets: summed('Sockets open now, of rooms and of inboxes.', ['kind']),
  muster_rooms: summed('Rooms with at least one socket.'),
  muster_sockets_opened_total: counter('Sockets accepted.', ['kind']),
  muster_sockets_closed_total: counter('Sockets gone, by close code.', ['kind', 'code'], 64),
  muster_frames_received_total: counter('Frames that sockets sent.', ['kind']),
  muster_resumes_total: counter(
    'Sockets that came in fresh, naming no revision, and resumes: current, by replay, by a snapshot.',
    ['outcome'],
  ),

  // What is said: from the room's ears to every socket.
  muster_messages_total: counter('Messages committed, said by people or posted in bursts.', [
    'lane',
  ]),
  muster_message_queue_duration_seconds: histogram(
    'From the receipt of a message by its room until it was sent to the database.',
    ['lane'],
  ),
  muster_commit_duration_seconds: histogram(
    "A commit call as the room sees it: its gateway's wait for a connection included.",
    ['lane'],
  ),
  muster_broadcast_duration_seconds: histogram(
    'From the receipt of a message by its room until it was handed to every socket.',
    ['lane'],
  ),
  muster_commits_total: counter('Commit calls by how they ended.', ['lane', 'outcome'], 24),
  muster_deliveries_total: counter('Frames handed to sockets by broadcasts.'),
  muster_rate_limited_total: counter('Writes refused because a person wrote too much.', ['way']),
  muster_leases_total: counter('Leases of budget granted to rooms and lanes.'),

  // The database, as each gateway sees it.
  muster_pool_connections: summed('Connections of a gateway.', ['shard', 'state'], SHARDS * 2),
  muster_pool_limit: summed('Kept open, and open at most.', ['shard', 'bound'], SHARDS * 2),
  muster_pool_overflow: summed('Connections open beyond those kept.', ['shard'], SHARDS),
  muster_pool_waiting: summed('Callers that wait for a connection.', ['shard'], SHARDS),
  muster_pool_wait_seconds: histogram(
    'How long callers waited for a connection.',
    ['shard'],
    SHARDS,
  ),
  muster_pool_events_total: counter(
    'What happened to connections and callers: opened, recycled, broken, waits, timeouts, rejected.',
    ['shard', 'event'],
    SHARDS * 6,
  ),
  muster_statement_duration_seconds: histogram(
    'A statement on its connection, from sending it to its answer.',
    ['statement', 'database'],
    STATEMENTS,
  ),
  muster_statement_failures_total: counter(
    'Statements that failed.',
    ['statement', 'database'],
    STATEMENTS,
  ),
  muster_slow_statements_total: counter(
    'Statements slower than DB_SLOW_MS.',
    ['statement', 'database'],
    STATEMENTS,
  ),

  // The burst lane and the ways out.
  muster_accept_duration_seconds: histogram(
    'From a one-way request to its 202: durable in the buffer.',
  ),
  muster_one_way_total: counter(
    'One-way messages: accepted, slowed, refused, committed, delivered, rejected, dead.',
    ['outcome'],
  ),
  muster_buffer_messages: summed(
    'Messages that wait in the buffer.',
    ['shard', 'priority'],
    SHARDS * 3,
  ),
  muster_buffer_bytes: summed('Bytes of the buffer.', ['shard'], SHARDS),
  muster_buffer_fill_ratio: worst(
    'Fill of the buffer, 0 to 1, by count or bytes.',
    ['shard'],
    SHARDS,
  ),
  muster_buffer_oldest_seconds: worst('How long the oldest message of the buffer has waited.', [
    'priority',
  ]),
  muster_outside_requests_total: counter(
    'Requests to outside services.',
    ['service', 'outcome'],
    32,
  ),
  muster_circuits_open: summed('Circuits that are open or half open.', ['service'], 80),

  // How it fares.
  muster_degradation_level: worst('What is left out under pressure, 0 to 5 (LIM-2).', ['part']),
  muster_memory_fill_ratio: worst(
    'The fullest queue, cache or buffer of each kind, 0 to 1.',
    ['part'],
    32,
  ),
  muster_memory_bytes: summed('Bytes accounted for by queues and caches.', ['part'], 32),
  muster_configuration_version: worst('Version of the configuration that is in force.'),
  muster_objects_started_total: counter('Objects that woke or were made anew.', ['kind']),
  muster_reporters: summed('Isolates that report now.'),
  muster_reports_total: counter('Reports that the collectors took.'),
  muster_reporters_lost_total: counter(
    'Isolates that went silent in the middle: up to one interval of their counts is missing.',
  ),
  muster_alerts_firing: summed('Alerts that fire now.', ['alert', 'severity'], 64),
} as const satisfies Readonly<Record<string, MetricDefinition>>

export type MetricName = keyof typeof catalogue
