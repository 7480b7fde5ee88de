/** What is wrong with a record, in the reader's language: what, and where. Pure. */
import type { Damage } from '../../../src/protocol/proof.ts'
import type { Dictionary } from '../i18n/en.ts'
import type { Suspicion } from '../sync/record-verdict.ts'

export const suspicionLines = (suspicion: Suspicion, t: Dictionary): readonly string[] => {
  switch (suspicion.kind) {
    case 'damage':
      return [t.record.damage[suspicion.damage.kind], ...placesOf(suspicion.damage, t)]
    case 'behind_page': {
      const { of, server, page } = suspicion
      const word = of === 'revision' ? t.record.revision_word : t.record.message_word
      return [t.record.behind_page(word, server, page)]
    }
    case 'behind_receipt':
      return [t.record.behind_receipt(suspicion.server, suspicion.noted)]
    case 'other_hash':
      return [t.record.other_hash(suspicion.revision)]
  }
}

const placesOf = (damage: Damage, t: Dictionary): readonly string[] => {
  const { revision, sequence_number, field, user_id } = damage
  return [
    ...(revision === undefined ? [] : [t.record.at_revision(revision)]),
    ...(sequence_number === undefined ? [] : [t.record.at_message(sequence_number)]),
    ...(field === undefined ? [] : [t.record.at_field(field)]),
    ...(user_id === undefined ? [] : [user_id]),
  ]
}
