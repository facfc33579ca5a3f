/** `/api/forms`: what can be filled in, opening, finishing, amending, reading. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../../kernel/failure.ts';
import type { QuestionnaireResponse } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { foldText } from '../../kernel/text/fold.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { type AnswerRow, type FormRow, OF_UNIT } from './contract.ts';
import type { Definition, Definitions } from './definitions.ts';
import { objectOf, wrong } from './drafts/routes.ts';
import { isForPersons, isForUnits } from './filling/about.ts';
import { amend, answersOf, type Commit, cancel, finish, showAnswer } from './filling/answers.ts';
import { openForFilling, type Populate } from './filling/open.ts';
import { FILLERS } from './roles.ts';

type Query = { Querystring: Record<string, string | undefined> };

const ID = /^[A-Za-z0-9\-.]{1,64}$/;
/** Characters of a search; no title is longer. */
const LONGEST_TEXT = 200;
/** Characters of a reason to cancel. */
const LEAST_REASON = 10;

export interface Filling {
  definitions: Definitions;
  populate: Populate;
  commit: Commit;
}

export function formRoutes(app: FastifyInstance, kernel: Kernel, filling: Filling): void {
  const { definitions } = filling;
  const today = () => vietnamDay(kernel.settings.now());

  app.get<Query>('/api/forms', async (request): Promise<{ rows: FormRow[] }> => {
    kernel.gate.require(request, ...FILLERS);
    const words = foldText((request.query.q ?? '').slice(0, LONGEST_TEXT));
    const fits = request.query.about === 'unit' ? isForUnits : isForPersons;
    const found = (await definitions.inForce(today())).filter(({ form }) => fits(form)).map(rowOf);
    return { rows: found.filter(({ title }) => foldText(title).includes(words)).sort(byTitle) };
  });

  app.get<Query & { Params: { key: string } }>('/api/forms/open/:key', async (request) => {
    kernel.gate.require(request, ...FILLERS);
    const { patient, encounter = '', answer = '', version = '' } = request.query;
    const ask = {
      key: request.params.key,
      patient: aboutIn(patient),
      encounter: encounter === '' ? '' : idOf('encounter', encounter),
      answer: answer === '' ? '' : idOf('answer', answer),
      version: version.slice(0, 60),
    };
    return openForFilling(kernel, definitions, filling.populate, kernel.gate.session(request), ask);
  });

  app.get<Query>('/api/forms/answers', async (request): Promise<{ rows: AnswerRow[]; next?: string }> => {
    kernel.gate.require(request, ...FILLERS);
    const { q = '', cursor = '' } = request.query;
    const patient = aboutIn(request.query.patient);
    const words = foldText(q.slice(0, LONGEST_TEXT));
    const urls =
      words === ''
        ? null
        : [...new Set((await definitions.all()).filter(titled(words)).map(({ url }) => url))];
    return answersOf(definitions, kernel.gate.session(request), { patient, urls, cursor });
  });

  app.post('/api/forms/answers', async (request, reply) => {
    kernel.gate.require(request, ...FILLERS);
    const body = objectOf(request.body);
    const { form, encounter = '' } = body;
    if (typeof form !== 'string')
      throw wrong('form', 'Thiếu biểu mẫu và phiên bản.', 'form must be url|version.');
    const written = await finish(kernel, definitions, filling.commit, kernel.gate.session(request), {
      form,
      patient: aboutIn(body.patient),
      encounter: encounter === '' ? '' : idOf('encounter', encounter),
      response: responseOf(body.response),
    });
    reply.code(201);
    return { id: written.id, version: Number(written.meta?.versionId) };
  });

  amendRoutes(app, kernel, filling);
  cancelRoute(app, kernel, filling);
}

function amendRoutes(app: FastifyInstance, kernel: Kernel, { definitions, commit }: Filling): void {
  app.get<Query & { Params: { id: string } }>('/api/forms/answers/:id', async (request) => {
    kernel.gate.require(request, ...FILLERS);
    const version = Number(request.query.version ?? '') || null;
    return showAnswer(definitions, kernel.gate.session(request), { id: request.params.id, version });
  });

  app.put<{ Params: { id: string } }>('/api/forms/answers/:id', async (request) => {
    kernel.gate.require(request, ...FILLERS);
    const written = await amend(kernel, definitions, commit, kernel.gate.session(request), {
      id: request.params.id,
      seen: seenOf(request),
      response: responseOf(objectOf(request.body).response),
    });
    return { id: written.id, version: Number(written.meta?.versionId) };
  });
}

function cancelRoute(app: FastifyInstance, kernel: Kernel, { definitions, commit }: Filling): void {
  app.post<{ Params: { id: string } }>('/api/forms/answers/:id/cancel', async (request) => {
    kernel.gate.require(request, ...FILLERS);
    const { reason } = objectOf(request.body);
    const said = typeof reason === 'string' ? reason.trim().slice(0, LONGEST_TEXT) : '';
    if (said.length < LEAST_REASON)
      throw wrong(
        'reason',
        `Ghi lý do huỷ phiếu (ít nhất ${LEAST_REASON} ký tự).`,
        `Say why (at least ${LEAST_REASON} characters).`,
      );
    const written = await cancel(kernel, definitions, commit, kernel.gate.session(request), {
      id: request.params.id,
      seen: seenOf(request),
      reason: said,
    });
    return { id: written.id, version: Number(written.meta?.versionId) };
  });
}

function rowOf({ key, url, version, form }: Definition): FormRow {
  return { key, url, version, title: form.title ?? form.name ?? key, description: form.description ?? '' };
}

const byTitle = (a: FormRow, b: FormRow) => a.title.localeCompare(b.title, 'vi');
const titled =
  (words: string) =>
  ({ form, key }: Definition) =>
    foldText(form.title ?? key).includes(words);

/** A patient's id, or the word for the own unit. */
export const aboutIn = (given: unknown): string => (given === OF_UNIT ? OF_UNIT : idOf('patient', given));

function idOf(name: string, given: unknown): string {
  if (typeof given === 'string' && ID.test(given)) return given;
  throw wrong(name, `Thiếu hoặc sai "${name}".`, `${name} must be an id.`);
}

function responseOf(given: unknown): QuestionnaireResponse {
  const response = given as QuestionnaireResponse | null | undefined;
  if (typeof response === 'object' && response?.resourceType === 'QuestionnaireResponse') return response;
  throw wrong('response', 'Thiếu phần trả lời.', 'response must be a QuestionnaireResponse.');
}

function seenOf(request: FastifyRequest): number {
  const found = /^(?:W\/)?"(\d{1,9})"$/.exec(String(request.headers['if-match'] ?? '').trim());
  if (found) return Number(found[1]);
  throw new Failure('version-required', 'Thiếu phiên bản đã xem của phiếu (If-Match).', {
    textEn: 'If-Match with the version of the response is required.',
  });
}
