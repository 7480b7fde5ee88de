/**
 * Markdown as nodes of the page. Nodes are made one by one from the parser's tokens, from a short
 * list of elements; no string is ever read as HTML, so there is nothing to sanitise and nothing a
 * person wrote can run (SEC-3). What the list does not know is shown as the text it is.
 */
import MarkdownIt, { type Token } from 'markdown-it'

/**
 * `text_join` off: what the report escaped, because people wrote it, stays apart from what is the
 * report's own. Pictures would be fetched from wherever a text says.
 */
const parser = new MarkdownIt({ html: false, linkify: false, typographer: false })
  .disable('text_join')
  .disable(['image', 'autolink', 'html_inline', 'html_block', 'reference'])

const elements: ReadonlySet<string> = new Set(
  'h1 h2 h3 h4 p ul ol li strong em code pre blockquote hr br table thead tbody tr th td'.split(
    ' ',
  ),
)

/** `#12` where the report itself says it: the number of a message. */
const mark = /#\d+/g

/** Files ask again who reads (API-5); a report has no other links of its own. */
const fileAddress = /^\/api\/files\/[0-9a-f-]{36}$/

export type NodesOptions = {
  readonly document: Document
  /** What a number of a message is shown as. */
  readonly markNode: (mark: string) => Node
}

export const nodesOf = (markdown: string, options: NodesOptions): DocumentFragment => {
  const fragment = options.document.createDocumentFragment()
  appendTokens(fragment, parser.parse(markdown, {}), options)
  return fragment
}

const appendTokens = (parent: Node, tokens: readonly Token[], options: NodesOptions): void => {
  const { document } = options
  const open: Node[] = [parent]
  const top = (): Node => open.at(-1) ?? parent
  for (const token of tokens) {
    if (token.type === 'inline') appendTokens(top(), token.children ?? [], options)
    else if (token.type === 'text') appendText(top(), token.content, options)
    // Paragraphs of a tight list: there, but not to be seen.
    else if (token.hidden) continue
    else if (token.nesting === -1) open.pop()
    else if (token.nesting === 1) {
      const element = elementOf(token, document)
      top().appendChild(element)
      open.push(element)
    } else if (token.type === 'softbreak') top().appendChild(document.createTextNode('\n'))
    else if (token.type === 'hardbreak' || token.type === 'hr')
      top().appendChild(document.createElement(token.type === 'hr' ? 'hr' : 'br'))
    else if (token.type === 'code_inline' || token.type === 'fence' || token.type === 'code_block')
      top().appendChild(document.createElement('code')).textContent = token.content
    else top().appendChild(document.createTextNode(token.content))
  }
}

const elementOf = (token: Token, document: Document): HTMLElement => {
  if (token.tag === 'a') return linkOf(String(token.attrGet('href') ?? ''), document)
  return document.createElement(elements.has(token.tag) ? token.tag : 'span')
}

/** A link to anywhere else is its text. */
const linkOf = (href: string, document: Document): HTMLElement => {
  if (!fileAddress.test(href)) return document.createElement('span')
  const link = document.createElement('a')
  link.href = href
  link.target = '_blank'
  link.rel = 'noopener'
  // On paper an address is what is left of a link.
  link.dataset['address'] = new URL(href, document.baseURI).href
  return link
}

const appendText = (parent: Node, text: string, { document, markNode }: NodesOptions): void => {
  let end = 0
  for (const { 0: found, index } of text.matchAll(mark)) {
    parent.appendChild(document.createTextNode(text.slice(end, index)))
    parent.appendChild(markNode(found))
    end = index + found.length
  }
  if (end < text.length) parent.appendChild(document.createTextNode(text.slice(end)))
}
