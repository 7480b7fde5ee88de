/**
 * Operations as the rest of the page names them; what their views say is in `ops-texts.ts` and
 * `configuration-texts.ts`, fetched with them.
 */
export const opsEn = {
  heading: 'Operations',
}

export const opsZhTw: typeof opsEn = {
  heading: '維運',
}
