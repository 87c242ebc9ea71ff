import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useHost } from '../../api/cyber'
import { useSpeech } from '../../app/home'
import { useKeys } from '../../app/keys'
import { hostRoute } from '../../app/router'
import { number } from '../../format/time'
import desk from '../../ui/desk.module.css'
import { Answer } from '../../ui/Faces'
import { Code, Instant, Name } from '../../ui/parts'
import { Part } from '../queue/CaseDesk'
import classes from './cyber.module.css'
import { IndicatorTag } from './parts'

/** A machine in somebody's logs, and the indicators it met. */
export function HostPage() {
  const { t } = useTranslation()
  const speech = useSpeech()
  const { id } = hostRoute.useParams()
  const navigate = useNavigate()
  const file = useHost(id)
  useKeys({ 'list.back': () => void navigate({ to: '/cyber/indicators/{-$id}', search: { sighted: '1' } }) })
  useEffect(() => {
    document.title = `${file.data?.place ?? t('cyber.place')} · Rihla`
  }, [file.data, t])
  return (
    <div className={desk.middle} data-test="host">
      <Answer of={file}>
        {(one) => (
          <>
            <header className={desk.head}>
              <div className={desk.headLine}>
                <h1><Name>{one.place}</Name></h1>
                <bdi>{one.source}</bdi>
                <span className={desk.push} />
                {one.case && (
                  <Link to="/queue/{-$id}" params={{ id: one.case }} search={{ domain: 'cyber' }} className={classes.link}>
                    {t('passenger.openCase')}
                  </Link>
                )}
              </div>
              <div className={desk.headLine}>
                <span>{t('cyber.lines', { count: one.count })}</span>
                <span><Instant at={one.first} dateToo /> – <Instant at={one.last} dateToo /></span>
              </div>
            </header>
            <Part title={t('place.indicators')}>
              <table className={classes.table}>
                <tbody>
                  {(one.hits ?? []).map((hit) => (
                    <tr key={hit.indicator + (hit.seen ?? '')}>
                      <td>
                        <Link to="/cyber/indicators/{-$id}" params={{ id: hit.indicator }} className={classes.link}>
                          <Code>{hit.display}</Code>
                        </Link>
                      </td>
                      <td><IndicatorTag state={hit.state} /></td>
                      <td><Code quiet>{hit.seen}</Code></td>
                      <td><Instant at={hit.last} dateToo /></td>
                      <td className={classes.num}>{number(hit.count, speech)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Part>
          </>
        )}
      </Answer>
    </div>
  )
}
