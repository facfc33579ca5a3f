/**
 * What a line of a source asks for: one resource, or the entries of a Bundle with the references among them resolved.
 * Pure; what a reference or an entry looks for in the record (`Patient?identifier=…`) is given by the caller.
 */
import { Failure } from '../../failure.ts';
import { type Entry, parseBundle } from '../../fhir/bundle/entry.ts';
import {
  baseOfFullUrl,
  bundleName,
  conditionalReferences,
  rewriteReferences,
  unresolvedReference,
} from '../../fhir/bundle/references.ts';
import { copyKeepingDecimals } from '../../fhir/json/decimals.ts';
import { CARRIERS, RENDERED } from '../../fhir/names.ts';
import { placeFailure } from '../../fhir/session/place.ts';
import type { Bundle, Resource } from '../../fhir/types.ts';
import { patientOf } from '../compartment.ts';
import type { Write } from '../contract.ts';
import { newId } from '../writes.ts';

/** One write before its id and its references are known. */
interface Draft {
  /** `Bundle.entry[3]`; null for a resource by itself. */
  place: string | null;
  fullUrl: string | undefined;
  write: Write;
}

export interface Unpacked {
  drafts: Draft[];
  /** Entries that cannot be loaded, each with its place. */
  faults: Failure[];
  /** A transaction is taken whole or not at all. */
  atomic: boolean;
  /** Searches whose one match a reference stands for (`Patient?identifier=…`). */
  criteria: string[];
}

export interface Settled {
  place: string | null;
  write: Write;
}

/** Bundles that are opened; documents, messages and the like are resources of their own. */
const OPENED = new Set(['transaction', 'batch', 'collection', 'searchset']);

/**
 * @param searches false when the text has no `?`, so that no reference can be a search
 * Fails with the first fault of a transaction.
 */
export function unpack(resource: Resource, searches: boolean): Unpacked {
  const unpacked =
    resource.resourceType === 'Bundle' && OPENED.has((resource as Bundle).type)
      ? unpackBundle(resource as Bundle)
      : single(resource);
  const found = new Set<string>();
  if (searches)
    for (const { write } of unpacked.drafts)
      if (write.op !== 'delete') for (const one of conditionalReferences(write.resource)) found.add(one);
  return { ...unpacked, criteria: [...found] };
}

function single(resource: Resource): Omit<Unpacked, 'criteria'> {
  const write = { op: 'update', resource } as const;
  return { drafts: [{ place: null, fullUrl: undefined, write }], faults: [], atomic: true };
}

function unpackBundle(bundle: Bundle): Omit<Unpacked, 'criteria'> {
  if (bundle.type === 'transaction' || bundle.type === 'batch') return unpackRequests(bundle);
  const drafts: Draft[] = [];
  const faults: Failure[] = [];
  for (const [index, entry] of (bundle.entry ?? []).entries()) {
    const place = `Bundle.entry[${index}]`;
    if (entry?.resource === undefined || entry.resource === null) faults.push(withoutResource(place));
    else {
      const write = { op: 'update', resource: entry.resource as Resource } as const;
      drafts.push({ place, fullUrl: entry.fullUrl, write });
    }
  }
  return { drafts, faults, atomic: false };
}

function unpackRequests(bundle: Bundle): Omit<Unpacked, 'criteria'> {
  const { type, entries } = parseBundle(bundle);
  const drafts: Draft[] = [];
  const faults: Failure[] = [];
  for (const [index, entry] of entries.entries()) {
    try {
      if (entry instanceof Failure) throw entry;
      drafts.push({ place: `Bundle.entry[${index}]`, fullUrl: entry.fullUrl, write: writeOf(entry) });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      faults.push(placeFailure(error, `Bundle.entry[${index}]`));
    }
  }
  return { drafts, faults, atomic: type === 'transaction' };
}

/** Ids that are given are kept: a POST with one is a PUT. */
function writeOf({ intent, method }: Entry): Write {
  if (intent.do === 'create') {
    const { resource, ifNoneExist } = intent;
    return ifNoneExist === undefined ? { op: 'update', resource } : { op: 'create', resource, ifNoneExist };
  }
  if (intent.do === 'update' && intent.id !== undefined && intent.ifMatch !== '*') {
    const resource = withId(intent.resource, intent.id);
    return { op: 'update', resource, ...(intent.ifMatch === undefined ? {} : { ifMatch: intent.ifMatch }) };
  }
  if (intent.do === 'delete' && intent.id !== undefined && intent.ifMatch !== '*') {
    const { type, id, ifMatch } = intent;
    return { op: 'delete', type, id, ...(ifMatch === undefined ? {} : { ifMatch }) };
  }
  throw new Failure(
    'not-supported',
    `Mục ${method} này (theo điều kiện, hoặc If-Match: *) không nạp được; hãy gửi qua /fhir.`,
    {
      textEn: `yba load does not carry out this ${method} (by criteria, or with If-Match: *); send it to /fhir.`,
    },
  );
}

/** Address (`Patient/x`) by criteria, or why there is none. */
export type Matches = ReadonlyMap<string, string | Failure>;

/**
 * Gives ids, persons first (the id of what is theirs carries their key), and rewrites the references among the entries.
 * @param matches of the criteria @param urns false when the text has no `urn:`
 * @returns writes, and faults of entries that name what is not there
 */
export function settle(
  { drafts, criteria }: Unpacked,
  matches: Matches,
  urns: boolean,
): { writes: Settled[]; faults: Failure[] } {
  const addresses = new Map<string, string>();
  for (const one of criteria) {
    const match = matches.get(one);
    if (typeof match === 'string') addresses.set(one, match);
  }
  const opened = drafts.length > 0 && drafts[0]!.place !== null;
  if (opened) nameEntries(drafts, addresses);
  const writes: Settled[] = [];
  const faults: Failure[] = [];
  for (const { place, fullUrl, write } of drafts) {
    const settled = write.op === 'delete' ? write : withResource(write, addresses, fullUrl);
    const fault = settled.op === 'delete' ? null : faultOf(settled.resource, { urns, matches, criteria });
    if (fault) faults.push(placeFailure(fault, place));
    else writes.push({ place, write: settled });
  }
  return { writes, faults };
}

/** All names that entries are called by in the Bundle, with the addresses they get. */
function nameEntries(drafts: Draft[], addresses: Map<string, string>): void {
  const isPatient = ({ write }: Draft) => write.op !== 'delete' && write.resource.resourceType === 'Patient';
  const ordered = [...drafts.filter(isPatient), ...drafts.filter((draft) => !isPatient(draft))];
  for (const draft of ordered) {
    const { write, fullUrl } = draft;
    if (write.op === 'delete') continue;
    if (write.resource.id === undefined) {
      const known = rewriteReferences(write.resource, addresses, baseOfFullUrl(fullUrl));
      const id = newId(known.resourceType, patientOf(known) ?? undefined);
      draft.write = { ...write, op: 'create', resource: withId(known, id) };
    }
    const { resourceType, id } = (draft.write as { resource: Resource }).resource;
    const address = `${resourceType}/${id}`;
    if (fullUrl !== undefined && bundleName(fullUrl) !== address) addresses.set(bundleName(fullUrl), address);
  }
}

function withResource(
  write: Write & { resource: Resource },
  addresses: ReadonlyMap<string, string>,
  fullUrl: string | undefined,
): Write {
  const resource = rewriteReferences(write.resource, addresses, baseOfFullUrl(fullUrl));
  if (resource.id !== undefined)
    return resource === write.resource ? write : ({ ...write, resource } as Write);
  return {
    op: 'create',
    resource: withId(resource, newId(resource.resourceType, patientOf(resource) ?? undefined)),
  };
}

interface Looked {
  urns: boolean;
  matches: Matches;
  criteria: readonly string[];
}

/** Why a resource cannot be written as it is; null when it can. */
function faultOf(resource: Resource, { urns, matches, criteria }: Looked): Failure | null {
  const type = resource.resourceType;
  if (RENDERED.has(type) || CARRIERS.has(type))
    return new Failure('not-supported', `${type} không được ghi.`, { textEn: `${type} cannot be written.` });
  const open = criteria.length > 0 ? conditionalReferences(resource) : [];
  for (const one of open) {
    const match = matches.get(one);
    if (match instanceof Failure) return match;
  }
  // A stored Bundle carries the names of its own entries.
  const unresolved = urns && type !== 'Bundle' ? unresolvedReference(resource) : null;
  if (!unresolved) return null;
  const { path, reference } = unresolved;
  return new Failure('invalid-request', `Tham chiếu "${reference}" không có trong Bundle.`, {
    textEn: `The reference "${reference}" names an entry of a Bundle that is not there.`,
    expression: `${type}.${path}`,
  });
}

function withId(resource: Resource, id: string): Resource {
  return resource.id === id ? resource : Object.assign(copyKeepingDecimals(resource), { id });
}

function withoutResource(place: string): Failure {
  return new Failure('invalid-request', 'Mục của Bundle thiếu "resource".', {
    textEn: 'The entry has no resource.',
    expression: `${place}.resource`,
  });
}
