/**
 * Acts of the rooms that ask for a care relationship beside the role, by content `access/care-acts` (act, roles, dates): what a unit writes
 * as its own needs none by the table of roles, because anybody may walk in anywhere.
 */
import type { Content, Row } from '../content/content.ts';
import { Failure } from '../failure.ts';
import type { Store } from '../store/contract.ts';
import { vietnamDay } from '../text/vietnam-time.ts';
import { auditLine } from './audit.ts';
import type { RecordSession } from './contract.ts';
import { words } from './decide.ts';

export const CARE_ACTS = ['enrol', 'paper'] as const;
export type CareAct = (typeof CARE_ACTS)[number];

interface CareActParts {
  content: Pick<Content, 'inForce'>;
  store: Pick<Store, 'audit'>;
  settings: { now(): Date };
}

/** Fails with `forbidden`, and a refused line of the audit, when the act asks for care and the unit has none for the person. */
export async function requireCare(
  { content, store, settings }: CareActParts,
  session: RecordSession,
  act: CareAct,
  patient: string,
): Promise<void> {
  const { actor } = session;
  const asks = content
    .inForce('access/care-acts', vietnamDay(settings.now()))
    .some(
      (row) => row.act === act && words(row.roles).some((role) => (actor.roles as string[]).includes(role)),
    );
  if (!asks || (await session.cares(patient))) return;
  await store.audit([auditLine(actor, act, `Patient/${patient}`, patient, 'refused')]);
  throw new Failure(
    'forbidden',
    'Cơ sở của bạn chưa chăm sóc người này: hãy tiếp đón người này trước, hoặc mở hồ sơ khẩn cấp có lý do.',
    {
      textEn:
        'Your unit does not care for this person: begin a visit first, or open the record in an emergency with a reason.',
      details: { person: patient, breakGlass: actor.unit !== null },
    },
  );
}

/** What is wrong with a row; null when nothing is. */
export function careActFault({ act = '', roles = '' }: Row): string | null {
  if (!(CARE_ACTS as readonly string[]).includes(act)) return `"${act}" is no act that can ask for care`;
  return words(roles).length === 0 ? 'no roles: whom the act asks for care' : null;
}
