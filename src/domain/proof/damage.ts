/** How the damage is told: one sentence for people, the place for programs. */
import type { Damage } from '../../protocol/proof.ts'

type Place = Omit<Damage, 'kind' | 'message'>

export const damage = (kind: Damage['kind'], message: string, place: Place = {}): Damage => ({
  kind,
  message,
  ...place,
})

/** One line that names kind and place. */
export const damageLine = ({ kind, message, ...place }: Damage): string => {
  const where = Object.entries(place).map(([name, value]) => `${name} ${value}`)
  return `${kind} at ${where.join(', ') || 'the room'}: ${message}`
}
