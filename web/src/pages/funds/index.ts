export { DeclarationsPage } from './DeclarationsPage'
export { DisseminationsPage } from './DisseminationsPage'
export { MoneyPage } from './MoneyPage'
export { TriagePage } from './TriagePage'
