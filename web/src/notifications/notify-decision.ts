/** Whether and how something said is told to this person in this tab (WEB-5). Pure. */
import type { NotificationLevel } from '../../../src/protocol/notification.ts'

/** What the person is looking at, as far as this tab knows. */
export type Attention = {
  /** The tab is in front and its window has the keyboard. */
  readonly is_focused: boolean
  readonly open_room_id: string | undefined
  /** The newest messages of the open room are in view. */
  readonly is_at_bottom: boolean
  /** The one-way messages to this person are on screen. */
  readonly are_notices_open: boolean
}

export type Question = {
  /** A notice is to this person by name, as a mention is. */
  readonly kind: 'mention' | 'message' | 'notice'
  /** Undefined for a notice, which is in none. */
  readonly room_id: string | undefined
  readonly level: NotificationLevel
  readonly is_quiet: boolean
  readonly attention: Attention
  /** Another tab of ours is in front: it tells, or shows the message itself. */
  readonly is_another_tab_focused: boolean
  /** Of the tabs in the background one tells. */
  readonly is_leader: boolean
  readonly has_permission: boolean
}

export type Decision = {
  readonly show: 'nothing' | 'toast' | 'system'
  /** Sound and vibration, as this device is set. */
  readonly is_heard: boolean
}

const nothing: Decision = { show: 'nothing', is_heard: false }

export const decide = (question: Question): Decision => {
  const { kind, level, attention, is_quiet } = question
  if (level === 'nothing' || (level === 'mentions' && kind === 'message')) return nothing
  if (attention.is_focused) {
    if (isOnScreen(question)) return nothing
    return { show: 'toast', is_heard: !is_quiet }
  }
  if (is_quiet || question.is_another_tab_focused || !question.is_leader) return nothing
  return { show: question.has_permission ? 'system' : 'nothing', is_heard: true }
}

const isOnScreen = ({ kind, room_id, attention }: Question): boolean => {
  if (kind === 'notice') return attention.are_notices_open
  if (attention.open_room_id !== room_id) return false
  // Who scrolled up sees how many are new; who was asked by name is told.
  return attention.is_at_bottom || kind !== 'mention'
}
