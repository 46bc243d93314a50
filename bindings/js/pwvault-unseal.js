// Opens what a vault hands out by `sealed_for` with the private key alone (spec/sealed-for.md). The
// documentation of what is exported is in pwvault-unseal.d.ts, which this file is checked against.

/** @typedef {import('./pwvault-unseal.js').SealedFor} SealedFor */
/** @typedef {import('./pwvault-unseal.js').Secret} Secret */
/** @typedef {import('./pwvault-unseal.js').UnsealErrorCode} UnsealErrorCode */

export class UnsealError extends Error {
    /**
     * @param {UnsealErrorCode} code
     * @param {string} message
     */
    constructor(code, message) {
        super(message);
        this.name = 'UnsealError';
        /** @type {UnsealErrorCode} */
        this.code = code;
    }
}

/** @type {typeof import('./pwvault-unseal.js').unseal} */
export async function unseal(document, privateKey, expected = {}) {
    checkKey(privateKey);
    const sealed = readDocument(document);
    // A name that is not known, or a value that is undefined, is a mistake of the page and not nothing.
    for (const [name, wanted] of Object.entries(expected)) {
        const met = name === 'revision' ? Number.isSafeInteger(wanted) && sealed.revision >= Number(wanted)
            : (name === 'vault' || name === 'entry' || name === 'key') && sealed[name] === wanted;
        if (!met) fail('unexpected', `this has not the ${name} that was asked for`);
    }
    const dek = await openWrap(sealed, privateKey);
    // The key has proved right by now, so what does not fit was changed.
    const payload = await openEnvelope(dek, SYMMETRIC, SECRET, contextOf(sealed), sealed.envelope, 'tampered')
        .finally(() => dek.fill(0));
    try {
        return readSecret(payload, sealed);
    } finally {
        payload.fill(0);
    }
}

/** @type {typeof import('./pwvault-unseal.js').importPrivateKey} */
export async function importPrivateKey(source, passphrase) {
    const subtle = subtleCrypto();
    if (typeof source !== 'string') {
        const key = subtle.importKey('jwk', source, OAEP, false, ['decrypt']);
        return checkKey(await key.catch(() => fail('key-unsupported', 'this is no JSON Web Key of RSA-OAEP-256')));
    }
    const { label, der } = readPem(source);
    if (label === 'ENCRYPTED PRIVATE KEY') return checkKey(await importEncrypted(der, passphrase));
    try {
        const pkcs8 = label === 'RSA PRIVATE KEY' ? tlv(SEQUENCE, VERSION_0, RSA_ALGORITHM, tlv(OCTETS, der)) : der;
        const info = new Der(new Der(pkcs8).last(SEQUENCE));
        info.take(INTEGER);
        if (new Der(info.take(SEQUENCE)).oid() !== RSA_OID) fail('key-unsupported', 'this is no RSA key');
        const key = subtle.importKey('pkcs8', pkcs8, OAEP, false, ['decrypt']);
        return checkKey(await key.catch(() => fail('key-malformed', 'the key is damaged')));
    } finally {
        der.fill(0);
    }
}

/** @type {typeof import('./pwvault-unseal.js').keepKey} */
export async function keepKey(name, privateKey) {
    if (checkKey(privateKey).extractable) fail('key-unsupported', 'a key that is kept must not be extractable');
    await keys('readwrite', (store) => store.put(privateKey, name));
}

/** @type {typeof import('./pwvault-unseal.js').keptKey} */
export function keptKey(name) {
    return keys('readonly', (store) => store.get(name));
}

/** @type {typeof import('./pwvault-unseal.js').forgetKey} */
export async function forgetKey(name) {
    await keys('readwrite', (store) => store.delete(name));
}

// The format.

const SYMMETRIC = 0x0001;
const RSA = 0x0010;
const SECRET = 3;
const WRAPPED_KEY = 5;
const ENTRY = 3;
const NONE = new Uint8Array(0);

/** @typedef {ReturnType<typeof readDocument>} Read */

/** @param {SealedFor | string} document */
function readDocument(document) {
    try {
        const { vault, entry, revision, key, wrap, envelope, fields } =
            typeof document === 'string' ? /** @type {SealedFor} */ (JSON.parse(document)) : document;
        if (!Number.isSafeInteger(revision) || revision < 0) throw new TypeError();
        const names = new Map(fields.map(({ id, name }) => [hex(uuid(id)), String(name)]));
        const ids = { vaultId: uuid(vault), entryId: uuid(entry), keyId: uuid(key) };
        return { vault, entry, key, revision, names, wrap: base64(wrap), envelope: base64(envelope), ...ids };
    } catch {
        return fail('malformed', 'this is no document of sealed_for');
    }
}

/**
 * The key of the secret, out of `suite | recipient | length | kem_ct | envelope(seed)`.
 * @param {Read} sealed
 * @param {CryptoKey} privateKey
 */
async function openWrap(sealed, privateKey) {
    const wrap = new Reader(sealed.wrap);
    if (wrap.number(2) !== RSA) fail('wrong-key', 'this is sealed to a key of another sort');
    if (hex(wrap.take(16)) !== hex(sealed.keyId)) fail('tampered', 'the wrap is of another key');
    const kemCt = wrap.take(wrap.number(2));
    const { modulusLength } = /** @type {RsaHashedKeyAlgorithm} */ (privateKey.algorithm);
    if (kemCt.length !== Math.ceil(modulusLength / 8)) {
        fail('ciphertext-length', 'this is sealed to a key of another length');
    }
    const context = contextOf(sealed, sealed.keyId);
    const label = await sha256(encodeContext(RSA, WRAPPED_KEY, context));
    // Where RSA fails, go on with a random seed, so that every cause ends in one error.
    let seed = crypto.getRandomValues(new Uint8Array(32));
    try {
        const opened = await crypto.subtle.decrypt({ name: 'RSA-OAEP', label }, privateKey, kemCt);
        if (opened.byteLength === 32) seed = new Uint8Array(opened);
    } catch { /* the random seed stays */ }
    return openEnvelope(seed, RSA, WRAPPED_KEY, context, wrap.rest(), 'wrong-key').finally(() => seed.fill(0));
}

/**
 * Opens an envelope that fills `bytes`.
 * @param {Bytes} key
 * @param {number} suite
 * @param {number} purpose
 * @param {Context} context
 * @param {Bytes} bytes
 * @param {UnsealErrorCode} misfit What a commitment that does not fit is.
 */
async function openEnvelope(key, suite, purpose, context, bytes, misfit) {
    const reader = new Reader(bytes);
    if (hex(reader.take(3)) !== '505756') fail('malformed', 'this is no envelope');
    if (reader.number(1) !== 1) fail('unknown-version', 'this is of another version of the format');
    const [foundSuite, foundPurpose, keyId] = [reader.number(2), reader.number(1), reader.take(16)];
    const [salt, commitment] = [reader.take(32), reader.take(32)];
    const ciphertext = reader.take(reader.number(4) + 16);
    reader.finish();
    if (foundSuite !== suite) fail('unknown-suite', 'this is sealed in another way');
    if (foundPurpose !== purpose) fail('malformed', 'this is sealed for another purpose');
    if (keyId.some((byte) => byte !== 0)) fail('unknown-key', 'this is sealed under another key');
    const data = encodeContext(suite, purpose, context);
    const material = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveBits']);
    const info = concat(salt, await sha256(data));
    const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: utf8('pwvault v1'), info };
    const derived = new Uint8Array(await crypto.subtle.deriveBits(hkdf, material, 512));
    try {
        if (!equal(derived.subarray(32), commitment)) {
            fail(misfit, misfit === 'wrong-key'
                ? 'the private key does not fit, or this was sealed for another entry or revision'
                : 'this was changed since it was sealed');
        }
        const messageKey = await crypto.subtle.importKey('raw', derived.subarray(0, 32), 'AES-GCM', false, ['decrypt']);
        const gcm = { name: 'AES-GCM', iv: new Uint8Array(12), additionalData: data, tagLength: 128 };
        const opened = await crypto.subtle.decrypt(gcm, messageKey, ciphertext)
            .catch(() => fail('tampered', 'this was changed since it was sealed'));
        return purpose === WRAPPED_KEY ? dekOf(new Uint8Array(opened)) : unpad(new Uint8Array(opened));
    } finally {
        derived.fill(0);
    }
}

/** @param {Bytes} opened */
function dekOf(opened) {
    return opened.length === 32 ? opened : fail('malformed', 'the wrapped key is not of 32 bytes');
}

/** @param {Bytes} padded */
function unpad(padded) {
    const reader = new Reader(padded);
    const length = reader.number(4);
    const data = reader.take(length);
    const steps = [32, 64, 128, Math.ceil((length + 4) / 256) * 256];
    const exact = steps.find((step) => step >= length + 4) === padded.length;
    if (!exact || reader.rest().some((byte) => byte !== 0)) fail('malformed', 'the padding is not as it should be');
    return data;
}

/**
 * @param {Bytes} payload
 * @param {Read} sealed
 * @returns {Secret}
 */
function readSecret(payload, sealed) {
    const reader = new Reader(payload);
    const [password, notes, totp] = [reader.text(), reader.text(), reader.text()];
    const fields = Array.from({ length: reader.number(2) }, () => {
        const id = hex(reader.take(16));
        const hyphened = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
        return { id: hyphened, name: sealed.names.get(id) ?? '', value: reader.text() };
    });
    reader.finish();
    return { password, notes, totp, fields };
}

/** @typedef {{ vault: Bytes, entry: Bytes, revision: number, recipient: Bytes }} Context */

/**
 * @param {Read} sealed
 * @param {Bytes} recipient
 * @returns {Context}
 */
function contextOf(sealed, recipient = NONE) {
    return { vault: sealed.vaultId, entry: sealed.entryId, revision: sealed.revision, recipient };
}

/**
 * The seventeen fields of section 5, absent ones empty.
 * @param {number} suite
 * @param {number} purpose
 * @param {Context} context
 */
function encodeContext(suite, purpose, { vault, entry, revision, recipient }) {
    const number = new Uint8Array(8);
    new DataView(number.buffer).setBigUint64(0, BigInt(revision));
    const fields = [
        [1], [suite >> 8, suite & 255], [purpose], new Uint8Array(16), vault, [ENTRY], NONE, NONE, NONE, entry,
        utf8('secret'), number, recipient, NONE, NONE, NONE, NONE,
    ];
    return concat(...fields.flatMap((field) => [[0, 0, 0, field.length], field]));
}

// Private keys.

const OAEP = { name: 'RSA-OAEP', hash: 'SHA-256' };
const ITERATIONS_MAX = 10_000_000;
const [INTEGER, OCTETS, OID, SEQUENCE] = [0x02, 0x04, 0x06, 0x30];
const RSA_OID = '2a864886f70d010101';
const PBES2 = '2a864886f70d01050d';
const PBKDF2 = '2a864886f70d01050c';
/** @type {Record<string, string>} */
const PRFS = { '2a864886f70d0209': 'SHA-256', '2a864886f70d020b': 'SHA-512' };
/** @type {Record<string, number>} */
const CIPHERS = { '60864801650304012a': 256, '608648016503040116': 192, '608648016503040102': 128 };

/** @param {CryptoKey} key */
function checkKey(key) {
    subtleCrypto();
    const algorithm = /** @type {Partial<RsaHashedKeyAlgorithm>} */ (key?.algorithm ?? {});
    const { name, hash, modulusLength: bits = 0, publicExponent = NONE } = algorithm;
    if (key?.type !== 'private' || name !== OAEP.name || hash?.name !== OAEP.hash || !key.usages.includes('decrypt')) {
        fail('key-unsupported', 'a private key of RSA-OAEP with SHA-256 that may decrypt is needed');
    }
    if (bits < 2048 || bits > 8192 || hex(publicExponent) !== '010001') {
        fail('key-unsupported', 'RSA keys of 2048 to 8192 bits with the exponent 65537 are accepted');
    }
    return key;
}

/** @param {string} text */
function readPem(text) {
    const found = text.length > 65536 ? null
        : /^\s*-----BEGIN ([A-Z0-9 ]+)-----([^-]*(?:-[^-]+)*)-----END \1-----\s*$/.exec(text.replace(/^\uFEFF/, ''));
    if (!found) return fail('key-malformed', 'this is no PEM file of one key');
    const [, label, body] = found;
    if (!['PRIVATE KEY', 'RSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'].includes(label) || body.includes('Proc-Type:')) {
        fail('key-unsupported', 'an RSA private key in PKCS#8 or PKCS#1 is needed; openssl pkcs8 -topk8 makes one');
    }
    try {
        return { label, der: base64(body) };
    } catch {
        return fail('key-malformed', 'the key is damaged');
    }
}

/**
 * EncryptedPrivateKeyInfo of PBES2 (RFC 8018). The key is unwrapped within WebCrypto.
 * @param {Bytes} der
 * @param {string} [passphrase]
 */
async function importEncrypted(der, passphrase) {
    const info = new Der(new Der(der).last(SEQUENCE));
    const algorithm = new Der(info.take(SEQUENCE));
    const encrypted = info.last(OCTETS);
    if (algorithm.oid() !== PBES2) fail('key-unsupported', UNSUPPORTED);
    const parameters = new Der(algorithm.last(SEQUENCE));
    const kdf = new Der(parameters.take(SEQUENCE));
    const cipher = new Der(parameters.last(SEQUENCE));
    if (kdf.oid() !== PBKDF2) fail('key-unsupported', UNSUPPORTED);
    const pbkdf2 = new Der(kdf.last(SEQUENCE));
    const salt = pbkdf2.take(OCTETS);
    const iterations = pbkdf2.take(INTEGER).reduce((number, byte) => number * 256 + byte, 0);
    if (pbkdf2.next() === INTEGER) pbkdf2.take(INTEGER);
    const hash = PRFS[pbkdf2.next() === SEQUENCE ? new Der(pbkdf2.take(SEQUENCE)).oid() : ''];
    const length = CIPHERS[cipher.oid()];
    const iv = cipher.last(OCTETS);
    if (!hash || !length) fail('key-unsupported', UNSUPPORTED);
    if (iterations < 1) fail('key-malformed', 'the key is damaged');
    if (iterations > ITERATIONS_MAX) fail('key-cost', `the key asks for more than ${ITERATIONS_MAX} iterations`);
    if (!passphrase) return fail('passphrase-needed', 'the key is encrypted: its passphrase is needed');
    const { subtle } = crypto;
    const typed = await subtle.importKey('raw', utf8(passphrase), 'PBKDF2', false, ['deriveKey']);
    const aes = { name: 'AES-CBC', length };
    const stretched = await subtle.deriveKey({ name: 'PBKDF2', hash, salt, iterations }, typed, aes, false, ['unwrapKey'])
        .catch(() => fail('key-unsupported', UNSUPPORTED));
    return subtle.unwrapKey('pkcs8', encrypted, stretched, { name: 'AES-CBC', iv }, OAEP, false, ['decrypt'])
        .catch(() => fail('passphrase-wrong', 'the passphrase is wrong, or what it opens is no RSA key'));
}

const UNSUPPORTED =
    'the key is encrypted in another way than PBKDF2 with SHA-256 or SHA-512 and AES-CBC; openssl pkcs8 -topk8 does so';

// Bytes.

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** Reads parts off the front. What is not there makes it malformed. */
class Reader {
    /** @param {Bytes} bytes */
    constructor(bytes) {
        this.bytes = bytes;
        this.at = 0;
    }

    /** @param {number} length */
    take(length) {
        const part = this.bytes.subarray(this.at, this.at + length);
        if (part.length !== length) fail('malformed', 'this is shorter than it should be');
        this.at += length;
        return part;
    }

    /** @param {number} length */
    number(length) {
        return this.take(length).reduce((number, byte) => number * 256 + byte, 0);
    }

    text() {
        const bytes = this.take(this.number(4));
        try {
            return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
        } catch {
            return fail('bad-payload', 'a text is no UTF-8');
        }
    }

    rest() {
        return this.bytes.subarray(this.at);
    }

    finish() {
        if (this.at !== this.bytes.length) fail('malformed', 'this is longer than it should be');
    }
}

/** Reads values of DER off the front. */
class Der {
    /** @param {Bytes} bytes */
    constructor(bytes) {
        this.bytes = bytes;
    }

    next() {
        return this.bytes[0];
    }

    /** @param {number} tag */
    take(tag) {
        const [found, first, second, third] = this.bytes;
        const [length, head] = first < 0x80 ? [first, 2]
            : first === 0x81 ? [second, 3]
            : first === 0x82 ? [second * 256 + third, 4] : [NaN, 0];
        if (found !== tag || !(this.bytes.length >= head + length)) fail('key-malformed', 'the key is damaged');
        const content = this.bytes.subarray(head, head + length);
        this.bytes = this.bytes.subarray(head + length);
        return content;
    }

    /** @param {number} tag */
    last(tag) {
        const content = this.take(tag);
        if (this.bytes.length > 0) fail('key-malformed', 'the key is damaged');
        return content;
    }

    oid() {
        return hex(this.take(OID));
    }
}

/**
 * @param {number} tag
 * @param {...(Bytes | number[])} parts
 */
function tlv(tag, ...parts) {
    const body = concat(...parts);
    const n = body.length;
    return concat(n < 128 ? [tag, n] : n < 256 ? [tag, 0x81, n] : [tag, 0x82, n >> 8, n & 255], body);
}

const VERSION_0 = [INTEGER, 1, 0];
const RSA_ALGORITHM = tlv(SEQUENCE, tlv(OID, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]), [5, 0]);

/** @param {...(Bytes | number[])} parts */
function concat(...parts) {
    const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
        all.set(part, at);
        at += part.length;
    }
    return all;
}

/** @param {ArrayLike<number>} bytes */
function hex(bytes) {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {string} text */
function uuid(text) {
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) throw new TypeError();
    return Uint8Array.from(text.replaceAll('-', '').match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {string} text */
function base64(text) {
    if (typeof text !== 'string') throw new TypeError();
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** @param {string} text */
function utf8(text) {
    return /** @type {Bytes} */ (new TextEncoder().encode(text));
}

/**
 * In a time that does not tell where they differ.
 * @param {Bytes} one
 * @param {Bytes} other
 */
function equal(one, other) {
    return one.reduce((differ, byte, at) => differ | (byte ^ other[at]), one.length ^ other.length) === 0;
}

/** @param {Bytes} bytes */
async function sha256(bytes) {
    return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function subtleCrypto() {
    return globalThis.crypto?.subtle ?? fail('no-webcrypto', 'WebCrypto is there only in pages from https or localhost');
}

/**
 * @param {UnsealErrorCode} code
 * @param {string} message
 * @returns {never}
 */
function fail(code, message) {
    throw new UnsealError(code, message);
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} work
 * @returns {Promise<T>}
 */
function keys(mode, work) {
    return new Promise((resolve, reject) => {
        const opening = indexedDB.open('pwvault-unseal', 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore('keys');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
            const transaction = opening.result.transaction('keys', mode);
            transaction.onerror = transaction.onabort = () => reject(transaction.error);
            try {
                const done = work(transaction.objectStore('keys'));
                transaction.oncomplete = () => resolve(done.result);
            } catch (error) {
                reject(error);
            }
            opening.result.close();
        };
    });
}
