// Whatever was ticked, what is sent has the same length: neither a log nor the network tells answers apart by it.
// Without this script the form is sent as it is.
(function () {
  'use strict'
  const pad = document.querySelector('input[data-same-length]')
  if (!pad) return
  pad.form.addEventListener('submit', function () {
    pad.value = ''
    const sent = new URLSearchParams(new FormData(pad.form)).toString()
    const length = sent.replace(/(%0D)?%0A/g, '%0D%0A').length
    const block = Number(pad.dataset.sameLength)
    pad.value = '0'.repeat((block - length % block) % block)
  })
})()
