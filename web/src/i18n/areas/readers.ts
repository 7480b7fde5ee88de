/** Who has read up to where. */
export const readersEn = {
  read_by: (names: string) => `Read by ${names}`,
  read_by_some: (count: number, all: number) => `Read by ${count} of ${all}`,
  read_by_all: 'Read by everyone',
  read_by_nobody: 'Not read yet',
  last_message: (state: string) => `Your last message: ${state}`,
  has_read: (count: number) => `Read (${count})`,
  has_not_read: (count: number) => `Not yet (${count})`,
}

export const readersZhTw: typeof readersEn = {
  read_by: (names) => `${names}已讀`,
  read_by_some: (count, all) => `${all} 人中 ${count} 人已讀`,
  read_by_all: '所有人已讀',
  read_by_nobody: '尚未有人讀取',
  last_message: (state) => `你最後一則訊息：${state}`,
  has_read: (count) => `已讀（${count}）`,
  has_not_read: (count) => `未讀（${count}）`,
}
