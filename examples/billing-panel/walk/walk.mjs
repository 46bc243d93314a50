// The walk through the panel: every page, every window, and what must not work.
// usage: WALK_ADDRESS, WALK_MODULES, WALK_SHOTS, WALK_CHROMIUM and WALK_DATA in the environment; `make test-panel`.

import { join } from 'node:path';
import { launch, visitor } from './browser.mjs';
import { check, finish } from './checks.mjs';
import { accounts, closedWindow, opensWindow, secondFactor, switchedOff } from './door.mjs';
import { forgery, twice, afterwards, narrowAndDark } from './edges.mjs';
import { sharing, categories, importing, log } from './managing.mjs';
import { atTheDoor, lists, adding, revealing, explaining } from './staff.mjs';
import { passphrase, privateKey, masterPassword, aReason } from './windows.mjs';

const data = process.env.WALK_DATA;
const scenes = [atTheDoor, secondFactor, accounts, switchedOff, lists, adding, revealing, explaining, passphrase, privateKey, masterPassword,
  aReason, sharing, categories, importing, log, forgery, twice, afterwards, narrowAndDark];
const only = process.argv.slice(2);
const chosen = (scene) => only.length === 0 || only.includes(scene.name);

const browser = await launch();
const early = await visitor(browser);
const closes = chosen(closedWindow) ? await opensWindow(early) : 0;
for (const scene of scenes.filter(chosen)) {
  const page = await visitor(browser);
  await walk(scene.name, page, () => scene(page, { browser, data, pem: join(data, 'rhea.pem') }));
}
if (chosen(closedWindow)) await walk('closedWindow', early, () => closedWindow(early, closes, { data }));
await browser.close();
finish();

async function walk(name, page, scene) {
  const started = Date.now();
  try {
    await scene();
  } catch (error) {
    check(name, false, `${page.url()}: ${error.message}`);
  }
  await page.context().close();
  console.log(`${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
