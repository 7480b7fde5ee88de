import { expect, test } from 'vitest'
import { mentionQueryAt } from '../../../web/src/room/mention-query.ts'

/** `|` is the caret. */
const at = (marked: string, mentions: { user_id: string; start: number; length: number }[] = []) =>
  mentionQueryAt({ text: marked.replace('|', ''), mentions }, marked.indexOf('|'))

test('[WEB-4] a name is asked for after an @, up to the caret', () => {
  expect(at('@|')).toEqual({ start: 0, query: '' })
  expect(at('ask @li| now')).toEqual({ start: 4, query: 'li' })
  expect(at('ask @Mei Li|')).toEqual({ start: 4, query: 'Mei Li' })
  expect(at('(@a|')).toEqual({ start: 1, query: 'a' })
})

test('[WEB-4] Chinese needs no space before it, nor a half-width @', () => {
  expect(at('請@林|')).toEqual({ start: 1, query: '林' })
  expect(at('請＠林|')).toEqual({ start: 1, query: '林' })
})

test('[WEB-4] an address, a sentence, another line and a space ask for nobody', () => {
  expect(at('bob@fab|')).toBeUndefined()
  expect(at('@ |')).toBeUndefined()
  expect(at('@ann\nthen|')).toBeUndefined()
  expect(at('no name|')).toBeUndefined()
  expect(at(`@${'a'.repeat(61)}|`)).toBeUndefined()
})

test('[WEB-4] who was chosen is not asked for again', () => {
  const chosen = [{ user_id: 'ann', start: 0, length: 4 }]
  expect(at('@Ann |', chosen)).toBeUndefined()
  expect(at('@Ann and @b|', chosen)).toEqual({ start: 9, query: 'b' })
})
