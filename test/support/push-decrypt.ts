/**
 * What a browser does with a push (RFC 8291, RFC 8188), by node:crypto alone: an independent check
 * of what the Worker encrypts.
 */
import { createDecipheriv, createECDH, hkdfSync } from 'node:crypto'

export type BrowserKeys = {
  /** The uncompressed point, its secret number, and the secret that is shared with us. */
  readonly public_key: Buffer
  readonly private_key: Buffer
  readonly auth: Buffer
}

const SALT_BYTES = 16
const TAG_BYTES = 16
const LAST_RECORD = 2

/** @throws Error where it was not encrypted for these keys */
export function decryptPush(keys: BrowserKeys, body: Buffer): string {
  const salt = body.subarray(0, SALT_BYTES)
  const record_size = body.readUInt32BE(SALT_BYTES)
  const key_length = body.readUInt8(SALT_BYTES + 4)
  const from = SALT_BYTES + 5 + key_length
  const sender_key = body.subarray(SALT_BYTES + 5, from)
  const record = body.subarray(from)
  if (record.length > record_size) throw new Error('more than one record')

  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(keys.private_key)
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.public_key, sender_key])
  const secret = hkdf(keys.auth, ecdh.computeSecret(sender_key), info, 32)
  const key = hkdf(salt, secret, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = hkdf(salt, secret, Buffer.from('Content-Encoding: nonce\0'), 12)
  const decipher = createDecipheriv('aes-128-gcm', key, nonce)
  decipher.setAuthTag(record.subarray(-TAG_BYTES))
  const padded = Buffer.concat([decipher.update(record.subarray(0, -TAG_BYTES)), decipher.final()])
  const end = padded.findLastIndex((byte) => byte !== 0)
  if (padded[end] !== LAST_RECORD) throw new Error('not the last record')
  return padded.subarray(0, end).toString('utf8')
}

const hkdf = (salt: Buffer, secret: Buffer, info: Buffer, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, length))
