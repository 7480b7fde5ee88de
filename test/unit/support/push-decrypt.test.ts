/** The tests' own browser reads what RFC 8291 says it must. */
import { expect, test } from 'vitest'
import { decryptPush } from '../../support/push-decrypt.ts'

const bytes = (text: string) => Buffer.from(text, 'base64url')

/** RFC 8291, appendix A. */
const keys = {
  public_key: bytes(
    'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  ),
  private_key: bytes('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94'),
  auth: bytes('BTBZMqHH6r4Tts7J_aSIgg'),
}
const body = bytes(
  'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
)

test('[WEB-5] reads the example of RFC 8291', () => {
  expect(decryptPush(keys, body)).toBe('When I grow up, I want to be a watermelon')
})

test('[WEB-5] control: with another secret it reads nothing', () => {
  expect(() => decryptPush({ ...keys, auth: Buffer.alloc(16) }, body)).toThrow()
})
