/** Front door of validation. */
export { checkedRules } from './rules.ts';
export { validateResource } from './validate.ts';
