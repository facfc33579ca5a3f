/** Which lines of a book a reader may see, and what is left of the others. */
import type { Register, RegisterLine } from '../../engines/reports/index.ts';
import type { ResourceType } from '../../kernel/fhir/types.ts';
import type { Kernel, RecordSession } from '../../kernel/kernel.ts';
import { guardedPersons } from '../../kernel/store/consent/guarded.ts';

/** Ids that are searched for at once. */
const AT_ONCE = 100;

/**
 * Persons of whom something may be hidden from the reader: by their consent, by its category, or because they are outside of the
 * reader's care.
 */
export async function doubtfulAmong(
  kernel: Kernel,
  session: RecordSession,
  lines: readonly RegisterLine[],
): Promise<ReadonlySet<string>> {
  const people = [...new Set(lines.flatMap(({ person }) => person ?? []))];
  const guarded = await guardedPersons(kernel.pool, people, kernel.settings.now());
  const cared = await session.caredAmong(people);
  return new Set(people.filter((person) => guarded.has(person) || !cared.has(person)));
}

/**
 * Lines that the reader may see: the row's resource and its person are searched again in the reader's own name, and, of those from
 * whom something may be hidden, everything else that the line was made of (`beside`).
 */
export async function seenLines(
  kernel: Kernel,
  session: RecordSession,
  register: Register,
  lines: readonly RegisterLine[],
  doubtful: ReadonlySet<string>,
): Promise<ReadonlySet<RegisterLine>> {
  const typeOf = (view: string) => kernel.content.json<{ resource: ResourceType }>(`views/${view}`).resource;
  const main = typeOf(register.definition.lines.view);
  const partsOf = ({ resource, person, beside }: RegisterLine): [ResourceType, string][] => [
    [main, resource],
    ...(person === null ? [] : [['Patient', person] as [ResourceType, string]]),
    ...(person !== null && !doubtful.has(person)
      ? []
      : beside.map((one): [ResourceType, string] => [typeOf(one.view), one.resource])),
  ];
  const asked = new Map<ResourceType, string[]>();
  for (const [type, id] of lines.flatMap(partsOf)) {
    const ids = asked.get(type);
    if (ids) ids.push(id);
    else asked.set(type, [id]);
  }
  const found = new Map<ResourceType, ReadonlySet<string>>();
  for (const [type, ids] of asked) found.set(type, await foundOf(session, type, ids));
  return new Set(lines.filter((line) => partsOf(line).every(([type, id]) => found.get(type)!.has(id))));
}

/** A book has no gaps: the number of a line stays. */
export function numberOnly({ definition }: Register, { cells }: RegisterLine): Record<string, string> {
  const number = definition.columns.find(({ value }) => value === 'number');
  return number ? { [number.key]: cells[number.key] ?? '' } : {};
}

async function foundOf(
  session: RecordSession,
  type: ResourceType,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const each = [...new Set(ids)];
  if (each.length === 0 || session.reach('search', type) === 'none') return new Set();
  const found = new Set<string>();
  for (let at = 0; at < each.length; at += AT_ONCE) {
    const { matches } = await session.search(type, [
      ['_id', each.slice(at, at + AT_ONCE).join(',')],
      ['_count', String(AT_ONCE)],
    ]);
    for (const { id } of matches) found.add(id!);
  }
  return found;
}
