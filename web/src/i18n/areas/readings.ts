/** Readings of machines: their cards and charts. */
export const readingsEn = {
  yes: 'yes',
  no: 'no',
  trend: (field: string, count: number, low: string, high: string, last: string) =>
    `${field}: ${count} readings, lowest ${low}, highest ${high}, latest ${last}`,
  open_chart: (field: string) => `Chart of ${field}`,
  chart_heading: 'Readings over time',
  field: 'Field',
  lowest: 'Lowest',
  highest: 'Highest',
  latest: 'Latest',
  at_time: 'At',
  as_table: 'As a table',
  time: 'Time',
  value: 'Value',
  by: 'By',
  only_latest: (n: number) => `Only the latest ${n} readings are shown.`,
  load_failed: 'Earlier readings could not be loaded; those on the page are shown.',
  go_to: (time: string) => `Go to the reading of ${time}`,
}

export const readingsZhTw: typeof readingsEn = {
  yes: '是',
  no: '否',
  trend: (field, count, low, high, last) =>
    `${field}：共 ${count} 筆，最低 ${low}，最高 ${high}，最新 ${last}`,
  open_chart: (field) => `${field} 的圖表`,
  chart_heading: '量測趨勢',
  field: '欄位',
  lowest: '最低',
  highest: '最高',
  latest: '最新',
  at_time: '時間點',
  as_table: '以表格顯示',
  time: '時間',
  value: '數值',
  by: '提供者',
  only_latest: (n) => `僅顯示最新 ${n} 筆。`,
  load_failed: '無法載入較早的量測資料，僅顯示頁面上已有的。',
  go_to: (time) => `前往 ${time} 的量測資料`,
}
