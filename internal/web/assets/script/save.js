// Saves each answer soon after it was given, and says so beside it. Without this file every "Continue" saves.
//
//   <form data-save="/cases/…/save"> <div data-question="name"> fields… <p data-saved role="status"></p> </div> </form>
//
// One save of a question is under way at a time; what was typed meanwhile follows. What could not be sent is tried again.
import { fieldsOf, lock } from './lock.js'

const words = document.body.dataset
const afterLeaving = 50
const afterTyping = 2000
const tryAgain = 5000
let waiting = 0 // answers that are not on disk yet

for (const form of document.querySelectorAll('form[data-save]')) {
  for (const question of form.querySelectorAll('[data-question]')) watch(form, question)
}

function watch (form, question) {
  const said = question.querySelector('[data-saved]')
  let timer = 0
  let under = false // a save is under way
  let dirty = false

  const mark = () => { if (!dirty) { dirty = true; waiting++ } }
  const soon = wait => { mark(); clearTimeout(timer); timer = setTimeout(save, wait) }
  question.addEventListener('input', () => soon(afterTyping))
  question.addEventListener('change', () => soon(afterLeaving))
  question.addEventListener('focusout', event => {
    if (dirty && !question.contains(event.relatedTarget)) soon(afterLeaving)
  })
  form.addEventListener('submit', () => { clearTimeout(timer); if (dirty) { dirty = false; waiting-- } })

  async function save () {
    if (under || !dirty) return
    under = true
    dirty = false
    waiting--
    const fields = fieldsOf(question)
    fields.set('question', question.dataset.question)
    say(words.saving, 'saving')
    try {
      const reply = await fetch(form.dataset.save, { method: 'POST', body: fields })
      if (reply.status === 401) {
        say(words.locked, 'locked')
        mark()
        await lock()
        return
      }
      if (!reply.ok) throw new Error(String(reply.status))
      const told = await reply.json()
      for (const based of question.querySelectorAll('[data-based]')) based.value = told.based
      if (told.reload) location.reload()
      say(told.says, told.state)
    } catch {
      say(words.offline, 'waiting')
      under = false
      soon(tryAgain)
      return
    }
    under = false
    if (dirty) soon(afterLeaving)
  }

  function say (what, state) {
    if (!said) return
    said.textContent = what
    said.dataset.state = state
  }
}

addEventListener('beforeunload', event => { if (waiting > 0) event.preventDefault() })
