import classes from './CodeEditor.module.css'

export const grammar = /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\b(true|false|null|in|\d+)\b|(&&|\|\||==|!=|<=|>=|[<>!?:])/g

/** Text, figures and connectives of an expression, told apart quietly. */
export function Expression({ text }: { text: string }) {
  const pieces: React.ReactNode[] = []
  let last = 0
  for (const found of text.matchAll(grammar)) {
    pieces.push(text.slice(last, found.index))
    pieces.push(
      <span key={found.index} className={found[1] ? classes.text : found[2] ? classes.value : classes.sign}>
        {found[0]}
      </span>,
    )
    last = found.index + found[0].length
  }
  pieces.push(text.slice(last))
  return <>{pieces}</>
}
