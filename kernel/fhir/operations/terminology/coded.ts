/** What several operations ask alike: the code that was given, the system it is of, the name in a language. */
import { Failure } from '../../../failure.ts';
import type { CodeSystemView, Designation, SystemConcept } from '../../terminology/system.ts';
import { type CodingJson, type Input, wrongInput } from './input.ts';
import type { Terms } from './terms.ts';

/** One of `code` (with its system), `coding`, `codeableConcept`; several or none are refused by name. */
export function codingsOf(
  input: Input,
  names: { code: string; coding: string; codeableConcept?: string; system?: string; version?: string },
): CodingJson[] {
  const { code, coding, codeableConcept = '' } = names;
  const given = [code, coding, codeableConcept].filter((name) => name !== '' && input.has(name));
  if (given.length !== 1) {
    const all = [code, coding, codeableConcept].filter((name) => name !== '').join(', ');
    throw wrongInput(
      given[1] ?? code,
      `Cần đúng một trong các tham số ${all}.`,
      `Exactly one of ${all} is needed.`,
    );
  }
  if (given[0] === code) {
    const system = names.system === undefined ? undefined : input.text(names.system);
    const version = names.version === undefined ? undefined : input.text(names.version);
    const display = input.text('display');
    return [
      {
        code: input.text(code)!,
        ...(system === undefined ? {} : { system }),
        ...(version === undefined ? {} : { version }),
        ...(display === undefined ? {} : { display }),
      },
    ];
  }
  const codings =
    given[0] === coding ? [input.coding(coding)!] : (input.codeableConcept(codeableConcept)?.coding ?? []);
  if (codings.length === 0 || codings.some((one) => one.code === undefined)) {
    throw wrongInput(given[0]!, `Tham số ${given[0]} không có mã nào.`, `Parameter ${given[0]} has no code.`);
  }
  return codings;
}

/** The system of a URL. Fails with `not-found` naming the parameter. */
export async function systemOf(
  terms: Terms,
  url: string | undefined,
  version: string | undefined,
  parameter: string,
): Promise<CodeSystemView> {
  if (url === undefined) {
    throw wrongInput(
      parameter,
      `Cần tham số ${parameter}: hệ mã nào?`,
      `Parameter ${parameter} is needed: which code system?`,
    );
  }
  const [bare = '', inUrl] = url.split('|');
  const view = await terms.system(bare, version ?? inUrl);
  if (view) return view;
  const shown = version === undefined ? url : `${bare}|${version}`;
  throw new Failure('not-found', `Không có hệ mã "${shown}" ở đây, hoặc không có danh sách mã của nó.`, {
    textEn: `Code system "${shown}" is not here, or its codes are not.`,
    expression: parameter,
  });
}

/** The name of a concept in a language, its own display when there is none in it. */
export function displayIn(
  view: CodeSystemView,
  concept: { display: string; designations: readonly Designation[] },
  language: string | undefined,
): string {
  if (language === undefined || speaks(view.language, language)) return concept.display;
  return concept.designations.find((one) => speaks(one.language, language))?.value ?? concept.display;
}

/** `vi` is spoken where `vi-VN` is asked for, and the other way round. */
export function speaks(language: string | undefined, asked: string): boolean {
  const primary = (text: string) => text.toLowerCase().split('-')[0];
  return language !== undefined && primary(language) === primary(asked);
}

export interface Verdict {
  result: boolean;
  message?: string;
  display?: string;
}

/** Whether the name given belongs to the concept, and the concept may be used on the day. */
export function judge(
  view: CodeSystemView,
  concept: SystemConcept,
  asked: {
    display?: string | undefined;
    abstract?: boolean | undefined;
    language?: string | undefined;
    date: string;
  },
): Verdict {
  const display = displayIn(view, concept, asked.language);
  if (view.dated && concept.inactive) {
    return no(
      `Mã "${concept.code}" của ${view.name} không dùng vào ngày ${asked.date}.`,
      `Code "${concept.code}" of ${view.name} is not in force on ${asked.date}.`,
      display,
    );
  }
  if (concept.abstract && asked.abstract !== true) {
    return no(
      `Mã "${concept.code}" chỉ để gom nhóm, không chọn được (abstract=true để chấp nhận).`,
      `Code "${concept.code}" is abstract and not to be chosen (abstract=true accepts it).`,
      display,
    );
  }
  if (asked.display !== undefined && !isNamed(concept, asked.display)) {
    return no(
      `Mã "${concept.code}" có tên "${display}", không phải "${asked.display}".`,
      `Code "${concept.code}" is named "${display}", not "${asked.display}".`,
      display,
    );
  }
  return { result: true, display };
}

/** Case and spaces do not count; another language's name is a name. */
function isNamed({ display, designations }: SystemConcept, asked: string): boolean {
  const bare = (text: string) => text.normalize('NFC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
  return [display, ...designations.map(({ value }) => value)].some((one) => bare(one) === bare(asked));
}

export function no(text: string, textEn: string, display?: string): Verdict {
  return { result: false, message: `${text} (${textEn})`, ...(display === undefined ? {} : { display }) };
}

/** The best of several codings: the first that holds, else the reasons of all. */
export function bestOf(verdicts: readonly Verdict[]): Verdict {
  const good = verdicts.find(({ result }) => result);
  if (good) return good;
  const [first] = verdicts;
  return { ...first!, message: verdicts.map(({ message }) => message).join(' ') };
}
