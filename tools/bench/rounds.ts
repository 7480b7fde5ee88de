/** Measures several systems in turn, round after round, so that a noisy machine is fair to all. */

/**
 * @param systems what to measure, by name
 * @returns per name what each round gave, in the order of the rounds
 */
export async function inRounds<Name extends string, Value>(
  rounds: number,
  systems: Record<Name, () => Promise<Value>>,
): Promise<Record<Name, Value[]>> {
  const names = Object.keys(systems) as Name[]
  const values = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    Value[]
  >
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      values[name].push(await systems[name]())
      process.stderr.write('.')
    }
  }
  process.stderr.write('\n')
  return values
}
