/**
 * The stored form of a resource. What the row's columns say already is not stored a second time: the body on disk is
 * the JSON *after* `meta.lastUpdated`; type, id, version and instant are put before it on the way out, as bytes, without
 * parsing.
 *
 *     {"resourceType":"Patient","id":"x","meta":{"versionId":"3","lastUpdated":"…"   ← from the row
 *     ,"profile":["…"]},"gender":"female"}                                            ← the body
 */
import type { Resource } from '../fhir/types.ts';
import { headed } from './inflater.ts';

const VIETNAM_OFFSET_MS = 7 * 3_600_000;

/** The part of the JSON that is stored: the rest of meta and all other elements, in their order. */
export function tailOf(resource: Resource): string {
  // Decimals at the top level remember how they were written (fhir/json/decimals.ts); a plain copy would forget.
  const written = (resource as { toJSON?(): Resource }).toJSON?.() ?? resource;
  const { resourceType: _type, id: _id, meta, ...rest } = written;
  let metaRest = '';
  if (meta) {
    const { versionId: _version, lastUpdated: _instant, ...kept } = meta;
    const text = JSON.stringify(kept);
    if (text !== '{}') metaRest = `,${text.slice(1, -1)}`;
  }
  const text = JSON.stringify(rest);
  return text === '{}' ? `${metaRest}}}` : `${metaRest}},${text.slice(1)}`;
}

/** What stands before the stored part: Latin-1, since ids and instants have no other letters. */
export function headOf(type: string, id: string, version: number, lastUpdated: string): string {
  return `{"resourceType":"${type}","id":"${id}","meta":{"versionId":"${version}","lastUpdated":"${lastUpdated}"`;
}

/** The whole JSON as it is served. */
export function wholeBody(
  type: string,
  id: string,
  version: number,
  lastUpdated: string,
  tail: Buffer,
): Buffer {
  return headed(headOf(type, id, version, lastUpdated), tail);
}

/** Epoch milliseconds → instant with the country's zone, `2026-11-22T07:33:29.123+07:00`. */
export function instantOf(milliseconds: number): string {
  // Resources of one commit have one instant, and they are read together.
  if (milliseconds !== lastInstant.at) {
    lastInstant.at = milliseconds;
    lastInstant.text = `${new Date(milliseconds + VIETNAM_OFFSET_MS).toISOString().slice(0, -1)}+07:00`;
  }
  return lastInstant.text;
}

const lastInstant = { at: Number.NaN, text: '' };
