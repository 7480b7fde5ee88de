/** The quick switcher between rooms. */
export const switcherEn = {
  heading: 'Go to a room',
  hint: 'Title, place, lot or type',
  rooms: 'Rooms',
  commands: 'Commands',
  result_count: (n: number) => `${n} ${n === 1 ? 'result' : 'results'}`,
  search_for: (words: string) => `Search all rooms for “${words}”`,
  keys: '↑ ↓ choose · Enter opens · Ctrl+Enter opens in a new tab · Esc closes',
  no_room: 'No room matches.',
}

export const switcherZhTw: typeof switcherEn = {
  heading: '切換事件室',
  hint: '標題、地點、批號或類型',
  rooms: '事件室',
  commands: '指令',
  result_count: (n) => `${n} 筆結果`,
  search_for: (words) => `在所有事件室搜尋「${words}」`,
  keys: '↑ ↓ 選擇 · Enter 開啟 · Ctrl+Enter 在新分頁開啟 · Esc 關閉',
  no_room: '沒有符合的事件室。',
}
