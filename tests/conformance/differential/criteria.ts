/** Random criteria: how each is asked, and what it means for a resource. */
import { numberFits, plain, type Span, spanFits, spanOf, type Token, tokenFits } from './naive.ts';
import { PARAMETERS, type Parameter } from './parameters.ts';
import { type Any, CODES, ID_TYPES, randomMoment, UNITS, type WorldType } from './people.ts';
import { pick, type Random } from './random.ts';

/** All resources of a world, and by `Type/id`. */
export interface World {
  all: Any[];
  byKey: Map<string, Any>;
}

export interface Criterion {
  name: string;
  value: string;
  /** The same as a test of `_filter`, where it can be said so. */
  filter?: string;
  fits(resource: Any): boolean;
}

interface Asked<T> {
  text: string;
  /** How `_filter` says it. */
  filter?(code: string): string;
  fits(value: T): boolean;
}

const PREFIXES = ['', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'] as const;
/** How near a date must be to be "approximately" the same depends on the day of the run. */
const OF_NUMBERS = [...PREFIXES, 'ap'] as const;

/** Links of a chain. */
const DEPTH = 3;

/** @param depth how many links a chain may still have */
export function randomCriterion(world: World, type: WorldType, random: Random, depth = DEPTH): Criterion {
  const chance = random();
  if (depth > 0 && chance < 0.25) {
    const linked =
      chance < 0.14 ? chain(world, type, random, depth) : reverseChain(world, type, random, depth);
    if (linked) return linked;
  }
  const codes = Object.keys(PARAMETERS[type]);
  const code = pick(random, codes);
  if (chance > 0.95) return ids(world, type, random);
  if (chance > 0.94) return typed(type, random) ?? ids(world, type, random);
  if (depth === DEPTH && chance > 0.87) return filter(world, type, random);
  return simple(world, type, code, random);
}

function ids(world: World, type: WorldType, random: Random): Criterion {
  const own = world.all.filter((one) => one.resourceType === type).map(({ id }) => id as string);
  const asked = [pick(random, own), pick(random, own), 'nobody'];
  return { name: '_id', value: asked.join(','), fits: ({ id }) => asked.includes(id) };
}

/** `identifier:of-type=system|code|value`: all three of one and the same identifier. */
function typed(type: WorldType, random: Random): Criterion | null {
  if (!PARAMETERS[type].identifier) return null;
  const code = pick(random, ID_TYPES);
  const value = pick(random, ['x1', 'x2', 'X1', 'y 3', 'z|4']);
  const system = 'http://id/types';
  return {
    name: 'identifier:of-type',
    value: `${system}|${code}|${escaped(value)}`,
    fits: ({ identifier = [] }) =>
      (identifier as Any[]).some(
        (one) =>
          one.value === value &&
          one.type?.coding.some((coding: Any) => coding.system === system && coding.code === code),
      ),
  };
}

/** One or two alternatives of one parameter, perhaps with a modifier. */
function simple(world: World, type: WorldType, code: string, random: Random): Criterion {
  const parameter = PARAMETERS[type][code]!;
  // Patient.deceased has a value always: true or false.
  if (parameter.kind !== 'composite' && code !== 'deceased' && random() < 0.1)
    return missing(parameter, code, random);
  switch (parameter.kind) {
    case 'token':
      return token(world, type, parameter, code, random);
    case 'string':
      return text(parameter, code, random);
    case 'uri':
      return address(parameter, code, random);
    case 'reference':
      return reference(parameter, code, random);
    case 'date':
      return anyOf(
        parameter,
        code,
        '',
        either(random, () => moment(random)),
      );
    case 'number':
      return anyOf(
        parameter,
        code,
        '',
        either(random, () => numeral(random)),
      );
    case 'quantity':
      return anyOf(
        parameter,
        code,
        '',
        either(random, () => amount(random)),
      );
    default:
      return anyOf(
        parameter,
        code,
        '',
        either(random, () => measured(random)),
      );
  }
}

function missing({ values }: Parameter, code: string, random: Random): Criterion {
  const wanted = random() < 0.5;
  const isMissing = (resource: Any) => !(values(resource) as unknown[]).some(isThere);
  return {
    name: `${code}:missing`,
    value: String(wanted),
    filter: `${code} pr ${!wanted}`,
    fits: (resource) => isMissing(resource) === wanted,
  };
}

/** A concept with nothing but a text is there too. */
const isThere = (value: unknown) => value !== undefined;

function either<T>(random: Random, make: () => T): T[] {
  return random() < 0.25 ? [make(), make()] : [make()];
}

function anyOf<T>(
  { values }: { values(resource: Any): T[] },
  code: string,
  modifier: string,
  asked: readonly Asked<T>[],
): Criterion {
  const [only] = asked;
  const said = asked.length === 1 ? only!.filter?.(code) : undefined;
  return {
    name: modifier === '' ? code : `${code}:${modifier}`,
    value: asked.map((one) => one.text).join(','),
    ...(said === undefined ? {} : { filter: said }),
    fits: (resource) => values(resource).some((value) => asked.some((one) => one.fits(value))),
  };
}

const saidAs =
  (value: string, operator = 'eq') =>
  (code: string) =>
    `${code} ${operator} ${JSON.stringify(value)}`;

const escaped = (value: string) => value.replace(/[\\,$|]/g, '\\$&');

type Of<K extends Parameter['kind']> = Extract<Parameter, { kind: K }>;

function askedToken({ samples }: Of<'token'>, random: Random): Asked<Token> {
  if (samples !== 'codes' && samples !== 'identifiers') {
    const code = pick(random, samples);
    return { text: code, filter: saidAs(code), fits: (one) => tokenFits(one, null, code) };
  }
  const isId = samples === 'identifiers';
  const code = pick(random, isId ? ['x1', 'x2', 'y 3', 'z|4'] : CODES);
  const system = pick(
    random,
    isId ? ['http://id/1', 'http://id/2'] : ['http://s/1', 'http://s/2', 'http://t'],
  );
  return pick<Asked<Token>>(random, [
    { text: escaped(code), fits: (one) => tokenFits(one, null, code) },
    {
      text: `${system}|${escaped(code)}`,
      ...(code.includes('|') ? {} : { filter: saidAs(`${system}|${code}`) }),
      fits: (one) => tokenFits(one, system, code),
    },
    { text: `|${escaped(code)}`, fits: (one) => tokenFits(one, '', code) },
    { text: `${system}|`, fits: (one) => tokenFits(one, system, null) },
  ]);
}

/** Of `combo-code` the displays of its two halves are kept apart. */
const WITHOUT_TEXT = ['_tag', 'class', 'combo-code'];

function token(
  world: World,
  type: WorldType,
  parameter: Of<'token'>,
  code: string,
  random: Random,
): Criterion {
  const chance = random();
  if (parameter.samples === 'codes' && chance < 0.15 && !WITHOUT_TEXT.includes(code))
    return tokenText(world, type, parameter, code, random);
  const asked = either(random, () => askedToken(parameter, random));
  const positive = anyOf(parameter, code, '', asked);
  if (chance < 0.7) return positive;
  return { name: `${code}:not`, value: positive.value, fits: (resource) => !positive.fits(resource) };
}

/** A code is found by any display that somebody gave it in this parameter, whether or not the resource repeats it. */
function tokenText(
  world: World,
  type: WorldType,
  parameter: Of<'token'>,
  code: string,
  random: Random,
): Criterion {
  const words = pick(random, ['huyet', 'Đau', 'dau dau', 'Tự', 'chi co', 'Ma a', 'ghi', 'ap b', 'pressure']);
  const begins = (value = '') => ` ${plain(value)}`.includes(` ${plain(words)}`);
  const keyOf = (one: Token) => `${one.system}|${one.code}`;
  const tokens = world.all.filter((one) => one.resourceType === type).flatMap(parameter.values);
  const known = new Set(tokens.filter(({ display }) => begins(display)).map(keyOf));
  const fits = (one: Token) => begins(one.text) || (one.code !== undefined && known.has(keyOf(one)));
  return anyOf(parameter, code, 'text', [{ text: words, fits }]);
}

function text(parameter: Of<'string'>, code: string, random: Random): Criterion {
  const modifier = parameter.isName ? '' : pick(random, ['', '', 'contains', 'exact']);
  const asked = either(random, () => {
    const sample = pick(random, parameter.samples);
    const said =
      modifier === 'exact' || parameter.isName ? undefined : saidAs(sample, modifier === '' ? 'sw' : 'co');
    return {
      text: escaped(sample),
      ...(said ? { filter: said } : {}),
      fits: (value: string) => textFits(parameter, modifier, value, sample),
    };
  });
  return anyOf(parameter, code, modifier, asked);
}

/** People's names match by the beginning of any of their words, in any order. */
function textFits({ isName }: Of<'string'>, modifier: string, value: string, sample: string): boolean {
  if (modifier === 'exact') return value === sample;
  const [folded, wanted] = [plain(value), plain(sample)];
  if (modifier === 'contains') return folded.includes(wanted);
  if (!isName) return folded.startsWith(wanted);
  return wanted.split(' ').every((word) => folded.split(' ').some((own) => own.startsWith(word)));
}

function address(parameter: Of<'uri'>, code: string, random: Random): Criterion {
  const modifier = code === '_source' || code === '_profile' ? '' : pick(random, ['', '', 'below', 'above']);
  const sample = pick(random, parameter.samples);
  const fits = (value: string) =>
    modifier === 'below'
      ? isBelow(value, sample)
      : modifier === 'above'
        ? isBelow(sample, value)
        : value === sample;
  return anyOf(parameter, code, modifier, [{ text: sample, fits }]);
}

const isBelow = (value: string, start: string) => value === start || value.startsWith(`${start}/`);

function reference(parameter: Of<'reference'>, code: string, random: Random): Criterion {
  const target = pick(random, parameter.targets);
  const id = `${target.toLowerCase()}-${Math.floor(random() * 8)}`;
  const full = `${target}/${id}`;
  const form = random();
  const { named } = parameter;
  if (named && form > 0.9) {
    const asked = askedToken({ kind: 'token', values: named, samples: 'identifiers' }, random);
    return anyOf({ values: named }, code, 'identifier', [{ text: asked.text, fits: asked.fits }]);
  }
  if (form < 0.4)
    return anyOf(parameter, code, '', [
      { text: full, filter: saidAs(full), fits: (value) => value === full },
    ]);
  if (form < 0.7) return anyOf(parameter, code, target, [{ text: id, fits: (value) => value === full }]);
  return anyOf(parameter, code, '', [{ text: id, fits: (value) => value.endsWith(`/${id}`) }]);
}

function moment(random: Random): Asked<Span> {
  const [prefix, date] = [pick(random, PREFIXES), randomMoment(random)];
  const said = (code: string) => `${code} ${prefix || 'eq'} ${date}`;
  return { text: prefix + date, filter: said, fits: (span) => spanFits(prefix, span, spanOf(date)) };
}

function numeral(random: Random): Asked<number> {
  const samples = ['0', '1', '1.5', '2.0', '3', '3.9', '2e0', '1.0e0', '30e-1'];
  const [prefix, number] = [pick(random, OF_NUMBERS), pick(random, samples)];
  const said = (code: string) => `${code} ${prefix || 'eq'} ${number}`;
  return { text: prefix + number, filter: said, fits: (value) => numberFits(prefix, value, number) };
}

const GRAMS: Record<string, number> = { kg: 1000, g: 1, mg: 0.001 };

/** Units of one dimension are compared; without a unit the numbers alone are. */
function amount(random: Random): Asked<Any> {
  const prefix = pick(random, OF_NUMBERS);
  const unit = pick(random, UNITS);
  const number = pick(
    random,
    unit === 'kg' ? ['1', '2.5', '3.0', '2e0'] : ['100', '2500', '2500.0', '1200', '1e2', '2.5e3'],
  );
  const form = random();
  if (form < 0.3) return { text: prefix + number, fits: ({ value }) => numberFits(prefix, value, number) };
  const factorTo = (code: string) => GRAMS[unit]! / GRAMS[code]!;
  const fits = ({ value, code }: Any) => numberFits(prefix, value, number, factorTo(code));
  return { text: `${prefix}${number}|${form < 0.7 ? 'http://unitsofmeasure.org' : ''}|${unit}`, fits };
}

function measured(random: Random): Asked<{ code: Token[]; quantity: Any }> {
  const code = pick(random, CODES);
  const system = pick(random, [null, 'http://s/1', 'http://s/2']);
  const size = amount(random);
  return {
    text: `${system === null ? '' : `${system}|`}${code}$${size.text}`,
    fits: (pair) => pair.code.some((one) => tokenFits(one, system, code)) && size.fits(pair.quantity),
  };
}

const referencesOf = (type: WorldType) =>
  Object.entries(PARAMETERS[type]).filter(
    (entry): entry is [string, Of<'reference'>] => entry[1].kind === 'reference',
  );

/** `subject:Patient.name=…`, with the type or without where it is one only. */
function chain(world: World, type: WorldType, random: Random, depth: number): Criterion | null {
  const links = referencesOf(type);
  if (links.length === 0) return null;
  const [code, parameter] = pick(random, links);
  const target = pick(random, parameter.targets);
  const inner = randomCriterion(world, target, random, depth - 1);
  const named = parameter.targets.length > 1 || code === 'subject' || random() < 0.5;
  return {
    name: `${code}${named ? `:${target}` : ''}.${inner.name}`,
    value: inner.value,
    fits: (resource) =>
      parameter.values(resource).some((key) => {
        const one = key.startsWith(`${target}/`) ? world.byKey.get(key) : undefined;
        return one !== undefined && inner.fits(one);
      }),
  };
}

/** `_has:Observation:patient:code=…` */
function reverseChain(world: World, type: WorldType, random: Random, depth: number): Criterion | null {
  const sources = (Object.keys(PARAMETERS) as WorldType[]).flatMap((source) =>
    referencesOf(source)
      .filter(([, { targets }]) => targets.includes(type))
      .map(([code, parameter]) => ({ source, code, parameter })),
  );
  if (sources.length === 0) return null;
  const { source, code, parameter } = pick(random, sources);
  const inner = randomCriterion(world, source, random, depth - 1);
  return {
    name: `_has:${source}:${code}:${inner.name}`,
    value: inner.value,
    fits: ({ resourceType, id }) =>
      world.all.some(
        (one) =>
          one.resourceType === source &&
          parameter.values(one).includes(`${resourceType}/${id}`) &&
          inner.fits(one),
      ),
  };
}

/** `_filter=(a eq x and not (b gt y))`: two or three tests, with parentheses around every pair. */
function filter(world: World, type: WorldType, random: Random): Criterion {
  const one = (): Criterion => {
    for (;;) {
      const criterion = randomCriterion(world, type, random, 0);
      if (criterion.filter !== undefined) return criterion;
    }
  };
  let whole = one();
  for (let more = Math.floor(random() * 3); more > 0; more--) whole = joined(whole, one(), random);
  return { ...whole, name: '_filter', value: whole.filter! };
}

function joined(a: Criterion, b: Criterion, random: Random): Criterion {
  const or = random() < 0.5;
  const not = random() < 0.3;
  const fitsB = (resource: Any) => b.fits(resource) !== not;
  return {
    name: '',
    value: '',
    filter: `(${a.filter} ${or ? 'or' : 'and'} ${not ? `not (${b.filter})` : b.filter})`,
    fits: (resource) => (or ? a.fits(resource) || fitsB(resource) : a.fits(resource) && fitsB(resource)),
  };
}
