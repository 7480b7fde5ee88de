/** The preview of a report. */
export const reportEn = {
  heading: 'Report',
}

export const reportZhTw: typeof reportEn = {
  heading: '報告',
}
