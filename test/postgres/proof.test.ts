/** The proof of a record (API-9, SEC-4): every kind of damage, planted in real rows, is named. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Head } from '../../src/protocol/proof.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { addRoom, addUser, commit, messages, oneTo } from './builders.ts'
import { fullRecord, verify, type FullRecord } from './record.ts'

let database: Database
let record: FullRecord
let head: Head
beforeAll(async () => {
  database = await createDatabase()
  await addUser(database.pool, { user_id: 'ann' })
})
afterAll(() => database.drop())
beforeEach(async () => {
  record = await fullRecord(database.pool)
  head = await headNow()
})

/** $1 is the room. */
const run = async (text: string, ...values: unknown[]) =>
  database.pool.query(text, text.includes('$1') ? [record.room_id, ...values] : values)

const headNow = async (): Promise<Head> => {
  const { rows } = await run(
    `SELECT last_revision::int AS revision, encode(last_hash, 'hex') AS hash
      FROM incident_rooms WHERE room_id = $1`,
  )
  return rows[0]
}

const firstProblem = async (limit = 7) =>
  (await verify(database.pool, record.room_id, { limit })).first_problem

/** Whoever can write the rows can compute hashes, too: from this revision on the chain is anew. */
const relink = (from: number) =>
  run(
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

/** The end cut off, with the counters put back accordingly. */
const cutTail = async (from: number) => {
  await run('DELETE FROM room_revisions WHERE room_id = $1 AND revision >= $2', from)
  await run('DELETE FROM messages WHERE room_id = $1 AND revision >= $2', from)
  await run(
    `UPDATE incident_rooms r SET last_revision = v.revision, last_hash = v.hash,
        last_activity_at = v.at,
        last_sequence = (SELECT count(*) FROM messages m WHERE m.room_id = $1)
      FROM room_revisions v WHERE r.room_id = $1 AND v.room_id = $1 AND v.revision = $2 - 1`,
    from,
  )
}

test('[API-9] control: a room with everything in it is proven, whatever the size of the batches', async () => {
  for (const limit of [1, 2, 7, 1_000])
    expect(await verify(database.pool, record.room_id, { limit })).toEqual({
      first_problem: undefined,
      head,
      messages: record.message_ids.length,
    })
})

test('[API-9] control: a room in which nothing was said is proven', async () => {
  const room_id = await addRoom(database.pool)
  expect(await verify(database.pool, room_id)).toMatchObject({ messages: 0, head: { revision: 1 } })
})

test('[SEC-4] control: what was written before changes of messages were, is proven as it is', async () => {
  const room_id = await addRoom(database.pool, { ben: 'editor' })
  await commit(database.pool, { room_id, items: messages(3) })
  const { rows } = await database.pool.query(
    `SELECT bool_and(hash = revision_hash(
        previous_hash, room_id, revision, kind, change_id, actor_id, at, payload)) AS is_old_hash
      FROM room_revisions WHERE room_id = $1`,
    [room_id],
  )
  expect(rows).toEqual([{ is_old_hash: true }])
  expect((await verify(database.pool, room_id)).first_problem).toBeUndefined()
})

describe('a revision', () => {
  test.each([
    ['payload', `payload || '{"content": "something else"}'`],
    ['actor_id', `'ben'`],
    ['at', `at + interval '1 microsecond'`],
    ['at', `'infinity'`],
    ['kind', `'poem'`],
    ['change_id', 'gen_random_uuid()'],
    ['hash', `sha256(hash)`],
  ])('[SEC-4] whose %s was changed to %s is named', async (column, value) => {
    await run(`UPDATE room_revisions SET ${column} = ${value} WHERE room_id = $1 AND revision = 6`)
    expect(await firstProblem()).toMatchObject({ kind: 'revision_altered', revision: 6 })
  })

  test('[SEC-4] that was hung on another message is named', async () => {
    await run(
      `UPDATE room_revisions SET message_id = $2 WHERE room_id = $1 AND kind = 'message_deleted'`,
      record.message_ids[3],
    )
    expect(await firstProblem()).toEqual({
      kind: 'revision_altered',
      message: expect.any(String) as string,
      revision: head.revision,
    })
  })

  test('[SEC-4] of a message whose message_id was changed is named', async () => {
    await run(
      `UPDATE room_revisions SET message_id = gen_random_uuid() WHERE room_id = $1 AND revision = 6`,
    )
    expect(await firstProblem()).toMatchObject({ kind: 'revision_invalid', revision: 6 })
  })

  test.each([1, 5, 13])(
    '[SEC-4] [SEQ-1] number %i removed leaves a gap that is named',
    async (revision) => {
      await run('DELETE FROM room_revisions WHERE room_id = $1 AND revision = $2', revision)
      expect(await firstProblem()).toMatchObject({ kind: 'revision_missing', revision })
    },
  )

  test('[SEC-4] removed, with the others moved up, breaks the link', async () => {
    await run('DELETE FROM room_revisions WHERE room_id = $1 AND revision = 5')
    await run('UPDATE room_revisions SET revision = -revision WHERE room_id = $1 AND revision > 5')
    await run(
      'UPDATE room_revisions SET revision = -revision - 1 WHERE room_id = $1 AND revision < 0',
    )
    expect(await firstProblem()).toMatchObject({ kind: 'revision_unlinked', revision: 5 })
  })

  test('[SEC-4] swapped with another is named', async () => {
    await run('UPDATE room_revisions SET revision = -5 WHERE room_id = $1 AND revision = 5')
    await run('UPDATE room_revisions SET revision = 5 WHERE room_id = $1 AND revision = 8')
    await run('UPDATE room_revisions SET revision = 8 WHERE room_id = $1 AND revision = -5')
    expect(await firstProblem()).toMatchObject({ kind: 'revision_unlinked', revision: 5 })
  })

  test('[SEC-4] put in between, with the others moved on, is named', async () => {
    await run('UPDATE room_revisions SET revision = -revision WHERE room_id = $1 AND revision > 5')
    await run(
      'UPDATE room_revisions SET revision = 1 - revision WHERE room_id = $1 AND revision < 0',
    )
    await run(
      `INSERT INTO room_revisions SELECT room_id, 6, 'member_added', gen_random_uuid(), NULL, 'ann', at,
          '{"user_id": "eve", "role": "owner"}', hash,
          revision_hash(hash, room_id, 6, 'member_added', gen_random_uuid(), 'ann', at, '{}')
        FROM room_revisions WHERE room_id = $1 AND revision = 5`,
    )
    expect(await firstProblem()).toMatchObject({ kind: 'revision_altered', revision: 6 })
  })

  test('[SEC-4] before the first is named', async () => {
    await run(
      `INSERT INTO room_revisions SELECT room_id, 0, kind, gen_random_uuid(), NULL, actor_id, at,
          payload, '', '' FROM room_revisions WHERE room_id = $1 AND revision = 1`,
    )
    expect(await firstProblem()).toMatchObject({ kind: 'revision_unexpected', revision: 0 })
  })

  test('[SEC-4] beyond what the room counts is named', async () => {
    await run(
      `INSERT INTO room_revisions SELECT room_id, revision + 1, 'member_added', id, NULL, 'ann', at,
          '{"user_id": "eve", "role": "owner"}', hash,
          revision_hash(hash, room_id, revision + 1, 'member_added', id, 'ann', at,
            '{"user_id": "eve", "role": "owner"}')
        FROM room_revisions, gen_random_uuid() AS id WHERE room_id = $1 AND revision = $2`,
      head.revision,
    )
    const revision = head.revision + 1
    expect(await firstProblem()).toMatchObject({ kind: 'counter_wrong', revision })
  })

  test('[SEQ-1] whose message has a number out of turn is named, though the chain holds', async () => {
    await run(
      `UPDATE room_revisions SET payload = payload || '{"sequence_number": 9}'
        WHERE room_id = $1 AND revision = 6`,
    )
    await relink(6)
    expect(await firstProblem()).toMatchObject({
      kind: 'sequence_broken',
      revision: 6,
      sequence_number: 2,
    })
  })

  test('[SEC-4] of a kind that nobody writes is named, though the chain holds', async () => {
    await run(
      `UPDATE room_revisions SET kind = 'poem', message_id = NULL WHERE room_id = $1 AND revision = 3`,
    )
    await relink(3)
    expect(await firstProblem()).toMatchObject({ kind: 'revision_invalid', revision: 3 })
  })
})

describe('the end of the record', () => {
  test('[SEC-4] cut off under the counters is named', async () => {
    await run('DELETE FROM room_revisions WHERE room_id = $1 AND revision > 20')
    expect(await firstProblem()).toMatchObject({ kind: 'revision_missing', revision: 21 })
  })

  test('[API-9] cut off with the counters put back: rows alone say nothing, whoever remembers the head does', async () => {
    const from = head.revision + 1
    await commit(database.pool, { room_id: record.room_id, items: messages(5) })
    head = await headNow()
    await cutTail(from)
    expect(await firstProblem()).toBeUndefined()
    const attested = [{ ...head, by: 'a checkpoint' }]
    expect(await verify(database.pool, record.room_id, { attested })).toMatchObject({
      first_problem: { kind: 'tail_cut', revision: from },
    })
  })

  test('[API-9] a chain made anew is whole; whoever remembers a head finds it', async () => {
    const attested = [{ ...head, by: 'a receipt' }]
    await run(
      `UPDATE room_revisions SET payload = payload || '{"role": "owner"}' WHERE room_id = $1 AND revision = 3`,
    )
    await run(`UPDATE room_members SET role = 'owner' WHERE room_id = $1 AND user_id = 'vic'`)
    await run(
      `UPDATE room_revisions SET payload = payload || '{"role": "owner"}'
        WHERE room_id = $1 AND kind = 'member_role_changed'`,
    )
    await relink(3)
    expect(await firstProblem()).toBeUndefined()
    expect(await verify(database.pool, record.room_id, { attested })).toMatchObject({
      first_problem: { kind: 'history_rewritten', revision: head.revision },
    })
  })

  test('[API-9] control: what went on since leaves an attested head good', async () => {
    await commit(database.pool, { room_id: record.room_id, items: messages(3) })
    const attested = [{ ...head, by: 'a receipt' }]
    const { first_problem } = await verify(database.pool, record.room_id, { attested })
    expect(first_problem).toBeUndefined()
  })

  test.each([
    ['last_revision', 'last_revision + 1', { kind: 'revision_missing' }],
    ['last_revision', 'last_revision - 1', { kind: 'counter_wrong', field: 'last_revision' }],
    ['last_sequence', 'last_sequence + 1', { kind: 'counter_wrong', field: 'last_sequence' }],
    ['last_hash', 'sha256(last_hash)', { kind: 'counter_wrong', field: 'last_hash' }],
  ])('[SEQ-1] a %s set to %s is named', async (column, value, problem) => {
    await run(`UPDATE incident_rooms SET ${column} = ${value} WHERE room_id = $1`)
    expect(await firstProblem()).toMatchObject(problem)
  })
})

describe('the room and its members', () => {
  test.each([
    ['title', `'nothing happened'`],
    ['severity', `'low'`],
    ['incident_type', `'other'`],
    ['status', `'active'`],
    ['location', `'Hall B'`],
    ['description', `'x'`],
    ['lots', `'[]'`],
    ['created_by', `'ben'`],
    ['created_at', `created_at + interval '1 microsecond'`],
    ['updated_at', `updated_at - interval '1 microsecond'`],
    ['last_activity_at', 'now()'],
  ])('[API-9] a %s that no revision tells of is named', async (field, value) => {
    await run(`UPDATE incident_rooms SET ${field} = ${value} WHERE room_id = $1`)
    expect(await firstProblem()).toMatchObject({ kind: 'room_altered', field })
  })

  test.each([
    [`UPDATE room_members SET role = 'owner'`, { kind: 'member_altered', field: 'role' }],
    [`UPDATE room_members SET joined_at = now()`, { kind: 'member_altered', field: 'joined_at' }],
    [`DELETE FROM room_members`, { kind: 'member_missing' }],
  ])('[API-9] %s is named', async (text, problem) => {
    await run(`${text} WHERE room_id = $1 AND user_id = 'ben'`)
    expect(await firstProblem()).toMatchObject({ ...problem, user_id: 'ben' })
  })

  test('[API-9] a member without a revision is named', async () => {
    await run(`INSERT INTO room_members VALUES ($1, 'gone', 'owner', now())`)
    expect(await firstProblem()).toMatchObject({ kind: 'member_unexpected', user_id: 'gone' })
  })
})

describe('a message', () => {
  test.each([
    ['content', 1, `'all is well'`],
    ['data', 2, `data || '{"temperature": 20.5}'`],
    ['data', 2, 'NULL'],
    ['data', 4, `'{}'`],
    ['sender_id', 3, `'vic'`],
    ['client_message_id', 3, `'x'`],
    ['message_type', 3, `'system'`],
    ['mentions', 1, `'{}'`],
    ['file_id', 3, 'gen_random_uuid()'],
    ['reply_to', 3, 'NULL'],
    ['created_at', 3, `created_at + interval '1 microsecond'`],
    ['edited_at', 1, 'NULL'],
    ['edited_at', 4, `'infinity'`],
    ['deleted_at', 3, 'NULL'],
    ['deleted_at', 4, 'now()'],
    ['deleted_by', 3, `'ben'`],
    ['pinned_at', 2, 'now()'],
    ['pinned_by', 2, `'ben'`],
    ['event_at', 2, `event_at + interval '1 microsecond'`],
  ])(
    '[API-9] whose %s was changed (message %i, to %s) is named',
    async (field, sequence_number, value) => {
      await run(
        `UPDATE messages SET ${field} = ${value} WHERE room_id = $1 AND sequence_number = $2`,
        sequence_number,
      )
      expect(await firstProblem(2)).toMatchObject({
        kind: 'message_altered',
        sequence_number,
        field,
        message_id: record.message_ids[sequence_number - 1],
      })
    },
  )

  test.each(oneTo(8))('[SEQ-1] number %i removed is named', async (sequence_number) => {
    await run('DELETE FROM messages WHERE room_id = $1 AND sequence_number = $2', sequence_number)
    expect(await firstProblem(3)).toMatchObject({ kind: 'message_missing', sequence_number })
  })

  test.each([0, 9, 50])('[API-9] number %i put in without a revision is named', async (number) => {
    await run(
      `INSERT INTO messages SELECT gen_random_uuid(), room_id, $2, revision, sender_id, 'forged',
          content, data, message_type, mentions, file_id, reply_to, created_at
        FROM messages WHERE room_id = $1 AND sequence_number = 8`,
      number,
    )
    expect(await firstProblem()).toMatchObject({
      kind: 'message_unexpected',
      sequence_number: number,
    })
  })

  test('[API-9] put in the place of another is named', async () => {
    await run(
      `UPDATE messages SET message_id = gen_random_uuid() WHERE room_id = $1 AND sequence_number = 5`,
    )
    expect(await firstProblem()).toMatchObject({ kind: 'message_unexpected', sequence_number: 5 })
  })

  test('[API-9] moved to another room is missing here and too many there', async () => {
    const other = await addRoom(database.pool)
    await run('UPDATE messages SET room_id = $2 WHERE room_id = $1 AND sequence_number = 8', other)
    expect(await firstProblem()).toMatchObject({ kind: 'message_missing', sequence_number: 8 })
    expect((await verify(database.pool, other)).first_problem).toMatchObject({
      kind: 'message_unexpected',
    })
  })
})

describe('a reaction', () => {
  const reactions = (text: string) =>
    run(
      `${text} WHERE user_id = 'ben' AND message_id = $2 AND $1::uuid IS NOT NULL`,
      record.message_ids[0],
    )

  test.each([
    ['DELETE FROM message_reactions', { kind: 'reaction_missing', user_id: 'ben', field: '👍' }],
    [
      'UPDATE message_reactions SET revision = revision + 1',
      { kind: 'reaction_altered', user_id: 'ben' },
    ],
    [`UPDATE message_reactions SET emoji = '🎉'`, { kind: 'reaction_missing', user_id: 'ben' }],
    [`UPDATE message_reactions SET user_id = 'ann'`, { kind: 'reaction_missing', user_id: 'ben' }],
    [
      'UPDATE message_reactions SET message_id = gen_random_uuid()',
      { kind: 'reaction_missing', user_id: 'ben' },
    ],
  ])('[API-9] %s is named', async (text, problem) => {
    await reactions(text)
    expect(await firstProblem()).toMatchObject({ ...problem, sequence_number: 1 })
  })

  test.each([
    ['that was taken back', 'vic', '🔥'],
    ['that never was', 'ben', '👍'],
  ])('[API-9] %s, put in, is named', async (_, user_id, emoji) => {
    await run(
      'INSERT INTO message_reactions SELECT $2, $3, $4, 9 FROM incident_rooms WHERE room_id = $1',
      ...[record.message_ids[1], emoji, user_id],
    )
    expect(await firstProblem()).toMatchObject({
      kind: 'reaction_unexpected',
      sequence_number: 2,
      user_id,
      field: emoji,
    })
  })
})
