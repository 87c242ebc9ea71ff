import { useTranslation } from 'react-i18next'
import { useSession } from '../api/queries'
import { SignInPage } from '../pages/signin/SignInPage'
import { Empty, Failed, Loading } from '../ui/Faces'
import { Frame } from './Frame'

/** Nobody signed in: the sign-in stands where the page would, so the address stays and the page opens after it. */
export function Root() {
  const session = useSession()
  if (session.data) return <Frame />
  if (session.data === null) return <SignInPage />
  if (session.error) return <Failed error={session.error} onRetry={() => void session.refetch()} />
  return <Loading />
}

export function Missing() {
  const { t } = useTranslation()
  return <Empty>{t('face.noPage')}</Empty>
}
