// The walk through the panel: every page, every window, and what must not work.
// usage: WALK_ADDRESS, WALK_MODULES, WALK_SHOTS, WALK_CHROMIUM and WALK_DATA in the environment; `make test-panel`.

import { join } from 'node:path';
import { check, counts, launch, visitor } from './browser.mjs';
import { atTheDoor, lists, adding, revealing, explaining } from './staff.mjs';
import { passphrase, privateKey, masterPassword, aReason } from './windows.mjs';
import { sharing, categories, importing, log } from './managing.mjs';
import { forgery, twice, afterwards, narrowAndDark } from './edges.mjs';

const scenes = [atTheDoor, lists, adding, revealing, explaining, passphrase, privateKey, masterPassword, aReason, sharing,
  categories, importing, log, forgery, twice, afterwards, narrowAndDark];
const only = process.argv.slice(2);

const browser = await launch();
for (const scene of scenes.filter((each) => only.length === 0 || only.includes(each.name))) {
  const started = Date.now();
  const page = await visitor(browser);
  try {
    await scene(page, { browser, pem: join(process.env.WALK_DATA, 'rhea.pem') });
  } catch (error) {
    check(scene.name, false, `${page.url()}: ${error.message}`);
  }
  await page.context().close();
  console.log(`${scene.name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
await browser.close();
console.log(`test result: ${counts.failed === 0 ? 'ok' : 'FAILED'}. ${counts.passed} passed; ${counts.failed} failed; 0 ignored`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
