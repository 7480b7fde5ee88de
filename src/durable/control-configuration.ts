/**
 * The versions of the configuration in the storage of Control (OPS-4): what was set, when, by whom.
 * Nothing is kept that was not checked as a whole, and nobody overwrites what they have not seen.
 */
import { brokenAt, chainedText, NO_HASH, type Unsigned } from '../domain/configuration/chain.ts'
import { nothingHeld, type HeldConfiguration } from '../domain/configuration/overrides.ts'
import { isNothing, planChange, planRollback, type Plan } from '../domain/configuration/plan.ts'
import { shown } from '../domain/configuration/shown.ts'
import { settingsProblems } from '../http/settings.ts'
import { toHex } from '../lib/hex.ts'
import { failure, success, type Outcome } from '../lib/outcome.ts'
import type { Variables } from '../lib/variables.ts'
import type {
  ChangeConfiguration,
  ChangedConfiguration,
  Configuration,
  ConfigurationHistory,
  ConfigurationVersion,
  RollBackConfiguration,
} from '../protocol/configuration.ts'
import { refusal, type NamedProblem, type Refusal } from '../protocol/errors.ts'
import { ConfigurationVersions } from './configuration-versions.ts'

/** Who asks for it. */
export type By = { readonly by: string }

export type Changed = {
  readonly configuration: ChangedConfiguration
  readonly held: HeldConfiguration
  /** Whether there is a new version. */
  readonly is_new: boolean
}

type Wish = By & {
  readonly expected_version: number | undefined
  readonly note: string | undefined
  readonly dry_run: boolean | undefined
  readonly rolled_back_to: number | null
  readonly plan: Plan
}

/** Some kilobytes each: years of changes by hand, and a bound for a script that runs wild. */
const KEPT_MAX_COUNT = 500

export class ControlConfiguration {
  readonly #versions: ConfigurationVersions
  readonly #environment: Variables

  constructor(sql: SqlStorage, environment: Variables, kept_max_count = KEPT_MAX_COUNT) {
    this.#versions = new ConfigurationVersions(sql, kept_max_count)
    this.#environment = environment
  }

  held(): HeldConfiguration {
    const newest = this.#versions.newest()
    return newest ? { version: newest.version, overrides: newest.overrides } : nothingHeld
  }

  shown(overrides = this.held().overrides): Configuration {
    const newest = this.#versions.newest()
    return {
      version: newest?.version ?? 0,
      environment: this.#environment.ENVIRONMENT || 'production',
      ...shown(this.#environment, { overrides }, settingsProblems),
      changed_at: newest?.changed_at ?? null,
      changed_by: newest?.changed_by ?? null,
    }
  }

  change({ values, ...wish }: ChangeConfiguration & By): Promise<Outcome<Changed>> {
    const plan = planChange(this.#standing(), values)
    return this.#make({ ...optional(wish), rolled_back_to: null, plan })
  }

  async rollBack({ version, ...wish }: RollBackConfiguration & By): Promise<Outcome<Changed>> {
    const target = version === 0 ? nothingHeld : this.#versions.of(version)
    if (!target) return failure(refusal('not_found', 'there is no such version, or no more'))
    const plan = planRollback(this.#standing(), target.overrides)
    return this.#make({ ...optional(wish), rolled_back_to: version, plan })
  }

  /** Newest first. */
  async history(limit: number): Promise<ConfigurationHistory> {
    const all = this.#versions.all()
    const hashes = await Promise.all(all.map((one) => hashOf(one)))
    return { versions: all.toReversed().slice(0, limit), broken_at: brokenAt(all, hashes) }
  }

  async #make(wish: Wish): Promise<Outcome<Changed>> {
    const { plan, expected_version, rolled_back_to } = wish
    const held = this.held()
    if (expected_version !== undefined && expected_version !== held.version) return this.#conflict()
    if (!plan.ok) return failure(badValues(plan.problems))
    if (wish.dry_run || isNothing(plan, held)) {
      const configuration = { ...this.shown(plan.overrides), changes: plan.changes }
      return success({ configuration, held, is_new: false })
    }
    const unsigned: Unsigned = {
      version: held.version + 1,
      changed_at: new Date().toISOString(),
      changed_by: wish.by,
      note: wish.note ?? '',
      rolled_back_to,
      changes: plan.changes,
      overrides: plan.overrides,
      previous_hash: this.#versions.newest()?.hash ?? NO_HASH,
    }
    const hash = await hashOf(unsigned)
    // While it was hashed somebody else may have been faster.
    if (this.held().version !== held.version) return this.#conflict()
    this.#versions.add({ ...unsigned, hash })
    const configuration = { ...this.shown(), changes: plan.changes }
    return success({ configuration, held: this.held(), is_new: true })
  }

  #standing() {
    return { environment: this.#environment, held: this.held(), check: settingsProblems }
  }

  #conflict(): Outcome<never> {
    const { version } = this.held()
    return failure(
      refusal('conflict', `somebody else has changed it: it is version ${version} now`),
    )
  }
}

const badValues = (problems: readonly NamedProblem[]): Refusal => ({
  ...refusal('bad_request', [...new Set(problems.map(({ message }) => message))].join('; ')),
  problems,
})

/** What was left out, by name. */
const optional = ({
  by,
  expected_version,
  note,
  dry_run,
}: Partial<RollBackConfiguration> & By) => ({
  by,
  expected_version,
  note,
  dry_run,
})

const hashOf = async (version: Unsigned | ConfigurationVersion): Promise<string> => {
  const bytes = new TextEncoder().encode(chainedText(version))
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}
