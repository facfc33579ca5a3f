/** Every function that an expression may call. */
import { BOUNDS } from './bounds.ts';
import { COLLECTIONS } from './collections.ts';
import { CONVERSIONS } from './conversions.ts';
import { FHIR } from './fhir.ts';
import { KEYS } from './keys.ts';
import { NUMBERS } from './numbers.ts';
import { type Call, type Compiled, type Functions, refusedPath, type Scope } from './scope.ts';
import { STRINGS } from './strings.ts';
import { TOTALS } from './totals.ts';
import { TYPING } from './typing.ts';
import { UTILITIES } from './utilities.ts';

const FUNCTIONS: Functions = {
  ...COLLECTIONS,
  ...TYPING,
  ...STRINGS,
  ...NUMBERS,
  ...CONVERSIONS,
  ...UTILITIES,
  ...FHIR,
  ...KEYS,
  ...BOUNDS,
  ...TOTALS,
};

/** Names of all functions. */
export const functionNames: readonly string[] = Object.keys(FUNCTIONS);

/** Most arguments that any function takes, but `checkModifiers`. */
const MOST: Record<string, number> = {
  iif: 3,
  substring: 2,
  replace: 2,
  replaceMatches: 2,
  aggregate: 2,
  trace: 2,
};

export function compileCall(call: Call, scope: Scope): Compiled {
  const { name } = call;
  if (!Object.hasOwn(FUNCTIONS, name) || scope.offers?.(name) === false)
    throw refusedPath(
      scope.text,
      `gọi ${name}(): hàm này không có ở đây, hoặc có thể chạy không dừng`,
      `calls ${name}(), which is not offered here or may run without end`,
    );
  const most = MOST[name] ?? 1;
  if (call.args.length > most && name !== 'checkModifiers')
    throw refusedPath(
      scope.text,
      `gọi ${name}() với quá nhiều tham số`,
      `calls ${name}() with more than ${most} arguments`,
    );
  return FUNCTIONS[name]!(call, scope);
}
