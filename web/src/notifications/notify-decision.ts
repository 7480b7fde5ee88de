/** Whether and how something said is told to this person in this tab (WEB-5). Pure. */
import type { NotificationLevel } from '../../../src/protocol/notification.ts'

/** What the person is looking at, as far as this tab knows. */
export type Attention = {
  /** The tab is in front and its window has the keyboard. */
  readonly is_focused: boolean
  readonly open_room_id: string | undefined
  /** The newest messages of the open room are in view. */
  readonly is_at_bottom: boolean
}

export type Question = {
  readonly kind: 'mention' | 'message'
  readonly room_id: string
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
  if (level === 'nothing' || (level === 'mentions' && kind !== 'mention')) return nothing
  if (attention.is_focused) {
    const is_open = attention.open_room_id === question.room_id
    // Who scrolled up sees how many are new; who was asked by name is told.
    if (is_open && (attention.is_at_bottom || kind !== 'mention')) return nothing
    return { show: 'toast', is_heard: !is_quiet }
  }
  if (is_quiet || question.is_another_tab_focused || !question.is_leader) return nothing
  return { show: question.has_permission ? 'system' : 'nothing', is_heard: true }
}
