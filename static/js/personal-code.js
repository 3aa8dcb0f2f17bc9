// A personal code drawn here, in the browser: it reaches the server with the answers only. Same codes as
// evaluation/personal_code.py (signs, field and checks). Without this script the page keeps the one the server drew.
(function () {
  'use strict'
  const field = document.querySelector('input[data-personal-code="draw"]')
  if (!field) return
  const signs = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  const generator = [15, 19, 23, 10]
  const powers = [1]
  while (powers.length < 31) {
    const last = powers[powers.length - 1]
    powers.push((last << 1) ^ (last & 16 ? 0b100101 : 0))
  }
  const times = (one, other) => one && other ? powers[(powers.indexOf(one) + powers.indexOf(other)) % 31] : 0

  function draw () {
    const drawn = Array.from(crypto.getRandomValues(new Uint8Array(4)), function (byte) { return byte & 31 })
    let rest = [0, 0, 0, 0]
    drawn.forEach(function (sign) {
      const lead = rest[0] ^ sign
      rest = generator.map(function (factor, place) { return (rest[place + 1] || 0) ^ times(lead, factor) })
    })
    const text = function (part) { return part.map(function (sign) { return signs[sign] }).join('') }
    return text(drawn) + '-' + text(rest)
  }

  // A form sent back with an error keeps the code that was already noted.
  if (!field.dataset.kept) field.value = draw()
  const shown = document.getElementById(field.dataset.shown)
  if (shown) shown.textContent = field.value
  const button = document.getElementById('imprimer-mon-code')
  if (button) {
    button.hidden = false
    button.addEventListener('click', function () {
      document.body.classList.add('print-code')
      window.print()
      document.body.classList.remove('print-code')
    })
  }
})()
