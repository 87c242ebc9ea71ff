export { ApplyPage } from './ApplyPage'
export { StatusPage } from './StatusPage'
