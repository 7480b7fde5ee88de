/**
 * What each alert rule is called and what to do about it, in the page's words. A rule that the
 * page does not know is told in the server's own English.
 */
import type { Language } from './languages.ts'

export type RuleText = { readonly title: string; readonly todo: string }

const en = {
  error_rate: {
    title: 'Requests fail by the server’s fault',
    todo: 'See whether the database answers and which circuit is open. If it began with a release, roll that back.',
  },
  commit_slow: {
    title: 'Messages take long to be stored',
    todo: 'See “Where does the time go?”: it says whether the pool is too small or the database slow.',
  },
  pool_waits: {
    title: 'Callers wait long for a connection to the database',
    todo: 'If statements are quick, raise db_pool_size or db_max_overflow. If they are slow, look at the database first.',
  },
  callers_turned_away: {
    title: 'Callers are turned away: no connection came free in time',
    todo: 'Raise db_max_overflow within what the database allows, or find what holds the connections.',
  },
  buffer_fill: {
    title: 'The buffer of one-way messages is filling up',
    todo: 'See whether the database is slow or away. If it is well, raise the batch size; senders are slowed down meanwhile.',
  },
  queue_age: {
    title: 'One-way messages wait too long in the buffer',
    todo: 'See whether commits are slow or a circuit is open; low-priority messages wait first.',
  },
  room_queue: {
    title: 'Messages wait in the queue of a room',
    todo: 'See “Hottest rooms”. If commits are quick, set commit_mode to group or raise commit_batch_max_count.',
  },
  open_circuit: {
    title: 'A service is not asked any more because it failed too often',
    todo: 'See “Circuits”: which service, and when it is tried again. It comes back by itself.',
  },
  database_away: {
    title: 'The database does not answer',
    todo: 'See the status of the database and its network. Rooms are read-only meanwhile; nothing acknowledged is lost.',
  },
  memory_fill: {
    title: 'A queue, cache or buffer is nearly full',
    todo: 'See which part grows. Slow sockets and a slow database fill queues; raise a limit only where memory allows it.',
  },
  degraded: {
    title: 'Extras are left out so that messages go through',
    todo: 'Find the pressure that causes it: slow commits, pool waits or a full buffer. It ends by itself.',
  },
  slow_statements: {
    title: 'Many statements of the database are slow',
    todo: 'See “Slow statements” for which. Look at the database’s load, locks and plans.',
  },
  reporters_lost: {
    title: 'Parts of the server went silent in the middle',
    todo: 'Restarts and releases do that. If it goes on, look in the logs for what is killed; a few seconds of counts are missing.',
  },
} as const satisfies Record<string, RuleText>

const zhTw: Record<keyof typeof en, RuleText> = {
  error_rate: {
    title: '請求因伺服器端問題而失敗',
    todo: '確認資料庫是否有回應、哪個斷路器已斷開。若在發布新版後開始，請回復前一版。',
  },
  commit_slow: {
    title: '訊息寫入過慢',
    todo: '查看「時間花在哪裡？」：會指出是連線池太小，還是資料庫太慢。',
  },
  pool_waits: {
    title: '等待資料庫連線的時間過長',
    todo: '若陳述式執行很快，請調高 db_pool_size 或 db_max_overflow；若執行很慢，請先檢查資料庫。',
  },
  callers_turned_away: {
    title: '逾時仍無可用連線，請求遭拒',
    todo: '在資料庫允許的範圍內調高 db_max_overflow，或找出佔用連線的原因。',
  },
  buffer_fill: {
    title: '單向訊息的緩衝區即將滿載',
    todo: '確認資料庫是否過慢或無回應。若資料庫正常，請調高批次大小；在此期間會放慢傳送端。',
  },
  queue_age: {
    title: '單向訊息在緩衝區等待過久',
    todo: '確認寫入是否過慢、斷路器是否斷開；低優先訊息會最先等待。',
  },
  room_queue: {
    title: '訊息在事件室的佇列中等待',
    todo: '查看「最忙碌的事件室」。若寫入很快，請將 commit_mode 設為 group，或調高 commit_batch_max_count。',
  },
  open_circuit: {
    title: '某項服務失敗過多，已暫停呼叫',
    todo: '查看「斷路器」：是哪項服務、何時再試。恢復後會自動繼續。',
  },
  database_away: {
    title: '資料庫沒有回應',
    todo: '檢查資料庫狀態與網路。在此期間事件室為唯讀，已確認的訊息不會遺失。',
  },
  memory_fill: {
    title: '某個佇列、快取或緩衝區即將滿載',
    todo: '查看是哪個部分在增加。連線緩慢的用戶端與過慢的資料庫都會堆積佇列；記憶體足夠時才調高上限。',
  },
  degraded: {
    title: '為確保訊息正常收發，部分功能已暫停',
    todo: '找出壓力來源：寫入過慢、等待連線或緩衝區滿載。壓力解除後會自動恢復。',
  },
  slow_statements: {
    title: '許多資料庫陳述式執行過慢',
    todo: '查看「慢速陳述式」是哪些。檢查資料庫的負載、鎖定與執行計畫。',
  },
  reporters_lost: {
    title: '部分伺服器程序中途失去回報',
    todo: '重新啟動與發布新版時會發生。若持續發生，請查看記錄檔中遭終止的部分；數秒的統計會缺漏。',
  },
}

const byLanguage: Readonly<Record<Language, Readonly<Record<string, RuleText>>>> = {
  en,
  'zh-TW': zhTw,
}

/** @param told the server's words, for a rule that is newer than the page */
export const ruleText = (told: RuleText & { rule: string }, language: Language): RuleText =>
  Object.hasOwn(byLanguage[language], told.rule) ? (byLanguage[language][told.rule] ?? told) : told
