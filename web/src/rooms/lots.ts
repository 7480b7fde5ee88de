/** Reads lots from what is typed or pasted. */
import { LOT_MAX_LENGTH, LOTS_MAX_COUNT } from '../../../src/protocol/limits.ts'

/** What ends a lot while typing, in half and full width. A lot may have spaces in it. */
const separators = [',', '，', '、', ';', '；']

const between = new RegExp(`[${separators.join('')}\\n\\r\\t]`, 'u')

/** Whether there is more than one lot in it, or one that is ended. */
export const holdsSeveral = (text: string): boolean => between.test(text)

/** None twice, none longer and no more than a room may have. */
export const withLots = (lots: readonly string[], text: string): readonly string[] => {
  const added = text
    .split(between)
    // Half a character at the cut would be refused.
    .map((lot) =>
      lot
        .trim()
        .slice(0, LOT_MAX_LENGTH)
        .replace(/\p{Cs}$/u, '')
        .trim(),
    )
    .filter((lot) => lot !== '')
  return [...new Set([...lots, ...added])].slice(0, LOTS_MAX_COUNT)
}
