/**
 * A register of vaccinations for tests, in FHIR over HTTP as docs/integrate/immunisation.md says: it finds persons, tells and takes doses,
 * and is late, broken, double, or of the wrong person when told to. It stands in for no real register: none has published its interface.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bundle, Immunization, Patient, Resource } from '../../kernel/fhir/types.ts';

export type Fault =
  | 'silent'
  | 'status-500'
  | 'torn'
  | 'no-fhir'
  | 'endless'
  | 'two-persons'
  | 'wrong-person'
  /** It finds somebody, whatever number is asked for. */
  | 'any-number'
  | 'leads-away'
  /** It takes the dose, and cuts the line before it says so. */
  | 'taken-unsaid';

export interface ImmunisationSimulator extends AsyncDisposable {
  /** FHIR base. */
  address: string;
  /** `host:port`, for YBA_PEERS. */
  peer: string;
  people: Patient[];
  doses: Immunization[];
  requests: { method: string; path: string; authorization: string | undefined }[];
  /** How it misbehaves from now on; null = well. */
  fault(fault: Fault | null): void;
}

export async function openImmunisationSimulator(): Promise<ImmunisationSimulator> {
  const people: Patient[] = [];
  const doses: Immunization[] = [];
  const requests: ImmunisationSimulator['requests'] = [];
  let fault: Fault | null = null;
  let base = '';

  const bundle = (resources: readonly Resource[], next?: string): Bundle => ({
    resourceType: 'Bundle',
    type: 'searchset',
    entry: resources.map((resource) => ({ resource })),
    ...(next === undefined ? {} : { link: [{ relation: 'next', url: next }] }),
  });

  function found(url: URL): Bundle {
    if (url.pathname.endsWith('/Patient')) {
      if (fault === 'any-number')
        return bundle(people.map((one) => ({ ...one, identifier: [{ system: 'urn:so', value: '1' }] })));
      const own = people.filter(({ identifier = [] }) =>
        identifier.some(({ system, value }) => `${system}|${value}` === url.searchParams.get('identifier')),
      );
      return bundle(
        fault === 'two-persons' ? [...own, ...own.map((one) => ({ ...one, id: `${one.id}-2` }))] : own,
      );
    }
    const of = `Patient/${url.searchParams.get('patient')}`;
    const own = doses.filter(({ patient }) => patient.reference === of);
    if (fault === 'wrong-person')
      return bundle(own.map((one) => ({ ...one, patient: { reference: 'Patient/khac' } })));
    if (fault === 'endless') return bundle(own, url.href);
    if (fault === 'leads-away') return bundle(own, 'https://example.org/Immunization?page=2');
    const page = Number(url.searchParams.get('page') ?? 0);
    const [from, to] = [page * PAGE, (page + 1) * PAGE];
    url.searchParams.set('page', String(page + 1));
    return bundle(own.slice(from, to), to < own.length ? url.href : undefined);
  }

  function take(dose: Immunization, condition: string | undefined): number {
    const wanted = decodeURIComponent(condition?.replace(/^identifier=/, '') ?? '');
    const isKnown = doses.some(({ identifier = [] }) =>
      identifier.some(({ system, value }) => `${system}|${value}` === wanted),
    );
    if (isKnown) return 200;
    doses.push({ ...dose, id: `nhan-${doses.length + 1}` });
    return 201;
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', base);
    requests.push({
      method: request.method ?? '',
      path: `${url.pathname}${url.search}`,
      authorization: request.headers.authorization,
    });
    const answer = (status: number, body: string) =>
      response.writeHead(status, { 'content-type': 'application/fhir+json' }).end(body);
    if (fault === 'silent') return;
    if (fault === 'status-500') return void answer(500, '{}');
    if (fault === 'torn') return void answer(200, '{"resourceType":"Bundle","entry":[');
    if (fault === 'no-fhir') return void answer(200, '{"ok":true}');
    if (request.method === 'POST') {
      const dose = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Immunization;
      const status = take(dose, request.headers['if-none-exist'] as string | undefined);
      if (fault === 'taken-unsaid') return void request.socket.destroy();
      return void answer(status, '');
    }
    answer(200, JSON.stringify(found(url)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  base = `http://127.0.0.1:${port}/fhir/`;

  return {
    address: base,
    peer: `127.0.0.1:${port}`,
    people,
    doses,
    requests,
    fault(next) {
      fault = next;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Doses of a page. */
const PAGE = 3;
