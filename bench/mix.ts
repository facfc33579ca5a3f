/** A morning's mixture of requests: reads, last values, visits, cards, whole records, and visits written as transactions. */
import { randomUUID } from 'node:crypto';
import type { Resource } from '../kernel/fhir/types.ts';
import { type Asked, QUESTIONS, type Question } from './questions.ts';
import { visitBundle } from './visit-bundle.ts';
import { askFor, getBytes, type Load } from './wire.ts';

/** Of a hundred requests. */
export const SHARES: Record<Exclude<Question, 'cohort' | 'everythingOfAverage'> | 'visit', number> = {
  read: 40,
  lastOfCode: 25,
  visits: 14,
  byNumber: 14,
  everything: 1,
  visit: 6,
};
const ORDER = Object.entries(SHARES).flatMap(([name, share]) =>
  Array.from({ length: share }, () => name),
) as (keyof typeof SHARES)[];

/** Asks the mixture for so many seconds; visits are made while it runs, which costs the generator some of its time. */
export function askMixture(asked: Asked, atOnce: number, seconds: number): Promise<Load> {
  return askFor(asked.address, atOnce, seconds, (n) => {
    const kind = ORDER[(n * 37) % ORDER.length]!;
    return kind === 'visit'
      ? visitBytes(asked)
      : getBytes(asked.address, QUESTIONS[kind](asked, n), asked.authorization);
  });
}

/** A visit as a partner sends it: `urn:uuid` names, resolved by the server. */
export function visitTransaction(): Buffer {
  const names = new Map<string, string>();
  const nameOf = (type: Resource['resourceType']) => {
    const uuid = randomUUID();
    names.set(`${type}/${uuid}`, `urn:uuid:${uuid}`);
    return uuid;
  };
  const resources = visitBundle(nameOf('Patient'), nameOf);
  let text = JSON.stringify(
    resources.map((resource) => ({
      fullUrl: `urn:uuid:${resource.id}`,
      resource,
      request: { method: 'POST', url: resource.resourceType },
    })),
  );
  for (const [reference, urn] of names) text = text.replaceAll(`"${reference}"`, `"${urn}"`);
  return Buffer.from(`{"resourceType":"Bundle","type":"transaction","entry":${text}}`);
}

/** The same as bytes of a request. */
export function visitBytes({ address, authorization }: Pick<Asked, 'address' | 'authorization'>): Buffer {
  const body = visitTransaction();
  const head = `POST /fhir HTTP/1.1\r\nHost: ${new URL(address).host}\r\nAuthorization: ${authorization}\r\nContent-Type: application/fhir+json\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}
