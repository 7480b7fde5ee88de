/** The language in which the demo's rooms are written down: lines, in order, with their times. */
import type { Role } from '../../src/protocol/member.ts'
import type { CreateRoom, UpdateRoom } from '../../src/protocol/room.ts'
import type { DemoPerson } from './people.ts'

export type DemoRoom = {
  /** Fixed, so that links to a demo room stay valid. */
  readonly room_id: string
  readonly owner: DemoPerson
  readonly details: CreateRoom
  /** Milliseconds since the epoch. */
  readonly opened_at: number
  readonly lines: readonly Line[]
  /** Of the last messages so many are new to everybody; the others they have read. */
  readonly unread: number
}

/** `after_s`: seconds after the line before. */
export type Line = { readonly after_s: number; readonly by: DemoPerson } & (
  | {
      readonly kind: 'say'
      readonly text: string
      /** How many messages back is the one that it answers. */
      readonly reply_back?: number
    }
  /** Readings of a machine. */
  | { readonly kind: 'data'; readonly data: Readonly<Record<string, unknown>> }
  /** What becomes of the message so many before; 1 is the last one. */
  | { readonly kind: 'edit'; readonly back: number; readonly text: string }
  | { readonly kind: 'delete'; readonly back: number }
  | { readonly kind: 'react'; readonly back: number; readonly emoji: string }
  | { readonly kind: 'pin'; readonly back: number }
  | { readonly kind: 'change'; readonly changes: UpdateRoom }
  | { readonly kind: 'add'; readonly person: DemoPerson; readonly role: Role }
  | { readonly kind: 'role'; readonly person: DemoPerson; readonly role: Role }
  | { readonly kind: 'remove'; readonly person: DemoPerson }
)

export const say = (by: DemoPerson, after_s: number, text: string): Line => ({
  kind: 'say',
  by,
  after_s,
  text,
})

/** Answers the message so many before it; 1 is the last one. */
export const reply = (by: DemoPerson, after_s: number, reply_back: number, text: string): Line => ({
  ...say(by, after_s, text),
  kind: 'say',
  text,
  reply_back,
})

export const change = (by: DemoPerson, after_s: number, changes: UpdateRoom): Line => ({
  kind: 'change',
  by,
  after_s,
  changes,
})

export const data = (by: DemoPerson, after_s: number, readings: Record<string, unknown>): Line => ({
  kind: 'data',
  by,
  after_s,
  data: readings,
})

export const react = (by: DemoPerson, back: number, emoji: string): Line => ({
  kind: 'react',
  by,
  after_s: 6,
  back,
  emoji,
})

export const pin = (by: DemoPerson, back: number): Line => ({ kind: 'pin', by, after_s: 9, back })

export const edit = (by: DemoPerson, after_s: number, text: string): Line => ({
  kind: 'edit',
  by,
  after_s,
  back: 1,
  text,
})

export const remove = (by: DemoPerson, after_s: number): Line => ({
  kind: 'delete',
  by,
  after_s,
  back: 1,
})

export const add = (by: DemoPerson, person: DemoPerson, role: Role): Line => ({
  kind: 'add',
  by,
  after_s: 20,
  person,
  role,
})

export const secondsOf = (lines: readonly Line[]): number =>
  lines.reduce((sum, line) => sum + line.after_s, 0)
