import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition, Vocabulary } from '../../api/types'
import { Icon } from '../../ui/Icon'
import { Act, Code } from '../../ui/parts'
import classes from './Builder.module.css'
import { added, type Choice, choices, firstTest, firstValue, type Path, regrouped, replaced, typed, written } from './condition'

/* A condition put together by choosing: groups, tests, and what can only be written. */

type Props = { tree: Condition | undefined; vocabulary: Vocabulary | undefined; onChange: (tree: Condition) => void; disabled?: boolean }
type Ground = { tree: Condition; vocabulary: Vocabulary | undefined; change: (tree: Condition | undefined) => void }

export function Builder({ tree, vocabulary, onChange, disabled = false }: Props) {
  const { t } = useTranslation()
  const first = choices(vocabulary)[0]
  if (!tree)
    return (
      <div className={classes.none}>
        <p>{t('rules.build.empty')}</p>
        {first && (
          <Act icon="plus" disabled={disabled} onClick={() => onChange(firstTest(first, vocabulary))} data-test="add-test">
            {t('rules.build.test')}
          </Act>
        )}
      </div>
    )
  const change = (next: Condition | undefined) => onChange(next ?? { kind: 'group', op: 'all', of: [] })
  return (
    <fieldset className={classes.builder} disabled={disabled} data-test="builder">
      <legend className="unseen">{t('rules.build.title')}</legend>
      <Node ground={{ tree, vocabulary, change }} node={tree} path={[]} />
      {/* A lone condition can be joined as a group can. */}
      {(tree.kind !== 'group' || tree.op === 'not') && <Adds ground={{ tree, vocabulary, change }} path={[]} op={undefined} />}
    </fieldset>
  )
}

type NodeProps = { ground: Ground; node: Condition; path: Path; within?: { list: string; as: string } }

function Node(props: NodeProps) {
  switch (props.node.kind) {
    case 'group':
      return <Group {...props} />
    case 'some':
      return <Some {...props} />
    case 'test':
      return <Test {...props} />
    default:
      return <Text {...props} />
  }
}

function Gone({ ground, path, label }: { ground: Ground; path: Path; label: string }) {
  return (
    <button type="button" className={classes.gone} aria-label={label} title={label} onClick={() => ground.change(replaced(ground.tree, path, undefined))}>
      <Icon name="cross" size={13} />
    </button>
  )
}

function Group({ ground, node, path, within }: NodeProps) {
  const { t } = useTranslation()
  return (
    <div className={classes.group} data-op={node.op}>
      <div className={classes.head}>
        <select value={node.op} aria-label={t('rules.build.join')} onChange={(event) => ground.change(replaced(ground.tree, path, regrouped(node, event.currentTarget.value as 'all' | 'any' | 'not')))}>
          {(['all', 'any', 'not'] as const).map((op) => (
            <option key={op} value={op}>
              {t(`rules.build.op.${op}`)}
            </option>
          ))}
        </select>
        {path.length > 0 && <Gone ground={ground} path={path} label={t('rules.build.dropGroup')} />}
      </div>
      <ul className={classes.of}>
        {(node.of ?? []).map((child, index) => (
          <li key={index}>
            <Node ground={ground} node={child} path={[...path, index]} within={within} />
          </li>
        ))}
      </ul>
      {(node.op !== 'not' || !node.of?.length) && <Adds ground={ground} path={path} op={node.op} within={within} />}
    </div>
  )
}

function Adds({ ground, path, op, within }: { ground: Ground; path: Path; op: Condition['op']; within?: NodeProps['within'] }) {
  const { t } = useTranslation()
  const [first, second] = choices(ground.vocabulary, within)
  if (!first) return null
  const add = (child: Condition) => ground.change(added(ground.tree, path, child))
  const test = (choice: Choice) => firstTest(choice, ground.vocabulary)
  return (
    <div className={classes.adds}>
      <Act icon="plus" onClick={() => add(test(first))} data-test="add-test">
        {t('rules.build.test')}
      </Act>
      <Act icon="plus" onClick={() => add({ kind: 'group', op: op === 'any' ? 'all' : 'any', of: [test(first), test(second ?? first)] })} data-test="add-group">
        {t('rules.build.group')}
      </Act>
    </div>
  )
}

function Some({ ground, node, path }: NodeProps) {
  const { t } = useTranslation()
  const as = node.as ?? 'it'
  const inner = node.of?.[0]
  return (
    <div className={classes.group}>
      <div className={classes.head}>
        <span>{t('rules.build.some')}</span> <Code>{node.attribute}</Code>
        <Gone ground={ground} path={path} label={t('rules.build.drop')} />
      </div>
      <ul className={classes.of}>{inner && <li><Node ground={ground} node={inner} path={[...path, 0]} within={{ list: node.attribute ?? '', as }} /></li>}</ul>
    </div>
  )
}

function Test({ ground, node, path, within }: NodeProps) {
  const { t } = useTranslation()
  const id = useId()
  const offered = choices(ground.vocabulary, within)
  const chosen = offered.find((one) => one.path === node.attribute)
  const operators = chosen?.attribute.operators ?? []
  const operator = ground.vocabulary?.operators?.find((one) => one.name === node.operator)
  const kind = chosen?.attribute.type === 'list' ? chosen.attribute.of : chosen?.attribute.type
  const set = (next: Condition) => ground.change(replaced(ground.tree, path, next))
  const named = (one: Choice) => t(`fact.${one.attribute.name}`, { defaultValue: one.path })
  return (
    <div className={classes.test} data-test="condition">
      <select
        value={node.attribute}
        aria-label={t('rules.build.attribute')}
        title={[chosen?.path, chosen?.attribute.doc].filter(Boolean).join(': ')}
        onChange={(event) => {
          const next = offered.find((one) => one.path === event.currentTarget.value)
          if (next) set(firstTest(next, ground.vocabulary))
        }}
      >
        {!chosen && <option value={node.attribute}>{node.attribute}</option>}
        {offered.map((one) => (
          <option key={one.path} value={one.path}>
            {named(one)}
          </option>
        ))}
      </select>
      <select
        value={node.operator}
        aria-label={t('rules.build.operator')}
        onChange={(event) => {
          const next = ground.vocabulary?.operators?.find((one) => one.name === event.currentTarget.value)
          const alike = !!next?.many === !!operator?.many
          const value = alike ? node.value : next?.many ? [node.value] : Array.isArray(node.value) ? (node.value[0] ?? (chosen && firstValue(chosen.attribute, next))) : node.value
          set({ ...node, operator: event.currentTarget.value, value })
        }}
      >
        {!operators.includes(node.operator ?? '') && <option value={node.operator}>{node.operator}</option>}
        {operators.map((name) => (
          <option key={name} value={name}>
            {t(`rules.operator.${name}`, { defaultValue: name })}
          </option>
        ))}
      </select>
      {kind === 'flag' ? (
        <select value={String(node.value)} aria-label={t('rules.build.value')} onChange={(event) => set({ ...node, value: event.currentTarget.value === 'true' })}>
          <option value="true">{t('case.yes')}</option>
          <option value="false">{t('case.no')}</option>
        </select>
      ) : (
        <>
          <input
            key={`${node.attribute} ${node.operator}`}
            defaultValue={written(node.value)}
            aria-label={t('rules.build.value')}
            dir="auto"
            list={chosen?.attribute.values?.length ? id : undefined}
            inputMode={kind === 'number' || kind === 'decimal' ? 'decimal' : undefined}
            placeholder={operator?.many ? t('rules.build.several') : undefined}
            onChange={(event) => set({ ...node, value: typed(event.currentTarget.value, chosen?.attribute, !!operator?.many) })}
            data-test="value"
          />
          {!!chosen?.attribute.values?.length && (
            <datalist id={id}>
              {chosen.attribute.values.map((one) => (
                <option key={one.value} value={one.value}>
                  {one.doc}
                </option>
              ))}
            </datalist>
          )}
        </>
      )}
      <Gone ground={ground} path={path} label={t('rules.build.drop')} />
    </div>
  )
}

/** What the builder cannot show stays as it was written. */
function Text({ ground, node, path }: NodeProps) {
  const { t } = useTranslation()
  return (
    <div className={classes.text}>
      <span>{t('rules.build.written')}</span>
      <code dir="ltr">{node.text}</code>
      {path.length > 0 && <Gone ground={ground} path={path} label={t('rules.build.drop')} />}
    </div>
  )
}

