// Every page works without this file. It adds comforts: leaving a page by the Shift key, the focus on an error
// summary, a count of the room left in a text, buttons that copy and print, and for those who are signed in a screen
// that locks and answers that save themselves.
import { CharacterCount, ErrorSummary, ExitThisPage, SkipLink } from 'govuk-frontend'
import './lock.js'
import './save.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')

for (const [Component, name] of [[CharacterCount, 'character-count'], [ErrorSummary, 'error-summary'], [ExitThisPage, 'exit-this-page'], [SkipLink, 'skip-link']]) {
  for (const found of document.querySelectorAll(`[data-module="govuk-${name}"]`)) {
    try {
      new Component(found) // eslint-disable-line no-new
    } catch { /* the page goes on without it */ }
  }
}

for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = false
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.copy)
    if (await copied(source)) {
      document.querySelector(`[data-copied="${button.dataset.copy}"]`).textContent = button.dataset.done
    }
  })
}

// copied selects the words, so that whoever looks sees what is taken. The clipboard proper needs HTTPS; the older way does not.
async function copied (source) {
  getSelection().selectAllChildren(source)
  try {
    await navigator.clipboard.writeText(source.textContent)
    return true
  } catch {
    return document.execCommand('copy')
  }
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => print())
}
