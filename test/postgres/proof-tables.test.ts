/** The proof of a record (API-9): tables that say something else than the revisions are named. */
import { describe, expect, test } from 'vitest'
import { addRoom, oneTo } from './builders.ts'
import { eachWithRecord } from './damaged-record.ts'
import { verify } from './record.ts'

const record = eachWithRecord()

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
    await record().run(`UPDATE incident_rooms SET ${field} = ${value} WHERE room_id = $1`)
    expect(await record().firstProblem()).toMatchObject({ kind: 'room_altered', field })
  })

  test.each([
    [`UPDATE room_members SET role = 'owner'`, { kind: 'member_altered', field: 'role' }],
    [`UPDATE room_members SET joined_at = now()`, { kind: 'member_altered', field: 'joined_at' }],
    [`DELETE FROM room_members`, { kind: 'member_missing' }],
  ])('[API-9] %s is named', async (text, problem) => {
    await record().run(`${text} WHERE room_id = $1 AND user_id = 'ben'`)
    expect(await record().firstProblem()).toMatchObject({ ...problem, user_id: 'ben' })
  })

  test('[API-9] a member without a revision is named', async () => {
    await record().run(`INSERT INTO room_members VALUES ($1, 'gone', 'owner', now())`)
    expect(await record().firstProblem()).toMatchObject({
      kind: 'member_unexpected',
      user_id: 'gone',
    })
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
  ])('[API-9] whose %s was changed (message %i, to %s) is named', async (field, number, value) => {
    const { message_id, sequence_number } = record().said(number)
    await record().run(
      `UPDATE messages SET ${field} = ${value} WHERE room_id = $1 AND message_id = $2`,
      message_id,
    )
    expect(await record().firstProblem(2)).toMatchObject({
      kind: 'message_altered',
      sequence_number,
      field,
      message_id,
    })
  })

  test.each(oneTo(7))('[SEQ-1] number %i removed is named', async (number) => {
    const { sequence_number } = record().said(number)
    await record().run(
      'DELETE FROM messages WHERE room_id = $1 AND sequence_number = $2',
      sequence_number,
    )
    expect(await record().firstProblem(3)).toMatchObject({
      kind: 'message_missing',
      sequence_number,
    })
  })

  test.each([0, 1, 50])(
    '[API-9] put in without a revision, %i after the last or at 0, is named',
    async (more) => {
      const number = more === 0 ? 0 : record().said(7).sequence_number + more
      await record().run(
        `INSERT INTO messages SELECT gen_random_uuid(), room_id, $2, revision, sender_id, 'forged',
          content, data, message_type, mentions, file_id, reply_to, created_at
        FROM messages WHERE room_id = $1 AND sequence_number = 1`,
        number,
      )
      expect(await record().firstProblem()).toMatchObject({
        kind: 'message_unexpected',
        sequence_number: number,
      })
    },
  )

  test('[API-9] put in the place of another is named', async () => {
    await record().run(
      `UPDATE messages SET message_id = gen_random_uuid() WHERE room_id = $1 AND sequence_number = 5`,
    )
    expect(await record().firstProblem()).toMatchObject({
      kind: 'message_unexpected',
      sequence_number: 5,
    })
  })

  test('[API-9] moved to another room is missing here and too many there', async () => {
    const other = await addRoom(record().pool)
    await record().run(
      'UPDATE messages SET room_id = $2 WHERE room_id = $1 AND message_id = $3',
      other,
      record().said(7).message_id,
    )
    expect(await record().firstProblem()).toMatchObject({
      kind: 'message_missing',
      sequence_number: record().said(7).sequence_number,
    })
    expect((await verify(record().pool, other)).first_problem).toMatchObject({
      kind: 'message_unexpected',
    })
  })
})

const reactions = (text: string) =>
  record().run(
    `${text} WHERE user_id = 'ben' AND message_id = $2 AND $1::uuid IS NOT NULL`,
    record().said(1).message_id,
  )

describe('a reaction', () => {
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
    expect(await record().firstProblem()).toMatchObject({
      ...problem,
      sequence_number: record().said(1).sequence_number,
    })
  })

  test.each([
    ['that was taken back', 'vic', '🔥'],
    ['that never was', 'ben', '👍'],
  ])('[API-9] %s, put in, is named', async (_, user_id, emoji) => {
    await record().run(
      'INSERT INTO message_reactions SELECT $2, $3, $4, 9 FROM incident_rooms WHERE room_id = $1',
      ...[record().said(2).message_id, emoji, user_id],
    )
    expect(await record().firstProblem()).toMatchObject({
      kind: 'reaction_unexpected',
      sequence_number: record().said(2).sequence_number,
      user_id,
      field: emoji,
    })
  })
})
