/** `/api/forms/drafts`: saved as one types, by whoever types it; nobody else sees them. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../../../kernel/failure.ts';
import type { QuestionnaireResponse } from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { addDays, vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import { type DraftRow, type DraftView, OF_UNIT } from '../contract.ts';
import type { Definitions } from '../definitions.ts';
import { readUnit } from '../filling/about.ts';
import { FILLERS } from '../roles.ts';
import { type Draft, type DraftKey, draftsOf, readDraft, removeDraft, saveDraft } from './draft.ts';

/** Lines of the list of one's own drafts; nobody has so many forms open. */
const MOST = 100;
const CANONICAL = /^[^|\s]{1,300}(\|[^|\s]{1,60})?$/;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;

type Query = { Querystring: Record<string, string | undefined> };

/** @param days how long a draft is kept untouched */
export function draftRoutes(
  app: FastifyInstance,
  kernel: Kernel,
  definitions: Definitions,
  days: () => number,
): void {
  app.get('/api/forms/drafts', async (request): Promise<{ rows: DraftRow[] }> => {
    const actor = kernel.gate.require(request, ...FILLERS);
    const drafts = await draftsOf(kernel.pool, actor.id, MOST);
    const patients = [...new Set(drafts.map(({ patient }) => patient))].filter((one) => one !== OF_UNIT);
    const found =
      patients.length === 0
        ? []
        : (
            await kernel.gate.session(request).search('Patient', [
              ['_id', patients.join(',')],
              ['_count', String(MOST)],
            ])
          ).matches;
    const names = new Map(found.map((one) => [one.id!, one.name?.[0]?.text ?? '']));
    return {
      rows: await Promise.all(
        drafts.map(async (draft) => {
          const form = await definitions.pinned(draft.form);
          return rowOf(draft, names.get(draft.patient) ?? '', form?.title ?? draft.form, days());
        }),
      ),
    };
  });

  app.put('/api/forms/drafts', async (request): Promise<DraftView> => {
    const actor = kernel.gate.require(request, ...FILLERS);
    const body = objectOf(request.body);
    const key = keyOf(actor.id, body);
    const seen = seenOf(request);
    const session = kernel.gate.session(request);
    // The first saving is where policy decides; later ones touch nothing but one's own words.
    if (seen === 0) {
      await (key.patient === OF_UNIT ? readUnit(session) : session.read('Patient', key.patient));
      await session.note('create', `draft of ${key.form}`, personOf(key));
    }
    const saved = await saveDraft(kernel.pool, key, {
      seen,
      body: responseOf(body.response),
      place: typeof body.place === 'string' ? body.place.slice(0, 100) : '',
      at: kernel.settings.now(),
    });
    if (saved) return viewOf(saved);
    throw overtaken(await readDraft(kernel.pool, key));
  });

  app.delete<Query>('/api/forms/drafts', async (request) => {
    const actor = kernel.gate.require(request, ...FILLERS);
    const key = keyOf(actor.id, request.query);
    await removeDraft(kernel.pool, key);
    await kernel.gate.session(request).note('delete', `draft of ${key.form}`, personOf(key));
    return {};
  });
}

const personOf = ({ patient }: DraftKey) => (patient === OF_UNIT ? null : patient);

export function viewOf(draft: Draft): DraftView {
  return {
    form: draft.form,
    patient: draft.patient,
    answer: draft.answer,
    version: draft.version,
    begunAt: draft.begunAt.toISOString(),
    savedAt: draft.savedAt.toISOString(),
    place: draft.place,
    response: draft.body!,
  };
}

function rowOf(draft: Draft, name: string, title: string, days: number): DraftRow {
  const cleaned = draft.body === null;
  return {
    form: draft.form,
    key: draft.form.slice(0, draft.form.lastIndexOf('|')).split('/').at(-1)!,
    title,
    patient: draft.patient,
    name,
    answer: draft.answer,
    savedAt: draft.savedAt.toISOString(),
    place: draft.place,
    until: addDays(vietnamDay(draft.savedAt), cleaned ? 2 * days : days),
    cleaned,
  };
}

/** Fails with `invalid-parameter` naming the member that is wrong. */
function keyOf(account: string, given: Record<string, unknown>): DraftKey {
  const { form, patient, answer = '' } = given;
  if (typeof form !== 'string' || !CANONICAL.test(form))
    throw wrong('form', 'Thiếu biểu mẫu và phiên bản (url|phiên bản).', 'form must be url|version.');
  if (typeof patient !== 'string' || (patient !== OF_UNIT && !ID.test(patient)))
    throw wrong('patient', 'Thiếu mã người bệnh.', 'patient must be the id of a Patient.');
  if (typeof answer !== 'string' || (answer !== '' && !ID.test(answer)))
    throw wrong(
      'answer',
      'Mã phiếu cần sửa không hợp lệ.',
      'answer must be the id of a QuestionnaireResponse.',
    );
  return { account, form, patient, answer };
}

function responseOf(given: unknown): QuestionnaireResponse {
  const response = given as QuestionnaireResponse | null | undefined;
  if (typeof response === 'object' && response?.resourceType === 'QuestionnaireResponse') return response;
  throw wrong('response', 'Thiếu phần trả lời đang điền.', 'response must be a QuestionnaireResponse.');
}

/** Version of If-Match; `"0"` for a draft that is not there yet. */
function seenOf(request: FastifyRequest): number {
  const found = /^(?:W\/)?"(\d{1,9})"$/.exec(String(request.headers['if-match'] ?? '').trim());
  if (found) return Number(found[1]);
  throw new Failure('version-required', 'Thiếu phiên bản bản nháp đã thấy (If-Match).', {
    textEn: 'If-Match with the version of the draft is required; "0" for a new one.',
  });
}

/** @param current null when it was finished or thrown away elsewhere */
function overtaken(current: Draft | null): Failure {
  if (current?.body)
    return new Failure(
      'version-conflict',
      'Bản nháp này vừa được lưu ở máy khác. Chưa ghi đè gì; xem hai bản rồi chọn.',
      {
        textEn: 'This draft was saved at another computer meanwhile. Nothing was overwritten.',
        details: { current: viewOf(current) },
      },
    );
  return new Failure(
    'version-conflict',
    'Bản nháp này đã được hoàn tất hoặc bỏ ở máy khác. Những gì gõ ở đây vẫn còn trên màn hình.',
    {
      textEn: 'This draft was finished or thrown away elsewhere. What is typed here is still on the screen.',
      details: { current: null },
    },
  );
}

export function objectOf(body: unknown): Record<string, unknown> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  throw new Failure('invalid-request', 'Nội dung gửi lên phải là một đối tượng JSON.', {
    textEn: 'The body must be a JSON object.',
  });
}

export function wrong(expression: string, text: string, textEn: string): Failure {
  return new Failure('invalid-parameter', text, { textEn, expression });
}
