export { ApplicationsPage, AuthorisationsPage, MembersPage, RedressPage } from './Applications'
export { DocumentsPage } from './DocumentsPage'
export { LanesPage } from './LanesPage'
