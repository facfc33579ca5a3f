/** The value set that an operation is asked about: by instance, given with the question, by URL, or by the element it is bound to. */
import { elementsOf, isResourceName } from '../../definitions/index.ts';
import type { CodeSet, ValueSetJson } from '../../terminology/code-set.ts';
import { type Input, wrongInput } from './input.ts';
import type { Terms } from './terms.ts';

export interface AskedValueSet {
  json: ValueSetJson & Record<string, unknown>;
  set: CodeSet;
}

/** Exactly one way of naming it. Fails by name. */
export async function askedValueSet(
  terms: Terms,
  input: Input,
  id: string | undefined,
): Promise<AskedValueSet> {
  const given = ['url', 'valueSet', 'context'].filter((name) => input.has(name));
  if (given.length + (id === undefined ? 0 : 1) !== 1) {
    throw wrongInput(
      given[0] ?? 'url',
      'Cần đúng một ValueSet: theo id trong địa chỉ, url, valueSet hoặc context.',
      'Exactly one value set is needed: by the id in the address, url, valueSet or context.',
    );
  }
  const json = await resourceOf(terms, input, id);
  const name = typeof json.url === 'string' ? json.url : undefined;
  if (!Array.isArray(json.compose?.include) && !Array.isArray(json.expansion?.contains)) {
    throw wrongInput(
      given[0] ?? 'url',
      'ValueSet này không nói nó gồm gì (compose hoặc expansion).',
      'This ValueSet does not say what is in it (compose or expansion).',
    );
  }
  await terms.use(supplementsOf(json), given[0] ?? 'url');
  return { json, set: await terms.setOf(json, name) };
}

const SUPPLEMENT = 'http://hl7.org/fhir/StructureDefinition/valueset-supplement';

/** Supplements that the value set cannot do without (R4 extension valueset-supplement). */
function supplementsOf({ extension }: AskedValueSet['json']): string[] {
  return (Array.isArray(extension) ? (extension as Record<string, unknown>[]) : []).flatMap((one) =>
    one?.url === SUPPLEMENT && typeof one.valueCanonical === 'string' ? [one.valueCanonical] : [],
  );
}

async function resourceOf(terms: Terms, input: Input, id: string | undefined) {
  const inline = input.resource('valueSet');
  if (inline !== undefined) return inline as AskedValueSet['json'];
  if (id !== undefined) return (await terms.instance('ValueSet', id)) as AskedValueSet['json'];
  const url = input.has('context') ? boundTo(input.text('context')!) : input.text('url')!;
  return terms.valueSetJson(url, input.text('valueSetVersion'), input.has('context') ? 'context' : 'url');
}

/** `http://hl7.org/fhir/StructureDefinition/Patient#Patient.gender` → the value set of its required binding. */
function boundTo(context: string): string {
  const path = context.split('#').at(-1)!;
  const steps = path.split('.');
  const element = steps.pop();
  const owner = steps.join('.');
  const found = isResourceName(steps[0] ?? '')
    ? elementsOf(owner).find(({ name }) => name === element)
    : undefined;
  if (found?.codes !== undefined) return `http://hl7.org/fhir/ValueSet/${found.codes}`;
  throw wrongInput(
    'context',
    `Không có ràng buộc bắt buộc (required) ở "${path}" của FHIR R4.`,
    `There is no required binding of FHIR R4 at "${path}".`,
  );
}
