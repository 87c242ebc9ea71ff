import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Filed } from '../../../api/facilitation'
import { Icon } from '../../../ui/Icon'
import type { Asked } from './ApplyPage'
import classes from './public.module.css'

/** The reference and the secret, once. Whoever has both can follow the application, so nobody else is to have them. */
export function FiledPage({ filed, kind }: { filed: Filed; kind: Asked }) {
  const { t } = useTranslation()
  const head = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    head.current?.focus()
    head.current?.scrollIntoView({ block: 'center' })
  }, [])
  return (
    <>
      <h1 className={classes.h1} tabIndex={-1} ref={head}>
        {t('apply.filed')}
      </h1>
      <p className={classes.lead}>{t(`apply.kind.${kind}`)}</p>
      <div className={classes.result} data-test="filed">
        <p>
          <strong>{t('apply.keep')}</strong> {t('apply.once')}
        </p>
        <dl>
          <dt>{t('apply.reference')}</dt>
          <dd>
            <bdi dir="ltr" className={classes.code} data-test="reference">
              {filed.reference}
            </bdi>
          </dd>
          <dt>{t('apply.secret')}</dt>
          <dd>
            <bdi dir="ltr" className={classes.code} data-test="secret">
              {filed.secret}
            </bdi>
          </dd>
        </dl>
      </div>
      <div className={`${classes.acts} ${classes.noPrint}`}>
        <button type="button" className={classes.button} onClick={() => window.print()} data-test="print">
          <Icon name="download" size={18} /> {t('apply.print')}
        </button>
      </div>
      <section className={classes.section}>
        <h2>{t('apply.next')}</h2>
        <p>{t(`apply.nextOf.${kind}`)}</p>
        <p className={classes.noPrint}>
          <Link to="/status" search={{ reference: filed.reference }} className={classes.link} data-test="to-status">
            {t('own.title')}
          </Link>
        </p>
      </section>
    </>
  )
}
