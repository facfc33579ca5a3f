/** A PlanDefinition read as a programme; what cannot be read is told with its place. */
import type { PlanDefinition, PlanDefinitionAction } from '../../kernel/fhir/types.ts';
import { dayOf, type Span } from './days.ts';
import { type Ext, extsOf, programmeExt } from './extensions.ts';
import type {
  Act,
  Advice,
  Anchor,
  Campaign,
  DoseRule,
  Enrolment,
  Path,
  Priority,
  Programme,
  Series,
  Target,
} from './model.ts';
import {
  conditionsOf,
  type Fault,
  formOf,
  partsOf,
  questionOf,
  type Report,
  readAfter,
  readRecurrence,
  readWindows,
  spanOf,
  told,
} from './read-elements.ts';

export type { Fault, Report } from './read-elements.ts';

const ROOT = 'PlanDefinition';

/** @returns the programme as far as it can be read, and every fault that was found on the way */
export function readProgramme(definition: PlanDefinition): { programme: Programme; faults: Fault[] } {
  const faults: Fault[] = [];
  const report: Report = (place, text, textEn) => {
    faults.push({ place, text, textEn });
  };
  const { url = '', version = '', title = '', description = '' } = definition;
  if (url === '') report(`${ROOT}.url`, 'thiếu địa chỉ chuẩn', 'the canonical address is missing');
  if (version === '') report(`${ROOT}.version`, 'thiếu phiên bản', 'the version is missing');
  if (title === '') report(`${ROOT}.title`, 'thiếu tên chương trình', 'the title is missing');
  const collected: Collected = { stages: [], series: [], acts: [], advice: [] };
  const actions = definition.action ?? [];
  if (actions.length === 0)
    report(`${ROOT}.action`, 'chương trình không có việc nào', 'the programme has nothing to do');
  actions.forEach((action, at) => {
    readAction(action, `${ROOT}.action[${at}]`, '', collected, report);
  });
  const programme: Programme = {
    key: url.slice(url.lastIndexOf('/') + 1),
    url,
    version,
    title,
    description,
    source: (definition.relatedArtifact ?? []).flatMap(({ display }) => display ?? []).join('; '),
    enrolment: readEnrolment(definition, report),
    campaign: readCampaign(definition, collected, report),
    anchors: extsOf(definition, programmeExt.anchor, ROOT).map(({ ext, place }) =>
      readAnchor(ext, place, report),
    ),
    ...collected,
    targets: readTargets(definition, report),
    grace: spanOfExt(definition, programmeExt.grace, report) ?? { value: 0, unit: 'd' },
    spacingDays: inDays(spanOfExt(definition, programmeExt.spacing, report) ?? { value: 28, unit: 'd' }),
  };
  return { programme, faults };
}

interface Collected {
  stages: { key: string; title: string }[];
  series: Series[];
  acts: Act[];
  advice: Advice[];
}

/** A series, a stage, something to do, or something to look at. */
function readAction(
  action: PlanDefinitionAction,
  place: string,
  stage: string,
  into: Collected,
  report: Report,
): void {
  if (!action.id)
    report(`${place}.id`, 'mỗi việc cần một mã (id) riêng', 'each action needs an id of its own');
  if (!action.title) report(`${place}.title`, 'thiếu tên việc', 'the title is missing');
  const [series] = extsOf(action, programmeExt.series, place);
  if (series) {
    into.series.push(readSeries(action, series.ext, series.place, place, report));
    return;
  }
  if (action.action && action.action.length > 0) {
    into.stages.push({ key: action.id ?? place, title: action.title ?? '' });
    action.action.forEach((inner, at) => {
      readAction(inner, `${place}.action[${at}]`, action.id ?? place, into, report);
    });
    return;
  }
  const isAct = extsOf(action, programmeExt.window, place).length > 0 || action.timingTiming !== undefined;
  if (isAct) into.acts.push(readAct(action, place, stage, report));
  else into.advice.push(readAdvice(action, place, report));
}

function readAct(action: PlanDefinitionAction, place: string, stage: string, report: Report): Act {
  const evidence = extsOf(action, programmeExt.evidence, place).map((one) =>
    questionOf(one.ext, one.place, report),
  );
  const code = action.code?.[0]?.coding?.[0]?.code ?? '';
  if (code === '') report(`${place}.code`, 'thiếu mã của việc', 'the code is missing');
  const windows = readWindows(action, place, report);
  if (windows.length === 0)
    report(
      place,
      'thiếu khung thời gian (mốc và hạn)',
      'has no window: an anchor and what is counted from it',
    );
  return {
    ...told(action),
    stage,
    code,
    windows,
    after: readAfter(action, place, report),
    recurs: readRecurrence(action, place, report),
    evidence: evidence[0] ?? null,
    applies: conditionsOf(action, place, report),
    form: formOf(action),
  };
}

function readAdvice(action: PlanDefinitionAction, place: string, report: Report): Advice {
  const when = conditionsOf(action, place, report);
  if (when.length === 0)
    report(
      place,
      'việc không có khung thời gian thì phải có điều kiện áp dụng',
      'has neither a window nor a condition: it would never come up',
    );
  return { ...told(action), when };
}

function readSeries(
  action: PlanDefinitionAction,
  ext: Ext,
  extPlace: string,
  place: string,
  report: Report,
): Series {
  const parts = partsOf(ext, extPlace);
  const component = parts('thanh-phan')[0]?.ext.valueCoding;
  if (!component?.code)
    report(
      extPlace,
      'thiếu mã thành phần (kháng nguyên) của chuỗi',
      'the component of the series has no code',
    );
  const ask = (name: string) => parts(name).map((one) => questionOf(one.ext, one.place, report));
  const inner = action.action ?? [];
  const isPaths = inner.some((one) => (one.action?.length ?? 0) > 0);
  const repeat = parts('lam-lai')[0];
  return {
    key: action.id ?? '',
    title: action.title ?? '',
    component: component?.code ?? '',
    componentTitle: component?.display ?? component?.code ?? '',
    applies: conditionsOf(action, place, report),
    contraindicated: ask('chong-chi-dinh'),
    immune: ask('mien-dich'),
    deferred: ask('hoan'),
    repeat: (repeat && spanOf(repeat.ext, repeat.place, report)) || { value: 28, unit: 'd' },
    paths: isPaths
      ? inner.map((path, at) => readPath(path, `${place}.action[${at}]`, report))
      : [readPath({ ...action, condition: [] }, place, report)],
    priority: (action.priority ?? 'routine') as Priority,
  };
}

function readPath(action: PlanDefinitionAction, place: string, report: Report): Path {
  const doses = action.action ?? [];
  if (doses.length === 0) report(`${place}.action`, 'chuỗi không có mũi nào', 'the series has no doses');
  return {
    key: action.id ?? '',
    title: action.title ?? '',
    applies: conditionsOf(action, place, report),
    doses: doses.map((dose, at) => readDose(dose, doses[at - 1]?.id, `${place}.action[${at}]`, report)),
  };
}

function readDose(
  action: PlanDefinitionAction,
  previous: string | undefined,
  place: string,
  report: Report,
): DoseRule {
  if (!action.id) report(`${place}.id`, 'mỗi mũi cần một mã (id) riêng', 'each dose needs an id of its own');
  if (!action.prefix) report(`${place}.prefix`, 'thiếu số thứ tự mũi', 'the number of the dose is missing');
  const after = readAfter(action, place, report);
  const other = after.find(({ key }) => key !== previous);
  if (other)
    report(
      `${place}.relatedAction`,
      `khoảng cách tối thiểu phải tính từ mũi ngay trước, không phải "${other.key}"`,
      `the minimum interval is counted from the dose before, not from "${other.key}"`,
    );
  return {
    key: action.id ?? '',
    label: action.prefix ?? '',
    title: action.title ?? '',
    windows: readWindows(action, place, report),
    interval: after[0]?.span ?? null,
    optional: action.requiredBehavior === 'could',
    products: extsOf(action, programmeExt.product, place).map(
      ({ ext: { valueCoding } }) => `${valueCoding?.system ?? ''}|${valueCoding?.code ?? ''}`,
    ),
    only: extsOf(action, programmeExt.only, place)[0]?.ext.valueBoolean === true,
    applies: conditionsOf(action, place, report),
  };
}

function readEnrolment(definition: PlanDefinition, report: Report): Enrolment {
  const [found] = extsOf(definition, programmeExt.enrolment, ROOT);
  if (!found) {
    report(ROOT, 'thiếu điều kiện ghi danh', 'does not say who is enrolled');
    return { automatic: false, ageFrom: null, ageTo: null, proposed: [], excluded: [], leaves: [] };
  }
  const parts = partsOf(found.ext, found.place);
  const ask = (name: string) => parts(name).map((one) => questionOf(one.ext, one.place, report));
  const span = (name: string) => {
    const [one] = parts(name);
    return one ? spanOf(one.ext, one.place, report) : null;
  };
  const enrolment = {
    automatic: parts('tu-dong')[0]?.ext.valueBoolean === true,
    ageFrom: span('tuoi-tu'),
    ageTo: span('tuoi-den'),
    proposed: ask('de-xuat'),
    excluded: ask('loai-tru'),
    leaves: ask('roi'),
  };
  if (enrolment.proposed.length === 0 && !enrolment.ageFrom && !enrolment.ageTo)
    report(
      found.place,
      'không nói ai thuộc diện: cần tuổi hoặc điều kiện',
      'names neither an age nor a condition',
    );
  return enrolment;
}

/** Null when it is none, or when its days are none. */
function readCampaign(
  definition: PlanDefinition,
  { series }: Pick<Collected, 'series'>,
  report: Report,
): Campaign | null {
  const [found] = extsOf(definition, programmeExt.campaign, ROOT);
  if (!found) return null;
  const parts = partsOf(found.ext, found.place);
  const [from, to] = ['tu', 'den'].map((name) => dayOf(parts(name)[0]?.ext.valueDate ?? ''));
  if (series.length === 0)
    report(found.place, 'chiến dịch phải có chuỗi mũi tiêm', 'a campaign needs a series of doses');
  if (from == null || to == null || to < from) {
    report(
      found.place,
      'chiến dịch cần ngày đầu (tu) và ngày cuối (den) không trước ngày đầu',
      'a campaign needs a first day (tu) and a last day (den) that is not before it',
    );
    return null;
  }
  return { from, to };
}

function readAnchor(ext: Ext, place: string, report: Report): Anchor {
  const parts = partsOf(ext, place);
  const key = parts('ma')[0]?.ext.valueCode ?? '';
  if (key === '') report(place, 'mốc thiếu mã', 'the anchor has no code');
  const from = parts('tu').flatMap((one) => {
    const inner = partsOf(one.ext, one.place);
    const [day] = inner('ngay');
    const [add] = inner('cong');
    if (!day) {
      report(one.place, 'mốc thiếu biểu thức cho ngày', 'the anchor has no expression for its day');
      return [];
    }
    return [
      {
        question: questionOf(day.ext, day.place, report),
        add: add ? spanOf(add.ext, add.place, report) : null,
      },
    ];
  });
  if (from.length === 0)
    report(place, 'mốc không lấy ngày từ đâu cả', 'the anchor takes its day from nowhere');
  return { key, title: parts('ten')[0]?.ext.valueString ?? key, from };
}

function readTargets(definition: PlanDefinition, report: Report): Target[] {
  return (definition.goal ?? []).flatMap(({ id, description, target }, at) =>
    (target ?? []).flatMap((one, inner) => {
      const place = `${ROOT}.goal[${at}].target[${inner}]`;
      const [met] = extsOf(one, programmeExt.met, place);
      if (!met) {
        report(
          place,
          'mục tiêu thiếu biểu thức cho biết đạt hay không',
          'the target does not say how it is met',
        );
        return [];
      }
      return [
        { key: id ?? `${at}`, text: description?.text ?? '', met: questionOf(met.ext, met.place, report) },
      ];
    }),
  );
}

function spanOfExt(definition: PlanDefinition, url: string, report: Report): Span | null {
  const [found] = extsOf(definition, url, ROOT);
  return found ? spanOf(found.ext, found.place, report) : null;
}

function inDays({ value, unit }: Span): number {
  return { d: 1, wk: 7, mo: 30, a: 365 }[unit] * value;
}
