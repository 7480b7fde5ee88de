import { expect, test } from 'vitest'
import type { Message } from '../../../src/protocol/message.ts'
import { accessOf } from '../../../web/src/room/access.ts'
import { EDIT_WINDOW_MS, messageAccessOf } from '../../../web/src/room/message-access.ts'
import { aMessage, at } from './builders.ts'

const bob = { user_id: 'bob@muster.test', display_name: 'Bob', is_admin: false }
const said_at = Date.parse(at)

const offered = (
  given: {
    message?: Partial<Message>
    role?: 'owner' | 'editor' | 'viewer'
    is_admin?: boolean
    status?: 'active' | 'archived'
    after_ms?: number
  } = {},
) => {
  const user = { ...bob, is_admin: given.is_admin ?? false }
  const { can_answer, can_edit, can_delete } = messageAccessOf({
    message: aMessage(1, given.message),
    access: accessOf(user, given.role ?? 'editor', given.status ?? 'active'),
    own_user_id: bob.user_id,
    now_ms: said_at + (given.after_ms ?? 0),
  })
  return [can_answer && 'answer', can_edit && 'edit', can_delete && 'delete'].filter(Boolean)
}

const foreign = { sender_id: 'alice@muster.test' }

test('[MSG-7] an own message may be edited within the window, and not after it', () => {
  expect(offered({ after_ms: EDIT_WINDOW_MS - 1 })).toEqual(['answer', 'edit', 'delete'])
  expect(offered({ after_ms: EDIT_WINDOW_MS })).toEqual(['answer', 'delete'])
  expect(offered({ message: { message_type: 'incident_data' } })).toEqual(['answer', 'delete'])
})

test('[MSG-8] the messages of others may be deleted by owners and admins', () => {
  expect(offered({ message: foreign })).toEqual(['answer'])
  expect(offered({ message: foreign, role: 'owner' })).toEqual(['answer', 'delete'])
  expect(offered({ message: foreign, role: 'viewer', is_admin: true })).toEqual([
    'answer',
    'delete',
  ])
})

test('[SEC-2] who only reads, and a message that is gone, offer nothing', () => {
  expect(offered({ role: 'viewer' })).toEqual([])
  expect(offered({ role: 'owner', status: 'archived' })).toEqual([])
  expect(offered({ role: 'owner', message: { deleted_at: at } })).toEqual([])
})
