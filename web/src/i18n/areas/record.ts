/** What a member can see of the record: position, checks. */
export const recordEn = {
  heading: 'Record',
}

export const recordZhTw: typeof recordEn = {
  heading: '紀錄',
}
