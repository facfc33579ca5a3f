/** A call of a service: its body read and refused with places. CDS Hooks 2.0, Calling a CDS Service. Pure. */
import type { Hook } from '../../../engines/rules/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Medication, Resource } from '../../../kernel/fhir/types.ts';

export interface HookRequest {
  instance: string;
  patient: string;
  encounter: string | null;
  /** Orders, or medicines that are handed out, as sent. */
  drafts: Resource[];
  /** Medications beside them, by which orders name what they are about. */
  medications: Medication[];
  selections: string[];
  appointments: Resource[];
  /** As sent; null = the client has nothing of it. */
  prefetch: Readonly<Record<string, unknown>>;
  fhirServer: string | null;
  /** Access token for the client's FHIR server. */
  token: string | null;
}

/** Where the context holds the medicines and orders that the rules are asked about. */
const ORDERS_AT: Partial<Record<Hook, string>> = {
  'order-select': 'draftOrders',
  'order-sign': 'draftOrders',
  'order-dispense': 'medications',
  'medication-refill': 'medications',
};
/** Hooks whose context may name no user: a medicine is refilled without anybody at a screen. */
const USERLESS: ReadonlySet<Hook> = new Set<Hook>(['medication-refill']);
/** Hooks whose context must name a visit. */
const VISIT_HOOKS: ReadonlySet<Hook> = new Set<Hook>(['encounter-start', 'encounter-discharge']);
const UUID = /^(urn:uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/** @throws Failure `invalid-request` with the place */
export function readHookRequest(body: unknown, hook: Hook): HookRequest {
  const given = withoutNulls(objectAt(body, '', 'body'));
  if (given.hook !== hook)
    throw wrong('hook', `phải là "${hook}" với dịch vụ này`, `must be "${hook}" at this service`);
  const instance = textAt(given.hookInstance, 'hookInstance');
  if (!UUID.test(instance)) throw wrong('hookInstance', 'phải là UUID', 'must be a UUID');
  const context = withoutNulls(objectAt(given.context, 'context', 'context'));
  if (context.userId !== undefined || !USERLESS.has(hook)) userAt(context.userId);
  const patient = idAt(context.patientId, 'context.patientId', 'Patient');
  const token = tokenIn(given, patient);
  const sent = ordersIn(context, hook);
  const drafts = sent.filter((one) => one.resourceType !== 'Medication');
  const appointments =
    hook === 'appointment-book'
      ? resourcesAt(context.appointments, 'context.appointments', 'Appointment')
      : [];
  refuseOthers(sent, patient, `context.${ORDERS_AT[hook]}`);
  refuseOthers(appointments, patient, 'context.appointments');
  return {
    instance,
    patient,
    encounter:
      context.encounterId === undefined && !VISIT_HOOKS.has(hook)
        ? null
        : idAt(context.encounterId, 'context.encounterId', 'Encounter'),
    drafts,
    medications: medicationsIn(context[ORDERS_AT[hook] ?? '']),
    appointments,
    selections: hook === 'order-select' ? selectionsAt(context.selections, drafts) : [],
    prefetch: given.prefetch === undefined ? {} : objectAt(given.prefetch, 'prefetch', 'prefetch'),
    fhirServer: given.fhirServer === undefined ? null : addressAt(given.fhirServer, 'fhirServer'),
    token,
  };
}

/** `Practitioner/x`: the hooks want type and id of who is at the screen. */
const USER = /^(Practitioner|PractitionerRole|Patient|RelatedPerson)\/[A-Za-z0-9\-.]{1,64}$/;

function userAt(value: unknown): void {
  const text = textAt(value, 'context.userId');
  if (!USER.test(text))
    throw wrong(
      'context.userId',
      'phải là Practitioner/…, PractitionerRole/…, Patient/… hoặc RelatedPerson/…',
      'must be Practitioner/…, PractitionerRole/…, Patient/… or RelatedPerson/…',
    );
}

/**
 * The access token that the client hands on, and what it says of it: a bearer token that is not over, for this person when it is for
 * one (CDS Hooks 2.0, Passing the Access Token to the CDS Service). Null when it hands none on.
 */
function tokenIn({ fhirAuthorization, fhirServer }: Record<string, unknown>, patient: string): string | null {
  if (fhirAuthorization === undefined) return null;
  const at = 'fhirAuthorization';
  const given = withoutNulls(objectAt(fhirAuthorization, at, at));
  if (fhirServer === undefined) throw wrong('fhirServer', `cần có khi gửi ${at}`, `is required with ${at}`);
  const token = textAt(given.access_token, `${at}.access_token`);
  const kind = given.token_type;
  if (kind !== undefined && (typeof kind !== 'string' || kind.toLowerCase() !== 'bearer'))
    throw wrong(`${at}.token_type`, 'phải là Bearer', 'must be Bearer');
  const { expires_in: left } = given;
  if (left !== undefined && (!Number.isInteger(left) || (left as number) <= 0))
    throw wrong(`${at}.expires_in`, 'phải là số giây lớn hơn 0', 'must be a number of seconds above 0');
  for (const name of ['scope', 'subject', 'patient'])
    if (given[name] !== undefined && typeof given[name] !== 'string')
      throw wrong(`${at}.${name}`, 'phải là chữ', 'must be a text');
  if (given.patient !== undefined && idAt(given.patient, `${at}.patient`, 'Patient') !== patient)
    throw wrong(
      `${at}.patient`,
      'là người khác với context.patientId',
      'is somebody else than context.patientId',
    );
  return token;
}

function ordersIn(context: Record<string, unknown>, hook: Hook): Resource[] {
  const name = ORDERS_AT[hook];
  return name === undefined ? [] : resourcesAt(context[name], `context.${name}`);
}

/** @param type that all of them must have */
function resourcesAt(value: unknown, place: string, type?: string): Resource[] {
  const bundle = objectAt(value, place, place);
  if (bundle.resourceType !== 'Bundle') throw wrong(place, 'phải là Bundle', 'must be a Bundle');
  const entries = bundle.entry ?? [];
  if (!Array.isArray(entries)) throw wrong(`${place}.entry`, 'phải là danh sách', 'must be a list');
  return entries.map((entry, at) => {
    const here = `${place}.entry[${at}].resource`;
    const resource = objectAt((entry as { resource?: unknown } | null)?.resource, here, here);
    const found = textAt(resource.resourceType, `${here}.resourceType`);
    if (type !== undefined && found !== type)
      throw wrong(`${here}.resourceType`, `phải là ${type}`, `must be ${type}`);
    return resource as unknown as Resource;
  });
}

/** A Medication is referred to by its id, or by the `urn:uuid:` of its entry: it is known by both. @param bundle that was read already */
function medicationsIn(bundle: unknown): Medication[] {
  const { entry = [] } = (bundle ?? {}) as { entry?: { resource: Resource; fullUrl?: unknown }[] };
  return entry.flatMap(({ resource, fullUrl }) => {
    if (resource.resourceType !== 'Medication') return [];
    return typeof fullUrl === 'string' && fullUrl.startsWith('urn:')
      ? [resource, { ...resource, id: fullUrl }]
      : [resource];
  });
}

/** Where resources of a context name whom they are about: orders as `subject`, `patient` or `for`, appointments among who takes part. */
interface AboutSomebody {
  subject?: { reference?: unknown };
  patient?: { reference?: unknown };
  for?: { reference?: unknown };
  participant?: unknown;
}

/** An order of somebody else among the drafts would be judged by the wrong person's record. */
function refuseOthers(sent: readonly Resource[], patient: string, place: string): void {
  for (const [at, one] of sent.entries()) {
    const here = `${place}.entry[${at}].resource`;
    for (const name of ['subject', 'patient', 'for'] as const) {
      const person = personIn((one as AboutSomebody)[name]);
      if (person !== null && person !== patient) throw aboutOthers(`${here}.${name}`);
    }
    const persons = participantsIn(one as AboutSomebody);
    if (persons.length > 0 && !persons.includes(patient)) throw aboutOthers(`${here}.participant`);
  }
}

const aboutOthers = (place: string): Failure =>
  wrong(place, 'nói về người khác với context.patientId', 'is about somebody else than context.patientId');

/** Id of the Patient whom a reference names; null for none, or for somebody of another type. */
function personIn(value: unknown): string | null {
  const { reference } = (value ?? {}) as { reference?: unknown };
  if (typeof reference !== 'string' || !/(^|\/)Patient\//.test(reference)) return null;
  return (
    reference
      .replace(/\/_history\/.*$/, '')
      .split('/')
      .at(-1) ?? null
  );
}

function participantsIn({ participant }: AboutSomebody): string[] {
  if (!Array.isArray(participant)) return [];
  return participant.flatMap((one: { actor?: unknown } | null) => personIn(one?.actor) ?? []);
}

/** `MedicationRequest/x`, or its id alone; each is one of the drafts. */
function selectionsAt(value: unknown, drafts: readonly Resource[]): string[] {
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'string'))
    throw wrong('context.selections', 'phải là danh sách mã', 'must be a list of ids');
  const known = new Set(drafts.flatMap(({ resourceType, id }) => [`${resourceType}/${id}`, `${id}`]));
  const stray = value.findIndex((one) => !known.has(one));
  if (stray >= 0)
    throw wrong(
      `context.selections[${stray}]`,
      'không có trong context.draftOrders',
      'is none of context.draftOrders',
    );
  return value;
}

function objectAt(value: unknown, place: string, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw wrong(place || name, 'thiếu, hoặc không phải đối tượng JSON', 'is missing, or no JSON object');
}

/** Many clients write null for what they have not. */
const withoutNulls = (given: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));

function addressAt(value: unknown, place: string): string {
  const text = textAt(value, place);
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw wrong(place, 'phải là địa chỉ http hoặc https', 'must be an http or https address');
}

function textAt(value: unknown, place: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw wrong(place, 'thiếu, hoặc không phải chữ', 'is missing, or no text');
}

/** An id, also where a client writes `Patient/x`. */
function idAt(value: unknown, place: string, type: string): string {
  const text = textAt(value, place);
  const id = text.startsWith(`${type}/`) ? text.slice(type.length + 1) : text;
  if (ID.test(id)) return id;
  throw wrong(place, `không phải mã của ${type}`, `is no id of a ${type}`);
}

export function wrong(place: string, why: string, whyEn: string): Failure {
  return new Failure('invalid-request', `${place} ${why}.`, {
    textEn: `${place} ${whyEn}.`,
    expression: place,
  });
}
