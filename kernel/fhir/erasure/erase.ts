/**
 * Erasure in the name of an actor: `$purge` of a person and `DELETE …/_history`. Only who may erase, with a stated reason,
 * when nothing must be kept; the audit names the act and its reason, not the content.
 */
import { auditLine } from '../../access/audit.ts';
import type { Actor } from '../../access/contract.ts';
import { personOf } from '../../access/guard.ts';
import { Failure } from '../../failure.ts';
import type { AuditLine, ErasureJudge, ResourceName, StoredVersion } from '../../store/contract.ts';
import { readStoredJson } from '../json/read.ts';
import { notFound, type Parts, refused } from '../session/reads.ts';
import type { Resource, ResourceType } from '../types.ts';
import type { Hold } from './retention.ts';

export interface EraseParts extends Parts {
  /** What of a person's resources must be kept on the day of asking. */
  holds(resources: readonly Resource[]): Hold[];
}

const LONGEST_REASON = 1000;

/** Removes everything of the person for good. Fails with `forbidden`, `invalid-parameter`, `not-found`, `business-rule`. */
export async function purgePerson(
  parts: EraseParts,
  actor: Actor,
  patient: string,
  reason: string,
): Promise<ResourceName[]> {
  const line = await begin(parts, actor, 'Patient', `Patient/${patient}/$purge`, patient, reason);
  return refusing(parts, line, () => parts.store.erase(patient, judge(parts, line.what), [line]));
}

/** Removes the superseded versions of a resource for good. Fails like `purgePerson`. */
export async function purgeHistory(
  parts: EraseParts,
  actor: Actor,
  type: ResourceType,
  id: string,
  reason: string,
): Promise<number> {
  const current = await parts.store.read(type, id);
  const person = current && personOf(current);
  const line = await begin(parts, actor, type, `${type}/${id}/_history`, person, reason);
  if (!current) throw notFound(`${type}/${id}`);
  return refusing(parts, line, () => parts.store.eraseHistory(current, judge(parts, line.what), [line]));
}

async function begin(
  parts: EraseParts,
  actor: Actor,
  type: ResourceType,
  what: string,
  patient: string | null,
  reason: string,
): Promise<AuditLine> {
  if (parts.guard.reach(actor, 'purge', type) !== 'province') {
    throw await refused(parts.store, actor, 'purge', what, patient);
  }
  const stated = reason.trim();
  if (stated === '' || stated.length > LONGEST_REASON) {
    throw new Failure('invalid-parameter', 'Xóa vĩnh viễn cần nêu lý do (reason, tối đa 1000 ký tự).', {
      textEn: `Erasure needs a "reason" of at most ${LONGEST_REASON} characters; it stands in the audit.`,
      expression: 'reason',
    });
  }
  return auditLine({ ...actor, purpose: { ...actor.purpose, reason: stated } }, 'purge', what, patient);
}

/** A refusal by what must be kept stands in the audit, too. */
async function refusing<T>({ store }: EraseParts, line: AuditLine, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Failure && error.code === 'business-rule')
      await store.audit([{ ...line, outcome: 'refused' }]);
    throw error;
  }
}

function judge({ holds }: EraseParts, what: string): ErasureJudge {
  return async (versions, read) => {
    const last = lastOf(versions).map((version) => readStoredJson(version.body) as Resource);
    const kept = holds(last);
    if (kept.length > 0) throw keptFailure(what, kept);
    return attachmentsOf(versions, read);
  };
}

function lastOf(versions: readonly StoredVersion[]): StoredVersion[] {
  const last = new Map<string, StoredVersion>();
  for (const version of versions) {
    const name = `${version.type}/${version.id}`;
    if ((last.get(name)?.version ?? 0) < version.version) last.set(name, version);
  }
  return [...last.values()];
}

const BINARY = /"(?:[^"]*\/)?Binary\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/\d+)?"/g;

/** Binaries that the record refers to, but for those whose security context is somebody else's. */
async function attachmentsOf(
  versions: readonly StoredVersion[],
  read: Parameters<ErasureJudge>[1],
): Promise<ResourceName[]> {
  const own = new Set(versions.map(({ type, id }) => `${type}/${id}`));
  const ids = new Set<string>();
  for (const { body } of versions) {
    if (!body.includes('Binary/')) continue;
    for (const [, id] of body.toString('utf8').matchAll(BINARY)) ids.add(id!);
  }
  const found = await read([...ids].map((id) => ({ type: 'Binary' as const, id })));
  return found.flatMap(({ type, id, body, patient }) => {
    const { securityContext } = readStoredJson(body) as { securityContext?: { reference?: string } };
    const context = securityContext?.reference;
    return patient === null && (context === undefined || own.has(context)) ? [{ type, id }] : [];
  });
}

function keptFailure(what: string, kept: readonly Hold[]): Failure {
  const [first] = kept as [Hold];
  const until = first.until === null ? 'chưa có ngày hết hạn' : `đến hết ngày ${first.until}`;
  return new Failure('business-rule', `Chưa được xóa ${what}.`, {
    textEn: `${what} must be kept: ${first.what} until ${first.until ?? 'further notice'}.`,
    issues: kept.slice(0, 20).map((hold) => ({
      severity: 'error',
      code: 'business-rule',
      text: `Chưa được xóa: ${hold.what} phải lưu giữ (${hold.rule}), ${hold === first ? until : (hold.until ?? 'chưa có ngày hết hạn')}.`,
      textEn: `${hold.what} must be kept until ${hold.until ?? 'further notice'} (retention.csv).`,
    })),
    details: { holds: kept },
  });
}
