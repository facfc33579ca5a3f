/**
 * The rows of one record, piece by piece, for `$everything`: those that lie under the person's key in the order of the
 * primary key (one range of one index), then those of the Patient compartment that lie with another person or with nobody.
 */
import { Failure } from '../../failure.ts';
import { patientCompartmentParameters } from '../../fhir/definitions/index.ts';
import { shardKey } from '../compartment.ts';
import type { PersonPiece, PersonRows, StoredVersion } from '../contract.ts';
import { RESOURCE_TYPES, typeNumber } from '../resource-types.ts';
import { toVersion, type VersionRow, versionColumns } from '../rows.ts';
import { int2s, int8s } from '../wire.ts';
import { referenceKey } from './keys.ts';
import { namedStatements } from './named.ts';
import { indexedParametersOf } from './parameters.ts';
import type { SearchTools } from './tools.ts';

interface PieceRow extends VersionRow {
  pt: string;
  idh: string;
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

/**
 * The next piece of a record. `next` is absent at the end.
 * @throws Failure `invalid-parameter` for an `after` that is none
 */
export async function personRows(tools: SearchTools, ask: PersonRows): Promise<PersonPiece> {
  const from = ask.after === undefined ? BEGIN : readMark(ask.after);
  let rows: PieceRow[] = [];
  if (from.phase === 'own') {
    rows = await ownRows(tools, ask, from, ask.count);
    if (rows.length === ask.count) return pieceOf(tools, ask, rows, 'own');
  }
  if (ask.patient === null || ask.referring !== undefined) return pieceOf(tools, ask, rows, null);
  const start = from.phase === 'own' ? { ...BEGIN, phase: 'elsewhere' as const } : from;
  const room = ask.count - rows.length;
  const others = await rowsElsewhere(tools, { ...ask, patient: ask.patient }, start, room);
  const more = others.length === room;
  const own = await versionsOf(tools, rows, ask.patient);
  const elsewhere = await Promise.all(others.map((row) => toVersion(row, tools.codecs)));
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

function versionsOf(tools: SearchTools, rows: PieceRow[], patient: string | null): Promise<StoredVersion[]> {
  return Promise.all(rows.map((row) => toVersion({ ...row, patient }, tools.codecs)));
}

/** `$1` pt, `$2` `$3` after, `$4` limit, `$5` types or null, `$6` since, `$7` `$8` clinical date; undated rows have none. */
const OWN_SQL = (table: 'res' | 'shared', referring: boolean) => `select r.pt, r.idh, r.t, r.ver,
    extract(epoch from r.ts)::float8 * 1000 as ts, r.codec, r.id, r.body
  from ${table} r where r.pt = $1 and (r.t, r.idh) > ($2::int2, $3::int8)
    and ($5::int2[] is null or r.t = any ($5)) and r.ts >= $6
    and (r.d0 is null or r.d0 < $8 and r.d1 > $7)${referring ? ' and r.tok && $9::int8[]' : ''}
  order by r.t, r.idh limit $4`;

async function ownRows({ db }: SearchTools, ask: PersonRows, from: Mark, limit: number): Promise<PieceRow[]> {
  const pt = shardKey(ask.patient);
  const values: unknown[] = [pt.toString(), from.t, from.idh, limit, ...boundsOf(ask)];
  if (ask.referring !== undefined) values.push(int8s(referrersTo(ask.referring)));
  const text = OWN_SQL(pt === 0n ? 'shared' : 'res', ask.referring !== undefined);
  return (await db.query<PieceRow>(namedStatements.of(text, values))).rows;
}

/** As above with `$1` the person whose rows are left out, `$9` `$10` hashes and the place's pt; planned by its values. */
const elsewhereSql = (table: 'res' | 'shared') => `select ${versionColumns('r')}, r.pt, r.idh
  from ${table} r left join person on person.pt = r.pt
  where r.tok && $9::int8[] and r.pt <> $1 and (r.pt, r.t, r.idh) > ($10::int8, $2::int2, $3::int8)
    and ($5::int2[] is null or r.t = any ($5)) and r.ts >= $6 and (r.d0 is null or r.d0 < $8 and r.d1 > $7)`;
const ELSEWHERE = `${elsewhereSql('res')} union all ${elsewhereSql('shared')} order by pt, t, idh limit $4`;

async function rowsElsewhere(
  { db }: SearchTools,
  ask: PersonRows & { patient: string },
  from: Mark,
  limit: number,
): Promise<PieceRow[]> {
  const keys = compartmentKeys(ask.patient);
  const pt = shardKey(ask.patient).toString();
  const values = [pt, from.t, from.idh, limit, ...boundsOf(ask), int8s(keys), from.pt];
  return (await db.query<PieceRow>(ELSEWHERE, values)).rows;
}

function boundsOf(ask: PersonRows): unknown[] {
  const types = ask.types?.map((type) => typeNumber(type)!);
  return [
    types === undefined ? null : int2s(types),
    instantOr(ask.since),
    instantOr(ask.from),
    instantOr(ask.to, ''),
  ];
}

function instantOr(ms: number | undefined, sign = '-'): string {
  return ms === undefined || !Number.isFinite(ms) ? `${sign}infinity` : new Date(ms).toISOString();
}

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

const MARK = /^([oe])\.(-?\d{1,19})\.(\d{1,5})\.(-?\d{1,19})$/;

function writeMark(phase: Mark['phase'], { pt, t, idh }: PieceRow): string {
  return `${phase === 'own' ? 'o.0' : `e.${pt}`}.${t}.${idh}`;
}

function readMark(text: string): Mark {
  const [, phase, pt, t, idh] = MARK.exec(text) ?? [];
  if (phase === undefined || !isInt8(pt!) || !isInt8(idh!) || Number(t) > 32_767) {
    throw new Failure('invalid-parameter', 'Con trỏ trang không hợp lệ. Hãy bắt đầu lại từ trang đầu.', {
      textEn: 'The page cursor is not valid: begin again from the first page.',
      expression: '_cursor',
    });
  }
  return { phase: phase === 'o' ? 'own' : 'elsewhere', pt: pt!, t: Number(t), idh: idh! };
}

function isInt8(text: string): boolean {
  const value = BigInt(text);
  return BigInt.asIntN(64, value) === value;
}
