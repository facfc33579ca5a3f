/**
 * What one thread of the program has committed, told to another one that follows the feed: it need not read from the database
 * what lies in the same machine's memory. The bodies stand one behind the other in one buffer, which is handed over, not copied.
 */
import type { WriteResult } from './contract.ts';

export interface CommittedNews {
  /** Of each version: type, id, number, and how many bytes of the buffer are its body; -1: none is told, forget the older one. */
  versions: [type: string, id: string, version: number, bytes: number][];
  bodies: Uint8Array<ArrayBuffer>;
}

/** What a follower may remember of a version; without a body: nothing of the resource. */
export interface ToldVersion {
  type: string;
  id: string;
  version: number;
  body: Buffer | null;
}

/** @param largest bodies of more bytes are not told */
export function newsOf(results: readonly WriteResult[], largest: number): CommittedNews {
  const told = toldOf(results, largest);
  const bodies = new Uint8Array(told.reduce((sum, { body }) => sum + (body?.length ?? 0), 0));
  let at = 0;
  for (const { body } of told) {
    if (body === null) continue;
    bodies.set(body, at);
    at += body.length;
  }
  return {
    versions: told.map(({ type, id, version, body }) => [type, id, version, body?.length ?? -1]),
    bodies,
  };
}

/** Stands for the number of a version that was erased. */
export const ERASED = 0;

/** What was erased is forgotten there too. */
export function newsOfErased(names: readonly { type: string; id: string }[]): CommittedNews {
  return { versions: names.map(({ type, id }) => [type, id, ERASED, -1]), bodies: new Uint8Array() };
}

/** The bodies are parts of the buffer. */
export function toldIn({ versions, bodies }: CommittedNews): ToldVersion[] {
  let at = 0;
  return versions.map(([type, id, version, bytes]) => {
    if (bytes < 0) return { type, id, version, body: null };
    const body = Buffer.from(bodies.buffer, bodies.byteOffset + at, bytes);
    at += bytes;
    return { type, id, version, body };
  });
}

/** Versions that change what is known: what was asked again and stood already is not told. */
export function toldOf(results: readonly WriteResult[], largest: number): ToldVersion[] {
  const told: ToldVersion[] = [];
  for (const { type, id, version, outcome, body } of results) {
    if (outcome === 'deleted' || body === null || body.length > largest)
      told.push({ type, id, version, body: null });
    else if (outcome === 'created' || outcome === 'updated') told.push({ type, id, version, body });
  }
  return told;
}
