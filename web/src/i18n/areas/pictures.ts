/** Pictures in messages and the viewer that shows them large. */
export const picturesEn = {
  not_shown_here: 'This kind of picture is not shown here. Download it to see it.',
  viewer: (name: string) => `Picture ${name}`,
  place: (n: number, count: number) => `${n} of ${count}`,
  previous: 'Previous picture',
  next: 'Next picture',
  zoom_in: 'Zoom in',
  zoom_out: 'Zoom out',
  zoom_fit: 'Fit to the screen',
  zoomed: (percent: number) => `${percent} %`,
  gone: 'This picture is no longer there.',
  go_to_message: 'Go to the message',
}

export const picturesZhTw: typeof picturesEn = {
  not_shown_here: '這裡無法顯示此類圖片，請下載後檢視。',
  viewer: (name) => `圖片 ${name}`,
  place: (n, count) => `第 ${n} 張，共 ${count} 張`,
  previous: '上一張',
  next: '下一張',
  zoom_in: '放大',
  zoom_out: '縮小',
  zoom_fit: '符合螢幕大小',
  zoomed: (percent) => `縮放比例 ${percent} %`,
  gone: '這張圖片已不存在。',
  go_to_message: '前往訊息',
}
