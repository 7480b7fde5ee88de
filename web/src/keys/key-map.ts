/**
 * Which key means what (UI rule: keys are never taken from an input method, from a dialog, or from
 * a field where they mean something). Pure: the callers leave out keys that are being composed or
 * were used already, and carry out what is decided here.
 */

export type PageCommand = 'switcher' | 'keys' | 'previous_room' | 'next_room'

/** From the innermost: one press of Escape undoes one thing. */
export type RoomCommand = 'search' | 'cancel_edit' | 'cancel_reply' | 'close_pane' | 'mark_read'

export type PressedKey = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** What the key was pressed in. `picker`: a choice or a date, where arrows with Alt open it. */
export type KeyPlace = 'composer' | 'text' | 'picker' | 'page'

export type RoomSituation = {
  readonly place: KeyPlace
  readonly is_editing: boolean
  readonly is_replying: boolean
  /** The pane of details covers the messages, or the key was pressed in it. */
  readonly is_pane_on_top: boolean
}

export const pageCommandOf = (key: PressedKey, place: KeyPlace): PageCommand | undefined => {
  if (isWithCommand(key) && !key.shiftKey) {
    if (key.key.toLowerCase() === 'k') return 'switcher'
    if (key.key === '/') return 'keys'
  }
  // Where "/" is typed with Shift.
  if (isWithCommand(key) && key.shiftKey && key.key === '/') return 'keys'
  if (place === 'picker' || !key.altKey || key.shiftKey || key.ctrlKey || key.metaKey)
    return undefined
  if (key.key === 'ArrowUp') return 'previous_room'
  return key.key === 'ArrowDown' ? 'next_room' : undefined
}

export const roomCommandOf = (
  key: PressedKey,
  situation: RoomSituation,
): RoomCommand | undefined => {
  const { place } = situation
  if (isWithCommand(key) && key.shiftKey && key.key.toLowerCase() === 'f') return 'search'
  if (key.ctrlKey || key.metaKey || key.altKey) return undefined
  if (key.key === '/' && place === 'page') return 'search'
  return key.key === 'Escape' && !key.shiftKey ? undoneBy(situation) : undefined
}

/** In a field that is not the composer Escape is about that field, or about the pane it is in. */
const undoneBy = (situation: RoomSituation): RoomCommand | undefined => {
  const { place, is_editing, is_replying, is_pane_on_top } = situation
  const is_elsewhere = place === 'text' || place === 'picker'
  if (is_editing && !is_elsewhere) return 'cancel_edit'
  if (is_replying && !is_elsewhere) return 'cancel_reply'
  if (is_pane_on_top) return 'close_pane'
  return is_elsewhere ? undefined : 'mark_read'
}

/** Ctrl, or ⌘ on a Mac. */
const isWithCommand = ({ ctrlKey, metaKey, altKey }: PressedKey): boolean =>
  ctrlKey !== metaKey && !altKey

/** The room after or before this one; from none it is the first or the last. */
export const neighbourOf = (
  room_ids: readonly string[],
  room_id: string | undefined,
  step: 1 | -1,
): string | undefined => {
  const index = room_id === undefined ? -1 : room_ids.indexOf(room_id)
  if (index === -1) return room_ids.at(step === 1 ? 0 : -1)
  return room_ids[index + step]
}
