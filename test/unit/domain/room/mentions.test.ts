import { assert, constantFrom, pre, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mentionedIn, mentionNames } from '../../../../src/domain/room/mentions.ts'
import { MENTIONED_MAX_COUNT } from '../../../../src/protocol/limits.ts'
import type { Member } from '../../../../src/protocol/member.ts'
import { aMember } from './room-builder.ts'

const people: Member[] = [
  aMember('ann@x', { display_name: 'Ann' }),
  aMember('annabel@x', { display_name: 'Annabel Lee' }),
  aMember('mei@x', { display_name: '陳美' }),
  aMember('ling@x', { display_name: '陳美玲' }),
  aMember('wu@x', { display_name: 'James Wu' }),
  aMember('wu2@x', { display_name: 'James Wu' }),
  aMember('here@x', { display_name: 'here' }),
  aMember('o@x', { display_name: 'Zoë O’Neil' }),
]

const mentioned = (content: string, given: string[] = [], online: string[] = []) =>
  mentionedIn({
    content,
    sender_id: 'ann@x',
    given,
    names: mentionNames(people),
    members: new Map(people.map((member) => [member.user_id, member])),
    online: new Map(online.map((user_id) => [user_id, true])),
  })

describe('[MSG-10] names in a text', () => {
  test.each<[string, string[]]>([
    ['@陳美 看一下', ['mei@x']],
    ['請@陳美看一下', ['mei@x']],
    ['請@陳美玲看一下', ['ling@x']],
    ['@Annabel Lee, please', ['annabel@x']],
    ['@annabel lee', ['annabel@x']],
    ['@Ann, please', ['ann@x']],
    ['@Ann看', ['ann@x']],
    ['(@Ann)', ['ann@x']],
    ['@Zoë O’Neil!', ['o@x']],
    ['@mei@x and @ling@x', ['ling@x', 'mei@x']],
    ['@James Wu', ['wu2@x', 'wu@x']],
    ['twice @陳美 @陳美', ['mei@x']],
    ['nobody', []],
    ['write to help@Ann.example', []],
    ['at @ 5 pm, @5 bar', []],
    ['@', []],
  ])('%s', (content, expected) => {
    expect(mentioned(content)).toEqual({ user_ids: expected, unknown: [] })
  })

  test.each<[string, string[]]>([
    ['@Annabelle', ['@Annabelle']],
    ['@Bob and @王小明，在嗎', ['@Bob', '@王小明']],
    ['@nobody.at-all', ['@nobody.at-all']],
  ])('[MSG-10] %s is nobody, and its sender is told', (content, unknown) => {
    expect(mentioned(content)).toEqual({ user_ids: [], unknown })
  })

  test('of two people with one name the one that the client meant', () => {
    expect(mentioned('@James Wu', ['wu2@x']).user_ids).toEqual(['wu2@x'])
  })

  test('ids that the client listed are kept for the database to judge', () => {
    expect(mentioned('@陳美', ['stranger']).user_ids).toEqual(['mei@x', 'stranger'])
  })

  test('what no name can be is not told a hundred times', () => {
    const text = Array.from({ length: 100 }, (_, index) => `@nobody${index}`).join(' ')
    expect(mentioned(text).unknown).toHaveLength(20)
  })
})

describe('[MSG-10] groups', () => {
  test('@channel is everybody but the speaker, @here the members who are online', () => {
    const others = people.map(({ user_id }) => user_id).filter((id) => id !== 'ann@x')
    expect(mentioned('@channel look').user_ids).toEqual(others.toSorted())
    expect(mentioned('@here', [], ['mei@x', 'ann@x', 'admin@x']).user_ids).toEqual(['mei@x'])
  })

  test('a member who is called like a group does not become one, nor takes it over', () => {
    expect(mentioned('@here', [], ['mei@x']).user_ids).toEqual(['mei@x'])
  })

  test('[LIM-4] in a room that is too large @channel reaches nobody, and the sender is told', () => {
    const many = Array.from({ length: MENTIONED_MAX_COUNT + 2 }, (_, index) =>
      aMember(`p${index}`, { display_name: `P ${index}` }),
    )
    const result = mentionedIn({
      content: '@channel @P 7',
      sender_id: 'p0',
      given: [],
      names: mentionNames(many),
      members: new Map(many.map((member) => [member.user_id, member])),
      online: new Map(),
    })
    expect(result).toEqual({ user_ids: ['p7'], unknown: ['@channel'] })
  })
})

test('[MSG-10] whoever is named between spaces is found, whatever stands around', () => {
  const name = constantFrom(...people.map(({ display_name }) => display_name))
  const noise = string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('@', ''))
  assert(
    property(noise, name, noise, (before, display_name, after) => {
      pre(display_name !== 'here')
      const { user_ids } = mentioned(`${before} @${display_name} ${after}`)
      const meant = people.filter((member) => member.display_name === display_name)
      for (const { user_id } of meant) expect(user_ids).toContain(user_id)
    }),
  )
})
