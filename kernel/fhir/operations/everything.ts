/** `$everything` as answers: one Buffer for a page, a stream of pieces for the whole record. */
import { Failure } from '../../failure.ts';
import {
  bundleBytes,
  type EntryBytes,
  type Link,
  Pieces,
  prettyBytes,
  searchEntry,
} from '../http/bundle-bytes.ts';
import { type Answer, type GetContext, queryText, unknownOrWrong } from '../http/context.ts';
import type { Demand } from '../http/demand.ts';
import { isResourceType } from '../names.ts';
import type { ResourceType } from '../types.ts';
import type { Operation } from './definition.ts';
import { ENCOUNTER_EVERYTHING, PATIENT_EVERYTHING } from './definitions.ts';
import { readInput } from './parameters.ts';
import type { EverythingAsk, EverythingPiece } from './record.ts';

/** Most resources of the record on one page. */
const MOST = 1_000;

/** What is asked for. @throws Failure that names the parameter */
export function readEverything(type: EverythingAsk['type'], id: string, demand: Demand): EverythingAsk {
  const operation: Operation = type === 'Patient' ? PATIENT_EVERYTHING : ENCOUNTER_EVERYTHING;
  const cursor = demand.params.find(([name]) => name === '_cursor')?.[1];
  const input = readInput(
    operation,
    demand.params.filter(([name]) => name !== '_cursor'),
  );
  const count = input.integers.get('_count');
  if (cursor !== undefined && count === undefined) {
    throw new Failure('invalid-parameter', '_cursor chỉ đi cùng _count.', {
      textEn: '_cursor is only given together with _count.',
      expression: '_cursor',
    });
  }
  const types = input.codes.get('_type')?.map(typeOf);
  const [from, to] = [input.dates.get('start'), input.dates.get('end')];
  if (from && to && from.low >= to.high) throw backwards();
  return {
    type,
    id,
    ...(types === undefined ? {} : { types }),
    ...(count === undefined ? {} : { count: Math.min(count, MOST) }),
    ...(cursor === undefined ? {} : { after: cursor }),
    ...defined('since', input.dates.get('_since')?.low),
    ...defined('from', from?.low),
    ...defined('to', to?.high),
  };
}

function typeOf(name: string): ResourceType {
  if (!isResourceType(name)) throw unknownOrWrong('_type', name, ['_type']);
  return name;
}

function backwards(): Failure {
  return new Failure('invalid-parameter', 'start phải trước end.', {
    textEn: 'start must lie before end.',
    expression: 'start',
  });
}

/** R4 names the operation on all persons or visits, too: that much is exported, not answered. Fails with `not-supported`. */
export async function refuseEverybody(type: EverythingAsk['type']): Promise<never> {
  throw new Failure(
    'not-supported',
    `${type}/$everything cần mã trong địa chỉ (${type}/<mã>/$everything). Cần dữ liệu của nhiều người, hãy dùng Patient/$export.`,
    {
      textEn: `${type}/$everything is answered for one: ${type}/<id>/$everything. For many persons use Patient/$export.`,
    },
  );
}

function defined<K extends string>(name: K, value: number | undefined): { [key in K]?: number } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]: number });
}

/** One page as an answer: for `_count`, for entries of Bundles, and for `_pretty`. */
export async function answerEverything(
  context: GetContext,
  ask: EverythingAsk,
  demand: Demand,
): Promise<Answer> {
  const count = ask.count ?? MOST;
  const pieces = context.session.everything({ ...ask, count });
  const { matches, includes, next } = (await pieces.next()).value as EverythingPiece;
  const links = linksOf(context.base, ask, demand, next === undefined ? undefined : { next, count });
  const entries = entriesOf(context.base, { matches, includes }, demand);
  const timestamp = new Date().toISOString();
  const body = bundleBytes('searchset', { links, timestamp }, entries);
  return { status: 200, body: demand.pretty ? prettyBytes(body) : body };
}

/** A record of so many bytes is sent while it is read; most are shorter, and a stream costs more than their resources. */
const LONG = 64 * 1024;

/**
 * The whole record: one Buffer when it is short, else as it is read. The first piece is there when this resolves, so failures still
 * have their status.
 */
export async function streamEverything(
  context: GetContext,
  ask: EverythingAsk,
  demand: Demand,
): Promise<Buffer | AsyncIterable<Buffer>> {
  const pieces = context.session.everything(ask);
  const first = await pieces.next();
  const head = bundleBytes(
    'searchset',
    { links: linksOf(context.base, ask, demand, undefined), timestamp: new Date().toISOString() },
    [],
  );
  const bytes = bytesOf(head, first.value as EverythingPiece, pieces, (piece) =>
    entriesOf(context.base, piece, demand),
  );
  // All of them but the last are long.
  const begin = (await bytes.next()).value as Buffer;
  return begin.length < LONG ? begin : continued(begin, bytes);
}

async function* continued(begin: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield begin;
  yield* rest;
}

async function* bytesOf(
  head: Buffer,
  first: EverythingPiece,
  rest: AsyncGenerator<EverythingPiece>,
  entries: (piece: EverythingPiece) => EntryBytes[],
): AsyncGenerator<Buffer> {
  // Without its last brace; an empty array would be no FHIR.
  const pieces = new Pieces();
  pieces.add(head.subarray(0, -1));
  let some = false;
  const add = (piece: EverythingPiece) => {
    for (const entry of entries(piece)) {
      pieces.add(some ? ',' : ',"entry":[');
      for (const part of entry) pieces.add(part);
      some = true;
    }
  };
  add(first);
  for await (const piece of rest) {
    if (pieces.size >= LONG) yield pieces.take();
    add(piece);
  }
  pieces.add(some ? ']}' : '}');
  yield pieces.take();
}

function entriesOf(base: string, { matches, includes }: EverythingPiece, demand: Demand): EntryBytes[] {
  return [
    ...matches.map((version) => searchEntry(base, version, 'match', demand.subset)),
    ...includes.map((version) => searchEntry(base, version, 'include', demand.subset)),
  ];
}

function linksOf(
  base: string,
  { type, id }: EverythingAsk,
  demand: Demand,
  page: { next: string; count: number } | undefined,
): Link[] {
  const link = (query: [string, string][]) =>
    `${base}/${type}/${id}/$everything${queryText([...query, ...demand.form])}`;
  const links: Link[] = [{ relation: 'self', url: link(demand.params) }];
  if (page === undefined) return links;
  const rest = demand.params.filter(([name]) => name !== '_cursor' && name !== '_count');
  const next: [string, string][] = [...rest, ['_count', String(page.count)], ['_cursor', page.next]];
  return [...links, { relation: 'next', url: link(next) }];
}
