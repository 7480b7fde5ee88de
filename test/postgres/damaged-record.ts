/** A full record for each test of a file, and the ways in which somebody may damage it. */
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { Damage, Head } from '../../src/protocol/proof.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { addUser } from './builders.ts'
import { fullRecord, verify, type FullRecord, type Said } from './record.ts'

export class DamagedRecord {
  readonly #database: Database
  readonly #record: FullRecord
  /** Before the damage. */
  readonly head: Head

  constructor(database: Database, record: FullRecord, head: Head) {
    this.#database = database
    this.#record = record
    this.head = head
  }

  get pool() {
    return this.#database.pool
  }

  get room_id() {
    return this.#record.room_id
  }

  /** What was said first, second …: the row as it was before the damage. */
  said(number: number): Said {
    const said = this.#record.said[number - 1]
    if (!said) throw new Error(`nothing was said ${number} times`)
    return said
  }

  /** $1 is the room. */
  run(text: string, ...values: unknown[]) {
    return this.pool.query(text, [this.room_id, ...values])
  }

  async firstProblem(limit = 7): Promise<Damage | undefined> {
    return (await verify(this.pool, this.room_id, { limit })).first_problem
  }

  /** Whoever can write the rows can compute hashes, too: from this revision on the chain is anew. */
  relink(from: number) {
    return this.run(
      `WITH RECURSIVE chain (revision, previous_hash, hash) AS (
          SELECT revision, previous_hash, hash FROM room_revisions
            WHERE room_id = $1 AND revision = $2 - 1
        UNION ALL
          SELECT v.revision, chain.hash, revision_hash(chain.hash, v.room_id, v.revision, v.kind,
              v.change_id, v.message_id, v.actor_id, v.at, v.payload)
            FROM chain JOIN room_revisions v ON v.room_id = $1 AND v.revision = chain.revision + 1
        ), linked AS (
          UPDATE room_revisions v SET previous_hash = chain.previous_hash, hash = chain.hash
            FROM chain WHERE v.room_id = $1 AND v.revision = chain.revision
        )
        UPDATE incident_rooms SET last_hash = (SELECT hash FROM chain ORDER BY revision DESC LIMIT 1)
          WHERE room_id = $1`,
      from,
    )
  }

  /** The end cut off, with the counters put back accordingly. */
  async cutTail(from: number): Promise<void> {
    await this.run('DELETE FROM room_revisions WHERE room_id = $1 AND revision >= $2', from)
    await this.run('DELETE FROM messages WHERE room_id = $1 AND revision >= $2', from)
    await this.run(
      `UPDATE incident_rooms r SET last_revision = v.revision, last_hash = v.hash,
          last_activity_at = v.at,
          last_sequence = (SELECT count(*) FROM messages m WHERE m.room_id = $1)
        FROM room_revisions v WHERE r.room_id = $1 AND v.room_id = $1 AND v.revision = $2 - 1`,
      from,
    )
  }
}

export const headOf = async ({ pool }: Pick<Database, 'pool'>, room_id: string): Promise<Head> => {
  const { rows } = await pool.query(
    `SELECT last_revision::int AS revision, encode(last_hash, 'hex') AS hash
      FROM incident_rooms WHERE room_id = $1`,
    [room_id],
  )
  return rows[0] as Head
}

/** Call once at the top of a file. @returns the record of the test that is running */
export const eachWithRecord = (): (() => DamagedRecord) => {
  let database: Database
  let current: DamagedRecord
  beforeAll(async () => {
    database = await createDatabase()
    await addUser(database.pool, { user_id: 'ann' })
  })
  afterAll(() => database.drop())
  beforeEach(async () => {
    const record = await fullRecord(database.pool)
    current = new DamagedRecord(database, record, await headOf(database, record.room_id))
  })
  return () => current
}
