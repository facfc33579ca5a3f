/** `$meta`, `$meta-add`, `$meta-delete`: the profiles, tags and labels of one resource. Pure. R4 resource-operation-meta*.html. */
import { Failure } from '../../failure.ts';
import { unknownOrWrong } from '../http/context.ts';
import type { Coding, Meta } from '../types.ts';

/** What the operations add and take; the rest of `meta` is the server's. */
type Marks = Pick<Meta, 'profile' | 'security' | 'tag'>;

export function withMarks(meta: Meta, { profile = [], security = [], tag = [] }: Marks): Meta {
  return marked(meta, {
    profile: [...new Set([...(meta.profile ?? []), ...profile])],
    security: together(meta.security, security),
    tag: together(meta.tag, tag),
  });
}

/** What is not there is taken away already. */
export function withoutMarks(meta: Meta, { profile = [], security = [], tag = [] }: Marks): Meta {
  return marked(meta, {
    profile: (meta.profile ?? []).filter((one) => !profile.includes(one)),
    security: (meta.security ?? []).filter((one) => !has(security, one)),
    tag: (meta.tag ?? []).filter((one) => !has(tag, one)),
  });
}

/** An empty list is none. */
function marked(meta: Meta, marks: Required<Marks>): Meta {
  const { profile: _profile, security: _security, tag: _tag, ...rest } = meta;
  return {
    ...rest,
    ...(marks.profile.length > 0 && { profile: marks.profile }),
    ...(marks.security.length > 0 && { security: marks.security }),
    ...(marks.tag.length > 0 && { tag: marks.tag }),
  };
}

function together(before: readonly Coding[] = [], more: readonly Coding[]): Coding[] {
  const all = [...before];
  for (const one of more) if (!has(all, one)) all.push(one);
  return all;
}

/** A tag is one by system and code, whatever its display. */
function has(codings: readonly Coding[], { system, code }: Coding): boolean {
  return codings.some((one) => one.system === system && one.code === code);
}

export function sameMarks(one: Meta, other: Meta): boolean {
  const text = ({ profile = [], security = [], tag = [] }: Meta) => JSON.stringify([profile, security, tag]);
  return text(one) === text(other);
}

/** `meta` of the Parameters that were sent. @throws Failure that names what is wrong */
export function readMarks(body: unknown): Marks {
  const { resourceType, parameter } = (body ?? {}) as { resourceType?: unknown; parameter?: unknown };
  if (resourceType !== 'Parameters')
    throw wrong('Parameters', 'Cần một tài nguyên Parameters.', 'A Parameters resource is needed.');
  const given = Array.isArray(parameter) ? (parameter as Record<string, unknown>[]) : [];
  for (const one of given) if (one?.name !== 'meta') throw unknownOrWrong(String(one?.name), '', []);
  const [first, ...others] = given;
  const meta = first?.valueMeta;
  if (typeof meta !== 'object' || meta === null || Array.isArray(meta) || others.length > 0)
    throw wrong(
      'meta',
      'Cần đúng một tham số meta (valueMeta).',
      'Exactly one parameter meta (valueMeta) is needed.',
    );
  const { profile, security, tag } = meta as Record<string, unknown>;
  for (const [name, list] of Object.entries({ profile, security, tag }))
    if (list !== undefined && !Array.isArray(list))
      throw wrong(`meta.${name}`, `meta.${name} phải là danh sách.`, `meta.${name} must be a list.`);
  return meta as Marks;
}

function wrong(expression: string, text: string, textEn: string): Failure {
  return new Failure('invalid-parameter', text, { textEn, expression });
}
