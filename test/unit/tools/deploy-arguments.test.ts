import { expect, test } from 'vitest'
import { argumentsFor } from '../../../tools/deploy/arguments.ts'

test.each([
  [[], ['deploy', '--env', 'staging']],
  [
    ['--env', 'production'],
    ['deploy', '--env', 'production'],
  ],
  [
    ['--dry-run', '--env=production', '--message', 'why'],
    ['deploy', '--env', 'production', '--dry-run', '--message', 'why'],
  ],
  [
    ['-e', 'staging', '--secrets-file', 'f'],
    ['deploy', '--env', 'staging', '--secrets-file', 'f'],
  ],
])('[RUN-3] npm run deploy -- %j', (given, args) => {
  expect(argumentsFor(given)).toEqual(args)
})

test.each([[['--env', 'prod']], [['--env', '']], [['--env']], [['--env=development']]])(
  '[RUN-3] an environment that may not be deployed is refused: %j',
  (given) => {
    expect(() => argumentsFor(given)).toThrow('it must be staging or production')
  },
)
