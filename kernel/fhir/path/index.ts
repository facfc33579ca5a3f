/** FHIRPath: text → a function over JSON, bounded in work. */

export { compilePath, compileTree, type Path } from './compile.ts';
export { functionNames } from './functions.ts';
export { Box, singleOf } from './nodes.ts';
export type { Constant, Step, Within } from './scope.ts';
export { compareTemporal } from './temporal.ts';
export { PathSyntaxError } from './tokens.ts';
export { type PathTree, parsePath } from './tree.ts';
export { kindOf } from './types.ts';
export { type Environment, Work } from './work.ts';
