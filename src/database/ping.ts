/** Whether the database answers at all, and whether it keeps what it has confirmed (OPS-1). */
import type { Client } from './client.ts'

/** As Postgres names its settings and their values. */
export type Durability = {
  readonly fsync: string
  readonly synchronous_commit: string
}

/** For a connection of the pool: a database or a role may have its own settings. */
export const ping = async (client: Client): Promise<Durability> => {
  const { rows } = await client.query({ name: 'ping', text })
  return rows[0] as Durability
}

/**
 * Why a commit that Postgres has confirmed may be lost when its machine fails; empty: it may not. Of
 * `synchronous_commit` only `off` is one: the others say which machines a commit waits for.
 */
export const durabilityProblems = (durability: Durability): string[] =>
  (['fsync', 'synchronous_commit'] as const)
    .filter((setting) => durability[setting] === 'off')
    .map((setting) => `${setting} is off: what was committed may be lost`)

const text = `SELECT current_setting('fsync') AS fsync,
  current_setting('synchronous_commit') AS synchronous_commit`
