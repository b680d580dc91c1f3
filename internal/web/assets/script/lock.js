// Takes the words off the screen: by the Esc key at once, and by itself when nobody has touched the page for a while.
// What was typed is handed to the server first, which keeps it sealed for the same person.
const idle = Number(document.body.dataset.idle) * 1000
const page = document.documentElement
const blankLimit = 2 * 60 * 1000

if (idle) {
  let touched = Date.now()
  let blankSince = 0
  let locking = false
  for (const kind of ['keydown', 'pointerdown', 'input', 'scroll']) {
    addEventListener(kind, () => { touched = Date.now() }, { passive: true, capture: true })
  }
  addEventListener('keydown', event => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return
    page.classList.toggle('wm-blank')
    blankSince = page.classList.contains('wm-blank') ? Date.now() : 0
  })
  const look = () => {
    const now = Date.now()
    if (!locking && (now - touched > idle || (blankSince && now - blankSince > Math.min(idle, blankLimit)))) {
      locking = true
      lock()
    }
  }
  setInterval(look, 2000)
  document.addEventListener('visibilitychange', look)
  for (const hint of document.querySelectorAll('[data-blank-hint]')) hint.hidden = false
}

// lock hides the page at once, then tells the server, then goes to where it can be opened again.
export async function lock () {
  page.classList.add('wm-blank')
  const told = new URLSearchParams({ next: location.pathname })
  const form = touchedForm()
  if (form) {
    told.set('path', new URL(form.action).pathname)
    told.set('form', fieldsOf(form).toString())
  }
  let to = '/account/lock?next=' + encodeURIComponent(location.pathname)
  try {
    // A request that may outlive the page holds at most 64 kB in all; a longer one keeps the page until it has arrived.
    await fetch('/account/lock', { method: 'POST', body: told, redirect: 'manual', keepalive: told.toString().length < 60_000 })
  } catch {
    to = '/' // no connection: the words must go all the same
  }
  location.replace(to)
}

// fieldsOf gives what stands in the fields of a form or of one of its parts, as it would be posted, without files.
export function fieldsOf (part) {
  const fields = new URLSearchParams()
  for (const field of part.querySelectorAll('[name]')) {
    if (field.disabled || field.type === 'file' || field.type === 'submit' || field.type === 'button') continue
    if ((field.type === 'checkbox' || field.type === 'radio') && !field.checked) continue
    fields.append(field.name, field.value)
  }
  return fields
}

let lastTouched = null
addEventListener('input', event => { lastTouched = event.target.closest?.('main form') ?? lastTouched }, { passive: true, capture: true })

function touchedForm () {
  return lastTouched?.isConnected ? lastTouched : null
}
