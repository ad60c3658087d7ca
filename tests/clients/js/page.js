// A page of the documentation as its reader meets it: its examples run one after the other in one shell, and what each is
// said to answer is compared with what comes.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';

/** What starts the demo by hand: the tests have started theirs. */
const STARTS = /^(cargo |until curl |kill %1$)/;

/** What still listens in the background is done with. */
const STOP = 'kill $(jobs -p) 2>/dev/null; true';

/** The blocks of code with their languages, in order. */
export function blocks(text) {
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, source]) => ({ language, source }));
}

/** The examples, each with what it is said to print; none where the page does not say. */
export function examples(text) {
  const all = blocks(text);
  return all
    .map(({ language, source }, at) => ({ language, source, next: all[at + 1] }))
    .filter(({ language }) => ['sh', 'bash', 'js'].includes(language))
    .map(({ language, source, next }) => ({ language, source, said: ['json', 'text'].includes(next?.language) ? next : undefined }));
}

/** Runs all examples against the server, and answers what each printed. */
export function run(list, server, modules) {
  const mark = randomUUID();
  const script = list.map(({ language, source }) => (language === 'js' ? javascript(source, modules) : shell(source, server)));
  const done = spawnSync('bash', ['-c', [...script.map((part) => `${part}\necho ${mark}`), STOP].join('\n')], { cwd: server.folder, encoding: 'utf8', timeout: 60_000 });
  assert.equal(done.status, 0, done.stdout + done.stderr);
  return done.stdout.split(`${mark}\n`).slice(0, -1);
}

function shell(source, server) {
  const lines = source.split('\n').filter((line) => !STARTS.test(line));
  return lines.join('\n').replaceAll('127.0.0.1:8080', server.address);
}

function javascript(source, modules) {
  return `(cd '${modules}' && API=$API TOKEN=$TOKEN LAST=$LAST node --input-type=module <<'END'\n${source}END\n)`;
}

/** `…` stands for anything. Of JSON the last line counts; of other text all. */
export function assertSays(printed, said) {
  const lines = printed.trim().split('\n');
  if (said.language === 'json') return assertSame(JSON.parse(lines.at(-1)), JSON.parse(said.source));
  const expected = said.source.trim().split('\n');
  assert.equal(lines.length, expected.length, printed);
  for (const [at, line] of expected.entries()) {
    const pattern = line.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*');
    assert.match(lines[at], new RegExp(`^${pattern}$`));
  }
}

function assertSame(value, expected) {
  if (expected === '…') return assert.notEqual(value ?? undefined, undefined);
  if (expected === null || typeof expected !== 'object') return assert.equal(value, expected);
  assert.deepEqual(Object.keys(value ?? {}).sort(), Object.keys(expected).sort(), JSON.stringify(value));
  for (const key of Object.keys(expected)) assertSame(value[key], expected[key]);
}
