import { expect, test } from 'vitest'
import { afterClose, closeCodes, type AfterClose } from '../../../src/protocol/close-codes.ts'

/** The table of the protocol document. */
const expected = (code: number): AfterClose => {
  if (code === 4400) return 'stop'
  if (code === 4401 || code === 4402) return 'authenticate'
  return code >= 4403 && code <= 4407 ? 'stop' : 'reconnect'
}

test('[CONN-7] the range of a code alone tells what to do', () => {
  for (let code = 1000; code < 5000; code += 1)
    expect([code, afterClose(code)]).toEqual([code, expected(code)])
})

test.each<[keyof typeof closeCodes, AfterClose]>([
  ['abuse', 'stop'],
  ['token_expired', 'authenticate'],
  ['removed', 'stop'],
  ['room_gone', 'stop'],
  ['unresponsive', 'reconnect'],
  ['restart', 'reconnect'],
])('[CONN-7] after %s: %s', (name, then) => {
  expect(afterClose(closeCodes[name])).toBe(then)
})

test('[CONN-7] every code of ours lies in a range that means something', () => {
  for (const code of Object.values(closeCodes)) {
    expect(code).toBeGreaterThanOrEqual(4400)
    expect(code).toBeLessThan(4500)
  }
})
