/** `$validate` of a type or of one resource: what would be said if it were written, and by any profile. R4 resource-operation-validate.html. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FAILURES, Failure, type Issue } from '../../failure.ts';
import { readJson, readStoredJson } from '../json/read.ts';
import { asResourceType } from '../names.ts';
import { goodOutcome, outcomeOf } from '../outcome.ts';
import type { Profiles } from '../profiles/index.ts';
import type { FhirGate } from '../record.ts';
import { readingIn } from '../session/lookup.ts';
import type { FhirSession } from '../session/session.ts';
import type { Consent, Resource, ResourceType } from '../types.ts';
import { unknownOrWrong } from './context.ts';
import { readDemand } from './demand.ts';
import { send } from './reply.ts';
import { bodyOf, idOf, JSON_TYPES, param, queryOf, requireMediaType, resourceOf } from './request.ts';

export interface ValidateParts {
  gate: FhirGate;
  validate(resource: Resource): Issue[];
  profiles: Profiles;
  /** Where a Consent is carried out otherwise than it says: warnings. */
  consentNotes(consent: Consent): Promise<Issue[]>;
}

const MODES = ['create', 'update', 'delete', 'profile'] as const;
type Mode = (typeof MODES)[number];

interface Ask {
  type: ResourceType;
  id: string | undefined;
  resource: unknown;
  mode: Mode | undefined;
  profiles: readonly string[];
}

/** Always 200 when the question itself can be answered. */
export async function handleValidate(parts: ValidateParts, request: FastifyRequest, reply: FastifyReply) {
  const session = parts.gate.session(request);
  const { params, pretty } = readDemand(queryOf(request));
  const ask = readAsk(request, params);
  const issues = ask.mode === 'delete' ? await judgeDelete(session, ask) : await judge(parts, session, ask);
  const outcome =
    issues.length > 0
      ? outcomeOf(new Failure('invalid-resource', 'Tài nguyên không hợp lệ.', { issues }))
      : ask.mode === 'delete'
        ? goodOutcome('Được xóa.', 'It may be deleted.')
        : goodOutcome('Tài nguyên hợp lệ.', 'The resource is valid.');
  return send(reply, { status: 200, body: Buffer.from(JSON.stringify(outcome)) }, pretty);
}

/** @throws Failure `invalid-parameter`, `unknown-parameter`, `invalid-request` */
function readAsk(request: FastifyRequest, query: readonly [string, string][]): Ask {
  const type = asResourceType(param(request, 'type'));
  const id = (request.params as { id?: string }).id === undefined ? undefined : idOf(request);
  const given = query.map(([name, value]) => ({ name, value }));
  let resource: unknown;
  if (bodyOf(request).length > 0) {
    requireMediaType(request, JSON_TYPES);
    const body = readJson(bodyOf(request)) as Record<string, unknown> | null;
    if (body?.resourceType === 'Parameters' && type !== 'Parameters') {
      for (const one of readParameters(body)) {
        if (one.name === 'resource') resource = one.resource;
        else given.push({ name: one.name, value: one.value });
      }
    } else resource = body;
  }
  for (const { name, value } of given)
    if (name !== 'mode' && name !== 'profile') throw unknownOrWrong(name, value, []);
  const of = (name: string) => given.filter((one) => one.name === name).map(({ value }) => value);
  return settled({ type, id, resource, mode: modeOf(of('mode')), profiles: of('profile') });
}

/** What the modes ask for, as R4's code system resource-validation-mode says. */
function settled(ask: Ask): Ask {
  const { id, resource, mode, profiles } = ask;
  if ((mode === 'update' || mode === 'delete') && id === undefined)
    throw wrong(
      'mode',
      `mode=${mode} chỉ dùng với một tài nguyên: [Loại]/[id]/$validate.`,
      `mode=${mode} is asked of one resource: [type]/[id]/$validate.`,
    );
  if (mode === 'profile' && id === undefined && resource === undefined)
    throw wrong(
      'resource',
      'Cần một tài nguyên: theo id trong địa chỉ, hoặc trong phần thân.',
      'A resource is needed: by the id in the address, or as the body.',
    );
  if (mode === 'profile' && profiles.length === 0)
    throw wrong('profile', 'mode=profile cần tham số profile.', 'mode=profile needs the parameter profile.');
  if (resource === undefined && id === undefined)
    throw wrong(
      'resource',
      'Thiếu tài nguyên cần kiểm tra: gửi nó làm phần thân, hoặc trong Parameters.',
      'There is no resource to validate: send it as the body, or in Parameters.',
    );
  return ask;
}

function modeOf(values: readonly string[]): Mode | undefined {
  const [value] = values;
  if (value === undefined) return undefined;
  const mode = MODES.find((one) => one === value);
  if (mode === undefined || values.length > 1) throw unknownOrWrong('mode', values.join(','), ['mode']);
  return mode;
}

function readParameters(
  body: Record<string, unknown>,
): { name: string; value: string; resource?: unknown }[] {
  const list = Array.isArray(body.parameter) ? (body.parameter as Record<string, unknown>[]) : [];
  return list.map((one) => {
    const [, value] = Object.entries(one ?? {}).find(([key]) => /^value[A-Z]/.test(key)) ?? [];
    return { name: String(one?.name), value: String(value ?? ''), resource: one?.resource };
  });
}

const wrong = (expression: string, text: string, textEn: string) =>
  new Failure('invalid-parameter', text, { textEn, expression });

/** Without a mode the content alone is judged: a list that the program shows is valid, and nobody's to store. */
const isWriting = ({ mode }: Ask) => mode === 'create' || mode === 'update';

/** Faults of R4 with which a profile still has something to look at. */
const HARMLESS = new Set(['required', 'code-invalid', 'invariant', 'business-rule']);

async function judge(parts: ValidateParts, session: FhirSession, ask: Ask): Promise<Issue[]> {
  const { type, id, profiles } = ask;
  const resource =
    ask.resource === undefined
      ? (readStoredJson((await session.readStored(type, id!)).body) as Resource)
      : resourceOf(ask.resource, type);
  const issues = [...parts.validate(resource), ...(isWriting(ask) ? session.lists.refusal(resource) : [])];
  if (id !== undefined && ask.resource !== undefined && resource.id !== id) {
    issues.push({
      severity: 'error',
      code: 'invalid',
      text: `Mã trong tài nguyên khác mã trong địa chỉ "${id}".`,
      textEn: `The resource must have the id of the address, "${id}".`,
      expression: `${type}.id`,
    });
  }
  if (!issues.every(({ code }) => HARMLESS.has(code))) return issues;
  const asked = { profiles, warnings: true, read: readingIn(session) };
  const check = await parts.profiles.checkOf([resource], asked);
  const notes = resource.resourceType === 'Consent' ? await parts.consentNotes(resource) : [];
  return [...issues, ...check(resource, asked), ...notes];
}

/** The content does not count: whether it is there and may be deleted. */
async function judgeDelete(session: FhirSession, { type, id }: Ask): Promise<Issue[]> {
  await session.readStored(type, id!);
  if (session.reach('delete', type) !== 'none') return [];
  return [
    {
      severity: 'error',
      code: FAILURES.forbidden.issue,
      text: `Bạn không được xóa ${type}.`,
      textEn: `You may not delete ${type}.`,
      expression: type,
    },
  ];
}
