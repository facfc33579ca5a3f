/**
 * A person's vaccinations elsewhere, /api/programmes/link…: asked of the other register, laid beside ours, taken over or sent one by one
 * by a person. Nothing is taken over by itself, nothing of a person outside care is asked.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../../../kernel/failure.ts';
import type { Immunization } from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { type Service, ServiceFault } from '../../../kernel/outbound/service.ts';
import { vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import { type Ask, type Body, memberOfUnit, refusal, textOf, todayOf, writingOf } from '../asking.ts';
import type { Writing } from '../write.ts';
import { type LinkDefinition, linkOn } from './definition.ts';
import { corrected, sentDose, THEIR_DOSE, takenDose } from './doses.ts';
import { askAgain, type SharedState, sharedOf } from './shared.ts';
import { DECISIONS, type Decision, keepDecision, type Standing, standingOf } from './standing.ts';

/** Answer of `GET …/link/people/<id>`. */
export interface LinkRead {
  /** False = no other register is connected: nothing was asked. */
  connected: boolean;
  title: { vi: string; en: string } | null;
  /** Why they did not answer; '' = they did. */
  failure: string;
  /** Null = they do not know the person. */
  person: { name: string; birthDate: string; differences: readonly string[] } | null;
  rows: Standing['rows'];
  leftOut: number;
}

/** Answer of `GET …/link/people/<id>/shared`: doses that go there by themselves, the last that changed first. */
export interface SharedRead {
  /** False = a person sends. */
  isOn: boolean;
  rows: {
    dose: string;
    vaccine: string;
    day: string;
    state: SharedState;
    tries: number;
    said: string;
    at: string;
  }[];
}

const NOTHING: Omit<LinkRead, 'connected' | 'title'> = { failure: '', person: null, rows: [], leftOut: 0 };

export function linkRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.get<Ask>('/api/programmes/link/people/:patient', async (request): Promise<LinkRead> => {
    const writing = await asked(kernel, request);
    const link = linkOf(kernel);
    if (link === null)
      return { connected: false, title: linkOn(kernel.content, todayOf(kernel))?.title ?? null, ...NOTHING };
    const { definition, service } = link;
    const { title } = definition;
    try {
      const found = await standingOf(
        kernel,
        service,
        definition,
        writing.session,
        request.params.patient,
        writing.day,
      );
      return { connected: true, title, failure: '', ...shown(found) };
    } catch (error) {
      if (error instanceof ServiceFault) return { connected: true, title, ...NOTHING, failure: error.text };
      throw error;
    }
  });

  app.get<Ask>('/api/programmes/link/people/:patient/shared', async (request): Promise<SharedRead> => {
    memberOfUnit(kernel, request);
    const { patient } = request.params;
    const session = kernel.gate.session(request);
    await session.read('Patient', patient);
    const doses = (await session.searchAbout(patient, [['Immunization', {}]])).flat() as Immunization[];
    const byId = new Map(doses.map((one) => [one.id, one]));
    // What the reader does not see of the record is not told of here either.
    const rows = (await sharedOf(kernel.pool, patient)).flatMap(
      ({ immunization, state, tries, said, at }) => {
        const dose = byId.get(immunization);
        if (!dose) return [];
        const vaccine = dose.vaccineCode.text ?? dose.vaccineCode.coding?.[0]?.code ?? '';
        const day = dose.occurrenceDateTime ?? '';
        return [{ dose: immunization, vaccine, day, state, tries, said, at: vietnamInstant(at) }];
      },
    );
    return { isOn: linkOf(kernel)?.definition.share !== undefined, rows };
  });

  app.post<Ask>('/api/programmes/link/people/:patient/decisions', async (request) => {
    const writing = await asked(kernel, request);
    const link = connected(kernel);
    const found = await answered(() =>
      standingOf(kernel, link.service, link.definition, writing.session, request.params.patient, writing.day),
    );
    return { dose: await decide(kernel, writing, link.definition, found, request.body ?? {}) };
  });

  app.post<Ask>('/api/programmes/link/people/:patient/send', async (request) => {
    const writing = await asked(kernel, request);
    const { definition, service } = connected(kernel);
    const found = await answered(() =>
      standingOf(kernel, service, definition, writing.session, request.params.patient, writing.day),
    );
    const sent = await send(writing, service, definition, found);
    await askAgain(kernel.pool, request.params.patient, kernel.settings.now());
    return { sent };
  });
}

/** Who asks cares for the person: a number of somebody is told to others only for their care. */
async function asked(kernel: Kernel, request: FastifyRequest<Ask>): Promise<Writing> {
  memberOfUnit(kernel, request);
  const writing = writingOf(kernel, request);
  const { id: patient = '' } = await writing.session.read('Patient', request.params.patient);
  if (await writing.session.cares(patient)) {
    await writing.session.note('export', 'vaccinations: another register was asked', patient);
    return writing;
  }
  throw new Failure(
    'forbidden',
    'Cơ sở của bạn chưa chăm sóc người này nên không hỏi hệ thống khác về họ: hãy tiếp đón trước.',
    { textEn: 'Your unit does not care for this person.', details: { person: patient } },
  );
}

interface Link {
  definition: LinkDefinition;
  service: Service;
}

function linkOf(kernel: Kernel): Link | null {
  const { immunisationRegister: service } = kernel;
  const definition = linkOn(kernel.content, todayOf(kernel));
  return service && definition ? { service, definition } : null;
}

function connected(kernel: Kernel): Link {
  const link = linkOf(kernel);
  if (link) return link;
  throw refusal(
    'link',
    'Chưa nối với hệ thống tiêm chủng nào khác. Quản trị khai địa chỉ ở cài đặt YBA_IMMUNISATION.',
    'No other register is connected (YBA_IMMUNISATION).',
  );
}

async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ServiceFault)
      throw refusal(
        'link',
        `${error.text} Chưa ghi gì; hãy thử lại sau.`,
        `${error.message} Nothing was written.`,
      );
    throw error;
  }
}

function shown({ person, differences, rows, leftOut }: Standing) {
  return {
    person: person && {
      name:
        person.name?.[0]?.text ?? [person.name?.[0]?.family, ...(person.name?.[0]?.given ?? [])].join(' '),
      birthDate: person.birthDate ?? '',
      differences,
    },
    rows,
    leftOut,
  };
}

/** @returns id of the Immunization that was made or put right; '' when nothing of the record changed */
async function decide(
  kernel: Kernel,
  writing: Writing,
  { title }: LinkDefinition,
  found: Standing,
  body: Body,
): Promise<string> {
  const decision = DECISIONS.find((one) => one === body.decision);
  const why = textOf(body, 'why');
  const row = found.rows.find(({ theirs }) => theirs !== null && theirs.id === body.theirs);
  if (!decision || !row?.theirs)
    throw refusal('decision', 'Hãy chọn cách xử lý.', `decision is one of ${DECISIONS.join(', ')}.`);
  if (row.content !== body.content)
    throw refusal(
      'content',
      'Dữ liệu hai bên vừa đổi. Hãy xem lại rồi quyết định.',
      'One of the sides has changed; read it again.',
    );
  refuseUnfit(decision, row, why, found);
  const product = found.products.get(row.theirs.product || textOf(body, 'product'));
  if (decision !== 'keep' && !product)
    throw refusal(
      'product',
      'Mã vắc xin của hệ thống kia không có ở đây: hãy chọn vắc xin trong danh mục.',
      'Their code is not known here; product is needed.',
    );
  const patient = found.patient.id!;
  const told = { product: product!, title: title.vi, why };
  let dose = '';
  if (decision === 'add' || decision === 'two')
    dose = (await writing.session.create<Immunization>(takenDose(writing, patient, row.theirs, told))).id!;
  if (decision === 'correct') {
    const ours = found.doses.find(({ id }) => id === row.ours?.id)!;
    const written = corrected(writing, ours, row.theirs, told);
    dose = (await writing.session.update<Immunization>(written, Number(ours.meta?.versionId ?? 1))).id!;
  }
  await keepDecision(kernel, patient, {
    theirs: row.theirs.id,
    content: row.content,
    decision,
    ours: dose || (row.ours?.id ?? ''),
    why,
    who: writing.actor.name,
    at: writing.now,
  });
  return dose;
}

function refuseUnfit(decision: Decision, row: Standing['rows'][number], why: string, found: Standing): void {
  const fits: Record<Decision, boolean> = {
    add: row.state === 'theirs' || row.state === 'unknown-code',
    keep: true,
    two: row.state === 'differs',
    correct: row.state === 'differs',
  };
  if (!fits[decision])
    throw refusal('decision', 'Mũi này không xử lý theo cách đó.', `${decision} does not fit ${row.state}.`);
  if (decision === 'correct' && found.doses.find(({ id }) => id === row.ours?.id)?.primarySource !== false)
    throw refusal(
      'decision',
      'Mũi này do chính cơ sở ghi khi tiêm: sửa ở mũi tiêm nếu ghi nhầm, không sửa theo nơi khác.',
      'A dose that was written where it was given is not put right by others.',
    );
  // Of a person who may be another, and against what stands here, somebody says why.
  const needsWhy = decision !== 'add' || found.differences.length > 0;
  if (needsWhy && why === '') throw refusal('why', 'Hãy ghi lý do.', 'The reason is missing.');
}

/** Ours that they do not have, one by one: what was taken stays taken when a later one is refused. @returns how many they took */
async function send(
  { session, actor }: Writing,
  service: Service,
  definition: LinkDefinition,
  { person, differences, rows, doses }: Standing,
): Promise<number> {
  if (person === null || differences.length > 0)
    throw refusal(
      'patient',
      person === null
        ? 'Hệ thống kia chưa có người này: nơi quản lý hệ thống kia lập hồ sơ trước.'
        : 'Người mang số này ở hệ thống kia khác họ tên, ngày sinh hoặc giới tính: không gửi. Đối chiếu giấy tờ trước.',
      'Their person is missing or another.',
    );
  const { name = actor.unit! } = await session.read('Organization', actor.unit!);
  const own = rows
    .filter(({ state }) => state === 'ours')
    .map(({ ours }) => doses.find(({ id }) => id === ours!.id)!)
    // What others told us is theirs to send.
    .filter(({ primarySource }) => primarySource !== false);
  for (const dose of own)
    await answered(() =>
      service.post(definition.send, sentDose(dose, person, name), {
        // A dose that they took and did not answer for is not made twice.
        'if-none-exist': `identifier=${encodeURIComponent(`${THEIR_DOSE}|${dose.id}`)}`,
      }),
    );
  return own.length;
}
