import { useNavigate } from '@tanstack/react-router'
import { useKeys } from '../../app/keys'
import { personRoute } from '../../app/router'
import { PassengerPane } from './PassengerPane'
import classes from './PassengerPane.module.css'

/** A traveller by himself, as reached from a search. */
export function PersonPage() {
  const { id } = personRoute.useParams()
  const navigate = useNavigate()
  useKeys({ 'list.back': () => void navigate({ to: '/people' }) })
  return (
    <div className={classes.alone}>
      <PassengerPane id={id} withFlight />
    </div>
  )
}
