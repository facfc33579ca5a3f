/**
 * From a resource to the rows it is found by. R4's parameters are extracted by generated code, one file a type, loaded with
 * the first resource of the type; this province's own parameters by a walk (`walk.ts`).
 */
import { createRequire } from 'node:module';
import type { Resource } from '../../fhir/types.ts';
import { patientOf } from '../compartment.ts';
import type { IndexRow } from '../index-row.ts';
import { isResourceType } from '../resource-types.ts';
import { emitContained } from './contained.ts';
import { emitNarrative } from './emit-special.ts';
import { longKey, narrativeKey } from './keys.ts';
import { codedBits, securityBits } from './labels.ts';
import { ownParametersOf } from './own-parameters.ts';
import { ownerOf } from './owner.ts';
import { type IndexedParameter, writtenParametersOf } from './parameters.ts';
import { Sink } from './sink.ts';
import { type Extractor, walkerOf } from './walk.ts';

const require = createRequire(import.meta.url);
const DAY_MS = 86_400_000;

/** What is made once for a type. */
interface OfType {
  readonly extract: Extractor;
  /** Column `p` of the narrative. */
  readonly narrative: bigint;
  /** Token of dates that cover more than a day. */
  readonly long: bigint;
}

const types = new Map<string, OfType>();
/** By the table of parameters they were made from: a new definition makes a new table. */
const ownExtractors = new WeakMap<ReadonlyMap<string, IndexedParameter>, Extractor>();

/**
 * Index rows of a resource by every search parameter of its type, R4's and this province's own. The resource is one that
 * `validateResource` accepted; values of a wrong shape are left out, never thrown on.
 * @param by another extractor of R4's parameters than the generated one, for comparison
 */
export function extractIndexes(resource: Resource, by?: Extractor): IndexRow {
  const type = resource.resourceType;
  const { extract, narrative, long } = types.get(type) ?? prepare(type);
  const members = resource as unknown as Record<string, unknown>;
  const person = patientOf(resource);
  const sink = new Sink(person === null ? null : `Patient/${person}`);
  if (by === undefined) extract(members, sink);
  else by(members, sink);
  if (ownParametersOf(type).length > 0) ownExtractorOf(type)(members, sink);
  if (Array.isArray(members.contained)) emitContained(members, sink);
  if (members.text !== undefined) emitNarrative(narrative, members.text, sink);
  const { date, c0, has, tok, ord, str, codes } = sink;
  if (date !== null && date.high - date.low > DAY_MS) sink.token(long);
  const [d0, d1] = date === null ? [null, null] : [date.low, date.high];
  const org = ownerOf(resource);
  return { c0, d0, d1, has, tok, ord, str, codes, org, sec: sensitivityOf(resource, person) };
}

/**
 * Column `sec`. Codes imply a category where they are said of somebody: in what belongs to a person, and in documents and
 * collections; a list of codes, a service or a medicine of the catalogue tells nobody's secret. What a resource only refers to
 * implies nothing: it is labelled itself.
 */
export function sensitivityOf(resource: Resource, person = patientOf(resource)): number {
  const said = securityBits(resource.meta?.security);
  const isOfSomebody =
    person !== null || resource.resourceType === 'Bundle' || resource.resourceType === 'List';
  return isOfSomebody ? said | codedBits(resource) : said;
}

function prepare(type: string): OfType {
  if (!isResourceType(type)) throw new Error(`no resource type ${type}`);
  const { extract } = require(`./generated/${type}.gen.ts`) as { extract: Extractor };
  const made = { extract, narrative: narrativeKey(type), long: longKey(type) };
  types.set(type, made);
  return made;
}

function ownExtractorOf(type: string): Extractor {
  const parameters = writtenParametersOf(type);
  const known = ownExtractors.get(parameters);
  if (known) return known;
  const own = [...parameters.values()].filter(({ bit }) => bit < 0);
  const made = walkerOf(type, own);
  ownExtractors.set(parameters, made);
  return made;
}
