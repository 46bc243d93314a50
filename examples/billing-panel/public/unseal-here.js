// Opens an entry in the page: the server takes off its own layer, the private key does the rest here.

import { importPrivateKey, unseal, UnsealError } from '/pwvault-unseal.js';
import { copy } from '/panel.js';

const place = document.querySelector('#private-key');
const field = (id) => document.getElementById(id);
const opened = field('opened');

field('pem-open')?.addEventListener('click', async () => {
  field('pem-open').disabled = true;
  field('pem-fault').hidden = true;
  try {
    const key = await importPrivateKey(await pem(), field('pem-passphrase').value || undefined);
    const secret = await unseal(await sealed(), key, { entry: place.dataset.entry, key: place.dataset.key });
    forget();
    show(secret);
  } catch (error) {
    const known = error instanceof UnsealError || error instanceof Refused;
    field('pem-fault').textContent = known ? sentence(error.message) : 'The server gave no answer. Try again.';
    field('pem-fault').hidden = false;
  } finally {
    field('pem-open').disabled = false;
  }
});

class Refused extends Error {}

async function pem() {
  const file = field('pem-file').files[0];
  const text = file ? await file.text() : field('pem-text').value;
  if (text.trim() === '') throw new Refused('choose the file of the private key, or paste it');
  return text;
}

/** What the server gives out, still sealed to the key. It logs this as a reveal. */
async function sealed() {
  const body = new FormData();
  body.set('token', place.dataset.token);
  body.set('key', place.dataset.key);
  const answer = await fetch(`/entries/${place.dataset.entry}/sealed`, { method: 'POST', body, headers: { Accept: 'application/json' } });
  if (!(answer.headers.get('Content-Type') ?? '').startsWith('application/json')) {
    throw new Refused('the sign-in has ended, or this page is too old: reload it');
  }
  const document = await answer.json();
  if (!answer.ok) throw new Refused(document.fault);
  return document.sealed;
}

/** The key's text leaves the page as soon as it has done its work. */
function forget() {
  for (const id of ['pem-file', 'pem-text', 'pem-passphrase']) field(id).value = '';
}

function show(secret) {
  const named = [['Password', secret.password], ['Notes', secret.notes], ['One-time code seed', secret.totp],
    ...secret.fields.map((each) => [each.name, each.value])];
  opened.replaceChildren(...named.filter(([, value]) => value !== '').map(([name, value]) => part(name, value)), hint());
  opened.hidden = false;
  place.hidden = true;
}

function part(name, value) {
  const whole = element('div', 'secret');
  const text = element('pre', '', value);
  text.tabIndex = 0;
  text.setAttribute('aria-label', name);
  const button = element('button', 'quiet', 'Copy');
  button.type = 'button';
  button.addEventListener('click', () => copy(button));
  whole.append(element('p', 'label', name), text, button);
  return whole;
}

function hint() {
  return element('p', 'hint', 'Opened in this page. The server logged that it gave out the sealed text, and saw neither key nor secret.');
}

function element(name, style, text = '') {
  const made = document.createElement(name);
  made.className = style;
  made.textContent = text;
  return made;
}

function sentence(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
}
