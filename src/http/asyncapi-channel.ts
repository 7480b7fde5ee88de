/**
 * One kind of socket as the AsyncAPI document sees it: where it is, which frames go which way, and
 * what each frame is answered with. Schemas are those that read and write the frames.
 */
import type * as z from 'zod/mini'

/** What tells a frame from others: its type, and its event where it has one. */
export type FrameName<Frame> = Frame extends { type: infer Type extends string }
  ? Frame extends { event: infer Event extends string }
    ? `${Type}.${Event}`
    : Type
  : never

export type DownFrameNotes = {
  readonly summary: string
  /** At least one of each form. The ids are those of the cast (documented-cast.ts). */
  readonly examples: readonly unknown[]
  /** Frames up with which a client answers it. */
  readonly answers?: readonly string[]
}

export type UpFrameNotes<Example = unknown> = {
  readonly summary: string
  readonly examples: readonly Example[]
  /** Frames down that the sending socket gets, in no particular order. Empty: none. */
  readonly answers: readonly string[]
  /** Frames down that the other sockets get. */
  readonly told: readonly string[]
}

/** A note for each frame of a union, none left out. */
export type UpNotes<Frame> = {
  readonly [Name in FrameName<Frame>]: UpFrameNotes<Extract<Frame, { type: Name }>>
}
export type DownNotes<Frame> = Readonly<Record<FrameName<Frame>, DownFrameNotes>>

export type Channel = {
  readonly name: string
  /** As OpenAPI writes it: `/ws/{room_id}`. */
  readonly address: string
  readonly title: string
  readonly description: string
  readonly params?: z.ZodMiniType
  readonly query?: z.ZodMiniType
  readonly up: z.ZodMiniType
  readonly down: z.ZodMiniType
  readonly up_notes: Readonly<Record<string, UpFrameNotes>>
  readonly down_notes: Readonly<Record<string, DownFrameNotes>>
}
