/** What one can choose in the switcher for the words typed: rooms, then commands. Pure. */
import type { Room } from '../../../src/protocol/room.ts'
import type { Dictionary } from '../i18n/en.ts'
import type { KnownRoute } from '../routing.ts'
import type { Overlay } from '../state/overlays.svelte.ts'
import { matchRooms, type RoomMatch } from './match-rooms.ts'

export type CommandAct =
  | { readonly kind: 'go'; readonly route: KnownRoute }
  | { readonly kind: 'open'; readonly overlay: Overlay }

export type CommandName = 'search' | 'mentions' | 'new_room' | 'report' | 'settings' | 'keys'

export type Choice =
  | ({ readonly kind: 'room'; readonly key: string } & RoomMatch)
  | {
      readonly kind: 'command'
      readonly key: CommandName
      readonly text: string
      readonly act: CommandAct
    }

export type ChoicesOptions = {
  readonly rooms: readonly Room[]
  readonly words: string
  readonly open_room_id: string | undefined
  readonly t: Dictionary
}

export const choicesOf = (options: ChoicesOptions): readonly Choice[] => {
  const { rooms, words, open_room_id, t } = options
  const matches = matchRooms(rooms, {
    words,
    open_room_id,
    typeName: ({ incident_type }) => t.incident_type[incident_type],
  })
  return [
    ...matches.map((match) => ({ kind: 'room' as const, key: match.room.room_id, ...match })),
    ...commandsOf(options),
  ]
}

/** Searching takes the words as they are; every other command is found by them. */
const commandsOf = ({ words, open_room_id, t }: ChoicesOptions): readonly Choice[] => {
  const query = words.trim()
  const search = command(
    'search',
    query === '' ? t.search.everywhere : t.switcher.search_for(query),
    { kind: 'go', route: { kind: 'search', query } },
  )
  const others = [
    command('mentions', t.search.mentions_heading, { kind: 'go', route: { kind: 'mentions' } }),
    command('new_room', t.new_room, open('new_room')),
    ...(open_room_id === undefined ? [] : [command('report', t.report.heading, open('report'))]),
    command('settings', t.settings.heading, open('settings')),
    command('keys', t.keys.heading, open('keys')),
  ]
  const named = others.filter(({ text }) => text.toLowerCase().includes(query.toLowerCase()))
  return [search, ...named]
}

const command = (key: CommandName, text: string, act: CommandAct) =>
  ({ kind: 'command', key, text, act }) as const

const open = (overlay: Overlay) => ({ kind: 'open', overlay }) as const
