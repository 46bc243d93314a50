// The three windows, and the reason that some grants ask for.

import { readFileSync } from 'node:fs';
import { holds, openEntry, press, says, shot, signIn } from './browser.mjs';
import { check } from './checks.mjs';
import { bert, masterOfBert, passphraseOfKey, rhea, tessa } from './people.mjs';

export async function passphrase(page) {
  page.expected = [422];
  await signIn(page, ...tessa);
  await openEntry(page, 'Root of mail.nordwind.example');
  await press(page, page.getByRole('button', { name: 'Reveal' }));
  await page.getByLabel('Passphrase of the key').waitFor();
  await shot(page, 'window-passphrase');
  await page.getByLabel('Passphrase of the key').fill('red harbour 7');
  await press(page, page.getByRole('button', { name: 'Unlock' }));
  await says(page, 'a wrong passphrase', 'The passphrase does not fit.');
  check('is not kept', !(await holds(page, 'red harbour 7')));
  await shot(page, 'window-wrong');
  await page.getByLabel('Passphrase of the key').fill(passphraseOfKey);
  await press(page, page.getByRole('button', { name: 'Unlock' }));
  await page.getByLabel('Password').waitFor();
  check('the right one opens', (await page.getByLabel('Password').innerText()) === 'oak-Tundra-5512');
  check('the passphrase is not in the page', !(await holds(page, passphraseOfKey)));
  const ticket = (await page.context().cookies()).find((cookie) => cookie.name === '__Host-pwvault');
  check('the key of the tickets is out of reach of scripts', ticket?.httpOnly && ticket.secure && ticket.sameSite === 'Strict');
  check('and in no page', !(await holds(page, ticket.value)));
  await openEntry(page, 'Root of mail.nordwind.example');
  await press(page, page.getByRole('button', { name: 'Reveal' }));
  check('a later request needs no passphrase', (await page.getByLabel('Password').innerText()) === 'oak-Tundra-5512');
  await press(page, page.getByRole('button', { name: 'Lock now' }));
  await openEntry(page, 'Root of mail.nordwind.example');
  await press(page, page.getByRole('button', { name: 'Reveal' }));
  check('locked again', (await page.getByLabel('Passphrase of the key').count()) === 1);
  await page.context().addCookies([ticket]);
  await openEntry(page, 'Root of mail.nordwind.example');
  await press(page, page.getByRole('button', { name: 'Reveal' }));
  check('the key of tickets that have ended opens nothing', (await page.getByLabel('Passphrase of the key').count()) === 1);
}

export async function privateKey(page, { pem }) {
  const sent = [];
  page.on('request', (request) => sent.push(request.postData() ?? ''));
  await signIn(page, ...rhea);
  await openEntry(page, 'Offline signing key');
  await press(page, page.getByRole('button', { name: 'Reveal' }));
  await page.getByText('it is read here, never sent').waitFor();
  await shot(page, 'window-private-key');
  await page.getByRole('button', { name: 'Open in this page' }).click();
  await page.getByRole('alert').waitFor();
  await says(page, 'without a key', 'Choose the file of the private key');
  await page.locator('#pem-text').fill('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----');
  await page.getByRole('button', { name: 'Open in this page' }).click();
  await page.waitForFunction(() => !document.querySelector('#pem-fault').textContent.startsWith('Choose'));
  check('what is no key is refused', await page.locator('#pem-fault').isVisible());
  await shot(page, 'window-no-key');
  await page.locator('#pem-text').fill('');
  await page.locator('#pem-file').setInputFiles(pem);
  await page.getByRole('button', { name: 'Open in this page' }).click();
  await page.locator('#opened').getByLabel('Password').waitFor();
  check('it opens in the page', (await page.locator('#opened').getByLabel('Password').innerText()) === 'Cedar-Beacon-6127');
  check('with its field', (await page.locator('#opened').getByLabel('PUK').innerText()) === '30516628');
  const body = readFileSync(pem, 'utf8').split('\n')[1];
  check('the private key was never sent', sent.every((each) => !each.includes(body)));
  check('the page forgets the key', (await page.locator('#pem-file').inputValue()) === '');
  await shot(page, 'opened-in-page');
}

export async function masterPassword(page) {
  page.expected = [422];
  await signIn(page, ...bert);
  await says(page, 'the list itself is guarded', 'Master password');
  await shot(page, 'window-master');
  check('no name is told', !(await holds(page, 'Bakery till')));
  await page.getByLabel('Master password').fill('water and flour 9');
  await press(page, page.getByRole('button', { name: 'Unlock' }));
  await says(page, 'a wrong master password', 'The master password does not fit.');
  await page.getByLabel('Master password').fill(masterOfBert);
  await press(page, page.getByRole('button', { name: 'Unlock' }));
  await says(page, 'the list is open', 'Bakery till');
  await shot(page, 'master-open');
  await press(page, page.getByRole('link', { name: 'Bakery till' }));
  await press(page, page.getByRole('button', { name: 'Reveal' }));
  check('and so are its secrets', (await page.getByLabel('Password').innerText()) === 'Rye-Engine-4402');
  await press(page, page.getByRole('link', { name: 'Share', exact: true }));
  await press(page, page.getByRole('button', { name: 'Share' }).first());
  await says(page, 'shared while unlocked', 'Shared.');
  await press(page, page.getByRole('button', { name: 'Lock now' }));
  await says(page, 'locked again', 'This part is guarded');
}

export async function aReason(page) {
  await signIn(page, ...tessa);
  await openEntry(page, 'Payment provider');
  await press(page, page.getByRole('button', { name: 'Reveal' }));
  await page.getByLabel('Why do you need it?').waitFor();
  await shot(page, 'reason');
  await page.getByLabel('Why do you need it?').fill('Refund for order 4711');
  await press(page, page.getByRole('button', { name: 'Reveal' }));
  check('with a reason', (await page.getByLabel('Password').innerText()) === 'Quartz.Meadow.88');
}
