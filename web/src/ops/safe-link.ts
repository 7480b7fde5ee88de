/** A link that the server gave: pages only, never a script. Pure. */
export const safeLink = (link: string): string | undefined => {
  if (!URL.canParse(link, 'https://page')) return undefined
  const { protocol } = new URL(link, 'https://page')
  return link !== '' && (protocol === 'https:' || protocol === 'http:') ? link : undefined
}
