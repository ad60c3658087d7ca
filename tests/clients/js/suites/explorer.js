// The demo's explorer page in a browser without a screen: somebody chooses a person and an example, and runs it. Every
// example of every app is run with the variables that the page fills in.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { JSDOM } from 'jsdom';

import { APPS, definitions, operation } from '../documents.js';
import { Server, until } from '../server.js';

/** Whoever can carry the example out, where that is not the first who uses the app. */
const BY = {
  StartTicket: 'staff tech.yt',
  HoldTicket: 'staff tech.yt',
  ResumeTicket: 'staff tech.yt',
  ResolveTicket: 'staff tech.yt',
};

/** Refused by intent: the page can't know these. */
const REFUSED = { SignInWithCode: 'WRONG_CREDENTIALS', RefreshSession: 'EXPIRED', SubmitSurvey: 'REQUIRED' };

let server;

/** The page, loaded; what it asks for goes to the server. */
async function open() {
  const response = await fetch(`http://${server.address}/`);
  const asked = [];
  const source = await response.text();
  const dom = new JSDOM(source, {
    url: `http://${server.address}/`,
    runScripts: 'dangerously',
    beforeParse(window) {
      window.fetch = (path, options) => {
        const url = new URL(path, window.location.href);
        asked.push(url.host);
        // What aborts is of the page's own making; it has its own kind.
        const { signal, ...rest } = options;
        const abort = new AbortController();
        signal?.addEventListener('abort', () => abort.abort());
        return fetch(url, { ...rest, signal: abort.signal });
      };
      window.TextDecoderStream = TextDecoderStream;
    },
  });
  const { document } = dom.window;
  const find = (id) => document.getElementById(id);
  const choose = (id, value) => {
    find(id).value = value;
    assert.equal(find(id).value, value, `the page has no ${value}`);
    find(id).dispatchEvent(new dom.window.Event('change'));
  };
  // The first visit signs in and takes an example by itself.
  await until('the first example', () => find('token').value && find('query').value.includes('OwnerHome') && find('variables').value);
  await until('the schema', () => find('docs').querySelectorAll('details').length > 100);
  return { dom, find, choose, asked, response, source };
}

/** Somebody's page with an example in it, ready to run. */
async function take(page, person, example) {
  page.find('token').value = '';
  page.find('query').value = '';
  page.find('variables').value = '';
  page.choose('person', person);
  await until('a token', () => page.find('token').value);
  page.choose('example', example);
  const [, name] = example.split(' ');
  await until(example, () => new RegExp(`\\b${name}\\b`).test(page.find('query').value) && page.find('variables').value);
}

/** Runs what is in the editor and answers what comes. */
async function run(page) {
  page.find('answer').textContent = '';
  page.find('run').click();
  const text = await until('an answer', () => page.find('answer').textContent);
  return JSON.parse(text.replace(/^#.*$/m, ''));
}

/** One more report of the owner's that waits for an answer: one alone can't be both confirmed and rejected. */
async function resolveOne() {
  const [owner, butler, technician] = await Promise.all([server.owner('19100000002'), server.staff('butler.yt'), server.staff('tech.yt')]);
  const { viewer } = await server.call('{ viewer { ... on Owner { units(first: 1) { nodes { id } } } } }', {}, owner);
  const { viewer: { id: assigneeId } } = await server.call('{ viewer { ... on Staff { id } } }', {}, technician);
  const act = async (app, name, input, token) => {
    const [{ ticket, userErrors }] = Object.values(await server.call(operation(app, name), { input }, token));
    assert.deepEqual(userErrors, [], name);
    return ticket.id;
  };
  const ticketId = await act('owner', 'CreateTicket', { unitId: viewer.units.nodes[0].id, kind: 'REPAIR', title: '水压不足' }, owner);
  const sorted = { category: 'PLUMBING', urgency: 'NORMAL', responsibleDepartment: 'PROPERTY_COMPANY' };
  await act('butler', 'AcceptTicket', { ticketId, ...sorted }, butler);
  await act('butler', 'AssignTicket', { ticketId, assigneeId }, butler);
  await act('butler', 'StartTicket', { ticketId }, technician);
  await act('butler', 'ResolveTicket', { ticketId, resolution: '清洗了滤网' }, technician);
}

describe('the explorer page', () => {
  before(async () => { server = await Server.start(); });
  after(() => server.stop());

  test('fetches nothing from elsewhere, and may not', async () => {
    const { dom, response, source } = await open();
    const policy = response.headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /connect-src 'self' ws: wss:/);
    const { document } = dom.window;
    assert.equal(document.querySelectorAll('[src], link, iframe, img').length, 0);
    assert.doesNotMatch(source, /https?:\/\//);
    dom.window.close();
  });

  test('the first visit is signed in and shows something that runs', async () => {
    const page = await open();
    const answer = await run(page);
    assert.equal(answer.data.viewer.name, '陈静怡');
    assert.deepEqual([...new Set(page.asked)], [server.address]);
    page.dom.window.close();
  });

  for (const app of APPS) {
    test(`every example of the ${app} app runs`, async () => {
      const page = await open();
      const start = JSON.parse(page.find('start').textContent);
      const somebody = start.people.find((person) => person.app === app).key;
      const calls = definitions(app).filter(({ kind }) => ['query', 'mutation'].includes(kind));
      // Signing out last: it ends the session.
      for (const { name } of calls.sort((one, other) => (one.name === 'SignOut') - (other.name === 'SignOut'))) {
        if (name === 'RejectResolution') await resolveOne();
        await take(page, BY[name] ?? somebody, `${app} ${name}`);
        await until(`variables of ${name}`, () => !/\{\w+\}/.test(page.find('variables').value), 5_000)
          .catch(() => assert.fail(`${name}: ${page.find('state').textContent}`));
        const { data, errors } = await run(page);
        assert.equal(errors, undefined, `${name}: ${JSON.stringify(errors)}`);
        const [payload] = Object.values(data);
        const codes = (payload?.userErrors ?? []).map(({ code }) => code);
        assert.deepEqual([...new Set(codes)], REFUSED[name] ? [REFUSED[name]] : [], name);
      }
      page.dom.window.close();
    });
  }

  for (const transport of ['ws', 'sse']) {
    test(`a subscription by ${transport} shows what happens, with the headers that are given`, async () => {
      const page = await open();
      await take(page, 'owner 19100000001', 'owner MyTickets');
      await take(page, 'owner 19100000001', 'owner TicketStatusChanged');
      page.find('transport').value = transport;
      page.find('headers').value = '{"x-request-id": "explorer"}';
      const last = await server.call('{ ticketEvents(last: 2) { edges { cursor } } }', {}, page.find('token').value);
      page.find('variables').value = JSON.stringify({ after: last.ticketEvents.edges[0].cursor });
      const answer = await run(page);
      assert.equal(answer.data.ticketStatusChanged.cursor, last.ticketEvents.edges[1].cursor);
      page.find('stop').click();
      await until('the end', () => page.find('state').textContent === 'Stopped');
      page.dom.window.close();
    });
  }

  test('nobody but the people of the demo can be had', async () => {
    const ask = (body, type = 'application/json') => fetch(`http://${server.address}/explorer/token`, { method: 'POST', headers: { 'content-type': type }, body });
    assert.equal((await ask('{"person": "owner 19100000009"}')).status, 404);
    assert.equal((await ask('{"person": "owner 19100000001"}', 'text/plain')).status, 400);
    assert.equal((await fetch(`http://${server.address}/explorer/token`)).status, 405);
  });
});
