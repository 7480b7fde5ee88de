/**
 * The configuration as it is edited (OPS-4): what holds, what was entered, what somebody else did
 * meanwhile. Nothing takes effect but by `apply` and `undoApplied`, both of which name the version
 * that was looked at; whoever was faster is not overwritten.
 */
import type {
  ChangedConfiguration,
  Configuration,
  ConfigurationChange,
  ConfigurationVersion,
} from '../../../../src/protocol/configuration.ts'
import type { Api, Failure, Result } from '../../sync/api.ts'
import { rebase, type Collision } from './collision.ts'
import {
  draftProblems,
  emptyDraft,
  plannedChanges,
  wantedValues,
  withEntry,
  withoutEntry,
  withoutVain,
  type Draft,
  type Entry,
} from './draft.ts'

export type EditorApi = Pick<
  Api,
  'configuration' | 'changeConfiguration' | 'rollBackConfiguration' | 'configurationHistory'
>

/** What is about to take effect: one's draft, or the values of a former version. */
export type Review = {
  readonly of: { readonly kind: 'draft' } | { readonly kind: 'rollback'; readonly version: number }
  /** The version that is changed. */
  readonly expected_version: number
  /** As the server says; undefined while it is asked. */
  readonly changes: readonly ConfigurationChange[] | undefined
  readonly failure: Failure | undefined
  readonly is_applying: boolean
}

/** What somebody else changed while one was looking. */
export type Theirs = {
  readonly changes: readonly ConfigurationChange[]
  /** Oldest first; those that are known. */
  readonly versions: readonly ConfigurationVersion[]
  /** One's own change was refused because of it. */
  readonly is_in_the_way: boolean
}

export type Applied = {
  readonly version: number
  readonly changes: readonly ConfigurationChange[]
  /** What an undo goes back to; undefined: this was one. */
  readonly version_before: number | undefined
}

export class ConfigurationEditor {
  readonly #api: EditorApi
  #configuration: Configuration | undefined = $state.raw()
  #failure: Failure | undefined = $state.raw()
  #draft: Draft = $state.raw(emptyDraft)
  /** What the server said of what was entered, by the setting's name. */
  #refused: ReadonlyMap<string, string> = $state.raw(new Map())
  #collisions: readonly Collision[] = $state.raw([])
  #theirs: Theirs | undefined = $state.raw()
  #review: Review | undefined = $state.raw()
  #applied: Applied | undefined = $state.raw()
  #act_failure: Failure | undefined = $state.raw()
  #is_undoing = $state(false)

  readonly changes = $derived(
    this.#configuration ? plannedChanges(this.#configuration, this.#draft) : [],
  )
  readonly problems = $derived(
    this.#configuration
      ? draftProblems(this.#configuration, this.#draft)
      : new Map<string, never>(),
  )
  /** Leaving would lose something. */
  readonly is_edited = $derived(
    this.changes.length > 0 || this.problems.size > 0 || this.#collisions.length > 0,
  )

  constructor(api: EditorApi) {
    this.#api = api
  }

  get configuration(): Configuration | undefined {
    return this.#configuration
  }

  /** Why there is none to show. */
  get failure(): Failure | undefined {
    return this.#failure
  }

  get draft(): Draft {
    return this.#draft
  }

  get refused(): ReadonlyMap<string, string> {
    return this.#refused
  }

  get collisions(): readonly Collision[] {
    return this.#collisions
  }

  get theirs(): Theirs | undefined {
    return this.#theirs
  }

  get review(): Review | undefined {
    return this.#review
  }

  get applied(): Applied | undefined {
    return this.#applied
  }

  /** Why an undo, or what was applied while nobody looked any more, did not take effect. */
  get act_failure(): Failure | undefined {
    return this.#act_failure
  }

  get is_undoing(): boolean {
    return this.#is_undoing
  }

  async load(): Promise<void> {
    this.#failure = undefined
    const result = await this.#api.configuration()
    if (result.ok) this.#configuration = result.value
    else this.#failure = result.failure
  }

  /** What others did; not under the eyes of somebody who is about to apply. */
  async refresh(): Promise<void> {
    if (this.#configuration === undefined) return this.load()
    if (this.#review !== undefined || this.#is_undoing) return
    const result = await this.#api.configuration()
    const is_busy = this.#review !== undefined || this.#is_undoing
    if (result.ok && !is_busy) await this.#takeTheirs(result.value, false)
  }

  enter(name: string, entry: Entry): void {
    this.#draft = withEntry(this.#draft, name, entry)
    this.#accept(name)
  }

  undo(name: string): void {
    this.#draft = withoutEntry(this.#draft, name)
    this.#accept(name)
  }

  undoAll(): void {
    this.#forgetDraft()
    this.#collisions = []
  }

  /** Done with a setting: what would change nothing is forgotten. */
  settle(): void {
    if (this.#configuration) this.#draft = withoutVain(this.#configuration, this.#draft)
  }

  /** One's own over theirs, or theirs. */
  decide(name: string, whose: 'mine' | 'theirs'): void {
    const collision = this.#collisions.find((one) => one.name === name)
    this.#collisions = this.#collisions.filter((one) => one.name !== name)
    if (collision && whose === 'mine') this.enter(name, collision.mine)
  }

  /** Theirs was read. */
  closeTheirs(): void {
    this.#theirs = undefined
    this.#collisions = []
  }

  closeApplied(): void {
    this.#applied = undefined
    this.#act_failure = undefined
  }

  /** Asks what would change. */
  lookAtDraft(): Promise<void> {
    return this.#look({ kind: 'draft' })
  }

  lookAtRollback(version: number): Promise<void> {
    return this.#look({ kind: 'rollback', version })
  }

  /** What is being applied goes on. */
  closeReview(): void {
    this.#review = undefined
  }

  async apply(note: string): Promise<void> {
    const review = this.#review
    if (review?.changes === undefined || review.is_applying) return
    const applying = { ...review, is_applying: true, failure: undefined }
    this.#review = applying
    this.#act_failure = undefined
    const result = await this.#ask(review.of, review.expected_version, { note })
    const is_seen = this.#review === applying
    if (result.ok) {
      this.#review = undefined
      if (review.of.kind === 'draft') this.#forgetDraft()
      return this.#hold(result.value, review.expected_version)
    }
    if (is_seen) this.#review = { ...review, failure: result.failure }
    else this.#act_failure = result.failure
    await this.#refuse(result.failure, review.expected_version)
  }

  /** The version before, in one action; not if somebody has changed it since. */
  async undoApplied(note: string): Promise<void> {
    const applied = this.#applied
    if (applied?.version_before === undefined || this.#is_undoing) return
    this.#is_undoing = true
    this.#act_failure = undefined
    const result = await this.#api.rollBackConfiguration({
      version: applied.version_before,
      expected_version: applied.version,
      note,
    })
    this.#is_undoing = false
    if (result.ok) return this.#hold(result.value, undefined)
    this.#act_failure = result.failure
    if (result.failure.code === 'conflict') await this.refresh()
  }

  async #look(of: Review['of']): Promise<void> {
    const expected_version = this.#configuration?.version
    if (expected_version === undefined) return
    const asked: Review = {
      of,
      expected_version,
      changes: undefined,
      failure: undefined,
      is_applying: false,
    }
    this.#review = asked
    const result = await this.#ask(of, expected_version, { dry_run: true })
    if (this.#review !== asked) return
    if (result.ok) {
      this.#refused = new Map()
      this.#review = { ...asked, changes: result.value.changes }
      return
    }
    this.#review = { ...asked, failure: result.failure }
    await this.#refuse(result.failure, expected_version)
  }

  #ask(
    of: Review['of'],
    expected_version: number,
    how: { readonly note?: string; readonly dry_run?: boolean },
  ): Promise<Result<ChangedConfiguration>> {
    return of.kind === 'draft'
      ? this.#api.changeConfiguration({
          values: wantedValues(this.changes),
          expected_version,
          ...how,
        })
      : this.#api.rollBackConfiguration({ version: of.version, expected_version, ...how })
  }

  /** Problems are shown at their settings, a collision in the view; the rest in the review. */
  async #refuse(failure: Failure, expected_version: number): Promise<void> {
    this.#refused = new Map(failure.problems?.map(({ name, message }) => [name, message]))
    if (failure.code !== 'conflict') return
    const result = await this.#api.configuration()
    // What is remembered somewhere may lag behind: then it says no more than the failure does.
    if (!result.ok || result.value.version <= expected_version) return
    this.#review = undefined
    await this.#takeTheirs(result.value, true)
    this.#act_failure = undefined
  }

  async #takeTheirs(now: Configuration, is_in_the_way: boolean): Promise<void> {
    const before = this.#configuration
    if (before === undefined || now.version < before.version) return
    const { draft, collisions, theirs } = rebase(before, now, this.#draft)
    this.#configuration = now
    this.#draft = draft
    if (theirs.length === 0) return
    const known = this.#theirs
    const kept = this.#collisions.filter(({ name }) => !collisions.some((one) => one.name === name))
    this.#collisions = [...kept, ...collisions]
    this.#theirs = {
      changes: merged(known?.changes ?? [], theirs),
      versions: known?.versions ?? [],
      is_in_the_way,
    }
    const history = await this.#api.configurationHistory()
    if (!history.ok || this.#theirs === undefined) return
    const versions = history.value.versions.filter(({ version }) => version > before.version)
    this.#theirs = {
      ...this.#theirs,
      versions: [...(known?.versions ?? []), ...versions.toReversed()],
    }
  }

  #hold(changed: ChangedConfiguration, version_before: number | undefined): void {
    const { changes, ...configuration } = changed
    const version_seen = this.#configuration?.version
    this.#configuration = configuration
    this.settle()
    // What is still to be decided stays in view.
    if (this.#collisions.length === 0) this.#theirs = undefined
    this.#act_failure = undefined
    // It held already.
    if (configuration.version === version_seen) return
    this.#applied = { version: configuration.version, changes, version_before }
  }

  #forgetDraft(): void {
    this.#draft = emptyDraft
    this.#refused = new Map()
  }

  #accept(name: string): void {
    if (!this.#refused.has(name)) return
    const refused = new Map(this.#refused)
    refused.delete(name)
    this.#refused = refused
  }
}

/** One change a setting: from what one saw first to what holds now. */
const merged = (
  first: readonly ConfigurationChange[],
  then: readonly ConfigurationChange[],
): ConfigurationChange[] => {
  const all = new Map(first.map((change) => [change.name, change]))
  for (const change of then)
    all.set(change.name, { ...change, from: all.get(change.name)?.from ?? change.from })
  return [...all.values()]
}
