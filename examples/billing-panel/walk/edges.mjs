// Forged and stale forms, forms sent twice, the way back after signing out, small and dark screens.

import { holds, openEntry, press, says, shot, signIn, visitor } from './browser.mjs';
import { check } from './checks.mjs';
import { bert, cleo, dan, passphraseOfKey, rhea } from './people.mjs';

export async function forgery(page) {
  page.expected = [403, 413];
  await signIn(page, ...rhea);
  await page.goto('/categories');
  await page.locator('section', { hasText: 'A new one' }).locator('input[name=token]').evaluate((input) => { input.value = '0'.repeat(64); });
  await page.getByLabel('Name', { exact: true }).fill('Forged');
  await press(page, page.getByRole('button', { name: 'Create' }));
  await says(page, 'a stale token is refused', 'This form has expired');
  await shot(page, 'expired');
  await page.goto('/categories');
  check('and nothing was done', !(await holds(page, 'Forged')));
  const statuses = await page.evaluate(async () => {
    const token = document.querySelector('input[name=token]').value;
    const send = (path, body) => fetch(path, { method: 'POST', body: new URLSearchParams(body) }).then((answer) => answer.status);
    return [await send('/categories', { name: 'Forged' }), await send('/sign-out', { 'token[]': token })];
  });
  check('no token, or a list of them', statuses.every((status) => status === 403), String(statuses));
  const cookie = (await page.context().cookies()).find((each) => each.name === 'panel');
  check('the session is out of reach of scripts', cookie.httpOnly && cookie.sameSite === 'Lax');
}

export async function twice(page) {
  await signIn(page, ...rhea);
  await page.goto('/entries/new');
  await page.getByLabel('Name', { exact: true }).fill('Sent twice');
  const paths = await page.evaluate(async () => {
    const form = document.querySelector('#new-entry');
    const send = () => fetch('/entries', { method: 'POST', body: new URLSearchParams(new FormData(form)) }).then((answer) => answer.url);
    return Promise.all([send(), send()]);
  });
  check('a form sent twice leads to one entry', paths[0] === paths[1] && /entries\/[0-9a-f-]{36}$/.test(paths[0]), String(paths));
  await page.goto('/entries?q=Sent%20twice');
  await says(page, 'there is one', '1 entry');
}

export async function afterwards(page) {
  await signIn(page, ...rhea);
  await openEntry(page, 'Registrar reseller account');
  await press(page, page.getByRole('button', { name: 'Reveal' }));
  await page.getByLabel('Password').waitFor();
  await press(page, page.getByRole('link', { name: 'Hide it again' }));
  await press(page, page.getByRole('button', { name: 'Sign out' }));
  await says(page, 'signed out', 'You are signed out.');
  await page.goBack().catch(() => null);
  await page.waitForURL('**/sign-in');
  check('the way back shows nothing', !(await holds(page, 'Registrar')));
  await page.goto('/entries');
  check('nor does the list', page.url().endsWith('/sign-in'));
}

export async function narrowAndDark(page, { browser }) {
  const looks = [
    ['phone', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }],
    ['dark', { colorScheme: 'dark' }],
  ];
  for (const [look, options] of looks) {
    const other = await visitor(browser, options);
    const wide = async (name) => {
      await shot(other, `${look}-${name}`);
      const over = await other.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      check(`${look} ${name} fits the width`, over <= 0, `${over} px over`);
    };
    await other.goto('/sign-in');
    await wide('sign-in');
    await signIn(other, ...rhea);
    await other.waitForURL('**/entries*');
    await wide('entries');
    for (const path of ['entries/new', 'categories', 'import', 'log']) {
      await other.goto(`/${path}`);
      await wide(path.replace('/', '-'));
    }
    await openEntry(other, 'Registrar reseller account');
    await press(other, other.getByRole('button', { name: 'Reveal' }));
    await other.getByLabel('Password').waitFor();
    await wide('revealed');
    await press(other, other.getByRole('link', { name: 'Share', exact: true }));
    await wide('share');
    await openEntry(other, 'Root of mail.nordwind.example');
    await press(other, other.getByRole('button', { name: 'Reveal' }));
    await wide('window');
    await other.getByLabel('Passphrase of the key').fill(passphraseOfKey);
    await press(other, other.getByRole('button', { name: 'Unlock' }));
    await wide('unlocked');
    await press(other, other.getByRole('link', { name: 'Why?' }).first());
    await wide('why');
    await press(other, other.getByRole('button', { name: 'Sign out' }));
    await signIn(other, ...dan);
    await wide('account');
    await press(other, other.getByRole('button', { name: 'Zoe Lind' }));
    await wide('account-chosen');
    await other.context().close();
  }
  await signIn(page, ...cleo);
  await press(page, page.getByRole('link', { name: 'Webmail', exact: true }));
  await press(page, page.locator('p', { hasText: 'not its secret' }).getByRole('link', { name: 'Why?' }));
  await says(page, 'a sub-user is told the permission', 'You lack permission reveal.');
  await shot(page, 'denied-sub-user');
  await press(page, page.getByRole('button', { name: 'Sign out' }));
  await signIn(page, ...bert);
  await says(page, 'the next one starts locked', 'This part is guarded');
}
