// The second factor, for whom one acts, and a window that has closed by itself.

import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { holds, openEntry, press, says, shot, signIn, text } from './browser.mjs';
import { check } from './checks.mjs';
import { dan, mara, passphraseOfKey, rhea, sal } from './people.mjs';

export async function secondFactor(page, { data }) {
  page.expected = [422];
  const [key, recovery] = readFileSync(`${data}/mara.factor`, 'utf8').split('\n');
  await page.goto('/sign-in/code');
  check('no code without a password', page.url().endsWith('/sign-in'));
  await signIn(page, ...mara);
  await says(page, 'the second factor is asked for', 'Second factor');
  await shot(page, 'code');
  check('nothing is open yet', (await page.goto('/entries')).url().endsWith('/sign-in'));
  await page.goto('/sign-in/code');
  await answer(page, '000000');
  await says(page, 'a wrong code is refused', 'The name, password or code is wrong');
  await shot(page, 'code-wrong');
  const code = totp(key, Date.now() + 30_000);
  await answer(page, code);
  await says(page, 'the right one opens', 'Mara Voss · Sales Operator');
  await press(page, page.getByRole('button', { name: 'Sign out' }));
  await signIn(page, ...mara);
  await answer(page, code);
  await says(page, 'a code is good once', 'The name, password or code is wrong');
  await answer(page, recovery);
  await says(page, 'a recovery code does too', 'Mara Voss');
  check('no code stays in the page', !(await holds(page, recovery)));
}

export async function accounts(page) {
  page.expected = [404];
  await signIn(page, ...dan);
  await says(page, 'who works for several chooses', 'For whom?');
  await shot(page, 'account');
  await page.goto('/entries');
  check('nothing is shown before', page.url().endsWith('/account'));
  await press(page, page.getByRole('button', { name: 'Zoe Lind' }));
  await says(page, 'the choice is told', 'Dan Okello · Zoe Lind');
  await says(page, 'entries of the one', 'Font library');
  check('none of the other', !(await text(page)).includes('Newsletter'));
  await shot(page, 'account-chosen');
  await press(page, page.getByRole('link', { name: 'Font library', exact: true }));
  const zoes = page.url();
  check('with the permissions there', (await page.getByRole('button', { name: 'Reveal' }).count()) === 0);
  await press(page, page.getByRole('link', { name: 'Change', exact: true }));
  await press(page, page.getByRole('button', { name: 'Anna Berg' }));
  await says(page, 'then of the other', 'Webmail');
  await page.goto(zoes);
  await says(page, 'and no more of the first', 'There is nothing here');
  const made = await page.evaluate(async () => {
    const body = new URLSearchParams({ token: document.querySelector('input[name=token]').value, account: 'bert' });
    return (await fetch('/account', { method: 'POST', body })).url;
  });
  check('nobody acts for whom they do not work', made.endsWith('/account'), made);
}

/** Begins early in the walk, and is looked at when a minute has gone by: the shortest time that a window may have. */
export async function opensWindow(page) {
  await signIn(page, ...rhea);
  await openEntry(page, 'Root of dns.nordwind.example');
  await press(page, page.getByRole('button', { name: 'Reveal' }));
  await page.getByLabel('Passphrase of the key').fill(passphraseOfKey);
  await press(page, page.getByRole('button', { name: 'Unlock' }));
  check('a window is open', (await page.getByLabel('Password').innerText()) === 'elm-Glacier-7730');
  return Date.now() + 61_000;
}

export async function closedWindow(page, closes, { data }) {
  await page.waitForTimeout(Math.max(0, closes - Date.now()));
  meanwhile(data, 'short-windows');
  await openEntry(page, 'Root of dns.nordwind.example');
  await press(page, page.getByRole('button', { name: 'Reveal' }));
  await says(page, 'a window that has closed says so', 'or it has locked itself again');
  check('and shows nothing', !(await holds(page, 'elm-Glacier-7730')));
  await shot(page, 'window-closed');
  await page.getByLabel('Passphrase of the key').fill(passphraseOfKey);
  await press(page, page.getByRole('button', { name: 'Unlock' }));
  check('it opens again', (await page.getByLabel('Password').innerText()) === 'elm-Glacier-7730');
}

/** A sign-in ends at once when the person is switched off. */
export async function switchedOff(page, { data }) {
  await signIn(page, ...sal);
  await says(page, 'sal is in', 'Sal Okafor');
  meanwhile(data, 'off');
  await page.reload();
  await says(page, 'and out with the next request', 'Your sign-in has ended. Sign in again.');
  await shot(page, 'ended');
  meanwhile(data, 'on');
  await signIn(page, ...sal);
  await says(page, 'until switched on again', 'Sal Okafor');
}

function meanwhile(data, what) {
  execFileSync('php', ['-d', 'ffi.enable=1', new URL('meanwhile.php', import.meta.url).pathname, data, what]);
}

async function answer(page, code) {
  await page.getByLabel('Code of your app').fill(code);
  await press(page, page.getByRole('button', { name: 'Go on' }));
}

/** RFC 6238, as an app computes it: six digits by SHA-1 for every half minute. */
function totp(key, time) {
  const bits = [...key].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(time / 30_000)));
  const hash = createHmac('sha1', secret).update(counter).digest();
  const number = hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}
