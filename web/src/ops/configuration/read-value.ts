/**
 * From what was typed to a value of a setting, or what is wrong with it (OPS-4). Pure. The server
 * judges again, and what settings have to do with each other is judged by it alone.
 */
import type {
  ConfigurationSetting,
  ConfigurationValue,
} from '../../../../src/protocol/configuration.ts'

export type ValueProblem =
  | { readonly kind: 'empty' | 'not_a_number' | 'not_whole' | 'not_offered'; readonly at: number }
  | { readonly kind: 'too_small' | 'too_large'; readonly bound: number; readonly at: number }
  /** Not above the level before. */
  | { readonly kind: 'not_ascending'; readonly at: number }

type Read =
  | { readonly ok: true; readonly value: ConfigurationValue }
  | { readonly ok: false; readonly problem: ValueProblem }

/** @param texts one; of levels five. `at` of a problem says which of them */
export const readTexts = (setting: ConfigurationSetting, texts: readonly string[]): Read => {
  if (setting.kind === 'choice') return readChoice(setting, texts[0] ?? '')
  const numbers: number[] = []
  for (const [at, text] of texts.entries()) {
    const read = readNumber(setting, text)
    if (typeof read !== 'number') return { ok: false, problem: { ...read, at } }
    numbers.push(read)
  }
  if (setting.kind === 'levels') {
    const at = numbers.findIndex((number, index) => number <= (numbers[index - 1] ?? -Infinity))
    return at < 0
      ? { ok: true, value: numbers }
      : { ok: false, problem: { kind: 'not_ascending', at } }
  }
  const [value] = numbers
  return value === undefined
    ? { ok: false, problem: { kind: 'empty', at: 0 } }
    : { ok: true, value }
}

const readChoice = ({ choices = [] }: ConfigurationSetting, text: string): Read =>
  choices.includes(text)
    ? { ok: true, value: text }
    : { ok: false, problem: { kind: 'not_offered', at: 0 } }

type NumberProblem =
  | { readonly kind: 'empty' | 'not_a_number' | 'not_whole' }
  | { readonly kind: 'too_small' | 'too_large'; readonly bound: number }

const readNumber = (
  { kind, min, max }: ConfigurationSetting,
  text: string,
): number | NumberProblem => {
  // Input methods write digits of full width.
  const typed = text.normalize('NFKC').trim()
  if (typed === '') return { kind: 'empty' }
  const plain = grouped.test(typed) ? typed.replaceAll(/[ ,_]/g, '') : typed
  if (!decimal.test(plain)) return { kind: 'not_a_number' }
  const number = Number(plain)
  if (kind === 'integer' && !Number.isInteger(number)) return { kind: 'not_whole' }
  if (min !== null && number < min) return { kind: 'too_small', bound: min }
  if (max !== null && number > max) return { kind: 'too_large', bound: max }
  return number
}

const decimal = /^-?(\d+\.?\d*|\.\d+)$/

/** As in 268,435,456: a comma elsewhere may be meant as a point, and is refused. */
const grouped = /^-?[1-9]\d{0,2}(([ ,_])\d{3})(\2\d{3})*(\.\d+)?$/
