/** Receipts: made and recognised with one key, and with no other (API-9). */
import { expect, test } from 'vitest'
import { parseReceipt, RECEIPT_MAX_LENGTH } from '../../../src/domain/proof/receipt.ts'
import { readProofSecret, signStatement, verifyReceipt } from '../../../src/identity/receipts.ts'

const room_id = '0198d7f0-5c3e-7a41-9d52-3f1f6f0c8a11'
const statement = { room_id, revision: 17, hash: 'ab'.repeat(32), at: 1_795_341_544_064 }
const AUTH_SECRET = 'a-secret-for-tests-only-of-32-characters'
const PROOF_SECRET = 'another-secret-of-more-than-32-characters'

const signed = async (variables = { AUTH_SECRET }) =>
  (await signStatement(variables, statement)) ?? ''

test('[API-9] a receipt says what was signed, and is recognised', async () => {
  const text = await signed()
  expect(text.startsWith(`muster1.${room_id}.17.${statement.hash}.1795341544064.`)).toBe(true)
  expect(text.length).toBeLessThan(RECEIPT_MAX_LENGTH)
  expect(await verifyReceipt({ AUTH_SECRET }, room_id, text)).toMatchObject(statement)
})

test.each<[string, (text: string) => string]>([
  ['revision', (text) => text.replace('.17.', '.18.')],
  ['hash', (text) => text.replace('.abab', '.abac')],
  ['time', (text) => text.replace('.1795341544064.', '.1795341544065.')],
  ['room', (text) => text.replace('0198d7f0', '0198d7f1')],
  ['signature', (text) => text.slice(0, -2) + (text.at(-2) === 'A' ? 'B' : 'A') + text.slice(-1)],
  ['length', (text) => `${text}A`],
  ['form', (text) => text.replace('muster1', 'muster2')],
])('[API-9] one with another %s is none', async (_, forged) => {
  const text = await signed()
  expect(await verifyReceipt({ AUTH_SECRET }, room_id, forged(text))).toBeUndefined()
})

test('[API-9] one of another room or key is none here', async () => {
  const text = await signed()
  const other = room_id.replace('0198', '0199')
  expect(await verifyReceipt({ AUTH_SECRET }, other, text)).toBeUndefined()
  expect(await verifyReceipt({ AUTH_SECRET, PROOF_SECRET }, room_id, text)).toBeUndefined()
  const ofProofSecret = await signed({ AUTH_SECRET: PROOF_SECRET })
  const variables = { AUTH_SECRET, PROOF_SECRET }
  expect(await verifyReceipt(variables, room_id, ofProofSecret)).toMatchObject(statement)
})

test('[API-9] without a secret nothing is signed and nothing believed', async () => {
  expect(await signStatement({}, statement)).toBeUndefined()
  expect(await verifyReceipt({}, room_id, await signed())).toBeUndefined()
  expect(parseReceipt(await signed())).toMatchObject(statement)
})

test('[SEC-5] a weak PROOF_SECRET is named and not repeated', () => {
  expect(() => readProofSecret({ PROOF_SECRET: 'hush' })).toThrow(/^PROOF_SECRET is too short/)
  expect(() => readProofSecret({ PROOF_SECRET: 'hush' })).not.toThrow(/hush/)
})
