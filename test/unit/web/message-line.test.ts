import { expect, test } from 'vitest'
import { zhTw } from '../../../web/src/i18n/zh-tw.ts'
import { en } from '../../../web/src/i18n/en.ts'
import { messageLine } from '../../../web/src/room/message-line.ts'
import { aMessage, at } from './builders.ts'

const notice = (data: Record<string, unknown>) =>
  aMessage(1, { message_type: 'system', content: 'as the server says it', data })

test.each([
  [{ event: 'status_changed', from: 'active', to: 'resolved' }, 'Bob 將狀態改為「已解決」'],
  [{ event: 'title_changed', to: '新標題' }, 'Bob 將標題改為「新標題」'],
  [{ event: 'member_added', display_name: 'Amy', role: 'viewer' }, 'Bob 將 Amy 加為檢視者'],
  [
    { event: 'member_role_changed', display_name: 'Amy', role: 'owner' },
    'Bob 將 Amy 的角色改為擁有者',
  ],
  [{ event: 'member_removed', display_name: 'Amy' }, 'Bob 移除了 Amy'],
  [{ event: 'member_left', display_name: 'Amy' }, 'Amy 已離開'],
  [{ event: 'ownership_transferred', display_name: 'Amy' }, 'Bob 將擁有者改為 Amy'],
  [{ event: 'not known yet' }, 'as the server says it'],
  [{ event: 'member_added', display_name: 'Amy', role: 'king' }, 'as the server says it'],
])('[WEB-3] the notice of %o in the language of the reader', (data, expected) => {
  expect(messageLine(notice(data), zhTw)).toBe(expected)
})

test('[WEB-10] a file is named where only words can stand, a deleted message says so', () => {
  const file = {
    file_id: 'f',
    name: 'leak.jpg',
    size: 1,
    content_type: 'image/jpeg',
    width: 1,
    height: 1,
  }
  const picture = aMessage(1, { message_type: 'image_ref', content: '', file })
  expect(messageLine(picture, en)).toBe('[File: leak.jpg]')
  expect(messageLine({ ...picture, content: 'bay 4' }, en)).toBe('[File: leak.jpg] bay 4')
  expect(messageLine(aMessage(1, { deleted_at: at }), en)).toBe('Message deleted')
})
