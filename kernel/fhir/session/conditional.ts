/** References by search criteria (`Patient?identifier=…`) resolved before the commit. R4 http.html#trules. */
import type { Actor } from '../../access/contract.ts';
import { Failure } from '../../failure.ts';
import { matcherOf } from '../../store/search/exact.ts';
import { conditionalReferences } from '../bundle/references.ts';
import { asResourceType } from '../names.ts';
import type { ResourceType } from '../types.ts';
import type { Draft, WriteEntry } from './draft.ts';
import { findOne } from './matches.ts';
import { placed } from './place.ts';
import type { Parts } from './reads.ts';

/**
 * Puts the one match of each conditional reference into `addresses`; a match that the Bundle itself writes is noted in
 * its draft instead, which gets its id later. Fails with `no-match`, `multiple-matches`.
 * @param leaving what the Bundle deletes: it matches nothing
 */
export async function resolveConditionalReferences(
  parts: Parts,
  actor: Actor,
  drafts: Draft[],
  leaving: ReadonlySet<string>,
  addresses: Map<string, string>,
): Promise<void> {
  const done = new Set<string>();
  for (const { entry, change } of drafts) {
    if (change.op !== 'create' && change.op !== 'update') continue;
    for (const reference of conditionalReferences(change.resource)) {
      if (done.has(reference)) continue;
      done.add(reference);
      const [name, criteria] = splitCriteria(reference);
      const type = await placed(entry, async () => asResourceType(name));
      const found = await placed(entry, () => findOne(parts, actor, type, criteria, leaving));
      const written = writtenMatches(drafts, type, criteria);
      const others = written.filter(({ id }) => id === null || id !== found?.id);
      if ((found ? 1 : 0) + others.length === 1) {
        if (found) addresses.set(reference, `${found.type}/${found.id}`);
        else others[0]!.criteria = [...(others[0]!.criteria ?? []), reference];
        continue;
      }
      throw found || others.length > 1 ? manyMatches(reference, entry) : noMatch(reference, entry);
    }
  }
}

/** R4 http.html#trules: conditional references are resolved last, so they name what the Bundle itself writes, too. */
function writtenMatches(drafts: Draft[], type: ResourceType, criteria: string): Draft[] {
  const matches = matcherOf({ type, params: [...new URLSearchParams(criteria)] as [string, string][] });
  if (!matches) return [];
  return drafts.filter(
    ({ change, ...draft }) => draft.type === type && 'resource' in change && matches(change.resource),
  );
}

function noMatch(reference: string, { place }: WriteEntry): Failure {
  return new Failure('no-match', `Không tìm thấy tài nguyên cho tham chiếu "${reference}".`, {
    textEn: `The conditional reference "${reference}" matches nothing.`,
    ...(place === null ? {} : { expression: `${place}.resource` }),
  });
}

function manyMatches(reference: string, { place }: WriteEntry): Failure {
  return new Failure('multiple-matches', `Nhiều tài nguyên khớp tham chiếu "${reference}".`, {
    textEn: `The conditional reference "${reference}" matches more than one resource.`,
    ...(place === null ? {} : { expression: `${place}.resource` }),
  });
}

function splitCriteria(reference: string): [string, string] {
  const at = reference.indexOf('?');
  return [reference.slice(0, at), reference.slice(at + 1)];
}
