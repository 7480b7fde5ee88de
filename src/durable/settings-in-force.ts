/**
 * The settings of one object as they are in force (OPS-4): read again when the configuration is
 * another. An object asks before it does something; who changes is told what it is now.
 */
import type { Env } from '../env.ts'
import { SettingsError, type Variables } from '../lib/variables.ts'
import { log } from '../telemetry/log.ts'
import { inForce } from './configuration.ts'

export class SettingsInForce<Settings> {
  readonly #env: Env
  readonly #read: (variables: Variables) => Settings
  #version: number
  #settings: Settings

  /** @throws SettingsError where the first ones are bad: that stops the start */
  constructor(env: Env, read: (variables: Variables) => Settings) {
    this.#env = env
    this.#read = read
    const { version, variables } = inForce(env)
    this.#version = version
    this.#settings = read(variables)
  }

  /** As they were last taken up. */
  get current(): Settings {
    return this.#settings
  }

  /** @returns the new ones, once; undefined: they are as they were */
  takeUp(): Settings | undefined {
    const { version, variables } = inForce(this.#env)
    if (version === this.#version) return undefined
    this.#version = version
    try {
      this.#settings = this.#read(variables)
    } catch (error) {
      // What was checked by another version of the code: the last good ones hold.
      if (!(error instanceof SettingsError)) throw error
      const { message } = error
      log.error('configuration_refused', { version, message })
      return undefined
    }
    return this.#settings
  }
}
