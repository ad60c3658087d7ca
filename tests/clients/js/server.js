// A demo server of its own for a run: started on a port that the system gives, stopped at the end. Its address and the
// one-time codes are read from what it prints, as a developer would read them.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const PASSWORD = 'anju-demo-2026';
const PATIENCE = 120_000;

/** Asks again until there is an answer; fails when there is none in time. */
export async function until(what, look, patience = 20_000) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert.ok(Date.now() < end, `${what} did not come in ${patience} ms`);
    await pause(25);
  }
}

function program() {
  const told = process.env.ANJU_PROGRAM;
  const found = [told, ...['debug', 'release'].map((kind) => join(ROOT, 'target', kind, 'anju'))].find((path) => path && existsSync(path));
  assert.ok(found, 'no server to test: run `cargo build`, or name one in ANJU_PROGRAM');
  return found;
}

export class Server {
  /** A new demo company and its server. */
  static async start() {
    const folder = mkdtempSync(join(tmpdir(), 'anju-clients-'));
    const log = join(folder, 'tour.log');
    const out = openSync(log, 'a');
    const child = spawn(program(), ['demo', '--listen', '127.0.0.1:0', '--data-dir', join(folder, 'data')], {
      cwd: folder,
      stdio: ['ignore', out, out],
    });
    closeSync(out);
    const server = Object.assign(new Server(), { folder, log, child, tokens: new Map() });
    const address = await until('the demo', () => {
      assert.equal(child.exitCode, null, `the demo ended:\n${server.printed()}`);
      return /served at http:\/\/([^/]+)\/graphql/.exec(server.printed())?.[1];
    }, PATIENCE);
    return Object.assign(server, { address, url: `http://${address}/graphql`, socketUrl: `ws://${address}/graphql` });
  }

  async stop() {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    const code = await ended;
    rmSync(this.folder, { recursive: true });
    assert.equal(code, 0, 'the server did not end in order');
  }

  printed() {
    return readFileSync(this.log, 'utf8');
  }

  /** One call over plain HTTP, without any client. */
  async post(query, variables = {}, token = undefined) {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(token) },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  }

  /** The data of a call that must succeed. */
  async call(query, variables, token) {
    const answer = await this.post(query, variables, token);
    assert.equal(answer.errors, undefined, JSON.stringify(answer));
    return answer.data;
  }

  /** The access token of a member of staff. Each signs in once a run. */
  staff(login) {
    return this.once(login, async () => {
      const query = 'mutation ($input: SignInWithPasswordInput!) { signInWithPassword(input: $input) { session { accessToken } } }';
      const data = await this.call(query, { input: { login, password: PASSWORD } });
      return data.signInWithPassword.session.accessToken;
    });
  }

  /** The access token of an owner, who signs in with the code from the log. */
  owner(phone) {
    return this.once(phone, async () => {
      const before = codes(this.printed()).length;
      await this.call('mutation ($phone: String!) { requestSignInCode(input: { phone: $phone }) { expiresAt } }', { phone });
      const code = await until('the code', () => codes(this.printed())[before]);
      const query = 'mutation ($input: SignInWithCodeInput!) { signInWithCode(input: $input) { session { accessToken } } }';
      const data = await this.call(query, { input: { phone, code } });
      return data.signInWithCode.session.accessToken;
    });
  }

  once(who, signIn) {
    if (!this.tokens.has(who)) this.tokens.set(who, signIn());
    return this.tokens.get(who);
  }
}

function codes(printed) {
  return [...printed.matchAll(/code="(\d{6})"/g)].map(([, code]) => code);
}

export function bearer(token) {
  return token ? { authorization: `Bearer ${token}` } : {};
}
