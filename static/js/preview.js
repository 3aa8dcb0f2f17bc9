// « Ce que chacun verra », as the ticks change. Without this script the button « Actualiser l’aperçu » does the same.
(function () {
  'use strict'
  const form = document.querySelector('form[data-preview]')
  const shown = form && document.getElementById(form.dataset.preview)
  if (!shown) return
  let last = 0

  form.addEventListener('change', function () {
    const mine = ++last
    const typed = new FormData(form)
    typed.set('move', 'preview')
    fetch(form.action, { method: 'POST', body: typed }).then(function (answer) {
      if (!answer.ok) throw new Error('preview')
      return answer.text()
    }).then(function (page) {
      const fresh = new DOMParser().parseFromString(page, 'text/html').getElementById(shown.id)
      if (mine === last && fresh) shown.replaceChildren(...fresh.childNodes)
    }).catch(function () { /* the button is still there */ })
  })
})()
