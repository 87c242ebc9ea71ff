export { HostPage } from './HostPage'
export { IncidentPage } from './IncidentPage'
export { IncidentsPage } from './IncidentsPage'
export { IndicatorsPage } from './IndicatorsPage'
