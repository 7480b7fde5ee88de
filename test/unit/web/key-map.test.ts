import { expect, test } from 'vitest'
import {
  neighbourOf,
  pageCommandOf,
  roomCommandOf,
  type PressedKey,
  type RoomSituation,
} from '../../../web/src/keys/key-map.ts'

const press = (key: string, held: Partial<PressedKey> = {}): PressedKey => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
})

const calm: RoomSituation = {
  place: 'composer',
  is_editing: false,
  is_replying: false,
  is_pane_on_top: false,
}

const escape = (situation: Partial<RoomSituation>) =>
  roomCommandOf(press('Escape'), { ...calm, ...situation })

test('[WEB-10] Ctrl and ⌘ open the switcher and the help, from any field', () => {
  for (const held of [{ ctrlKey: true }, { metaKey: true }]) {
    expect(pageCommandOf(press('k', held), 'text')).toBe('switcher')
    expect(pageCommandOf(press('/', held), 'composer')).toBe('keys')
    expect(pageCommandOf(press('/', { ...held, shiftKey: true }), 'page')).toBe('keys')
  }
  expect(pageCommandOf(press('k'), 'page')).toBeUndefined()
  expect(pageCommandOf(press('f', { ctrlKey: true }), 'page')).toBeUndefined()
  expect(pageCommandOf(press('k', { ctrlKey: true, altKey: true }), 'page')).toBeUndefined()
})

test('[WEB-10] Alt and arrows change the room, but not where they open a choice', () => {
  const held = { altKey: true }
  expect(pageCommandOf(press('ArrowUp', held), 'composer')).toBe('previous_room')
  expect(pageCommandOf(press('ArrowDown', held), 'page')).toBe('next_room')
  expect(pageCommandOf(press('ArrowDown', held), 'picker')).toBeUndefined()
  expect(pageCommandOf(press('ArrowDown'), 'page')).toBeUndefined()
})

test('[WEB-10] a slash searches, unless it is text', () => {
  expect(roomCommandOf(press('/'), { ...calm, place: 'page' })).toBe('search')
  expect(roomCommandOf(press('/'), calm)).toBeUndefined()
  expect(roomCommandOf(press('F', { ctrlKey: true, shiftKey: true }), calm)).toBe('search')
})

test('[WEB-10] Escape undoes one thing a press, the innermost first', () => {
  const all = { is_editing: true, is_replying: true, is_pane_on_top: true }
  expect(escape(all)).toBe('cancel_edit')
  expect(escape({ ...all, is_editing: false })).toBe('cancel_reply')
  expect(escape({ is_pane_on_top: true })).toBe('close_pane')
  expect(escape({})).toBe('mark_read')
})

test('[WEB-10] in another field Escape is about that field or its pane', () => {
  const place = 'text'
  expect(escape({ place, is_replying: true, is_pane_on_top: true })).toBe('close_pane')
  expect(escape({ place, is_replying: true })).toBeUndefined()
})

test('[WEB-10] neighbours of a room, none beyond the ends', () => {
  const ids = ['a', 'b', 'c']
  expect(neighbourOf(ids, 'b', 1)).toBe('c')
  expect(neighbourOf(ids, 'b', -1)).toBe('a')
  expect(neighbourOf(ids, 'c', 1)).toBeUndefined()
  expect(neighbourOf(ids, 'a', -1)).toBeUndefined()
  expect(neighbourOf(ids, undefined, 1)).toBe('a')
  expect(neighbourOf(ids, undefined, -1)).toBe('c')
})
