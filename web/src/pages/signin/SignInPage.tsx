import { PasswordInput, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../../api/client'
import { useSignIn } from '../../api/queries'
import { setPrefs, usePrefs } from '../../app/prefs'
import { ActFailed } from '../../ui/Faces'
import { Act } from '../../ui/parts'
import classes from './SignInPage.module.css'

export function SignInPage() {
  const { t } = useTranslation()
  const { language } = usePrefs()
  const signIn = useSignIn()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const other = language === 'ar' ? 'en' : 'ar'
  const refused = signIn.error instanceof Failure && (signIn.error.kind === 'signedOut' || signIn.error.kind === 'denied')
  return (
    <main className={classes.page}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          signIn.mutate({ name: name.trim(), password })
        }}
      >
        <h1 className={classes.logo}>
          <span lang="ar">رحلة</span> <span lang="en">Rihla</span>
        </h1>
        <p className={classes.what}>{t('signin.what')}</p>
        <TextInput
          label={t('signin.name')}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          required
          withAsterisk={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
          dir="auto"
        />
        <PasswordInput
          label={t('signin.password')}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          visibilityToggleButtonProps={{ 'aria-label': t('signin.show') }}
        />
        {refused ? (
          <p className={classes.refused} role="alert">
            {t('signin.refused')}
          </p>
        ) : (
          <ActFailed error={signIn.error} />
        )}
        <Act primary type="submit" disabled={signIn.isPending} data-test="sign-in">
          {t('signin.enter')}
        </Act>
        <p className={classes.note}>{t('signin.note')}</p>
      </form>
      <p className={classes.travellers}>
        {t('signin.traveller')} <Link to="/apply/{-$what}" params={{ what: undefined }}>{t('apply.title')}</Link> <Link to="/status">{t('own.title')}</Link>
      </p>
      <button type="button" className={classes.language} onClick={() => setPrefs({ language: other })} lang={other} data-test="language">
        {other === 'ar' ? 'العربية' : 'English'}
      </button>
    </main>
  )
}
