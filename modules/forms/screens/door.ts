/**
 * What screens of other modules draw of an open form: its items, with everything under them. They open the form themselves
 * (`engines/forms/browser.ts`) and stand a `Scope` around it.
 */
import './fill/fill.css';

export { FormItem } from './fill/field.tsx';
export { type FormScope, Scope } from './fill/form-scope.ts';
