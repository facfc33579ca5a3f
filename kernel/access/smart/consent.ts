/** The consent page: what an application asks, with whose record, and the person's answer. SMART App Launch 2.2. */
import { Failure } from '../../failure.ts';
import type { Actor } from '../contract.ts';
import type { ConsentAnswer, ConsentQuestion } from '../oidc/index.ts';
import { statedPurpose } from '../oidc/purpose-scope.ts';
import {
  type ConsentItem,
  consentItems,
  type DataNames,
  givenScopes,
  type Named,
  needsPatient,
} from './consent-items.ts';
import { type ContextParts, type PersonShown, readPerson, tokenContext } from './launch-context.ts';
import type { LaunchContext } from './launches.ts';

export interface ConsentView {
  client: { id: string; name: string };
  account: { id: string; name: string };
  items: ConsentItem[];
  person: {
    /** The application wants one person's record. */
    needed: boolean;
    /** Of a launch from our screens: cannot be changed. */
    fixed: PersonShown | null;
    /** A citizen's own record and those of dependants; null = staff, who search. */
    choices: PersonShown[] | null;
  };
  /** What the application says that the data is for; null when it does not. Goes with whatever is given. */
  purpose: Named | null;
  /** Days that the permission lasts when the person is away. */
  offlineDays: number;
}

/** What the page answers. */
export interface ConsentForm {
  grant?: unknown;
  /** What stayed ticked; narrower scopes than the asked ones may stand for them. */
  scopes?: unknown;
  /** Patient id, when one is chosen here. */
  patient?: unknown;
}

export interface ConsentParts extends ContextParts {
  names: DataNames;
  /** Words for a purpose of use, as in the person's own log. */
  purposeWords(code: string): Named;
  offlineDays: number;
}

const NOTHING: LaunchContext = { patient: null, encounter: null, intent: null };

/** Fails with `business-rule` when the launch is over or another's. */
export async function describeConsent(
  parts: ConsentParts,
  actor: Actor,
  { client, account, scopes, params }: ConsentQuestion,
): Promise<ConsentView> {
  const launch = handleOf(scopes, params);
  const context = launch === null ? NOTHING : await parts.launches.look(launch, client.id, account.id);
  if (context === null) throw launchIsOver();
  const purpose = statedPurpose(scopes.join(' '));
  return {
    client,
    account,
    items: consentItems(scopes, parts.names),
    person: {
      needed: needsPatient(scopes),
      fixed: context.patient === null ? null : await readPerson(parts, actor, context.patient),
      choices: await ownRecords(parts, actor),
    },
    purpose: purpose === null ? null : parts.purposeWords(purpose),
    offlineDays: parts.offlineDays,
  };
}

/** What of the answer goes on: scopes that were asked, and a context that the person may give. */
export async function decideConsent(
  parts: ConsentParts,
  actor: Actor,
  { client, account, scopes: asked, params }: ConsentQuestion,
  form: ConsentForm,
): Promise<ConsentAnswer> {
  if (form.grant !== true) return { grant: false };
  const scopes = givenScopes(asked, textsOf(form.scopes, asked));
  if (scopes.length === 0) return { grant: false };
  const launch = handleOf(asked, params);
  const launched = launch === null ? null : await parts.launches.look(launch, client.id, account.id);
  if (launch !== null && launched === null) throw launchIsOver();
  const patient = launched?.patient ?? (await chosen(parts, actor, scopes, form.patient));
  // Last, so that a fault in the answer can still be mended.
  if (launch !== null && (await parts.launches.take(launch, client.id, account.id)) === null)
    throw launchIsOver();
  const context = tokenContext(scopes, { ...(launched ?? NOTHING), patient }, parts.issuer());
  return { grant: true, scopes, context };
}

/** The handle, when the application asks for what it stands for. */
function handleOf(scopes: readonly string[], { launch }: Record<string, unknown>): string | null {
  return scopes.includes('launch') && typeof launch === 'string' ? launch : null;
}

async function chosen(
  parts: ConsentParts,
  actor: Actor,
  scopes: readonly string[],
  patient: unknown,
): Promise<string | null> {
  if (!needsPatient(scopes)) return null;
  if (typeof patient !== 'string' || patient === '') {
    throw new Failure('invalid-request', 'Hãy chọn hồ sơ của ai.', {
      textEn: 'Choose whose record.',
      expression: 'patient',
    });
  }
  return (await readPerson(parts, actor, patient)).id;
}

async function ownRecords(parts: ConsentParts, actor: Actor): Promise<PersonShown[] | null> {
  if (actor.persons === undefined) return null;
  const found = await Promise.all(
    actor.persons.map((id) =>
      readPerson(parts, actor, id).catch((error) => {
        // A dependant's record that was closed since.
        if (error instanceof Failure && error.code === 'not-found') return null;
        throw error;
      }),
    ),
  );
  return found.filter((person) => person !== null);
}

function textsOf(scopes: unknown, asked: readonly string[]): readonly string[] {
  if (scopes === undefined) return asked;
  if (Array.isArray(scopes) && scopes.every((one) => typeof one === 'string')) return scopes;
  throw new Failure('invalid-request', 'scopes phải là danh sách quyền.', {
    textEn: 'scopes must be a list of scopes.',
    expression: 'scopes',
  });
}

function launchIsOver(): Failure {
  return new Failure(
    'business-rule',
    'Lần mở ứng dụng này đã hết hạn hoặc đã dùng. Hãy mở lại ứng dụng từ hồ sơ người bệnh.',
    {
      textEn: 'The launch is over, was used, or is of another account. Launch the app again.',
      expression: 'launch',
    },
  );
}
