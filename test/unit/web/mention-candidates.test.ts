import { expect, test } from 'vitest'
import type { Member } from '../../../src/protocol/member.ts'
import { isAmbiguous, mentionCandidates } from '../../../web/src/room/mention-candidates.ts'

const member = (user_id: string, display_name: string): Member => ({
  user_id,
  display_name,
  role: 'editor',
  joined_at: '2026-11-22T01:00:00.000Z',
  is_admin: false,
})

const members = [
  member('me@fab.example', 'Me Myself'),
  member('ann.lee@fab.example', 'Ann Lee'),
  member('annabel@fab.example', 'Annabel Chen'),
  member('lin.mei@fab.example', '林美玲'),
  member('ann.wu@fab.example', 'Ann Lee'),
  member('odd@fab.example', 'Channel'),
]

const found = (query: string, online: string[] = []) =>
  mentionCandidates({ query, members, own_user_id: 'me@fab.example', online: new Set(online) }).map(
    (candidate) => (candidate.kind === 'member' ? candidate.member.user_id : `@${candidate.group}`),
  )

test('[WEB-4] everybody but oneself, and the room as a whole', () => {
  expect(found('')).toHaveLength(7)
  expect(found('')).not.toContain('me@fab.example')
  expect(found('').slice(-2)).toEqual(['@channel', '@here'])
})

test('[WEB-4] by any word of the name, by e-mail, by Chinese characters', () => {
  expect(found('ann')).toEqual([
    'ann.lee@fab.example',
    'ann.wu@fab.example',
    'annabel@fab.example',
    'odd@fab.example',
  ])
  expect(found('LEE')).toEqual(['ann.lee@fab.example', 'ann.wu@fab.example'])
  expect(found('lin.m')).toEqual(['lin.mei@fab.example'])
  expect(found('美')).toEqual(['lin.mei@fab.example'])
  expect(found('ａｎｎａ')).toEqual(['annabel@fab.example'])
  expect(found('nobody')).toEqual([])
})

test('[WEB-4] who is here comes first among equals', () => {
  expect(found('ann', ['annabel@fab.example'])[0]).toBe('annabel@fab.example')
})

test('[WEB-4] the room by what other tools and people call it', () => {
  expect(found('all')).toEqual(['@channel'])
  expect(found('所有')).toEqual(['@channel'])
  expect(found('在線')).toEqual(['@here'])
})

const isOf = (user_id: string): boolean[] =>
  members.filter((one) => one.user_id === user_id).map((one) => isAmbiguous(one, members))

test('[WEB-4] a name that is not one person’s alone', () => {
  expect(isOf('ann.lee@fab.example')).toEqual([true])
  expect(isOf('odd@fab.example')).toEqual([true])
  expect(isOf('annabel@fab.example')).toEqual([false])
})
