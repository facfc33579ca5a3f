/** The names that a part of a modular form stands among, and the prefix of its linkIds. Pure. */
import { compilePath, Work } from '../../../kernel/fhir/path/index.ts';
import type { Questionnaire, QuestionnaireItem } from '../../../kernel/fhir/types.ts';
import { EXT, type Extended, extensionsOf } from '../extension.ts';
import { launchName } from '../launch.ts';
import { cannotAssemble } from './source.ts';

export const PREFIX = 'linkIdPrefix';

export interface Setting {
  /** Names that expressions may use here. */
  names: ReadonlySet<string>;
  /** Goes before every linkId of a form that is put in here; '' = none. */
  prefix: string;
}

export const NO_SETTING: Setting = { names: new Set(), prefix: '' };

/** What an item, or the form itself, adds to the names for what stands under it. */
export function settingOf(holder: Extended, place: string, above: Setting): Setting {
  const names = new Set(above.names);
  let { prefix } = above;
  for (const one of extensionsOf(holder, EXT.launchContext)) {
    const name = launchName(one);
    if (name !== null) names.add(name);
  }
  for (const url of [EXT.variable, EXT.populationContext])
    for (const { valueExpression } of extensionsOf(holder, url)) {
      const { name, expression } = valueExpression ?? {};
      if (name === undefined) continue;
      names.add(name);
      if (name === PREFIX) prefix = prefixOf(expression ?? '', place, above.prefix);
    }
  return { names, prefix };
}

/** `%linkIdPrefix + 'name.'`, of the prefix above. */
function prefixOf(expression: string, place: string, above: string): string {
  try {
    const path = compilePath(expression, {
      type: null,
      constants: new Map([[PREFIX, { type: 'string', value: above }]]),
    });
    const [value] = path.step([], new Work());
    if (typeof value === 'string') return value;
  } catch {
    // Told below: whatever is wrong with it, it gives no text.
  }
  throw cannotAssemble(
    place,
    `Biến linkIdPrefix "${expression}" không cho ra một chuỗi cố định.`,
    `The variable linkIdPrefix "${expression}" does not give a fixed text.`,
  );
}

/** Names that the form says it needs from where it is put in. */
export const contextNeeded = (form: Questionnaire): string[] =>
  extensionsOf(form as Extended, EXT.assembleContext).flatMap(({ valueString }) => valueString ?? []);

/** The items of a form under a prefix: their linkIds, the questions that they name, and what it contains. */
export function prefixed(form: Questionnaire, prefix: string): Questionnaire {
  if (prefix === '') return form;
  const contained = new Map(
    (form.contained ?? []).flatMap(({ id }) => (id ? [[`#${id}`, `#${prefix}${id}`]] : [])),
  );
  const items = (list: readonly QuestionnaireItem[] | undefined): QuestionnaireItem[] =>
    (list ?? []).map((item) => ({
      ...item,
      linkId: prefix + item.linkId,
      ...(item.enableWhen
        ? { enableWhen: item.enableWhen.map((one) => ({ ...one, question: prefix + one.question })) }
        : {}),
      ...(item.item ? { item: items(item.item) } : {}),
    }));
  const moved = { ...form, item: items(form.item) };
  if (contained.size === 0) return moved;
  const named = renamed(moved, contained) as Questionnaire;
  return { ...named, contained: named.contained!.map((one) => ({ ...one, id: prefix + one.id })) };
}

/** References to what is contained, wherever they stand. */
function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((one) => renamed(one, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, renamed(one, names)]));
}
