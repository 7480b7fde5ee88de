/** What a Markdown document is made of, without its words: as GitHub's dialect reads it. */
import MarkdownIt from 'markdown-it'

/** HTML and bare addresses count too, so whoever could write either would be found. */
const parser = new MarkdownIt({ html: true, linkify: true })
parser.linkify.set({ fuzzyLink: true, fuzzyEmail: true })

const words = ['text', 'hardbreak', 'softbreak']

/** One line per token; words, and breaks between their lines, are left out. */
export const structureOf = (markdown: string): string[] =>
  parser.parse(markdown, {}).flatMap((block) => {
    const inside = (block.children ?? []).filter(({ type }) => !words.includes(type))
    return [block, ...inside].map(
      ({ type, tag, level, attrs, content }) =>
        `${level} ${type} ${tag} ${JSON.stringify(attrs)}${type === 'code_inline' ? content : ''}`,
    )
  })

/** The words of it, as a reader sees them. */
export const wordsOf = (markdown: string): string =>
  parser
    .parse(markdown, {})
    .map((block) =>
      (block.children ?? [])
        .map(({ type, content }) => (type === 'hardbreak' || type === 'softbreak' ? '\n' : content))
        .join(''),
    )
    .join('\n')
    .trim()

export const htmlOf = (markdown: string): string => parser.render(markdown)
