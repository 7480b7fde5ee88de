/**
 * The variables that are in force (OPS-4): what the environment says, and over it what operators
 * have set while Muster runs. Whoever reads a setting reads it from here.
 */
import type { Env } from '../env.ts'
import type { Variables } from '../lib/variables.ts'

export type InForce = {
  /** 0: nothing was ever changed. Grows with every change. */
  readonly version: number
  readonly variables: Variables
}

/** What this isolate knows; at once. */
export const inForce = (env: Env): InForce => ({ version: 0, variables: env })
