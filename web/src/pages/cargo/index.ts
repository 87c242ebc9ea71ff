export { ConsignmentPage } from './ConsignmentPage'
export { DeparturesPage } from './DeparturesPage'
export { ReferralsPage } from './ReferralsPage'
export { SamplePage } from './SamplePage'
