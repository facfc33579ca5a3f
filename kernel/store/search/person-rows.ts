/**
 * The rows of one record, piece by piece, for `$everything`: those that lie under the person's key in the order of the
 * primary key (one range of one index), then those of the Patient compartment that lie with another person or with nobody.
 */
import { Failure } from '../../failure.ts';
import { patientCompartmentParameters } from '../../fhir/definitions/index.ts';
import { binaryRows } from '../binary-rows.ts';
import { shardKey } from '../compartment.ts';
import type { PersonPiece, PersonRows, StoredVersion } from '../contract.ts';
import { hash64 } from '../hash.ts';
import { RESOURCE_TYPES, typeName, typeNumber } from '../resource-types.ts';
import { binaryColumns, readVersion, toVersions, type VersionRow } from '../rows.ts';
import { openText, sealText, signingKey } from './cursor.ts';
import { elsewhereKey, referenceKey } from './keys.ts';
import { namedStatements } from './named.ts';
import { unreadyOf } from './own-parameters.ts';
import { indexedParametersOf } from './parameters.ts';
import { rulesAsker, sightOfPerson } from './ruled.ts';
import { ELSEWHERE } from './rules.ts';
import { renderSeenOfAny } from './sight.ts';
import { Statement } from './statement.ts';
import type { SearchTools } from './tools.ts';

interface PieceRow extends VersionRow {
  pt: bigint;
}

/** Where a piece ended: phase, then the last row's key. */
interface Mark {
  phase: 'own' | 'elsewhere';
  pt: string;
  t: number;
  idh: string;
}

const LEAST = '-9223372036854775808';
const BEGIN: Mark = { phase: 'own', pt: LEAST, t: -1, idh: LEAST };
const BEGIN_ELSEWHERE: Mark = { ...BEGIN, phase: 'elsewhere' };

/**
 * The next piece of a record. `next` is absent at the end.
 * @throws Failure `invalid-parameter` for an `after` that is none
 */
export async function personRows(tools: SearchTools, asked: PersonRows): Promise<PersonPiece> {
  const question = questionOf(asked);
  const key = () => signingKey(tools.codecs, tools.db);
  const { after: sealed, ...ask } = asked;
  const after = sealed === undefined ? undefined : openText(sealed, question, await key());
  if (after === null) throw badMark();
  const piece = await pieceAfter(tools, after === undefined ? ask : { ...ask, after });
  const { next } = piece;
  return next === undefined ? piece : { ...piece, next: sealText(next, question, await key()) };
}

/** What a mark belongs to: everything that is asked but for the length of the piece and who asks. */
function questionOf({ patient, types, since, from, to, referring, part }: PersonRows): string {
  return `record ${JSON.stringify([patient, types, since, from, to, referring, part])}`;
}

async function pieceAfter(tools: SearchTools, ask: PersonRows): Promise<PersonPiece> {
  const first = ask.part === 'elsewhere' ? BEGIN_ELSEWHERE : BEGIN;
  const from = ask.after === undefined ? first : readMark(ask.after);
  let rows: PieceRow[] = [];
  if (from.phase === 'own') {
    rows = await ownRows(tools, ask, from, ask.count);
    if (rows.length === ask.count) return pieceOf(tools, ask, rows, 'own');
  }
  if (ask.patient === null || ask.referring !== undefined || ask.part === 'own')
    return pieceOf(tools, ask, rows, null);
  const start = from.phase === 'own' ? BEGIN_ELSEWHERE : from;
  const room = ask.count - rows.length;
  const others = await seenElsewhere(tools, { ...ask, patient: ask.patient }, start, room);
  const more = others.length === room;
  const own = await versionsOf(tools, rows, ask.patient);
  const elsewhere = await toVersions(others, tools.codecs);
  const next = more ? { next: writeMark('elsewhere', others.at(-1)!) } : {};
  return { own, elsewhere, ...next };
}

async function pieceOf(
  tools: SearchTools,
  ask: PersonRows,
  rows: PieceRow[],
  more: Mark['phase'] | null,
): Promise<PersonPiece> {
  const own = await versionsOf(tools, rows, ask.patient);
  return { own, elsewhere: [], ...(more === null ? {} : { next: writeMark(more, rows.at(-1)!) }) };
}

async function versionsOf(
  tools: SearchTools,
  rows: PieceRow[],
  patient: string | null,
): Promise<StoredVersion[]> {
  for (const row of rows) row.patient = patient;
  return toVersions(rows, tools.codecs);
}

/** The person's rows after a mark, in the order of the primary key and by that index alone. */
async function ownRows({ db }: SearchTools, ask: PersonRows, from: Mark, limit: number): Promise<PieceRow[]> {
  const statement = new Statement();
  const pt = shardKey(ask.patient);
  const person = statement.int8(pt);
  const tests = [
    `r.pt = ${person}`,
    `(r.t, r.idh) > (${statement.int4(from.t)}::int2, ${statement.int8(BigInt(from.idh))})`,
    ...boundsOf(ask, statement),
  ];
  if (ask.referring !== undefined) {
    const refers = `r.tok && ${statement.int8s(referrersTo(ask.referring))}`;
    // A person has few rows; nobody has very many, and few of them refer to the place or the visit.
    tests.push(pt === 0n ? refers : `(${refers}) is true`);
  }
  if (ask.sight) {
    const sight = await sightOfPerson(rulesAsker(db), ask.sight, pt);
    tests.push(renderSeenOfAny(sight, 'r', statement, person));
  }
  const text = `select r.t, r.ver, r.ts, r.codec, r.id, r.body, null as patient
    from ${pt === 0n ? 'shared' : 'res'} r where ${tests.join(' and ')} order by r.t, r.idh limit ${statement.int4(limit)}`;
  return binaryRows(db, namedStatements.of(text, statement.values), (row) => placed(readVersion(row), pt));
}

function placed(version: VersionRow, pt: bigint): PieceRow {
  return Object.assign(version, { pt });
}

/** For hardly any person is there something; for the others a sight would cost more than all the rest of the record. */
async function seenElsewhere(
  tools: SearchTools,
  ask: PersonRows & { patient: string },
  from: Mark,
  limit: number,
): Promise<PieceRow[]> {
  if (ask.sight) {
    const { sight: _, ...unseen } = ask;
    if ((await rowsElsewhere(tools, unseen, from, 1)).length === 0) return [];
  }
  return rowsElsewhere(tools, ask, from, limit);
}

/**
 * Rows of others and of nobody that have a token of the person. Tests and order are such that no plan goes through the primary key, so that
 * each goes by the index of tokens and one does for all.
 */
async function rowsElsewhere(
  { db }: SearchTools,
  ask: PersonRows & { patient: string },
  from: Mark,
  limit: number,
): Promise<PieceRow[]> {
  const statement = new Statement();
  const tests = [
    elsewhereTest(ask.patient, statement),
    `r.pt <> ${statement.int8(shardKey(ask.patient))}`,
    `((r.pt, r.t, r.idh) > (${statement.int8(BigInt(from.pt))}, ${statement.int4(from.t)}::int2, ${statement.int8(BigInt(from.idh))})) is true`,
    ...boundsOf(ask, statement),
    ...(ask.sight ? [renderSeenOfAny(ask.sight, 'r', statement)] : []),
  ].join(' and ');
  const of = (table: 'res' | 'shared') =>
    `select ${binaryColumns('r')}, r.pt + 0 as place, r.idh from ${table} r left join person on person.pt = r.pt where ${tests}`;
  const text = `${of('res')} union all ${of('shared')} order by place, t, idh limit ${statement.int4(limit)}`;
  return binaryRows(db, namedStatements.of(text, statement.values), (row) =>
    placed(readVersion(row), row.bigint()),
  );
}

/**
 * Tests on what was found: types, changes, clinical dates; undated rows have none. In a form that no index answers, since
 * those of instants and dates would be asked about all people.
 */
function boundsOf({ types, since, from, to }: PersonRows, statement: Statement): string[] {
  const tests: string[] = [];
  if (types !== undefined) {
    const numbers = types.map((type) => BigInt(typeNumber(type)!));
    tests.push(`(r.t = any (${statement.int8s(numbers)})) is true`);
  }
  if (since !== undefined) tests.push(`(r.ts >= ${statement.instant(since)}) is true`);
  if (from !== undefined || to !== undefined) {
    const low = statement.instant(from ?? Number.NEGATIVE_INFINITY);
    const high = statement.instant(to ?? Number.POSITIVE_INFINITY);
    tests.push(`(r.d0 is null or r.d0 < ${high} and r.d1 > ${low}) is true`);
  }
  return tests;
}

/** One token finds what may be there, its parameters say whether it is. */
function elsewhereTest(patient: string, statement: Statement): string {
  const named = `r.tok && ${statement.int8s(compartmentKeys(patient))}`;
  return areMarked()
    ? `r.tok && ${statement.int8s([elsewhereKey(`Patient/${patient}`)])} and (${named}) is true`
    : named;
}

/** False while rows of an older program do not have the one token yet: then each parameter of the compartment is looked for. */
const areMarked = () => RESOURCE_TYPES.every((type) => !unreadyOf(type).has(ELSEWHERE));

let compartment: string[] | undefined;

/** Tokens of a row that is in the person's compartment by a parameter of its own (R4 CompartmentDefinition patient). */
function compartmentKeys(patient: string): bigint[] {
  compartment ??= RESOURCE_TYPES.flatMap((type) =>
    patientCompartmentParameters(type).flatMap((name) => {
      const parameter = indexedParametersOf(type).get(name);
      return parameter?.storage === 'references' && !parameter.own ? [parameter.q] : [];
    }),
  );
  return compartment.map((q) => referenceKey(q, `Patient/${patient}`));
}

let referring: Map<string, string[]> | undefined;

/** Tokens of a row that refers to `Type/id` by any parameter that may point to the type. */
function referrersTo(target: string): bigint[] {
  const type = target.slice(0, target.indexOf('/'));
  referring ??= new Map();
  const known = referring.get(type) ?? parametersTo(type);
  referring.set(type, known);
  return known.map((q) => referenceKey(q, target));
}

function parametersTo(type: string): string[] {
  return RESOURCE_TYPES.flatMap((source) =>
    [...indexedParametersOf(source).values()].flatMap(({ storage, targets, q }) =>
      storage === 'references' && (targets.length === 0 || targets.includes(type)) ? [q] : [],
    ),
  );
}

function writeMark(phase: Mark['phase'], { pt, t, id }: PieceRow): string {
  const idh = hash64(`${typeName(t)}/${id}`);
  return `${phase}.${phase === 'own' ? 0 : pt}.${t}.${idh}`;
}

/** @param text as it was written by us, and sealed since */
function readMark(text: string): Mark {
  const [phase, pt, t, idh] = text.split('.') as [Mark['phase'], string, string, string];
  return { phase, pt, t: Number(t), idh };
}

function badMark(): Failure {
  return new Failure(
    'invalid-parameter',
    'Tham số _cursor không đúng: chỉ dùng nguyên vẹn địa chỉ trang (next) mà máy chủ đã trả cho chính hồ sơ này. Hãy bắt đầu lại từ trang đầu.',
    {
      textEn:
        'Parameter _cursor is not valid: it can only be used as it stands in a link (next) that this server returned for this same record. Begin again from the first page.',
      expression: '_cursor',
    },
  );
}
