/**
 * Opens what a vault hands out by `sealed_for`: an entry's secret, sealed to an RSA key, with the
 * private key alone. WebCrypto does the work; nothing is sent anywhere, and nothing is kept but what
 * {@link keepKey} is asked to keep. The format is that of `spec/sealed-for.md` and `spec/format.md`.
 */

/** The document of `sealed_for`, as every language writes it. */
export interface SealedFor {
    /** The vault's id. */
    vault: string;
    /** The entry's id. */
    entry: string;
    /** The revision of the secret. */
    revision: number;
    /** The id of the key it is sealed to. */
    key: string;
    /** The fingerprint of that key, to show; nothing rests on it. */
    fingerprint?: string;
    /** The wrapped key of the secret, base64. */
    wrap: string;
    /** The sealed secret, base64. */
    envelope: string;
    /** The names of its secret custom fields. */
    fields: {
        /** The field's id. */
        id: string;
        /** Its name, as the server says. */
        name: string;
    }[];
}

/** What the page asked for, so that it gets nothing else. */
export interface Expected {
    /** The vault's id. */
    vault?: string;
    /** The entry's id. */
    entry?: string;
    /** The key's id. */
    key?: string;
    /** The lowest revision of the secret that will do. */
    revision?: number;
}

/** An opened secret. A text that is empty is not there. */
export interface Secret {
    /** The password or licence key. */
    password: string;
    /** Notes. */
    notes: string;
    /** The seed of one-time codes, or its otpauth address. */
    totp: string;
    /** The names are as the server says. */
    fields: {
        /** The field's id. */
        id: string;
        /** Its name. */
        name: string;
        /** Its value. */
        value: string;
    }[];
}

/**
 * Why something did not open.
 *
 * - `wrong-key`: the private key does not fit, or the document speaks of another entry or revision
 *   than was sealed;
 * - `tampered`, `malformed`, `bad-payload`, `unknown-version`, `unknown-suite`, `unknown-key`,
 *   `ciphertext-length`: the document is not what the vault sealed (`spec/format.md`, section 13);
 * - `unexpected`: it is not what the page asked for;
 * - `passphrase-needed`, `passphrase-wrong`: of the private key's file;
 * - `key-malformed`, `key-unsupported`, `key-cost`: the private key's file is damaged, is of another
 *   sort, or asks for more than 10,000,000 iterations;
 * - `no-webcrypto`: the page is not from https or localhost.
 */
export type UnsealErrorCode =
    | 'wrong-key' | 'tampered' | 'malformed' | 'bad-payload' | 'unknown-version' | 'unknown-suite' | 'unknown-key'
    | 'ciphertext-length' | 'unexpected' | 'passphrase-needed' | 'passphrase-wrong' | 'key-malformed'
    | 'key-unsupported' | 'key-cost' | 'no-webcrypto';

/** The error of this module. Its message never holds a part of a secret or of a key. */
export class UnsealError extends Error {
    constructor(code: UnsealErrorCode, message: string);
    /** What a program reads. */
    code: UnsealErrorCode;
}

/**
 * Opens a secret.
 *
 * @param document The document of `sealed_for`, or its JSON text.
 * @param privateKey From {@link importPrivateKey}, or any RSA-OAEP key with SHA-256.
 * @param expected What the page asked for: give at least the entry.
 * @throws {UnsealError}
 */
export function unseal(document: SealedFor | string, privateKey: CryptoKey, expected?: Expected): Promise<Secret>;

/**
 * Imports an RSA private key, so that it can be used in this page and not be read out of it.
 *
 * @param source PEM (PKCS#8, PKCS#1, or PKCS#8 encrypted with PBKDF2 and AES-CBC) or a JSON Web Key.
 * @param passphrase Of an encrypted file.
 * @throws {UnsealError}
 */
export function importPrivateKey(source: string | JsonWebKey, passphrase?: string): Promise<CryptoKey>;

/**
 * Keeps a key in this browser's IndexedDB, in place of another of that name. It cannot be read out,
 * but every script of this origin can use it.
 *
 * @throws {UnsealError} for a key that could be read out
 */
export function keepKey(name: string, privateKey: CryptoKey): Promise<void>;

/** The key kept under a name. */
export function keptKey(name: string): Promise<CryptoKey | undefined>;

/** Forgets the key kept under a name, if there is one. */
export function forgetKey(name: string): Promise<void>;
