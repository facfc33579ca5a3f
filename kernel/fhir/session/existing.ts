/**
 * `Prefer: handling=strict` on a write: every reference to a resource of our own must lead somewhere. Without it references
 * are stored as they come (R4 references.html leaves it to the server): partners load in their own order.
 */
import type { Actor } from '../../access/contract.ts';
import { Failure, type Issue } from '../../failure.ts';
import type { ResourceName } from '../../store/contract.ts';
import { isResourceType, RENDERED } from '../names.ts';
import type { Draft } from './draft.ts';
import type { Parts } from './reads.ts';

const LOCAL = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/\d+)?$/;

interface Named extends ResourceName {
  /** FHIRPath of the reference, below its resource. */
  path: string;
}

/** Fails with `invalid-resource` (422), each reference that leads nowhere by its place. What the same Bundle writes is there. */
export async function refuseMissing(
  { store, guard }: Parts,
  actor: Actor,
  drafts: readonly Draft[],
): Promise<void> {
  const here = new Set(
    drafts.flatMap(({ type, id, change }) => (change.op === 'delete' ? [] : [`${type}/${id}`])),
  );
  const leaving = new Set(
    drafts.flatMap(({ type, id, change }) => (change.op === 'delete' ? [`${type}/${id}`] : [])),
  );
  const wanted = drafts.flatMap(({ entry, change }) =>
    'resource' in change
      ? namesIn(change.resource, '').map((named) => ({
          ...named,
          entry,
          type: named.type,
          of: change.resource.resourceType,
        }))
      : [],
  );
  const open = wanted.filter(({ type, id }) => !here.has(`${type}/${id}`) && !RENDERED.has(type));
  const asked = new Map(open.map(({ type, id }) => [`${type}/${id}`, { type, id }]));
  const found = await store.readMany([...asked.values()]);
  const seen = await guard.sees(actor, found);
  for (const { type, id } of found.filter((_, at) => seen[at])) {
    if (!leaving.has(`${type}/${id}`)) asked.delete(`${type}/${id}`);
  }
  const issues = open
    .filter(({ type, id }) => asked.has(`${type}/${id}`))
    .map(({ type, id, path, entry, of }): Issue => {
      const place = entry.place === null ? of : `${entry.place}.resource`;
      return {
        severity: 'error',
        code: 'not-found',
        text: `Tham chiếu tới ${type}/${id}, nhưng không có tài nguyên đó.`,
        textEn: `${type}/${id} does not exist, and handling=strict asks that it does.`,
        expression: `${place}.${path}`,
      };
    });
  if (issues.length > 0)
    throw new Failure('invalid-resource', 'Có tham chiếu không dẫn tới đâu.', {
      issues: issues.slice(0, 100),
    });
}

function namesIn(node: unknown, path: string): Named[] {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((item, at) => namesIn(item, `${path}[${at}]`));
  return Object.entries(node).flatMap(([name, value]) => {
    const below = path === '' ? name : `${path}.${name}`;
    if (name !== 'reference' || typeof value !== 'string') return namesIn(value, below);
    const [, type = '', id = ''] = LOCAL.exec(value) ?? [];
    return isResourceType(type) ? [{ type, id, path: below }] : [];
  });
}
