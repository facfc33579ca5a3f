/**
 * `Composition/$document` (R4 operation-composition-document): the composition with everything that it refers to, and what
 * that refers to, as one Bundle of type `document`. It is made anew each time and not kept: a Bundle belongs to nobody, so
 * that the policy could not protect the person in it.
 */
import { randomUUID } from 'node:crypto';
import { Failure } from '../../failure.ts';
import type { StoredVersion } from '../../store/contract.ts';
import { bodyBytes } from '../http/bundle-bytes.ts';
import { type Answer, type GetContext, unknownOrWrong } from '../http/context.ts';
import type { Demand } from '../http/demand.ts';
import { isId, isResourceType } from '../names.ts';
import type { ResourceType } from '../types.ts';
import { COMPOSITION_DOCUMENT } from './definitions.ts';
import { addMentioned, type Mentioned } from './mentioned.ts';
import { readInput } from './parameters.ts';

/** Steps from the composition: its entries, what they name (results of a report), and what those name (who measured). */
const DEEPEST = 3;
/** Resources of one document. */
const MOST = 5_000;
/** Ids in one search. */
const AT_ONCE = 200;

/**
 * @param id of the address; undefined = parameter `id` names it
 * @throws Failure `business-rule` when the composition refers to what is not here or may not be seen
 */
export async function answerDocument(
  context: GetContext,
  id: string | undefined,
  demand: Demand,
): Promise<Answer> {
  const composition = await context.session.readStored('Composition', askedId(context, id, demand));
  const parts = new Map([[nameOf(composition), composition]]);
  let named = mentionedBy([composition]);
  refuseLost(named, await add(context, parts, named));
  for (let depth = 1; depth < DEEPEST; depth++) {
    named = mentionedBy([...parts.values()]);
    if ((await add(context, parts, named)).size === 0) break;
  }
  return { status: 200, body: documentBytes(context.base, [...parts.values()], demand) };
}

function askedId(context: GetContext, id: string | undefined, demand: Demand): string {
  const { strings, flags } = readInput(COMPOSITION_DOCUMENT, demand.params);
  if (flags.get('persist')) throw notKept();
  const given = strings.get('id');
  if (id !== undefined) {
    if (given !== undefined) throw unknownOrWrong('id', given, ['id']);
    return id;
  }
  const local = given?.replace(`${context.base}/`, '').replace(/^Composition\//, '');
  if (local === undefined || !isId(local)) throw unknownOrWrong('id', given ?? '', ['id']);
  return local;
}

function mentionedBy(versions: readonly StoredVersion[]): Map<string, Mentioned> {
  const named = new Map<string, Mentioned>();
  for (const { body } of versions) addMentioned(body, named);
  return named;
}

/** Adds what is here of the named and not yet there. @returns names that were added */
async function add(
  { session }: GetContext,
  parts: Map<string, StoredVersion>,
  named: ReadonlyMap<string, Mentioned>,
): Promise<Set<string>> {
  const wanted = Map.groupBy(
    [...named].filter(([name, { type }]) => !parts.has(name) && isResourceType(type)),
    ([, { type }]) => type as ResourceType,
  );
  const added = new Set<string>();
  for (const [type, ofType] of wanted) {
    for (let from = 0; from < ofType.length; from += AT_ONCE) {
      const ids = ofType.slice(from, from + AT_ONCE).map(([, { id }]) => id);
      const params: [string, string][] = [
        ['_id', ids.join(',')],
        ['_count', String(AT_ONCE)],
      ];
      for (const version of (await session.searchStored(type, params)).matches) {
        parts.set(nameOf(version), version);
        added.add(nameOf(version));
      }
      if (parts.size > MOST) throw tooLarge();
    }
  }
  return added;
}

const nameOf = ({ type, id }: StoredVersion) => `${type}/${id}`;

/** What the composition itself names must be in its document (R4 documents.html#content). */
function refuseLost(named: ReadonlyMap<string, Mentioned>, added: ReadonlySet<string>): void {
  const lost = [...named.keys()].filter((name) => !added.has(name) && !name.startsWith('Composition/'));
  if (lost.length === 0) return;
  const list = lost.slice(0, 10).join(', ');
  throw new Failure('business-rule', `Tài liệu thiếu ${list}: không có ở đây hoặc không được xem.`, {
    textEn: `The document lacks ${list}: not here, or not for you to see.`,
    expression: 'Composition',
  });
}

function documentBytes(base: string, parts: readonly StoredVersion[], demand: Demand): Buffer {
  const timestamp = new Date().toISOString();
  const head = JSON.stringify({
    resourceType: 'Bundle',
    id: randomUUID(),
    meta: { lastUpdated: timestamp },
    identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${randomUUID()}` },
    type: 'document',
    timestamp,
  });
  const pieces: Buffer[] = [Buffer.from(`${head.slice(0, -1)},"entry":[`)];
  for (const [i, version] of parts.entries()) {
    const address = `${base}/${nameOf(version)}`;
    pieces.push(Buffer.from(`${i === 0 ? '' : ','}{"fullUrl":${JSON.stringify(address)},"resource":`));
    pieces.push(bodyBytes(version, demand.subset), Buffer.from('}'));
  }
  pieces.push(Buffer.from(']}'));
  return Buffer.concat(pieces);
}

function notKept(): Failure {
  return new Failure('invalid-parameter', 'Tài liệu không được lưu tại đây; hãy bỏ persist=true.', {
    textEn: 'Documents are not kept here: ask without persist=true and keep the answer yourself.',
    expression: 'persist',
  });
}

function tooLarge(): Failure {
  return new Failure('too-large', `Tài liệu có hơn ${MOST} tài nguyên; hãy chia Composition ra.`, {
    textEn: `The document has more than ${MOST} resources; split the composition.`,
  });
}
