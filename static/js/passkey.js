// Plugs the buttons of templates/mfa/webauthn to allauth's own scripts: the button carries what to do and its data,
// so that no page holds a script. A refusal or a key taken away is said in the page, next to the button.
(function () {
  'use strict'
  const button = document.querySelector('[data-passkey]')
  if (!button) return
  const said = document.getElementById(button.dataset.passkeyError)

  function say (words) {
    said.hidden = false
    said.textContent = words
    said.focus()
  }

  if (!window.PublicKeyCredential) {
    button.addEventListener('click', function (event) {
      event.preventDefault()
      say(said.dataset.unable)
    })
    return
  }
  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    const twice = event.detail.exception && event.detail.exception.name === 'InvalidStateError'
    say(twice ? said.dataset.twice : said.dataset.failed)
  })
  window.allauth.webauthn.forms[button.dataset.passkey]({
    ids: { add: button.id, authenticate: button.id, credential: button.dataset.passkeyInput },
    data: JSON.parse(button.dataset.passkeyData)
  })
})()
