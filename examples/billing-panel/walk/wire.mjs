// Requests as a program sends them, with cookies kept by hand: what a browser would hide is seen here.

import { request } from 'node:http';

/** A visitor without a browser. */
export class Client {
  cookies = new Map();

  constructor(base = process.env.WALK_ADDRESS) {
    this.base = new URL(base);
  }

  get(path, headers = {}) {
    return this.#send('GET', path, null, headers);
  }

  /** A form of pairs, or a text that is sent as it is. */
  post(path, form, headers = {}) {
    const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
    return this.#send('POST', path, body, { 'Content-Type': 'application/x-www-form-urlencoded', ...headers });
  }

  send(method, path) {
    return this.#send(method, path, null, {});
  }

  /** The token that the forms of a page carry. */
  async token(path = '/sign-in') {
    return /name="token" value="([0-9a-f]{64})"/.exec((await this.get(path)).body)?.[1] ?? '';
  }

  async signIn([realm, login, password]) {
    const token = await this.token();
    return this.post('/sign-in', { token, realm: realm.toLowerCase(), login, password });
  }

  #send(method, path, body, headers) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const all = { ...(cookie === '' ? {} : { Cookie: cookie }), ...headers, ...(body === null ? {} : { 'Content-Length': Buffer.byteLength(body) }) };
    return new Promise((resolve, reject) => {
      const sent = request({ host: this.base.hostname, port: this.base.port, method, path, headers: all }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => resolve(this.#heard(answer, Buffer.concat(parts).toString())));
      });
      sent.on('error', reject);
      sent.end(body ?? undefined);
    });
  }

  #heard(answer, body) {
    const set = {};
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      set[name] = line;
      if (/max-age=0/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return { status: answer.statusCode, headers: answer.headers, to: answer.headers.location ?? '', set, body };
  }
}
