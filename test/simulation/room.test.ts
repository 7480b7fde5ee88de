/**
 * The real actor in a simulated world of faults, thousands of times, each from a seed. A failure
 * names its seed; `SIMULATION_FROM=<seed> SIMULATION_SEEDS=1` runs it again.
 */
import { describe, expect, test } from 'vitest'
import { plantedBugs, soundActor } from './planted-bugs.ts'
import { World, type WorldOptions } from './world.ts'

const from = Number(process.env['SIMULATION_FROM'] ?? 1)
const count = Number(process.env['SIMULATION_SEEDS'] ?? 5_000)
const patience_ms = 60_000 + count * 40

test(
  '[MSG-2] [SEQ-1] [SEQ-3] [SEQ-4] [SEQ-6] [CONN-5] [DISP-7] [DISP-11] [OPS-4] nothing is lost, repeated or reordered, whatever fails',
  { timeout: patience_ms },
  () => {
    const started = performance.now()
    expect(firstFailure(from, count, { actor: soundActor })).toBeUndefined()
    const rate = (count * 1_000) / (performance.now() - started)
    console.log(`simulated seeds ${from} to ${from + count - 1}: ${rate.toFixed(0)} per second`)
  },
)

/** Each of these broke a rule once. */
test.each([
  [11, '[CONN-11] a refusal names the message that it refuses'],
  [30, '[CONN-5] a snapshot is of the revision that it names'],
  [461, '[SEQ-6] what a sleep lost is not overtaken by what came after it'],
  [4_908, '[CONN-5] a resume that cannot be answered ends its socket'],
  [16_966, '[MSG-8] words are taken back without passing over the edits between'],
])('seed %i: %s', (seed) => {
  expect(
    firstFailure(seed, 1, { actor: soundActor, has_bursts: false, has_changes: false }),
  ).toBeUndefined()
})

describe('control: a planted bug is found', { timeout: 60_000 }, () => {
  test.each(Object.entries(plantedBugs))('an actor that %s', (_, actor) => {
    expect(firstFailure(1, 3_000, { actor })).toBeDefined()
  })

  test('a database that forgets which messages it has', () => {
    expect(firstFailure(1, 3_000, { actor: soundActor, allows_repeats: true })).toBeDefined()
  })
})

function firstFailure(first: number, seeds: number, options: WorldOptions): string | undefined {
  for (let seed = first; seed < first + seeds; seed += 1) {
    try {
      new World(seed, options).run()
    } catch (error) {
      return `seed ${seed}: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  return undefined
}
