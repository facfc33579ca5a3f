/** Forms of the content (`content/forms/<key>/<first day>.json`), shown as Questionnaires that are stored nowhere. */
import type { Content } from '../../kernel/content/content.ts';
import { type Dated, datedFiles, datedOn } from '../../kernel/content/dated.ts';
import type { Rendered } from '../../kernel/fhir/terminology/index.ts';
import type { Questionnaire } from '../../kernel/fhir/types.ts';

/** Canonical address of a form of the content. */
export const formAddress = (key: string) => `http://yba.vn/fhir/Questionnaire/${key}`;

const FOLDER = 'forms';

/** Every version of every form, with its address, its version (the first day) and the period in which it is the law. */
export function formVersions(content: Content): readonly Dated<Questionnaire>[] {
  let known = opened.get(content);
  if (!known) {
    known = datedFiles<Questionnaire>(content, FOLDER).map((one) => ({ ...one, value: dated(one) }));
    opened.set(content, known);
  }
  return known;
}

const opened = new WeakMap<Content, readonly Dated<Questionnaire>[]>();

function dated({ key, from, to, value }: Dated<Questionnaire>): Questionnaire {
  const { resourceType: _, id: __, ...rest } = value;
  return {
    resourceType: 'Questionnaire',
    id: key,
    ...rest,
    url: formAddress(key),
    version: from,
    status: value.status ?? 'active',
    effectivePeriod: { start: from, ...(to === null ? {} : { end: to }) },
  };
}

/** The form of a canonical address: of a version itself, else the one in force on the day. */
export function contentForm(
  content: Content,
  url: string,
  version: string | undefined,
  day: string,
): Questionnaire | null {
  const versions = formVersions(content).filter(({ value }) => value.url === url);
  if (version !== undefined) return versions.find(({ from }) => from === version)?.value ?? null;
  return versions.find(({ from, to }) => from <= day && (to === null || day <= to))?.value ?? null;
}

/**
 * What is read at `/fhir/Questionnaire/<key>`: the version in force; older and later ones at `/fhir/Questionnaire/<key>-<first day>`.
 * @param today ISO day in Viet Nam
 */
export function contentForms(content: Content, today: () => string): Rendered[] {
  const versions = formVersions(content);
  const keys = [...new Set(versions.map(({ key }) => key))];
  return [
    ...keys.flatMap((key) => {
      const current = () => inForce(content, key, today());
      return current() ? [rendered(key, current()!.value, () => inForce(content, key, today())!.value)] : [];
    }),
    ...versions
      .filter(({ key, from }) => inForce(content, key, today())?.from !== from)
      .map(({ key, from, value }) => rendered(`${key}-${from}`, value, () => value)),
  ];
}

function inForce(content: Content, key: string, day: string): Dated<Questionnaire> | null {
  const one = datedOn<Questionnaire>(content, FOLDER, key, day);
  return (
    one && (formVersions(content).find(({ key: own, from }) => own === key && from === one.from) ?? null)
  );
}

function rendered(
  id: string,
  { url, name, title, version }: Questionnaire,
  form: () => Questionnaire,
): Rendered {
  return {
    type: 'Questionnaire',
    id,
    url: url!,
    name: name ?? id,
    title: title ?? id,
    version: version!,
    make: () => ({ ...form(), id }),
  };
}
