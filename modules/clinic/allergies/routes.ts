/** Routes of a person's allergies, /api/clinic/people/:patient/allergies: who may call what. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Role } from '../../../kernel/access/contract.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import { ifMatchOf } from '../http.ts';
import {
  type AllergyDesk,
  changeAllergy,
  recordAllergy,
  recordNone,
  removeAllergy,
  showAllergies,
} from './acts.ts';
import { searchSubstances } from './substances.ts';

const RECORDERS: Role[] = ['doctor', 'nurse', 'station-head'];
/** Characters of a search; no name is longer. */
const LONGEST_TEXT = 200;

type OfPerson = { Params: { patient: string } };
type OfAllergy = { Params: { patient: string; allergy: string } };

export function allergyRoutes(app: FastifyInstance, kernel: Kernel): void {
  const at = '/api/clinic/people/:patient/allergies';

  app.get<{ Querystring: { q?: string } }>('/api/clinic/substances/search', async (request) => {
    kernel.gate.require(request, ...RECORDERS);
    const text = String(request.query.q ?? '').slice(0, LONGEST_TEXT);
    return searchSubstances(kernel.content, text, vietnamDay(kernel.settings.now()));
  });

  app.get<OfPerson>(at, async (request) => showAllergies(deskOf(kernel, request)));
  app.post<OfPerson>(at, async (request) => recordAllergy(deskOf(kernel, request), request.body));
  app.post<OfPerson>(`${at}/none`, async (request) => recordNone(deskOf(kernel, request)));
  app.put<OfAllergy>(`${at}/:allergy`, async (request) =>
    changeAllergy(deskOf(kernel, request), request.params.allergy, ifMatchOf(request), request.body),
  );
  app.post<OfAllergy>(`${at}/:allergy/remove`, async (request) =>
    removeAllergy(deskOf(kernel, request), request.params.allergy, ifMatchOf(request)),
  );
}

function deskOf(kernel: Kernel, request: FastifyRequest<OfPerson>): AllergyDesk {
  kernel.gate.require(request, ...RECORDERS);
  return { kernel, session: kernel.gate.session(request), patient: request.params.patient };
}
