/**
 * The pair of keys by which push services know this Muster (RFC 8292).
 *
 *   npm run vapid-keys      prints a fresh pair
 */

export type VapidKeys = { readonly VAPID_PUBLIC_KEY: string; readonly VAPID_PRIVATE_KEY: string }

export async function makeVapidKeys(): Promise<VapidKeys> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const point = await crypto.subtle.exportKey('raw', pair.publicKey)
  const { d = '' } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  return {
    VAPID_PUBLIC_KEY: Buffer.from(point).toString('base64url'),
    VAPID_PRIVATE_KEY: d,
  }
}

if (import.meta.main)
  for (const [name, value] of Object.entries(await makeVapidKeys())) console.log(`${name}=${value}`)
