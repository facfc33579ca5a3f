/**
 * The engine's door for the browser: opening, filling and checking forms. Nothing behind it needs Node or does I/O; screens may
 * import this file and no other of the room.
 */
export { checkForm } from './check/check.ts';
export { openForm } from './form/open.ts';
export type {
  Aside,
  ChoiceColumn,
  EntryMode,
  Fault,
  FieldFace,
  FieldState,
  Form,
  FormStart,
  Media,
  Option,
  Path,
  Repeat,
  Value,
} from './form/types.ts';
