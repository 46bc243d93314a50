// What is tested in Node and in a browser alike: no import, plain values in and out.

/** What the module makes of a vector. */
export async function verdict({ importPrivateKey, unseal, UnsealError }, { document, key: { pem, passphrase } }) {
    try {
        return { ok: await unseal(document, await importPrivateKey(pem, passphrase)) };
    } catch (error) {
        if (!(error instanceof UnsealError)) throw error;
        return { error: error.code };
    }
}

const fine = 'as it should be';

/** The code of the error of what is tried, or that there was none. */
async function code(tried) {
    return tried.then(() => 'none', (error) => error.code ?? String(error));
}

function expectCodes(found, expected) {
    return found.every((one, at) => one === expected[at]) ? fine : `${found} instead of ${expected}`;
}

const globals = () => Object.getOwnPropertyNames(globalThis).sort().join();

export const claims = {
    async 'what was not asked for does not open'({ importPrivateKey, unseal }, { document, key }) {
        const mine = await importPrivateKey(key.pem);
        const { vault, entry, revision } = document;
        const other = '00000000-0000-4000-8000-000000000000';
        const asked = [{}, { vault, entry, key: document.key, revision }, { revision: revision - 1 },
            { vault: other }, { entry: other }, { key: other }, { revision: revision + 1 }, { revision: NaN },
            { revision: undefined }, { revision: null }, { revision: '' }, { entry: undefined }, { entryId: entry }];
        const found = await Promise.all(asked.map((expected) => code(unseal(document, mine, expected))));
        return expectCodes(found, ['none', 'none', 'none', ...Array(10).fill('unexpected')]);
    },

    async 'the text of a document will do'({ importPrivateKey, unseal }, { document, key, expect }) {
        const secret = await unseal(JSON.stringify(document), await importPrivateKey(key.pem));
        return JSON.stringify(secret) === JSON.stringify({ ...expect.ok, fields: secret.fields }) ? fine : 'another secret';
    },

    async 'an imported key cannot be read out'({ importPrivateKey }, { key }) {
        const mine = await importPrivateKey(key.pem);
        const formats = ['pkcs8', 'jwk'].map((format) => crypto.subtle.exportKey(format, mine).then(() => format, () => ''));
        return mine.extractable || (await Promise.all(formats)).join('') ? 'it can' : fine;
    },

    async 'a JSON Web Key opens and another sort is refused'({ importPrivateKey, unseal }, { document, key, expect }) {
        const der = Uint8Array.from(atob(key.pem.replace(/-----.*-----|\s/g, '')), (one) => one.charCodeAt(0));
        const oaep = { name: 'RSA-OAEP', hash: 'SHA-256' };
        const jwk = await crypto.subtle.exportKey('jwk', await crypto.subtle.importKey('pkcs8', der, oaep, true, ['decrypt']));
        const secret = await unseal(document, await importPrivateKey(jwk));
        if (secret.password !== expect.ok.password) return 'another secret';
        const { kty, n, e } = jwk;
        const found = [{ ...jwk, alg: 'RSA-OAEP' }, { kty, n, e }, { kty: 'oct', k: 'AAAA' }, {}];
        return expectCodes(await Promise.all(found.map((one) => code(importPrivateKey(one)))),
            ['key-unsupported', 'key-unsupported', 'key-unsupported', 'key-unsupported']);
    },

    async 'a key of another use or hash is refused'({ unseal }, { document }) {
        const rsa = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
        const sha1 = await crypto.subtle.generateKey({ name: 'RSA-OAEP', hash: 'SHA-1', ...rsa }, false, ['decrypt', 'encrypt']);
        const pss = await crypto.subtle.generateKey({ name: 'RSA-PSS', hash: 'SHA-256', ...rsa }, false, ['sign', 'verify']);
        const oaep = await crypto.subtle.generateKey({ name: 'RSA-OAEP', hash: 'SHA-256', ...rsa }, false, ['decrypt', 'encrypt']);
        const unwraps = await crypto.subtle.generateKey({ name: 'RSA-OAEP', hash: 'SHA-256', ...rsa }, false, ['unwrapKey', 'wrapKey']);
        const found = [sha1.privateKey, pss.privateKey, unwraps.privateKey, oaep.publicKey, undefined, {}, oaep.privateKey];
        return expectCodes(await Promise.all(found.map((one) => code(unseal(document, one)))),
            [...Array(6).fill('key-unsupported'), 'wrong-key']);
    },

    async 'a damaged file of an encrypted key is told before any work'({ importPrivateKey }, good, { key }) {
        const der = atob(key.pem.replace(/-----.*-----|\s/g, ''));
        const file = (bytes) => `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${btoa(bytes)}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
        const iterations = '\x02\x03\x09\x27\xc0';
        if (!der.includes(iterations)) return 'there are not 600,000 iterations';
        const files = [der + '\0', der.slice(0, -1), '\x31' + der.slice(1), der.replace(iterations, '\x02\x03\0\0\0'),
            der.replace(iterations, '\x02\x03\xff\xff\xff'), der.replace(iterations, '\x04\x03\x09\x27\xc0'), ''];
        return expectCodes(await Promise.all(files.map((one) => code(importPrivateKey(file(one), key.passphrase)))),
            ['key-malformed', 'key-malformed', 'key-malformed', 'key-malformed', 'key-cost', 'key-malformed', 'key-malformed']);
    },

    async 'every cause of a wrong key is told in the same words'({ importPrivateKey, unseal }, { document, key }) {
        const mine = await importPrivateKey(key.pem);
        const changed = (change) => {
            const wrap = atob(document.wrap);
            return { ...document, wrap: btoa(change(wrap)) };
        };
        const flip = (text, at) => text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
        const end = 20 + 256;
        const documents = [
            changed((wrap) => flip(wrap, 30)),
            changed((wrap) => wrap.slice(0, 20) + '\0'.repeat(256) + wrap.slice(end)),
            changed((wrap) => flip(wrap, end + 60)),
            { ...document, revision: document.revision + 1 },
        ];
        const messages = documents.map((one) => unseal(one, mine).then(() => 'none', ({ message }) => message));
        return new Set(await Promise.all(messages)).size === 1 ? fine : 'they differ';
    },

    async 'keys are wiped also where the envelope is refused'({ importPrivateKey, unseal }, { document, key }) {
        const mine = await importPrivateKey(key.pem);
        const [subtle, own, opened] = [crypto.subtle, Object.getPrototypeOf(crypto.subtle).decrypt, []];
        subtle.decrypt = async (...asked) => {
            const bytes = await own.apply(subtle, asked);
            opened.push(new Uint8Array(bytes));
            return bytes;
        };
        try {
            const found = await code(unseal({ ...document, envelope: btoa('PWV\x02') }, mine));
            const left = opened.some((bytes) => bytes.some((byte) => byte !== 0));
            return found === 'unknown-version' && opened.length === 2 && !left ? fine : `${found}, ${opened.length} keys`;
        } finally {
            delete subtle.decrypt;
        }
    },

    async 'errors and globals keep nothing'({ importPrivateKey, unseal }, { document, key, expect }) {
        const before = globals();
        const mine = await importPrivateKey(key.pem);
        const secret = await unseal(document, mine);
        const error = await unseal({ ...document, revision: 7 }, mine).catch((caught) => caught);
        const words = `${error} ${JSON.stringify(error)} ${error.stack}`;
        const kept = [secret.password, key.pem.split('\n')[3], document.wrap].filter((one) => words.includes(one));
        return before === globals() && kept.length === 0 && secret.password === expect.ok.password ? fine : `${kept}`;
    },
};
