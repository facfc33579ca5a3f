/** What is wrong with an indicator: a part that is missing or unknown, formulas that are none, cells and people that there are not. Pure. */
import { type CellName, cellsOfRatio, type Fault, faultsOf } from '../../engines/reports/index.ts';
import type { Content } from '../../kernel/content/content.ts';
import { cellFaults } from './check-cells.ts';
import { indicatorShape } from './indicator-shape.ts';
import type { IndicatorDefinition } from './indicators.ts';
import { ageEnds, type PopulationAsk } from './population.ts';

/** @param definition whatever a file holds */
export function checkIndicator(definition: IndicatorDefinition, content: Content): Fault[] {
  const faults = faultsOf(indicatorShape, definition);
  const isSound = (name: string) => !faults.some(({ expression }) => expression.startsWith(name));
  if (!isSound('{}')) return faults;
  const { numerator, denominator } = definition;
  return [
    ...faults,
    ...(isSound('numerator') ? sideFaults(numerator, 'numerator', content) : []),
    ...(isSound('denominator') ? denominatorFaults(denominator, content) : []),
  ];
}

function denominatorFaults(denominator: IndicatorDefinition['denominator'], content: Content): Fault[] {
  return typeof denominator === 'string'
    ? sideFaults(denominator, 'denominator', content)
    : peopleFaults(denominator, content);
}

function sideFaults(formula: string, expression: string, content: Content): Fault[] {
  let cells: CellName[];
  try {
    cells = cellsOfRatio(formula);
  } catch (error) {
    const { message, text: vi = message } = error as Error & { text?: string };
    return [
      {
        expression,
        text: `Công thức “${formula}” sai: ${vi}`,
        textEn: `the formula "${formula}" is wrong: ${message}`,
      },
    ];
  }
  return cellFaults(cells, { expression, content, period: 'month', own: null });
}

/** People are known by bands of ages: an age within a band would count none of its people, and `share` is there to say how many. */
function peopleFaults(
  { population, share = 1 }: Extract<IndicatorDefinition['denominator'], object>,
  content: Content,
): Fault[] {
  const faults: Fault[] = [];
  if (share > 1)
    faults.push({
      expression: 'denominator.share',
      text: `“share” là phần của dân số, không quá 1; đang ghi ${share}.`,
      textEn: `"share" is a part of the people, at most 1; it says ${share}`,
    });
  const { ageFrom = 0, ageTo = Number.POSITIVE_INFINITY } = population;
  if (ageFrom > ageTo)
    faults.push({
      expression: 'denominator.population.ageTo',
      text: `Tuổi đến ${ageTo} nhỏ hơn tuổi từ ${ageFrom}: không ai thuộc mẫu số.`,
      textEn: `people from ${ageFrom} to ${ageTo} years are nobody`,
    });
  return [...faults, ...cutBands(population, content)];
}

function cutBands({ ageFrom, ageTo }: PopulationAsk, content: Content): Fault[] {
  const ends = ageEnds(content);
  if (ends === null) return [];
  const said = ends
    .map(({ from, to }) => (to === Number.POSITIVE_INFINITY ? `${from}+` : `${from}–${to}`))
    .join(', ');
  const cut = (name: 'ageFrom' | 'ageTo', age: number): Fault => ({
    expression: `denominator.population.${name}`,
    text: `Dân số chỉ biết theo nhóm tuổi ${said}: ${age} cắt ngang một nhóm. Lấy cả nhóm và ghi “share”.`,
    textEn: `people are known by ages ${said} only: ${age} cuts one of them. Take it whole and say its "share"`,
  });
  return [
    ...(ageFrom === undefined || ends.some(({ from }) => from === ageFrom) ? [] : [cut('ageFrom', ageFrom)]),
    ...(ageTo === undefined || ends.some(({ to }) => to === ageTo) ? [] : [cut('ageTo', ageTo)]),
  ];
}
