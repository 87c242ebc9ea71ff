/** Sentences of the agreement, in the language of the page: they run its way, whatever letters one begins with. */
export function Lines({ title, lines = [], level: Heading, className }: { title: string; lines?: string[]; level: 'h3' | 'h4'; className?: string }) {
  return (
    <section>
      <Heading>{title}</Heading>
      <ul className={className}>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  )
}
