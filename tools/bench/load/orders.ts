/** What the benchmark asks of the load process, and what it answers. */
import type { Dialect } from './dialect.ts'
import type { Posted, PostPlan } from './posting.ts'
import type { Measured } from './tally.ts'

/** One client: the path and headers of its upgrade. */
export type Seat = { path: string; headers: Record<string, string> }

/** Everybody in one room. */
export type CrowdPlan = { port: number; dialect: Dialect; seats: Seat[] }

/** The first `senders` of a crowd send; everybody receives. */
export type LoadPlan = {
  senders: number
  warmUpMs: number
  windowMs: number
  pace:
    | {
        /** Each sender sends its next message when it has received the one before. */
        kind: 'closed'
        /** Messages of one sender on their way at once; 1 when absent. */
        ahead?: number
      }
    /** So many messages a second in all, whatever comes back; latency counts from the plan. */
    | { kind: 'open'; rate: number }
    /** One message at a time; so long after everybody has it, the next. */
    | { kind: 'single'; pauseMs: number }
}

/** What came of messages that were posted, and of a crowd that heard them. */
export type Heard = {
  posted: Posted
  /** From the first request until everybody in the room had every message. */
  everybodyMs: number
}

export type Order =
  | { kind: 'post'; plan: PostPlan }
  /** The crowd's room is posted to; it hears all of it. */
  | { kind: 'hear'; crowd: string; plan: PostPlan }
  | { kind: 'open'; crowd: string; plan: CrowdPlan }
  | { kind: 'load'; crowd: string; plan: LoadPlan }
  | { kind: 'close'; crowd: string }

export type OrderMessage = { id: number; order: Order }

export type AnswerMessage = {
  id: number
  measured?: Measured
  posted?: Posted
  heard?: Heard
  error?: string
}
