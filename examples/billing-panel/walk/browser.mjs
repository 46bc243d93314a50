// A browser for the walk: starts Chromium, counts checks, listens for what no page may say.

import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { check } from './checks.mjs';

const { chromium } = createRequire(join(process.env.WALK_MODULES, 'package.json'))('playwright-core');
const shots = process.env.WALK_SHOTS;
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'];

export const base = process.env.WALK_ADDRESS;
export async function launch() {
  mkdirSync(shots, { recursive: true });
  return chromium.launch({ executablePath: process.env.WALK_CHROMIUM, headless: true, args: flags });
}

/** A visitor with cookies of their own. What the console or another host says of its pages is a failure. */
export async function visitor(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1180, height: 860 }, baseURL: base, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.expected = [];
  page.on('pageerror', (error) => check('no script fails', false, `${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    const status = /status of (\d+)/.exec(message.text())?.[1];
    const known = status !== undefined && page.expected.includes(Number(status));
    if (['error', 'warning'].includes(message.type()) && !known) {
      check('the console is quiet', false, `${page.url()}: ${message.text()}`);
    }
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith('blob:')) check('no request to others', false, request.url());
  });
  page.on('response', (response) => heard(page, response));
  return page;
}

function heard(page, response) {
  const headers = response.headers();
  if (!(headers['content-type'] ?? '').startsWith('text/html') || response.status() >= 300 && response.status() < 400) return;
  if (response.status() >= 400 && !page.expected.includes(response.status())) {
    check('no page fails', false, `${response.status()} at ${response.url()}`);
  }
  check('pages are not kept', headers['cache-control'] === 'no-store', response.url());
  check('pages have a policy', (headers['content-security-policy'] ?? '').startsWith("default-src 'none'"), response.url());
}

export async function shot(page, name) {
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

/** Presses what leads to another page, and waits for that. */
export async function press(page, locator) {
  const there = page.waitForEvent('load');
  await locator.click();
  await there;
}

/** The text of a page, as a visitor reads it. */
export async function text(page) {
  return page.locator('body').innerText();
}

export async function says(page, name, part) {
  const found = await text(page);
  check(name, found.includes(part), `no “${part}” at ${page.url()}`);
}

/** Whether anything of the page holds a text: its source, addresses, cookies that scripts see, what they store. */
export async function holds(page, secret) {
  const inside = await page.evaluate(() => document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage }));
  return (await page.content()).includes(secret) || inside.includes(secret) || page.url().includes(encodeURIComponent(secret));
}

export async function signIn(page, realm, login, password) {
  await page.goto('/sign-in');
  await page.getByText(realm, { exact: true }).click();
  await page.getByLabel('E-mail address').fill(login);
  await page.getByLabel('Password').fill(password);
  await press(page, page.getByRole('button', { name: 'Sign in' }));
}

export async function openEntry(page, name) {
  await page.goto(`/entries?q=${encodeURIComponent(name)}`);
  await press(page, page.getByRole('link', { name, exact: true }));
}
