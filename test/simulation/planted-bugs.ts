/**
 * Bugs that rooms of this kind have had, planted around the real actor. The simulation is worth
 * something only as long as it finds each of them.
 */
import type { ItemResult } from '../../src/domain/room/commit.ts'
import type { Effect } from '../../src/domain/room/effect.ts'
import type { Input } from '../../src/domain/room/input.ts'
import type { Lane, RoomState } from '../../src/domain/room/state.ts'
import { awake, transition } from '../../src/domain/room/transition.ts'
import { startCommit } from '../../src/domain/room/writing.ts'
import { encode } from '../../src/protocol/codec.ts'
import type { Actor } from './world.ts'

export const soundActor: Actor = { transition, awake }

export const plantedBugs: Readonly<Record<string, Actor>> = {
  'tells a message before it is committed': changesEffects((effects) =>
    effects.flatMap((effect) =>
      effect.type === 'commit' ? [...tooSoon(effect), effect] : [effect],
    ),
  ),
  'tells changes out of order': changesEffects((effects) =>
    effects.map((effect): Effect =>
      effect.type === 'broadcast' ? { ...effect, texts: effect.texts.toReversed() } : effect,
    ),
  ),
  'tells a change twice': changesEffects((effects) =>
    effects.flatMap((effect): Effect[] =>
      effect.type === 'broadcast' ? [effect, effect] : [effect],
    ),
  ),
  'leaves out a replayed change': changesEffects((effects) =>
    effects.map((effect) =>
      effect.type === 'send' && effect.texts.length > 2
        ? { ...effect, texts: effect.texts.toSpliced(1, 1) }
        : effect,
    ),
  ),
  'forgets the changes held back while a socket joins': changesState(({ sockets }) => {
    for (const { phase } of sockets.values()) if (phase.kind !== 'live') phase.held.length = 0
  }),
  'tells live changes before the replay': changesState(({ sockets }) => {
    for (const socket of sockets.values())
      if (socket.phase.kind === 'joining') socket.phase = { kind: 'live' }
  }),
  'forgets in its sleep how far the sockets were told': {
    transition,
    awake: (options) =>
      awake({
        ...options,
        attachments: options.attachments.map((one) => ({ ...one, room: undefined })),
      }),
  },
  'takes an unknown outcome for a success': changesInput((input, state) =>
    isLost(input, state, 'said')
      ? { ...input, outcome: { kind: 'answered', results: invented(state), changes: [] } }
      : input,
  ),
  'takes a burst of unknown outcome for written': changesInput((input, state) =>
    isLost(input, state, 'burst')
      ? { ...input, outcome: { kind: 'answered', results: invented(state), changes: [] } }
      : input,
  ),
  'answers a burst that is split after its first call': {
    awake,
    transition: (state, input) => {
      const { effects } = transition(state, input)
      const [burst] = state.bursts.waiting
      if (!burst || burst.results.length === 0) return { state, effects }
      state.bursts.waiting.shift()
      const { request, results } = burst
      const reply = { ok: true, results, level: 0 } as const
      return { state, effects: [...effects, { type: 'burst_reply', request, reply }] }
    },
  },
  'gives the results of one burst to another': changesState(({ bursts, commit }) => {
    if (commit.kind === 'in_flight' && commit.lane === 'burst') bursts.waiting.reverse()
  }),
  'writes a burst beside the call in flight': {
    awake,
    transition: (state, input) => {
      const isBusy = state.commit.kind === 'in_flight'
      const { effects } = transition(state, input)
      if (input.type !== 'burst_submitted' || !isBusy || state.record.phase !== 'known')
        return { state, effects }
      const by = { owner: state.instance, claim: !state.claimed }
      const request = { ...by, expected_revision: state.record.revision, items: input.items }
      return { state, effects: [...effects, { type: 'commit_burst', request }] }
    },
  },
  'writes what may be committed again under another id': changesInput((input, state) => {
    if (input.type === 'committed' && input.outcome.kind === 'unknown') renameAll(state)
    return input
  }),
  'never asks the database again': changesInput((input, state) => {
    if (input.type === 'tick' && state.commit.kind === 'waiting') state.commit = neverAgain
    return input
  }),
  'lets a later message overtake an earlier one': changesState(({ pending, commit }) => {
    const isTravelling = commit.kind === 'in_flight' && commit.lane === 'said'
    const travelling = isTravelling ? commit.count : 0
    pending.push(...pending.splice(travelling).toReversed())
  }),
  'throws away what waits when its settings change': {
    awake,
    transition: (state, input) => {
      if (input.type === 'configured') {
        const { commit, pending } = state
        const isTravelling = commit.kind === 'in_flight' && commit.lane === 'said'
        pending.length = isTravelling ? Math.min(commit.count, pending.length) : 0
      }
      return transition(state, input)
    },
  },
  'starts the next call at once where the mode changes': {
    awake,
    transition: (state, input) => {
      const { settings } = state
      const result = transition(state, input)
      const isOther = settings.commit_in_group !== state.settings.commit_in_group
      if (!isOther || state.commit.kind !== 'in_flight' || state.record.phase !== 'known')
        return result
      state.commit = { kind: 'idle' }
      startCommit({ state, now: input.now, effects: result.effects as Effect[] }, state.record)
      return result
    },
  },
  'keeps the sockets of a removed person': changesInput((input) =>
    input.type === 'connected' ? { ...input, socket: { ...input.socket, is_admin: true } } : input,
  ),
  'keeps sockets whose messages were lost in its sleep': {
    transition,
    awake: (options) => {
      const state = awake(options)
      state.restarting.length = 0
      return state
    },
  },
}

function changesInput(change: (input: Input, state: RoomState) => Input): Actor {
  return { awake, transition: (state, input) => transition(state, change(input, state)) }
}

function changesState(change: (state: RoomState) => void): Actor {
  return {
    awake,
    transition: (state, input) => {
      const result = transition(state, input)
      change(state)
      return result
    },
  }
}

function changesEffects(change: (effects: readonly Effect[]) => readonly Effect[]): Actor {
  return {
    awake,
    transition: (state, input) => {
      const { effects } = transition(state, input)
      return { state, effects: change(effects) }
    },
  }
}

function tooSoon({ request }: Effect & { type: 'commit' }): Effect[] {
  const [item] = request.items
  if (item?.kind !== 'message') return []
  const revision = request.expected_revision + 1
  const by = { actor_id: item.actor_id, timestamp: '2026-01-01T00:00:00.000Z' }
  const text = encode({ type: 'system', event: 'room_created', revision, ...by })
  return [{ type: 'broadcast', sockets: everySocket, texts: [text] }]
}

/** Ids of sockets are the small ones: the simulation counts. */
const everySocket = Array.from(
  { length: 60 },
  (_, index) => `00000000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`,
)

function isLost(input: Input, { commit }: RoomState, lane: Lane): input is Committed {
  if (input.type !== 'committed' || input.outcome.kind !== 'unknown') return false
  return commit.kind === 'in_flight' && commit.lane === lane
}

type Committed = Input & { type: 'committed' }

function invented({ commit, record }: RoomState): ItemResult[] {
  if (commit.kind !== 'in_flight' || record.phase !== 'known') return []
  return Array.from({ length: commit.count }, (_, index) => ({
    status: 'committed',
    sequence_number: record.sequence + 1 + index,
    revision: record.revision + 1 + index,
    created_at: '2026-01-01T00:00:00.000Z',
    sender_display_name: '',
    mentions: [],
    file: null,
  }))
}

function renameAll({ pending }: RoomState): void {
  pending.forEach((one, index) => {
    if (one.item.kind !== 'message') return
    const client_message_id = `${one.item.client_message_id} again`
    pending[index] = { ...one, item: { ...one.item, client_message_id } }
  })
}

const neverAgain: RoomState['commit'] = { kind: 'waiting', at: Number.MAX_SAFE_INTEGER }
