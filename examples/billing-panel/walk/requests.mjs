// What a panel owes its visitors, asked by plain requests: forgery, cookies, headers, escaping, limits, traces.
// usage: WALK_ADDRESS, WALK_SECURE (the same panel as behind https) and WALK_DATA in the environment; `make test-panel`.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, finish } from './checks.mjs';
import { anna, bert, masterOfBert, password, rhea } from './people.mjs';
import { escaping, secrets, traces, windows } from './secrets.mjs';
import { Client } from './wire.mjs';

const nowhere = '01a20687-0000-7000-8000-000000000000';
const tests = { headers, forgery, sessions, secrets, escaping, elsewhere, windows, limits, overHttps, traces };
for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
  } catch (error) {
    check(name, false, error.stack);
  }
}
finish();

async function headers() {
  const client = new Client();
  const page = await client.get('/sign-in');
  const policy = page.headers['content-security-policy'];
  check('own files alone', policy.includes("default-src 'none'") && policy.includes("script-src 'self'") && !/unsafe|https?:|data:|\*/.test(policy), policy);
  check('no frames, no other forms', /frame-ancestors 'none'/.test(policy) && /form-action 'self'/.test(policy) && /base-uri 'none'/.test(policy));
  check('no guessing of types', page.headers['x-content-type-options'] === 'nosniff');
  check('no referrer', page.headers['referrer-policy'] === 'no-referrer');
  check('nothing about PHP', page.headers['x-powered-by'] === undefined);
  const session = page.set.panel;
  check('the session cookie', /HttpOnly/i.test(session) && /SameSite=Lax/i.test(session) && /path=\//i.test(session), session);
  check('is for http here', !/secure/i.test(session) && page.headers['strict-transport-security'] === undefined);
  await client.signIn(rhea);
  for (const path of ['/entries', '/entries/new', '/categories', '/import', '/log', '/nowhere', `/entries/${nowhere}`]) {
    const { body, headers: given } = await client.get(path);
    check('pages are not kept', given['cache-control'] === 'no-store', path);
    check('the policy is on every page', given['content-security-policy'] === policy, path);
    check('no script or style stands in a page', !/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:/i.test(body), path);
  }
  check('HEAD is GET without a body', (await client.send('HEAD', '/entries')).status === 200);
  for (const path of ['/../src/App.php', '/sample/seed.php', '/%2e%2e/README.md', '/panel.css/../../README.md']) {
    check('no other file is served', (await client.get(path)).status === 404, path);
  }
}

async function forgery() {
  const client = new Client();
  const other = new Client();
  check('no sign-in without a token', (await client.post('/sign-in', { realm: 'staff', login: rhea[1], password })).status === 403);
  const theirs = await other.token();
  await client.get('/sign-in');
  check('nor with that of another', (await client.post('/sign-in', { token: theirs, realm: 'staff', login: rhea[1], password })).status === 403);
  await client.signIn(rhea);
  const entry = /\/entries\/([0-9a-f-]{36})"/.exec((await client.get('/entries?q=Registrar')).body)[1];
  const paths = ['/account', '/sign-out', '/entries', '/generate', `/entries/${entry}/reveal`, `/entries/${entry}/sealed`, '/unlock', '/lock',
    `/entries/${entry}/share`, `/entries/${entry}/category`, '/categories', `/categories/${nowhere}/delete`, '/import', '/import/preview'];
  for (const path of paths) {
    for (const form of ['name=Forged', `token=${theirs}`, 'token[]=x', 'token=%ff%fe']) {
      const answer = await client.post(path, form);
      check('no form without its token', answer.status === 403 && !answer.body.includes('Vane-Copper'), `${path} ${form}: ${answer.status}`);
    }
    await client.get(`${path}?token=${await client.token('/entries')}&name=Forged`);
  }
  check('still signed in', (await client.get('/entries')).status === 200);
  check('and nothing was made, not by an address either', !(await client.get('/categories')).body.includes('Forged'));
}

async function sessions() {
  const planted = new Client();
  planted.cookies.set('panel', 'a'.repeat(32));
  await planted.get('/sign-in');
  check('a made-up session id is not taken', planted.cookies.get('panel') !== 'a'.repeat(32));
  const before = planted.cookies.get('panel');
  const wrong = await planted.signIn([...rhea.slice(0, 2), 'not the password']);
  check('a wrong password: the words of the vault', wrong.status === 422 && wrong.body.includes('The name, password or code is wrong'));
  check('is not given back', !wrong.body.includes('not the password'));
  const signedIn = await planted.signIn(rhea);
  check('a sign-in leads on', signedIn.status === 303 && signedIn.to === '/entries', `${signedIn.status} ${signedIn.to}`);
  check('under a new session id', planted.cookies.get('panel') !== before);
  const old = new Client();
  old.cookies.set('panel', before);
  check('the old id is worth nothing', (await old.get('/entries')).to === '/sign-in');
  const copy = new Client();
  copy.cookies.set('panel', planted.cookies.get('panel'));
  check('the new one is', (await copy.get('/entries')).status === 200);
  const file = join(process.env.WALK_DATA, 'sessions', `sess_${copy.cookies.get('panel')}`);
  const whole = readFileSync(file, 'latin1');
  writeFileSync(file, whole.replace(/seen\|i:(\d+)/, (_, seen) => `seen|i:${Number(seen) - 1790}`), 'latin1');
  check('half an hour without use is the most', (await copy.get('/entries')).status === 200);
  writeFileSync(file, whole.replace(/seen\|i:(\d+)/, (_, seen) => `seen|i:${Number(seen) - 1801}`), 'latin1');
  check('then one is out', (await copy.get('/entries')).to === '/sign-in');
  check('and told so', (await copy.get('/sign-in')).body.includes('You were signed out after half an hour without use.'));
  check('for good', (await copy.get('/entries')).to === '/sign-in');
  await planted.signIn(rhea);
  copy.cookies.set('panel', planted.cookies.get('panel'));
  check('the one of a new sign-in is good', (await copy.get('/entries')).status === 200);
  const token = await planted.token('/entries');
  await planted.post('/sign-out', { token });
  check('until signing out', (await copy.get('/entries')).to === '/sign-in');
}

async function elsewhere() {
  const client = new Client();
  check('strangers are sent to the sign-in', (await client.get('//evil.example/entries')).to === '/sign-in');
  const signedIn = await client.signIn(anna);
  check('and from there to no other site', signedIn.to === '/entries', signedIn.to);
  const token = await client.token('/entries');
  for (const then of ['https://evil.example/', '//evil.example/', '/\\evil.example', '/entries/../../x', 'javascript:alert(1)']) {
    check('no form leads to another site', (await client.post('/lock', { token, then })).to === '/entries', then);
  }
}

async function limits() {
  const zoe = ['Client', 'zoe@clients.example', password];
  const client = new Client();
  let last;
  for (let attempt = 0; attempt < 10; attempt += 1) last = await client.signIn([...zoe.slice(0, 2), `wrong ${attempt}`]);
  const right = await client.signIn(zoe);
  check('after many failures the right password waits too', right.status === 422 && right.body.includes('too many attempts; wait a while'));
  check('and nobody sees the difference', last.body.replace(/value="[0-9a-f]+"/g, '') === right.body.replace(/value="[0-9a-f]+"/g, ''));
  const baker = new Client();
  await baker.signIn(bert);
  const token = await baker.token('/entries');
  const answer = (text) => baker.post('/unlock', { token, way: 'master_password', sort: 'client', owner: 'bert', answer: text, then: '/entries' });
  const told = await answer('wrong');
  check('a wrong answer is told', told.status === 422 && told.body.includes('The master password does not fit.'), String(told.status));
  for (let attempt = 0; attempt < 7; attempt += 1) await answer(`wrong ${attempt}`);
  check('too many are stopped', (await answer(masterOfBert)).status === 429);
  check('a form that is too large', (await baker.post('/import', `token=${token}&x=${'x'.repeat(7 << 20)}`)).status === 413);
}

/** A panel whose server says that the request came by https. */
async function overHttps() {
  const client = new Client(process.env.WALK_SECURE);
  const page = await client.get('/sign-in');
  check('the session cookie is for https', /secure/i.test(page.set.panel) && /HttpOnly/i.test(page.set.panel), page.set.panel);
  check('and the browser is told to stay there', /max-age=\d{7,}/.test(page.headers['strict-transport-security'] ?? ''));
  await client.signIn(anna);
  const token = await client.token('/import');
  const form = ['--x', 'Content-Disposition: form-data; name="token"', '', token, '--x',
    'Content-Disposition: form-data; name="file"; filename="a.csv"', 'Content-Type: text/csv', '', 'name,url,username,password,note\nKiosk,,anna,Plum-Basket-31,\n', '--x--', ''];
  const parcel = await client.post('/import', form.join('\r\n'), { 'Content-Type': 'multipart/form-data; boundary=x' });
  check('and so is the key of a parcel', /Secure/i.test(parcel.set.parcel) && /HttpOnly/i.test(parcel.set.parcel) && /SameSite=Strict/i.test(parcel.set.parcel), parcel.set.parcel);
  check('no secret in the preview', !(await client.get('/import/preview')).body.includes('Plum-Basket-31'));
}
