import { expect, test } from 'vitest'
import { damageKinds, type Verification } from '../../../src/protocol/proof.ts'
import { en } from '../../../web/src/i18n/en.ts'
import { suspicionLines } from '../../../web/src/record/suspicion-lines.ts'
import { notedHeadOf, suspicionOf } from '../../../web/src/sync/record-verdict.ts'

const hash = (digit: string): string => digit.repeat(64)

const verification = (overrides: Partial<Verification> = {}): Verification => ({
  ok: true,
  messages: 8,
  revisions: 10,
  head: { revision: 10, hash: hash('a') },
  checked: { checkpoints: 1, foreign_checkpoints: 0, receipts: 0 },
  receipt: null,
  ...overrides,
})

const held = { last_revision: 10, last_sequence: 8 }
const noted = { revision: 9, hash: hash('b') }

test('[API-9] a record that reaches as far as all that is known of it is believed', () => {
  expect(suspicionOf({ verification: verification(), held, noted: undefined })).toBeUndefined()
  expect(suspicionOf({ verification: verification(), held, noted })).toBeUndefined()
  const none = { last_revision: 0, last_sequence: 0 }
  expect(suspicionOf({ verification: verification(), held: none, noted })).toBeUndefined()
})

test('[API-9] an answer that is "ok" but shorter than what this page was told is not', () => {
  expect(
    suspicionOf({
      verification: verification(),
      held: { last_revision: 11, last_sequence: 8 },
      noted,
    }),
  ).toEqual({ kind: 'behind_page', of: 'revision', server: 10, page: 11 })
  expect(
    suspicionOf({ verification: verification({ messages: 7 }), held, noted: undefined }),
  ).toEqual({ kind: 'behind_page', of: 'message', server: 7, page: 8 })
})

test('[API-9] an answer that is "ok" but not what this device noted is not believed either', () => {
  const earlier = { last_revision: 0, last_sequence: 0 }
  expect(
    suspicionOf({
      verification: verification(),
      held: earlier,
      noted: { revision: 12, hash: hash('b') },
    }),
  ).toEqual({ kind: 'behind_receipt', server: 10, noted: 12 })
  expect(
    suspicionOf({
      verification: verification(),
      held: earlier,
      noted: { revision: 10, hash: hash('b') },
    }),
  ).toEqual({ kind: 'other_hash', revision: 10 })
})

test('[API-9] every kind of damage is said in words, and where it is', () => {
  for (const kind of damageKinds) {
    const damage = { kind, message: 'x', revision: 5, sequence_number: 4, field: 'content' }
    const suspicion = suspicionOf({
      verification: verification({ ok: false, first_problem: damage }),
      held,
      noted: undefined,
    })
    const lines = suspicion && suspicionLines(suspicion, en)
    expect(lines?.[0]).toMatch(/\.$/)
    expect(lines?.slice(1)).toEqual(['Revision 5', 'Message #4', 'Field content'])
  }
})

test('[API-9] a receipt tells which head it notes, any other text nothing', () => {
  const room_id = '01900000-0000-7000-8000-000000000001'
  const receipt = `muster1.${room_id}.12.${hash('c')}.1764000000000.${'s'.repeat(43)}`
  expect(notedHeadOf(receipt)).toEqual({ revision: 12, hash: hash('c') })
  expect(notedHeadOf('')).toBeUndefined()
  expect(notedHeadOf(receipt.replace('muster1', 'muster2'))).toBeUndefined()
})
