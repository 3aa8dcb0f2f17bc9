// Warns five minutes before the session ends, prolongs it in one click without leaving the page, and hides what was typed
// once it is over. Without this script the page says the hour, and a form sent too late is kept all the same.
(function () {
  'use strict'
  const box = document.querySelector('[data-session-end]')
  if (!box) return
  const WARNING = 5 * 60 * 1000
  // Timers longer than 24 days fire at once.
  const LONGEST = 2147483647
  const form = document.getElementById(box.dataset.sessionForm)
  const more = box.querySelector('[data-session-more]')
  const keep = box.querySelector('[data-session-keep]')
  let ends = Date.parse(box.dataset.sessionEnd)
  let timers = []

  function at (moment, act) {
    timers.push(setTimeout(act, Math.min(Math.max(moment - Date.now(), 0), LONGEST)))
  }

  function watch () {
    timers.forEach(clearTimeout)
    timers = []
    at(ends - WARNING, function () { box.hidden = false })
    at(ends, over)
  }

  function over () {
    box.hidden = false
    box.querySelectorAll('[data-session-over]').forEach(function (part) { part.textContent = part.dataset.sessionOver })
    more.hidden = true
    keep.hidden = false
    form.hidden = true
  }

  more.addEventListener('click', function () {
    const token = form.querySelector('[name=csrfmiddlewaretoken]').value
    fetch(box.dataset.sessionUrl, {
      method: 'POST',
      headers: { 'X-CSRFToken': token, Accept: 'application/json' },
      redirect: 'error'
    }).then(function (answer) {
      if (!answer.ok) throw new Error('session')
      return answer.json()
    }).then(function (said) {
      ends = Date.parse(said.ends)
      box.hidden = true
      watch()
    }).catch(over)
  })

  watch()
})()
