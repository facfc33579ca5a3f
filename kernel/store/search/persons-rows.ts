/** What is stored under each of many persons, of some types, by one statement: for lists and reports that judge persons by the record. */
import { type BinaryRow, binaryRows } from '../binary-rows.ts';
import { headOf, instantOf } from '../body.ts';
import { shardKey } from '../compartment.ts';
import type { PersonRecord, PersonsRows, StoredVersion } from '../contract.ts';
import { typeName, typeNumber } from '../resource-types.ts';
import type { Queryable } from '../rows.ts';
import type { Sight } from '../sight.ts';
import { int8s } from '../wire.ts';
import { namedStatements } from './named.ts';
import { withoutRules } from './ruled.ts';
import { renderSeenOfAny } from './sight.ts';
import { Statement } from './statement.ts';
import type { SearchTools } from './tools.ts';

/** Of few enough persons that their rows may be held at once. */
export async function personsRows(
  { db, codecs }: SearchTools,
  { patients, types, sight }: PersonsRows,
): Promise<PersonRecord[]> {
  const keys = patients.map((id) => shardKey(id));
  const statement = new Statement();
  const persons = statement.int8s(keys);
  const tests = [
    'r.pt = u.pt',
    `r.t = any (${statement.int8s(types.map((type) => BigInt(typeNumber(type)!)))})`,
  ];
  if (sight) tests.push(renderSeenOfAny(await sightOfPersons(db, sight, keys), 'r', statement, 'u.pt'));
  // The limit says to the planner only that they are few: each is found by the range of its key.
  const text = `select u.i::int4 as i, f.t, f.ver, f.ts, f.codec, f.id, f.body
    from (select * from unnest(${persons}) with ordinality as a(pt, i) limit ${statement.int4(patients.length)}) as u
    cross join lateral (select r.t, r.ver, r.ts, r.codec, r.id, r.body from res r where ${tests.join(' and ')} order by r.t, r.idh) as f`;
  const records = patients.map((patient): PersonRecord => ({ patient, own: [] }));
  const late: Promise<unknown>[] = [];
  await binaryRows(db, namedStatements.of(text, statement.values), (row) => {
    const { patient, own } = records[row.integer() - 1]!;
    const { body, ...version } = readOwn(row, patient, codecs);
    const at = own.length;
    own.push({ ...version, body: body instanceof Promise ? NOTHING : body });
    if (body instanceof Promise)
      late.push(
        body.then((bytes) => {
          own[at]!.body = bytes;
        }),
      );
  });
  await Promise.all(late);
  return records;
}

/** Rules are asked of all persons of a piece at once: hardly any has one, and the predicate costs each row. */
async function sightOfPersons(db: Queryable, sight: Sight, keys: readonly bigint[]): Promise<Sight> {
  if (sight.reader === undefined) return sight;
  const { rows } = await db.query<{ ruled: boolean }>({
    name: 'consent_any_of',
    text: 'select exists (select from consent_rule where pt = any ($1::int8[])) as ruled',
    values: [int8s(keys)],
  });
  return rows[0]!.ruled ? sight : withoutRules(sight);
}

type Read = Omit<StoredVersion, 'body'> & { body: Buffer | Promise<Buffer> };

/** Unpacked where it came in; not kept among the bodies that were read lately, which a list of many would drive out. */
function readOwn(row: BinaryRow, patient: string, codecs: SearchTools['codecs']): Read {
  const type = typeName(row.integer());
  const version = row.integer();
  const lastUpdated = instantOf(row.instant()!);
  const codec = row.integer();
  const id = row.id()!;
  const packed = row.bytes();
  const head = { type, id, version, lastUpdated, patient };
  if (packed === null) return { ...head, deleted: true, body: NOTHING };
  return {
    ...head,
    deleted: false,
    body: codecs.unpack(codec, packed, headOf(type, id, version, lastUpdated)),
  };
}

const NOTHING = Buffer.alloc(0);
