/** `/api/forms/designs`: forms are written, tried, published and rolled back by the content officer. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../../../kernel/failure.ts';
import { ext } from '../../../kernel/fhir/systems.ts';
import type { Questionnaire } from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { vietnamDay } from '../../../kernel/text/vietnam-time.ts';
import { type Definition, type Definitions, FORM_BASE, newestOn } from '../definitions.ts';
import { objectOf, wrong } from '../drafts/routes.ts';
import { DESIGNERS } from '../roles.ts';
import type { DesignRow, DesignView, VersionLine } from './contract.ts';
import { publish } from './publish.ts';
import {
  allDesigns,
  draftsInUse,
  readDesign,
  removeDesign,
  removeTrial,
  saveDesign,
  saveTrial,
  trialsOf,
} from './store.ts';
import type { Trial } from './trials.ts';

const KEY = /^[a-z0-9][a-z0-9-]{1,60}$/;
const LONGEST_NAME = 200;

type OfForm = { Params: { key: string } };

export function designRoutes(app: FastifyInstance, kernel: Kernel, definitions: Definitions): void {
  const today = () => vietnamDay(kernel.settings.now());
  const designer = (request: FastifyRequest) => kernel.gate.require(request, ...DESIGNERS);
  const at = '/api/forms/designs/:key';

  app.get('/api/forms/designs', async (request): Promise<{ rows: DesignRow[] }> => {
    designer(request);
    return { rows: rowsOf(await definitions.all(), await allDesigns(kernel.pool), today()) };
  });

  app.get<OfForm>(at, async (request): Promise<DesignView> => {
    designer(request);
    return viewOf(kernel, definitions, keyOf(request), today());
  });

  app.put<OfForm>(at, async (request): Promise<{ version: number }> => {
    const actor = designer(request);
    const { form } = objectOf(request.body);
    const saved = await saveDesign(
      kernel.pool,
      { key: keyOf(request), form: formOf(form), by: actor.name, at: kernel.settings.now() },
      seenOf(request),
    );
    if (!saved) throw overtaken();
    return { version: saved.version };
  });

  app.delete<OfForm>(at, async (request) => {
    designer(request);
    await removeDesign(kernel.pool, keyOf(request));
    return {};
  });

  trialRoutes(app, kernel, designer);
  publishRoutes(app, kernel, definitions, designer);
}

type Designer = (request: FastifyRequest) => unknown;

function trialRoutes(app: FastifyInstance, kernel: Kernel, designer: Designer): void {
  const at = '/api/forms/designs/:key/trials';
  app.put<OfForm>(at, async (request) => {
    designer(request);
    const trial = objectOf(request.body) as Partial<Trial>;
    const name = typeof trial.name === 'string' ? trial.name.trim().slice(0, LONGEST_NAME) : '';
    if (name === '') throw wrong('name', 'Đặt tên cho ca thử.', 'Give the test case a name.');
    if (
      trial.response?.resourceType !== 'QuestionnaireResponse' ||
      typeof trial.expected?.calculated !== 'object'
    )
      throw wrong(
        'response',
        'Ca thử thiếu câu trả lời hoặc kết quả mong đợi.',
        'response and expected are needed.',
      );
    if (Number.isNaN(Date.parse(trial.now ?? '')))
      throw wrong('now', 'Ca thử thiếu thời điểm.', 'now must be an instant.');
    const faults = Array.isArray(trial.expected.faults) ? trial.expected.faults.map(String) : [];
    await saveTrial(kernel.pool, keyOf(request), {
      ...(trial as Trial),
      name,
      expected: { ...trial.expected, faults },
    });
    return {};
  });
  app.delete<OfForm & { Querystring: { name?: string } }>(at, async (request) => {
    designer(request);
    await removeTrial(kernel.pool, keyOf(request), request.query.name ?? '');
    return {};
  });
}

function publishRoutes(
  app: FastifyInstance,
  kernel: Kernel,
  definitions: Definitions,
  designer: Designer,
): void {
  const today = () => vietnamDay(kernel.settings.now());
  const put = async (request: FastifyRequest<OfForm>, form: Questionnaire, reason: string) => {
    const key = keyOf(request);
    const versions = (await definitions.all()).filter((one) => one.key === key);
    const url = versions[0]?.url ?? `${FORM_BASE}${key}`;
    const { from } = objectOf(request.body);
    const trials = await trialsOf(kernel.pool, key);
    const asked = { key, form, url, from: String(from ?? ''), today: today(), reason, versions, trials };
    const made = await publish(kernel.gate.session(request), asked);
    return { version: made.version };
  };

  app.post<OfForm>('/api/forms/designs/:key/publish', async (request) => {
    designer(request);
    const design = await readDesign(kernel.pool, keyOf(request));
    if (!design) throw notThere(keyOf(request));
    if (design.version !== seenOf(request)) throw overtaken();
    const done = await put(
      request,
      design.form,
      String(objectOf(request.body).reason ?? '').slice(0, LONGEST_NAME),
    );
    await removeDesign(kernel.pool, design.key);
    return done;
  });

  app.post<OfForm>('/api/forms/designs/:key/roll-back', async (request) => {
    designer(request);
    const { version, reason } = objectOf(request.body);
    const written = typeof reason === 'string' ? reason.trim().slice(0, LONGEST_NAME) : '';
    if (written.length < 10)
      throw wrong('reason', 'Ghi lý do quay lại (ít nhất 10 ký tự).', 'Say why (at least 10 characters).');
    const key = keyOf(request);
    const earlier = (await definitions.all()).find((one) => one.key === key && one.version === version);
    if (!earlier) throw notThere(`${key}|${String(version).slice(0, 60)}`);
    return put(request, earlier.form, written);
  });
}

function rowsOf(
  definitions: readonly Definition[],
  designs: Awaited<ReturnType<typeof allDesigns>>,
  today: string,
): DesignRow[] {
  const keys = new Set([...definitions.map(({ key }) => key), ...designs.map(({ key }) => key)]);
  return [...keys]
    .filter((key) => KEY.test(key))
    .map((key): DesignRow => {
      const own = definitions.filter((one) => one.key === key);
      const design = designs.find((one) => one.key === key);
      return {
        key,
        title: design?.form.title ?? own.at(-1)?.form.title ?? key,
        versions: linesOf(own, today),
        design: design ? { by: design.by, at: design.at.toISOString() } : null,
      };
    })
    .sort((a, b) => a.title.localeCompare(b.title, 'vi'));
}

/** Newest first. */
function linesOf(versions: readonly Definition[], today: string): VersionLine[] {
  const [current] = newestOn(versions, today).values();
  // Of several of one day only the last is ever in force.
  const isLast = (one: Definition) => versions.findLast(({ from }) => from === one.from) === one;
  return versions
    .map(
      (one): VersionLine => ({
        version: one.version,
        from: one.from,
        state: one === current ? 'in-force' : one.from > today && isLast(one) ? 'coming' : 'past',
        reason: one.form.extension?.find(({ url }) => url === ext.versionReason)?.valueString ?? '',
      }),
    )
    .reverse();
}

async function viewOf(
  kernel: Kernel,
  definitions: Definitions,
  key: string,
  today: string,
): Promise<DesignView> {
  const versions = (await definitions.all()).filter((one) => one.key === key);
  const design = await readDesign(kernel.pool, key);
  const newest = versions.at(-1)?.form;
  const form = design?.form ?? newest;
  if (!form) throw notThere(key);
  const [current] = newestOn(versions, today).values();
  const url = versions[0]?.url ?? `${FORM_BASE}${key}`;
  return {
    key,
    url,
    form,
    version: design?.version ?? 0,
    by: design?.by ?? '',
    inForce: current?.form ?? null,
    versions: linesOf(versions, today),
    trials: await trialsOf(kernel.pool, key),
    drafts: await draftsInUse(kernel.pool, url),
  };
}

function keyOf({ params }: FastifyRequest<OfForm>): string {
  if (KEY.test(params.key)) return params.key;
  throw wrong(
    'key',
    'Mã biểu mẫu gồm chữ thường không dấu, số và dấu gạch nối.',
    'key must be letters, digits and hyphens.',
  );
}

function formOf(given: unknown): Questionnaire {
  const form = given as Questionnaire | null | undefined;
  if (typeof form === 'object' && form?.resourceType === 'Questionnaire') return form;
  throw wrong('form', 'Nội dung phải là một Questionnaire.', 'form must be a Questionnaire.');
}

function seenOf(request: FastifyRequest): number {
  const found = /^(?:W\/)?"(\d{1,9})"$/.exec(String(request.headers['if-match'] ?? '').trim());
  if (found) return Number(found[1]);
  throw new Failure('version-required', 'Thiếu phiên bản đã xem của bản đang soạn (If-Match).', {
    textEn: 'If-Match with the version of the design is required; "0" for a new one.',
  });
}

function overtaken(): Failure {
  return new Failure(
    'version-conflict',
    'Người khác vừa lưu bản đang soạn này. Chưa ghi đè gì; hãy tải lại rồi sửa tiếp.',
    {
      textEn: 'Somebody else has just saved this design. Nothing was overwritten.',
    },
  );
}

function notThere(key: string): Failure {
  return new Failure('not-found', `Không có biểu mẫu ${key.slice(0, 100)}.`, {
    textEn: `There is no form ${key.slice(0, 100)}.`,
  });
}
