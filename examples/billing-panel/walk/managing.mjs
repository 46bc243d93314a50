// Sharing, categories, import and the log.

import { readFileSync } from 'node:fs';
import { holds, openEntry, press, says, shot, signIn } from './browser.mjs';
import { check } from './checks.mjs';
import { anna, cleo, rhea, sal, tessa } from './people.mjs';

const sample = new URL('../../data/bitwarden.csv', import.meta.url);

export async function sharing(page, { browser }) {
  page.expected = [422];
  await signIn(page, ...rhea);
  await openEntry(page, 'Backup repository');
  await press(page, page.getByRole('link', { name: 'Share', exact: true }));
  await shot(page, 'share');
  await page.locator('select[name=grantee]').selectOption('role:sales');
  await page.getByLabel('Reveal').uncheck();
  await press(page, page.getByRole('button', { name: 'Share' }).first());
  await says(page, 'it is shared', 'Shared.');
  await says(page, 'the grant is listed', 'Sales Operator');
  await page.getByLabel('Until, if it is to end').fill('2001-01-01');
  await press(page, page.getByRole('button', { name: 'Share' }).first());
  check('an end that has passed is refused', (await page.getByRole('alert').innerText()).includes('passed'));
  await shot(page, 'share-refused');
  const other = await (await browser.newContext({ baseURL: page.url().split('/entries')[0] })).newPage();
  await signIn(other, ...sal);
  await openEntry(other, 'Backup repository');
  check('sal sees it, without its secret', (await other.getByRole('button', { name: 'Reveal' }).count()) === 0);
  await press(page, page.getByRole('button', { name: /^End/ }));
  await says(page, 'it ends', 'That grant has ended.');
  const answer = await other.reload();
  check('sal sees it no more', answer.status() === 404);
  await other.context().close();
}

export async function categories(page, { browser }) {
  page.expected = [422];
  await signIn(page, ...anna);
  await page.goto('/categories');
  await page.getByLabel('Name', { exact: true }).fill('   ');
  await page.evaluate(() => document.querySelectorAll('form').forEach((form) => { form.noValidate = true; }));
  await press(page, page.getByRole('button', { name: 'Create' }));
  check('a blank name is refused', (await page.getByRole('alert').innerText()).length > 5);
  await page.getByLabel('Name', { exact: true }).fill('Walkers');
  await page.getByLabel('Description').fill('Made by the walk');
  await page.getByLabel('Support').first().check();
  await press(page, page.getByRole('button', { name: 'Create' }));
  await says(page, 'it is there', 'The category “Walkers” is there now.');
  await shot(page, 'categories');
  await openEntry(page, 'Newsletter');
  await page.getByLabel('Its members may').selectOption({ label: 'Walkers' });
  await press(page, page.getByRole('button', { name: 'Save' }));
  await says(page, 'the entry is in it', 'The category is set.');
  const other = await (await browser.newContext({ baseURL: page.url().split('/entries')[0] })).newPage();
  await signIn(other, ...tessa);
  await openEntry(other, 'Newsletter');
  await press(other, other.getByRole('button', { name: 'Reveal' }));
  check('its members reveal it', (await other.getByLabel('Password').innerText()) === 'Mint-Ladder-0042');
  await other.context().close();
  await page.goto('/categories');
  const row = page.locator('li', { hasText: 'Walkers' });
  await press(page, row.getByRole('button', { name: /^Delete/ }));
  check('one in use stays', (await page.getByRole('alert').innerText()).includes('Entries are in this category'));
  await row.getByLabel('even when used').check();
  await press(page, row.getByRole('button', { name: /^Delete/ }));
  await says(page, 'with force it goes', 'That category is gone.');
}

export async function importing(page) {
  page.expected = [422];
  await signIn(page, ...anna);
  await page.goto('/import');
  await shot(page, 'import');
  await upload(page, 'not.csv', Buffer.from('name,password\n"never closed,x\n'));
  check('a bad file is refused', (await page.getByRole('alert').innerText()).includes('This file is refused'));
  await shot(page, 'import-bad');
  await upload(page, 'empty.csv', Buffer.from(''));
  check('an empty file is refused', (await page.getByRole('alert').innerText()).includes('Choose a CSV file'));
  const own = 'name,url,username,password,note\nTravel,https://travel.example/,anna,Heron-Plum-55,\n,,,,\n' + `${'N'.repeat(600)},,anna,Kiln-Rope-12,\n`;
  await upload(page, 'chrome.csv', Buffer.from(own));
  await page.waitForURL('**/import/preview');
  await shot(page, 'import-preview');
  check('no secret in the preview', !(await holds(page, 'Heron-Plum-55')));
  const parcel = (await page.context().cookies()).find((cookie) => cookie.name === 'parcel');
  check('the key of the parcel is out of reach of scripts', parcel?.httpOnly === true);
  await press(page, page.getByRole('button', { name: 'Cancel' }));
  await says(page, 'cancelled', 'Nothing was imported.');
  await page.goto('/import/preview');
  check('the file is gone', page.url().endsWith('/import'));
  await upload(page, 'chrome.csv', Buffer.from(own));
  await press(page, page.getByRole('button', { name: /^Import one/ }));
  await says(page, 'imported', 'One entry was imported.');
  await openEntry(page, 'Travel');
  await press(page, page.getByRole('button', { name: 'Reveal' }));
  check('with its password', (await page.getByLabel('Password').innerText()) === 'Heron-Plum-55');
  await page.goto('/import');
  await upload(page, 'bitwarden.csv', readFileSync(sample));
  await says(page, 'the dialect is told', 'bitwarden');
  await shot(page, 'import-bitwarden');
  await press(page, page.getByRole('button', { name: 'Cancel' }));
  await press(page, page.getByRole('button', { name: 'Sign out' }));
  await signIn(page, ...cleo);
  await page.goto('/import');
  page.expected = [403];
  await upload(page, 'chrome.csv', Buffer.from(own));
  await says(page, 'who may not import is told why', 'You lack permission transfer.');
}

export async function log(page) {
  await signIn(page, ...rhea);
  await page.goto('/log');
  await says(page, 'the log is told', 'Secret revealed');
  await says(page, 'reading it is in it', 'Log read');
  const denied = await page.locator('tr.no th').allInnerTexts();
  check('the panel asks for nothing that it may not', denied.every((event) => !/^(People looked at|Category changed)/.test(event)), String(denied));
  await shot(page, 'log');
}

async function upload(page, name, buffer) {
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer });
  await press(page, page.getByRole('button', { name: 'Look at it' }));
  await page.waitForLoadState();
}
