import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './PublicFrame.module.css'
import { setPrefs, usePrefs } from './prefs'

/** Around a traveller’s own pages: no account, no rail, large type, and the two things one comes for. */
export function PublicFrame() {
  const { t } = useTranslation()
  const { language } = usePrefs()
  const { pathname } = useLocation()
  const page = useRef<HTMLElement>(null)
  const first = useRef(true)
  const other = language === 'ar' ? 'en' : 'ar'
  useEffect(() => {
    // A new page begins at its top, for the eye and for a screen reader.
    if (first.current) first.current = false
    else page.current?.focus()
    page.current?.parentElement?.scrollTo(0, 0)
  }, [pathname])
  return (
    <div className={classes.frame} data-test="public">
      <a className="skip" href="#page">
        {t('frame.skip')}
      </a>
      <header className={classes.head}>
        <span className={classes.logo}>
          <span lang="ar">رحلة</span> <span lang="en">Rihla</span>
        </span>
        <nav className={classes.links} aria-label={t('frame.pages')}>
          <Link to="/apply/{-$what}" params={{ what: undefined }} activeProps={{ 'aria-current': 'page' }}>
            {t('apply.title')}
          </Link>
          <Link to="/status" activeProps={{ 'aria-current': 'page' }}>
            {t('own.title')}
          </Link>
        </nav>
        <button type="button" className={classes.language} onClick={() => setPrefs({ language: other })} lang={other} data-test="language">
          {other === 'ar' ? 'العربية' : 'English'}
        </button>
      </header>
      <main id="page" className={classes.page} tabIndex={-1} ref={page}>
        <Outlet />
      </main>
      <footer className={classes.foot}>
        <p>{t('apply.noTracker')}</p>
      </footer>
    </div>
  )
}
