// What makes pages nicer where there are scripts. Without them everything but private keys works.

const all = (selector) => document.querySelectorAll(selector);

/** Copies a secret and takes it off the clipboard after half a minute, as far as the browser allows. */
for (const button of all('[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', () => copy(button));
}

export async function copy(button) {
  const text = button.parentElement.querySelector('pre').textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = 'Copy';
      navigator.clipboard.writeText('').catch(() => {});
    }, 30_000);
  } catch {
    button.textContent = 'Press Ctrl+C';
    getSelection().selectAllChildren(button.parentElement.querySelector('pre'));
  }
}

const password = document.querySelector('#password');
const show = document.querySelector('#show');
if (password && show) {
  show.hidden = false;
  show.addEventListener('click', () => reveal(password.type === 'password'));
}

function reveal(visible) {
  password.type = visible ? 'text' : 'password';
  show.textContent = visible ? 'Hide' : 'Show';
  show.setAttribute('aria-pressed', String(visible));
}

const generate = document.querySelector('#generate');
generate?.addEventListener('click', async (event) => {
  event.preventDefault();
  generate.disabled = true;
  const said = document.querySelector('#said');
  try {
    // Only what the generator needs goes out, not what is typed so far.
    const form = new FormData(generate.form);
    const body = new FormData();
    for (const name of ['token', 'recipe', 'length', 'symbols', 'unambiguous']) {
      if (form.has(name)) body.set(name, form.get(name));
    }
    const answer = await fetch('/generate', { method: 'POST', body, headers: { Accept: 'application/json' } });
    const made = await answer.json();
    said.textContent = made.fault ?? made.said;
    if (answer.ok) {
      password.value = made.text;
      reveal(true);
      const score = document.querySelector('#score');
      score.hidden = false;
      score.value = made.score;
    }
  } catch {
    said.textContent = 'That did not work. Reload the page and try again.';
  } finally {
    generate.disabled = false;
  }
});

// A page that was left shows no secret when the browser brings it back.
addEventListener('pagehide', () => {
  for (const place of all('div[data-secret]')) place.replaceChildren();
  for (const place of all('input[data-secret]')) place.value = '';
});
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
