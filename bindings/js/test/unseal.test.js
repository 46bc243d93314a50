import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';

import { verdict, claims } from './cases.js';
import * as module from '../pwvault-unseal.js';

const folder = new URL('../../../vectors/sealed_for/', import.meta.url);
const vectors = readdirSync(folder).map((name) => ({ name, ...JSON.parse(readFileSync(new URL(name, folder), 'utf8')) }));

test('there are vectors', () => assert.ok(vectors.length >= 100, `${vectors.length}`));

for (const vector of vectors) {
    test(`${vector.name}: ${vector.note}`, async () => {
        assert.deepEqual(await verdict(module, vector), vector.expect);
    });
}

const named = (name) => vectors.find((vector) => vector.name === name);
const given = [named('good-full.json'), named('key-rsa-2048-exported.json')];
for (const [name, claim] of Object.entries(claims)) {
    test(name, async () => assert.deepEqual(await claim(module, ...given), 'as it should be'));
}
