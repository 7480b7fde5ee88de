/**
 * One-way messages as the rest of the page names them; what their view says is in
 * `one-way-texts.ts`, fetched with it.
 */
export const oneWayEn = {
  heading: 'One-way messages',
  unread: (n: number) => (n === 1 ? '1 unread notice' : `${n} unread notices`),
  failed_heading: (n: number) =>
    n === 1 ? 'A one-way message did not arrive' : `${n} one-way messages did not arrive`,
}

export const oneWayZhTw: typeof oneWayEn = {
  heading: '單向訊息',
  unread: (n) => `${n} 則未讀通知`,
  failed_heading: (n) => `${n} 則單向訊息未送達`,
}
