import { expect, test } from 'vitest'
import type { Degraded } from '../../../src/protocol/degradation.ts'
import type { DownFrame } from '../../../src/protocol/down.ts'
import { applyToView, emptyView, type RoomView } from '../../../web/src/sync/room-view.ts'
import { aMember, aMessage, aMessageFrame, aWelcome, at } from './builders.ts'

const me = 'alice@muster.test'
const after = (...frames: DownFrame[]): RoomView =>
  frames.reduce((view, frame) => applyToView(view, frame, me), emptyView)
const change = { type: 'system', revision: 2, timestamp: at, actor_id: 'bob@muster.test' } as const
const presence = (event: 'user_joined' | 'user_left', user_id: string): DownFrame => ({
  type: 'system',
  event,
  user_id,
  display_name: user_id,
  timestamp: at,
})

test('[PRES-1] who is online is a set: joined twice counts once', () => {
  const view = after(aWelcome(), presence('user_joined', 'bob'), presence('user_joined', 'bob'))
  expect(view.online.map((user) => user.user_id)).toEqual(['bob'])
  expect(view.online_count).toBe(1)
  expect(applyToView(view, presence('user_left', 'bob'), me)).toMatchObject({
    online: [],
    online_count: 0,
  })
})

test('[PRES-2] the list replaces what was known', () => {
  const view = after(aWelcome(), presence('user_joined', 'bob'), {
    type: 'presence',
    online: [],
    online_count: 400,
  })
  expect(view).toMatchObject({ online: [], online_count: 400 })
})

test('[PRES-3] typing is the whole list, without oneself, and ends with the message', () => {
  const view = after(aWelcome(), { type: 'typing', user_ids: [me, 'bob@muster.test', 'carol'] })
  expect(view.typing).toEqual(['bob@muster.test', 'carol'])
  expect(applyToView(view, aMessageFrame(aMessage(1)), me).typing).toEqual(['carol'])
})

test('[CONN-8] a changed role obeys at once, for oneself only', () => {
  const view = after(aWelcome({ role: 'editor' }))
  const changed = (user_id: string) =>
    applyToView(view, { ...change, event: 'member_role_changed', user_id, role: 'viewer' }, me).role
  expect(changed(me)).toBe('viewer')
  expect(changed('bob@muster.test')).toBe('editor')
})

test('[CONN-5] membership changes keep the list of members', () => {
  const known = { ...after(aWelcome()), members: [aMember()] }
  const carol = aMember({ user_id: 'carol@muster.test' })
  const added = applyToView(known, { ...change, event: 'member_added', member: carol }, me)
  expect(added.members).toEqual([aMember(), carol])
  const again = applyToView(added, { ...change, event: 'member_added', member: carol }, me)
  expect(again.members).toHaveLength(2)
  const removed = { ...change, event: 'member_removed', user_id: carol.user_id } as const
  expect(applyToView(again, removed, me).members).toEqual([aMember()])
})

test('[CONN-5] an updated room changes the named fields only', () => {
  const frame = { ...change, event: 'room_updated', changes: { status: 'resolved' } } as const
  const view = after(aWelcome(), frame)
  expect(view.details).toEqual({ ...aWelcome().room, status: 'resolved' })
})

const told = (user_id: string, read_sequence: number): DownFrame => ({
  type: 'read_marks',
  read_marks: [{ user_id, read_sequence }],
})

test('[INBOX-2] read marks only move forward, whatever comes late', () => {
  const view = after(told('bob', 4), told('carol', 2), told('bob', 3), aWelcome())
  expect([...view.read_marks]).toEqual([
    ['bob', 4],
    ['carol', 2],
  ])
})

test('[LIM-2] what is paused is known until it is told again, or a new connection begins', () => {
  const busy: Degraded = {
    type: 'degraded',
    level: 2,
    paused: ['typing', 'presence'],
    database: 'reachable',
  }
  const view = after(aWelcome(), { type: 'typing', user_ids: ['bob'] }, busy)
  expect(view.degraded).toEqual({ paused: ['typing', 'presence'], database: 'reachable' })
  // Nobody tells any more when it ends.
  expect(view.typing).toEqual([])
  expect(applyToView(view, { ...busy, level: 0, paused: [] }, me).degraded.paused).toEqual([])
  expect(applyToView(view, aWelcome(), me).degraded.paused).toEqual([])
})
