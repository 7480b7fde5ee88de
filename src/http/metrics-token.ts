/** The secret by which a monitoring system reads `/metrics` (OPS-1). */
import { SettingsError, type Variables } from '../lib/variables.ts'

const TOKEN_MIN_LENGTH = 16

/**
 * Undefined where there is none: then only admins read it.
 * @throws SettingsError
 */
export const readMetricsToken = ({ METRICS_TOKEN }: Variables): string | undefined => {
  if (METRICS_TOKEN === undefined || METRICS_TOKEN === '') return undefined
  if (METRICS_TOKEN.length >= TOKEN_MIN_LENGTH) return METRICS_TOKEN
  throw new SettingsError(`METRICS_TOKEN must have at least ${TOKEN_MIN_LENGTH} characters`)
}

/** Takes as long for a token that is nearly right as for any other. */
export const isMetricsToken = async (variables: Variables, given: string): Promise<boolean> => {
  const token = readMetricsToken(variables)
  if (token === undefined) return false
  const [ours, theirs] = await Promise.all([digestOf(token), digestOf(given)])
  let difference = 0
  for (const [index, byte] of ours.entries()) difference |= byte ^ (theirs[index] ?? 0)
  return difference === 0
}

/** Of equal length, whatever was given. */
const digestOf = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))
