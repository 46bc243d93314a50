import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';

import { chromium } from 'playwright-core';

import { claims } from './cases.js';

const here = new URL('..', import.meta.url);
const folder = new URL('../../vectors/sealed_for/', here);
const source = await readFile(new URL('pwvault-unseal.js', here));
const integrity = `sha384-${createHash('sha384').update(source).digest('base64')}`;
// What the README advises: scripts and requests of this origin alone, nothing in line.
const csp = "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";
const page = (head) => ({ type: 'text/html', text: `<!doctype html><title>Vault</title>${head}<p id="shown"></p>` });
const readme = await readFile(new URL('README.md', here), 'utf8');
const blocks = (language) => [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, text]) => text);
const script = (text) => ({ type: 'text/javascript', text });
const served = {
    '/': page(''),
    '/pwvault-unseal.js': script(source),
    '/cases.js': script(await readFile(new URL('test/cases.js', here))),
    '/app.js': script(blocks('js')[1]),
    '/page.html': { type: 'text/html', text: blocks('html')[0] },
};

let server, context, tab, origin, profile;
const asked = [];

before(async () => {
    server = createServer((request, response) => {
        const found = served[request.url.split('?')[0]];
        const headers = { 'Content-Type': found?.type ?? 'text/plain', 'Content-Security-Policy': csp };
        response.writeHead(found ? 200 : 404, headers).end(found?.text ?? '');
    });
    await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
    origin = `http://127.0.0.1:${server.address().port}`;
    profile = await mkdtemp(join(tmpdir(), 'pwvault-unseal-'));
    context = await chromium.launchPersistentContext(profile, {
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
        headless: true,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
            '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP insecure.test 127.0.0.1'],
    });
    tab = context.pages()[0] ?? await context.newPage();
    tab.on('request', (request) => asked.push(request.url()));
    await tab.goto(origin);
});

after(async () => {
    await context?.close();
    server?.close();
    if (profile) await rm(profile, { recursive: true, force: true });
});

async function vectors() {
    const names = await readdir(folder);
    return Promise.all(names.map(async (name) => ({ name, ...JSON.parse(await readFile(new URL(name, folder), 'utf8')) })));
}

test('the browser gives every vector its verdict', async () => {
    const all = await vectors();
    const found = await tab.evaluate(async (cases) => {
        const [module, { verdict }] = await Promise.all([import('/pwvault-unseal.js'), import('/cases.js')]);
        return Promise.all(cases.map((one) => verdict(module, one).catch((error) => ({ thrown: String(error) }))));
    }, all);
    const verdicts = (list) => Object.fromEntries(all.map(({ name }, at) => [name, list[at]]));
    assert.deepEqual(verdicts(found), verdicts(all.map(({ expect }) => expect)));
    assert.ok(all.length >= 100);
});

for (const name of Object.keys(claims)) {
    test(`in the browser: ${name}`, async () => {
        const all = await vectors();
        const given = ['good-full.json', 'key-rsa-2048-exported.json'].map((file) => all.find((one) => one.name === file));
        const found = await tab.evaluate(async ([claim, vectors]) => {
            const [module, cases] = await Promise.all([import('/pwvault-unseal.js'), import('/cases.js')]);
            return cases.claims[claim](module, ...vectors);
        }, [name, given]);
        assert.equal(found, 'as it should be');
    });
}

test('nothing but the scripts was asked for', () => {
    const scripts = ['/', '/pwvault-unseal.js', '/cases.js'].map((path) => origin + path);
    assert.deepEqual(asked.filter((url) => !scripts.includes(url) && !url.endsWith('/favicon.ico')), []);
});

test('a key is kept until it is forgotten, and cannot be read out', async () => {
    const good = (await vectors()).find((one) => one.name === 'good-full.json');
    await tab.evaluate(async ({ key }) => {
        const { importPrivateKey, keepKey } = await import('/pwvault-unseal.js');
        await keepKey('mine', await importPrivateKey(key.pem));
    }, good);
    await tab.reload();
    const found = await tab.evaluate(async ({ document }) => {
        const { keptKey, forgetKey, keepKey, unseal } = await import('/pwvault-unseal.js');
        const kept = await keptKey('mine');
        const secret = await unseal(document, kept);
        const readOut = await crypto.subtle.exportKey('pkcs8', kept).then(() => true, () => false);
        await forgetKey('mine');
        await forgetKey('mine');
        const rsa = { name: 'RSA-OAEP', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
        const open = await crypto.subtle.generateKey(rsa, true, ['decrypt', 'encrypt']);
        const refused = await keepKey('open', open.privateKey).then(() => 'kept', (error) => error.code);
        // A name that IndexedDB does not take fails, and does not wait for ever.
        await keptKey({}).then(() => { throw new Error('it was taken'); }, () => {});
        return { secret, readOut, refused, after: [await keptKey('mine'), await keptKey('open')] };
    }, good);
    assert.deepEqual(found, { secret: good.expect.ok, readOut: false, refused: 'key-unsupported', after: [undefined, undefined] });
});

test('a page that is not secure is told so', async () => {
    const insecure = await context.newPage();
    await insecure.goto(origin.replace('127.0.0.1', 'insecure.test'));
    const found = await insecure.evaluate(async () => {
        const { importPrivateKey } = await import('/pwvault-unseal.js');
        return importPrivateKey('').catch((error) => error.code);
    });
    assert.equal(found, 'no-webcrypto');
    await insecure.close();
});

test('the page of the README opens an entry', async () => {
    assert.ok(readme.includes(`integrity="${integrity}"`), `the README has another hash than ${integrity}`);
    const vector = (await vectors()).find((one) => one.name === 'key-rsa-2048-exported.json');
    served['/page.html'].text = blocks('html')[0].replace(/value="[^"]*"/, `value="${vector.document.entry}"`);
    served[`/sealed/${vector.document.entry}`] = { type: 'application/json', text: JSON.stringify(vector.document) };
    await tab.goto(`${origin}/page.html`);
    await tab.setInputFiles('#file', { name: 'key.pem', mimeType: 'text/plain', buffer: Buffer.from(vector.key.pem) });
    const shown = async (passphrase) => {
        await tab.fill('#passphrase', passphrase);
        await tab.locator('#password').evaluate((output) => { output.textContent = ''; });
        await tab.click('#open');
        await tab.locator('#password:not(:empty)').waitFor({ state: 'attached' });
        return tab.textContent('#password');
    };
    assert.equal(await shown(vector.key.passphrase), vector.expect.ok.password);
    assert.match(await shown('another'), /passphrase is wrong/);
});

test('a module of another hash is not run', async () => {
    served['/pwvault-unseal.js'] = script(`${source}// changed`);
    const blocked = tab.waitForEvent('console', { predicate: (message) => message.text().includes('integrity') });
    await tab.goto(`${origin}/page.html?replaced`);
    await blocked;
    await tab.click('#open');
    assert.equal(await tab.textContent('#password'), '');
});
