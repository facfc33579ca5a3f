/** The data of a paper: its fields as FHIRPath about a person, compiled once, then filled. Pure: who reads the record is the edge. */
import {
  type Criterion,
  compileCriterion,
  type Dialect,
  FHIRPATH,
  QUERY,
  type Source,
  sourcesOf,
  subjectOf,
} from '../../kernel/fhir/person/index.ts';
import type { QuestionnaireResponse, Resource, ResourceType } from '../../kernel/fhir/types.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { answeredForm, type FormOnPaper } from './answered-form.ts';
import type { Barcode } from './barcode.ts';
import { type CertificateSet, compileCertificate, type Table } from './certificate.ts';
import type { Field, FieldDefinition, Manner, PaperDefinition } from './definition.ts';
import type { Asked, Compile, Facts } from './facts.ts';
import { written } from './vietnamese.ts';

export type Filled = string | { [name: string]: Filled } | Filled[];

export interface CompiledCode {
  name: string;
  kind: Barcode['kind'];
  text(facts: Facts): string;
  /** Resources of a signed card, in their order; null for a plain text. */
  card: ((facts: Facts) => Resource[]) | null;
  /** Members of a certificate's claim; null for another code. @throws Failure `business-rule` that says what the record lacks */
  certificate: ((facts: Facts, table: Table) => CertificateSet) | null;
}

export interface CompiledPaper {
  /** What has to be read of the person. */
  sources: readonly Source[];
  fill(facts: Facts): Record<string, Filled | FormOnPaper>;
  codes: readonly CompiledCode[];
}

/** @throws Failure whose expression is the place in the definition: `fields.name.path` */
export function compilePaper(definition: PaperDefinition): CompiledPaper {
  const named = Object.entries(definition.sources ?? {}).map(([name, query]) => {
    const expression = { language: QUERY, expression: query } as const;
    return { name, criterion: compileCriterion(expression, `sources.${name}`, PLAIN) };
  });
  const about = definition.about?.length === 1 ? definition.about[0]! : null;
  const dialect: Dialect = {
    constants: new Map(),
    variables: new Map<string, string | null>([
      ['about', about],
      ['number', 'string'],
      ['certificate', 'string'],
      ['issuer', 'string'],
      ...named.map(({ name, criterion }): [string, string | null] => [name, criterion.type]),
    ]),
  };
  const used: Criterion[] = named.map(({ criterion }) => criterion);
  const compile = (path: string, place: string, type: string | null): Asked => {
    const expression = { language: FHIRPATH, expression: path } as const;
    const criterion = compileCriterion(expression, place, dialect, (type ?? 'Resource') as ResourceType);
    used.push(criterion);
    return { type: criterion.type, ask: (facts, focus) => asked(criterion, named, facts, focus) };
  };
  const fill = compileFields(definition.fields ?? {}, 'fields', 'Patient', compile);
  const codes = compileCodes(definition, compile);
  return {
    sources: sourcesOf(used),
    fill: (facts) => ({
      ...fill(facts, facts.patient),
      ...(definition.answers
        ? { form: answeredForm(facts.form ?? null, facts.about as QuestionnaireResponse) }
        : {}),
    }),
    codes,
  };
}

const PLAIN: Dialect = { constants: new Map() };

type Fill<T> = (facts: Facts, focus: unknown) => T;

function asked(
  criterion: Criterion,
  named: readonly { name: string; criterion: Criterion }[],
  facts: Facts,
  focus: unknown,
): readonly unknown[] {
  const variables = new Map<string, readonly unknown[]>([
    ['about', [facts.about]],
    ['number', facts.number === '' ? [] : [facts.number]],
    ['certificate', facts.signing ? [facts.signing.certificate] : []],
    ['issuer', facts.signing ? [facts.signing.issuer] : []],
    ...named.map(({ name, criterion: { sources } }): [string, readonly unknown[]] => [
      name,
      facts.found.get(sources[0]!.key) ?? [],
    ]),
  ]);
  const bag = [...facts.found].flatMap(([key, resources]) => (key.includes('?') ? [] : resources));
  const subject = subjectOf({ patient: facts.patient, resources: bag, variables });
  return criterion.values(subject, focus as Resource, facts.now);
}

function compileFields(
  fields: Record<string, Field>,
  place: string,
  type: string | null,
  compile: Compile,
): Fill<Record<string, Filled>> {
  const compiled = Object.entries(fields).map(
    ([name, field]) => [name, compileField(field, `${place}.${name}`, type, compile)] as const,
  );
  return (facts, focus) => Object.fromEntries(compiled.map(([name, fill]) => [name, fill(facts, focus)]));
}

function compileField(field: Field, place: string, type: string | null, compile: Compile): Fill<Filled> {
  const definition: FieldDefinition = typeof field === 'string' ? { path: field } : field;
  const values = compile(pathOf(definition), `${place}.path`, type);
  if (definition.fields) return compileRows(definition, values, place, compile);
  const { as, between = ', ' } = definition;
  return (facts, focus) => textsOf(values.ask(facts, focus), as, facts, values.type).join(between);
}

function compileRows(
  { fields = {}, sort }: FieldDefinition,
  values: Asked,
  place: string,
  compile: Compile,
): Fill<Filled> {
  const row = compileFields(fields, `${place}.fields`, values.type, compile);
  const order = sort === undefined ? null : compile(sort, `${place}.sort`, values.type);
  return (facts, focus) => {
    const items = [...values.ask(facts, focus)];
    if (order) {
      const key = new Map(items.map((item) => [item, String(order.ask(facts, item)[0] ?? '')]));
      items.sort((a, b) => (key.get(a)! < key.get(b)! ? -1 : key.get(a)! > key.get(b)! ? 1 : 0));
    }
    return items.map((item) => row(facts, item));
  };
}

function pathOf({ path, answer }: FieldDefinition): string {
  if (answer === undefined) return path ?? '';
  return `%about.repeat(item).where(linkId = '${answer.replaceAll(/[\\']/g, '\\$&')}').answer.value`;
}

function textsOf(
  values: readonly unknown[],
  as: Manner | undefined,
  { now }: Facts,
  type: string | null,
): string[] {
  return values.map((value) => written(value, as, vietnamDay(now), type)).filter((text) => text !== '');
}

function compileCodes({ codes = {} }: PaperDefinition, compile: Compile): CompiledCode[] {
  return Object.entries(codes).map(([name, { kind, path, card, certificate }]) => {
    const texts = path === undefined ? null : compile(path, `codes.${name}.path`, 'Patient');
    const resources = card?.resources.map((each, at) =>
      compile(each, `codes.${name}.card.resources[${at}]`, 'Patient'),
    );
    return {
      name,
      kind,
      text: (facts) => String(texts?.ask(facts, facts.patient)[0] ?? ''),
      card: resources
        ? (facts) => resources.flatMap(({ ask }) => ask(facts, facts.patient) as Resource[])
        : null,
      certificate: certificate
        ? compileCertificate(certificate.members, `codes.${name}.certificate.members`, compile)
        : null,
    };
  });
}
