/** FHIRPath: text → a function over JSON, bounded in work. */

export { compilePath } from './compile.ts';
export type { Compiled, Constant, Step, Within } from './scope.ts';
export { kindOf, singleOf, Work } from './values.ts';
