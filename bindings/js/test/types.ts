// A consumer in TypeScript: compiled by the tests, never run.
import { importPrivateKey, keptKey, unseal, UnsealError, type SealedFor, type Secret } from 'pwvault-unseal';

export async function show(document: SealedFor, pem: string): Promise<string> {
    const key: CryptoKey = (await keptKey('mine')) ?? (await importPrivateKey(pem, 'passphrase'));
    try {
        const secret: Secret = await unseal(document, key, { entry: document.entry, revision: 1 });
        return secret.fields.map((field) => `${field.name}: ${field.value}`).join() || secret.password;
    } catch (error) {
        return error instanceof UnsealError && error.code === 'wrong-key' ? 'not your key' : 'damaged';
    }
}

// @ts-expect-error a document is no array
await unseal([], await importPrivateKey(''));
// @ts-expect-error a passphrase is a text
await importPrivateKey('', 7);
