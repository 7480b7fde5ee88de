/**
 * The inbox tells of one-way messages (DISP-1, DISP-5): what became of those that a person posted,
 * and those that were posted to them. Told twice: undisturbed, and with the inbox put to sleep.
 */
import { expect, test } from 'vitest'
import { uuidv7 } from 'uuidv7'
import { signIn, type Caller } from './http-client.ts'
import { evictInbox, inboxOf } from './support/bindings.ts'
import { connectInbox } from './support/socket.ts'

const greeted = async (person: Caller) => {
  const inbox = await connectInbox(person)
  await inbox.next('inbox_welcome')
  return inbox
}

test.each(['none', 'hibernate'] as const)(
  '[DISP-5] outcomes and notices reach all sockets of their person alone (eviction: %s)',
  async (eviction) => {
    const [ann, bob] = [await signIn('ann'), await signIn('bob')]
    const sockets = [await greeted(ann), await greeted(ann)]
    const other = await greeted(bob)
    await evictInbox(ann.user_id, eviction)
    const told = { committed: 3, delivered: 1, outcomes: [], more: 0 }
    const notice = {
      notice_id: uuidv7(),
      sender_id: bob.user_id,
      sender_display_name: bob.display_name,
      content: 'come to line 3',
      priority: 'normal' as const,
      created_at: '2026-11-22T09:35:10.456Z',
      read_at: null,
    }
    await inboxOf(ann.user_id).oneWayTold(ann.user_id, told)
    await inboxOf(ann.user_id).noticed(ann.user_id, notice)
    for (const socket of sockets) {
      expect(await socket.next('one_way')).toEqual({ type: 'one_way', ...told })
      expect(await socket.next('notice')).toEqual({ type: 'notice', notice })
    }
    // Control: what is for bob comes, and is all that he hears.
    await inboxOf(bob.user_id).noticed(bob.user_id, { ...notice, content: 'for bob' })
    expect((await other.next('notice')).notice.content).toBe('for bob')
    expect(other.frames.filter(({ type }) => type !== 'inbox_welcome')).toHaveLength(1)
  },
)
