/**
 * What the settings of the configuration do and when to change them, in Chinese (OPS-4). In English
 * the server itself says it (`src/domain/configuration`); keep the two in step.
 */
import type { SettingName } from '../../../src/protocol/setting-names.ts'

export const settingHelpsZhTw: Readonly<Record<SettingName, string>> = {
  db_pool_size:
    '所有閘道合計、首次使用時開啟並持續保留的資料庫連線數。若有呼叫者在等待連線而資料庫仍有餘裕，可調高；不得少於閘道數。',
  db_max_overflow:
    '負載高時可在連線池之外額外開啟的連線，用畢即關閉。與連線池合計不得超過資料庫可承受的連線數。',
  db_pool_timeout:
    '呼叫者等待連線的最長時間，逾時即回報資料庫忙碌。若寧可快速拒絕也不要延遲回應，可調低。',
  db_pool_recycle:
    '連線使用超過此時間就會汰換為新連線。若 Muster 與資料庫之間的設備會中斷舊連線，請調低。',
  db_slow_ms: '超過此時間的查詢視為慢查詢，並以名稱記錄於日誌。想找出資料庫的負擔來源時可調低。',

  commit_mode:
    '每則訊息各自寫入，或將同時等待的訊息合併為一次交易。合併寫入可讓極忙碌的事件室承載更多訊息，但其中一則有問題時，該次寫入會變慢。',
  commit_batch_max_count:
    '事件室單次寫入最多包含的訊息數。調高可讓忙碌的事件室承載更多，但每則訊息都要等同批中最慢的一則。',
  commit_batch_max_bytes: '事件室單次寫入最多包含的文字量，避免多則長訊息形成過大的寫入。',
  gather_ms:
    '忙碌的事件室在寫入前，等候上一次寫入的發話者一起送出的時間。較長則寫入次數少、回應較晚。',
  pending_max_count:
    '單一事件室中等待寫入的訊息數上限，超過時會請發送者稍後再試。預期多人同時大量發言時可調高。',
  pending_max_bytes:
    '單一事件室中等待寫入的文字量上限，超過時會請發送者稍後再試。事件室記憶體共 128 MiB。',
  commit_wait_max_ms: '資料庫中斷時，訊息等候多久後通知發送者；頁面隨後會自動重試。',
  edit_window_minutes:
    '訊息送出後，發送者可以編輯的時間；0 表示不可編輯。所有編輯都會保留在紀錄中。',
  resume_max_changes: '重新連線的頁面以逐筆變更補齊的最大落差；超過時改傳完整快照。',
  recent_max_count: '事件室保留在記憶體中的變更數，讓大量人員重新連線時不必讀取資料庫。',
  recent_max_bytes: '事件室為重新連線者保留變更所用的記憶體；短時間內可能用到兩倍。',

  heartbeat_interval_ms:
    '事件室與收件匣確認連線是否仍有人使用的間隔。較短可及早發現斷線；較長可讓安靜的事件室休眠，成本較低。',
  heartbeat_timeout_ms:
    '心跳回應的最長等待時間，逾時即關閉連線。使用者網路品質很差時可調高；須小於心跳間隔。',
  presence_grace_ms: '在此時間內回來的人視為未曾離開：重新整理或短暫斷線不會顯示進出。',
  presence_detail_max_count: '在線人數超過此數時，事件室只顯示人數，不再逐一顯示進出。',
  lag_shed_bytes: '落後達此量的連線不再接收輸入中、在線與已讀狀態，只接收訊息。',
  lag_max_bytes:
    '落後達此量的連線會被關閉，頁面會重新連線並補讀缺漏。此值限制單一緩慢用戶端所佔的記憶體。',

  dispatch_buffer_max_count:
    '緩衝區單一分片在遞送前可保留的單向訊息數，已滿則拒絕接收。預期接收端中斷較久時可調高。',
  dispatch_buffer_max_bytes: '緩衝區單一分片可保留的未遞送單向訊息大小，已滿則拒絕接收。',
  dispatch_batch_max_count:
    '分片單次交給同一目的地的單向訊息數上限，會自動逐步增加至此值。若大量訊息影響人員發言，請調低。',
  dispatch_slow_low_ratio: '緩衝區使用率達此值時，新的低優先訊息會被要求稍後再送。',
  dispatch_slow_normal_ratio:
    '緩衝區使用率達此值時，一般優先訊息也會被要求稍後再送，此後只接收高優先訊息。',
  dispatch_retry_min_ms: '遞送首次失敗後重試的等待時間，之後每次加倍。',
  dispatch_retry_max_ms: '兩次遞送嘗試之間的最長間隔。',
  dispatch_attempts_max_count:
    '訊息因本身問題失敗達此次數時即放棄，並列為無法送達。整個服務中斷不計入。',
  burst_batch_max_count: '事件室在一次交易中寫入的單向訊息數。若此類交易過久而讓人員等候，請調低。',

  rate_limit_window: '計算寫入次數的時段長度。變更後會重新計算。',
  rate_limit_basic:
    '基本級人員在任一時段內可寫入的次數，合計所有連線、事件室、REST 呼叫與單向訊息。預設值可容納一次 10,000 則的突發訊息。',
  rate_limit_premium:
    '進階級人員在任一時段內可寫入的次數，合計所有連線、事件室、REST 呼叫與單向訊息。供產線閘道使用。',
  rate_limit_enterprise:
    '企業級人員在任一時段內可寫入的次數，合計所有連線、事件室、REST 呼叫與單向訊息。供全天發送的系統使用。',

  shed_commit_ms:
    '第 1 至 5 級的平均寫入耗時：達到時依序停用輸入中狀態、在線狀態、已讀標記、搜尋與低優先訊息。',
  shed_pool_wait_ms: '第 1 至 5 級的等待連線時間。若高於等待連線的時限，則永遠不會達到。',
  shed_pool_waiting_share: '第 1 至 5 級中，平均每條連線的等待者數。超過 100 時會直接拒絕。',
  shed_queue_age_ms: '第 1 至 5 級中，事件室最早一則訊息等候寫入的時間。',
  shed_queue_share: '第 1 至 5 級中，事件室佇列的使用率（以則數或位元組計，取較高者）。',
  shed_down_share: '低於觸發門檻的此比例時，該級才會解除。越接近 1 解除越早，但可能反覆升降。',
  shed_stay_ms: '須維持平穩多久，才會降回一級。',

  alert_error_ratio: '因伺服器端問題而失敗的請求比例達此值時，觸發警示 error_rate。',
  alert_commit_p99_ms: '寫入耗時的第 99 百分位達此值時，觸發警示 commit_slow。',
  alert_pool_wait_p99_ms: '等待資料庫連線時間的第 99 百分位達此值時，觸發警示 pool_waits。',
  alert_room_queue_p99_ms: '事件室佇列等待時間的第 99 百分位達此值時，觸發警示 room_queue。',
  alert_buffer_fill: '單向訊息緩衝區使用率達此值時，觸發警示 buffer_fill。',
  alert_queue_age_s: '最早一則單向訊息等候達此時間時，觸發警示 queue_age。',
  alert_memory_fill: '記憶體中最滿的佇列或快取使用率達此值時，觸發警示 memory_fill。',
  alert_slow_statements_per_s:
    '每秒慢查詢數（超過慢查詢門檻者）達此值時，觸發警示 slow_statements。',
  alert_level: '降載等級（1 至 5）達此值時，觸發警示 degraded。',
  alert_for_s: '超過門檻須持續多久才觸發警示。較長則較安靜，但也較晚得知。',
  alert_clear_share: '低於觸發門檻的此比例時，警示才會解除，避免反覆。',
}
