import { expect, test } from 'vitest'
import { emptyDraft, isEmptyDraft, parseDraft, type Draft } from '../../../web/src/sync/draft.ts'

const draft: Draft = {
  text: 'ask @Ann',
  mentions: [{ user_id: 'ann', start: 4, length: 4 }],
  reply_to: 'a-message',
  files: [
    {
      file_id: 'a-file',
      name: 'seal.png',
      size: 70,
      content_type: 'image/png',
      width: 2,
      height: 1,
    },
  ],
}

test('[WEB-3] a draft comes back with its mentions, its reply and its files', () => {
  expect(parseDraft(JSON.stringify(draft))).toEqual(draft)
  expect(isEmptyDraft(draft)).toBe(false)
  expect(isEmptyDraft(emptyDraft)).toBe(true)
  expect(isEmptyDraft({ ...emptyDraft, reply_to: 'a-message' })).toBe(false)
})

test('[WEB-3] mentions that are not where they claim to be are left out', () => {
  const moved = { ...draft, mentions: [{ user_id: 'ann', start: 3, length: 4 }] }
  expect(parseDraft(JSON.stringify(moved)).mentions).toEqual([])
  const beyond = { ...draft, mentions: [{ user_id: 'ann', start: 4, length: 40 }] }
  expect(parseDraft(JSON.stringify(beyond)).mentions).toEqual([])
})

test.each([undefined, '', 'plain text', '7', 'null', '[]', '{"text":1,"files":[null]}'])(
  '[WEB-3] %s is an empty draft',
  (stored) => {
    expect(parseDraft(stored)).toEqual(emptyDraft)
  },
)
