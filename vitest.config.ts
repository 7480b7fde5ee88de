/**
 * The kinds of tests. All share one throw-away Postgres with its bridge
 * (test/support/global-setup.ts); each database in it is a clone of one migrated template.
 *
 *   unit      pure code, in Node                       vitest --project unit
 *   workerd   inside the Workers runtime, real Postgres behind the bridge; in `alone` those that
 *             change or count what the whole deployment shares
 *   postgres  SQL and procedures, from Node
 *   contract  what is promised to clients and operators, asked of the built Worker from outside
 *   system    the built Worker under load and faults, killed and restarted
 *   browser   the page in Chromium against the built Worker
 */
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

const minute = 60_000

// No telemetry, and no look-up of where in the world this machine is.
process.env['WRANGLER_SEND_METRICS'] = 'false'
process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false'

const inWorkerd = () => [
  cloudflareTest(({ inject }) => ({
    wrangler: { configPath: './wrangler.toml' },
    miniflare: { bindings: inject('workerBindings') },
  })),
]

const workerd = {
  name: 'workerd',
  isolate: false,
  // They wait most of the time.
  maxWorkers: 4,
  testTimeout: 40_000,
  hookTimeout: 40_000,
}

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    // Also on two cores: several files do little but wait, for rooms to fall asleep.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          // What is pure needs no walls, and they cost as much as the tests.
          isolate: false,
          include: ['test/unit/**/*.test.ts', 'test/simulation/**/*.test.ts'],
        },
      },
      // A runtime of its own for each file would load all of Muster anew each time, which takes
      // longer than most files do.
      { plugins: inWorkerd(), test: { ...workerd, include: ['test/workerd/*.test.ts'] } },
      {
        plugins: inWorkerd(),
        test: {
          ...workerd,
          name: 'workerd-alone',
          include: ['test/workerd/alone/*.test.ts'],
          isolate: true,
        },
      },
      {
        test: {
          name: 'postgres',
          include: ['test/postgres/**/*.test.ts'],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 3 * minute,
          hookTimeout: 2 * minute,
        },
      },
      {
        test: {
          name: 'system',
          include: ['test/system/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 3 * minute,
          hookTimeout: 2 * minute,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          // A page that shares two cores with others is slow at times; a wait ends when it can.
          expect: { poll: { timeout: 10_000 } },
          testTimeout: minute,
          hookTimeout: 2 * minute,
        },
      },
    ],
  },
})
