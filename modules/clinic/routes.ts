/** Routes of the consulting room, /api/clinic/…: who may call what; the acts themselves stand in acts.ts. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Role } from '../../kernel/access/contract.ts';
import { Failure } from '../../kernel/failure.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import { openTerminology } from '../../kernel/fhir/terminology/index.ts';
import type { Location } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import {
  checkLines,
  consult,
  enterResults,
  finish,
  order,
  previewCharges,
  revoke,
  show,
  sign,
  start,
} from './acts.ts';
import type { Room } from './contract.ts';
import type { Desk } from './desk.ts';
import { ifMatchOf, keyOf } from './http.ts';
import { waitingOrders } from './laboratory/waiting.ts';
import { clinicLists } from './lists.ts';
import { searchMedicines } from './prescription/medicines.ts';
import { codeOf } from './text.ts';
import { worklistOf } from './worklist/worklist.ts';

const READERS: Role[] = ['doctor', 'nurse', 'station-head'];
const DOCTORS: Role[] = ['doctor', 'station-head'];
/** Characters of a search; no name is longer. */
const LONGEST_TEXT = 200;

type AtVisit = { Params: { encounter: string } };

export function clinicRoutes(app: FastifyInstance, kernel: Kernel): void {
  listRoutes(app, kernel);
  visitRoutes(app, kernel);
  prescriptionRoutes(app, kernel);
}

function deskOf(kernel: Kernel, request: FastifyRequest<AtVisit>, roles: Role[]): Desk {
  kernel.gate.require(request, ...roles);
  return {
    kernel,
    terminology: openTerminology(kernel.content),
    session: kernel.gate.session(request),
    encounter: request.params.encounter,
  };
}

function listRoutes(app: FastifyInstance, kernel: Kernel): void {
  const today = () => vietnamDay(kernel.settings.now());

  app.get<{ Querystring: Record<string, string | undefined> }>('/api/clinic/worklist', async (request) => {
    kernel.gate.require(request, ...READERS, 'laboratory');
    const { room = '', state = 'open', cursor = '', q = '' } = request.query;
    if (room === '')
      throw new Failure('invalid-parameter', 'Chọn phòng khám.', {
        textEn: 'Choose a room.',
        expression: 'room',
      });
    const text = q.slice(0, LONGEST_TEXT);
    const query = { room, state, text, cursor, day: today() };
    return worklistOf(kernel.gate.session(request), query, kernel.store);
  });

  app.get<{ Querystring: { cursor?: string; q?: string } }>(
    '/api/clinic/laboratory/orders',
    async (request) => {
      const actor = kernel.gate.require(request, ...DOCTORS, 'laboratory');
      const { cursor = '', q = '' } = request.query;
      const query = { unit: actor.unit, text: q.slice(0, LONGEST_TEXT), cursor, day: today() };
      return waitingOrders(kernel.gate.session(request), query, kernel.content);
    },
  );

  app.get('/api/clinic/rooms', async (request): Promise<{ rows: Room[] }> => {
    const actor = kernel.gate.require(request, ...READERS, 'laboratory', 'reception');
    if (!actor.unit) return { rows: [] };
    const found = await kernel.gate.session(request).search('Location', [
      ['organization', `Organization/${actor.unit}`],
      ['status', 'active'],
      ['_count', '100'],
    ]);
    const rooms = (found.matches as Location[]).filter((one) => one.physicalType?.coding?.[0]?.code === 'ro');
    return {
      rows: rooms.map((one) => ({
        id: one.id!,
        name: one.name ?? one.id!,
        kind: codeOf(one.type?.[0], cs.department),
      })),
    };
  });

  app.get('/api/clinic/lists', async (request) => {
    kernel.gate.require(request, ...READERS);
    return clinicLists(kernel.content, openTerminology(kernel.content), today());
  });

  app.get<{ Querystring: { q?: string } }>('/api/clinic/medicines/search', async (request) => {
    kernel.gate.require(request, ...READERS);
    return searchMedicines(kernel.content, String(request.query.q ?? '').slice(0, LONGEST_TEXT), today());
  });
}

function visitRoutes(app: FastifyInstance, kernel: Kernel): void {
  const at = '/api/clinic/visits/:encounter';
  app.get<AtVisit>(at, async (request) => show(deskOf(kernel, request, READERS)));
  app.post<AtVisit>(`${at}/start`, async (request) =>
    start(deskOf(kernel, request, DOCTORS), ifMatchOf(request), request.body),
  );
  app.put<AtVisit>(`${at}/consultation`, async (request) =>
    consult(deskOf(kernel, request, READERS), ifMatchOf(request), request.body),
  );
  app.post<AtVisit>(`${at}/orders`, async (request) => order(deskOf(kernel, request, DOCTORS), request.body));
  app.post<{ Params: { encounter: string; order: string } }>(`${at}/orders/:order/revoke`, async (request) =>
    revoke(deskOf(kernel, request, DOCTORS), request.params.order, ifMatchOf(request)),
  );
  app.post<AtVisit>(`${at}/results`, async (request) =>
    enterResults(deskOf(kernel, request, [...DOCTORS, 'laboratory']), ifMatchOf(request), request.body),
  );
  app.get<AtVisit>(`${at}/charges`, async (request) => previewCharges(deskOf(kernel, request, DOCTORS)));
  app.post<AtVisit>(`${at}/finish`, async (request) =>
    finish(deskOf(kernel, request, DOCTORS), ifMatchOf(request), request.body),
  );
}

function prescriptionRoutes(app: FastifyInstance, kernel: Kernel): void {
  const at = '/api/clinic/visits/:encounter/prescription';
  app.post<AtVisit>(`${at}/check`, async (request) =>
    checkLines(deskOf(kernel, request, DOCTORS), request.body),
  );
  app.post<AtVisit>(`${at}/sign`, async (request) =>
    sign(deskOf(kernel, request, DOCTORS), ifMatchOf(request), keyOf(request), request.body),
  );
}
