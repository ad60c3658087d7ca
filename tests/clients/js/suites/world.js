// What the suites share: the running server, an owner with a home, and reports that make something happen.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { operation } from '../documents.js';
import { Server, until } from '../server.js';

export const OWNER = '19100000001';
export const OTHER_OWNER = '19100000002';
export const BUTLER = 'butler.yt';

let running;

/** The server of this run. */
export function server() {
  return running;
}

export async function start() {
  running = await Server.start();
}

export async function stop() {
  await running?.stop();
}

export function owner() {
  return running.owner(OWNER);
}

/** The first home of the owner. */
export async function home() {
  const data = await running.call(operation('owner', 'OwnerHome'), {}, await owner());
  return data.viewer.units.nodes[0];
}

/** An input of `createTicket` that no other call repeats. */
export async function report(title) {
  const unit = await home();
  return { unitId: unit.id, kind: 'REPAIR', title, idempotencyKey: randomUUID() };
}

/** Reports something over plain HTTP and answers the ticket. */
export async function createTicket(title) {
  const data = await running.call(operation('owner', 'CreateTicket'), { input: await report(title) }, await owner());
  assert.deepEqual(data.createTicket.userErrors, []);
  return data.createTicket.ticket;
}

/** Takes the report back, which is one event more. */
export async function cancelTicket(ticketId) {
  const input = { ticketId, reason: '已自行处理' };
  const data = await running.call(operation('owner', 'CancelTicket'), { input }, await owner());
  assert.equal(data.cancelTicket.ticket.status, 'CANCELLED');
}

/** The last cursor that the owner's phone has seen. */
export async function lastCursor() {
  const data = await running.call('{ ticketEvents(last: 1) { edges { cursor } } }', {}, await owner());
  return data.ticketEvents.edges[0].cursor;
}

/**
 * A phone that was away and comes back: it gets the report it missed, and what happens after that live.
 *
 * `follow(variables, heard)` subscribes to `TicketStatusChanged` with the client under test, calls `heard` with the data of
 * each answer, and answers a function that ends the subscription.
 */
export async function missAndFollow(follow) {
  const after = await lastCursor();
  const ticket = await createTicket('断线期间报修');
  const heard = [];
  const end = await follow({ ticketId: ticket.id, after }, (data) => heard.push(data.ticketStatusChanged));
  await until('what was missed', () => heard.length === 1);
  await cancelTicket(ticket.id);
  await until('what happens now', () => heard.length === 2);
  await end();
  assert.deepEqual(heard.map((change) => change.event.action), ['CREATE', 'CANCEL']);
  assert.ok(heard.every((change) => change.ticket.number === ticket.number));
  const { event, ticket: last } = heard[1];
  assert.deepEqual([event.toStatus, last.status], ['CANCELLED', 'CANCELLED']);
  assert.notEqual(heard[0].cursor, heard[1].cursor);
}
