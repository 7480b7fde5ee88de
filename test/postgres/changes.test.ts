/** Changes of a room and its members: who may make them, and how they are told and replayed. */
import { uuidv7 } from 'uuidv7'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { changeOf, readChanges } from '../../src/database/changes.ts'
import { listMembers } from '../../src/database/members.ts'
import type { CommitItem } from '../../src/domain/room/commit.ts'
import { Change } from '../../src/protocol/change.ts'
import type { Role } from '../../src/protocol/member.ts'
import type { UpdateRoom } from '../../src/protocol/room.ts'
import { createDatabase, type Database } from '../support/database.ts'
import { addRoom, addUser, changeRows, commit, message, oneTo, roomRow } from './builders.ts'

let database: Database
beforeAll(async () => {
  database = await createDatabase()
  await addUser(database.pool, { user_id: 'ann', display_name: 'Ann Lin' })
  await addUser(database.pool, { user_id: 'ben', display_name: 'Ben Wu' })
  await addUser(database.pool, { user_id: 'root', display_name: 'Root', is_admin: true })
})
afterAll(() => database.drop())

type MemberKind =
  'member_added' | 'member_role_changed' | 'member_removed' | 'ownership_transferred'

const member = (kind: MemberKind, actor_id: string, user_id: string, role?: Role): CommitItem =>
  ({
    kind,
    change_id: uuidv7(),
    message_id: uuidv7(),
    actor_id,
    user_id,
    ...(role && { role }),
  }) as CommitItem

const notice = (revision: number, data: Record<string, unknown>) => ({
  type: 'message',
  revision,
  message: { message_type: 'system', data },
})

const update = (actor_id: string, changes: UpdateRoom): CommitItem => ({
  kind: 'room_updated',
  change_id: uuidv7(),
  message_id: uuidv7(),
  actor_id,
  changes,
})

/** Commits one item; its status, or the code it was refused with, and what it changed. */
const attempt = async (room_id: string, item: CommitItem) => {
  const { last_revision: expected_revision } = await roomRow(database.pool, room_id)
  const { results, changes } = await commit(database.pool, {
    room_id,
    expected_revision,
    items: [item],
  })
  const [result] = results
  return { result: result?.status === 'refused' ? result.code : result?.status, changes }
}

const roles = async (room_id: string): Promise<Record<string, Role>> => {
  const read = await listMembers(database.pool, { room_id, user_id: 'ann' })
  return Object.fromEntries((read?.members ?? []).map(({ user_id, role }) => [user_id, role]))
}

describe('members', () => {
  test('[API-4] an owner adds, changes and removes; each is a revision with its frame, and is said in the room', async () => {
    const room_id = await addRoom(database.pool)
    const added = await attempt(room_id, member('member_added', 'ann', 'ben', 'viewer'))
    expect(added.changes).toMatchObject([
      {
        revision: 2,
        event: 'member_added',
        actor_id: 'ann',
        member: { user_id: 'ben', display_name: 'Ben Wu', role: 'viewer', is_admin: false },
      },
      notice(3, { event: 'member_added', user_id: 'ben', display_name: 'Ben Wu', role: 'viewer' }),
    ])
    const changed = await attempt(room_id, member('member_role_changed', 'ann', 'ben', 'editor'))
    expect(changed.changes).toMatchObject([
      { revision: 4, event: 'member_role_changed', user_id: 'ben', role: 'editor' },
      notice(5, { event: 'member_role_changed', user_id: 'ben', role: 'editor' }),
    ])
    const removed = await attempt(room_id, member('member_removed', 'ann', 'ben'))
    expect(removed.changes).toMatchObject([
      { revision: 6, event: 'member_removed', user_id: 'ben' },
      notice(7, { event: 'member_removed', user_id: 'ben' }),
    ])
    expect(await roles(room_id)).toEqual({ ann: 'owner' })
  })

  test('[API-4] the same change again is repeated, the same wish again unchanged; neither is a revision', async () => {
    const room_id = await addRoom(database.pool)
    const add = member('member_added', 'ann', 'ben', 'viewer')
    expect((await attempt(room_id, add)).result).toBe('changed')
    expect(await attempt(room_id, add)).toEqual({ result: 'repeated', changes: [] })
    const wish = member('member_added', 'ann', 'ben', 'viewer')
    expect(await attempt(room_id, wish)).toEqual({ result: 'unchanged', changes: [] })
    const same = member('member_role_changed', 'ann', 'ben', 'viewer')
    expect(await attempt(room_id, same)).toEqual({ result: 'unchanged', changes: [] })
    expect(await roomRow(database.pool, room_id)).toMatchObject({ last_revision: 3 })
  })

  test('[API-4] a change_id that another room used is no repeat', async () => {
    const add = member('member_added', 'ann', 'ben', 'viewer')
    expect((await attempt(await addRoom(database.pool), add)).result).toBe('changed')
    const elsewhere = { ...add, message_id: uuidv7() } as CommitItem
    expect((await attempt(await addRoom(database.pool), elsewhere)).result).toBe('changed')
  })

  test('[API-4] a member with another role is a conflict, one who is none is not found', async () => {
    const room_id = await addRoom(database.pool, { ben: 'viewer' })
    expect((await attempt(room_id, member('member_added', 'ann', 'ben', 'editor'))).result).toBe(
      'conflict',
    )
    expect((await attempt(room_id, member('member_removed', 'ann', 'eve'))).result).toBe(
      'not_found',
    )
    expect(
      (await attempt(room_id, member('member_role_changed', 'ann', 'eve', 'editor'))).result,
    ).toBe('not_found')
    expect((await attempt(room_id, member('ownership_transferred', 'ann', 'eve'))).result).toBe(
      'not_found',
    )
  })

  test('[API-4] the last owner can neither leave nor step down, nor be removed by an admin', async () => {
    const room_id = await addRoom(database.pool, { ben: 'editor' })
    expect((await attempt(room_id, member('member_removed', 'ann', 'ann'))).result).toBe('conflict')
    expect(
      (await attempt(room_id, member('member_role_changed', 'ann', 'ann', 'editor'))).result,
    ).toBe('conflict')
    expect((await attempt(room_id, member('member_removed', 'root', 'ann'))).result).toBe(
      'conflict',
    )
    await attempt(room_id, member('member_role_changed', 'ann', 'ben', 'owner'))
    expect((await attempt(room_id, member('member_removed', 'ann', 'ann'))).result).toBe('changed')
    expect(await roles(room_id)).toEqual({ ben: 'owner' })
  })

  test('[API-4] of two owners who leave at once one stays', async () => {
    const room_id = await addRoom(database.pool, { ben: 'owner' })
    const [one, other] = await Promise.all(
      ['ann', 'ben'].map((user_id) =>
        commit(database.pool, { room_id, items: [member('member_removed', user_id, user_id)] }),
      ),
    )
    const statuses = [one?.results[0]?.status, other?.results[0]?.status]
    expect(statuses.toSorted()).toEqual(['changed', 'refused'])
    expect(Object.values(await roles(room_id))).toEqual(['owner'])
  })

  test('[API-4] a transfer makes an owner and an editor, in two revisions of one transaction', async () => {
    const room_id = await addRoom(database.pool, { ben: 'viewer' })
    const { result, changes } = await attempt(
      room_id,
      member('ownership_transferred', 'ann', 'ben'),
    )
    expect(result).toBe('changed')
    expect(changes).toMatchObject([
      { revision: 3, event: 'member_role_changed', user_id: 'ben', role: 'owner' },
      { revision: 4, event: 'member_role_changed', user_id: 'ann', role: 'editor' },
      notice(5, { event: 'ownership_transferred', user_id: 'ben' }),
    ])
    expect(await roles(room_id)).toEqual({ ann: 'editor', ben: 'owner' })
    const { rows } = await database.pool.query(
      'SELECT DISTINCT xmin::text FROM room_revisions WHERE room_id = $1 AND revision IN (3, 4)',
      [room_id],
    )
    expect(rows).toHaveLength(1)
  })

  test('[API-4] a transfer to an owner changes nothing; an admin’s takes no role away', async () => {
    const room_id = await addRoom(database.pool, { ben: 'owner', root: 'viewer', cid: 'editor' })
    for (const to of ['ann', 'ben'])
      expect(await attempt(room_id, member('ownership_transferred', 'ann', to))).toEqual({
        result: 'unchanged',
        changes: [],
      })
    await attempt(room_id, member('ownership_transferred', 'root', 'cid'))
    const after = { ann: 'owner', ben: 'owner', cid: 'owner', root: 'viewer' }
    expect(await roles(room_id)).toEqual(after)
    await attempt(room_id, member('ownership_transferred', 'root', 'root'))
    expect(await roles(room_id)).toEqual({ ...after, root: 'owner' })
  })

  test('[SEC-2] editors and viewers may not touch members, but may leave; strangers may nothing', async () => {
    const room_id = await addRoom(database.pool, { ben: 'editor', vic: 'viewer' })
    for (const actor of ['ben', 'vic', 'eve'])
      for (const kind of [
        'member_added',
        'member_role_changed',
        'member_removed',
        'ownership_transferred',
      ] as const) {
        const item = member(kind, actor, kind === 'member_added' ? 'eve' : 'ann', 'editor')
        expect((await attempt(room_id, item)).result).toBe('forbidden')
      }
    expect((await attempt(room_id, member('member_removed', 'vic', 'vic'))).result).toBe('changed')
    expect((await attempt(room_id, member('member_removed', 'ben', 'ben'))).result).toBe('changed')
  })

  test('[SEC-2] a role changed earlier in the same call is obeyed later in it', async () => {
    const room_id = await addRoom(database.pool, { ben: 'editor' })
    const { results } = await commit(database.pool, {
      room_id,
      items: [
        message({ actor_id: 'ben' }),
        member('member_role_changed', 'ann', 'ben', 'viewer'),
        message({ actor_id: 'ben' }),
      ],
    })
    expect(results.map(({ status }) => status)).toEqual(['committed', 'changed', 'refused'])
  })

  test('[SEC-2] an admin who is no member may write and manage', async () => {
    const room_id = await addRoom(database.pool)
    expect((await attempt(room_id, member('member_added', 'root', 'ben', 'owner'))).result).toBe(
      'changed',
    )
    expect((await attempt(room_id, message({ actor_id: 'root' }))).result).toBe('committed')
    expect((await attempt(room_id, update('root', { title: 'Moved' }))).result).toBe('changed')
  })
})

describe('the room itself', () => {
  test('[API-4] only fields that really changed are kept and told', async () => {
    const room_id = await addRoom(database.pool)
    const wish = { title: 'Line 3 stopped', severity: 'low', lots: ['A12-77'] } as const
    const { changes } = await attempt(room_id, update('ann', { ...wish, lots: [...wish.lots] }))
    expect(changes).toMatchObject([{ event: 'room_updated', revision: 2 }])
    expect(changes[0]).toHaveProperty('changes', { severity: 'low', lots: ['A12-77'] })
    const again = await attempt(room_id, update('ann', { severity: 'low', lots: ['A12-77'] }))
    expect(again).toEqual({ result: 'unchanged', changes: [] })
    const emptied = await attempt(room_id, update('ann', { lots: [] }))
    expect(emptied.changes[0]).toHaveProperty('changes', { lots: [] })
  })

  test('[API-4] a change of status says so in the room, in the same transaction', async () => {
    const room_id = await addRoom(database.pool, { ben: 'editor' })
    const item = update('ben', { status: 'resolved' })
    const { changes } = await attempt(room_id, item)
    expect(changes).toMatchObject([
      { event: 'room_updated', revision: 3, changes: { status: 'resolved' } },
      {
        type: 'message',
        revision: 4,
        message: {
          message_type: 'system',
          sequence_number: 1,
          sender_id: 'ben',
          sender_display_name: 'Ben Wu',
          content: 'Status changed to resolved',
          data: { event: 'status_changed', from: 'active', to: 'resolved' },
        },
      },
    ])
    expect(await attempt(room_id, item)).toEqual({ result: 'repeated', changes: [] })
    expect(await roomRow(database.pool, room_id)).toMatchObject({
      last_sequence: 1,
      last_revision: 4,
    })
  })

  test('[API-4] an archived room is read-only; only an owner archives it and opens it again', async () => {
    const room_id = await addRoom(database.pool, { ben: 'editor', vic: 'viewer' })
    expect((await attempt(room_id, update('vic', { title: 'Mine' }))).result).toBe('forbidden')
    expect((await attempt(room_id, update('ben', { status: 'archived' }))).result).toBe('forbidden')
    expect((await attempt(room_id, update('ann', { status: 'archived' }))).result).toBe('changed')
    expect((await attempt(room_id, message())).result).toBe('forbidden')
    expect((await attempt(room_id, update('ann', { title: 'Other' }))).result).toBe('forbidden')
    expect((await attempt(room_id, update('ben', { status: 'active' }))).result).toBe('forbidden')
    expect((await attempt(room_id, update('ann', { status: 'active' }))).result).toBe('changed')
    expect((await attempt(room_id, message({ actor_id: 'ben' }))).result).toBe('committed')
  })

  test.each([{ status: 'closed' }, { severity: 'enormous' }])(
    '[API-4] a value outside of its list (%o) is refused and changes nothing',
    async (changes) => {
      const room_id = await addRoom(database.pool)
      expect((await attempt(room_id, update('ann', changes as UpdateRoom))).result).toBe(
        'bad_request',
      )
      expect(await roomRow(database.pool, room_id)).toMatchObject({
        status: 'active',
        last_revision: 1,
      })
    },
  )
})

/** What can happen to a message, each at least once; it ends deleted. */
const everyChangeOf = (message_id: string): CommitItem[] => {
  const by = () => ({ change_id: uuidv7(), actor_id: 'ann', message_id })
  const edit = { content: 'the belt is cold', mentions: ['ben'], search: null, window_ms: 900_000 }
  return [
    { ...by(), kind: 'message_edited', ...edit },
    { ...by(), kind: 'reaction_added', emoji: '👍' },
    { ...by(), kind: 'reaction_removed', emoji: '👍' },
    { ...by(), kind: 'message_pinned', event_at: '2026-11-01T08:00:00.123Z' },
    { ...by(), kind: 'message_unpinned' },
    { ...by(), kind: 'message_deleted' },
  ]
}

/** Words that were deleted since are not told again (MSG-8). */
const asReplayed = (change: Change): Change =>
  change.type === 'message_edited' ? { ...change, content: '', mentions: [] } : change

/** A room in which every kind of change happened. */
const everything = async () => {
  const room_id = await addRoom(database.pool)
  const told = []
  for (const item of [
    member('member_added', 'ann', 'ben', 'viewer'),
    member('member_added', 'ann', 'stranger', 'editor'),
    member('member_role_changed', 'ann', 'ben', 'editor'),
    update('ann', { title: '停機', location: 'Hall 2', description: 'x', lots: ['A', 'B'] }),
    update('ann', { status: 'resolved', incident_type: 'quality_issue' }),
    member('ownership_transferred', 'ann', 'ben'),
    member('member_removed', 'ben', 'stranger'),
  ])
    told.push(...(await attempt(room_id, item)).changes)
  const said = message()
  await attempt(room_id, said)
  for (const item of everyChangeOf(said.change_id))
    told.push(...(await attempt(room_id, item)).changes)
  return { room_id, told, message_id: said.change_id }
}

describe('what is told is what is replayed', () => {
  test('[CONN-5] every kind of change has the same form live and replayed, and obeys the schema', async () => {
    const { room_id, told } = await everything()
    const replayed = (await changeRows(database.pool, room_id)).map(changeOf)
    const said = replayed.filter((change) => change.revision !== 17)
    expect(said.slice(1)).toEqual(told.map(asReplayed))
    for (const change of replayed) expect(Change.parse(change)).toEqual(change)
    expect(replayed.map((change) => change.revision)).toEqual(oneTo(23))
    const events = replayed.map((change) => ('event' in change ? change.event : change.type))
    expect(new Set(events)).toEqual(
      new Set([
        ...['room_created', 'room_updated', 'message'],
        ...['member_added', 'member_role_changed', 'member_removed'],
        ...['message_edited', 'message_deleted', 'reaction_added', 'reaction_removed'],
        ...['message_pinned', 'message_unpinned'],
      ]),
    )
  })

  test('[CONN-5] a part is read from after one revision up to another, with the room’s position', async () => {
    const { room_id } = await everything()
    const read = await readChanges(database.pool, { room_id, after: 3, upto: 6, limit: 100 })
    expect(read?.changes.map((change) => change.revision)).toEqual([4, 5, 6])
    expect(read).toMatchObject({ last_sequence: 8, last_revision: 23 })
    const limited = await readChanges(database.pool, { room_id, after: 0, upto: null, limit: 2 })
    expect(limited?.changes.map((change) => change.revision)).toEqual([1, 2])
    const none = await readChanges(database.pool, { room_id, after: 23, upto: null, limit: 2 })
    expect(none?.changes).toEqual([])
    expect(
      await readChanges(database.pool, { room_id: uuidv7(), after: 0, upto: null, limit: 2 }),
    ).toBeNull()
  })
})
