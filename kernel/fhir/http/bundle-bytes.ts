/** Bundles put together from stored bytes: a resource is parsed only when a part of it is asked for. Pure. */
import type { StoredVersion } from '../../store/contract.ts';
import { isAssigned } from '../../store/ids.ts';
import { readStoredJson } from '../json/read.ts';
import { versionTag } from '../names.ts';
import { ofIncluded, type Subset, subsetOf } from './subset.ts';

export interface Link {
  relation: 'self' | 'next' | 'first' | 'previous';
  url: string;
}

/** One entry of a Bundle: bodies as bytes, what stands around them as text. */
export type EntryBytes = (Buffer | string)[];

/** A searchset or history Bundle. `total` is left out when it is not known. */
export function bundleBytes(
  type: 'searchset' | 'history' | 'transaction-response' | 'batch-response',
  more: { total?: number; links?: Link[]; timestamp?: string },
  entries: readonly EntryBytes[],
): Buffer {
  const head = JSON.stringify({
    resourceType: 'Bundle',
    id: crypto.randomUUID(),
    ...(more.timestamp === undefined ? {} : { meta: { lastUpdated: more.timestamp } }),
    type,
    ...(more.total === undefined ? {} : { total: more.total }),
    ...(more.links === undefined ? {} : { link: more.links }),
  });
  if (entries.length === 0) return Buffer.from(head);
  const pieces = new Pieces();
  pieces.add(`${head.slice(0, -1)},"entry":[`);
  for (const [index, entry] of entries.entries()) {
    if (index > 0) pieces.add(',');
    for (const part of entry) pieces.add(part);
  }
  pieces.add(']}');
  return pieces.take();
}

/** Texts and bytes in a row, put together at once: texts that stand beside each other are one. */
export class Pieces {
  #parts: (Buffer | string)[] = [];
  #text = '';
  #size = 0;

  /** Bytes of what was added since it began; letters that take two or three are counted as one. */
  get size(): number {
    return this.#size;
  }

  add(part: Buffer | string): void {
    this.#size += part.length;
    if (typeof part === 'string') {
      this.#text += part;
      return;
    }
    if (this.#text !== '') this.#parts.push(this.#text);
    this.#text = '';
    this.#parts.push(part);
  }

  /** Everything that was added; it begins anew. */
  take(): Buffer {
    if (this.#text !== '') this.#parts.push(this.#text);
    let size = 0;
    for (const part of this.#parts) size += typeof part === 'string' ? Buffer.byteLength(part) : part.length;
    const whole = Buffer.allocUnsafe(size);
    let at = 0;
    for (const part of this.#parts)
      at += typeof part === 'string' ? whole.write(part, at) : part.copy(whole, at);
    this.#parts = [];
    this.#text = '';
    this.#size = 0;
    return whole;
  }
}

export function searchEntry(
  base: string,
  version: StoredVersion,
  mode: 'match' | 'include',
  subset: Subset | null,
): EntryBytes {
  const part = mode === 'include' ? ofIncluded(version.type, subset) : subset;
  return [
    `{"fullUrl":"${base}/${version.type}/${version.id}","resource":`,
    bodyBytes(version, part),
    `,"search":{"mode":"${mode}"}}`,
  ];
}

/** What is to be said about a search beside its matches. */
export function outcomeEntry(outcome: object): EntryBytes {
  return [`{"resource":${JSON.stringify(outcome)},"search":{"mode":"outcome"}}`];
}

/** R4 http.html#history: each version with the request that made it and the answer it got. */
export function historyEntry(base: string, version: StoredVersion, subset: Subset | null): EntryBytes {
  const isPosted = version.version === 1 && isAssigned(version.id);
  const method = version.deleted ? 'DELETE' : isPosted ? 'POST' : 'PUT';
  const url = method === 'POST' ? version.type : `${version.type}/${version.id}`;
  const response = {
    status: version.deleted ? '204' : version.version === 1 ? '201' : '200',
    etag: versionTag(version.version),
    lastModified: version.lastUpdated,
  };
  const tail = `"request":${JSON.stringify({ method, url })},"response":${JSON.stringify(response)}}`;
  const head = `{"fullUrl":"${base}/${version.type}/${version.id}",`;
  if (version.deleted) return [head, tail];
  return [`${head}"resource":`, bodyBytes(version, subset), `,${tail}`];
}

/** An entry of a transaction or batch response around an answer's resource. */
export function responseEntry(response: object, resource: Buffer | null): EntryBytes {
  const tail = `"response":${JSON.stringify(response)}`;
  if (resource === null) return [`{${tail}}`];
  return ['{"resource":', resource, `,${tail}}`];
}

/** The stored bytes, or the part of the resource that was asked for. */
export function bodyBytes(version: StoredVersion, subset: Subset | null): Buffer {
  if (subset === null) return version.body;
  return Buffer.from(JSON.stringify(subsetOf(readStoredJson(version.body) as object, subset)));
}

/** The same JSON with line breaks, for people. Decimals keep their precision. */
export function prettyBytes(body: Buffer): Buffer {
  return Buffer.from(`${JSON.stringify(readStoredJson(body), null, 2)}\n`);
}
