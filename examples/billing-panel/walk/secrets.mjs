// Secrets in answers to plain requests: shown when asked for, as text, through open windows, and left nowhere.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './checks.mjs';
import { anna, masterOfBert, password, passphraseOfKey, rhea, tessa } from './people.mjs';
import { Client } from './wire.mjs';

const data = process.env.WALK_DATA;

export async function secrets() {
  const client = new Client();
  await client.signIn(rhea);
  const entry = /\/entries\/([0-9a-f-]{36})"/.exec((await client.get('/entries?q=Registrar')).body)[1];
  for (const path of ['/entries', `/entries/${entry}`, `/entries/${entry}/share`, `/entries/${entry}/why/reveal`, '/log']) {
    check('no secret until it is asked for', !/Vane-Copper|4471/.test((await client.get(path)).body), path);
  }
  const token = await client.token(`/entries/${entry}`);
  const shown = await client.post(`/entries/${entry}/reveal`, { token });
  check('then it is shown', shown.status === 200 && shown.body.includes('Vane-Copper-41-Lantern'));
  check('and not kept', shown.headers['cache-control'] === 'no-store');
  check('nothing is revealed by GET', (await client.get(`/entries/${entry}/reveal`)).status === 404);
  const made = await client.post('/generate', { token, length: '20', symbols: '1', unambiguous: '1' }, { Accept: 'application/json' });
  check('generated ones are not kept either', made.headers['cache-control'] === 'no-store' && JSON.parse(made.body).text.length === 20);
  const support = new Client();
  await support.signIn(tessa);
  const denied = await support.post(`/entries/${entry}/reveal`, { token: await support.token('/entries') });
  check('a refusal explains and shows nothing', denied.status === 403 && denied.body.includes('Nothing gives you reveal') && !denied.body.includes('Vane-Copper'));
  const anna2 = new Client();
  await anna2.signIn(anna);
  check('what is not for one to know is not there', (await anna2.get(`/entries/${entry}`)).status === 404);
}

export async function escaping() {
  const client = new Client();
  await client.signIn(anna);
  const evil = `"'><img src=x onerror=alert(1)>&amp;`;
  const safe = '&quot;&apos;&gt;&lt;img src=x onerror=alert(1)&gt;&amp;amp;';
  const token = await client.token('/entries/new');
  const made = await client.post('/entries', { token, name: evil, username: evil, password: evil, fieldName: evil, fieldValue: evil });
  check('markup is a name like another', made.status === 303, made.body);
  const entry = made.to;
  await client.post('/categories', { token, name: evil, description: evil });
  const pages = [await client.get(`/entries?q=${encodeURIComponent(evil)}`), await client.get(entry), await client.get(`${entry}/share`),
    await client.get(`${entry}/why/share`), await client.get('/categories'), await client.post(`${entry}/reveal`, { token }),
    await client.post('/entries', { token, name: evil, website: evil, notes: evil }),
    await client.post('/unlock', { token, way: evil, key: evil, owner: evil, sort: evil, then: evil })];
  for (const [place, page] of pages.entries()) {
    check('it stays text', !page.body.includes('<img src=x') && page.body.includes(safe) || place === 7 && !page.body.includes('<img src=x'), `page ${place}`);
  }
  const bytes = await client.get('/entries?q=%ff%fe%00&sort[]=x&page=%27');
  check('what is no text is ignored', bytes.status === 200);
  check('the header cannot be split', (await client.get('/entries/x%0d%0aSet-Cookie:a=b')).set.a === undefined);
}

export async function windows() {
  const client = new Client();
  await client.signIn(tessa);
  const entry = /\/entries\/([0-9a-f-]{36})"/.exec((await client.get('/entries?q=Root%20of%20mail')).body)[1];
  const token = await client.token(`/entries/${entry}`);
  const window = await client.post(`/entries/${entry}/reveal`, { token });
  const key = /name="key" value="([^"]+)"/.exec(window.body)[1];
  const opened = await client.post('/unlock', { token, way: 'passphrase', key, answer: passphraseOfKey, entry });
  check('a passphrase opens', opened.body.includes('oak-Tundra-5512') && !opened.body.includes(passphraseOfKey));
  const cookie = opened.set['__Host-pwvault'] ?? '';
  check('the key of the tickets', /HttpOnly/i.test(cookie) && /Secure/i.test(cookie) && /SameSite=Strict/i.test(cookie) && !/domain|expires/i.test(cookie), cookie);
  const half = new Client();
  half.cookies.set('panel', client.cookies.get('panel'));
  check('the session alone opens nothing', !(await half.post(`/entries/${entry}/reveal`, { token })).body.includes('oak-Tundra-5512'));
  const kept = client.cookies.get('__Host-pwvault');
  check('both do', (await client.post(`/entries/${entry}/reveal`, { token })).body.includes('oak-Tundra-5512'));
  await client.post('/sign-out', { token });
  await client.signIn(tessa);
  client.cookies.set('__Host-pwvault', kept);
  const after = await client.post(`/entries/${entry}/reveal`, { token: await client.token('/entries') });
  check('signing out ends them', !after.body.includes('oak-Tundra-5512') && after.body.includes('Passphrase of the key'));
}

/** Nothing that was typed, shown or uploaded in the walk and here is on the disk of the server. */
export async function traces() {
  const canaries = [password, passphraseOfKey, masterOfBert, 'Vane-Copper-41-Lantern', 'oak-Tundra-5512', 'Rye-Engine-4402', 'Quartz.Meadow.88',
    'Plum-Basket-31', 'Heron-Plum-55', 'not the password'];
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((file) => file.isFile() && !/^(rhea\.pem|mara\.factor)$/.test(file.name));
  check('there are files', files.some((file) => file.name.startsWith('sess_')) && files.some((file) => file.name === 'vault.db'));
  for (const file of files) {
    const text = readFileSync(join(file.parentPath ?? file.path, file.name), 'latin1');
    check('no secret is on the disk', canaries.every((canary) => !text.includes(canary)), file.name);
  }
}
