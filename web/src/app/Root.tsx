import { useLocation } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '../api/queries'
import { SignInPage } from '../pages/signin/SignInPage'
import { Empty, Failed, Loading } from '../ui/Faces'
import { Frame } from './Frame'
import { PublicFrame } from './PublicFrame'

// What travellers open without an account.
const open = ['/apply', '/status']

export function Root() {
  const { pathname } = useLocation()
  return open.some((path) => pathname === path || pathname.startsWith(`${path}/`)) ? <PublicFrame /> : <Closed />
}

/** Nobody signed in: the sign-in stands where the page would, so the address stays and the page opens after it. */
function Closed() {
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
