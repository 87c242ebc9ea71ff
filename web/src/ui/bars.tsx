import { NativeSelect, TextInput } from '@mantine/core'
import { type ReactNode, type Ref } from 'react'
import { Icon } from './Icon'
import classes from './bars.module.css'

export const Toolbar = ({ title, children }: { title?: ReactNode; children?: ReactNode }) => (
  <div className={classes.toolbar}>
    {title !== undefined && <h1 className={classes.title}>{title}</h1>}
    {children}
  </div>
)

export const Summary = ({ children }: { children: ReactNode }) => <div className={classes.summary}>{children}</div>
export const Bar = () => <span className={classes.part} aria-hidden="true" />
export const Push = () => <span className={classes.push} />

type Option<V extends string> = { value: V; label: ReactNode; count?: ReactNode }

/** One of a few, all seen at once. */
export function Segments<V extends string>({ label, value, options, onChange }: { label: string; value: V; options: Option<V>[]; onChange: (value: V) => void }) {
  return (
    <div className={classes.segments} role="group" aria-label={label}>
      {options.map((option) => (
        <button key={option.value} type="button" aria-pressed={option.value === value} onClick={() => onChange(option.value)} data-test={`segment-${option.value}`}>
          {option.label}
          {option.count !== undefined && <span className={classes.count}>{option.count}</span>}
        </button>
      ))}
    </div>
  )
}

export function Choose({ label, value, options, onChange, active }: { label: string; value: string; options: { value: string; label: string }[]; onChange: (value: string) => void; active?: boolean }) {
  return (
    <NativeSelect
      aria-label={label}
      value={value}
      data={options}
      onChange={(event) => onChange(event.currentTarget.value)}
      rightSection={<Icon name="chevron" size={12} />}
      rightSectionWidth={24}
      classNames={{ input: `${classes.select} ${active ? classes.active : ''}` }}
    />
  )
}

export function Toggle({ pressed, onChange, children }: { pressed: boolean; onChange: (pressed: boolean) => void; children: ReactNode }) {
  return (
    <button type="button" className={classes.toggle} aria-pressed={pressed} onClick={() => onChange(!pressed)}>
      {children}
    </button>
  )
}

export function Find({ label, value, onChange, inputRef, wide }: { label: string; value: string; onChange: (value: string) => void; inputRef?: Ref<HTMLInputElement>; wide?: boolean }) {
  return (
    <TextInput
      ref={inputRef}
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      leftSection={<Icon name="search" size={14} />}
      leftSectionWidth={28}
      classNames={{ input: classes.find, root: wide ? classes.findWide : classes.findRoot }}
      dir="auto"
    />
  )
}
