/** A program with a client that signs its own tokens, and calls of CDS Hooks: for the tests of decision support. */
import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type AccessWorld, openAccessWorld } from '../../kernel/access/testing.ts';
import { cs } from '../../kernel/fhir/systems.ts';

export interface ShownCard {
  uuid: string;
  summary: string;
  detail?: string;
  indicator: string;
  source: { label: string; topic: { code: string } };
  selectionBehavior: string;
  suggestions: { uuid: string; label: string; actions: { resource?: unknown; resourceId?: string }[] }[];
  overrideReasons?: { code: string }[];
  links?: { label: string; url: string; type: string }[];
}

/** Any answer of a service: cards, or what is wrong. */
export interface Told {
  cards: ShownCard[];
  systemActions?: { type: string; description: string; resource: { resourceType: string } }[];
  error: { text: string; details: { missing: string[] }; issues: { expression: string }[] };
}

export interface HookAnswer {
  status: number;
  headers: Headers;
  body: Told;
}

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

export interface HookWorld extends AccessWorld {
  /** Of a system client of this server. */
  bearer: string;
  keys: KeyPair;
  /** A woman born in 1970. */
  patient: string;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<HookAnswer>;
  /** A call of the service of a hook, with an id of its own. */
  ask(hook: string, body: object, bearer?: string): Promise<HookAnswer>;
  /** A token that the client signs for the service of a hook; claims and header may be others. */
  signed(
    hook: string,
    claims?: Record<string, unknown>,
    key?: KeyPair['privateKey'],
    header?: Record<string, unknown>,
  ): Promise<string>;
  /** Every key of a service: the person, and nothing for the rest but what is given. */
  prefetch(hook: string, given?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** A rule is run over the past to the end and switched on, as an officer does. */
  switchOn(rule: string): Promise<void>;
}

export const serviceOf = (hook: string) => `/cds-services/yba-${hook}`;

export async function openHookWorld(): Promise<HookWorld> {
  const world = await openAccessWorld();
  const bearer = await world.token();
  const keys = await generateKeyPair('ES384');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES384', use: 'sig' };
  await world.program.house.access.clients.add({
    id: 'ehr.example',
    name: 'EHR',
    scopes: 'system/*.rs',
    jwks: { keys: [jwk] },
  });
  const person = { resourceType: 'Patient', gender: 'female', birthDate: '1970-05-01' };
  const patient = (await world.send('POST', '/fhir/Patient', person)).body.id as string;
  const post: HookWorld['post'] = async (path, body, headers = { authorization: `Bearer ${bearer}` }) => {
    const answer = await fetch(`${world.program.address}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: (text === '' ? {} : JSON.parse(text)) as Told,
    };
  };
  return {
    ...world,
    bearer,
    keys,
    patient,
    post,
    ask: (hook, body, token = bearer) =>
      post(
        serviceOf(hook),
        { hook, hookInstance: randomUUID(), ...body },
        { authorization: `Bearer ${token}` },
      ),
    signed: (hook, claims = {}, key = keys.privateKey, header = {}) =>
      new SignJWT({ ...claimsFor(`${world.program.address}${serviceOf(hook)}`), ...claims })
        .setProtectedHeader({ alg: 'ES384', typ: 'JWT', kid: 'one', ...header })
        .sign(key),
    prefetch: async (hook, given = {}) => {
      const answer = await fetch(`${world.program.address}/cds-services`);
      const { services } = (await answer.json()) as {
        services: { hook: string; prefetch: Record<string, string> }[];
      };
      const asked = Object.keys(services.find((one) => one.hook === hook)!.prefetch);
      return {
        ...Object.fromEntries(asked.map((key) => [key, null])),
        patient: { ...person, id: patient },
        ...given,
      };
    },
    switchOn: (rule) => switchOn(world, rule),
  };
}

function claimsFor(aud: string): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return { iss: 'https://ehr.example/', aud, iat: now, exp: now + 300, jti: randomUUID() };
}

/** A rule is run over the past to the end and switched on. Fails when either is refused. */
export async function switchOn(world: AccessWorld, rule: string): Promise<void> {
  const officer = await world.staff('content-officer', null);
  const at = `/api/decisions/rules/${rule}`;
  const done = async (method: string, path: string, body?: object) => {
    const answer = await officer.call(method, path, body, { 'content-type': 'application/json' });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as unknown as { id: string; state: string };
  };
  let trial = await done('POST', `${at}/trials`, {});
  while (trial.state === 'running') trial = await done('GET', `/api/decisions/trials/${trial.id}`);
  await done('POST', `${at}/state`, { state: 'live', note: 'Hội đồng thử duyệt' });
}

/** An active allergy to an ingredient. */
export const allergyOf = (patient: string, ingredient: string) => ({
  resourceType: 'AllergyIntolerance',
  patient: { reference: `Patient/${patient}` },
  clinicalStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
  },
  code: { coding: [{ system: cs.ingredient, code: ingredient }] },
});

/** A draft order of an ingredient, as an entry of a Bundle. */
export const draftOf = (patient: string, ingredient: string, more: object = {}) => ({
  resource: {
    resourceType: 'MedicationRequest',
    id: 'draft1',
    status: 'draft',
    intent: 'order',
    subject: { reference: `Patient/${patient}` },
    medicationCodeableConcept: {
      text: ingredient,
      coding: [{ system: cs.ingredient, code: ingredient }],
    },
    ...more,
  },
});
