import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Message } from '../../../src/protocol/message.ts'
import type { MessageChange } from '../../../src/protocol/message-change.ts'
import {
  CHANGE_TIMEOUT_MS,
  ChangeRequests,
  type ChangeFrame,
} from '../../../web/src/sync/change-requests.ts'
import { applyMessageChange } from '../../../web/src/sync/message-changes.ts'
import { withPendingChanges, type PendingChange } from '../../../web/src/sync/pending-changes.ts'
import { aMessage, at } from './builders.ts'
import { FakeClock, countingIds } from './fakes.ts'

const me = 'alice@muster.test'
const bob = 'bob@muster.test'
const message_id = 'message-1'
const thumb = '👍'
const add = { type: 'add_reaction', message_id, emoji: thumb } as const
const remove = { type: 'remove_reaction', message_id, emoji: thumb } as const

const reaction = (user_ids: string[], emoji = thumb) => ({
  emoji,
  count: user_ids.length,
  user_ids,
  first_revision: 5,
})

/** One's own page: what the room said, and what was asked of it. */
const openPage = (message: Message, is_live = true) => {
  const clock = new FakeClock()
  const sent: ChangeFrame[] = []
  let base = message
  let pending: readonly PendingChange[] = []
  const requests = new ChangeRequests({
    clock,
    user_id: me,
    newId: countingIds(),
    transmit: (frame) => {
      if (is_live) sent.push(frame)
      return is_live
    },
    onPending: (now) => {
      pending = now
    },
  })
  return {
    clock,
    requests,
    sent,
    get shown() {
      return withPendingChanges(base, pending)
    },
    get pending_count() {
      return pending.length
    },
    hear: (change: MessageChange) => {
      base = applyMessageChange(base, change)
      requests.onChange(change)
    },
  }
}

let revision = 100
const said = (
  type: 'reaction_added' | 'reaction_removed',
  count: number,
  user_id = me,
): MessageChange => ({
  type,
  revision: (revision += 1),
  actor_id: user_id,
  timestamp: at,
  message_id,
  emoji: thumb,
  user_id,
  count,
  first_revision: count === 0 ? null : 5,
})

test('[MSG-9] a reaction shows at once, with its count', () => {
  const page = openPage(aMessage(1, { reactions: [reaction([bob])] }))
  void page.requests.ask(add)
  expect(page.shown.reactions).toEqual([reaction([bob, me])])
  void page.requests.ask(remove)
  expect(page.shown.reactions).toEqual([reaction([bob])])
})

test('[MSG-9] taking back the only one leaves nothing of it', () => {
  const page = openPage(aMessage(1, { reactions: [reaction([me]), reaction([bob], '🎉')] }))
  void page.requests.ask(remove)
  expect(page.shown.reactions).toEqual([reaction([bob], '🎉')])
})

test.each(['ack first', 'broadcast first'])('[MSG-9] it stays when confirmed: %s', (order) => {
  const page = openPage(aMessage(1))
  void page.requests.ask(add)
  const ack = () => page.requests.onAck({ ref: page.sent[0]?.ref, status: 'changed' })
  const broadcast = () => page.hear(said('reaction_added', 1))
  const steps = order === 'ack first' ? [ack, broadcast] : [broadcast, ack]
  for (const step of steps) {
    step()
    expect(page.shown.reactions).toMatchObject([{ emoji: thumb, count: 1, user_ids: [me] }])
  }
  expect(page.pending_count).toBe(0)
})

test('[MSG-9] what was so already is over with its answer', () => {
  const page = openPage(aMessage(1))
  void page.requests.ask(remove)
  page.requests.onAck({ ref: page.sent[0]?.ref, status: 'unchanged' })
  expect(page.pending_count).toBe(0)
})

test("[MSG-9] the same of somebody else is not the answer to one's own", () => {
  const page = openPage(aMessage(1))
  void page.requests.ask(add)
  page.requests.onAck({ ref: page.sent[0]?.ref, status: 'changed' })
  page.hear(said('reaction_added', 1, bob))
  expect(page.shown.reactions).toMatchObject([{ count: 2, user_ids: [bob, me] }])
  page.hear(said('reaction_added', 2))
  expect(page.shown.reactions).toMatchObject([{ count: 2, user_ids: [bob, me] }])
  expect(page.pending_count).toBe(0)
})

test('[MSG-9] it is taken back when refused, lost, late, or never sent, and says why', async () => {
  const refused = openPage(aMessage(1))
  const answer = refused.requests.ask(add)
  refused.requests.onRefused(refused.sent[0]?.ref ?? '', { code: 'forbidden', message: 'no' })
  expect(refused.shown.reactions).toEqual([])
  expect(await answer).toEqual({ code: 'forbidden', detail: 'no' })

  const cut = openPage(aMessage(1))
  const lost = cut.requests.ask(add)
  cut.requests.giveUp()
  expect(cut.shown.reactions).toEqual([])
  expect(await lost).toMatchObject({ code: 'unreachable' })

  const slow = openPage(aMessage(1))
  const late = slow.requests.ask(add)
  slow.clock.advance(CHANGE_TIMEOUT_MS)
  expect(slow.shown.reactions).toEqual([])
  expect(await late).toMatchObject({ code: 'unreachable' })

  const offline = openPage(aMessage(1), false)
  expect(await offline.requests.ask(add)).toMatchObject({ code: 'unreachable' })
  expect(offline.shown.reactions).toEqual([])
})

test('[LIM-1] a change that came too soon says when to try again', async () => {
  const page = openPage(aMessage(1))
  const answer = page.requests.ask(add)
  page.requests.onRefused(page.sent[0]?.ref ?? '', {
    code: 'rate_limited',
    message: '',
    retry_after_ms: 4_000,
  })
  expect(await answer).toMatchObject({ code: 'rate_limited', retry_after_ms: 4_000 })
})

test('[MSG-7] an edit shows at once, and the old words come back when it is refused', () => {
  const page = openPage(aMessage(1, { sender_id: me, content: 'old' }))
  void page.requests.ask({ type: 'edit_message', message_id, content: 'new' })
  expect(page.shown).toMatchObject({ content: 'new' })
  expect(page.shown.edited_at).not.toBeNull()
  page.requests.onRefused(page.sent[0]?.ref ?? '', { code: 'too_late', message: '' })
  expect(page.shown).toMatchObject({ content: 'old', edited_at: null })
})

test('[MSG-8] a deletion leaves its place at once, and nothing asked later brings words back', () => {
  const page = openPage(aMessage(1, { reactions: [reaction([bob])] }))
  void page.requests.ask({ type: 'delete_message', message_id })
  void page.requests.ask(add)
  expect(page.shown).toMatchObject({ content: '', reactions: [], deleted_by: me })
})

test('[MSG-11] a pin shows at once, and a corrected time keeps who pinned it', () => {
  const pin = { pinned_by: bob, pinned_at: at, event_at: at }
  const page = openPage(aMessage(1, { pin }))
  const event_at = '2026-11-22T00:30:00.000Z'
  void page.requests.ask({ type: 'pin_message', message_id, event_at })
  expect(page.shown.pin).toEqual({ ...pin, event_at })
  void page.requests.ask({ type: 'unpin_message', message_id })
  expect(page.shown.pin).toBeNull()
})

test('a message nothing was asked of is the same object', () => {
  const message = aMessage(2)
  const change = { frame: add, user_id: me, asked_at: at }
  expect(withPendingChanges(message, [change])).toBe(message)
})

test('[MSG-9] however fast it is toggled and however answers interleave, the truth is shown', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('press', 'serve', 'ack', 'broadcast'), { maxLength: 40 }),
      (acts) => {
        const page = openPage(aMessage(1))
        const acks: { ref: string | undefined; status: 'changed' | 'unchanged' }[] = []
        const broadcasts: MessageChange[] = []
        let is_on_server = false
        let is_wanted = false
        let served_count = 0
        const act = {
          press: () => {
            is_wanted = page.shown.reactions.length === 0
            void page.requests.ask(is_wanted ? add : remove)
            expect(page.shown.reactions.length === 1).toBe(is_wanted)
          },
          serve: () => {
            const frame = page.sent[served_count]
            if (frame === undefined) return
            served_count += 1
            const is_on = frame.type === 'add_reaction'
            acks.push({ ref: frame.ref, status: is_on === is_on_server ? 'unchanged' : 'changed' })
            if (is_on !== is_on_server)
              broadcasts.push(said(is_on ? 'reaction_added' : 'reaction_removed', is_on ? 1 : 0))
            is_on_server = is_on
          },
          ack: () => {
            const ack = acks.shift()
            if (ack !== undefined) page.requests.onAck(ack)
          },
          broadcast: () => {
            const change = broadcasts.shift()
            if (change !== undefined) page.hear(change)
          },
        }
        for (const name of acts) {
          act[name]()
          // Never a flicker: the last press is what one sees, all the time.
          expect(page.shown.reactions.length === 1).toBe(is_wanted)
        }
        while (served_count < page.sent.length) act.serve()
        while (acks.length > 0) act.ack()
        while (broadcasts.length > 0) act.broadcast()
        expect(page.pending_count).toBe(0)
        expect(page.shown.reactions.length === 1).toBe(is_on_server)
        expect(is_on_server).toBe(is_wanted)
      },
    ),
  )
})
