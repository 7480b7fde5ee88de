/**
 * The configuration that is in force as this isolate knows it (OPS-4): what the environment says,
 * and over it what operators have set while Muster runs. Whoever reads a setting reads it from here.
 */
import type { HeldConfiguration } from '../domain/configuration/overrides.ts'
import type { Env } from '../env.ts'
import { KnownConfiguration, type InForce } from './known-configuration.ts'

export type { InForce }

const isolate = new KnownConfiguration()

/**
 * What this isolate knows; at once, and cheap enough for every message: the same object again until
 * something changes.
 */
export const inForce = (env: Env): InForce => isolate.inForce(env)

/**
 * Asks Control where it is time to. What it returns has to be kept alive (`waitUntil`), and never
 * fails; undefined: nothing to ask. Waits for nobody else's answer.
 */
export const refresh = (env: Env): Promise<void> | undefined => isolate.refresh(env)

/**
 * Undefined: something is known, or Control does not answer, and there is nothing to wait for. Else
 * it resolves when something is, or patience ends; then what the environment says holds.
 * @param keep_alive takes what goes on in the background
 */
export const whenKnown = (
  env: Env,
  keep_alive: (asking: Promise<void>) => void = () => {},
): Promise<void> | undefined => isolate.whenKnown(env, keep_alive)

/** Control, or somebody whom it told, says so. Nothing older replaces what is known. */
export const tell = (held: HeldConfiguration): void => isolate.tell(held)
