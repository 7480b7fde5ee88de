/** The proof of a record (SEC-4): damage to its revisions, planted in real rows, is named. */
import { describe, expect, test } from 'vitest'
import { addRoom, commit, messages } from './builders.ts'
import { eachWithRecord, headOf } from './damaged-record.ts'
import { verify } from './record.ts'

const record = eachWithRecord()

test('[API-9] control: a room with everything in it is proven, whatever the size of the batches', async () => {
  const { rows } = await record().run('SELECT count(*) FROM messages WHERE room_id = $1')
  for (const limit of [1, 2, 7, 1_000])
    expect(await verify(record().pool, record().room_id, { limit })).toEqual({
      first_problem: undefined,
      head: record().head,
      messages: Number(rows[0].count),
    })
})

test('[API-9] control: a room in which nothing was said is proven', async () => {
  const room_id = await addRoom(record().pool)
  expect(await verify(record().pool, room_id)).toMatchObject({ messages: 0, head: { revision: 1 } })
})

test('[SEC-4] control: what was written before changes of messages were, is proven as it is', async () => {
  const room_id = await addRoom(record().pool, { ben: 'editor' })
  await commit(record().pool, { room_id, items: messages(3) })
  const { rows } = await record().pool.query(
    `SELECT bool_and(hash = revision_hash(
        previous_hash, room_id, revision, kind, change_id, actor_id, at, payload)) AS is_old_hash
      FROM room_revisions WHERE room_id = $1`,
    [room_id],
  )
  expect(rows).toEqual([{ is_old_hash: true }])
  expect((await verify(record().pool, room_id)).first_problem).toBeUndefined()
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
    await record().run(
      `UPDATE room_revisions SET ${column} = ${value} WHERE room_id = $1 AND revision = 6`,
    )
    expect(await record().firstProblem()).toMatchObject({ kind: 'revision_altered', revision: 6 })
  })

  test('[SEC-4] that was hung on another message is named', async () => {
    await record().run(
      `UPDATE room_revisions SET message_id = $2 WHERE room_id = $1 AND kind = 'message_deleted'`,
      record().said(4).message_id,
    )
    expect(await record().firstProblem()).toEqual({
      kind: 'revision_altered',
      message: expect.any(String) as string,
      revision: record().head.revision,
    })
  })

  test('[SEC-4] of a message whose message_id was changed is named', async () => {
    await record().run(
      'UPDATE room_revisions SET message_id = gen_random_uuid() WHERE room_id = $1 AND revision = $2',
      record().said(2).revision,
    )
    expect(await record().firstProblem()).toMatchObject({
      kind: 'revision_invalid',
      revision: record().said(2).revision,
      field: 'message_id',
    })
  })

  test.each([1, 5, 13])(
    '[SEC-4] [SEQ-1] number %i removed leaves a gap that is named',
    async (revision) => {
      await record().run(
        'DELETE FROM room_revisions WHERE room_id = $1 AND revision = $2',
        revision,
      )
      expect(await record().firstProblem()).toMatchObject({ kind: 'revision_missing', revision })
    },
  )

  test('[SEC-4] removed, with the others moved up, breaks the link', async () => {
    await record().run('DELETE FROM room_revisions WHERE room_id = $1 AND revision = 5')
    await record().run(
      'UPDATE room_revisions SET revision = -revision WHERE room_id = $1 AND revision > 5',
    )
    await record().run(
      'UPDATE room_revisions SET revision = -revision - 1 WHERE room_id = $1 AND revision < 0',
    )
    expect(await record().firstProblem()).toMatchObject({ kind: 'revision_unlinked', revision: 5 })
  })

  test('[SEC-4] swapped with another is named', async () => {
    await record().run(
      'UPDATE room_revisions SET revision = -5 WHERE room_id = $1 AND revision = 5',
    )
    await record().run('UPDATE room_revisions SET revision = 5 WHERE room_id = $1 AND revision = 8')
    await record().run(
      'UPDATE room_revisions SET revision = 8 WHERE room_id = $1 AND revision = -5',
    )
    expect(await record().firstProblem()).toMatchObject({ kind: 'revision_unlinked', revision: 5 })
  })

  test('[SEC-4] put in between, with the others moved on, is named', async () => {
    await record().run(
      'UPDATE room_revisions SET revision = -revision WHERE room_id = $1 AND revision > 5',
    )
    await record().run(
      'UPDATE room_revisions SET revision = 1 - revision WHERE room_id = $1 AND revision < 0',
    )
    await record().run(
      `INSERT INTO room_revisions SELECT room_id, 6, 'member_added', gen_random_uuid(), NULL, 'ann', at,
          '{"user_id": "eve", "role": "owner"}', hash,
          revision_hash(hash, room_id, 6, 'member_added', gen_random_uuid(), 'ann', at, '{}')
        FROM room_revisions WHERE room_id = $1 AND revision = 5`,
    )
    expect(await record().firstProblem()).toMatchObject({ kind: 'revision_altered', revision: 6 })
  })

  test('[SEC-4] before the first is named', async () => {
    await record().run(
      `INSERT INTO room_revisions SELECT room_id, 0, kind, gen_random_uuid(), NULL, actor_id, at,
          payload, '', '' FROM room_revisions WHERE room_id = $1 AND revision = 1`,
    )
    expect(await record().firstProblem()).toMatchObject({
      kind: 'revision_unexpected',
      revision: 0,
    })
  })

  test('[SEC-4] beyond what the room counts is named', async () => {
    await record().run(
      `INSERT INTO room_revisions SELECT room_id, revision + 1, 'member_added', id, NULL, 'ann', at,
          '{"user_id": "eve", "role": "owner"}', hash,
          revision_hash(hash, room_id, revision + 1, 'member_added', id, 'ann', at,
            '{"user_id": "eve", "role": "owner"}')
        FROM room_revisions, gen_random_uuid() AS id WHERE room_id = $1 AND revision = $2`,
      record().head.revision,
    )
    const revision = record().head.revision + 1
    expect(await record().firstProblem()).toMatchObject({ kind: 'counter_wrong', revision })
  })

  test('[SEQ-1] whose message has a number out of turn is named, though the chain holds', async () => {
    const { revision, sequence_number } = record().said(2)
    await record().run(
      `UPDATE room_revisions SET payload = payload || '{"sequence_number": 90}'
        WHERE room_id = $1 AND revision = $2`,
      revision,
    )
    await record().relink(revision)
    expect(await record().firstProblem()).toMatchObject({
      kind: 'sequence_broken',
      revision,
      sequence_number,
    })
  })

  test('[SEC-4] of a kind that nobody writes is named, though the chain holds', async () => {
    await record().run(
      `UPDATE room_revisions SET kind = 'poem', message_id = NULL WHERE room_id = $1 AND revision = 3`,
    )
    await record().relink(3)
    expect(await record().firstProblem()).toMatchObject({ kind: 'revision_invalid', revision: 3 })
  })
})

describe('the end of the record', () => {
  test('[SEC-4] cut off under the counters is named', async () => {
    await record().run('DELETE FROM room_revisions WHERE room_id = $1 AND revision > 20')
    expect(await record().firstProblem()).toMatchObject({ kind: 'revision_missing', revision: 21 })
  })

  test('[API-9] cut off with the counters put back: rows alone say nothing, whoever remembers the head does', async () => {
    const from = record().head.revision + 1
    await commit(record().pool, { room_id: record().room_id, items: messages(5) })
    const head = await headOf(record(), record().room_id)
    await record().cutTail(from)
    expect(await record().firstProblem()).toBeUndefined()
    const attested = [{ ...head, by: 'a checkpoint' }]
    expect(await verify(record().pool, record().room_id, { attested })).toMatchObject({
      first_problem: { kind: 'tail_cut', revision: from },
    })
  })

  test('[API-9] a chain made anew is whole; whoever remembers a head finds it', async () => {
    const attested = [{ ...record().head, by: 'a receipt' }]
    await record().run(
      `UPDATE room_revisions SET payload = payload || '{"role": "owner"}' WHERE room_id = $1 AND kind = 'member_added' AND payload ->> 'user_id' = 'vic'`,
    )
    await record().run(
      `UPDATE room_members SET role = 'owner' WHERE room_id = $1 AND user_id = 'vic'`,
    )
    await record().run(
      `UPDATE room_revisions SET payload = payload || '{"role": "owner"}'
        WHERE room_id = $1 AND kind = 'member_role_changed'`,
    )
    await record().relink(2)
    expect(await record().firstProblem()).toBeUndefined()
    expect(await verify(record().pool, record().room_id, { attested })).toMatchObject({
      first_problem: { kind: 'history_rewritten', revision: record().head.revision },
    })
  })

  test('[API-9] control: what went on since leaves an attested head good', async () => {
    await commit(record().pool, { room_id: record().room_id, items: messages(3) })
    const attested = [{ ...record().head, by: 'a receipt' }]
    const { first_problem } = await verify(record().pool, record().room_id, { attested })
    expect(first_problem).toBeUndefined()
  })

  test.each([
    ['last_revision', 'last_revision + 1', { kind: 'revision_missing' }],
    ['last_revision', 'last_revision - 1', { kind: 'counter_wrong', field: 'last_revision' }],
    ['last_sequence', 'last_sequence + 1', { kind: 'counter_wrong', field: 'last_sequence' }],
    ['last_hash', 'sha256(last_hash)', { kind: 'counter_wrong', field: 'last_hash' }],
  ])('[SEQ-1] a %s set to %s is named', async (column, value, problem) => {
    await record().run(`UPDATE incident_rooms SET ${column} = ${value} WHERE room_id = $1`)
    expect(await record().firstProblem()).toMatchObject(problem)
  })
})
