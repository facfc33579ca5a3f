/** What a profile of the content demands beyond R4, rule by rule: the guide tells them, and each has a bad example. Pure. */
import type { ContentProfile } from '../../../kernel/content/profiles.ts';
import { baseTypeOf, type Element, elementsOf } from '../../../kernel/fhir/definitions/index.ts';

export interface DifferentialElement {
  id: string;
  path: string;
  sliceName?: string;
  short?: string;
  requirements?: string;
  alias?: string[];
  min?: number;
  max?: string;
  type?: { code: string; profile?: string[]; targetProfile?: string[] }[];
  slicing?: { discriminator: { type: string; path: string }[] };
  binding?: { strength: string; valueSet: string };
  constraint?: {
    key: string;
    severity: 'error' | 'warning';
    human: string;
    requirements?: string;
    expression: string;
  }[];
  [value: string]: unknown;
}

export type RuleKind = 'constraint' | 'min' | 'max' | 'type' | 'fixed' | 'binding';

export interface Rule {
  /** Key of a constraint, else `<element id>:<kind>`. */
  id: string;
  kind: RuleKind;
  element: DifferentialElement;
  severity: 'error' | 'warning';
  /** In Vietnamese, one sentence. */
  text: string;
  /** Reason and source; '' when the profile does not say. */
  why: string;
}

export function elementsIn(profile: ContentProfile): DifferentialElement[] {
  return (profile.differential as { element: DifferentialElement[] }).element;
}

/** In the order of the elements. What R4 itself demands, and what only says which slice is meant, is no rule. */
export function rulesOf(profile: ContentProfile): Rule[] {
  const elements = elementsIn(profile);
  return elements.flatMap((element) => [
    ...(isDiscriminator(element, elements) ? [] : elementRules(element, elements, profile.type)),
    ...constraintRules(element),
  ]);
}

/** How often an element may stand there, as `1..*`: what the profile says, else R4. */
export function cardinalityOf(element: DifferentialElement, profile: ContentProfile): string {
  const base = baseOf(element, elementsIn(profile), profile.type);
  const isSlice = element.sliceName !== undefined;
  const most = base && base.max !== Number.POSITIVE_INFINITY ? String(base.max) : '*';
  return `${element.min ?? (isSlice ? 0 : (base?.min ?? 0))}..${element.max ?? most}`;
}

function constraintRules(element: DifferentialElement): Rule[] {
  return (element.constraint ?? []).map(({ key, severity, human, requirements = '' }) => ({
    id: key,
    kind: 'constraint',
    element,
    severity,
    text: human,
    why: requirements,
  }));
}

function elementRules(element: DifferentialElement, elements: DifferentialElement[], type: string): Rule[] {
  const base = baseOf(element, elements, type);
  const rule = (kind: RuleKind, text: string, severity: Rule['severity'] = 'error'): Rule => ({
    id: `${element.id}:${kind}`,
    kind,
    element,
    severity,
    text,
    why: element.requirements ?? '',
  });
  const isSlice = element.sliceName !== undefined;
  const found: Rule[] = [];
  if ((element.min ?? 0) > (isSlice ? 0 : (base?.min ?? 0))) found.push(rule('min', 'Bắt buộc có.'));
  if (element.max !== undefined && element.max !== '*' && !(base && base.max <= Number(element.max)))
    found.push(rule('max', element.max === '0' ? 'Không được có.' : `Nhiều nhất ${element.max}.`));
  if (element.type && !isNamedExtension(element)) found.push(rule('type', typeText(element.type)));
  const value = isPatternSlice(element, elements) ? undefined : fixedText(element);
  if (value !== undefined) found.push(rule('fixed', `Giá trị là ${value}.`));
  if (element.binding) {
    const { strength, valueSet } = element.binding;
    const text = `Mã lấy trong danh mục \`${valueSet}\`.`;
    found.push(rule('binding', text, strength === 'required' ? 'error' : 'warning'));
  }
  return found;
}

/** An extension slice is found by the address of its definition; the definition's own rules are told there. */
function isNamedExtension({ type, sliceName }: DifferentialElement): boolean {
  return sliceName !== undefined && type?.[0]?.code === 'Extension';
}

function typeText(types: NonNullable<DifferentialElement['type']>): string {
  const names = types.flatMap(({ code, profile, targetProfile }) => {
    const target = (targetProfile ?? profile ?? []).map((url) => url.slice(url.lastIndexOf('/') + 1));
    if (targetProfile) return `tham chiếu tới ${target.join(' hoặc ')}`;
    return profile ? `${code} theo \`${target.join('`, `')}\`` : code;
  });
  return `Kiểu: ${names.join(' hoặc ')}.`;
}

/** `fixed[x]` or `pattern[x]` in words. */
function fixedText(element: DifferentialElement): string | undefined {
  const key = Object.keys(element).find((name) => /^(fixed|pattern)[A-Z]/.test(name));
  if (key === undefined) return undefined;
  const value = element[key] as string | { coding?: { system: string; code: string }[] };
  if (typeof value === 'string') return `\`${value}\``;
  return `\`${value.coding![0]!.system}|${value.coding![0]!.code}\``;
}

/** `identifier:cccd.system` says which identifiers the slice cccd means. */
function isDiscriminator({ id, path }: DifferentialElement, elements: DifferentialElement[]): boolean {
  return (
    elements.some((one) =>
      (one.slicing?.discriminator ?? []).some(
        (by) => by.path !== '$this' && path === `${one.path}.${by.path}` && id.startsWith(`${one.id}:`),
      ),
    ) ||
    (path === 'Extension.url' && id === 'Extension.url')
  );
}

/** A slice that is told from the others by its own pattern. */
function isPatternSlice({ path, sliceName }: DifferentialElement, elements: DifferentialElement[]): boolean {
  return (
    sliceName !== undefined &&
    elements.some((one) => one.path === path && one.slicing?.discriminator.some((by) => by.path === '$this'))
  );
}

/** R4's element of a path; a choice is entered by the type that the profile leaves. */
function baseOf(
  { id }: DifferentialElement,
  elements: DifferentialElement[],
  type: string,
): Element | undefined {
  const steps = id.split('.').slice(1);
  let structure = type;
  let found: Element | undefined;
  let walked = id.split('.')[0]!;
  for (const step of steps) {
    const name = step.replace(/:.*/, '').replace('[x]', '');
    walked += `.${step}`;
    found = elementsOf(structure).find((one) => one.name === name);
    if (!found) return undefined;
    const narrowed = elements.find((one) => one.id === walked)?.type?.[0]?.code;
    structure = baseTypeOf(narrowed ?? found.types[0]!.code);
  }
  return found;
}
