import { autocompletion, type CompletionContext, completionKeymap, startCompletion } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { Compartment, EditorState } from '@codemirror/state'
import { Decoration, drawSelection, EditorView, keymap, MatchDecorator, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import type { Complaint, Vocabulary } from '../../api/types'
import classes from './CodeEditor.module.css'
import { offers, unitsOf } from './complete'
import { grammar } from './Expression'

/*
 * The text of a condition, with completion out of the vocabulary and the compiler's words where they belong.
 * It comes only when somebody writes; a plain field stands in its place until then.
 */

type Props = { value: string; onChange: (value: string) => void; complaints: readonly Complaint[]; vocabulary?: Vocabulary; label: string; describedBy?: string }

const looks = new MatchDecorator({
  regexp: grammar,
  decoration: (match) => Decoration.mark({ class: match[1] ? classes.text : match[2] ? classes.value : classes.sign }),
})
const coloured = ViewPlugin.fromClass(
  class {
    decorations
    constructor(view: EditorView) {
      this.decorations = looks.createDeco(view)
    }
    update(update: ViewUpdate) {
      this.decorations = looks.updateDeco(update, this.decorations)
    }
  },
  { decorations: (plugin) => plugin.decorations },
)

const nonce = () => document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? ''

export default function CodeEditor({ value, onChange, complaints, vocabulary, label, describedBy }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const latest = useRef({ onChange, vocabulary })
  latest.current = { onChange, vocabulary }
  const named = useRef(new Compartment())
  const first = useRef(value)

  useEffect(() => {
    if (!place.current) return
    const complete = (context: CompletionContext) => {
      const before = context.state.sliceDoc(0, context.pos)
      const found = offers(before, latest.current.vocabulary)
      if (!found || (!context.explicit && found.from === context.pos && !/["'.]$/.test(before))) return null
      return {
        from: found.from,
        options: found.options.map((one) => ({ label: one.label, detail: one.detail, info: one.info, type: one.kind === 'attribute' ? 'property' : one.kind === 'value' ? 'text' : one.kind === 'word' ? 'keyword' : 'function' })),
      }
    }
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          EditorView.cspNonce.of(nonce()),
          history(),
          drawSelection(),
          EditorView.lineWrapping,
          keymap.of([{ key: 'Ctrl-Space', run: startCompletion }, ...completionKeymap, ...defaultKeymap.filter((one) => one.key !== 'Escape'), ...historyKeymap]),
          autocompletion({ override: [complete], icons: false }),
          coloured,
          lintGutter(),
          named.current.of([]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = made
    return () => made.destroy()
  }, [])

  useEffect(() => {
    view.current?.dispatch({
      effects: named.current.reconfigure(EditorView.contentAttributes.of({ 'aria-label': label, dir: 'ltr', 'data-test': 'expression', ...(describedBy ? { 'aria-describedby': describedBy } : {}) })),
    })
  }, [label, describedBy])

  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === value) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } })
  }, [value])

  useEffect(() => {
    const editor = view.current
    if (!editor) return
    const text = editor.state.doc.toString()
    const found = complaints.map((one): Diagnostic => {
      const from = Math.min(unitsOf(text, one.offset), text.length)
      const to = Math.min(unitsOf(text, one.offset + Math.max(1, one.length ?? 1)), text.length)
      return { from: Math.min(from, to), to, severity: 'error', message: [one.message, one.mend].filter(Boolean).join('. ') }
    })
    editor.dispatch(setDiagnostics(editor.state, found))
  }, [complaints])

  return <div ref={place} className={classes.editor} dir="ltr" />
}
