// In, the list, adding an entry, revealing one, and being told why not.

import { holds, openEntry, press, says, shot, signIn, text } from './browser.mjs';
import { check } from './checks.mjs';
import { rhea, tessa } from './people.mjs';

export async function atTheDoor(page) {
  page.expected = [422, 404];
  await page.goto('/entries/new');
  check('strangers come to the sign-in', page.url().endsWith('/sign-in'));
  await shot(page, 'sign-in');
  await signIn(page, 'Staff', rhea[1], 'not the password');
  await says(page, 'a wrong password is refused', 'The name, password or code is wrong');
  check('the name is kept', (await page.getByLabel('E-mail address').inputValue()) === rhea[1]);
  check('the password is not', !(await holds(page, 'not the password')));
  const wrong = await page.getByRole('alert').innerText();
  await shot(page, 'sign-in-wrong');
  await signIn(page, 'Staff', 'nobody@nordwind.example', 'not the password');
  check('unknown and wrong look the same', (await page.getByRole('alert').innerText()) === wrong);
  await signIn(page, 'Client', rhea[1], rhea[2]);
  check('staff are no clients', (await page.getByRole('alert').innerText()) === wrong);
  await page.goto('/entries/new');
  await signIn(page, ...rhea);
  await page.waitForURL('**/entries/new');
  check('the sign-in leads where one wanted to go', page.url().endsWith('/entries/new'));
  await says(page, 'who is signed in', 'Rhea Lindqvist · Full Administrator');
  await page.goto('/nowhere');
  await says(page, 'an address that leads nowhere', 'There is nothing here');
  await page.goto('/entries/01a20687-0000-7000-8000-000000000000');
  await says(page, 'an entry that is not there', 'There is nothing here');
  await shot(page, 'not-found');
}

export async function lists(page) {
  await signIn(page, ...rhea);
  await page.waitForURL('**/entries*');
  await shot(page, 'entries');
  const first = await names(page);
  check('a page of the list is full', first.length === 12, `${first.length}`);
  check('by name', String([...first].sort((a, b) => a.toLowerCase() < b.toLowerCase() ? -1 : 1)) === String(first), String(first));
  await press(page, page.getByRole('link', { name: 'Next' }));
  const second = await names(page);
  check('the next page has others', second.length > 0 && !second.some((name) => first.includes(name)));
  await press(page, page.getByRole('link', { name: 'Next' }));
  await says(page, 'the last page', 'Page 3');
  check('nothing comes after the last', (await page.getByRole('link', { name: 'Next' }).count()) === 0);
  await press(page, page.getByRole('link', { name: 'Previous' }));
  check('the way back is the same', String(await names(page)) === String(second));
  await page.goto('/entries?page=77');
  check('a page that is not there is the first', String(await names(page)) === String(first));
  await page.getByLabel('Search').fill('helsinki');
  await press(page, page.getByRole('button', { name: 'Show' }));
  const found = await names(page);
  check('search finds', found.length === 6 && found.every((name) => name.includes('Helsinki')), String(found));
  await shot(page, 'search');
  await page.getByLabel('Search').fill('<b>nothing & nobody</b>');
  await press(page, page.getByRole('button', { name: 'Show' }));
  await says(page, 'search without a hit', 'No match');
  check('what was searched is text', (await page.getByLabel('Search').inputValue()) === '<b>nothing & nobody</b>');
  await shot(page, 'search-none');
  await page.goto('/entries');
  await page.getByLabel('Category').selectOption({ label: 'Partners' });
  await press(page, page.getByRole('button', { name: 'Show' }));
  check('a category narrows', String(await names(page)) === 'Registrar reseller account');
  await page.goto('/entries?category=../../etc/passwd&sort=%27&page=-1');
  check('nonsense in the address is ignored', (await names(page)).length === 12);
}

export async function adding(page) {
  page.expected = [422];
  await signIn(page, ...rhea);
  await page.goto('/entries/new');
  await shot(page, 'new-entry');
  await page.getByLabel('Name', { exact: true }).fill('Walk <script>alert(1)</script> & co');
  await page.getByLabel('User name').fill('walker');
  await page.getByText('Generator').click();
  await page.getByRole('button', { name: 'Generate' }).click();
  await page.getByText(/bits/).waitFor();
  const made = await page.locator('#password').inputValue();
  check('the generator makes a long password', made.length >= 16, `${made.length}`);
  await says(page, 'the strength is said', 'trong, ');
  await shot(page, 'generated');
  await page.getByLabel('Words').check();
  await page.getByRole('button', { name: 'Generate' }).click();
  await page.waitForFunction((before) => document.querySelector('#password').value !== before, made);
  const words = await page.locator('#password').inputValue();
  check('words have hyphens', words.split('-').length >= 5);
  await page.getByLabel('Website').fill('javascript:alert(1)');
  await page.evaluate(() => { document.querySelector('#new-entry').noValidate = true; });
  await press(page, page.getByRole('button', { name: 'Add' }));
  await page.getByRole('alert').waitFor();
  await shot(page, 'new-entry-refused');
  check('what was typed is kept', (await page.getByLabel('User name').inputValue()) === 'walker');
  check('the password too', (await page.locator('#password').inputValue()) === words);
  await page.getByLabel('Website').fill('https://walk.example/');
  await press(page, page.getByRole('button', { name: 'Add' }));
  await page.waitForURL(/entries\/[0-9a-f-]{36}$/);
  await says(page, 'it says so', 'Added.');
  await says(page, 'markup is text', 'Walk <script>alert(1)</script> & co');
  check('the secret is not in the page', !(await holds(page, words)));
  await page.reload();
  check('it says so once', !(await text(page)).includes('Added.'));
  await press(page, page.getByRole('button', { name: 'Reveal' }));
  check('the generated one was kept', (await page.getByLabel('Password').innerText()) === words);
}

export async function revealing(page) {
  const secret = 'Vane-Copper-41-Lantern';
  await signIn(page, ...rhea);
  await openEntry(page, 'Registrar reseller account');
  check('no secret before it is asked for', !(await holds(page, secret)) && !(await holds(page, '4471')));
  await shot(page, 'entry');
  await press(page, page.getByRole('button', { name: 'Reveal' }));
  await page.getByLabel('Password').waitFor();
  check('the password is shown', (await page.getByLabel('Password').innerText()) === secret);
  check('the secret field is shown', (await page.getByLabel('Hotline PIN').innerText()) === '4471');
  check('no secret in the address', !page.url().includes(secret));
  await shot(page, 'revealed');
  await press(page, page.getByRole('link', { name: 'Hide it again' }));
  check('hidden again', !(await holds(page, secret)));
  await page.goto('/entries');
  check('no secret in the list', !(await holds(page, secret)));
  await page.goto('/log');
  check('no secret in the log', !(await holds(page, secret)));
}

export async function explaining(page) {
  page.expected = [403];
  await signIn(page, ...tessa);
  await openEntry(page, 'Registrar reseller account');
  check('no way to reveal', (await page.getByRole('button', { name: 'Reveal' }).count()) === 0);
  await press(page, page.locator('p', { hasText: 'not its secret' }).getByRole('link', { name: 'Why?' }));
  await says(page, 'the verdict', 'Not allowed');
  await says(page, 'why not', 'Nothing gives you reveal.');
  await says(page, 'what would help', 'Ask the owner, or someone who may share the entry, for reveal.');
  check('what is open', /What you may do with it\s+View\n/.test(await text(page)));
  await shot(page, 'denied');
  await press(page, page.getByRole('link', { name: 'Back to the entry' }));
  const path = new URL(page.url()).pathname;
  const token = await page.locator('input[name=token]').first().inputValue();
  const forced = await page.evaluate(async ([path, token]) => {
    const answer = await fetch(`${path}/reveal`, { method: 'POST', body: new URLSearchParams({ token }) });
    return [answer.status, await answer.text()];
  }, [path, token]);
  check('a form that is sent all the same is denied', forced[0] === 403 && forced[1].includes('Nothing gives you'));
  check('and tells nothing', !forced[1].includes('Vane-Copper'));
  await page.goto('/log');
  await says(page, 'a section that is closed', 'Not allowed');
  await says(page, 'with its reason', 'No rule allows you section logs.');
  check('the menu does not offer it', (await page.getByRole('navigation').getByRole('link', { name: 'Log' }).count()) === 0);
  await shot(page, 'denied-section');
}

async function names(page) {
  return page.locator('table.list tbody th a').allInnerTexts();
}
