import classes from './Icon.module.css'

const paths = {
  plane: 'M3 14l8-3V5.500a1.500 1.500 0 0 1 3 0V11l7 3v2l-7-1.500V18l2 1.500V21l-3.500-1L9 21v-1.500L11 18v-3.500L3 16z',
  landing: 'M3 20h18M3.500 9l2 5 13 3.500c1 .3 2-.2 2.200-1 .2-.8-.4-1.600-1.300-1.900L15 13.500 11.500 7l-1.700-.5.7 5.700-4-1-1.500-2z',
  takeoff: 'M3 20h18M3 11l3 3.500 13.500-4.500c.9-.3 1.400-1.200 1.100-2-.3-.8-1.200-1.100-2.100-.8L14.500 8.500 8.500 5l-1.700.6 4 4.300-4 1.300L4.500 10z',
  box: 'M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8',
  money: 'M3 7h18v10H3zM12 9.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5zM6 12h.01M18 12h.01',
  shield: 'M12 4l7 2.500v5c0 4.200-2.800 7-7 8.500-4.200-1.500-7-4.300-7-8.500v-5zM9 12l2.200 2.200L15.500 10',
  pass: 'M6 3.500h12v17H6zM12 7.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5zM9 16.500h6',
  list: 'M4 6h3v3H4zM4 14h3v3H4zM11 6h9M11 9h6M11 14h9M11 17h6',
  rules: 'M12 4v4M12 8l-6 5M12 8l6 5M12 8v5M4 13h4v5H4zM16 13h4v5h-4zM10 13h4v5h-4z',
  audit: 'M6 4h9l3 3v13H6zM9 10h6M9 13.500h6M9 17h4',
  keys: 'M3 7h18v10H3zM6.500 10.500h.01M10 10.500h.01M13.500 10.500h.01M17 10.500h.01M8 13.800h8',
  search: 'M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l4.500 4.500',
  clock: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v4.500l3 1.800',
  arrow: 'M5 12h14M14 7l5 5-5 5',
  chevron: 'M7 10l5 5 5-5',
  up: 'M12 19V5M6.500 10.500L12 5l5.500 5.500',
  check: 'M5 12.500l4.500 4.500L19 7',
  plus: 'M12 5v14M5 12h14',
  links: 'M7 4.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5zM17 14.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5zM17 3.500a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM9.200 8.200l5.600 7.200M9.500 6.700l5.500-1',
  cross: 'M6 6l12 12M18 6L6 18',
  eye: 'M3 12c3-5 6-6.500 9-6.500s6 1.500 9 6.500c-3 5-6 6.500-9 6.500S6 17 3 12zM12 9.500a2.500 2.500 0 1 1 0 5 2.500 2.500 0 0 1 0-5z',
  lock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
  unlock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 5.800-1',
  download: 'M12 4v11M7.500 11l4.500 4.500 4.500-4.500M5 20h14',
  history: 'M4.500 9A8 8 0 1 1 4 13M4 5v4h4M12 8v4.500l3 1.800',
  people: 'M9 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM3.500 19c0-3 2.500-5 5.500-5s5.500 2 5.500 5M15.500 5.500a3 3 0 0 1 0 5.500M17 14.300c2.200.6 3.500 2.400 3.500 4.700',
  globe: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM4 12h16M12 4c2.500 2.500 3 5 3 8s-.5 5.500-3 8c-2.500-2.500-3-5-3-8s.5-5.500 3-8z',
  moon: 'M19 14.500A8 8 0 0 1 9.500 5a8 8 0 1 0 9.500 9.500z',
  exit: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
  rows: 'M4 5h16v14H4zM4 12h16',
  warn: 'M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v5M12 16h.01',
  pen: 'M5 19l1-4L16 5l3 3L9 18zM14 7l3 3',
  send: 'M4 5l16 7-16 7 3-7zM7 12h13',
  differs: 'M5 9h9l-3-3M19 15h-9l3 3',
  close: 'M4 5h16v14H4zM15 5v14',
  pause: 'M6 5.500h4v13H6zM14 5.500h4v13h-4z',
  both: 'M4 9h15l-3.500-3.500M20 15H5l3.500 3.500',
  leaves: 'M7 17L17 7M9 7h8v8',
  came: 'M17 7L7 17M15 17H7V9',
  talk: 'M4 5h11v8H9l-3.500 3v-3H4zM10 16h4l3.500 3v-3H20V9h-2',
  hidden: 'M4 4l16 16M9 6c1-.4 2-.5 3-.5 3 0 6 1.500 9 6.500-1 1.600-2 2.800-3 3.800M6 8c-1 1-2 2.300-3 4 3 5 6 6.500 9 6.500 1.200 0 2.300-.2 3.500-.8',
} as const

export type IconName = keyof typeof paths

// These point along the line of reading, so they turn round in Arabic.
const directed = new Set<IconName>(['arrow', 'landing', 'takeoff', 'exit', 'send', 'close', 'list', 'differs', 'plane', 'leaves', 'came', 'both', 'talk'])

export function Icon({ name, size = 16, label }: { name: IconName; size?: number; label?: string }) {
  return (
    <svg
      className={directed.has(name) ? `${classes.icon} ${classes.directed}` : classes.icon}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden={label ? undefined : true}
      role={label ? 'img' : undefined}
      aria-label={label}
      focusable="false"
    >
      <path d={paths[name]} />
      {label && <title>{label}</title>}
    </svg>
  )
}
