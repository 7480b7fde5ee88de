/** What notifications say, and the bar that offers them. The service worker speaks these, too. */
export const notificationsEn = {
  mention_heading: (name: string, room: string) => `${name} mentioned you · ${room}`,
  notice_heading: (name: string) => `Notice from ${name}`,
  missed_heading: (n: number, room: string) =>
    n === 1 ? `You were mentioned · ${room}` : `You were mentioned ${n} times · ${room}`,
  missed: 'While you were disconnected.',
  said: (name: string, text: string) => `${name}: ${text}`,
  without_text: 'A file or data',
  and_more: (text: string, n: number) => `${text} (and ${n} more)`,
  list: 'Notifications',
  dismiss: 'Dismiss',
  ask: 'Get notified when somebody mentions you, also while this page is closed?',
  turn_on: 'Turn on',
  not_now: 'Not now',
  answer: {
    denied:
      'Your browser blocks notifications from Muster. To allow them, open the site settings beside the address.',
    granted: 'Notifications are on for this device.',
  },
  update: 'A new version of Muster is ready.',
  reload: 'Reload',
  later: 'Later',
}

export const notificationsZhTw: typeof notificationsEn = {
  mention_heading: (name, room) => `${name} 提到您 · ${room}`,
  notice_heading: (name) => `${name} 傳來通知`,
  missed_heading: (n, room) => (n === 1 ? `有人提到您 · ${room}` : `有人提到您 ${n} 次 · ${room}`),
  missed: '發生在您斷線期間。',
  said: (name, text) => `${name}：${text}`,
  without_text: '檔案或資料',
  and_more: (text, n) => `${text}（還有 ${n} 則）`,
  list: '通知',
  dismiss: '關閉通知',
  ask: '有人提到您時要通知您嗎？關閉此頁面後也會收到。',
  turn_on: '開啟通知',
  not_now: '暫時不要',
  answer: {
    denied: '瀏覽器封鎖了 Muster 的通知。若要允許，請點網址旁的網站設定。',
    granted: '此裝置已開啟通知。',
  },
  update: 'Muster 有新版本可用。',
  reload: '重新載入',
  later: '稍後',
}
