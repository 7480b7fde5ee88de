/** What `wrangler deploy` is called with, from what `npm run deploy` was. */
import { parseArgs } from 'node:util'

/** The environments of wrangler.toml that may be deployed, in the order that a change goes through them. */
export const environments = ['staging', 'production'] as const

/** @throws Error with one line where another environment is named */
export function argumentsFor(given: string[]): string[] {
  const { tokens } = parseArgs({
    args: given,
    options: { env: { type: 'string', short: 'e' } },
    strict: false,
    tokens: true,
  })
  const named = tokens.flatMap((token) =>
    token.kind === 'option' && token.name === 'env' ? [token] : [],
  )
  const env = named.length === 0 ? environments[0] : named.at(-1)?.value
  if (!environments.some((one) => one === env))
    throw new Error(`--env is "${env ?? ''}"; it must be ${environments.join(' or ')}.`)
  // `--env x` takes two places, `--env=x` one.
  const places = named.flatMap(({ index, inlineValue }) =>
    inlineValue ? [index] : [index, index + 1],
  )
  const others = given.filter((_, index) => !places.includes(index))
  return ['deploy', '--env', String(env), ...others]
}
