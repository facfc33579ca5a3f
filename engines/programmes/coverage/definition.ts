/**
 * What a programme's coverage is counted of (`content/coverage/<programme>/<valid-from>.json`): doses with the age by which they
 * should have been given, drop-outs between two of them, and lists of who missed something. The engine knows none of them by name.
 */
import type { Content } from '../../../kernel/content/content.ts';
import { datedOn } from '../../../kernel/content/dated.ts';
import type { Span } from '../days.ts';
import type { Programme } from '../model.ts';
import { spanText } from '../products.ts';
import type { Fault } from '../read.ts';

/** As the content has it; spans are texts such as `12mo`. */
export interface CoverageDefinition {
  title: string;
  titleEn: string;
  source: string;
  status: string;
  measures: {
    code: string;
    title: string;
    titleEn: string;
    series: string;
    dose: string;
    by: string;
    onTime: string;
  }[];
  dropOuts: { code: string; title: string; titleEn: string; from: string; to: string }[];
  lists: {
    code: string;
    title: string;
    titleEn: string;
    has: string[];
    lacks: string[];
    ageFrom: string;
    ageTo: string;
  }[];
}

/** A dose of a series: whoever reached the age `by` in a period should have had it. */
export interface CoverageMeasure {
  code: string;
  title: string;
  titleEn: string;
  series: string;
  /** Label of the dose, and its place in the series, from 1. */
  dose: string;
  ordinal: number;
  by: Span;
  /** Until this age it was in time. */
  onTime: Span;
}

export interface DropOut {
  code: string;
  title: string;
  titleEn: string;
  /** Codes of measures: who had the one and not the other. */
  from: string;
  to: string;
}

/** Whoever is of an age today, had all doses of `has` and lacks one of `lacks` or more. */
export interface MissedList {
  code: string;
  title: string;
  titleEn: string;
  has: readonly CoverageMeasure[];
  lacks: readonly CoverageMeasure[];
  ageFrom: Span;
  ageTo: Span;
}

export interface Coverage {
  title: string;
  titleEn: string;
  source: string;
  measures: readonly CoverageMeasure[];
  dropOuts: readonly DropOut[];
  lists: readonly MissedList[];
}

const FOLDER = 'coverage';

/** Of a programme on an ISO day; null when the content counts none of it. */
export function coverageOn(content: Content, programme: Programme, day: string): Coverage | null {
  const found = datedOn<CoverageDefinition>(content, FOLDER, programme.key, day);
  return found && readCoverage(found.value, programme);
}

/** @param definition one in which `checkCoverage` finds no fault */
export function readCoverage(definition: CoverageDefinition, programme: Programme): Coverage {
  const { title, titleEn, source, dropOuts } = definition;
  const measures = definition.measures.map((one) => ({
    ...one,
    ordinal: ordinalOf(programme, one.series, one.dose),
    by: spanText(one.by)!,
    onTime: spanText(one.onTime)!,
  }));
  const named = (codes: readonly string[]) => measures.filter(({ code }) => codes.includes(code));
  const lists = definition.lists.map((one) => ({
    ...one,
    has: named(one.has),
    lacks: named(one.lacks),
    ageFrom: spanText(one.ageFrom)!,
    ageTo: spanText(one.ageTo)!,
  }));
  return { title, titleEn, source, measures, dropOuts, lists };
}

/** Place of a dose in the first path that has it; 0 = the series has no such dose. */
function ordinalOf({ series }: Programme, key: string, label: string): number {
  const paths = series.find((one) => one.key === key)?.paths ?? [];
  return Math.max(
    0,
    ...paths.slice(0, 1).map(({ doses }) => doses.findIndex((dose) => dose.label === label) + 1),
  );
}

/** Everything that is wrong, each with its place. @param programme null = there is none of this key */
export function checkCoverage(definition: CoverageDefinition, programme: Programme | null): Fault[] {
  const { measures = [], dropOuts = [], lists = [] } = definition;
  const faults: Fault[] = [];
  const report = (place: string, text: string, textEn: string) => faults.push({ place, text, textEn });
  if (programme === null) {
    report(
      '',
      'không có chương trình mang tên thư mục này',
      'there is no programme of the name of this folder',
    );
    return faults;
  }
  if (measures.length === 0) report('measures', 'chưa có mũi nào để đếm', 'there is no dose to count');
  const span = (place: string, text: string) => {
    if (spanText(text ?? '') === null)
      report(place, `"${text}" không phải khoảng thời gian như 12mo`, `"${text}" is no span such as 12mo`);
  };
  measures.forEach(({ series, dose, by, onTime }, at) => {
    if (ordinalOf(programme, series, dose) === 0)
      report(
        `measures[${at}].dose`,
        `chuỗi "${series}" không có mũi "${dose}"`,
        `the series "${series}" has no dose "${dose}"`,
      );
    span(`measures[${at}].by`, by);
    span(`measures[${at}].onTime`, onTime);
  });
  const codes = measures.map(({ code }) => code);
  codes.forEach((code, at) => {
    if (codes.indexOf(code) !== at)
      report(`measures[${at}].code`, `mã "${code}" dùng hai lần`, `the code "${code}" is used twice`);
  });
  const known = (place: string, code: string) => {
    if (!codes.includes(code))
      report(place, `không có mũi "${code}" trong measures`, `there is no dose "${code}" among the measures`);
  };
  dropOuts.forEach(({ from, to }, at) => {
    known(`dropOuts[${at}].from`, from);
    known(`dropOuts[${at}].to`, to);
  });
  lists.forEach(({ has, lacks, ageFrom, ageTo }, at) => {
    for (const code of [...has, ...lacks]) known(`lists[${at}]`, code);
    if (lacks.length === 0)
      report(`lists[${at}].lacks`, 'chưa nói thiếu mũi nào', 'says no dose that is missing');
    span(`lists[${at}].ageFrom`, ageFrom);
    span(`lists[${at}].ageTo`, ageTo);
  });
  return faults;
}
