/** `/api/citizen/consents…`: who may see my record: restrict, grant, withdraw, and the history of it. */
import type { FastifyInstance } from 'fastify';
import { readAuditRows } from '../../kernel/access/audit-reading.ts';
import { accountNames } from '../../kernel/access/looks/looks.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Consent } from '../../kernel/fhir/types.ts';
import { consentIssues } from '../../kernel/store/consent/index.ts';
import { isDay, vietnamDay, vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { type Choice, choiceOf, consentOf } from './consent-form.ts';
import { type NoteLine, noteLine } from './consent-notes.ts';
import { type Names, sentenceOf } from './consent-words.ts';
import { type Context, personAsked } from './context.ts';

/** One restriction or grant as it is shown. */
export interface ConsentLine {
  id: string;
  version: string;
  active: boolean;
  /** Active, and its time has come and not passed. */
  counts: boolean;
  choice: Choice | null;
  vi: string;
  en: string;
  /** When it was decided, and by whom. */
  at: string | null;
  by: string | null;
  /** What is carried out otherwise than it says. */
  notes: NoteLine[];
}

type Query = { Querystring: Record<string, string | undefined> };
const READER = /^(Organization|Practitioner)\/[A-Za-z0-9\-.]{1,64}$/;

export function consentRoutes(app: FastifyInstance, context: Context): void {
  const { kernel } = context;
  const today = () => vietnamDay(kernel.settings.now());

  app.get<Query>('/api/citizen/consents', async (request) => {
    const { patient } = await personAsked(context, request, request.query.patient);
    const { matches } = await kernel.gate.session(request).search('Consent', [
      ['patient', `Patient/${patient}`],
      ['scope', 'patient-privacy'],
      ['_sort', '-date'],
      ['_count', '200'],
    ]);
    return {
      rows: await linesOf(context, matches, today()),
      changes: await changesOf(context, patient),
      limits: context.inForce('access/restriction-limits').map((row) => ({
        vi: row.words!,
        en: row.words_en!,
        ground: { vi: row.ground!, en: row.ground_en! },
      })),
      categories: context.inForce('access/categories').map((row) => ({
        code: row.category!,
        vi: row.words!,
        en: row.words_en!,
      })),
    };
  });

  app.get<Query>('/api/citizen/readers', async (request) => {
    await personAsked(context, request, request.query.patient);
    const q = (request.query.q ?? '').trim().slice(0, 100);
    if (q.length < 2) return { rows: [] };
    const system = kernel.gate.system('citizen-portal');
    const [units, staff] = await Promise.all([
      system.search('Organization', [
        ['name:contains', q],
        ['_count', '8'],
      ]),
      system.search('Practitioner', [
        ['name:contains', q],
        ['_count', '8'],
      ]),
    ]);
    const references = [...units.matches, ...staff.matches].map(
      ({ resourceType, id }) => `${resourceType}/${id}`,
    );
    const names = await context.namesOf(references);
    return { rows: references.map((code) => ({ code, label: names.get(code) ?? code })) };
  });

  app.post('/api/citizen/consents/preview', async (request) => {
    const body = (request.body ?? {}) as Record<string, unknown>;
    const { patient, dependant } = await personAsked(context, request, body.patient);
    const choice = readChoice(context, body, today());
    const [line] = await linesOf(
      context,
      [consentOf(choice, { patient, by: patient, at: '', childAgreed: false })],
      today(),
    );
    return { vi: line!.vi, en: line!.en, childMustAgree: mustAgree(choice, dependant?.kind) };
  });

  app.post('/api/citizen/consents', async (request) => {
    const body = (request.body ?? {}) as Record<string, unknown>;
    const { patient, self, dependant } = await personAsked(context, request, body.patient);
    const choice = readChoice(context, body, today());
    const childAgreed = body.childAgreed === true;
    if (mustAgree(choice, dependant?.kind) && !childAgreed) throw childMustAgree();
    const at = vietnamInstant(kernel.settings.now());
    const created = await kernel.gate
      .session(request)
      .create(consentOf(choice, { patient, by: self, at, childAgreed }));
    return (await linesOf(context, [created], today()))[0];
  });

  app.post<{ Params: { id: string } }>('/api/citizen/consents/:id/withdraw', async (request) => {
    const session = kernel.gate.session(request);
    const consent = await session.read('Consent', request.params.id);
    const patient = consent.patient?.reference?.replace(/^Patient\//, '') ?? '';
    await personAsked(context, request, patient);
    if (consent.status === 'inactive') return (await linesOf(context, [consent], today()))[0];
    const version = Number(consent.meta?.versionId);
    const withdrawn = await session.update<Consent>({ ...consent, status: 'inactive' }, version);
    return (await linesOf(context, [withdrawn], today()))[0];
  });
}

/** From seven on a child decides with the representative when something is to be disclosed (Law 91/2025). */
function mustAgree(choice: Choice, kind: string | undefined): boolean {
  return kind === 'beside' && choice.effect === 'permit';
}

function childMustAgree(): Failure {
  return new Failure(
    'business-rule',
    'Trẻ từ 7 tuổi phải cùng đồng ý khi cho thêm người xem hồ sơ. Hãy hỏi trẻ rồi đánh dấu "Trẻ đã đồng ý".',
    {
      textEn: 'From seven on the child must agree to a disclosure, too: childAgreed = true.',
      expression: 'childAgreed',
    },
  );
}

/** Fails with `invalid-parameter` at the field that is wrong. */
function readChoice(context: Context, body: Record<string, unknown>, today: string): Choice {
  const text = (name: string): string | null => {
    const value = body[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const { effect } = body;
  if (effect !== 'deny' && effect !== 'permit')
    throw wrong('effect', 'Hãy chọn hạn chế hay cho phép.', 'effect is deny or permit.');
  const category = text('category');
  const categories = context.inForce('access/categories').map((row) => row.category);
  if (category !== null && !categories.includes(category))
    throw wrong(
      'category',
      `Không có nhóm thông tin "${category.slice(0, 40)}".`,
      `category is one of ${categories.join(', ')}.`,
    );
  const reader = text('reader');
  if (reader !== null && !READER.test(reader))
    throw wrong(
      'reader',
      'Hãy chọn cơ sở hoặc nhân viên y tế trong danh sách.',
      'reader is Organization/x or Practitioner/y.',
    );
  if (effect === 'permit' && reader === null)
    throw wrong('reader', 'Cho phép thì phải chọn ai được xem.', 'A grant names its reader.');
  const [from, until] = [text('from'), text('until')];
  for (const [name, day] of [
    ['from', from],
    ['until', until],
  ] as const) {
    if (day !== null && !isDay(day))
      throw wrong(name, `Ngày "${day.slice(0, 20)}" không có thật.`, `${name} is a day (yyyy-mm-dd).`);
  }
  if (until !== null && (until < today || (from !== null && until < from)))
    throw wrong(
      'until',
      'Ngày kết thúc phải sau hôm nay và sau ngày bắt đầu.',
      'until lies before today or before from.',
    );
  return { effect, category, reader, from, until };
}

async function linesOf(
  context: Context,
  consents: readonly Consent[],
  today: string,
): Promise<ConsentLine[]> {
  const choices = consents.map(choiceOf);
  const names = await context.namesOf([
    ...choices.flatMap((choice) => choice?.reader ?? []),
    ...consents.flatMap(({ performer }) => performer?.[0]?.reference ?? []),
  ]);
  const categories = new Map(context.inForce('access/categories').map((row) => [row.category!, row]));
  const wordsIn = (column: 'words' | 'words_en'): Names => ({
    category: (code) => withinSentence(categories.get(code)?.[column] ?? code),
    reader: (reference) => names.get(reference) ?? reference,
    day: (day) => day.split('-').reverse().join('/'),
  });
  const words = { vi: wordsIn('words'), en: wordsIn('words_en') };
  const { store } = context.kernel;
  const notes = await Promise.all(
    consents.map((consent) => consentIssues(consent, (type, id) => store.read(type, id))),
  );
  return consents.map((consent, at) => {
    const choice = choices[at]!;
    const said = choice
      ? sentenceOf(choice, words)
      : {
          vi: 'Quy định nhiều phần, lập ở hệ thống khác.',
          en: 'A consent of several parts, made elsewhere.',
        };
    const active = consent.status === 'active';
    const by = consent.performer?.[0]?.reference;
    return {
      id: consent.id ?? '',
      version: consent.meta?.versionId ?? '',
      active,
      counts:
        active &&
        (choice?.from == null || choice.from <= today) &&
        (choice?.until == null || choice.until >= today),
      choice,
      ...said,
      at: consent.dateTime ?? null,
      by: by === undefined ? null : (names.get(by) ?? by),
      notes: notes[at]!.map(noteLine),
    };
  });
}

/** `Sức khỏe tâm thần` → `sức khỏe tâm thần`; `HIV/AIDS` stays. */
function withinSentence(words: string): string {
  return /^\p{Lu}\p{Ll}/u.test(words) ? words[0]!.toLowerCase() + words.slice(1) : words;
}

/** Who wrote or changed a Consent, and when: the lines of the audit, which nobody can quietly change. */
async function changesOf({ kernel }: Context, patient: string) {
  const actions = ['create', 'update', 'delete'];
  const { rows } = await readAuditRows(
    kernel.pool,
    { patients: [patient], actions, count: 1000 },
    kernel.settings.now(),
  );
  const consents = rows.filter(({ what }) => /(^| )Consent\//.test(what));
  const accounts = await accountNames(kernel.pool, [...new Set(consents.map(({ who }) => who))]);
  return consents.map(({ id, at, action, what, who, whoDisplay }) => ({
    id,
    at,
    action,
    consent: /(?:^| )Consent\/([^ ]+)/.exec(what)![1]!,
    who,
    name: accounts.get(who)?.name ?? whoDisplay,
  }));
}

function wrong(expression: string, text: string, textEn: string): Failure {
  return new Failure('invalid-parameter', text, { textEn, expression });
}
