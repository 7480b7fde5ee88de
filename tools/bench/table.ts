/** The result of one goal, as Markdown. */

export type Table = {
  title: string
  /** What was done, in a sentence or two. */
  how: string
  head: string[]
  rows: string[][]
}

export const markdown = ({ title, how, head, rows }: Table): string =>
  [
    `### ${title}`,
    '',
    how,
    '',
    line(head),
    line(head.map(() => '---')),
    ...rows.map(line),
    '',
  ].join('\n')

const line = (cells: string[]): string => `| ${cells.join(' | ')} |`
