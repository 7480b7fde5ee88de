/** What the service worker says to a page: a notification was clicked, show what it is about. */
export type ToPage = { readonly type: 'go'; readonly path: string }
