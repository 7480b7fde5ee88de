/** What the database says of itself, before it is loaded. */
import type { Client } from 'pg'

export type Facts = {
  readonly host: string
  readonly version: string
  readonly max_connections: number
  /** For superusers and the like. */
  readonly reserved_connections: number
  /** Of others, at the beginning. */
  readonly other_connections: number
  readonly fsync: boolean
  readonly synchronous_commit: boolean
  /** Sessions of a Muster that runs. */
  readonly muster_sessions: number
  /** Transactions of others in a second. */
  readonly transactions_per_s: number
  /** Its migrations have been run. */
  readonly is_migrated: boolean
}

/** How long it is watched for what others do. */
const WATCH_MS = 2_000

/** @param client a session of our own, and the only one */
export async function readFacts(client: Client, url: string): Promise<Facts> {
  const before = await transactionsOf(client)
  await new Promise((done) => setTimeout(done, WATCH_MS))
  const after = await transactionsOf(client)
  const { rows } = await client.query<Omit<Facts, 'host' | 'transactions_per_s'>>(`
    SELECT current_setting('server_version') AS version,
      current_setting('max_connections')::int AS max_connections,
      (SELECT coalesce(sum(setting::int), 0)::int FROM pg_settings
        WHERE name IN ('superuser_reserved_connections', 'reserved_connections'))
        AS reserved_connections,
      (SELECT count(*)::int FROM pg_stat_activity
        WHERE datid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend'
          AND pid <> pg_backend_pid()) AS other_connections,
      current_setting('fsync') = 'on' AS fsync,
      current_setting('synchronous_commit') <> 'off' AS synchronous_commit,
      (SELECT count(*)::int FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'muster') AS muster_sessions,
      to_regprocedure('create_room(uuid, text, jsonb)') IS NOT NULL AS is_migrated`)
  const [row] = rows
  if (!row) throw new Error('The database says nothing of itself.')
  const transactions_per_s = Math.max(0, after - before - 2) / (WATCH_MS / 1_000)
  return { ...row, host: new URL(url).hostname, transactions_per_s }
}

async function transactionsOf(client: Client): Promise<number> {
  // What a session has done is counted when it is idle; what is remembered would be old.
  await client.query('SELECT pg_stat_clear_snapshot()')
  const { rows } = await client.query<{ count: number }>(
    `SELECT (xact_commit + xact_rollback)::float8 AS count FROM pg_stat_database
      WHERE datname = current_database()`,
  )
  return rows[0]?.count ?? 0
}

/** More is somebody's work, not a monitor's. */
const QUIET_MAX_PER_S = 5

/** @returns why it must not be loaded without being asked for; undefined: it may */
export const trafficIn = (facts: Facts): string | undefined => {
  if (facts.muster_sessions > 0)
    return `a Muster is connected to it (${facts.muster_sessions} sessions)`
  if (facts.transactions_per_s > QUIET_MAX_PER_S)
    return `others work in it (${Math.round(facts.transactions_per_s)} transactions/s)`
  return undefined
}
