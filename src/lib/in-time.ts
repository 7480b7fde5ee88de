/** An answer of somebody who may be away: null where none comes in time, or an error does. */
export const inTime = async <Value>(
  wait_ms: number,
  asked: PromiseLike<Value>,
): Promise<Value | null> => {
  const silence = Promise.withResolvers<null>()
  const timer = setTimeout(() => silence.resolve(null), wait_ms)
  try {
    return await Promise.race([asked, silence.promise])
  } catch {
    return null
  } finally {
    clearTimeout(timer)
  }
}
