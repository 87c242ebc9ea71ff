// Runs before the first paint, so that a person who reads Arabic in the dark never sees a white English flash.
;(function () {
  var prefs = {}
  try {
    prefs = JSON.parse(localStorage.getItem('rihla.prefs') || '{}')
  } catch (_) {
    prefs = {}
  }
  var language = prefs.language || ((navigator.language || '').indexOf('ar') === 0 ? 'ar' : 'en')
  var dark = prefs.scheme === 'dark' || (prefs.scheme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  var root = document.documentElement
  root.lang = language
  root.dir = language === 'ar' ? 'rtl' : 'ltr'
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
